use formwork::prelude::*;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    let group = ec2::SecurityGroup::new("web").build(&mut stack, "Group");
    let _ = ec2::Volume::new().kms_key_id(&group);
}
