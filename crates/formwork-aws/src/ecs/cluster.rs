//! [`Cluster`]: where services run.

use formwork_cfn::{ecs, ecs::cluster::ClusterSettings, ids};
use formwork_core::{Build, Expr, Handle, Scope, builder::AnyOf, concat, pseudo};

use crate::iam::Permission;

/// A cluster for services, on Fargate and on instances.
///
/// See [`AWS::ECS::Cluster`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html).
///
/// ```
/// use formwork_aws::ecs::Cluster;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// Cluster::new().container_insights().build(&mut stack, "Services");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a cluster is added to a stack by `build`"]
pub struct Cluster {
    container_insights: bool,
}

impl Cluster {
    /// A cluster.
    pub fn new() -> Self {
        Self::default()
    }

    /// Measures every task and service, which costs money for each metric.
    pub const fn container_insights(mut self) -> Self {
        self.container_insights = true;
        self
    }

    /// Adds the cluster to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ClusterHandle {
        let mut scope = scope.construct(id);
        let insights = if self.container_insights { "enabled" } else { "disabled" };
        let cluster = ecs::Cluster::new()
            .cluster_settings([ClusterSettings::new().name("containerInsights").value(insights)])
            .build(&mut scope, "Cluster");
        ClusterHandle { cluster }
    }
}

/// A [`Cluster`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ClusterHandle {
    cluster: Handle<ecs::Cluster>,
}

impl ClusterHandle {
    /// The cluster itself.
    pub const fn cluster(&self) -> &Handle<ecs::Cluster> {
        &self.cluster
    }

    /// Lets instances join the cluster and report on their tasks: for the role of a launch template.
    pub fn join(&self) -> [Permission; 3] {
        let arn: Expr<String> = self.cluster.arn().into();
        let instances = concat([
            "arn:".into(),
            pseudo::partition(),
            ":ecs:".into(),
            pseudo::region(),
            ":".into(),
            pseudo::account_id(),
            ":container-instance/".into(),
            self.name(),
            "/*".into(),
        ]);
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

    /// What an instance from [`Image::ecs_optimized`](crate::image::Image::ecs_optimized) does to join
    /// the cluster. Tasks on it do not reach the credentials of the instance.
    #[cfg(feature = "container-instances")]
    pub fn joining(&self) -> crate::user_data::UserData {
        crate::user_data::UserData::shell()
            .line(concat(["echo ECS_CLUSTER=".into(), self.name(), " >> /etc/ecs/ecs.config".into()]))
            .line("echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config")
            .line("echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config")
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
