//! `load-balancers`: every kind of load balancer, and every kind of rule.

use std::time::Duration;

use formwork::prelude::*;

/// The port that servers and machines listen on.
const PORT: u16 = 8080;
/// Where appliances say that they are well.
const APPLIANCE_HEALTH: u16 = 8443;
/// The ranges of the public subnets.
const PUBLIC: [&str; 2] = ["10.30.0.0/24", "10.30.1.0/24"];
/// What stands in the data centre.
const DATA_CENTRE: &str = "192.168.0.0/16";
/// The days that logs are kept.
const DAYS: u16 = 90;

/// Adds the stack to an app.
///
/// A public balancer answers by HTTPS for two names and has a rule of every kind: by host, path, header,
/// method, query and source, by wildcards and regular expressions; to fleets, by weights, to a function,
/// to addresses, elsewhere, and to an answer of its own; staff sign in first, programs bear a token, and
/// old addresses are rewritten; machines come by certificates of their own. A network balancer with an
/// Elastic IP in each zone stands in front of an internal one. A gateway balancer leads what goes to the
/// data centre through appliances.
pub fn load_balancers(app: &mut App) {
    let stack = &mut app.stack("load-balancers");
    stack.description("Application, network and gateway load balancers");
    // The first deployment waits until whoever looks after the names has confirmed these two.
    let certificate = |stack: &mut Stack<'_>, name: &str, id: &str| {
        certificatemanager::Certificate::new(name).validation_method("DNS").build(stack, id)
    };
    let shop_certificate = certificate(stack, "*.example.com", "ShopCertificate");
    let staff_certificate = certificate(stack, "staff.example.com", "StaffCertificate");

    let vpc = Vpc::new("10.30.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public").ranges(PUBLIC))
        .tier(Tier::private("App"))
        .tier(Tier::isolated("Inspection"))
        .build(stack, "Network");
    let logs = LogBucket::new(DAYS).build(stack, "Logs");

    let servers = SecurityGroup::new(&vpc, "servers", Outbound::Anywhere).build(stack, "Servers");
    let server = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
        .security_group(&servers)
        .user_data(UserData::shell().line("dnf install -y nginx").line("systemctl enable --now nginx"))
        .build(stack, "Server");
    let fleet = |stack: &mut Stack<'_>, id: &str| {
        AutoScalingGroup::new(&vpc.private(), &server, Capacity::between(2, 4), InstanceRefresh::new())
            .build(stack, id)
    };
    let (blue, green) = (fleet(stack, "Blue"), fleet(stack, "Green"));
    let health = || HealthCheck::path("/health");

    // In front of everything: HTTPS, with a web ACL and logs.
    let shield = wafv2::WebAcl::new(
        wafv2::web_acl::DefaultAction::new().allow(wafv2::web_acl::AllowAction::new()),
        "REGIONAL",
        wafv2::web_acl::VisibilityConfig::new("shield", true, true),
    )
    .build(stack, "Shield");
    let edge = ApplicationLoadBalancer::internet_facing(&vpc)
        .web_acl(shield.arn())
        .access_logs(AccessLogs::to(&logs).prefix("edge"))
        .idle_timeout(Duration::from_secs(30))
        .build(stack, "Edge");
    edge.http(stack).redirect_to_https();
    let shop = TargetGroup::http(&blue.port(PORT))
        .health_check(health())
        .sticky(Stickiness::application_cookie("basket", Duration::from_hours(1)))
        .deregistration_delay(Duration::from_secs(30));
    let https = edge.https(stack, &shop_certificate).certificate(&staff_certificate).forward_to(shop);
    blue.track_requests(stack, https.targets(), 1000);

    // One rule of every kind.
    https
        .rule(stack, "Blocked", 1, Requests::from_source(["198.51.100.0/24"]))
        .answer(Answer::json(403, r#"{"error":"blocked"}"#));
    https
        .rule(
            stack,
            "Writes",
            5,
            Requests::to_path(["/catalogue/*"]).and(Requests::with_method(["POST", "PUT"])),
        )
        .respond(405, "the catalogue is read-only");
    let api_group = TargetGroup::http(&green.port(PORT))
        .health_check(health())
        .algorithm(Algorithm::LeastOutstandingRequests)
        .cross_zone(false)
        .leave_zone_below(HealthyTargets::percent(50))
        .use_all_below(HealthyTargets::count(1));
    let api_targets =
        https.rule(stack, "Api", 10, Requests::to_host(["api.example.com"])).forward_to(api_group);
    green.track_requests(stack, &api_targets, 500);
    // Programs bear a token that says what they may, and know the API by its old addresses.
    let programs = TokenValidation::new("https://id.example.com", "https://id.example.com/jwks.json")
        .claim("aud", "shop-api")
        .claim_words("scope", ["orders.read"]);
    let old_orders = Requests::to_host_matching([r"^(eu|us)\.api\.example\.com$"])
        .and(Requests::to_path_matching(["^/v[12]/customers/[0-9]+/orders$"]))
        .and(Requests::with_header_matching("X-Client", ["^till-[0-9]+$"]));
    https
        .rule(stack, "OldOrders", 25, old_orders)
        .authenticate(programs)
        .rewrite_host(r"^(eu|us)\.api\.example\.com$", "api.example.com")
        .rewrite_url("^/v[12]/customers/([0-9]+)/orders$", "/v3/orders?customer=$1")
        .forward_to(&api_targets);
    https.rule(stack, "Release", 30, Requests::with_header("X-Preview", ["yes"])).forward_weighted(
        WeightedTargets::new("Now", 90, https.targets())
            .and("Next", 10, TargetGroup::http(&green.port(PORT)).health_check(health()))
            .sticky(Duration::from_mins(10)),
    );
    https
        .rule(stack, "Old", 40, Requests::with_query("version", "1"))
        .redirect(Redirect::permanent().host("archive.example.com").path("/v1/#{path}"));
    let openid = Secret::password()
        .description("What the tools are known by at the provider: random, until what that says is put here")
        .build(stack, "OpenId");
    let staff = Authentication::openid(OpenIdClient {
        issuer: "https://id.example.com".into(),
        authorization_endpoint: "https://id.example.com/authorize".into(),
        token_endpoint: "https://id.example.com/token".into(),
        user_info_endpoint: "https://id.example.com/userinfo".into(),
        client_id: "staff-tools".into(),
        client_secret: secret(openid.arn()),
    })
    .session(Duration::from_hours(8));
    https
        .rule(stack, "Staff", 50, Requests::to_host(["staff.example.com"]))
        .authenticate(staff)
        .forward_to(&Addresses::new(PORT, ["192.168.7.10", "192.168.7.11"]).outside().health_check(health()));
    let thumbnails = thumbnails(stack);
    https
        .rule(stack, "Thumbnails", 60, Requests::to_path(["/thumbnails/*"]))
        .forward_to(TargetGroup::function(&thumbnails));

    // Machines that have a certificate of their own. The file with their authorities is put into its
    // bucket by whoever looks after them.
    let authorities = TrustStore::new(id("acme-certificates"), "machines/authorities.pem")
        .revoked("machines/revoked.crl")
        .build(stack, "Authorities");
    edge.https_on(stack, 8443, &shop_certificate)
        .mutual_tls(MutualTls::verify(&authorities).advertise_authorities())
        .forward_to(&api_targets);

    // Addresses that partners write into their firewalls, before a balancer that knows HTTP.
    let partners = ApplicationLoadBalancer::internal(&vpc.private()).build(stack, "Partners");
    let partner_listener = partners.http(stack).forward_to(&green.port(PORT).health_check(health()));
    let gate = NetworkLoadBalancer::with_static_addresses(&vpc)
        .reachable_from([Peer::ipv4("203.0.113.0/24")])
        .access_logs(AccessLogs::to(&logs).prefix("gate"))
        .cross_zone()
        .build(stack, "Gate");
    gate.tcp(stack, 80).forward_to_listener(&partner_listener);
    // Feeds that know no HTTP go to the new fleet by and by.
    gate.tcp(stack, 9000).forward_weighted(WeightedTargets::new("Now", 90, &blue.port(9000)).and(
        "Next",
        10,
        &green.port(9000),
    ));
    let names =
        TargetGroup::udp(&green.port(53)).health_check(HealthCheck::path("/health").port(PORT)).sticky();
    gate.udp(stack, 53).forward_to(names);

    // Appliances that look into what goes to the data centre.
    let inspection = vpc.tier("Inspection");
    let firewalls = SecurityGroup::new(&vpc, "firewalls", Outbound::Anywhere).build(stack, "Firewalls");
    let firewall = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "c7g.large")
        .security_group(&firewalls)
        .build(stack, "Firewall");
    let appliances = AutoScalingGroup::new(
        &vpc.private(),
        &firewall,
        Capacity::fixed(2),
        InstanceRefresh::new().healthy(100, 150),
    )
    .build(stack, "Appliances");
    let inspector = GatewayLoadBalancer::new(&vpc.private()).cross_zone().build(stack, "Inspector");
    inspector.forward_to(
        stack,
        TargetGroup::appliances(&appliances, HealthCheck::tcp().port(APPLIANCE_HEALTH)).rebalance(),
    );
    let service = EndpointService::of_gateway(&inspector).without_acceptance().build(stack, "Inspection");
    let endpoints = service.inspect(stack, &inspection, "Zone");
    let vpn = VpnGateway::new(&vpc).build(stack, "DataCentre");
    inspection.route(stack, DATA_CENTRE, &vpn);
    vpc.public().route(stack, DATA_CENTRE, RouteTarget::endpoint(&endpoints[0]));
    // What comes back takes the same way.
    let back = ec2::RouteTable::new(&vpc).build(stack, "ReturnTable");
    ec2::GatewayRouteTableAssociation::new(&back, vpn.gateway()).build(stack, "ReturnAssociation");
    for (number, range) in (1..).zip(PUBLIC) {
        ec2::Route::new(&back)
            .destination_cidr_block(range)
            .vpc_endpoint_id(&endpoints[0])
            .build(stack, &format!("ReturnRoute{number}"));
    }

    stack.output("Url", edge.dns_name()).description("Where the shop answers");
    for (number, address) in (1..).zip(gate.addresses()) {
        stack
            .output(&format!("GateAddress{number}"), address.public_ip())
            .description("What partners write into their firewalls");
    }
}

/// A function that answers requests.
fn thumbnails(stack: &mut Stack<'_>) -> Handle<lambda::Function> {
    let role = Role::new(Principal::service("lambda.amazonaws.com"))
        .aws_managed_policy("service-role/AWSLambdaBasicExecutionRole")
        .build(stack, "Thumbnails");
    let code = "exports.handler = async () => ({ statusCode: 404, body: 'no such picture' });\n";
    lambda::Function::new(&role, lambda::function::Code::new().zip_file(code))
        .handler("index.handler")
        .runtime("nodejs22.x")
        .architectures(["arm64"])
        .build(stack, "ThumbnailsFunction")
}
