//! `web-asg`: web servers in a fleet that scales, behind a load balancer.

use std::time::Duration;

use formwork::prelude::*;
use serde::Serialize;

/// The name that people know the site by.
const NAME: &str = "www.example.com";
/// The port that the servers listen on.
const PORT: u16 = 8080;
/// The path that the load balancer asks for.
const HEALTH: &str = "/health";
/// The instances that the fleet has at most.
const INSTANCES: u32 = 10;
/// The CPU load that scaling holds, in percent.
const CPU: u8 = 60;
/// The requests that an instance answers in a minute without haste.
const REQUESTS: u32 = 1_000;
/// How long a server takes until it answers.
const WARM_UP: Duration = Duration::from_mins(3);
/// The days that logs of requests are kept.
const DAYS: u16 = 90;

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

    let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::OnePerZone)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
    vpc.gateway_endpoint(stack, GatewayEndpoint::s3());

    let logs = LogBucket::new(DAYS).build(stack, "Logs");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).access_logs(&logs).build(stack, "Balancer");
    let alerts = sns::Topic::new().display_name("web-asg").build(stack, "Alerts");
    let failures = failures(stack, &balancer, &alerts);

    let template = template(stack, &vpc);
    // New servers come before old ones go, a tenth of them first; when people see errors, they go again.
    let refresh = InstanceRefresh::new()
        .healthy(100, 150)
        .checkpoint(10, Duration::from_mins(5))
        .bake(Duration::from_mins(5))
        .alarm(&failures);
    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(2, INSTANCES), refresh)
        // Two servers are always there; most of the others may be taken back, and cost a third.
        .mixed(MixedInstances::of(["t4g.small", "t4g.medium", "m7g.medium"]).on_demand(2, 25))
        .capacity_rebalance()
        .healthy(100, 150)
        .warm_up(WARM_UP)
        .health_check_grace(WARM_UP)
        .max_lifetime(Duration::from_hours(30 * 24))
        .notify(&alerts, [FleetEvent::LaunchError, FleetEvent::TerminationError])
        .termination_policies([
            TerminationPolicy::AllocationStrategy,
            TerminationPolicy::OldestLaunchTemplate,
        ])
        .measured()
        .build(stack, "Fleet");

    let certificate =
        certificatemanager::Certificate::new(NAME).validation_method("DNS").build(stack, "Certificate");
    balancer.http(stack).redirect_to_https();
    let servers = fleet
        .port(PORT)
        .health_check(HealthCheck::path(HEALTH).interval(Duration::from_secs(10)))
        .deregistration_delay(Duration::from_secs(30));
    let listener = balancer.https(stack, &certificate).forward_to(&servers);

    fleet.track_cpu(stack, CPU);
    fleet.track_requests(stack, listener.targets(), REQUESTS);
    fleet.scale_in_steps(stack, "Rush", StepScaling::on_cpu().above(85, 2).above(95, 4));
    fleet.predict(stack, "Forecast", Prediction::of_cpu(CPU).forecast_only());
    let hours = |cron: &str| Schedule::cron(cron).time_zone("Europe/Zurich");
    fleet.schedule(stack, "Evening", hours("0 20 * * MON-FRI").min(2).max(4));
    fleet.schedule(stack, "Morning", hours("0 6 * * MON-FRI").min(4).max(INSTANCES));

    stack.output("Url", balancer.dns_name()).description("What the name of the site leads to");
}

/// How a server is made: nobody logs in over the network, and its metadata answers tokens alone.
fn template(stack: &mut Stack<'_>, vpc: &VpcHandle) -> LaunchTemplateHandle {
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .description("What a web server may do: be reached by Session Manager")
        .permission(session_manager())
        .build(stack, "Server");
    let servers = SecurityGroup::new(vpc, "web servers", Outbound::Anywhere).build(stack, "Servers");
    let site = Site { title: "formwork", port: PORT, health_path: HEALTH };
    let script = UserData::template_with(
        include_str!("../../templates/user-data/nginx.sh.hbs"),
        &site,
        [("region", pseudo::region())],
    );
    LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
        .role(&role)
        .security_group(&servers)
        .root_volume(Volume::gp3(8))
        .detailed_monitoring()
        .user_data(script)
        .build(stack, "Template")
}

/// The alarm that people see errors: it stops a deployment, and tells those who watch.
fn failures(
    stack: &mut Stack<'_>,
    balancer: &ApplicationLoadBalancerHandle,
    alerts: &Handle<sns::Topic>,
) -> Handle<cloudwatch::Alarm> {
    let name = balancer.load_balancer().load_balancer_full_name();
    cloudwatch::Alarm::new("GreaterThanThreshold")
        .alarm_description("people see errors")
        .namespace("AWS/ApplicationELB")
        .metric_name("HTTPCode_Target_5XX_Count")
        .statistic("Sum")
        .dimensions([cloudwatch::alarm::Dimension::new("LoadBalancer", name)])
        .period(60)
        .evaluation_periods(3)
        .threshold(10)
        .treat_missing_data("notBreaching")
        .alarm_actions([alerts])
        .build(stack, "Failures")
}
