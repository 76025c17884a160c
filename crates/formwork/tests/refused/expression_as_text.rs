use formwork::prelude::*;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("web");
    let vpc = ec2::Vpc::new().build(&mut stack, "Vpc");
    let _ = format!("https://{}/", vpc.vpc_id());
}
