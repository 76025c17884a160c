use formwork::prelude::*;

fn main() {
    let _ = ec2::NetworkAclEntry::new(ec2::network_acl_entry::NetworkAclEntryRequired {
        network_acl_id: id("acl-0a1b2c3d"),
        protocol: 6.into(),
        rule_action: "allow".into(),
    });
}
