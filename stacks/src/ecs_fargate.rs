//! `ecs-fargate`: a service in containers, behind a load balancer.

use formwork::prelude::*;

/// The port that the containers listen on.
const PORT: u16 = 8080;

/// Adds the stack to an app.
pub fn ecs_fargate(app: &mut App) {
    let stack = &mut app.stack("ecs-fargate");
    stack.description("A service in containers, behind a load balancer");
    let tag = stack.parameter(
        "ImageTag",
        Parameter::string().description("The tag of the image to run").default("1.0.0").max_length(128),
    );

    let vpc = Vpc::new("10.1.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");

    let images = Repository::new().keep_images(30).scan_on_push().build(stack, "Images");
    let token = Secret::password().description("Signs the sessions of users").build(stack, "SessionKey");
    let api = Container::new("api", ContainerImage::in_repository(&images, tag))
        .port(PORT)
        .environment("LOG_LEVEL", "info")
        .secret("SESSION_KEY", &token)
        .read_only();
    let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, api)
        .build(stack, "Api");

    let cluster = Cluster::new().build(stack, "Services");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::between(2, 10))
        .build(stack, "ApiService");
    service.track_cpu(stack, 60);

    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate = certificatemanager::Certificate::new("api.example.com")
        .validation_method("DNS")
        .build(stack, "Certificate");
    balancer.http(stack).redirect_to_https();
    balancer
        .https(stack, &certificate)
        .forward_to(&service.port(PORT).health_check(HealthCheck::path("/health")));
    stack.output("Url", balancer.dns_name()).description("What the name of the service leads to");
    stack.output("Repository", images.uri()).description("Where images are pushed to");
}
