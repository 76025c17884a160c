//! The reference stacks: what teams build, written as they would write it.

mod cloud_ide;
mod compute_lab;
mod ecs_delivery;
mod ecs_ec2;
mod ecs_fargate;
mod ecs_patterns;
mod iam_lab;
mod load_balancers;
mod network_lab;
mod web_asg;

use formwork::App;

pub use cloud_ide::cloud_ide;
pub use compute_lab::compute_lab;
pub use ecs_delivery::ecs_delivery;
pub use ecs_ec2::ecs_ec2;
pub use ecs_fargate::ecs_fargate;
pub use ecs_patterns::ecs_patterns;
pub use iam_lab::iam_lab;
pub use load_balancers::load_balancers;
pub use network_lab::network_lab;
pub use web_asg::web_asg;

/// All reference stacks in one app.
pub fn app() -> App {
    let mut app = App::new();
    app.tag("project", "formwork");
    web_asg(&mut app);
    ecs_fargate(&mut app);
    ecs_ec2(&mut app);
    ecs_delivery(&mut app);
    ecs_patterns(&mut app);
    network_lab(&mut app);
    load_balancers(&mut app);
    cloud_ide(&mut app);
    compute_lab(&mut app);
    iam_lab(&mut app);
    app
}
