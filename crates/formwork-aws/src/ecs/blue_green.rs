//! [`BlueGreen`]: new tasks beside the old ones, to which requests then move.

use std::time::Duration;

use formwork_cfn::{
    ecs,
    ecs::service::{
        AdvancedConfiguration, CanaryConfiguration, DeploymentConfiguration, LinearConfiguration,
    },
    elasticloadbalancingv2::listener_rule::{Action, ForwardConfig, TargetGroupTuple},
};
use formwork_core::{Expr, Handle, List, Scope, builder::Node};

use super::{
    deployment_hook::DeploymentHook,
    service_handle::ServiceHandle,
    service_port::ServicePort,
    traffic_shift::{Shift, TrafficShift, minutes, whole_minutes},
};
use crate::{
    iam::{Permission, Principal, Role, RoleHandle},
    load_balancer::{
        Application, ApplicationProtocol, AttachedGroup, HealthCheck, ListenerHandle, Requests, Target,
        TargetGroupHandle, TargetSettings, WeightedTargets,
    },
    port::Port,
    security_group::SecurityGroupHandle,
};

/// How long the old tasks are kept where nothing is said.
const BAKE: Duration = Duration::from_mins(10);
/// The smallest part of a linear shift, in percent.
const LEAST_STEP: u8 = 3;

/// A deployment that starts all new tasks beside the old ones (green beside blue), moves requests to
/// them, and keeps the old ones for a while, to which it returns when an alarm goes off or a hook says
/// so. The service does it itself; twice as many tasks run meanwhile.
///
/// Requests come by a rule of a listener, whose weights the service changes. CloudFormation does not
/// look at them until the rule itself changes in the template: then it puts requests back on the first
/// group, which may have no tasks. Change such a rule by making another one, with an id and a priority
/// of its own.
///
/// See [blue/green deployments](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// use formwork_aws::ecs::{BlueGreen, Cluster, Container, ContainerImage, FargateService, FargateSize, FargateTask, TrafficShift};
/// use formwork_aws::load_balancer::{ApplicationLoadBalancer, Requests};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
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
///     .blue_green(BlueGreen::new(TrafficShift::canary(10, Duration::from_mins(5))))
///     .build(&mut stack, "WebService");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let listener = balancer.http(&mut stack).respond(404, "there is nothing here");
/// service.port(80).behind(&mut stack, "Web", &listener, 10, Requests::to_path(["/*"]));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A listener passes nothing on to such a service by itself, since only a rule can be shifted:
///
/// ```compile_fail
/// # use formwork_aws::{capacity::Fixed, ecs::{BlueGreen, FargateServiceHandle}, load_balancer::ApplicationLoadBalancerHandle};
/// # fn listen(balancer: &ApplicationLoadBalancerHandle, service: &FargateServiceHandle<Fixed, BlueGreen>, stack: &mut formwork_core::Scope<'_>) {
/// balancer.http(stack).forward_to(&service.port(80));
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service takes it: `service.blue_green(...)`"]
pub struct BlueGreen {
    shift: TrafficShift,
    bake: Duration,
    hooks: Vec<DeploymentHook>,
}

impl BlueGreen {
    /// Requests move in this way.
    pub const fn new(shift: TrafficShift) -> Self {
        Self { shift, bake: BAKE, hooks: Vec::new() }
    }

    /// How long the old tasks are kept after the last request has moved, in whole minutes to a day: 10
    /// minutes unless set.
    pub const fn bake(mut self, time: Duration) -> Self {
        self.bake = time;
        self
    }

    /// Waits for something on the way.
    pub fn hook(mut self, hook: DeploymentHook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// Adds the role in which the service shifts requests and calls functions.
    pub(super) fn role(&self, scope: &mut Scope<'_>) -> RoleHandle {
        let called: Vec<Expr<String>> =
            self.hooks.iter().filter_map(|hook| Some(hook.called()?.clone().cast())).collect();
        let mut role = Role::new(Principal::service("ecs.amazonaws.com"))
            .aws_managed_policy("AmazonECSInfrastructureRolePolicyForLoadBalancers");
        if !called.is_empty() {
            role = role.permission(Permission::new(["lambda:InvokeFunction"], called));
        }
        role.build(scope, "TrafficShift")
    }

    pub(super) fn apply(
        self,
        role: &RoleHandle,
        mut configuration: DeploymentConfiguration,
        scope: &mut Scope<'_>,
    ) -> DeploymentConfiguration {
        self.shift.check(LEAST_STEP, scope);
        let bake = minutes(self.bake, 0, "the time that old tasks are kept", scope);
        configuration = match self.shift.0 {
            Shift::AtOnce => configuration.strategy("BLUE_GREEN"),
            Shift::Canary { percent, wait } => {
                let canary = CanaryConfiguration::new()
                    .canary_percent(f64::from(percent))
                    .canary_bake_time_in_minutes(whole_minutes(wait));
                configuration.strategy("CANARY").canary_configuration(canary)
            }
            Shift::Linear { percent, wait } => {
                let linear = LinearConfiguration::new()
                    .step_percent(f64::from(percent))
                    .step_bake_time_in_minutes(whole_minutes(wait));
                configuration.strategy("LINEAR").linear_configuration(linear)
            }
        };
        configuration = configuration.bake_time_in_minutes(bake);
        if self.hooks.is_empty() {
            return configuration;
        }
        let hooks: Vec<_> = self.hooks.into_iter().map(|hook| hook.into_property(role, scope)).collect();
        configuration.lifecycle_hooks(Expr::list(hooks))
    }
}

impl<P, K> ServiceHandle<P, K, BlueGreen> {
    /// A port of its tasks, for a rule of a listener.
    pub fn port(&self, port: u16) -> BlueGreenPort {
        BlueGreenPort { port: self.port_of_task(port), role: self.shifting.clone() }
    }
}

/// A port of the tasks of a service that is deployed [`BlueGreen`].
#[derive(Debug, Clone)]
#[must_use = "a rule of a listener leads to it: `service.port(8080).behind(stack, ...)`"]
pub struct BlueGreenPort {
    port: ServicePort,
    role: Option<RoleHandle>,
}

impl BlueGreenPort {
    /// How the balancer knows that a task is well.
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.port = self.port.health_check(check);
        self
    }

    /// How long requests that run may go on when a task is stopped: the service's own 5 minutes
    /// unless set.
    pub fn deregistration_delay(mut self, delay: Duration) -> Self {
        self.port = self.port.deregistration_delay(delay);
        self
    }

    /// Puts the service behind a rule of a listener, which leads to two target groups, one for the old
    /// tasks and one for the new ones. Of several rules about a request the one with the lowest
    /// priority counts.
    ///
    /// Findings: those of [`ListenerHandle::rule`] and of
    /// [`RuleBuilder::forward_weighted`](crate::load_balancer::RuleBuilder::forward_weighted), and a
    /// port that no container listens on (`FW0432`).
    #[track_caller]
    pub fn behind<S: ApplicationProtocol, T>(
        self,
        scope: &mut Scope<'_>,
        id: &str,
        listener: &ListenerHandle<S, T>,
        priority: u16,
        requests: Requests,
    ) -> BlueGreenTargets {
        let service = self.port.service.clone();
        let grace = crate::scaling::seconds(self.port.grace);
        let balancer = self.port.balanced(scope);
        let target = Unattached(self.port);
        let rule = listener.rule(scope, id, priority, requests);
        let mut groups = rule.forward_weighted(pair(&target, &target));
        let (green, blue) = (groups.pop(), groups.pop());
        let rule = blue.as_ref().map(TargetGroupHandle::after);
        if let (Some(balancer), Some(blue), Some(green), Some(rule), Some(role)) =
            (balancer, &blue, &green, rule, &self.role)
        {
            let advanced = AdvancedConfiguration::new(group_arn(green))
                .production_listener_rule(rule.reference::<String>())
                .role_arn(role);
            let entry = balancer.target_group_arn(blue).advanced_configuration(advanced);
            scope.change(&service, |draft| {
                draft.append("LoadBalancers", entry);
                draft.put("HealthCheckGracePeriodSeconds", Expr::<i64>::from(grace));
                draft.depends_on(rule);
            });
        }
        BlueGreenTargets { service, blue, green }
    }
}

/// Two target groups, of which the first one gets all requests.
pub(super) fn pair<B, G>(blue: B, green: G) -> WeightedTargets<Application>
where
    B: Into<crate::load_balancer::Forward<Application>>,
    G: Into<crate::load_balancer::Forward<Application>>,
{
    WeightedTargets::new("Blue", 1, blue).and("Green", 0, green)
}

fn group_arn(group: &TargetGroupHandle<Application>) -> Expr<String> {
    group.target_group().id().reference()
}

/// The two target groups of a service that is deployed [`BlueGreen`].
#[derive(Debug, Clone)]
pub struct BlueGreenTargets {
    service: Handle<ecs::Service>,
    blue: Option<TargetGroupHandle<Application>>,
    green: Option<TargetGroupHandle<Application>>,
}

impl BlueGreenTargets {
    /// The groups; which of them has the tasks that answer changes with every deployment. For alarms.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroupHandle<Application>> {
        self.blue.iter().chain(&self.green)
    }

    /// A second rule, of this listener or another one, that leads to the new tasks before the first
    /// one does: by a port or a header that only tests use.
    ///
    /// Findings: those of [`BlueGreenPort::behind`].
    #[track_caller]
    pub fn test<S: ApplicationProtocol, T>(
        &self,
        scope: &mut Scope<'_>,
        id: &str,
        listener: &ListenerHandle<S, T>,
        priority: u16,
        requests: Requests,
    ) {
        let (Some(blue), Some(green)) = (&self.blue, &self.green) else { return };
        // Groups that have a rule already do not tell of the next one, which has to be known here.
        let rule = listener.rule(scope, id, priority, requests).respond(503, "no tasks yet");
        let tuple = |group, weight| TargetGroupTuple::new().target_group_arn(group).weight(weight);
        let shares = ForwardConfig::new().target_groups([tuple(blue, 1_i64), tuple(green, 0)]);
        let action = Action::new("forward").forward_config(shares);
        scope.change(&rule, |draft| draft.put("Actions", Expr::<List<Action>>::list([action])));
        let (alternate, rule) = (group_arn(green).into_node(), rule.id().reference::<String>().into_node());
        scope.change(&self.service, |draft| {
            let Node::List(balancers) = draft.properties_mut().entry("LoadBalancers") else { return };
            let own = balancers.iter_mut().filter_map(|balancer| match balancer {
                Node::Map(pairs) => pairs
                    .iter_mut()
                    .find_map(|(name, node)| (name == "AdvancedConfiguration").then_some(node)),
                _ => None,
            });
            for advanced in own {
                if advanced.get("AlternateTargetGroupArn") == Some(&alternate)
                    && let Node::Map(pairs) = advanced
                {
                    pairs.push(("TestListenerRule".into(), rule.clone()));
                }
            }
        });
    }
}

/// A target group for tasks that the service itself puts into it.
#[derive(Debug, Clone)]
pub(super) struct Unattached(pub(super) ServicePort);

impl Target for Unattached {
    fn target_type(&self) -> &'static str {
        self.0.target_type()
    }

    fn port(&self) -> u16 {
        Target::port(&self.0)
    }

    fn found_at(&self) -> Option<Port> {
        self.0.found_at()
    }

    fn settings(&self) -> Option<&TargetSettings> {
        self.0.settings()
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        self.0.security_groups()
    }

    fn attach(&self, _: &mut Scope<'_>, _: &AttachedGroup) {}
}
