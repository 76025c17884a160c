use formwork::prelude::*;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    let group = ec2::SecurityGroup::new("web").build(&mut stack, "Group");
    let _ = ec2::VpcEndpoint::new(id("vpc-0a1b2c3d")).subnet_ids([&group]);
}
