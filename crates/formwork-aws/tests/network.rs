//! Networks: what they are made of, and that growing moves nothing.
#![cfg(feature = "network")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};

use formwork_aws::{
    port::Port,
    prefix_list::PrefixList,
    security_group::{Outbound, Peer, SecurityGroup},
    vpc::{
        AclRule, Destination, DhcpOptions, GatewayEndpoint, InterfaceEndpoint, NatInstance, NatPolicy,
        NetworkAcl, Peering, RouteTarget, TIER_SLOTS, Tier, TransitGatewayAttachment, Vpc, VpnGateway,
        ZONE_SLOTS, Zones,
    },
};
use formwork_core::{App, Expr, Json, Stack, Template, id};
use proptest::prelude::*;

fn template(network: Vpc) -> Template {
    let mut app = App::new();
    network.build(&mut app.stack("network"), "Network");
    app.synthesize().unwrap().stacks.remove(0).template
}

/// The range of each subnet by its logical id.
fn ranges(network: Vpc) -> BTreeMap<String, String> {
    let template = template(network);
    let subnets =
        template.resources().filter(|resource| resource.resource_type() == Some("AWS::EC2::Subnet"));
    subnets
        .map(|subnet| {
            let range = subnet.property("CidrBlock").and_then(|range| range.as_str()).unwrap();
            (subnet.logical_id.to_owned(), range.to_owned())
        })
        .collect()
}

/// Tiers of these kinds, in order, over so many zones.
fn network(kinds: &[u8], zones: u8) -> Vpc {
    let network = Vpc::new("10.0.0.0/16", Zones::first(zones), NatPolicy::OnePerZone);
    let tiers = kinds.iter().enumerate().map(|(position, kind)| {
        let name = format!("Tier{position}");
        match (position, kind % 3) {
            // The others' way out.
            (0, _) | (_, 0) => Tier::public(name),
            (_, 1) => Tier::private(name),
            _ => Tier::isolated(name),
        }
    });
    tiers.fold(network, Vpc::tier)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn another_zone_or_tier_moves_no_subnet(
        kinds in prop::collection::vec(any::<u8>(), 1..usize::from(TIER_SLOTS)),
        zones in 1..ZONE_SLOTS,
        further in any::<u8>(),
    ) {
        let before = ranges(network(&kinds, zones));
        prop_assert_eq!(before.len(), kinds.len() * usize::from(zones));
        let more: Vec<u8> = kinds.iter().copied().chain([further]).collect();
        for after in [ranges(network(&kinds, zones + 1)), ranges(network(&more, zones))] {
            prop_assert!(after.len() > before.len());
            for (id, range) in &before {
                prop_assert_eq!(after.get(id), Some(range));
            }
        }
    }

    #[test]
    fn a_zone_of_its_own_slot_comes_and_goes_anywhere(
        slots in Just((0..ZONE_SLOTS).collect::<Vec<_>>()).prop_shuffle(),
        count in 2..usize::from(ZONE_SLOTS),
        gone in any::<prop::sample::Index>(),
    ) {
        let build = |slots: &[u8]| {
            let zones = slots.iter().map(|slot| (*slot, format!("eu-west-1-{slot}")));
            let network = Vpc::new("10.0.0.0/16", Zones::at(zones), NatPolicy::OnePerZone)
                .dual_stack()
                .tier(Tier::public("Public"))
                .tier(Tier::private("App"));
            let mut app = App::new();
            let mut stack = app.stack("network");
            let vpc = network.build(&mut stack, "Network");
            NetworkAcl::new(&vpc, &vpc.all())
                .inbound(AclRule::allow(100, Port::PING, "::/0"))
                .build(&mut stack, "Acl");
            let template = app.synthesize().unwrap().stacks.remove(0).template;
            let resources = template.resources().map(|found| {
                // What stands first may be another resource; what stands may not.
                let parts = ["Type", "Properties"].map(|part| found.attributes.get(part).cloned());
                (found.logical_id.to_owned(), parts)
            });
            resources.collect::<BTreeMap<_, _>>()
        };
        let all = &slots[..count];
        let mut fewer = all.to_vec();
        fewer.remove(gone.index(count));
        let (more, fewer) = (build(all), build(&fewer));
        prop_assert!(more.len() > fewer.len());
        for (id, attributes) in &fewer {
            prop_assert_eq!(more.get(id), Some(attributes), "{}", id);
        }
    }

    #[test]
    fn a_tier_of_its_own_slot_goes_anywhere(place in 0_usize..3) {
        let tiers = [Tier::public("Public").slot(0), Tier::private("App").slot(1)];
        let build = |tiers: Vec<Tier>| {
            let network = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One);
            ranges(tiers.into_iter().fold(network, Vpc::tier))
        };
        let before = build(tiers.to_vec());
        let mut more = tiers.to_vec();
        more.insert(place, Tier::isolated("Data").slot(2));
        let after = build(more);
        prop_assert!(before.iter().all(|(id, range)| after.get(id) == Some(range)));
    }
}

#[test]
fn every_nat_policy_has_its_gateways() {
    let count = |policy, tier: Tier| {
        let network =
            Vpc::new("10.0.0.0/16", Zones::first(3), policy).tier(Tier::public("Public")).tier(tier);
        let template = template(network);
        let gateways =
            template.resources().filter(|found| found.resource_type() == Some("AWS::EC2::NatGateway"));
        gateways.count()
    };
    assert_eq!(count(NatPolicy::None, Tier::isolated("Data")), 0);
    assert_eq!(count(NatPolicy::One, Tier::private("App")), 1);
    assert_eq!(count(NatPolicy::OnePerZone, Tier::private("App")), 3);
    assert_eq!(count(NatPolicy::OnePerZone, Tier::isolated("Data")), 0, "nobody needs a gateway");
}

#[test]
fn a_network_and_its_groups() {
    let mut app = App::new();
    let mut stack = app.stack("network");
    let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(&mut stack, "Network");
    let web = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere)
        .allow(Peer::ipv4("203.0.113.7"), Port::HTTPS, "the office")
        .allow(Peer::ipv6("2001:db8::/32"), Port::tcp_range(8000, 8099), "the lab")
        .build(&mut stack, "Web");
    let database = SecurityGroup::new(&vpc, "database", Outbound::Nowhere).build(&mut stack, "Database");
    database.allow(&mut stack, &web, Port::POSTGRESQL);
    database.allow(&mut stack, &web, Port::POSTGRESQL);
    web.allow(&mut stack, &database, Port::PING);
    web.allow_each_other(&mut stack, Port::ALL);
    let mut consumer = app.stack("consumer");
    web.allow(&mut consumer, Peer::ipv4("198.51.100.0/24"), Port::HTTP);
    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn a_dual_stack_that_grew() {
    let network = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .nat_addresses([id::<formwork_cfn::ids::ec2::EipAllocationId>("eipalloc-0a1b2c3d4e5f60718")])
        .further_range("10.1.0.0/16")
        .dual_stack()
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .tier(Tier::isolated("Data").ranges(["10.1.0.0/24", "10.1.1.0/24"]));
    insta::assert_snapshot!(template(network).to_json());
}

#[test]
fn peered_networks_that_speak_ipv6() {
    let mut app = App::new();
    let mut stack = app.stack("network");
    let network = |range: &str| {
        Vpc::new(range, Zones::first(1), NatPolicy::One)
            .tier(Tier::public("Public"))
            .tier(Tier::private("App"))
    };
    let shop = network("10.0.0.0/16").dual_stack().nat64().build(&mut stack, "Shop");
    let shared = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16")
        .further_range("10.8.0.0/16")
        .ipv6_range("2001:db8:1234:1a00::/56")
        .tier(Tier::private("App"), ["subnet-0a1b2c3d4e5f60718"], ["rtb-0a1b2c3d4e5f60718"])
        .build(&mut stack, "Shared");
    Peering::new(&shop, &shared).between(&shop.private(), &shared.private()).build(&mut stack, "Peering");
    let old = Vpc::import("vpc-0a1b2c3d4e5f60719", "10.9.0.0/16").build(&mut stack, "Old");
    Peering::new(&shop, &old).between(&shop.private(), &old.all()).build(&mut stack, "OldPeering");
    let pool = id::<formwork_cfn::ids::ec2::IpamPoolId>("ipam-pool-0a1b2c3d4e5f60718");
    let mut other = app.stack("tools");
    let tools = network("10.1.0.0/16").dual_stack_from(pool).build(&mut other, "Tools");
    Peering::new(&tools, &shop).between(&tools.private(), &shop.private()).build(&mut other, "Peering");
    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn nat_instances() {
    let nat = NatPolicy::InstancePerZone(NatInstance::x86_64("t3.nano"));
    let network = Vpc::new("10.0.0.0/16", Zones::first(2), nat)
        .nat_addresses([id::<formwork_cfn::ids::ec2::EipAllocationId>("eipalloc-0a1b2c3d4e5f60718")])
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"));
    insta::assert_snapshot!(template(network).to_json());
}

#[test]
fn what_is_added_to_a_network_that_stands() {
    let mut app = App::new();
    let mut stack = app.stack("network");
    let shared = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16")
        .tier(
            Tier::isolated("App").ranges(["10.7.0.0/24", "10.7.1.0/24"]),
            ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
            ["rtb-0a1b2c3d4e5f60718"],
        )
        .build(&mut stack, "Shared");
    let policy: Expr<Json> = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*" }],
    })
    .into();
    shared.gateway_endpoint(&mut stack, GatewayEndpoint::s3().policy(policy.clone()));
    shared.gateway_endpoint(&mut stack, GatewayEndpoint::dynamodb());
    shared.session_manager(&mut stack, &shared.isolated());
    let group = SecurityGroup::new(&shared, "reports", Outbound::Nowhere).build(&mut stack, "Reports");
    let reports = "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718";
    shared.interface_endpoint(
        &mut stack,
        InterfaceEndpoint::offered("Reports", reports, &shared.isolated())
            .security_group(&group)
            .region("eu-west-1")
            .policy(policy),
    );
    DhcpOptions::name_servers(&shared, ["10.7.0.10"])
        .domain_name("shop.internal")
        .time_servers(["169.254.169.123"])
        .build(&mut stack, "Names");
    NetworkAcl::new(&shared, &shared.isolated())
        .inbound(AclRule::deny(90, Port::SSH, "0.0.0.0/0"))
        .inbound(AclRule::allow(100, Port::ALL, "10.0.0.0/8"))
        .inbound(AclRule::allow(110, Port::PING, "::/0"))
        .outbound(AclRule::allow(100, Port::EPHEMERAL, "10.0.0.0/8"))
        .build(&mut stack, "Acl");
    let offices = PrefixList::new("offices").range("203.0.113.0/24", "Zurich").build(&mut stack, "Offices");
    group.allow(&mut stack, &offices, Port::HTTPS);
    group.allow_out(&mut stack, Peer::any_ipv4(), Port::NTP);
    group.allow(&mut stack, Peer::ipv6("2001:db8::/32"), Port::PING);

    let subnets = shared.isolated();
    let hub = TransitGatewayAttachment::new(&shared, id("tgw-0a1b2c3d4e5f60718"), &subnets)
        .appliance_mode()
        .build(&mut stack, "Hub");
    let vpn = VpnGateway::new(&shared).amazon_side_asn(65000).propagate_to(&subnets).build(&mut stack, "Vpn");
    subnets.route(&mut stack, &offices, &vpn);
    subnets.route(&mut stack, "10.0.0.0/8", &hub);
    subnets.route(&mut stack, "10.1.0.0/16", RouteTarget::instance(id("i-0a1b2c3d4e5f60718")));
    subnets.route(&mut stack, "10.2.0.0/16", RouteTarget::endpoint(id("vpce-0a1b2c3d4e5f60718")));
    subnets.route(&mut stack, "10.3.0.0/16", RouteTarget::nat_gateway(id("nat-0a1b2c3d4e5f60718")));
    let carrier = RouteTarget::carrier_gateway(id("cagw-0a1b2c3d4e5f60718"));
    subnets.route(&mut stack, "10.4.0.0/16", carrier);
    subnets.route(&mut stack, "10.5.0.0/16", RouteTarget::local_gateway("lgw-0a1b2c3d4e5f60718"));
    let wide = "arn:aws:networkmanager::111111111111:core-network/core-network-0a1b2c3d4e5f60718";
    subnets.route(&mut stack, "10.6.0.0/16", RouteTarget::core_network(wide));
    let oracle = "arn:aws:odb:eu-west-1:111111111111:odb-network/odbnet_0a1b2c3d";
    subnets.route(&mut stack, "10.10.0.0/16", RouteTarget::oracle_network(oracle));
    let outside = RouteTarget::egress_only_gateway(id("eigw-0a1b2c3d4e5f60718"));
    subnets.route(&mut stack, Destination::anywhere_ipv6(), outside);

    // From another stack: what is made stands there, and so do both sides' routes.
    let mut other = app.stack("tools");
    let tools = Vpc::new("10.8.0.0/16", Zones::first(1), NatPolicy::None)
        .tier(Tier::isolated("Tools"))
        .build(&mut other, "Tools");
    Peering::new(&shared, &tools).build(&mut other, "Peering");
    tools.interface_endpoint(&mut other, InterfaceEndpoint::new("ecr.dkr", &tools.isolated()));
    let far = Vpc::import("vpc-0a1b2c3d4e5f60719", "10.9.0.0/16").build(&mut other, "Far");
    Peering::new(&tools, &far)
        .other_account("111111111111", id("arn:aws:iam::111111111111:role/accept"))
        .other_region("eu-west-1")
        .between(&tools.isolated(), &far.all())
        .build(&mut other, "FarPeering");
    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn rules_of_a_group_that_stands() {
    let mut app = App::new();
    let mut stack = app.stack("reports");
    let vpc = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16").build(&mut stack, "Shared");
    let reports = SecurityGroup::new(&vpc, "reports", Outbound::Nowhere).build(&mut stack, "Reports");
    let database =
        SecurityGroup::import("sg-0a1b2c3d4e5f60718", Outbound::Nowhere).build(&mut stack, "Database");
    database.allow(&mut stack, &reports, Port::POSTGRESQL);
    database.allow(&mut stack, &reports, Port::POSTGRESQL);
    database.allow_each_other(&mut stack, Port::POSTGRESQL);
    reports.allow(&mut stack, &database, Port::HTTPS);
    database.allow(&mut app.stack("office"), Peer::ipv4("203.0.113.0/24"), Port::POSTGRESQL);
    let synthesis = app.synthesize().unwrap();
    let texts: Vec<String> = synthesis.stacks.iter().map(|stack| stack.template.to_json()).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

/// Groups of the letters, in one stack, with rules between them in this order.
fn edges(rules: &[(usize, usize)], outbound: Outbound) -> Template {
    let mut app = App::new();
    let mut stack = app.stack("groups");
    let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None).build(&mut stack, "Network");
    let groups: Vec<_> = ["A", "B", "C", "D", "E"]
        .map(|name| SecurityGroup::new(&vpc, name, outbound).build(&mut stack, name))
        .into();
    for (to, from) in rules {
        groups[*to].allow(&mut stack, &groups[*from], Port::HTTPS);
    }
    // Synthesis refuses what waits for itself.
    app.synthesize().unwrap().stacks.remove(0).template
}

/// How many rules name a group: in groups, and apart.
fn rules_with_groups(template: &Template, list: &str, apart: &str, peer: &str) -> (usize, usize) {
    let rules = |name| template.resources().filter_map(move |found| found.property(name)?.as_list());
    let inside = rules(list).flatten().filter(|rule| rule.get(peer).is_some()).count();
    let apart = template.resources().filter(|found| found.resource_type() == Some(apart));
    (inside, apart.count())
}

fn inbound(template: &Template) -> (usize, usize) {
    let apart = "AWS::EC2::SecurityGroupIngress";
    rules_with_groups(template, "SecurityGroupIngress", apart, "SourceSecurityGroupId")
}

fn outbound(template: &Template) -> (usize, usize) {
    let apart = "AWS::EC2::SecurityGroupEgress";
    rules_with_groups(template, "SecurityGroupEgress", apart, "DestinationSecurityGroupId")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_rule_between_groups_stands_once_and_nothing_waits_for_itself(
        rules in prop::collection::vec((0_usize..5, 0_usize..5), 0..12),
        closed in any::<bool>(),
    ) {
        let template = edges(&rules, if closed { Outbound::Nowhere } else { Outbound::Anywhere });
        let wanted = rules.iter().collect::<BTreeSet<_>>().len();
        let (inside, apart) = inbound(&template);
        prop_assert_eq!(inside + apart, wanted);
        let (inside, apart) = outbound(&template);
        prop_assert_eq!(inside + apart, if closed { wanted } else { 0 });
    }

    #[test]
    fn rules_of_the_later_stack_never_make_the_earlier_one_wait(
        rules in prop::collection::vec((0_usize..5, 0_usize..5), 0..12),
        closed in any::<bool>(),
    ) {
        let mut app = App::new();
        let mut earlier = app.stack("earlier");
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None).build(&mut earlier, "Network");
        let outbound = if closed { Outbound::Nowhere } else { Outbound::Anywhere };
        let build = |stack: &mut Stack<'_>, name| SecurityGroup::new(&vpc, name, outbound).build(stack, name);
        let mut groups: Vec<_> = ["A", "B", "C"].map(|name| build(&mut earlier, name)).into();
        let mut later = app.stack("later");
        groups.extend(["D", "E"].map(|name| build(&mut later, name)));
        for (to, from) in &rules {
            groups[*to].allow(&mut later, &groups[*from], Port::HTTPS);
        }
        let templates: Vec<_> =
            app.synthesize().unwrap().stacks.into_iter().map(|stack| stack.template).collect();
        prop_assert_eq!(inbound(&templates[0]), (0, 0));
        let (inside, apart) = inbound(&templates[1]);
        prop_assert_eq!(inside + apart, rules.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn without_a_circle_no_rule_stands_apart(
        rules in prop::collection::vec((0_usize..5, 0_usize..5), 0..12),
    ) {
        // From a later group to an earlier one alone: there is no way back.
        let rules: Vec<_> = rules.into_iter().filter(|(to, from)| to < from).collect();
        let template = edges(&rules, Outbound::Anywhere);
        prop_assert_eq!(inbound(&template).1, 0);
    }
}
