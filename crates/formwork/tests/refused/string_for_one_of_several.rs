use formwork::prelude::*;

fn main() {
    let _ = ec2::Volume::new().kms_key_id("alias/data");
}
