//! Machines and fleets: what the reference stacks have no use for.
#![cfg(all(feature = "compute", feature = "load-balancing"))]

use std::time::Duration;

use formwork_aws::prelude::*;
use formwork_core::{App, AutoScalingRollingUpdate, Expr, Stack, id};

fn network(stack: &mut Stack<'_>) -> VpcHandle {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .tier(Tier::isolated("App"))
        .build(stack, "Network")
}

#[test]
fn machines() {
    let mut app = App::new();
    let mut own = app.stack("machines");
    let stack = &mut own;
    let vpc = network(stack);
    let group = SecurityGroup::new(&vpc, "servers", Outbound::Anywhere).build(stack, "Servers");
    let keys = KeyPair::generated("operators").build(stack, "Operators");
    stack.output("Key", keys.private_key_parameter());
    KeyPair::imported("robots", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample").build(stack, "Robots");
    let near = PlacementGroup::cluster().build(stack, "Near");
    PlacementGroup::spread().build(stack, "Apart");
    PlacementGroup::partitions(3).build(stack, "Parts");
    let data = UserData::parts([
        UserDataPart::cloud_config(UserData::cloud_config("packages: [nginx]\n")),
        UserDataPart::script(UserData::shell().line("systemctl enable --now nginx")),
        UserDataPart::boot_hook(UserData::text("#!/bin/sh\nexit 0\n")),
    ]);
    let image = || Image::amazon_linux_2023(Architecture::Arm64);
    let template = LaunchTemplate::new(image(), InstanceType::new(Family::C7gn, Size::Xlarge16))
        .security_group(&group)
        .key_pair(&keys)
        .placement(&near)
        .root_volume(Volume::gp3_with(100, 6000, 500))
        .volume("/dev/sdf", Volume::io2(200, 10_000).snapshot("snap-0a1b2c3d4e5f60718"))
        .volume("/dev/sdg", Volume::st1(500))
        .spot(Spot::new().at_most("1.50"))
        .public_address(true)
        .user_data(data)
        .build(stack, "Solver");
    let solver =
        Instance::new(&template, &vpc.public()).at("10.0.0.10").forwards_packets().build(stack, "One");
    ElasticIp::new().of(&solver).build(stack, "Address");
    let burst = LaunchTemplate::new(image(), InstanceType::new(Family::T4g, Size::Micro))
        .security_group(&group)
        .unlimited_credits(false)
        .dedicated_hardware()
        .build(stack, "Burst");
    let server = Instance::new(&burst, &vpc.isolated()).termination_protection().build(stack, "Two");
    DataVolume::new(Volume::gp3(50), VolumeEnd::Snapshot)
        .attached_to(&server, "/dev/sdf")
        .build(stack, "Data");
    DataVolume::new(Volume::sc1(500), VolumeEnd::Retain).in_zone("eu-west-1a").build(stack, "Archive");
    let balancer = ApplicationLoadBalancer::internal(&vpc.isolated()).build(stack, "Balancer");
    balancer.http(stack).forward_to(&server.port(8080));
    let any =
        InstanceRequirements::new(2, 4, 4, 16, Architecture::Arm64).current_generation().only(["m*", "c*"]);
    LaunchTemplate::by_requirements(image(), any).build(stack, "Any");
    let between = SecurityGroup::new(&vpc, "between solvers", Outbound::Anywhere).build(stack, "Between");
    between.allow_each_other(stack, Port::ALL);
    LaunchTemplate::new(image(), InstanceType::new(Family::C7gn, Size::Xlarge16))
        .security_group(&group)
        .network_interface(NetworkInterface::elastic_fabric().security_group(&between))
        .network_interface(
            NetworkInterface::new().network_card(1).further_addresses(3).description("storage"),
        )
        .hibernation()
        .build(stack, "Joined");
    let two_legs = LaunchTemplate::new(image(), InstanceType::new(Family::C7gn, Size::Large))
        .security_group(&group)
        .network_interface(NetworkInterface::new().security_group(&between).description("inside"))
        .build(stack, "TwoLegs");
    Instance::new(&two_legs, &vpc.isolated()).build(stack, "Gate");
    insta::assert_snapshot!(app.synthesize().unwrap().stacks.remove(0).template.to_json());
}

#[test]
fn fleets() {
    let mut app = App::new();
    let mut own = app.stack("fleets");
    let stack = &mut own;
    let vpc = network(stack);
    let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "m7i.large")
        .build(stack, "Server");
    let topic: Expr<formwork_cfn::ids::sns::TopicArn> = id("arn:aws:sns:eu-west-1:111111111111:fleets");
    let queue: Expr<formwork_cfn::ids::sqs::QueueArn> = id("arn:aws:sqs:eu-west-1:111111111111:hooks");
    let any = InstanceRequirements::new(2, 8, 4, 32, Architecture::X86_64)
        .exclude(["d*"])
        .burstable()
        .local_storage()
        .spot_price_at_most(50);
    let fleet = AutoScalingGroup::new(
        &vpc.isolated(),
        &template,
        Capacity::between(0, 20),
        FleetUpdate::new_fleet(2, Duration::from_mins(15)),
    )
    .mixed(MixedInstances::by_requirements(any).on_demand(0, 0).spot_price_at_most("0.20"))
    .lifecycle_hook(LifecycleHook::after_launch("warm-caches", Duration::from_mins(10)).tell_queue(queue))
    .lifecycle_hook(
        LifecycleHook::before_termination("drain", Duration::from_mins(1)).tell_topic(topic.clone()),
    )
    .notify(topic, FleetEvent::ALL)
    .termination_policies([TerminationPolicy::OldestLaunchTemplate, TerminationPolicy::Default])
    .max_lifetime(Duration::from_hours(24 * 7))
    .protected_from_scale_in()
    .build(stack, "Workers");
    fleet.track_queue(stack, "Backlog", "jobs", 100);
    let latency = Metric::new("Shop", "Latency").dimension("Service", "search").statistic("Maximum");
    fleet.track(stack, "Latency", &latency, 250);
    fleet.scale_once(
        stack,
        "More",
        SimpleScaling::above(latency.clone(), 900, 2).rest(Duration::from_mins(2)),
    );
    fleet.scale_once(stack, "Fewer", SimpleScaling::below(latency, 50, 1));
    fleet.predict(
        stack,
        "Mornings",
        Prediction::of_cpu(60).ahead(Duration::from_mins(10)).beyond_maximum(20),
    );
    fleet.predict(stack, "Traffic", Prediction::of_network_in(1e6).forecast_only());

    let pooled = AutoScalingGroup::new(
        &vpc.isolated(),
        &template,
        Capacity::between(1, 4),
        AutoScalingRollingUpdate::new(),
    )
    .health_checks([FleetHealth::LoadBalancer, FleetHealth::Volumes])
    .build(stack, "Pooled");
    pooled.warm_pool(stack, WarmPool::stopped().least(2).prepared_at_most(6).reuse());
    let weights = [("m7i.large", 1), ("m7i.xlarge", 2)];
    AutoScalingGroup::new(&vpc.isolated(), &template, Capacity::fixed(4), FleetUpdate::leave_running())
        .mixed(
            MixedInstances::weighted(weights).on_demand(2, 0).spot(SpotAllocation::LowestPrice { pools: 2 }),
        )
        .build(stack, "Weighted");
    let alarm: Expr<formwork_cfn::ids::cloudwatch::AlarmName> = id("errors");
    let careful = InstanceRefresh::new()
        .healthy(90, 150)
        .warm_up(Duration::from_mins(3))
        .checkpoint(10, Duration::from_mins(15))
        .checkpoint(50, Duration::from_mins(15))
        .bake(Duration::from_mins(5))
        .alarm(alarm)
        .even_if_protected()
        .even_if_matching();
    let servers = SecurityGroup::new(&vpc, "servers", Outbound::Anywhere).build(stack, "Servers");
    let sleepers = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "m7i.large")
        .security_group(&servers)
        .root_volume(Volume::gp3(30))
        .hibernation()
        .build(stack, "Sleeper");
    let careful = AutoScalingGroup::new(&vpc.isolated(), &sleepers, Capacity::between(2, 4), careful)
        .healthy(100, 110)
        .build(stack, "Careful");
    careful.warm_pool(stack, WarmPool::hibernated());
    let balancer = ApplicationLoadBalancer::internal(&vpc.isolated()).build(stack, "Balancer");
    let listener = balancer.http(stack).forward_to(&careful.port(80));
    careful.predict(stack, "Requests", Prediction::of_requests(listener.targets(), 500));
    AutoScalingGroup::new(
        &vpc.isolated(),
        &template,
        Capacity::fixed(2),
        InstanceRefresh::of_root_volumes().except_protected(),
    )
    .mixed(MixedInstances::of(["m7i.large", "m6i.large"]))
    .build(stack, "Kept");
    insta::assert_snapshot!(app.synthesize().unwrap().stacks.remove(0).template.to_json());
}
