//! Containers: what the reference stacks have no use for, and what cannot be.
#![cfg(all(feature = "container-instances", feature = "file-systems", feature = "queue-services"))]

use std::time::Duration;

use formwork_aws::prelude::*;
use formwork_cfn::ids;
use formwork_core::{App, Expr, Stack, id};

fn image() -> ContainerImage {
    ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37")
}

fn network(stack: &mut Stack<'_>) -> VpcHandle {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network")
}

fn fleet(
    stack: &mut Stack<'_>,
    vpc: &VpcHandle,
    cluster: &ClusterHandle,
    name: &str,
) -> AutoScalingGroup<Ranged> {
    let group = SecurityGroup::new(vpc, "machines", Outbound::Anywhere).build(stack, &format!("{name}Group"));
    let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::X86_64), "m7i.large")
        .security_group(&group)
        .user_data(cluster.joining())
        .build(stack, &format!("{name}Template"));
    AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 4), InstanceRefresh::new())
}

fn task(stack: &mut Stack<'_>, name: &str, containers: [Container; 2]) -> InstanceTaskHandle {
    let [first, second] = containers;
    InstanceTask::new(256, 300, Architecture::X86_64, Retention::OneWeek, first)
        .container(second)
        .build(stack, name)
}

#[test]
fn services() {
    let mut app = App::new();
    let mut own = app.stack("services");
    let stack = &mut own;
    let vpc = network(stack);
    let cluster = Cluster::new().build(stack, "Services");
    let fleet = fleet(stack, &vpc, &cluster, "Fleet").build(stack, "Fleet");
    let machines = InstanceCapacity::new(&fleet)
        .termination_protection()
        .without_draining()
        .warm_up(Duration::from_mins(3))
        .build(stack, "Machines");
    let capacity = ClusterCapacity::new(&cluster).instances(&machines).build(stack, "Capacity");
    let proxy = Container::new("proxy", image()).health_command("true").user("1000:1000");
    let api = Container::new("api", image())
        .named_port("api", 8080)
        .after("proxy", ContainerState::Healthy)
        .mount_read_only(&TaskVolume::of_instance("certificates", "/etc/pki"), "/etc/pki")
        .stop_timeout(Duration::from_mins(1));
    let task = task(stack, "Api", [proxy, api]);
    let service = InstanceService::new(
        &cluster,
        &task,
        &vpc.private(),
        Capacity::fixed(2),
        [capacity.instances(&machines)],
    )
    .placement([Placement::Random])
    .placement_rule(PlacementRule::DistinctInstances)
    .placement_rule(PlacementRule::Only("attribute:ecs.instance-type =~ m7i.*".to_owned()))
    .deployment_alarm(id("api-errors"))
    .offer("shop", "api")
    .build(stack, "ApiService");
    let balancer = NetworkLoadBalancer::internal(&vpc.private()).build(stack, "Gate");
    balancer.tcp(stack, 80).forward_to(&service.port(8080));

    let worker = FargateTask::new(
        FargateSize::of::<256, 512>(),
        Architecture::X86_64,
        Retention::OneWeek,
        Container::new("worker", image())
            .logs_through_router([("Name", "s3"), ("bucket", "logs-of-workers")]),
    )
    .container(Container::log_router(image()))
    .build(stack, "Worker");
    FargateService::new(&cluster, &worker, &vpc.private(), Capacity::between(1, 20))
        .connect("shop")
        .build(stack, "WorkerService")
        .track_queue(stack, "jobs", 100);
    insta::assert_snapshot!(app.synthesize().unwrap().stacks.remove(0).template.to_json());
}

#[test]
fn queue_service() {
    let mut app = App::new();
    let mut own = app.stack("jobs");
    let stack = &mut own;
    let private: Expr<ids::ec2::SubnetId> = id("subnet-0a1b2c3d4e5f60718");
    let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
    let subnets = Subnets::of(vpc, [private]);
    let cluster = Cluster::new().build(stack, "Services");
    QueueService::new(&cluster, &subnets, Container::new("worker", image()), Capacity::between(1, 20), 50)
        .architecture(Architecture::X86_64)
        .keep_logs(Retention::OneWeek)
        .longest_work(Duration::from_mins(2))
        .build(stack, "Jobs");
    insta::assert_snapshot!(app.synthesize().unwrap().stacks.remove(0).template.to_json());
}

#[test]
fn findings() {
    let mut app = App::new();
    let mut own = app.stack("services");
    let stack = &mut own;
    let vpc = network(stack);
    let cluster = Cluster::new().build(stack, "Services");
    let guarded = fleet(stack, &vpc, &cluster, "Guarded").protected_from_scale_in().build(stack, "Guarded");
    let stranger =
        InstanceCapacity::new(&guarded).full(0).warm_up(Duration::from_hours(3)).build(stack, "Stranger");
    let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");

    let circle = [
        Container::new("one", image()).after("two", ContainerState::Started),
        Container::new("two", image()).after("one", ContainerState::Healthy),
    ];
    task(stack, "Circle", circle);
    let never = [
        Container::new("one", image()).after("three", ContainerState::Started),
        Container::new("two", image()).after("one", ContainerState::Succeeded),
    ];
    let never = task(stack, "Never", never);
    let volumes = Container::new("one", image())
        .logs_through_router([("Name", "null")])
        .mount(&TaskVolume::scratch("data"), "/a")
        .mount(&TaskVolume::of_instance("data", "/data"), "/b")
        .mount(&TaskVolume::of_instance("host", "/host"), "/c");
    let size = FargateSize::of::<256, 512>();
    let volumes =
        FargateTask::new(size, Architecture::X86_64, Retention::OneWeek, volumes).build(stack, "Volumes");

    let fixed = || Capacity::fixed(1);
    let subnets = vpc.private();
    let share = capacity.instances(&stranger);
    InstanceService::new(&cluster, &never, &subnets, fixed(), [share])
        .offer("shop", "api")
        .build(stack, "Foreign");
    InstanceService::new(&cluster, &never, &subnets, fixed(), []).build(stack, "Nowhere");
    let mistakes = [
        ("Bases", [capacity.fargate().base(1), capacity.fargate_spot().base(1)]),
        ("Weights", [capacity.fargate().weight(0), capacity.fargate_spot().weight(0)]),
        ("Large", [capacity.fargate().weight(1), capacity.fargate_spot().weight(1001)]),
    ];
    for (name, shares) in mistakes {
        FargateService::new(&cluster, &volumes, &subnets, fixed()).capacity_shares(shares).build(stack, name);
    }
    let findings = match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    };
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(findings.join("\n\n"));
}
