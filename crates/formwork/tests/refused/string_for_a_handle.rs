use formwork::prelude::*;

fn main() {
    let _ = ec2::Subnet::new("vpc-0a1b2c3d");
}
