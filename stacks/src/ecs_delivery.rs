//! `ecs-delivery`: three services, each deployed in another way.

use std::time::Duration;

use formwork::{
    certificatemanager, cloudwatch,
    cloudwatch::alarm::Dimension,
    ids::{certificatemanager::CertificateArn, cloudwatch::AlarmName},
    prelude::*,
};

/// The port that the containers listen on.
const PORT: u16 = 8080;

/// What all three services stand on.
struct Ground {
    vpc: VpcHandle,
    cluster: ClusterHandle,
    images: RepositoryHandle,
    balancer: ApplicationLoadBalancerHandle,
    certificate: Expr<CertificateArn>,
    errors: Expr<AlarmName>,
}

/// Adds the stack to an app.
pub fn ecs_delivery(app: &mut App) {
    let stack = &mut app.stack("ecs-delivery");
    stack.description("Services that are deployed blue/green, by CodeDeploy, and task by task");

    let vpc = Vpc::new("10.7.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
    let cluster = Cluster::new().build(stack, "Services");
    let images = Repository::new().keep_images(30).scan_on_push().build(stack, "Images");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate = certificatemanager::Certificate::new("shop.example.com")
        .validation_method("DNS")
        .build(stack, "Certificate");
    let errors = cloudwatch::Alarm::new("GreaterThanThreshold")
        .namespace("AWS/ApplicationELB")
        .metric_name("HTTPCode_Target_5XX_Count")
        .dimensions([Dimension::new("LoadBalancer", balancer.load_balancer().load_balancer_full_name())])
        .statistic("Sum")
        .period(60)
        .evaluation_periods(2)
        .threshold(10.0)
        .treat_missing_data("notBreaching")
        .build(stack, "Errors");
    let (certificate, errors) = ((&certificate).into(), (&errors).into());
    let ground = Ground { vpc, cluster, images, balancer, certificate, errors };

    let shop = shop(stack, &ground);
    admin(stack, &ground);
    let prices = prices(stack, &ground);
    prices.security_group().allow(stack, shop.security_group(), Port::tcp(PORT));
    stack.output("Url", ground.balancer.url()).description("Where the shop answers");
}

impl Ground {
    fn task(&self, stack: &mut Stack<'_>, id: &str, name: &str) -> FargateTaskHandle {
        let container = Container::new(name, ContainerImage::in_repository(&self.images, name)).port(PORT);
        FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, container)
            .build(stack, id)
    }
}

/// Deployed by the service itself: a tenth of the requests first, and back when errors come.
fn shop(stack: &mut Stack<'_>, ground: &Ground) -> FargateServiceHandle<Ranged, BlueGreen> {
    let task = ground.task(stack, "Shop", "shop");
    let canary = TrafficShift::canary(10, Duration::from_mins(5));
    let service =
        FargateService::new(&ground.cluster, &task, &ground.vpc.private(), Capacity::between(2, 10))
            .blue_green(BlueGreen::new(canary).bake(Duration::from_mins(15)))
            .deployment_alarm(ground.errors.clone())
            .build(stack, "ShopService");
    service.follow(stack, "Load", Tracking::cpu(60).scale_in_cooldown(Duration::from_mins(10)));
    service.scale_in_steps(stack, "Rush", StepScaling::on_cpu().above(85, 2).above(95, 4));

    ground.balancer.http(stack).redirect_to_https();
    let listener =
        ground.balancer.https(stack, ground.certificate.clone()).respond(404, "there is nothing here");
    let port = service.port(PORT).health_check(HealthCheck::path("/health"));
    let targets = port.behind(stack, "Shop", &listener, 100, Requests::to_path(["/*"]));
    // Who asks for it sees the new tasks before everybody else does.
    targets.test(stack, "Preview", &listener, 10, Requests::with_header("X-Preview", ["yes"]));
    service
}

/// Deployed by CodeDeploy, when a pipeline starts it and somebody approves.
fn admin(stack: &mut Stack<'_>, ground: &Ground) {
    let task = ground.task(stack, "Admin", "admin");
    let service = FargateService::new(&ground.cluster, &task, &ground.vpc.private(), Capacity::fixed(2))
        .code_deploy()
        .build(stack, "AdminService");
    let production = ground.balancer.https_on(stack, 8443, ground.certificate.clone());
    let targets = service.port(PORT).health_check(HealthCheck::path("/health")).behind(production);
    let targets = targets.test(ground.balancer.https_on(stack, 9443, ground.certificate.clone()));
    let linear = TrafficShift::linear(25, Duration::from_mins(3));
    let delivery = CodeDeployment::new(&service, &targets, linear)
        .alarm(ground.errors.clone())
        .approval_within(Duration::from_hours(4))
        .build(stack, "AdminDelivery");
    stack
        .output("AdminAppSpec", delivery.app_spec())
        .description("What a deployment of the newest task is told");
    stack.output("AdminApplication", delivery.application().application_name());
    stack.output("AdminDeploymentGroup", delivery.deployment_group().deployment_group_name());
}

/// Deployed a few tasks at a time, found by its name, and smaller at night.
fn prices(stack: &mut Stack<'_>, ground: &Ground) -> FargateServiceHandle<Ranged> {
    let names = Namespace::private("shop.internal", &ground.vpc).build(stack, "Names");
    let task = ground.task(stack, "Prices", "prices");
    let service =
        FargateService::new(&ground.cluster, &task, &ground.vpc.private(), Capacity::between(4, 12))
            .discover(&names, "prices")
            .healthy_percent(75, 125)
            .build(stack, "PricesService");
    service.track_cpu(stack, 60);
    let zone = "Europe/Vienna";
    service.schedule(stack, "Night", ServiceSchedule::cron("0 22 * * ? *").time_zone(zone).min(1));
    service.schedule(stack, "Morning", ServiceSchedule::cron("0 6 * * ? *").time_zone(zone).min(4));
    service
}
