//! `cloud-ide`: VS Code in the browser, on a fleet that grows with the people who work.

use std::time::Duration;

use formwork::prelude::*;
use serde::Serialize;

/// The port of nginx.
const PORT: u16 = 8080;
/// The port of code-server behind it.
const EDITOR_PORT: u16 = 8090;
/// The path that the load balancer asks for.
const HEALTH: &str = "/health";
/// How long a machine takes until somebody can work on it.
const WARM_UP: Duration = Duration::from_mins(5);
/// The machines that there are at most.
const MACHINES: u32 = 10;

/// What the template of the user data wants to know.
#[derive(Serialize)]
struct Desk {
    port: u16,
    editor_port: u16,
    health_path: &'static str,
}

/// Adds the stack to an app.
///
/// Machines start from a golden image, in private subnets, and nobody opens a port to get in: Session
/// Manager does. Workspaces are in a bucket. A controller, which is not part of this, looks who works
/// where and sends idle machines home: its user may do that to this fleet and nothing else.
pub fn cloud_ide(app: &mut App) {
    let stack = &mut app.stack("cloud-ide");
    stack.description("VS Code in the browser, on a fleet that grows with the people who work");
    let golden = stack.parameter(
        "GoldenImage",
        Parameter::image_from_ssm("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
            .description("The SSM parameter of the golden image: with code-server, nginx and the AWS CLI"),
    );

    let vpc = Vpc::new("10.40.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("Desks"))
        .build(stack, "Network");
    vpc.gateway_endpoint(stack, GatewayEndpoint::s3());
    let workspaces = workspaces(stack);
    let password = Secret::password().description("Opens the editors").build(stack, "Password");

    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .description("What a machine may do: workspaces, the password, Session Manager")
        .permission(session_manager())
        .permission(password.read())
        .permission(read_and_write(&workspaces))
        .build(stack, "Machine");
    let machines = SecurityGroup::new(&vpc, "machines", Outbound::Anywhere).build(stack, "Machines");
    let desk = Desk { port: PORT, editor_port: EDITOR_PORT, health_path: HEALTH };
    let script = UserData::template_with(
        include_str!("../../templates/user-data/cloud-ide.sh.hbs"),
        &desk,
        [
            ("bucket", Expr::<String>::from(workspaces.bucket_name())),
            ("secret", password.arn()),
            ("region", pseudo::region()),
        ],
    );
    let image = Image::id(golden.value()).architecture(Architecture::Arm64);
    let template = LaunchTemplate::new(image, InstanceType::new(Family::M7g, Size::Large))
        .role(&role)
        .security_group(&machines)
        .root_volume(Volume::gp3(40))
        .detailed_monitoring()
        .user_data(script)
        .build(stack, "Template");

    let alerts = sns::Topic::new().display_name("cloud-ide").build(stack, "Alerts");
    let kinds = [Family::M7g, Family::M8g, Family::C7g, Family::R7g]
        .map(|family| InstanceType::new(family, Size::Large));
    // A new machine is there before an old one goes, and nobody loses the one that they work on.
    let refresh = InstanceRefresh::new().healthy(100, 150).except_protected();
    let fleet = AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(1, MACHINES), refresh)
        // The first machine is always there; half of the others may be taken back.
        .mixed(MixedInstances::of(kinds).on_demand(1, 50).spot(SpotAllocation::PriceCapacityOptimized))
        .capacity_rebalance()
        .warm_up(WARM_UP)
        .health_check_grace(WARM_UP)
        .health_checks([FleetHealth::Volumes])
        .lifecycle_hook(
            LifecycleHook::before_termination("save-workspaces", Duration::from_mins(2)).then_go_on(),
        )
        .notify(&alerts, [FleetEvent::LaunchError, FleetEvent::TerminationError])
        .termination_policies([TerminationPolicy::AllocationStrategy, TerminationPolicy::OldestInstance])
        .measured()
        .build(stack, "Fleet");
    let load = StepScaling::on_cpu().above(60, 1).above(75, 2).above(90, 4).below(20, 1);
    fleet.scale_in_steps(stack, "Load", load);
    let hours = |cron: &str| Schedule::cron(cron).time_zone("Europe/Zurich");
    fleet.schedule(stack, "Evening", hours("0 20 * * MON-FRI").min(1).max(2));
    fleet.schedule(stack, "Morning", hours("0 7 * * MON-FRI").min(2).max(MACHINES));

    let certificate = certificatemanager::Certificate::new("ide.example.com")
        .validation_method("DNS")
        .build(stack, "Certificate");
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc)
        // Editors are silent while people think.
        .idle_timeout(Duration::from_hours(1))
        .build(stack, "Balancer");
    balancer.http(stack).redirect_to_https();
    let desks = TargetGroup::http(&fleet.port(PORT))
        .health_check(HealthCheck::path(HEALTH))
        .sticky(Stickiness::for_duration(Duration::from_hours(12)));
    let listener = balancer.https(stack, &certificate).forward_to(desks);

    controller(stack, &fleet);
    watch(stack, &fleet, &balancer, listener.targets(), &alerts);
    stack.output("Url", balancer.dns_name()).description("Where people work");
    stack.output("Workspaces", workspaces.bucket_name()).description("Where their work is kept");
}

/// Where work is kept, with earlier versions for a while.
fn workspaces(stack: &mut Stack<'_>) -> Handle<s3::Bucket> {
    let encryption = s3::bucket::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(s3::bucket::ServerSideEncryptionByDefault::new("AES256"));
    let old = s3::bucket::Rule::new("Enabled")
        .noncurrent_version_expiration(s3::bucket::NoncurrentVersionExpiration::new(30));
    s3::Bucket::new()
        .bucket_encryption(s3::bucket::BucketEncryption::new([encryption]))
        .versioning_configuration(s3::bucket::VersioningConfiguration::new("Enabled"))
        .lifecycle_configuration(s3::bucket::LifecycleConfiguration::new([old]))
        .public_access_block_configuration(
            s3::bucket::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
        .deletion_policy(DeletionPolicy::Retain)
        .update_replace_policy(UpdateReplacePolicy::Retain)
        .build(stack, "Workspaces")
}

/// What a machine does with workspaces.
fn read_and_write(bucket: &Handle<s3::Bucket>) -> [Permission; 2] {
    let arn = || Expr::<String>::from(bucket.arn());
    [
        Permission::new(["s3:ListBucket"], [arn()]),
        Permission::new(["s3:GetObject", "s3:PutObject"], [concat([arn(), "/workspace/*".into()])]),
    ]
}

/// The user of the controller, with the six actions that it needs.
fn controller(stack: &mut Stack<'_>, fleet: &AutoScalingGroupHandle<Ranged>) {
    let group = sub!(
        "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}",
        partition = pseudo::partition(),
        region = pseudo::region(),
        account = pseudo::account_id(),
        name = fleet.group().reference(),
    );
    let change = Permission::new(
        [
            "autoscaling:SetDesiredCapacity",
            "autoscaling:SetInstanceProtection",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
        ],
        [group],
    );
    let look = Permission::on_everything(
        [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "ec2:DescribeInstances",
        ],
        "actions that describe take no resource",
    );
    User::new().name("asg-controller").permission([change, look]).build(stack, "Controller");
}

/// Alarms, and a page that shows how it goes.
fn watch(
    stack: &mut Stack<'_>,
    fleet: &AutoScalingGroupHandle<Ranged>,
    balancer: &ApplicationLoadBalancerHandle,
    desks: &TargetGroupHandle<aws::load_balancer::Application>,
    alerts: &Handle<sns::Topic>,
) {
    let name = || Expr::<String>::from(fleet.group().reference());
    let dimension = cloudwatch::alarm::Dimension::new;
    cloudwatch::Alarm::new("GreaterThanThreshold")
        .alarm_description("all machines are busy, and there are as many as there may be")
        .namespace("AWS/EC2")
        .metric_name("CPUUtilization")
        .statistic("Average")
        .dimensions([dimension("AutoScalingGroupName", name())])
        .period(300)
        .evaluation_periods(3)
        .threshold(90)
        .alarm_actions([alerts])
        .build(stack, "BusyAlarm");
    cloudwatch::Alarm::new("GreaterThanThreshold")
        .alarm_description("a machine does not answer")
        .namespace("AWS/ApplicationELB")
        .metric_name("UnHealthyHostCount")
        .statistic("Maximum")
        .dimensions([
            dimension("LoadBalancer", balancer.load_balancer().load_balancer_full_name()),
            dimension("TargetGroup", desks.full_name()),
        ])
        .period(60)
        .evaluation_periods(5)
        .threshold(0)
        .treat_missing_data("notBreaching")
        .alarm_actions([alerts])
        .build(stack, "UnwellAlarm");
    let widget = |title: &str, namespace: &str, metric: &str, dimension: &str, value: Expr<String>, x: u8| {
        concat([
            format!(
                r#"{{"type":"metric","x":{x},"y":0,"width":8,"height":6,"properties":{{"title":"{title}","metrics":[["{namespace}","{metric}","{dimension}",""#
            )
            .into(),
            value,
            r#""]],"period":60,"stat":"Average","region":""#.into(),
            pseudo::region(),
            r#""}}"#.into(),
        ])
    };
    let body = concat([
        r#"{"widgets":["#.into(),
        widget("load", "AWS/EC2", "CPUUtilization", "AutoScalingGroupName", name(), 0),
        ",".into(),
        widget("machines", "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", name(), 8),
        ",".into(),
        widget(
            "requests",
            "AWS/ApplicationELB",
            "RequestCount",
            "LoadBalancer",
            balancer.load_balancer().load_balancer_full_name(),
            16,
        ),
        "]}".into(),
    ]);
    cloudwatch::Dashboard::new(body).build(stack, "Dashboard");
}
