//! `ecs-ec2`: containers on instances of one's own and on Fargate, with files that all zones share.

use std::time::Duration;

use formwork::{certificatemanager, prelude::*};

/// The port that the containers listen on.
const PORT: u16 = 8080;
/// The user that owns the shared files.
const OWNER: u32 = 1000;

/// Adds the stack to an app.
pub fn ecs_ec2(app: &mut App) {
    let stack = &mut app.stack("ecs-ec2");
    stack.description("Containers on instances and on Fargate, with files that all zones share");

    let vpc = Vpc::new("10.5.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("App"))
        .build(stack, "Network");
    let files = FileSystem::new(&vpc.private()).backed_up().cold_after_a_month().build(stack, "Files");
    let uploads = TaskVolume::shared("uploads", &files.access_point(stack, "Uploads", "/uploads", OWNER));

    let shells = LogGroup::new(Retention::OneYear).build(stack, "Shells");
    let cluster = Cluster::new()
        .insights(ContainerInsights::Enhanced)
        .execute_command(ExecuteCommand::logged_to(&shells))
        .build(stack, "Services");
    let machines = machines(stack, &vpc, &cluster);
    let capacity = ClusterCapacity::new(&cluster).instances(&machines).build(stack, "Capacity");

    let images = Repository::new()
        .lifecycle(ImageLifecycleRule::expire_after_days(7).of_untagged())
        .keep_images(30)
        .scan_on_push()
        .build(stack, "Images");
    let web = serve(stack, &cluster, &capacity, &machines, &vpc, (&images, &uploads));
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate = certificatemanager::Certificate::new("uploads.example.com")
        .validation_method("DNS")
        .build(stack, "Certificate");
    balancer.http(stack).redirect_to_https();
    let listener = balancer
        .https(stack, &certificate)
        .forward_to(&web.port(PORT).health_check(HealthCheck::path("/health")));
    let render = render(stack, &cluster, &capacity, &machines, &images);
    listener
        .rule(stack, "Render", 10, Requests::to_path(["/render/*"]))
        .forward_to(&render.port(PORT).health_check(HealthCheck::path("/health")));
    stack.output("Url", balancer.url()).description("Where the service answers");

    work(stack, &cluster, &capacity, &vpc, (&images, &uploads));
}

/// Instances that come and go with the tasks on them.
fn machines(stack: &mut Stack<'_>, vpc: &VpcHandle, cluster: &ClusterHandle) -> InstanceCapacityHandle {
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .permission(cluster.join())
        .permission(session_manager())
        .build(stack, "Instance");
    let group =
        SecurityGroup::new(vpc, "instances of the cluster", Outbound::Anywhere).build(stack, "Machines");
    let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::Arm64), "m7g.large")
        .role(&role)
        .security_group(&group)
        .user_data(cluster.joining())
        .build(stack, "Machine");
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 6), InstanceRefresh::new())
            .build(stack, "Fleet");
    InstanceCapacity::new(&fleet).full(90).build(stack, "MachineCapacity")
}

/// The service on the instances, behind the balancer.
fn serve(
    stack: &mut Stack<'_>,
    cluster: &ClusterHandle,
    capacity: &ClusterCapacityHandle,
    machines: &InstanceCapacityHandle,
    vpc: &VpcHandle,
    (images, uploads): (&RepositoryHandle, &TaskVolume),
) -> InstanceServiceHandle<Ranged> {
    let settings = TaskVolume::scratch("settings");
    let fetch = Container::new("fetch", ContainerImage::in_repository(images, "settings"))
        .stored_parameter("SOURCE", "/ecs-ec2/settings")
        .optional()
        .mount(&settings, "/settings");
    let web = Container::new("web", ContainerImage::in_repository(images, "web"))
        .port(PORT)
        .after("fetch", ContainerState::Succeeded)
        .health_command("wget -q -O - http://localhost:8080/health")
        .mount_read_only(&settings, "/settings")
        .mount(uploads, "/uploads")
        .open_files(65_536)
        .log_driver(LogDriver::awslogs().multi_line_datetime("%Y-%m-%dT%H:%M:%S").non_blocking(16))
        .init_process();
    let task = InstanceTask::new(512, 1024, Architecture::Arm64, Retention::OneMonth, web)
        .container(fetch)
        .build(stack, "Web");
    let share = [capacity.instances(machines).base(1)];
    let service = InstanceService::new(cluster, &task, &vpc.private(), Capacity::between(2, 8), share)
        .placement([Placement::SpreadOverZones, Placement::PackByMemory])
        .execute_command()
        .build(stack, "WebService");
    service.track_cpu(stack, 60);
    service
}

/// What makes pictures of pages: many small tasks, that take no network interface of their instance.
fn render(
    stack: &mut Stack<'_>,
    cluster: &ClusterHandle,
    capacity: &ClusterCapacityHandle,
    machines: &InstanceCapacityHandle,
    images: &RepositoryHandle,
) -> HostPortServiceHandle<Ranged> {
    let check = ContainerHealthCheck::shell("wget -q -O - http://localhost:8080/health")
        .interval(Duration::from_secs(10))
        .timeout(Duration::from_secs(3))
        .retries(5)
        .start_period(Duration::from_mins(1));
    let render = Container::new("render", ContainerImage::in_repository(images, "render"))
        .port(PORT)
        .health_check(check)
        .ulimit(UlimitName::Processes, 512, 1024)
        .tmpfs("/tmp", 128, ["nosuid", "nodev"])
        .memory_reservation(256)
        .memory_limit(512)
        .drop_capability(Capability::All)
        .restart(RestartPolicy::after(Duration::from_mins(5)))
        .on_host_ports()
        .shared_memory(256)
        .log_driver(LogDriver::json_file().option("max-size", "10m").option("max-file", "3"));
    let task = HostPortTask::bridge(256, 512, Architecture::Arm64, Retention::OneMonth, render)
        .build(stack, "Render");
    let share = [capacity.instances(machines)];
    let service = HostPortService::new(cluster, &task, Capacity::between(2, 12), share)
        .placement([Placement::SpreadOverZones, Placement::PackByMemory])
        .build(stack, "RenderService");
    service.track_cpu(stack, 70);
    service
}

/// What works on the files: at all times on Fargate, mostly Spot, and once a night.
fn work(
    stack: &mut Stack<'_>,
    cluster: &ClusterHandle,
    capacity: &ClusterCapacityHandle,
    vpc: &VpcHandle,
    (images, uploads): (&RepositoryHandle, &TaskVolume),
) {
    let container = |name: &str| {
        Container::new(name, ContainerImage::in_repository(images, name)).mount(uploads, "/uploads")
    };
    let size = FargateSize::of::<256, 512>();
    let thumbnails = FargateTask::new(
        size,
        Architecture::Arm64,
        Retention::OneMonth,
        container("thumbnails").init_process(),
    )
    .build(stack, "Thumbnails");
    FargateService::new(cluster, &thumbnails, &vpc.private(), Capacity::fixed(3))
        .capacity_shares([capacity.fargate().base(1), capacity.fargate_spot().weight(3)])
        .build(stack, "ThumbnailService");
    let sweep = FargateTask::new(size, Architecture::Arm64, Retention::OneMonth, container("sweep"))
        .build(stack, "Sweep");
    ScheduledTask::cron("0 3 * * ? *", cluster, &sweep, &vpc.private())
        .time_zone("Europe/Vienna")
        .build(stack, "Nightly");
}
