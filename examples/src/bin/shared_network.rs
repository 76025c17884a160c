//! A network that stands already, by its ids: what is added to it, from two stacks.

use formwork::prelude::*;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();

    let mut network = app.stack("network");
    let vpc = Vpc::import("vpc-0a1b2c3d4e5f60718", "10.7.0.0/16")
        .tier(
            Tier::isolated("App").ranges(["10.7.0.0/24", "10.7.1.0/24"]),
            ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
            ["rtb-0a1b2c3d4e5f60718", "rtb-0a1b2c3d4e5f60719"],
        )
        .build(&mut network, "Shared");
    vpc.gateway_endpoint(&mut network, GatewayEndpoint::s3());
    // A shell on instances, without a bastion, a key or an open port.
    vpc.session_manager(&mut network, &vpc.isolated());
    let database = SecurityGroup::new(&vpc, "databases", Outbound::Nowhere).build(&mut network, "Database");

    // The rule stands in the stack that makes it: the network's stack need not know who comes.
    let mut shop = app.stack("shop");
    let web = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(&mut shop, "Web");
    database.allow(&mut shop, &web, Port::POSTGRESQL);
    let tools = Vpc::new("10.8.0.0/16", Zones::first(2), NatPolicy::None)
        .tier(Tier::isolated("Tools"))
        .build(&mut shop, "Tools");
    // Both sides get their routes. Ranges that overlap would be an error at this line.
    Peering::new(&tools, &vpc).build(&mut shop, "Peering");

    app.synth()?;
    Ok(())
}
