//! Databases that are put where the internet begins.

use formwork_core::{Finding, ResourceVisit, builder::Node};

use super::{VpcHandle, tier::Access};

/// What says in which subnets databases stand, in its property `SubnetIds`.
const SUBNET_GROUPS: [&str; 7] = [
    "AWS::DAX::SubnetGroup",
    "AWS::DocDB::DBSubnetGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::MemoryDB::SubnetGroup",
    "AWS::Neptune::DBSubnetGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::Redshift::ClusterSubnetGroup",
];

/// What is found (`FW0443`) about something in a public tier.
pub(super) fn public(what: &str, tier: &str) -> Finding {
    Finding::warning("FW0443", format!("{what} stands in the public tier `{tier}`"))
        .hint("put it into an isolated tier, or a private one")
}

impl VpcHandle {
    /// Looks for databases in the public tiers of the network.
    pub(super) fn find_databases(&self) -> impl FnMut(&mut ResourceVisit<'_>) + 'static {
        let public_tiers = self.0.tiers.iter().filter(|tier| tier.access == Some(Access::Public));
        let tiers: Vec<_> = public_tiers.cloned().collect();
        move |resource| {
            if !SUBNET_GROUPS.contains(&resource.resource_type()) {
                return;
            }
            let Some(Node::List(subnets)) = resource.property("SubnetIds") else { return };
            let holds = |id: &Node| subnets.contains(id);
            let tier = tiers.iter().find(|tier| tier.subnets.iter().any(|subnet| holds(subnet.id.node())));
            if let Some(tier) = tier {
                resource.report(public("the database", &tier.name));
            }
        }
    }
}
