//! [`Service`]: tasks that are kept running.

use std::{marker::PhantomData, time::Duration};

#[cfg(feature = "code-deploy")]
use formwork_cfn::ecs::service::DeploymentController;
use formwork_cfn::{ecs, ecs::service::ForceNewDeployment, ids};
use formwork_core::{Build, Expr, Finding, Scope};
#[cfg(feature = "code-deploy")]
use formwork_core::{Resource, ResourceVisit};

use super::{
    blue_green::BlueGreen,
    cluster::ClusterHandle,
    cluster_capacity::{self, CapacityShare},
    connection::Connection,
    deployment::{Deployment, Healthy, Rolling, Strategy},
    network_mode::ServiceNetwork,
    placement::{Placement, PlacementRule},
    platform::{Fargate, HostPorts, Instances, OnInstances, Platform},
    scaling,
    service_handle::ServiceHandle,
    task::TaskHandle,
};
use crate::{
    capacity::{Capacity, Ranged},
    iam::Permission,
    vpc::Subnets,
};

/// What Fargate needs to start a task: its image, the image's layers, and where its logs go.
pub(super) const SERVICES: &[&str] = &["ecr.api", "ecr.dkr", "logs", "s3"];
/// How long a new task is left alone by the health checks of a load balancer.
const GRACE: Duration = Duration::from_mins(1);

/// A [`Service`] on Fargate.
pub type FargateService<K, D = Rolling> = Service<Fargate, K, D>;
/// A [`Service`] on instances.
pub type InstanceService<K, D = Rolling> = Service<Instances, K, D>;
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
pub type HostPortService<K, D = Rolling> = Service<HostPorts, K, D>;

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
pub struct Service<P, K, D = Rolling> {
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
    deployment: Deployment,
    zone_rebalancing: Option<bool>,
    redeployed_for: Option<Expr<String>>,
    connected: Option<Connection>,
    #[cfg(feature = "service-discovery")]
    discovered: Option<(super::Discovery, super::namespace::NamespaceId)>,
    kind: PhantomData<D>,
}

impl<K: 'static> FargateService<K> {
    /// A service of tasks on Fargate, in these subnets.
    pub fn new(
        cluster: &ClusterHandle,
        task: &TaskHandle<Fargate>,
        subnets: &Subnets,
        capacity: Capacity<K>,
    ) -> Self {
        Self::of(cluster, task, ServiceNetwork::Own(subnets.clone()), capacity)
    }
}

#[cfg(feature = "code-deploy")]
impl<K: 'static> FargateService<K> {
    /// Leaves deployments to CodeDeploy: see [`CodeDeployment`](super::CodeDeployment). Fleets of
    /// instances cannot follow such deployments, so only services on Fargate have them.
    pub fn code_deploy(mut self) -> FargateService<K, super::CodeDeploy> {
        self.deployment.strategy = Strategy::CodeDeploy;
        self.deployed()
    }
}

impl<K, D> FargateService<K, D> {
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

impl<K: 'static> InstanceService<K> {
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

impl<K: 'static> HostPortService<K> {
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

impl<P: OnInstances, K, D> Service<P, K, D> {
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
    /// How many tasks run while a deployment does, in percent of the desired count: 100 to 200 unless
    /// set. With less than 100, old tasks go before new ones come: it costs no more tasks, and some of
    /// what the service can do.
    pub const fn healthy_percent(mut self, least: u32, most: u32) -> Self {
        self.deployment.healthy = Healthy { least, most };
        self
    }

    /// Goes on with a deployment whose tasks do not come up, in place of rolling it back: it waits
    /// until CloudFormation gives up, which takes hours.
    pub const fn without_circuit_breaker(mut self) -> Self {
        self.deployment.circuit_breaker = false;
        self
    }

    /// Deploys it [`BlueGreen`]: new tasks stand beside the old ones, and requests move to them.
    pub fn blue_green(mut self, deployment: BlueGreen) -> Service<P, K, BlueGreen> {
        self.deployment.strategy = Strategy::BlueGreen(deployment);
        self.deployed()
    }

    /// The same service, deployed in another way.
    fn deployed<D>(self) -> Service<P, K, D> {
        Service {
            cluster: self.cluster,
            task: self.task,
            network: self.network,
            capacity: self.capacity,
            public_address: self.public_address,
            grace: self.grace,
            scales: self.scales,
            shares: self.shares,
            placements: self.placements,
            rules: self.rules,
            executes: self.executes,
            deployment: self.deployment,
            zone_rebalancing: self.zone_rebalancing,
            redeployed_for: self.redeployed_for,
            connected: self.connected,
            #[cfg(feature = "service-discovery")]
            discovered: self.discovered,
            kind: PhantomData,
        }
    }

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
            deployment: Deployment::new(),
            zone_rebalancing: None,
            redeployed_for: None,
            connected: None,
            #[cfg(feature = "service-discovery")]
            discovered: None,
            kind: PhantomData,
        }
    }
}

impl<P: Platform, K: 'static, D> Service<P, K, D> {
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
        self.deployment.alarms.push(alarm.into());
        self
    }

    /// Whether tasks move when one zone has more of them than another, after a zone was away: services
    /// do where it is possible, unless set.
    pub const fn zone_rebalancing(mut self, moves: bool) -> Self {
        self.zone_rebalancing = Some(moves);
        self
    }

    /// Starts new tasks whenever this text changes (a date, the version of a secret), though the task
    /// stays the same: they read secrets anew, and pull an image whose tag has moved.
    pub fn redeploy_for(mut self, reason: impl Into<Expr<String>>) -> Self {
        self.redeployed_for = Some(reason.into());
        self
    }

    /// Has clients find tasks by a name of DNS: `.discover(&namespace, "orders")`, or a [`Discovery`]
    /// where more is to be said. Security groups have to let clients in.
    ///
    /// [`Discovery`]: super::Discovery
    #[cfg(feature = "service-discovery")]
    pub fn discover(
        mut self,
        namespace: &super::NamespaceHandle<super::DnsNames>,
        discovery: impl Into<super::Discovery>,
    ) -> Self {
        self.discovered = Some((discovery.into(), namespace.namespace_id()));
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
    /// cannot be (`FW0480`), a port to offer that has no name (`FW0484`), a deployment that replaces no
    /// task (`FW0490`), tasks that cannot move between zones (`FW0491`), a name that DNS does not have
    /// (`FW0493`), what CodeDeploy does not do (`FW0496`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ServiceHandle<P, K, D> {
        let mut scope = scope.construct(id);
        self.capacity.check(&mut scope);
        let on_fargate = P::NAME == Fargate::NAME;
        let network = self.network.join::<P>(self.capacity.most, self.public_address, &mut scope);
        self.deployment.check(self.capacity.least, &mut scope);
        self.check_zones(&mut scope);
        #[cfg(feature = "code-deploy")]
        let (by_code_deploy, alarms) = self.check_code_deploy(&mut scope);
        let shifting = self.deployment.role(&mut scope);
        let deployment = self.deployment.into_property(shifting.as_ref(), &mut scope);
        let mut service = ecs::Service::new()
            .cluster(&self.cluster)
            .task_definition(&self.task)
            .propagate_tags("SERVICE")
            .deployment_configuration(deployment);
        service = self.task.add_volumes(service, &mut scope);
        if let Some(configuration) = network.configuration {
            service = service.network_configuration(configuration);
        }
        #[cfg(feature = "code-deploy")]
        if by_code_deploy {
            service = service
                .deployment_controller(DeploymentController::new().type_("CODE_DEPLOY"))
                .task_definition(self.task.newest_revision(&mut scope))
                .depends_on(self.task.task_definition());
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
        #[cfg(feature = "service-discovery")]
        if let Some((discovery, namespace)) = self.discovered {
            let registry = discovery.build(namespace, &self.task.ports, self.task.network, &mut scope);
            service = service.service_registries([registry]);
        }
        if let Some(moves) = self.zone_rebalancing {
            service = service.availability_zone_rebalancing(if moves { "ENABLED" } else { "DISABLED" });
        }
        if let Some(reason) = self.redeployed_for {
            let anew = ForceNewDeployment::new(true).force_new_deployment_nonce(reason);
            service = service.force_new_deployment(anew);
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
            shifting,
            #[cfg(feature = "code-deploy")]
            alarms,
            scope,
            kind: PhantomData,
        }
    }

    /// Whether CodeDeploy deploys the service, and the alarms that it watches; reports (`FW0496`) what
    /// such a service cannot have.
    #[cfg(feature = "code-deploy")]
    fn check_code_deploy(&self, scope: &mut Scope<'_>) -> (bool, Vec<Expr<ids::cloudwatch::AlarmName>>) {
        if !matches!(self.deployment.strategy, Strategy::CodeDeploy) {
            return (false, Vec::new());
        }
        let mistakes = [
            (
                self.connected.is_some(),
                "speaks through Service Connect",
                "take `.discover(...)`, or `.blue_green(...)`",
            ),
            (self.redeployed_for.is_some(), "starts new tasks by itself", "start a deployment of CodeDeploy"),
            (self.zone_rebalancing == Some(true), "moves tasks between zones", "take `.blue_green(...)`"),
        ];
        for (_, what, hint) in mistakes.into_iter().filter(|(there, ..)| *there) {
            let message = format!("a service that CodeDeploy deploys {what}, which it cannot");
            scope.report(Finding::error("FW0496", message).hint(hint));
        }
        let mut told = false;
        scope.aspect(move |resource: &mut ResourceVisit<'_>| {
            let is_service = resource.resource_type() == ecs::Service::TYPE;
            if is_service && !told && resource.property("LoadBalancers").is_none() {
                let message = "a service that CodeDeploy deploys is behind no load balancer";
                let hint = "put it behind one: `service.port(8080).behind(balancer.http(stack))`";
                resource.report(Finding::error("FW0496", message).hint(hint));
                told = true;
            }
        });
        (true, self.deployment.alarms.clone())
    }

    /// Reports (`FW0491`) tasks that shall move between zones, and cannot.
    fn check_zones(&self, scope: &mut Scope<'_>) {
        if self.zone_rebalancing != Some(true) {
            return;
        }
        let (mistake, hint) = if self.deployment.healthy.most <= 100 {
            ("no further task may run meanwhile", "let more run: `.healthy_percent(100, 200)`")
        } else if P::NAME != Fargate::NAME
            && self.placements.first().is_some_and(|first| *first != Placement::SpreadOverZones)
        {
            (
                "they are not spread over zones first",
                "begin with it: `.placement([Placement::SpreadOverZones])`",
            )
        } else {
            return;
        };
        let message = format!("tasks cannot move between zones: {mistake}");
        scope.report(Finding::error("FW0491", message).hint(hint));
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
