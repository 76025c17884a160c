use formwork::prelude::*;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    let group = ec2::SecurityGroup::new("web").build(&mut stack, "Group");
    ec2::NatGateway::new().subnet_id(&group).build(&mut stack, "Nat");
}
