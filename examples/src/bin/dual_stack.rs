//! A network with IPv6 beside IPv4, which has grown: a tier lives in a range that came later.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let mut stack = app.stack("network");

    // Private tiers reach IPv6 addresses by an egress-only gateway, and IPv4 ones by an instance.
    let vpc =
        Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::OneInstance(NatInstance::arm64("t4g.nano")))
            .dual_stack()
            .further_range("10.1.0.0/20")
            .tier(Tier::public("Public"))
            .tier(Tier::private("App"))
            .tier(Tier::isolated("Data").ranges(["10.1.0.0/24", "10.1.1.0/24"]))
            .build(&mut stack, "Network");

    let web = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(&mut stack, "Web");
    web.allow(&mut stack, Peer::any_ipv4(), Port::HTTPS);
    web.allow(&mut stack, Peer::any_ipv6(), Port::HTTPS);
    web.allow_out(&mut stack, Peer::any_ipv6(), Port::ALL);

    app.synth()?;
    Ok(())
}
