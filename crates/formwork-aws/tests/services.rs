//! Services of containers: how they are found, how they scale, how they are deployed, and tasks that
//! start by themselves.
#![cfg(all(
    feature = "code-deploy",
    feature = "container-instances",
    feature = "queue-services",
    feature = "scheduled-tasks",
    feature = "service-discovery"
))]

use std::time::Duration;

use formwork_aws::prelude::*;
use formwork_cfn::{ids, sqs};
use formwork_core::{App, Build, Expr, Stack, id};

fn image() -> ContainerImage {
    ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37")
}

/// The template of one stack.
fn template(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    match app.synthesize() {
        Ok(mut synthesis) => synthesis.stacks.remove(0).template.to_json(),
        Err(error) => error.to_string(),
    }
}

/// Subnets of a network that stands elsewhere.
fn subnets() -> Subnets {
    let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
    let ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"];
    Subnets::of(vpc, ids.map(id::<ids::ec2::SubnetId>))
}

fn task(stack: &mut Stack<'_>, name: &str) -> FargateTaskHandle {
    let container = Container::new("api", image()).port(8080);
    FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, container)
        .build(stack, name)
}

#[test]
fn found_by_name() {
    insta::assert_snapshot!(template(|stack| {
        let vpc = network(stack);
        let cluster = Cluster::new().build(stack, "Services");
        let inside = Namespace::private("shop.internal", &vpc).description("Inside").build(stack, "Inside");
        let outside = Namespace::public("services.example.com").build(stack, "Outside");
        let mesh = Namespace::http("shop").build(stack, "Mesh");
        let orders = task(stack, "Orders");
        FargateService::new(&cluster, &orders, &vpc.private(), Capacity::fixed(2))
            .discover(&inside, "orders")
            .connect(&mesh)
            .build(stack, "OrdersService");
        FargateService::new(&cluster, &orders, &vpc.private(), Capacity::fixed(2))
            .discover(&outside, Discovery::named("orders").port(8080).ttl(Duration::from_secs(10)))
            .build(stack, "PublicService");
    }));
}

#[test]
fn scaling_and_deployment() {
    insta::assert_snapshot!(template(|stack| {
        let cluster = Cluster::new().build(stack, "Services");
        let api = task(stack, "Api");
        let service = FargateService::new(&cluster, &api, &subnets(), Capacity::between(2, 20))
            .healthy_percent(50, 150)
            .without_circuit_breaker()
            .zone_rebalancing(true)
            .redeploy_for("2030-01-31")
            .build(stack, "ApiService");
        let load = Tracking::cpu(60)
            .scale_out_cooldown(Duration::from_mins(1))
            .scale_in_cooldown(Duration::from_mins(10));
        service.follow(stack, "Load", load);
        let sessions = Metric::new("Shop", "SessionsPerTask").dimension("Service", "api");
        service.track(stack, "Sessions", &sessions, 100);
        service.follow(stack, "Memory", Tracking::memory(80).never_scale_in());
        service.scale_in_steps(stack, "Rush", StepScaling::on_cpu().above(85, 2).above(95, 4));
        let rest = ServiceSteps::new(StepScaling::on(service.memory_metric()).below(20, 1).periods(5));
        service.scale_in_steps(stack, "Rest", rest.cooldown(Duration::from_mins(2)));
        let zone = "Europe/Vienna";
        service.schedule(stack, "Night", ServiceSchedule::cron("0 20 * * ? *").time_zone(zone).max(4));
        service.schedule(stack, "Sale", ServiceSchedule::once_at("2030-11-29T00:00:00").min(10).max(40));
    }));
}

fn network(stack: &mut Stack<'_>) -> VpcHandle {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network")
}

#[test]
fn blue_green() {
    insta::assert_snapshot!(template(|stack| {
        let vpc = network(stack);
        let cluster = Cluster::new().build(stack, "Services");
        let api = task(stack, "Api");
        let probe: Expr<ids::lambda::FunctionArn> =
            id("arn:aws:lambda:eu-west-1:111111111111:function:probe");
        let deployment = BlueGreen::new(TrafficShift::canary(10, Duration::from_mins(5)))
            .bake(Duration::from_mins(30))
            .hook(DeploymentHook::function(probe, [DeploymentStage::AfterTestTrafficShift]))
            .hook(DeploymentHook::pause(
                [DeploymentStage::BeforeProductionTrafficShift],
                Duration::from_hours(8),
                HookEnd::RollBack,
            ));
        let service = FargateService::new(&cluster, &api, &vpc.private(), Capacity::between(2, 4))
            .blue_green(deployment)
            .deployment_alarm(id("api-errors"))
            .build(stack, "ApiService");
        service.track_cpu(stack, 60);
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
        let listener = balancer.http(stack).respond(404, "there is nothing here");
        let tests = balancer.http_on(stack, 8081).respond(404, "there is nothing here");
        let port = service.port(8080).health_check(HealthCheck::path("/health"));
        let everything = Requests::to_path(["/*"]);
        let targets = port.behind(stack, "Api", &listener, 10, everything.clone());
        targets.test(stack, "Api", &tests, 10, everything);

        FargateService::new(&cluster, &api, &vpc.private(), Capacity::fixed(1))
            .blue_green(BlueGreen::new(TrafficShift::at_once()))
            .build(stack, "Headless");
    }));
}

#[test]
fn code_deploy() {
    insta::assert_snapshot!(template(|stack| {
        let vpc = network(stack);
        let cluster = Cluster::new().build(stack, "Services");
        let api = task(stack, "Api");
        let service = FargateService::new(&cluster, &api, &vpc.private(), Capacity::fixed(2))
            .deployment_alarm(id("api-errors"))
            .code_deploy()
            .build(stack, "ApiService");
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
        let port = service.port(8080).health_check(HealthCheck::path("/health"));
        let targets = port.behind(balancer.http(stack)).test(balancer.http_on(stack, 8081));
        let shift = TrafficShift::linear(20, Duration::from_mins(3));
        let delivery = CodeDeployment::new(&service, &targets, shift)
            .keep_old_tasks(Duration::from_mins(30))
            .approval_within(Duration::from_hours(2))
            .build(stack, "Delivery");
        stack.output("AppSpec", delivery.app_spec());
        let pipeline = Role::new(Principal::service("codebuild.amazonaws.com")).build(stack, "Pipeline");
        pipeline.grant(stack, delivery.deploy());

        let second = FargateService::new(&cluster, &api, &vpc.private(), Capacity::fixed(1))
            .code_deploy()
            .build(stack, "SecondService");
        let targets = second.port(8080).behind(balancer.http_on(stack, 8082));
        CodeDeployment::new(&second, &targets, TrafficShift::at_once()).build(stack, "SecondDelivery");
    }));
}

#[test]
fn in_one_call() {
    insta::assert_snapshot!(template(|stack| {
        let vpc = network(stack);
        let cluster = Cluster::new().build(stack, "Services");
        let web = || Container::new("web", image()).port(8080);
        let certificate: Expr<ids::certificatemanager::CertificateArn> =
            id("arn:aws:acm:eu-west-1:111111111111:certificate/6f5d3bb4-6c3c-4e0c-9a3e-0a4d8d8a3c11");
        LoadBalancedService::internet_facing(&cluster, &vpc, web(), Capacity::between(2, 10))
            .https(certificate)
            .health_check(HealthCheck::path("/health"))
            .track_requests(1000)
            .build(stack, "Web");
        let office = Peer::ipv4("10.8.0.0/16");
        LoadBalancedService::internal(&cluster, &vpc, web(), Capacity::between(1, 4))
            .balancer(|balancer| balancer.reachable_from([office]))
            .architecture(Architecture::X86_64)
            .size(FargateSize::of::<512, 1024>())
            .keep_logs(Retention::OneWeek)
            .health_check_grace(Duration::from_mins(2))
            .track_cpu(50)
            .build(stack, "Intranet");
    }));
}

#[test]
fn tasks_that_start_by_themselves() {
    insta::assert_snapshot!(template(|stack| {
        let cluster = Cluster::new().build(stack, "Services");
        let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");
        let report = task(stack, "Report");
        let failed = sqs::Queue::new().sqs_managed_sse_enabled(true).build(stack, "Failed");
        ScheduledTask::cron("0 3 ? * MON-FRI *", &cluster, &report, &subnets())
            .time_zone("Europe/Vienna")
            .command(["report", "--since", "yesterday"])
            .environment("FORMAT", "csv")
            .count(2)
            .capacity_shares([capacity.fargate_spot()])
            .retries(3)
            .give_up_after(Duration::from_mins(30))
            .failures_to(&failed)
            .build(stack, "Nightly");
        let clean = Container::new("clean", image());
        let clean = InstanceTask::new(256, 300, Architecture::X86_64, Retention::OneWeek, clean);
        let clean = clean.build(stack, "Clean");
        ScheduledTask::every("15 minutes", &cluster, &clean, &subnets()).build(stack, "Often");
    }));
}

#[test]
fn findings() {
    let mut app = App::new();
    let mut own = app.stack("shop");
    let stack = &mut own;
    let cluster = Cluster::new().build(stack, "Services");
    let api = task(stack, "Api");
    let service = |capacity| FargateService::new(&cluster, &api, &subnets(), capacity);

    service(Capacity::between(1, 4)).healthy_percent(100, 150).build(stack, "Stuck");
    service(Capacity::between(2, 4)).healthy_percent(120, 90).build(stack, "NoShares");
    service(Capacity::between(2, 4)).healthy_percent(50, 100).zone_rebalancing(true).build(stack, "NoRoom");

    let names = Namespace::public("-shop-.example").build(stack, "Names");
    service(Capacity::between(2, 4)).discover(&names, "my orders").build(stack, "NoName");
    service(Capacity::between(2, 4)).discover(&names, Discovery::named("api").port(9)).build(stack, "NoPort");

    let bridged = Container::new("api", image()).port(8080);
    let bridged = HostPortTask::bridge(256, 300, Architecture::Arm64, Retention::OneWeek, bridged);
    let bridged = bridged.build(stack, "Bridged");
    HostPortService::new(&cluster, &bridged, Capacity::fixed(1), [])
        .discover(&names, "api")
        .build(stack, "NoAddress");

    let scaled = service(Capacity::between(2, 4)).build(stack, "Scaled");
    scaled.scale_in_steps(stack, "Rush", StepScaling::on_cpu().above(50, 2).below(60, 1));
    scaled.schedule(stack, "Never", ServiceSchedule::cron("0 20 * * *").min(4).max(2));
    scaled.schedule(stack, "Nothing", ServiceSchedule::once_at("2030-11-29 00:00"));

    ScheduledTask::every("often", &cluster, &api, &subnets())
        .count(0)
        .retries(200)
        .give_up_after(Duration::from_secs(5))
        .capacity_shares([])
        .build(stack, "Job");

    let odd = BlueGreen::new(TrafficShift::linear(2, Duration::from_secs(90)))
        .bake(Duration::from_hours(48))
        .hook(DeploymentHook::pause([], Duration::from_secs(1), HookEnd::GoOn));
    service(Capacity::between(2, 4)).blue_green(odd).build(stack, "Odd");

    let cut_off = service(Capacity::between(2, 4))
        .connect("shop")
        .redeploy_for("2030-01-31")
        .zone_rebalancing(true)
        .code_deploy()
        .build(stack, "CutOff");
    let vpc = network(stack);
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let other = service(Capacity::between(2, 4)).code_deploy().build(stack, "Other");
    let targets = other.port(9).behind(balancer.http(stack));
    CodeDeployment::new(&cut_off, &targets, TrafficShift::canary(100, Duration::from_mins(1)))
        .keep_old_tasks(Duration::from_secs(10))
        .build(stack, "Delivery");

    let isolated = Vpc::new("10.1.0.0/16", Zones::first(1), NatPolicy::None)
        .tier(Tier::isolated("Machines"))
        .build(stack, "Isolated");
    isolated.interface_endpoint(stack, InterfaceEndpoint::new("ecs", &isolated.isolated()));
    let machine = LaunchTemplate::new(Image::ecs_optimized(Architecture::Arm64), "m7g.large");
    let machine = machine.user_data(cluster.joining()).build(stack, "Machine");
    let machines = isolated.isolated();
    let fleet = AutoScalingGroup::new(&machines, &machine, Capacity::between(0, 2), InstanceRefresh::new())
        .build(stack, "Fleet");
    InstanceCapacity::new(&fleet).build(stack, "Machines");

    let silent = Container::new("silent", image());
    LoadBalancedService::internal(&cluster, &vpc, silent, Capacity::between(1, 2)).build(stack, "Silent");

    let error = app.synthesize().unwrap_err();
    let texts: Vec<_> = error.findings().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(texts.join("\n\n"));
}
