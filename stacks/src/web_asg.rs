//! `web-asg`: web servers in a fleet that scales, behind a load balancer.

use formwork::prelude::*;
use serde::Serialize;

/// The port that the servers listen on.
const PORT: u16 = 8080;
/// The path that the load balancer asks for.
const HEALTH: &str = "/health";
/// The instances that the fleet has at most.
const INSTANCES: u32 = 10;
/// The CPU load that scaling holds, in percent.
const CPU: u8 = 70;

/// What the template of the user data wants to know.
#[derive(Serialize)]
struct Site {
    title: &'static str,
    port: u16,
    health_path: &'static str,
}

/// Adds the stack to an app.
pub fn web_asg(app: &mut App) {
    let stack = &mut app.stack("web-asg");
    stack.description("Web servers in a fleet that scales, behind a load balancer");

    let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");

    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .description("What a web server may do: be reached by Session Manager")
        .permission(session_manager())
        .build(stack, "Server");
    let servers = SecurityGroup::new(&vpc, "web servers", Outbound::Anywhere).build(stack, "Servers");
    let site = Site { title: "formwork", port: PORT, health_path: HEALTH };
    let script = UserData::template_with(
        include_str!("../../templates/user-data/nginx.sh.hbs"),
        &site,
        [("region", pseudo::region())],
    );
    let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
        .role(&role)
        .security_group(&servers)
        .root_volume(Volume::gp3(8))
        .user_data(script)
        .build(stack, "Template");

    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(1, INSTANCES))
        .rolling_update(AutoScalingRollingUpdate::new().min_instances_in_service(1).max_batch_size(2))
        .build(stack, "Fleet");
    fleet.track_cpu(stack, CPU);
    fleet.scale_in_steps(stack, "Rush", StepScaling::on_cpu().above(85, 2).above(95, 4));
    fleet.schedule(
        stack,
        "Evening",
        Schedule::cron("0 20 * * MON-FRI").time_zone("Europe/Zurich").min(1).max(2),
    );
    fleet.schedule(
        stack,
        "Morning",
        Schedule::cron("0 6 * * MON-FRI").time_zone("Europe/Zurich").min(1).max(INSTANCES),
    );

    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    balancer.http(stack).forward_to(&fleet.port(PORT).health_check(HealthCheck::path(HEALTH)));
    stack.output("Url", balancer.url()).description("Where the site answers");
}
