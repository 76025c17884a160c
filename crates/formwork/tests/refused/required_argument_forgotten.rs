use formwork::prelude::*;

fn main() {
    let _ = ec2::Subnet::new().cidr_block("10.0.0.0/24");
}
