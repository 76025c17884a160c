//! [`LoadBalancedService`]: a service behind a load balancer, in one call.

use std::time::Duration;

use formwork_cfn::ids;
use formwork_core::{Expr, Scope};

use super::{
    cluster::ClusterHandle,
    container::Container,
    service::FargateService,
    service_handle::FargateServiceHandle,
    task::FargateTaskHandle,
    task_settings::{TaskSettings, task_settings_setters},
};
use crate::{
    capacity::{Capacity, Ranged},
    load_balancer::{
        Application, ApplicationLoadBalancer, ApplicationLoadBalancerHandle, HealthCheck, TargetGroupHandle,
    },
    vpc::{Subnets, VpcHandle},
};

/// The load that scaling keeps where nothing is said, in percent.
const CPU: u8 = 60;
/// The port that a container is asked to listen on where it says none.
const PORT: u16 = 80;

/// A container on Fargate behind an application load balancer: its task, its service in the private
/// subnets, the balancer and its listener, and scaling by the processor.
///
/// The balancer speaks HTTP unless it has a certificate; then it speaks HTTPS, and sends those who come
/// by HTTP there. It passes requests on to the first port of the container.
///
/// ```
/// use formwork_aws::{capacity::Capacity, load_balancer::HealthCheck};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, LoadBalancedService};
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
/// let web = LoadBalancedService::internet_facing(&cluster, &vpc, web, Capacity::between(2, 6))
///     .build(&mut stack, "Web");
/// stack.output("Url", web.balancer().url());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service is added to a stack by `build`"]
pub struct LoadBalancedService {
    cluster: ClusterHandle,
    balancer: ApplicationLoadBalancer,
    subnets: Subnets,
    container: Container,
    capacity: Capacity<Ranged>,
    settings: TaskSettings,
    certificate: Option<Expr<ids::certificatemanager::CertificateArn>>,
    health_check: HealthCheck,
    grace: Option<Duration>,
    cpu: u8,
    requests: Option<u32>,
}

task_settings_setters!(LoadBalancedService);

impl LoadBalancedService {
    /// A service that everybody on the internet reaches.
    pub fn internet_facing(
        cluster: &ClusterHandle,
        vpc: &VpcHandle,
        container: Container,
        capacity: Capacity<Ranged>,
    ) -> Self {
        Self::of(cluster, ApplicationLoadBalancer::internet_facing(vpc), vpc, container, capacity)
    }

    /// A service that nobody reaches until a peer is let in
    /// ([`LoadBalancedService::balancer`], [`ApplicationLoadBalancer::reachable_from`]).
    pub fn internal(
        cluster: &ClusterHandle,
        vpc: &VpcHandle,
        container: Container,
        capacity: Capacity<Ranged>,
    ) -> Self {
        Self::of(cluster, ApplicationLoadBalancer::internal(&vpc.private()), vpc, container, capacity)
    }

    fn of(
        cluster: &ClusterHandle,
        balancer: ApplicationLoadBalancer,
        vpc: &VpcHandle,
        container: Container,
        capacity: Capacity<Ranged>,
    ) -> Self {
        Self {
            cluster: cluster.clone(),
            balancer,
            subnets: vpc.private(),
            container,
            capacity,
            settings: TaskSettings::new(),
            certificate: None,
            health_check: HealthCheck::path("/"),
            grace: None,
            cpu: CPU,
            requests: None,
        }
    }

    /// Changes the balancer before it is built: `.balancer(|balancer| balancer.reachable_from([office]))`.
    pub fn balancer(
        mut self,
        change: impl FnOnce(ApplicationLoadBalancer) -> ApplicationLoadBalancer,
    ) -> Self {
        self.balancer = change(self.balancer);
        self
    }

    /// Speaks HTTPS with this certificate of ACM, and redirects HTTP to it.
    pub fn https(mut self, certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>) -> Self {
        self.certificate = Some(certificate.into());
        self
    }

    /// How the balancer knows that a task is well: it asks for `/` unless set.
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health_check = check;
        self
    }

    /// How long a new task is left alone by the health check: a minute unless set.
    pub const fn health_check_grace(mut self, grace: Duration) -> Self {
        self.grace = Some(grace);
        self
    }

    /// The subnets of the tasks: the private ones of the network unless set.
    pub fn subnets(mut self, subnets: &Subnets) -> Self {
        self.subnets = subnets.clone();
        self
    }

    /// The load of the processor that scaling keeps, in percent: 60 unless set.
    pub const fn track_cpu(mut self, percent: u8) -> Self {
        self.cpu = percent;
        self
    }

    /// The requests that a task gets in a minute, which scaling keeps too.
    pub const fn track_requests(mut self, a_minute: u32) -> Self {
        self.requests = Some(a_minute);
        self
    }

    /// Adds the task, the service, the balancer and its listeners to a stack.
    ///
    /// Findings: those of [`FargateTask`](super::FargateTask), [`FargateService`] and [`ApplicationLoadBalancer`], and a
    /// container without a port (`FW0432`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LoadBalancedServiceHandle {
        let mut scope = scope.construct(id);
        let task = self.settings.build(self.container, &mut scope, "Task");
        let port = task.ports.first().map_or(PORT, |(port, _)| port.number);
        let mut service = FargateService::new(&self.cluster, &task, &self.subnets, self.capacity);
        if let Some(grace) = self.grace {
            service = service.health_check_grace(grace);
        }
        let service = service.build(&mut scope, "Tasks");
        let balancer = self.balancer.build(&mut scope, "Balancer");
        let target = service.port(port).health_check(self.health_check);
        let targets = match self.certificate {
            Some(certificate) => {
                balancer.http(&mut scope).redirect_to_https();
                balancer.https(&mut scope, certificate).forward_to(&target).targets().clone()
            }
            None => balancer.http(&mut scope).forward_to(&target).targets().clone(),
        };
        service.track_cpu(&mut scope, self.cpu);
        if let Some(requests) = self.requests {
            service.track_requests(&mut scope, &targets, requests);
        }
        LoadBalancedServiceHandle { task, service, balancer, targets }
    }
}

/// A [`LoadBalancedService`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LoadBalancedServiceHandle {
    task: FargateTaskHandle,
    service: FargateServiceHandle<Ranged>,
    balancer: ApplicationLoadBalancerHandle,
    targets: TargetGroupHandle<Application>,
}

impl LoadBalancedServiceHandle {
    /// The task, whose role is granted what the container may do.
    pub const fn task(&self) -> &FargateTaskHandle {
        &self.task
    }

    /// The service.
    pub const fn service(&self) -> &FargateServiceHandle<Ranged> {
        &self.service
    }

    /// The balancer.
    pub const fn balancer(&self) -> &ApplicationLoadBalancerHandle {
        &self.balancer
    }

    /// What the listener passes requests on to.
    pub const fn targets(&self) -> &TargetGroupHandle<Application> {
        &self.targets
    }
}
