//! What constructs say about what cannot be, each at the line that asked for it.
#![cfg(all(feature = "compute", feature = "containers", feature = "user-data"))]

use std::time::Duration;

use formwork_aws::prelude::*;
use formwork_core::{App, Build, RawResource, Stack};

/// Everything that synthesis finds.
fn findings(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    let findings = match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    };
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    findings.join("\n\n")
}

#[test]
fn networks() {
    let text = findings(|stack| {
        Vpc::new("10.0.0.0/33", Zones::first(2), NatPolicy::None).build(stack, "NoRange");
        Vpc::new("10.0.1.0/16", Zones::first(2), NatPolicy::None).build(stack, "NoNetwork");
        Vpc::new("10.0.0.0/16", Zones::first(9), NatPolicy::None).build(stack, "Zones");
        Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
            .tier(Tier::isolated("One").slot(3))
            .tier(Tier::isolated("Two").slot(3))
            .tier(Tier::isolated("Three").slot(8))
            .build(stack, "Slots");
        Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
            .tier(Tier::private("App"))
            .build(stack, "NoWay");
        Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::One)
            .tier(Tier::private("App"))
            .build(stack, "NoPlace");
    });
    insta::assert_snapshot!(text);
}

fn network(stack: &mut Stack<'_>) -> VpcHandle {
    Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network")
}

#[test]
fn security_groups() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let group = SecurityGroup::new(&vpc, "caf\u{e9} <web>", Outbound::Anywhere)
            .allow(Peer::ipv4("10.0.0.0/40"), Port::HTTP, "nowhere")
            .build(stack, "Web");
        group.allow(stack, Peer::ipv4("10.0.0.1/8"), Port::HTTP);
        group.allow(stack, Peer::ipv6("10.0.0.0/8"), Port::HTTP);
        group.allow(stack, Peer::any_ipv4(), Port::tcp_range(90, 80));
        SecurityGroup::new(&vpc, "", Outbound::Nowhere).build(stack, "Silent");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn grants() {
    let text = findings(|stack| {
        let role = Role::new(Principal::service("lambda.amazonaws.com")).build(stack, "Worker");
        role.grant(stack, Permission::new(["sqs:*"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]));
        role.grant(stack, Permission::new(["sqs:SendMessage"], ["*"]));
        role.grant(stack, Permission::new(["SendMessage"], ["arn:aws:sqs:eu-west-1:111111111111:jobs"]));
        role.grant_apart(stack, Permission::new(Vec::<String>::new(), Vec::<String>::new()));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn fleets() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let script =
            UserData::template("echo {{name}} {{missing}}", &std::collections::BTreeMap::from([("name", 1)]));
        let template = LaunchTemplate::new(Image::id("ami-11111111"), "t4g.small")
            .root_volume(Volume::gp3(0))
            .user_data(script)
            .build(stack, "Template");
        AutoScalingGroup::new(&vpc.isolated(), &template, Capacity::fixed(1), FleetUpdate::leave_running())
            .build(stack, "Nowhere");
        let fleet = AutoScalingGroup::new(
            &vpc.private(),
            &template,
            Capacity::between(5, 2),
            FleetUpdate::leave_running(),
        )
        .build(stack, "Fleet");
        fleet.scale_in_steps(stack, "None", StepScaling::on_cpu());
        fleet.scale_in_steps(stack, "Swing", StepScaling::on_cpu().above(50, 1).below(60, 1));
        fleet.scale_in_steps(stack, "Idle", StepScaling::on_cpu().above(50, 0));
        fleet.scale_in_steps(stack, "Twice", StepScaling::on_cpu().above(50, 1).above(50, 2));
        fleet.schedule(stack, "When", Schedule::cron("at noon").max(1));
        fleet.schedule(stack, "What", Schedule::cron("0 12 * * *"));
        fleet.schedule(stack, "Backwards", Schedule::cron("0 12 * * *").min(2).max(1));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn load_balancers() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
        let template = LaunchTemplate::new(Image::id("ami-11111111"), "t4g.small").build(stack, "Template");
        let fleet = AutoScalingGroup::new(
            &vpc.private(),
            &template,
            Capacity::fixed(1),
            FleetUpdate::leave_running(),
        )
        .build(stack, "Fleet");
        let check = HealthCheck::path("health").interval(Duration::from_secs(10));
        balancer.http(stack).forward_to(&fleet.port(80).health_check(check));
        let check = HealthCheck::path("/").timeout(Duration::from_secs(20));
        balancer.http_on(stack, 81).forward_to(&fleet.port(80).health_check(check));
        balancer.http_on(stack, 82).respond(302, "elsewhere");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn containers() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let image = || ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
        let task = FargateTask::new(
            FargateSize::new(256, 4096),
            Architecture::Arm64,
            Retention::OneWeek,
            Container::new("web", image()).port(80),
        )
        .container(Container::new("web", image()).port(80))
        .build(stack, "Task");
        FargateTask::new(
            FargateSize::new(300, 512),
            Architecture::Arm64,
            Retention::OneWeek,
            Container::new("web", image()),
        )
        .build(stack, "Odd");
        let cluster = Cluster::new().build(stack, "Cluster");
        let service = FargateService::new(&cluster, &task, &vpc.isolated(), Capacity::between(3, 1))
            .build(stack, "Service");
        let balancer = ApplicationLoadBalancer::internal(&vpc.tier("Internal")).build(stack, "Balancer");
        balancer.http(stack).forward_to(&service.port(8080));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn open_ports() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let open = SecurityGroup::new(&vpc, "open to everyone", Outbound::Nowhere)
            .allow(Peer::any_ipv4(), Port::SSH, "operators")
            .build(stack, "Open");
        open.allow(stack, Peer::any_ipv6(), Port::tcp_range(3000, 4000));
        open.allow(stack, Peer::any_ipv4(), Port::ALL);
        // These are not among what is found.
        open.allow(stack, Peer::any_ipv4(), Port::HTTPS);
        open.allow(stack, Peer::ipv4("203.0.113.0/24"), Port::POSTGRESQL);
        SecurityGroup::new(&vpc, "a database of the public", Outbound::Nowhere)
            .allow(Peer::any_ipv4(), Port::POSTGRESQL, "everyone")
            .accept("FW3001", "the data is public, and the server read-only")
            .build(stack, "Accepted")
            .allow(stack, Peer::any_ipv6(), Port::POSTGRESQL);
    });
    insta::assert_snapshot!(text);
}

/// A network without tiers of the public.
fn closed(range: &str) -> Vpc {
    Vpc::new(range, Zones::first(2), NatPolicy::None).tier(Tier::isolated("App"))
}

#[test]
fn ranges_that_overlap() {
    let text = findings(|stack| {
        let shop = closed("10.0.0.0/16").further_range("10.0.128.0/17").build(stack, "Shop");
        let tools = closed("10.0.0.0/20").build(stack, "Tools");
        let apart = closed("10.1.0.0/16").build(stack, "Apart");
        Peering::new(&shop, &tools).build(stack, "Overlapping");
        Peering::new(&shop, &apart).build(stack, "Peering");
        closed("10.2.0.0/16")
            .tier(Tier::isolated("Named").ranges(["10.2.0.0/24", "10.9.0.0/24"]))
            .tier(Tier::isolated("Short").ranges(["10.2.255.0/24"]))
            .build(stack, "Tiers");
        closed("10.3.0.0/16")
            .tier(Tier::isolated("Named").ranges(["10.3.254.0/24", "10.3.255.0/24"]))
            .build(stack, "Good");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn subnets_too_small() {
    let text = findings(|stack| {
        // Eleven addresses in each subnet.
        let small = Vpc::new("10.0.0.0/22", Zones::first(2), NatPolicy::One)
            .tier(Tier::public("Public"))
            .tier(Tier::private("App"))
            .tier(Tier::public("Edge").ranges(["10.0.3.0/28", "10.0.3.16/28"]))
            .build(stack, "Small");
        let template = LaunchTemplate::new(Image::id("ami-11111111"), "t4g.small").build(stack, "Template");
        let fleet = |most| {
            AutoScalingGroup::new(
                &small.private(),
                &template,
                Capacity::between(1, most),
                FleetUpdate::leave_running(),
            )
        };
        fleet(15).build(stack, "Fits");
        fleet(8).build(stack, "FitsNoMore");
        ApplicationLoadBalancer::internal(&small.private()).build(stack, "Balancer");
        small.interface_endpoint(stack, InterfaceEndpoint::new("sqs", &small.private()));
        small.interface_endpoint(stack, InterfaceEndpoint::new("sns", &small.isolated()));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn subnets_without_a_way_out() {
    let text = findings(|stack| {
        let cluster = Cluster::new().build(stack, "Cluster");
        let task = FargateTask::new(
            FargateSize::new(256, 512),
            Architecture::Arm64,
            Retention::OneWeek,
            Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80),
        )
        .build(stack, "Task");
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
            .tier(Tier::public("Public"))
            .tier(Tier::isolated("App"))
            .build(stack, "Cut");
        let service = |subnets: &Subnets| FargateService::new(&cluster, &task, subnets, Capacity::fixed(1));
        service(&vpc.isolated()).build(stack, "Isolated");
        service(&vpc.public()).build(stack, "NoAddress");
        service(&vpc.public()).public_address().build(stack, "Address");
        // Endpoints that come after the service, and a way by a transit gateway, are good as well.
        let endpoints = closed("10.1.0.0/16").build(stack, "Endpoints");
        service(&endpoints.isolated()).build(stack, "ByEndpoints");
        endpoints.gateway_endpoint(stack, GatewayEndpoint::s3());
        for name in ["ecr.api", "ecr.dkr", "logs"] {
            endpoints.interface_endpoint(stack, InterfaceEndpoint::new(name, &endpoints.isolated()));
        }
        let hub = closed("10.2.0.0/16").build(stack, "Hub");
        service(&hub.isolated()).build(stack, "ByHub");
        let gateway = formwork_core::id("tgw-0a1b2c3d4e5f60718");
        let attachment = TransitGatewayAttachment::new(&hub, gateway, &hub.isolated()).build(stack, "Way");
        hub.isolated().route(stack, Destination::anywhere(), &attachment);
    });
    insta::assert_snapshot!(text);
}

#[test]
fn databases_of_the_public() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let group = |subnets: &Subnets| {
            RawResource::new("AWS::RDS::DBSubnetGroup")
                .set_property("DBSubnetGroupDescription", "databases")
                .set_property("SubnetIds", subnets.ids())
        };
        group(&vpc.public()).build(stack, "Public");
        group(&vpc.all()).accept("FW0443", "a copy without secrets").build(stack, "Copy");
        group(&vpc.private()).build(stack, "Private");
        vpc.public().require_distance("the database", stack);
        vpc.private().require_distance("the database", stack);
    });
    insta::assert_snapshot!(text);
}

#[test]
fn routes_and_access_lists() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let interface = || RouteTarget::network_interface(formwork_core::id("eni-0a1b2c3d4e5f60718"));
        vpc.private().route(stack, "10.9.0.0/16", interface());
        vpc.private().route(stack, "10.9.0.0/16", interface());
        vpc.private().route(stack, Destination::anywhere(), interface());
        vpc.public().route(stack, Destination::anywhere(), interface());
        vpc.private().route(stack, "10.9.0.1/16", interface());
        vpc.private().route(stack, "2001:db8::1/32", interface());
        vpc.isolated().route(stack, "10.8.0.0/16", interface());
        NetworkAcl::new(&vpc, &vpc.private())
            .inbound(AclRule::allow(100, Port::HTTPS, "0.0.0.0/0"))
            .inbound(AclRule::deny(100, Port::ALL, "0.0.0.0/0"))
            .outbound(AclRule::allow(100, Port::EPHEMERAL, "::/0"))
            .outbound(AclRule::allow(0, Port::HTTPS, "10.0.0.0"))
            .outbound(AclRule::allow(32_767, Port::tcp_range(2, 1), "10.0.0.0/8"))
            .build(stack, "Acl");
        PrefixList::new("mixed")
            .range("203.0.113.0/24", "Zurich")
            .range("2001:db8::/32", "Bern")
            .range("203.0.114.1/24", "Basel")
            .room_for(2)
            .build(stack, "Mixed");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn listeners_and_rules() {
    let text = findings(|stack| {
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
            .tier(Tier::public("Public"))
            .build(stack, "Network");
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc)
            .idle_timeout(Duration::from_secs(5000))
            .build(stack, "Balancer");
        let other = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Other");
        let machines = Addresses::new(80, ["10.0.0.10"]);
        let sticky = Stickiness::for_duration(Duration::from_hours(200));
        let listener = balancer.http(stack).forward_to(TargetGroup::http(&machines).sticky(sticky));
        other.http(stack).forward_to(listener.targets());

        let paths = || Requests::to_path(["/shop/*"]);
        listener.rule(stack, "First", 10, paths()).respond(200, "first");
        listener.rule(stack, "Second", 10, paths()).respond(200, "second");
        listener.rule(stack, "Zero", 0, paths()).answer(Answer::html(200, "x".repeat(1025)));
        listener.rule(stack, "Same", 11, paths()).redirect(Redirect::permanent().query("again"));
        listener.rule(stack, "Relative", 12, paths()).redirect(Redirect::temporary().path("shop"));
        let weights = WeightedTargets::new("One", 0, &machines).and("Two", 0, &machines);
        listener.rule(stack, "Nobody", 13, paths()).forward_weighted(weights);
        let weights = WeightedTargets::new("One", 1000, &machines).sticky(Duration::from_hours(200));
        listener.rule(stack, "Heavy", 14, paths()).forward_weighted(weights);
        let many = Requests::to_path(["/1", "/2", "/3"]).and(Requests::to_host(["a", "b", "c"])).and(paths());
        listener.rule(stack, "Many", 15, many).respond(200, "many");
        let wild = Requests::to_path(["shop/*/*/*/*/*/*/*"]).and(Requests::with_method(["get"]));
        listener.rule(stack, "Wild", 16, wild).respond(200, "wild");
        let source =
            Requests::from_source(["everywhere"]).and(Requests::with_any_query(Vec::<String>::new()));
        listener.rule(stack, "Source", 17, source).respond(200, "source");

        let certificate =
            "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666";
        let staff = Authentication::openid(OpenIdClient {
            issuer: "http://id.example.com".into(),
            authorization_endpoint: "https://id.example.com/authorize".into(),
            token_endpoint: "https://id.example.com/token".into(),
            user_info_endpoint: "https://id.example.com/userinfo".into(),
            client_id: "tools".into(),
            client_secret: formwork_core::secret("tools"),
        });
        balancer
            .https(stack, formwork_core::id(certificate))
            .authenticate(staff.session(Duration::from_hours(200)))
            .respond(200, "hello");

        let network = NetworkLoadBalancer::internal_at(&vpc.public(), ["10.0.0.9"]).build(stack, "Network2");
        let check = HealthCheck::tcp();
        network.tcp(stack, 1).idle_timeout(Duration::from_secs(1)).forward_to(&machines);
        balancer.http_on(stack, 81).forward_to(&machines.clone().health_check(check));
        listener.rule(stack, "Remote", 18, paths()).forward_to(TargetGroup::http(&machines).grpc());
        let imported = Subnets::of(&vpc, [formwork_core::id("subnet-0a1b2c3d4e5f60718")]);
        let inspector = GatewayLoadBalancer::new(&imported).build(stack, "Inspector");
        let group = SecurityGroup::new(&vpc, "appliances", Outbound::Anywhere).build(stack, "Group");
        let template = LaunchTemplate::new(Image::id("ami-11111111"), "t4g.small")
            .security_group(&group)
            .build(stack, "Template");
        let fleet =
            AutoScalingGroup::new(&imported, &template, Capacity::fixed(1), FleetUpdate::leave_running())
                .build(stack, "Fleet");
        inspector.forward_to(stack, TargetGroup::appliances(&fleet, HealthCheck::tcp().port(80)));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn machines_and_fleets() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let arm = || Image::amazon_linux_2023(Architecture::Arm64);
        LaunchTemplate::new(arm(), InstanceType::new(Family::M7i, Size::Large))
            .root_volume(Volume::gp3_with(10, 6000, 1000))
            .volume("/dev/sdf", Volume::io2(2, 50))
            .volume("/dev/sdg", Volume::st1(100))
            .build(stack, "Mismatch");
        let none = InstanceRequirements::new(4, 2, 8, 8, Architecture::Arm64);
        LaunchTemplate::by_requirements(arm(), none).build(stack, "NoType");
        PlacementGroup::partitions(8).build(stack, "Parts");
        let spot = LaunchTemplate::new(arm(), "t4g.small").spot(Spot::new()).build(stack, "Spot");
        let fleet = || {
            AutoScalingGroup::new(
                &vpc.private(),
                &spot,
                Capacity::between(1, 2),
                FleetUpdate::leave_running(),
            )
        };
        let x86 = InstanceRequirements::new(1, 2, 8, 8, Architecture::X86_64);
        fleet().mixed(MixedInstances::by_requirements(x86)).build(stack, "Twice");
        fleet()
            .mixed(
                MixedInstances::of(["t3.small"])
                    .on_demand(0, 101)
                    .spot(SpotAllocation::LowestPrice { pools: 0 }),
            )
            .build(stack, "Mixed");
        fleet().mixed(MixedInstances::of(Vec::<String>::new())).build(stack, "Nothing");
        let short = Duration::from_secs(10);
        let hooked = fleet()
            .lifecycle_hook(LifecycleHook::after_launch("hook", short))
            .max_lifetime(short)
            .build(stack, "Short");
        hooked.predict(stack, "Early", Prediction::of_cpu(50).ahead(Duration::from_hours(2)));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn updates_of_fleets_and_their_interfaces() {
    let text = findings(|stack| {
        let vpc = network(stack);
        let arm = || LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small");
        let template = arm().build(stack, "Server");
        let day = Duration::from_hours(24);
        let hasty = InstanceRefresh::new()
            .healthy(101, 201)
            .checkpoint(50, 3 * day)
            .checkpoint(20, 3 * day)
            .checkpoint(0, 3 * day);
        let alarms = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let watched = alarms.into_iter().fold(InstanceRefresh::new(), |refresh, name| {
            refresh.alarm(formwork_core::id::<formwork_cfn::ids::cloudwatch::AlarmName>(name))
        });
        let one = || Capacity::fixed(1);
        AutoScalingGroup::new(&vpc.private(), &template, one(), hasty).build(stack, "Hasty");
        AutoScalingGroup::new(&vpc.private(), &template, one(), watched)
            .healthy(20, 150)
            .build(stack, "Watched");
        AutoScalingGroup::new(&vpc.private(), &template, one(), InstanceRefresh::of_root_volumes())
            .build(stack, "Roots");
        let elsewhere = NetworkInterface::new().subnet(formwork_core::id("subnet-0a1b2c3d4e5f60718"));
        let public = arm().public_address(true).network_interface(elsewhere).build(stack, "Public");
        AutoScalingGroup::new(&vpc.private(), &public, one(), FleetUpdate::leave_running())
            .build(stack, "TwoZones")
            .warm_pool(stack, WarmPool::hibernated());
        let fabric = arm().network_interface(NetworkInterface::elastic_fabric()).build(stack, "Fabric");
        Instance::new(&fabric, &vpc.private()).build(stack, "Single");
        let rolling = formwork_core::AutoScalingRollingUpdate::new();
        let spot = arm().spot(Spot::new()).build(stack, "Spot");
        AutoScalingGroup::new(&vpc.private(), &spot, one(), rolling)
            .build(stack, "Rolling")
            .warm_pool(stack, WarmPool::stopped());
    });
    insta::assert_snapshot!(text);
}

#[test]
fn tokens_rewritings_and_healthy_targets() {
    let text = findings(|stack| {
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
            .tier(Tier::public("Public"))
            .build(stack, "Network");
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
        let machines = Addresses::new(80, ["10.0.0.10"]).deregistration_delay(Duration::from_hours(2));
        let certificate = || {
            formwork_core::id(
                "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666",
            )
        };
        let tokens = TokenValidation::new("x".repeat(257), "http://id.example.com/jwks.json")
            .claim("iss", "me")
            .claim_words("scope", ["read write"])
            .claim_list("roles", Vec::<String>::new());
        let listener = balancer.https(stack, certificate()).authenticate(tokens).forward_to(
            TargetGroup::http(&machines)
                .leave_zone_below(HealthyTargets::count(0).and_percent(40))
                .use_all_below(HealthyTargets::percent(50)),
        );
        let expressions = Requests::to_host_matching(["(shop", r"(?=a)b", r"(a)\1", r"\p{L}+"])
            .and(Requests::to_host(["shop.example.com"]))
            .and(Requests::with_header_matching("X-Client", ["a*+"]));
        listener.rule(stack, "Expressions", 10, expressions).respond(200, "hello");
        listener
            .rule(stack, "Rewritings", 20, Requests::to_path(["/old/*"]))
            .rewrite_url("^/old/(.*)$", "/$1")
            .rewrite_url("(/", "/")
            .rewrite_host("^shop", "x".repeat(1025))
            .redirect(Redirect::permanent().host("www.example.com"));
        let gate = NetworkLoadBalancer::internet_facing(&vpc).reserve_capacity(5500).build(stack, "Gate");
        gate.tls(stack, 443, certificate()).forward_to(&machines);
        let both = NetworkLoadBalancer::internet_facing(&vpc).dual_stack().build(stack, "Both");
        both.udp(stack, 53).forward_to(&machines);
        let servers = QuicServers::addresses(443, [("10.0.0.20", 7), ("10.0.0.21", 7)]);
        let quic = QuicLoadBalancer::internet_facing(&vpc).build(stack, "Quic");
        quic.tcp_and_quic(stack, 443).forward_to(TargetGroup::tcp_and_quic(&servers));
    });
    insta::assert_snapshot!(text);
}

#[test]
fn zones_nat64_and_imported_networks() {
    let text = findings(|stack| {
        let zones = Zones::at([(0, "eu-west-1a"), (0, "eu-west-1b"), (1, "eu-west-1a"), (8, "eu-west-1c")]);
        Vpc::new("10.0.0.0/16", zones, NatPolicy::None).build(stack, "Slots");
        let vpc =
            Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::OneInstance(NatInstance::arm64("t4g.nano")))
                .tier(Tier::public("Public"))
                .tier(Tier::private("App"))
                .dual_stack()
                .nat64()
                .build(stack, "NoGateway");
        let shared = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16")
            .further_range("10.0.128.0/17")
            .ipv6_range("2001:db8::1/56")
            .build(stack, "Shared");
        let other = Vpc::import("vpc-0a1b2c3d4e5f60719", "10.7.8.0/21").build(stack, "Other");
        let interface = RouteTarget::network_interface(formwork_core::id("eni-0a1b2c3d4e5f60718"));
        vpc.private().route(stack, "64:ff9b::/96", interface);
        Peering::new(&vpc, &shared).build(stack, "Overlap");
        Peering::new(&shared, &other).build(stack, "Imported");
    });
    insta::assert_snapshot!(text);
}
