//! [`Cluster`]: where services run.

use formwork_cfn::{
    ecs,
    ecs::cluster::{
        ClusterConfiguration, ClusterSettings, ManagedStorageConfiguration, ServiceConnectDefaults,
    },
    ids,
};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf, concat, pseudo};

use super::execute_command::ExecuteCommand;
use crate::iam::{Permission, PolicyCondition};

/// The log drivers of Docker. The agent takes tasks by them, and says fewer by itself.
#[cfg(feature = "container-instances")]
const DRIVERS: &str = r#"["awslogs","fluentd","gelf","journald","json-file","none","splunk","syslog"]"#;

/// How much is measured of the tasks and services of a cluster. Every metric costs money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContainerInsights {
    /// Nothing beside the load of a service, which costs nothing.
    #[default]
    Disabled,
    /// Every task and service.
    Enabled,
    /// Every container too, and what changed when it went wrong: the most, at the highest price.
    Enhanced,
}

impl ContainerInsights {
    const fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Enhanced => "enhanced",
        }
    }
}

/// A cluster for services, on Fargate and on instances.
///
/// See [`AWS::ECS::Cluster`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html).
///
/// ```
/// use formwork_aws::ecs::{Cluster, ContainerInsights};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// Cluster::new().insights(ContainerInsights::Enhanced).build(&mut stack, "Services");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a cluster is added to a stack by `build`"]
pub struct Cluster {
    insights: ContainerInsights,
    execute_command: Option<ExecuteCommand>,
    namespace: Option<Expr<String>>,
    storage_key: Option<Expr<ids::kms::KeyArn>>,
}

impl Cluster {
    /// A cluster.
    pub fn new() -> Self {
        Self::default()
    }

    /// Measures every task and service, which costs money for each metric.
    pub const fn container_insights(self) -> Self {
        self.insights(ContainerInsights::Enabled)
    }

    /// How much is measured: nothing that costs money unless set.
    pub const fn insights(mut self, insights: ContainerInsights) -> Self {
        self.insights = insights;
        self
    }

    /// Where shells in containers are recorded.
    pub fn execute_command(mut self, recorded: ExecuteCommand) -> Self {
        self.execute_command = Some(recorded);
        self
    }

    /// Encrypts the disks of tasks on Fargate by a key of one's own. Its policy has to let
    /// `fargate.amazonaws.com` use it, for this account and cluster.
    pub fn fargate_storage_key(mut self, key: impl Into<Expr<ids::kms::KeyArn>>) -> Self {
        self.storage_key = Some(key.into());
        self
    }

    /// The namespace of Cloud Map, by its name or ARN, in which services of the cluster find each
    /// other where they do not say another one. What is no namespace yet becomes one.
    pub fn namespace(mut self, namespace: impl Into<Expr<String>>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Adds the cluster to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ClusterHandle {
        let mut scope = scope.construct(id);
        let insights = ClusterSettings::new().name("containerInsights").value(self.insights.name());
        let mut cluster = ecs::Cluster::new().cluster_settings([insights]);
        let recording = self.execute_command.as_ref().map(ExecuteCommand::permissions);
        if self.execute_command.is_some() || self.storage_key.is_some() {
            let mut configuration = ClusterConfiguration::new();
            if let Some(recorded) = self.execute_command {
                configuration = configuration.execute_command_configuration(recorded.into_property());
            }
            if let Some(key) = self.storage_key {
                let storage = ManagedStorageConfiguration::new().fargate_ephemeral_storage_kms_key_id(key);
                configuration = configuration.managed_storage_configuration(storage);
            }
            cluster = cluster.configuration(configuration);
        }
        if let Some(namespace) = self.namespace {
            let defaults = ServiceConnectDefaults::new().namespace(namespace);
            cluster = cluster.service_connect_defaults(defaults);
        }
        ClusterHandle {
            cluster: cluster.build(&mut scope, "Cluster"),
            recording: recording.unwrap_or_default(),
        }
    }
}

/// A [`Cluster`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ClusterHandle {
    cluster: Handle<ecs::Cluster>,
    /// What the role of a task needs, that shells in it are recorded.
    recording: Vec<Permission>,
}

impl ClusterHandle {
    /// The cluster itself.
    pub const fn cluster(&self) -> &Handle<ecs::Cluster> {
        &self.cluster
    }

    /// Lets instances join the cluster and report on their tasks: for the role of a launch template.
    pub fn join(&self) -> [Permission; 3] {
        let arn: Expr<String> = self.cluster.arn().into();
        let instances = self.arn_of("container-instance");
        let own = [
            "ecs:DeregisterContainerInstance",
            "ecs:RegisterContainerInstance",
            "ecs:SubmitAttachmentStateChanges",
            "ecs:SubmitContainerStateChange",
            "ecs:SubmitTaskStateChange",
        ];
        let reports = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"];
        [
            Permission::new(own, [arn]),
            Permission::new(reports, [instances]),
            Permission::on_everything(
                ["ecs:DiscoverPollEndpoint", "ecr:GetAuthorizationToken"],
                "the agent looks for its endpoint and signs in before it knows a resource",
            ),
        ]
    }

    /// Lets somebody look at the tasks of the cluster.
    pub fn describe_tasks(&self) -> [Permission; 2] {
        [
            Permission::new(["ecs:DescribeTasks"], [self.arn_of("task")]),
            Permission::on_everything(["ecs:ListTasks"], "the action takes no resource but instances")
                .when(self.is_here()),
        ]
    }

    /// Lets somebody stop tasks of the cluster.
    pub fn stop_tasks(&self) -> Permission {
        Permission::new(["ecs:StopTask"], [self.arn_of("task")])
    }

    /// Lets somebody open a shell in containers of the cluster, where their service allows it
    /// ([`Service::execute_command`](super::Service::execute_command)).
    pub fn open_shells(&self) -> Permission {
        let arn: Expr<String> = self.cluster.arn().into();
        Permission::new(["ecs:ExecuteCommand"], [arn, self.arn_of("task")])
    }

    /// What the role of a task needs, that shells in it are recorded.
    pub(super) fn recording(&self) -> Vec<Permission> {
        self.recording.clone()
    }

    /// Something happens in this cluster.
    pub(super) fn is_here(&self) -> PolicyCondition {
        PolicyCondition::arn_like("ecs:cluster", self.cluster.arn()).into()
    }

    /// The ARN of everything of a kind in the cluster.
    fn arn_of(&self, kind: &str) -> Expr<String> {
        concat([
            "arn:".into(),
            pseudo::partition(),
            ":ecs:".into(),
            pseudo::region(),
            ":".into(),
            pseudo::account_id(),
            format!(":{kind}/").into(),
            self.name(),
            "/*".into(),
        ])
    }

    /// What an instance from [`Image::ecs_optimized`](crate::image::Image::ecs_optimized) does to join
    /// the cluster. Tasks on it do not reach the credentials of the instance.
    #[cfg(feature = "container-instances")]
    pub fn joining(&self) -> crate::user_data::UserData {
        crate::user_data::UserData::shell()
            .line(concat(["echo ECS_CLUSTER=".into(), self.name(), " >> /etc/ecs/ecs.config".into()]))
            .line("echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config")
            .line("echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config")
            .line(format!("echo 'ECS_AVAILABLE_LOGGING_DRIVERS={DRIVERS}' >> /etc/ecs/ecs.config"))
    }

    /// The name.
    pub fn name(&self) -> Expr<String> {
        self.cluster.cluster_name().into()
    }
}

impl From<&ClusterHandle> for Expr<AnyOf<ids::any::ClusterArnOrClusterName>> {
    fn from(handle: &ClusterHandle) -> Self {
        Self::from(&handle.cluster)
    }
}
