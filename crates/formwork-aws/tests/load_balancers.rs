//! Load balancers: what the reference stack has no use for.
#![cfg(all(feature = "compute", feature = "access-logs", feature = "classic-load-balancing"))]

use std::time::Duration;

use formwork_aws::{
    load_balancer::{Algorithm, ApplicationNegotiation},
    prelude::*,
};
use formwork_cfn::ids;
use formwork_core::{App, Expr, Stack, id};

fn certificate(name: &str) -> Expr<ids::certificatemanager::CertificateArn> {
    id(format!("arn:aws:acm:eu-west-1:111111111111:certificate/{name}"))
}

fn network(stack: &mut Stack<'_>) -> VpcHandle {
    Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::public("Public"))
        .tier(Tier::isolated("App"))
        .build(stack, "Network")
}

#[test]
fn what_else_balancers_can_do() {
    let mut app = App::new();
    let mut own = app.stack("balancers");
    let stack = &mut own;
    let vpc = network(stack);
    let logs = LogBucket::new(30).build(stack, "Logs");
    let machines = Addresses::new(8080, ["10.0.16.10"]);

    let balancer = ApplicationLoadBalancer::internal(&vpc.isolated())
        .reachable_from([Peer::ipv4("10.0.0.0/8")])
        .connection_logs(&logs)
        .deletion_protection()
        .preserve_host()
        .build(stack, "Application");
    let staff = Authentication::cognito(
        id("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_example"),
        id("client"),
        "tools",
    );
    let release = WeightedTargets::new("Old", 9, TargetGroup::https(&machines).http2()).and(
        "New",
        1,
        TargetGroup::http(&machines).grpc().health_check(HealthCheck::grpc("/Health/Check")),
    );
    let listener = balancer
        .https_on(stack, 8443, certificate("one"))
        .certificate(certificate("two"))
        .tls_policy("ELBSecurityPolicy-TLS13-1-3-2021-06")
        .mutual_tls(MutualTls::pass_through())
        .authenticate(
            staff.session(Duration::from_hours(1)).deny_strangers().scope("openid email").cookie("tools"),
        )
        .forward_weighted(release);
    assert_eq!(listener.targets().len(), 2);
    let slow =
        TargetGroup::http(&machines).slow_start(Duration::from_mins(1)).algorithm(Algorithm::RoundRobin);
    listener.rule(stack, "Slow", 1, Requests::with_any_query(["slow"])).forward_to(slow);

    let network = NetworkLoadBalancer::internal_at(&vpc.isolated(), ["10.0.16.5", "10.0.20.5"])
        .access_logs(&logs)
        .build(stack, "Network2");
    network
        .tls(stack, 443, certificate("one"))
        .negotiate(ApplicationNegotiation::Http2Preferred)
        .forward_to(TargetGroup::tcp(&machines).proxy_protocol().preserve_client_address(false));
    network.tls(stack, 8443, certificate("one")).forward_encrypted_to(&machines);
    network.tcp_and_udp(stack, 53).forward_to(TargetGroup::tcp_and_udp(&machines).terminate_connections());
    EndpointService::of_network(&network).allow("arn:aws:iam::222222222222:root").build(stack, "Service");
    let addresses = [id("eipalloc-0a1b2c3d4e5f60718"), id("eipalloc-1a1b2c3d4e5f60718")];
    NetworkLoadBalancer::at_addresses(&vpc, addresses).dual_stack().build(stack, "Public");

    let group = SecurityGroup::new(&vpc, "servers", Outbound::Anywhere).build(stack, "Servers");
    let template = LaunchTemplate::new(Image::id("ami-11111111"), "t4g.small")
        .security_group(&group)
        .build(stack, "Template");
    let fleet = AutoScalingGroup::new(&vpc.isolated(), &template, Capacity::fixed(2), InstanceRefresh::new())
        .build(stack, "Fleet");
    let check = HealthCheck::path("/health").port(8081);
    let classic = ClassicLoadBalancer::internet_facing(&vpc, ClassicListener::http(80, 8080), check)
        .listener(ClassicListener::https(443, 8080, certificate("one")))
        .sticky(Duration::from_hours(1))
        .connection_draining(Duration::from_secs(30))
        .access_logs(&logs)
        .build(stack, "Classic");
    classic.forward_to(stack, &fleet);

    // A rule in the stack of the service that it is for.
    let mut service = app.stack("service");
    listener
        .rule(&mut service, "Service", 2, Requests::to_host(["service.example.com"]))
        .forward_to(&machines);
    let synthesis = app.synthesize().unwrap();
    for stack in &synthesis.stacks {
        insta::assert_snapshot!(stack.name.clone(), stack.template.to_json());
    }
}

#[test]
fn expressions_tokens_rewritings_and_quic() {
    let mut app = App::new();
    let mut own = app.stack("rules");
    let stack = &mut own;
    let vpc = network(stack);
    let authorities = TrustStore::new(id("acme-certificates"), "authorities.pem")
        .version("3sL4kqtJlcpXroDTDmJ.xUZQAVEAm3nR")
        .revoked("revoked.crl")
        .build(stack, "Partners");
    let balancer =
        ApplicationLoadBalancer::internal(&vpc.isolated()).reserve_capacity(100).build(stack, "Balancer");
    let machines = Addresses::new(8080, ["10.0.16.10"]).deregistration_delay(Duration::from_secs(20));
    let tokens = || TokenValidation::new("https://id.example.com", "https://id.example.com/jwks.json");
    let listener = balancer
        .https(stack, certificate("one"))
        .mutual_tls(MutualTls::verify(&authorities).advertise_authorities())
        .authenticate(tokens())
        .forward_to(
            TargetGroup::http(&machines)
                .leave_zone_below(HealthyTargets::percent(60))
                .use_all_below(HealthyTargets::count(2).and_percent(20)),
        );
    let programs =
        tokens().claim("aud", "orders").claim_list("roles", ["admin"]).claim_words("scope", ["write"]);
    listener
        .rule(
            stack,
            "Orders",
            10,
            Requests::to_path_matching(["^/v[0-9]+/orders"])
                .and(Requests::to_host_matching([r"^(eu|us)\.example\.com$"]))
                .and(Requests::with_header_matching("X-Client", ["^till-[0-9]+$"])),
        )
        .authenticate(programs)
        .rewrite_url("^/v[0-9]+/(.*)$", "/$1")
        .rewrite_host(r"^(.+)\.example\.com$", "$1.example.internal")
        .forward_to(listener.targets());

    let gate = NetworkLoadBalancer::internal(&vpc.isolated()).reserve_capacity(5500).build(stack, "Gate");
    let old = TargetGroup::tcp(&machines)
        .leave_zone_below(HealthyTargets::count(2))
        .drain_unhealthy(Duration::from_mins(5));
    let weights = WeightedTargets::new("Old", 90, old).and("New", 10, &machines);
    assert_eq!(gate.tcp(stack, 80).forward_weighted(weights).targets().len(), 2);

    let group = SecurityGroup::new(&vpc, "servers", Outbound::Anywhere).build(stack, "Servers");
    let servers = [(id("i-0a1b2c3d4e5f60718"), 0x0a), (id("i-1a1b2c3d4e5f60718"), 0x0b)];
    let servers = QuicServers::instances(443, servers).security_group(&group);
    let quic = QuicLoadBalancer::internet_facing(&vpc).cross_zone().build(stack, "Quic");
    quic.tcp(stack, 80).forward_to(&machines);
    let check = HealthCheck::path("/health").port(8080);
    quic.quic(stack, 443).forward_to(TargetGroup::quic(&servers, check));
    let text = app.synthesize().unwrap().stacks.remove(0).template.to_json();
    insta::assert_snapshot!(text);
}

#[test]
fn another_scheme_is_another_target_group() {
    let ids = |make: fn(&VpcHandle) -> ApplicationLoadBalancer| {
        let mut app = App::new();
        let mut stack = app.stack("web");
        let vpc = network(&mut stack);
        let balancer = make(&vpc).build(&mut stack, "Balancer");
        balancer.http(&mut stack).forward_to(&Addresses::new(80, ["10.0.16.10"]));
        let template = app.synthesize().unwrap().stacks.remove(0).template.to_json();
        let template: serde_json::Value = serde_json::from_str(&template).unwrap();
        let resources = template["Resources"].as_object().unwrap().clone();
        let of = |kind: &str| {
            let kind = format!("AWS::ElasticLoadBalancingV2::{kind}");
            let found = resources.iter().find(|(_, resource)| resource["Type"] == kind.as_str());
            found.map(|(id, _)| id.clone())
        };
        (of("LoadBalancer"), of("TargetGroup"))
    };
    let public = ids(ApplicationLoadBalancer::internet_facing);
    let internal = ids(|vpc| ApplicationLoadBalancer::internal(&vpc.isolated()));
    assert_eq!(public.0, internal.0);
    assert_ne!(public.1, internal.1);
}
