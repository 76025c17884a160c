//! [`CodeDeployment`]: services that CodeDeploy deploys.

use std::time::Duration;

use formwork_cfn::{
    codedeploy,
    codedeploy::{
        deployment_config::{TimeBasedCanary, TimeBasedLinear, TrafficRoutingConfig},
        deployment_group::{
            Alarm, AlarmConfiguration, AutoRollbackConfiguration, BlueGreenDeploymentConfiguration,
            BlueInstanceTerminationOption, DeploymentReadyOption, DeploymentStyle, EcsService,
            LoadBalancerInfo, TargetGroupInfo, TargetGroupPairInfo, TrafficRoute,
        },
    },
    ecs, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, concat, id, pseudo};

use super::{
    blue_green::{Unattached, pair},
    service_handle::ServiceHandle,
    service_port::ServicePort,
    traffic_shift::{Shift, TrafficShift, minutes, whole_minutes},
};
use crate::{
    iam::{Permission, Principal, Role},
    load_balancer::{
        Application, ApplicationProtocol, HealthCheck, ListenerBuilder, ListenerHandle, TargetGroupHandle,
    },
};

/// How long the old tasks are kept where nothing is said.
const KEPT: Duration = Duration::from_mins(10);
/// The longest time that they are kept, in minutes: two days.
const LONGEST_KEPT: u64 = 2880;

/// A service that CodeDeploy deploys: see [`CodeDeployment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeDeploy {}

/// Blue/green deployments of a service by CodeDeploy: by an application, a deployment group and a role
/// of its own. They start outside of CloudFormation, from a pipeline or by hand.
///
/// A change of the task in the template makes a new revision of its task definition, and does not
/// deploy it: CloudFormation may not replace the tasks of such a service. What deploys the newest
/// revision is a deployment with the text of [`CodeDeploymentHandle::app_spec`]. The network and the
/// load balancer of the service cannot change either. Where CloudFormation shall deploy, take
/// [`BlueGreen`](super::BlueGreen), which AWS recommends over this.
///
/// CodeDeploy changes what the listeners do; CloudFormation looks at it when the listener changes in
/// the template, and puts requests back on the first group then.
///
/// See [`AWS::CodeDeploy::DeploymentGroup`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codedeploy-deploymentgroup.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// use formwork_aws::ecs::{Cluster, CodeDeployment, Container, ContainerImage, FargateService, FargateSize, FargateTask, TrafficShift};
/// use formwork_aws::{load_balancer::ApplicationLoadBalancer, vpc::{NatPolicy, Tier, Vpc, Zones}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
/// let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, web)
///     .build(&mut stack, "Web");
/// let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
///     .code_deploy()
///     .build(&mut stack, "WebService");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let targets = service.port(80).behind(balancer.http(&mut stack));
/// let delivery = CodeDeployment::new(&service, &targets, TrafficShift::canary(10, Duration::from_mins(5)))
///     .build(&mut stack, "Delivery");
/// stack.output("AppSpec", delivery.app_spec());
/// assert!(app.synthesize().is_ok());
/// ```
///
/// Only a service that was made for it is deployed by CodeDeploy:
///
/// ```compile_fail
/// # use formwork_aws::{capacity::Fixed, ecs::{CodeDeployTargets, CodeDeployment, FargateServiceHandle, TrafficShift}};
/// # fn deliver(service: &FargateServiceHandle<Fixed>, targets: &CodeDeployTargets) {
/// let delivery = CodeDeployment::new(service, targets, TrafficShift::at_once());
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a deployment group is added to a stack by `build`"]
pub struct CodeDeployment {
    cluster_name: Expr<String>,
    service: Handle<ecs::Service>,
    family: Expr<String>,
    targets: CodeDeployTargets,
    shift: TrafficShift,
    kept: Duration,
    approval: Option<Duration>,
    alarms: Vec<Expr<ids::cloudwatch::AlarmName>>,
}

impl CodeDeployment {
    /// Deployments of a service behind these target groups, to which requests move in this way.
    pub fn new<P, K>(
        service: &ServiceHandle<P, K, CodeDeploy>,
        targets: &CodeDeployTargets,
        shift: TrafficShift,
    ) -> Self {
        Self {
            cluster_name: service.cluster_name.clone(),
            service: service.service.clone(),
            family: service.task.task_definition().id().reference(),
            targets: targets.clone(),
            shift,
            kept: KEPT,
            approval: None,
            alarms: service.alarms.clone(),
        }
    }

    /// How long the old tasks are kept after the last request has moved, in whole minutes to two
    /// days: 10 minutes unless set.
    pub const fn keep_old_tasks(mut self, time: Duration) -> Self {
        self.kept = time;
        self
    }

    /// Waits before requests move until somebody says that they may, for so long at most, and stops
    /// the deployment then.
    pub const fn approval_within(mut self, time: Duration) -> Self {
        self.approval = Some(time);
        self
    }

    /// Stops a deployment and rolls it back when an alarm goes off while it runs.
    pub fn alarm(mut self, alarm: impl Into<Expr<ids::cloudwatch::AlarmName>>) -> Self {
        self.alarms.push(alarm.into());
        self
    }

    /// Adds the application, the deployment group and its role to a stack.
    ///
    /// Findings: a shift or a time that cannot be (`FW0492`), target groups of another service
    /// (`FW0495`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> CodeDeploymentHandle {
        let mut scope = scope.construct(id);
        self.check(&mut scope);
        let application =
            codedeploy::Application::new().compute_platform("ECS").build(&mut scope, "Application");
        let role = Role::new(Principal::service("codedeploy.amazonaws.com").for_this_account())
            .aws_managed_policy("AWSCodeDeployRoleForECS")
            .build(&mut scope, "Deployer");
        let configuration = configuration(self.shift, &mut scope);
        let ready = match self.approval {
            None => DeploymentReadyOption::new().action_on_timeout("CONTINUE_DEPLOYMENT"),
            Some(time) => DeploymentReadyOption::new()
                .action_on_timeout("STOP_DEPLOYMENT")
                .wait_time_in_minutes(whole_minutes(time)),
        };
        let termination = BlueInstanceTerminationOption::new()
            .action("TERMINATE")
            .termination_wait_time_in_minutes(whole_minutes(self.kept));
        let mut events = vec!["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"];
        if !self.alarms.is_empty() {
            events.push("DEPLOYMENT_STOP_ON_ALARM");
        }
        let names = self
            .targets
            .groups()
            .map(|group| TargetGroupInfo::new().name(group.target_group().target_group_name()));
        let mut routes = TargetGroupPairInfo::new()
            .target_groups(Expr::list(names))
            .prod_traffic_route(TrafficRoute::new().listener_arns([self.targets.production.clone()]));
        if let Some(test) = &self.targets.test {
            routes = routes.test_traffic_route(TrafficRoute::new().listener_arns([test.clone()]));
        }
        let mut group = codedeploy::DeploymentGroup::new(&application, &role)
            .deployment_config_name(configuration)
            .deployment_style(
                DeploymentStyle::new()
                    .deployment_type("BLUE_GREEN")
                    .deployment_option("WITH_TRAFFIC_CONTROL"),
            )
            .ecs_services([EcsService::new(self.cluster_name.clone(), self.service.name())])
            .load_balancer_info(LoadBalancerInfo::new().target_group_pair_info_list([routes]))
            .blue_green_deployment_configuration(
                BlueGreenDeploymentConfiguration::new()
                    .deployment_ready_option(ready)
                    .terminate_blue_instances_on_deployment_success(termination),
            )
            .auto_rollback_configuration(
                AutoRollbackConfiguration::new().enabled(true).events(Expr::list(events)),
            );
        if !self.alarms.is_empty() {
            let alarms = self.alarms.into_iter().map(|alarm| Alarm::new().name(alarm.cast::<String>()));
            group =
                group.alarm_configuration(AlarmConfiguration::new().enabled(true).alarms(Expr::list(alarms)));
        }
        let group = group.build(&mut scope, "DeploymentGroup");
        CodeDeploymentHandle { application, group, definition: self.family, targets: self.targets }
    }

    fn check(&self, scope: &mut Scope<'_>) {
        self.shift.check(1, scope);
        if let Some(time) = self.approval {
            minutes(time, 1, "the time for an approval", scope);
        }
        let seconds = self.kept.as_secs();
        if !seconds.is_multiple_of(60) || seconds / 60 > LONGEST_KEPT {
            let message = format!("old tasks cannot be kept for {seconds} seconds");
            let hint = "in whole minutes, up to two days is possible";
            scope.report(Finding::error("FW0492", message).hint(hint));
        }
        if self.targets.service.id() != self.service.id() {
            let finding = Finding::error("FW0495", "the target groups are those of another service");
            scope.report(finding.hint("take what `service.port(...).behind(...)` gave"));
        }
    }
}

/// How requests move, as CodeDeploy names it: what it has ready, or a configuration of its own.
fn configuration(shift: TrafficShift, scope: &mut Scope<'_>) -> Expr<ids::codedeploy::DeploymentConfigName> {
    let routing = match shift.0 {
        Shift::AtOnce => return id("CodeDeployDefault.ECSAllAtOnce"),
        Shift::Canary { percent, wait } => TrafficRoutingConfig::new("TimeBasedCanary")
            .time_based_canary(TimeBasedCanary::new(i64::from(percent), whole_minutes(wait))),
        Shift::Linear { percent, wait } => TrafficRoutingConfig::new("TimeBasedLinear")
            .time_based_linear(TimeBasedLinear::new(whole_minutes(wait), i64::from(percent))),
    };
    let own = codedeploy::DeploymentConfig::new().compute_platform("ECS").traffic_routing_config(routing);
    (&own.build(scope, "TrafficShift")).into()
}

/// A [`CodeDeployment`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct CodeDeploymentHandle {
    application: Handle<codedeploy::Application>,
    group: Handle<codedeploy::DeploymentGroup>,
    /// The newest revision of the task definition.
    definition: Expr<String>,
    targets: CodeDeployTargets,
}

impl CodeDeploymentHandle {
    /// The application itself.
    pub const fn application(&self) -> &Handle<codedeploy::Application> {
        &self.application
    }

    /// The deployment group itself.
    pub const fn deployment_group(&self) -> &Handle<codedeploy::DeploymentGroup> {
        &self.group
    }

    /// What a deployment of the newest revision of the task is told: an `AppSpec` in JSON.
    ///
    /// ```sh
    /// aws deploy create-deployment --application-name ... --deployment-group-name ... \
    ///   --revision "$(jq -n --arg content "$APP_SPEC" '{revisionType: "AppSpecContent", appSpecContent: {content: $content}}')"
    /// ```
    pub fn app_spec(&self) -> Expr<String> {
        let container = self.targets.container.as_deref().unwrap_or_default();
        concat([
            r#"{"version":0.0,"Resources":[{"TargetService":{"Type":"AWS::ECS::Service","Properties":{"TaskDefinition":""#.into(),
            self.definition.clone(),
            format!(
                r#"","LoadBalancerInfo":{{"ContainerName":"{container}","ContainerPort":{}}}}}}}}}]}}"#,
                self.targets.port
            )
            .into(),
        ])
    }

    /// Lets a pipeline start deployments, and follow them. The role of the pipeline hands over nothing:
    /// CodeDeploy hands the roles of the task over in its own role.
    pub fn deploy(&self) -> [Permission; 3] {
        let resource = |kind: &'static str, name: Vec<Expr<String>>| {
            let mut pieces = vec![
                "arn:".into(),
                pseudo::partition(),
                ":codedeploy:".into(),
                pseudo::region(),
                ":".into(),
                pseudo::account_id(),
                kind.into(),
            ];
            pieces.extend(name);
            concat(pieces)
        };
        let application: Expr<String> = self.application.application_name().cast();
        let group = vec![application.clone(), "/".into(), self.group.deployment_group_name()];
        let read = ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"];
        [
            Permission::new(
                ["codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:StopDeployment"],
                [resource(":deploymentgroup:", group)],
            ),
            Permission::new(read, [resource(":application:", vec![application])]),
            Permission::new(
                ["codedeploy:GetDeploymentConfig"],
                [resource(":deploymentconfig:*", Vec::new())],
            ),
        ]
    }
}

impl<P, K> ServiceHandle<P, K, CodeDeploy> {
    /// A port of its tasks, for a listener of its own.
    pub fn port(&self, port: u16) -> CodeDeployPort {
        CodeDeployPort(self.port_of_task(port))
    }
}

/// A port of the tasks of a service that CodeDeploy deploys.
#[derive(Debug, Clone)]
#[must_use = "a listener leads to it: `service.port(8080).behind(balancer.http(stack))`"]
pub struct CodeDeployPort(ServicePort);

impl CodeDeployPort {
    /// How the balancer knows that a task is well.
    pub fn health_check(self, check: HealthCheck) -> Self {
        Self(self.0.health_check(check))
    }

    /// How long requests that run may go on when a task is stopped: the service's own 5 minutes
    /// unless set.
    pub fn deregistration_delay(self, delay: Duration) -> Self {
        Self(self.0.deregistration_delay(delay))
    }

    /// Puts the service behind a listener, which leads to two target groups, one for the old tasks and
    /// one for the new ones.
    ///
    /// Findings: those of [`ListenerBuilder::forward_weighted`], and a port that no container listens
    /// on (`FW0432`).
    pub fn behind<S: ApplicationProtocol>(self, listener: ListenerBuilder<'_, S>) -> CodeDeployTargets {
        let Self(port) = self;
        let (service, number, container) = (port.service.clone(), port.port, port.container.clone());
        let spare = Unattached(port.clone());
        let listener = listener.forward_weighted(pair(&port, &spare));
        CodeDeployTargets {
            service,
            port: number,
            container,
            production: arn(&listener),
            test: None,
            groups: listener.targets().to_vec(),
        }
    }
}

fn arn<S, T>(listener: &ListenerHandle<S, T>) -> Expr<String> {
    listener.listener().id().reference()
}

/// The two target groups of a service that CodeDeploy deploys.
#[derive(Debug, Clone)]
pub struct CodeDeployTargets {
    service: Handle<ecs::Service>,
    port: u16,
    container: Option<String>,
    production: Expr<String>,
    test: Option<Expr<String>>,
    groups: Vec<TargetGroupHandle<Application>>,
}

impl CodeDeployTargets {
    /// The groups; which of them has the tasks that answer changes with every deployment. For alarms.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroupHandle<Application>> {
        self.groups.iter()
    }

    /// A second listener of the balancer, on another port, that leads to the new tasks before the first
    /// one does.
    ///
    /// Findings: those of [`ListenerBuilder::forward_weighted`].
    pub fn test<S: ApplicationProtocol>(mut self, listener: ListenerBuilder<'_, S>) -> Self {
        if let [blue, green] = self.groups.as_slice() {
            self.test = Some(arn(&listener.forward_weighted(pair(blue, green))));
        }
        self
    }
}
