//! [`Service`]: tasks that are kept running.

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::{
    applicationautoscaling::ScalableTarget,
    ecs,
    ecs::service::{DeploymentAlarms, DeploymentCircuitBreaker, DeploymentConfiguration, LoadBalancer},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, ScopeId};

use super::{
    cluster::ClusterHandle,
    cluster_capacity::{self, CapacityShare},
    connection::Connection,
    network_mode::{NetworkMode, ServiceNetwork},
    placement::{Placement, PlacementRule},
    platform::{Fargate, HostPorts, Instances, OnInstances, OwnAddress, Platform},
    scaling,
    task::TaskHandle,
};
use crate::{
    capacity::{Capacity, Ranged},
    iam::{Permission, RoleHandle},
    load_balancer::{Application, AttachedGroup, HealthCheck, Target, TargetGroupHandle},
    port::Port,
    security_group::SecurityGroupHandle,
    vpc::Subnets,
};

/// What Fargate needs to start a task: its image, the image's layers, and where its logs go.
pub(super) const SERVICES: &[&str] = &["ecr.api", "ecr.dkr", "logs", "s3"];
/// How long a new task is left alone by the health checks of a load balancer.
const GRACE: Duration = Duration::from_mins(1);

/// A [`Service`] on Fargate.
pub type FargateService<K> = Service<Fargate, K>;
/// A [`Service`] on Fargate that stands in a stack.
pub type FargateServiceHandle<K> = ServiceHandle<Fargate, K>;
/// A [`Service`] on instances.
pub type InstanceService<K> = Service<Instances, K>;
/// A [`Service`] on instances that stands in a stack.
pub type InstanceServiceHandle<K> = ServiceHandle<Instances, K>;
/// A [`Service`] on instances that is reached by ports of the instances.
///
/// It has no subnets and no security group: its tasks are where the instances are, and what may reach
/// the instances reaches them. A load balancer has the instances as targets, and their security groups
/// let it in: at every port that Docker takes (32768 to 65535), or at the one that is said.
///
/// ```
/// use formwork_aws::ecs::{CapacityShare, ClusterHandle, Container, ContainerImage, HostPortService};
/// use formwork_aws::ecs::{HostPortTask, Instances};
/// use formwork_aws::load_balancer::ApplicationLoadBalancerHandle;
/// # use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// # use formwork_core::Scope;
///
/// # fn serve(cluster: &ClusterHandle, balancer: &ApplicationLoadBalancerHandle, share: CapacityShare<Instances>, stack: &mut Scope<'_>) {
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
/// let task = HostPortTask::bridge(256, 512, Architecture::Arm64, Retention::OneMonth, web)
///     .build(stack, "Web");
/// let service = HostPortService::new(cluster, &task, Capacity::between(2, 8), [share])
///     .build(stack, "WebService");
/// balancer.http(stack).forward_to(&service.port(80));
/// # }
/// ```
///
/// It has no security group of its own:
///
/// ```compile_fail
/// # use formwork_aws::{capacity::Fixed, ecs::HostPortServiceHandle};
/// # fn group(service: &HostPortServiceHandle<Fixed>) {
/// service.security_group();
/// # }
/// ```
pub type HostPortService<K> = Service<HostPorts, K>;
/// A [`Service`] on instances that is reached by ports of the instances, and that stands in a stack.
pub type HostPortServiceHandle<K> = ServiceHandle<HostPorts, K>;

/// Tasks that are kept running, spread over subnets.
///
/// A deployment starts new tasks before it stops old ones; one whose tasks do not become healthy
/// is rolled back. Tasks have no public address unless they are given one.
///
/// See [`AWS::ECS::Service`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, FargateService, FargateSize, FargateTask};
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
/// let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::between(2, 6))
///     .build(&mut stack, "WebService");
/// service.track_cpu(&mut stack, 60);
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// balancer.http(&mut stack).forward_to(&service.port(80));
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A service of fixed capacity does not scale:
///
/// ```compile_fail
/// # use formwork_aws::{capacity::Capacity, ecs::{ClusterHandle, FargateService, FargateTaskHandle}, vpc::Subnets};
/// # fn service(cluster: &ClusterHandle, task: &FargateTaskHandle, subnets: &Subnets, stack: &mut formwork_core::Scope<'_>) {
/// let service = FargateService::new(cluster, task, subnets, Capacity::fixed(2)).build(stack, "Web");
/// service.track_cpu(stack, 60);
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service is added to a stack by `build`"]
pub struct Service<P, K> {
    cluster: ClusterHandle,
    task: TaskHandle<P>,
    network: ServiceNetwork,
    capacity: Capacity<K>,
    public_address: bool,
    grace: Duration,
    scales: bool,
    shares: Option<Vec<CapacityShare<P>>>,
    placements: Vec<Placement>,
    rules: Vec<PlacementRule>,
    executes: bool,
    alarms: Vec<Expr<ids::cloudwatch::AlarmName>>,
    connected: Option<Connection>,
}

impl<K: 'static> Service<Fargate, K> {
    /// A service of tasks on Fargate, in these subnets.
    pub fn new(
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
        capacity: Capacity<K>,
    ) -> Self {
        Self::of(cluster, task, ServiceNetwork::Own(subnets.clone()), capacity)
    }

    /// Gives every task a public address. In public subnets tasks cannot pull images without one.
    pub fn public_address(mut self) -> Self {
        self.public_address = true;
        self
    }

    /// Runs tasks on Fargate and Fargate Spot by shares, in place of Fargate alone.
    pub fn capacity_shares(mut self, shares: impl IntoIterator<Item = CapacityShare<Fargate>>) -> Self {
        self.shares = Some(shares.into_iter().collect());
        self
    }
}

impl<K: 'static> Service<Instances, K> {
    /// A service of tasks on fleets of instances by shares, in these subnets.
    pub fn new(
        cluster: &ClusterHandle,
        task: &TaskHandle<Instances>,
        subnets: &Subnets,
        capacity: Capacity<K>,
        shares: impl IntoIterator<Item = CapacityShare<Instances>>,
    ) -> Self {
        let shares = Some(shares.into_iter().collect());
        Self { shares, ..Self::of(cluster, task, ServiceNetwork::Own(subnets.clone()), capacity) }
    }
}

impl<K: 'static> Service<HostPorts, K> {
    /// A service of tasks on fleets of instances by shares, reached by ports of the instances. Load
    /// balancers reach them through the security groups of the instances.
    pub fn new(
        cluster: &ClusterHandle,
        task: &TaskHandle<HostPorts>,
        capacity: Capacity<K>,
        shares: impl IntoIterator<Item = CapacityShare<Instances>>,
    ) -> Self {
        let shares: Vec<_> = shares.into_iter().collect();
        let network = ServiceNetwork::OfInstances(cluster_capacity::security_groups(&shares));
        let shares = Some(shares.into_iter().map(CapacityShare::of_host_ports).collect());
        Self { shares, ..Self::of(cluster, task, network, capacity) }
    }
}

impl<P: OnInstances, K: 'static> Service<P, K> {
    /// How tasks are put on instances, the first before the next: over zones alike, and then over
    /// instances, unless set.
    pub fn placement(mut self, placements: impl IntoIterator<Item = Placement>) -> Self {
        self.placements = placements.into_iter().collect();
        self
    }

    /// What instances must be like.
    pub fn placement_rule(mut self, rule: PlacementRule) -> Self {
        self.rules.push(rule);
        self
    }
}

impl<P: Platform, K: 'static> Service<P, K> {
    fn of(
        cluster: &ClusterHandle,
        task: &TaskHandle<P>,
        network: ServiceNetwork,
        capacity: Capacity<K>,
    ) -> Self {
        Self {
            cluster: cluster.clone(),
            task: task.clone(),
            network,
            capacity,
            public_address: false,
            grace: GRACE,
            scales: std::any::TypeId::of::<K>() == std::any::TypeId::of::<Ranged>(),
            shares: None,
            placements: vec![Placement::SpreadOverZones, Placement::SpreadOverInstances],
            rules: Vec::new(),
            executes: false,
            alarms: Vec::new(),
            connected: None,
        }
    }

    /// Lets those who may (`ecs:ExecuteCommand`) open a shell in a container that runs. The role of
    /// the task gets what the shell needs.
    pub fn execute_command(mut self) -> Self {
        self.executes = true;
        self
    }

    /// Has tasks reach the services of a namespace of Cloud Map by their names, through a proxy beside
    /// each task (Service Connect). Security groups have to let them:
    /// `other.security_group().allow(stack, service.security_group(), port)`.
    pub fn connect(mut self, namespace: impl Into<Expr<String>>) -> Self {
        self.connected = Some(Connection::to(namespace.into()));
        self
    }

    /// Has tasks reach the services of a namespace, and offers a port of its own
    /// ([`Container::named_port`](super::Container::named_port)) there: as `http://name:port`, by
    /// the name of the port.
    pub fn offer(mut self, namespace: impl Into<Expr<String>>, port_name: impl Into<String>) -> Self {
        self.connected = Some(Connection::offering(namespace.into(), port_name.into()));
        self
    }

    /// Rolls a deployment back when an alarm goes off while it runs.
    pub fn deployment_alarm(mut self, alarm: impl Into<Expr<ids::cloudwatch::AlarmName>>) -> Self {
        self.alarms.push(alarm.into());
        self
    }

    /// How long a new task is left alone by the health checks of a load balancer: a minute unless
    /// set.
    pub fn health_check_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Adds the service to a stack, with a security group of its own.
    ///
    /// Findings: a capacity that is no range (`FW0420`), no subnets (`FW0403`), more tasks than
    /// addresses (`FW0441`), no way to images and logs (`FW0442`, a warning), shares of capacity that
    /// cannot be (`FW0480`), a port to offer that has no name (`FW0484`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ServiceHandle<P, K> {
        let mut scope = scope.construct(id);
        self.capacity.check(&mut scope);
        let on_fargate = P::NAME == Fargate::NAME;
        let network = self.network.join::<P>(self.capacity.most, self.public_address, &mut scope);
        let mut deployment = DeploymentConfiguration::new()
            .minimum_healthy_percent(100)
            .maximum_percent(200)
            .deployment_circuit_breaker(DeploymentCircuitBreaker::new(true, true));
        if !self.alarms.is_empty() {
            deployment = deployment.alarms(DeploymentAlarms::new(Expr::list(self.alarms), true, true));
        }
        let mut service = ecs::Service::new()
            .cluster(&self.cluster)
            .task_definition(&self.task)
            .propagate_tags("SERVICE")
            .deployment_configuration(deployment);
        service = self.task.add_volumes(service, &mut scope);
        if let Some(configuration) = network.configuration {
            service = service.network_configuration(configuration);
        }
        service = match self.shares {
            Some(shares) => {
                cluster_capacity::check(&shares, &mut scope);
                for share in &shares {
                    // Without its capacity, a service can neither start tasks nor stop them.
                    service = service.depends_on(share.after());
                }
                service
                    .capacity_provider_strategy(Expr::list(shares.into_iter().map(CapacityShare::into_item)))
            }
            None => service.launch_type(P::NAME),
        };
        if !on_fargate && !self.placements.is_empty() {
            let placements = self.placements.into_iter().map(Placement::into_property);
            service = service.placement_strategies(Expr::list(placements));
        }
        if !self.rules.is_empty() {
            let rules = self.rules.into_iter().map(PlacementRule::into_property);
            service = service.placement_constraints(Expr::list(rules));
        }
        if let Some(connection) = self.connected {
            self.task.network.check_connection(&mut scope);
            let configuration = connection.into_property(&self.task.port_names, &mut scope);
            service = service.service_connect_configuration(configuration);
        }
        if self.executes {
            service = service.enable_execute_command(true);
            self.task.role().grant(&mut scope, execute_command());
            self.task.role().grant(&mut scope, self.cluster.recording());
        }
        if !self.scales {
            // A count that scaling has found is not put back by a deployment.
            service = service.desired_count(self.capacity.least);
        }
        for route in self.network.subnets().into_iter().flat_map(Subnets::routes) {
            service = service.depends_on(*route);
        }
        for group in &network.groups {
            for after in self.task.let_in(group, &mut scope) {
                service = service.depends_on(after);
            }
        }
        let service = service.build(&mut scope, "Service");
        // The range holds from the first moment, whatever scales within it.
        let target = self.scales.then(|| {
            scaling::target(&self.cluster, &service, self.capacity.least, self.capacity.most, &mut scope)
        });
        let scope = scope.id();
        ServiceHandle {
            cluster_name: self.cluster.name(),
            service,
            task: self.task,
            groups: network.groups,
            grace: self.grace,
            target,
            scope,
            kind: PhantomData,
        }
    }
}

/// What a shell in a container needs.
fn execute_command() -> Permission {
    Permission::on_everything(
        [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        "the actions of Session Manager take no resource",
    )
}

/// A [`Service`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ServiceHandle<P, K> {
    cluster_name: Expr<String>,
    service: Handle<ecs::Service>,
    task: TaskHandle<P>,
    groups: Vec<SecurityGroupHandle>,
    grace: Duration,
    /// The range, where there is one.
    target: Option<Handle<ScalableTarget>>,
    scope: ScopeId,
    kind: PhantomData<K>,
}

impl<P, K> ServiceHandle<P, K> {
    /// The service itself.
    pub const fn service(&self) -> &Handle<ecs::Service> {
        &self.service
    }

    /// The role in which its containers act.
    pub const fn role(&self) -> &RoleHandle {
        self.task.role()
    }

    /// Its own security group.
    pub fn security_group(&self) -> &SecurityGroupHandle
    where
        P: OwnAddress,
    {
        // A service of tasks with addresses of their own has one.
        &self.groups[0]
    }

    /// A port of its tasks, for a load balancer. Where no health check is set, one for HTTP asks for
    /// `/`, others open a connection.
    pub fn port(&self, port: u16) -> ServicePort {
        let known = self.task.ports.iter().find(|(known, _)| known.number == port);
        ServicePort {
            service: self.service.clone(),
            groups: self.groups.clone(),
            grace: self.grace,
            container: known.map(|(_, container)| container.clone()),
            network: self.task.network,
            found_at: self.task.network.found_at(known.and_then(|(port, _)| port.of_instance)),
            port,
            health_check: None,
            deregistration_delay: None,
        }
    }
}

impl<P> ServiceHandle<P, Ranged> {
    /// Keeps the average CPU load near a share, in percent.
    #[track_caller]
    pub fn track_cpu(&self, scope: &mut Scope<'_>, percent: u8) {
        let mut scope = scope.reopen(self.scope);
        scaling::track(
            self.target.as_ref(),
            &mut scope,
            "TrackCpu",
            "ECSServiceAverageCPUUtilization",
            f64::from(percent),
            None,
        );
    }

    /// Keeps the average memory in use near a share, in percent.
    #[track_caller]
    pub fn track_memory(&self, scope: &mut Scope<'_>, percent: u8) {
        let metric = "ECSServiceAverageMemoryUtilization";
        let mut scope = scope.reopen(self.scope);
        scaling::track(self.target.as_ref(), &mut scope, "TrackMemory", metric, f64::from(percent), None);
    }

    /// Keeps the messages that wait in a queue, by its name, near a number for each task.
    ///
    /// Give it a range from 1: a service without tasks measures nothing that could be followed.
    #[track_caller]
    pub fn track_queue(
        &self,
        scope: &mut Scope<'_>,
        queue_name: impl Into<Expr<String>>,
        messages_per_task: u32,
    ) {
        let mut scope = scope.reopen(self.scope);
        let service = (self.cluster_name.clone(), self.service.name());
        scaling::track_queue(self.target.as_ref(), &mut scope, queue_name.into(), service, messages_per_task);
    }

    /// Keeps the requests that a task gets in a minute near a number.
    #[track_caller]
    pub fn track_requests(
        &self,
        scope: &mut Scope<'_>,
        targets: &TargetGroupHandle<Application>,
        a_minute: u32,
    ) {
        let mut scope = scope.reopen(self.scope);
        let label = Some(targets.resource_label());
        scaling::track(
            self.target.as_ref(),
            &mut scope,
            "TrackRequests",
            "ALBRequestCountPerTarget",
            f64::from(a_minute),
            label,
        );
    }
}

/// A port of the tasks of a service.
#[derive(Debug, Clone)]
#[must_use = "a load balancer takes the port: `balancer.http(stack).forward_to(&service.port(8080))`"]
pub struct ServicePort {
    service: Handle<ecs::Service>,
    groups: Vec<SecurityGroupHandle>,
    grace: Duration,
    container: Option<String>,
    network: NetworkMode,
    found_at: Option<Port>,
    port: u16,
    health_check: Option<HealthCheck>,
    deregistration_delay: Option<Duration>,
}

impl ServicePort {
    /// How the balancer knows that a task is well.
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health_check = Some(check);
        self
    }

    /// How long requests that run may go on when a task is stopped: the service's own 5 minutes
    /// unless set.
    pub fn deregistration_delay(mut self, delay: Duration) -> Self {
        self.deregistration_delay = Some(delay);
        self
    }
}

impl Target for ServicePort {
    fn target_type(&self) -> &'static str {
        self.network.target_type()
    }

    fn found_at(&self) -> Option<Port> {
        self.found_at
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn health_check(&self) -> Option<&HealthCheck> {
        self.health_check.as_ref()
    }

    fn deregistration_delay(&self) -> Option<Duration> {
        self.deregistration_delay
    }

    fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.groups
    }

    fn attach(&self, scope: &mut Scope<'_>, group: &AttachedGroup) {
        let Some(container) = &self.container else {
            let message = format!("no container of the task listens on port {}", self.port);
            let hint = format!("say so: `Container::new(...).port({})`", self.port);
            scope.report(Finding::error("FW0432", message).hint(hint));
            return;
        };
        let balancer = LoadBalancer::new()
            .container_name(container.as_str())
            .container_port(self.port)
            .target_group_arn(group.target_group());
        let grace = i64::try_from(self.grace.as_secs()).unwrap_or(i64::MAX);
        scope.change(&self.service, |draft| {
            draft.append("LoadBalancers", balancer);
            draft.put("HealthCheckGracePeriodSeconds", Expr::<i64>::from(grace));
            // The service refuses a target group that no listener has.
            draft.depends_on(group.after());
        });
    }
}
