//! `network-lab`: two peered networks, with everything that is in networks.

use formwork::prelude::*;

/// The range of the hub, where shared services stand.
const HUB: &str = "10.10.0.0/16";
/// The range of the workshop, where people build.
const WORKSHOP: &str = "10.20.0.0/16";
/// What is left of the data centre.
const DATA_CENTRE: &str = "192.168.0.0/16";
/// The group of the team that looks after everybody's machines.
const MONITORING: &str = "sg-0a1b2c3d4e5f60718";
/// The days that records of traffic are kept.
const DAYS: u16 = 90;

/// Adds the stack to an app.
///
/// The hub has three tiers, one of them in a range that came later, and a NAT gateway in every zone.
/// The workshop has a NAT instance, which is cheaper, and nobody opens a port to get in: Session
/// Manager does. The two are peered, a VPN leads to the data centre, and a transit gateway to others.
pub fn network_lab(app: &mut App) {
    let stack = &mut app.stack("network-lab");
    stack.description("Two peered networks with endpoints, flow logs and a VPN");

    let hub = Vpc::new(HUB, Zones::first(2), NatPolicy::OnePerZone)
        .further_range("10.11.0.0/20")
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .tier(Tier::isolated("Data").ranges(["10.11.0.0/24", "10.11.1.0/24"]))
        .build(stack, "Hub");
    let workshop =
        Vpc::new(WORKSHOP, Zones::first(2), NatPolicy::OneInstance(NatInstance::arm64("t4g.nano")))
            .tier(Tier::public("Public"))
            .tier(Tier::private("Desks"))
            .tier(Tier::isolated("Vault"))
            .build(stack, "Workshop");

    // What the networks reach without the internet.
    for vpc in [&hub, &workshop] {
        vpc.gateway_endpoint(stack, GatewayEndpoint::s3());
        vpc.gateway_endpoint(stack, GatewayEndpoint::dynamodb());
    }
    for service in ["ecr.api", "ecr.dkr", "secretsmanager"] {
        hub.interface_endpoint(stack, InterfaceEndpoint::new(service, &hub.private()));
    }
    workshop.session_manager(stack, &workshop.tier("Vault"));

    // Who reaches what.
    let offices = PrefixList::new("offices")
        .range("203.0.113.0/24", "Zurich")
        .range("198.51.100.0/24", "Bern")
        .room_for(10)
        .build(stack, "Offices");
    let api = SecurityGroup::new(&hub, "the api", Outbound::Anywhere).build(stack, "Api");
    let database = SecurityGroup::new(&hub, "databases", Outbound::Nowhere).build(stack, "Database");
    let cache = SecurityGroup::new(&hub, "caches", Outbound::Nowhere).build(stack, "Cache");
    api.allow(stack, &offices, Port::HTTPS);
    api.allow(stack, Peer::ipv4(WORKSHOP), Port::HTTPS);
    database.allow(stack, &api, Port::POSTGRESQL);
    cache.allow(stack, &api, Port::REDIS);
    cache.allow_each_other(stack, Port::REDIS);
    // A group that others made: what it gets stands here, each rule by itself.
    let monitoring = SecurityGroup::import(MONITORING, Outbound::Nowhere).build(stack, "Monitoring");
    api.allow(stack, &monitoring, Port::tcp(9100));
    NetworkAcl::new(&hub, &hub.isolated())
        .inbound(AclRule::allow(100, Port::POSTGRESQL, HUB))
        .inbound(AclRule::allow(110, Port::REDIS, HUB))
        .inbound(AclRule::allow(120, Port::REDIS, "10.11.0.0/20"))
        .inbound(AclRule::allow(130, Port::EPHEMERAL, "10.11.0.0/20"))
        .outbound(AclRule::allow(100, Port::EPHEMERAL, HUB))
        .outbound(AclRule::allow(110, Port::REDIS, "10.11.0.0/20"))
        .outbound(AclRule::allow(120, Port::EPHEMERAL, "10.11.0.0/20"))
        .build(stack, "DataAcl");

    // Ways between networks.
    Peering::new(&hub, &workshop).between(&hub.private(), &workshop.private()).build(stack, "Peering");
    let vpn = VpnGateway::new(&hub).amazon_side_asn(64_600).build(stack, "Vpn");
    hub.private().route(stack, DATA_CENTRE, &vpn);
    let region = ec2::TransitGateway::new()
        .description("Joins the networks of the region")
        .default_route_table_association("enable")
        .default_route_table_propagation("enable")
        .build(stack, "RegionGateway");
    let attachment =
        TransitGatewayAttachment::new(&workshop, &region, &workshop.private()).build(stack, "Region");
    workshop.private().route(stack, "10.64.0.0/10", &attachment);
    DhcpOptions::amazon_dns(&workshop).domain_name("workshop.internal").build(stack, "Names");

    // What has happened.
    let refused = LogGroup::new(Retention::OneMonth).build(stack, "Refused");
    FlowLogs::new(&hub, FlowLogDestination::log_group(&refused)).rejected().build(stack, "HubRefusals");
    FlowLogs::new(&workshop, FlowLogDestination::new_bucket(DAYS)).build(stack, "WorkshopTraffic");
}
