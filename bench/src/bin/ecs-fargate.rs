//! A service of containers behind a load balancer: the work of `bench/cdk/apps/a3-ecs-fargate.ts`.

use std::time::Duration;

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("EcsFargate");
    stack.environment(Environment::new("111111111111", "us-east-1"));

    let vpc = Vpc::new("10.0.0.0/16", Zones::named(["us-east-1a", "us-east-1b"]), NatPolicy::One)
        .tier(Tier::public("Public").ranges(["10.0.0.0/24", "10.0.1.0/24"]))
        .tier(Tier::private("Private").ranges(["10.0.4.0/22", "10.0.8.0/22"]))
        .build(stack, "Vpc");
    let cluster = Cluster::new().container_insights().build(stack, "Cluster");
    let images = Repository::new().scan_on_push().keep_images(20).build(stack, "Repo");
    let secret = Secret::credentials("app").build(stack, "AppSecret");

    let container = Container::new("app", ContainerImage::in_repository(&images, "v1"))
        .port(8080)
        .environment("STAGE", "prod")
        .secret_key("DB_PASSWORD", &secret, "password");
    let size = FargateSize::of::<512, 1024>();
    let task =
        FargateTask::new(size, Architecture::X86_64, Retention::OneMonth, container).build(stack, "App");
    let service = FargateService::new(&cluster, &task, &vpc.private(), Capacity::between(2, 20))
        .build(stack, "Service");

    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Alb");
    let port = service
        .port(8080)
        .deregistration_delay(Duration::from_secs(20))
        .health_check(HealthCheck::path("/health"));
    balancer.http(stack).forward_to(&port);

    service.track_cpu(stack, 60);
    service.track_memory(stack, 75);
    stack.output("Url", balancer.url());
    app.synth()?;
    Ok(())
}
