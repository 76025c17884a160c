//! Web servers in a fleet that scales, behind a load balancer: the work of `bench/cdk/apps/a2-web-asg.ts`.

use std::time::Duration;

use formwork::prelude::*;

/// The CPU load that scaling holds, in percent.
const CPU_PERCENT: u8 = 70;

fn main() -> anyhow::Result<()> {
    let mut app = App::new();
    let stack = &mut app.stack("WebAsg");
    stack.environment(Environment::new("111111111111", "us-east-1"));

    let vpc = Vpc::new("10.0.0.0/16", Zones::named(["us-east-1a", "us-east-1b"]), NatPolicy::One)
        .tier(Tier::public("Public").ranges(["10.0.0.0/24", "10.0.1.0/24"]))
        .tier(Tier::private("Private").ranges(["10.0.4.0/22", "10.0.8.0/22"]))
        .build(stack, "Vpc");
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .aws_managed_policy("AmazonSSMManagedInstanceCore")
        .build(stack, "Instance");
    let servers = SecurityGroup::new(&vpc, "Web instances", Outbound::Anywhere).build(stack, "App");
    let user_data = UserData::shell()
        .line("dnf install -y nginx")
        .line("echo \"ok\" > /usr/share/nginx/html/health")
        .line("systemctl enable --now nginx");
    let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "t3.micro")
        .role(&role)
        .security_group(&servers)
        .root_volume(Volume::gp3(20))
        .user_data(user_data)
        .build(stack, "LaunchTemplate");
    let update = AutoScalingRollingUpdate::new().min_instances_in_service(1);
    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(1, 10), update)
        .health_check_grace(Duration::from_mins(2))
        .build(stack, "Asg");

    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Alb");
    let port = fleet
        .port(80)
        .deregistration_delay(Duration::from_secs(30))
        .health_check(HealthCheck::path("/health"));
    let listener = balancer.http(stack).forward_to(&port);

    fleet.track_cpu(stack, CPU_PERCENT);
    let requests = StepScaling::on(Metric::requests_per_target(listener.targets())).periods(1);
    let steps = requests.below(100, 1).above(1000, 1).above(5000, 3);
    fleet.scale_in_steps(stack, "RequestSteps", steps);
    fleet.schedule(stack, "Morning", Schedule::cron("0 8 * * 1-5").min(2).desired(4));
    fleet.schedule(stack, "Night", Schedule::cron("0 20 * * *").min(1).desired(1));
    stack.output("Url", balancer.url());
    app.synth()?;
    Ok(())
}
