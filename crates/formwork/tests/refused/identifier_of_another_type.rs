use formwork::prelude::*;

fn subnet(vpc: Expr<ids::ec2::SubnetId>) -> ec2::Subnet {
    ec2::Subnet::new(vpc)
}

fn main() {
    let _ = subnet;
}
