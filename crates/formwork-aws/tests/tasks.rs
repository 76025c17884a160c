//! Tasks of containers, clusters and repositories: what the reference stacks have no use for, and what
//! cannot be.
#![cfg(all(feature = "container-instances", feature = "file-systems", feature = "scheduled-tasks"))]

use std::time::Duration;

use formwork_aws::prelude::*;
use formwork_cfn::ids;
use formwork_check::Options;
use formwork_core::{App, Expr, Severity, Stack, id};

fn image() -> ContainerImage {
    ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37")
}

/// The template of a stack, in which the facts find no error, or why there is none.
fn template(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    let template = match app.synthesize() {
        Ok(mut synthesis) => synthesis.stacks.remove(0).template,
        Err(error) => return error.to_string(),
    };
    let mut findings = formwork_check::check(&template, &Options::new());
    findings.retain(|finding| finding.severity == Severity::Error);
    assert!(findings.is_empty(), "properties, actions and ARNs are what the services know: {findings:#?}");
    template.to_json()
}

/// Everything that synthesis finds.
fn findings(build: impl FnOnce(&mut Stack<'_>)) -> String {
    let mut app = App::new();
    build(&mut app.stack("shop"));
    let findings = match app.synthesize() {
        Ok(synthesis) => synthesis.findings,
        Err(error) => error.findings().to_vec(),
    };
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    findings.join("\n\n")
}

#[test]
fn cluster_and_registry() {
    let template = template(|stack| {
        let key: Expr<ids::kms::KeyArn> =
            id("arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-1111-2222-3333-444455556666");
        let bucket: Expr<ids::s3::BucketName> = id("shells-of-all");
        let shells = LogGroup::new(Retention::OneYear).build(stack, "Shells");
        let recorded = ExecuteCommand::logged_to(&shells).also_to_bucket(bucket.clone()).key(key.clone());
        let cluster = Cluster::new()
            .insights(ContainerInsights::Enhanced)
            .execute_command(recorded)
            .namespace("shop")
            .build(stack, "Services");
        Cluster::new()
            .execute_command(ExecuteCommand::not_logged())
            .fargate_storage_key(key.clone())
            .build(stack, "Silent");
        Cluster::new().execute_command(ExecuteCommand::logged_under(bucket, "shells")).build(stack, "Bucket");

        let images = Repository::new()
            .lifecycle(ImageLifecycleRule::keep_newest(30).of_tags_like(["release-*"]))
            .lifecycle(ImageLifecycleRule::expire_after_days(7).of_tag_prefixes(["branch-", "pull-"]))
            .lifecycle(ImageLifecycleRule::expire_after_days(1).of_untagged())
            .lifecycle(ImageLifecycleRule::archive_unpulled_after_days(60))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(365))
            .mutable_tags_like(["latest", "branch-*"])
            .key(key)
            .build(stack, "Images");
        Repository::new().mutable_tags().build(stack, "Scratch");
        RegistryScanning::enhanced().on_push(["*"]).continuously(["shop/*"]).build(stack, "Scanning");
        RegistryScanning::basic().on_push(["*"]).build(stack, "Basic");

        let task = InstanceTask::new(
            256,
            300,
            Architecture::X86_64,
            Retention::OneWeek,
            Container::new("web", ContainerImage::in_repository(&images, "1.0")),
        )
        .build(stack, "Web");
        let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
        let subnet: Expr<ids::ec2::SubnetId> = id("subnet-0a1b2c3d4e5f60718");
        let capacity = ClusterCapacity::new(&cluster).build(stack, "Capacity");
        let fargate = FargateTask::new(
            FargateSize::of::<256, 512>(),
            Architecture::X86_64,
            Retention::OneWeek,
            Container::new("web", image()),
        )
        .build(stack, "Shell");
        FargateService::new(&cluster, &fargate, &Subnets::of(vpc, [subnet]), Capacity::fixed(1))
            .capacity_shares([capacity.fargate_spot()])
            .execute_command()
            .build(stack, "ShellService");
        Role::new(Principal::service("lambda.amazonaws.com"))
            .permission(task.run(&cluster))
            .permission(cluster.describe_tasks())
            .permission([cluster.stop_tasks(), cluster.open_shells()])
            .build(stack, "Starter");
    });
    insta::assert_snapshot!(template);
}

#[test]
fn repositories_that_cannot_be() {
    let text = findings(|stack| {
        let keep = ImageLifecycleRule::keep_newest;
        Repository::new()
            .lifecycle(keep(30))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(90))
            .keep_images(20)
            .build(stack, "Any");
        Repository::new()
            .lifecycle(keep(0).of_untagged())
            .lifecycle(keep(1).of_tags_like(["a*b*c*d*e*"]))
            .lifecycle(keep(1).of_tag_prefixes(["release-*"]))
            .lifecycle(keep(1).of_tag_prefixes(Vec::<String>::new()))
            .lifecycle(ImageLifecycleRule::expire_archived_after_days(30))
            .build(stack, "Rules");
        Repository::new().mutable_tags_like(["a", "b", "c", "d", "e", "f", "*g*g*"]).build(stack, "Tags");
        RegistryScanning::basic().on_push(["shop/*"]).continuously(["shop/*"]).build(stack, "Scanning");
    });
    insta::assert_snapshot!(text);
}

/// What every platform has.
fn anywhere(stack: &mut Stack<'_>, key: &Expr<ids::s3::BucketArn>) -> Container {
    let token = Secret::password().build(stack, "Token");
    let registry = Secret::credentials("puller").build(stack, "Registry");
    let check = ContainerHealthCheck::program(["/bin/probe", "--quick"])
        .interval(Duration::from_secs(10))
        .timeout(Duration::from_secs(2))
        .retries(5)
        .start_period(Duration::from_mins(2));
    Container::new("web", ContainerImage::with_credentials("registry.example.com/web:1.0", &registry))
        .port(8080)
        .udp_port(8125)
        .environment_file(key.clone(), "web/production.env")
        .entry_point(["/bin/web"])
        .command(["--verbose"])
        .working_directory("/srv")
        .health_check(check)
        .open_files(65_536)
        .cpu(128)
        .memory_limit(400)
        .memory_reservation(256)
        .trace_processes()
        .drop_capability(Capability::NetRaw)
        .tmpfs("/tmp", 64, ["noexec", "nosuid"])
        .system_control("net.core.somaxconn", "4096")
        .restart(RestartPolicy::after(Duration::from_mins(5)).unless_exit_codes([0, 143]))
        .docker_label("team", "shop")
        .start_timeout(Duration::from_mins(1))
        .stop_timeout(Duration::from_mins(2))
        .log_driver(
            LogDriver::splunk("https://splunk.example.com:8088", &token).option("splunk-index", "shop"),
        )
}

#[test]
fn containers_anywhere() {
    let template = template(|stack| {
        let files = id("arn:aws:s3:::settings-of-all");
        let web = anywhere(stack, &files);
        let group = LogGroup::new(Retention::OneYear).build(stack, "Audit");
        let audit = LogDriver::awslogs_to(&group).multi_line_pattern(r"^\[").non_blocking(25);
        FargateTask::new(FargateSize::of::<512, 1024>(), Architecture::Arm64, Retention::OneWeek, web)
            .container(Container::new("audit", image()).optional().log_driver(audit))
            .container(Container::new("silent", image()).optional().log_driver(LogDriver::none()))
            .ephemeral_storage(100)
            .share_processes()
            .build(stack, "Web");
    });
    insta::assert_snapshot!(template);
}

#[test]
fn containers_on_instances() {
    let template = template(|stack| {
        let model = Container::new("model", image())
            .on_instances()
            .gpus(1)
            .shared_memory(1024)
            .swap_by(2048, 10)
            .memory_limit(4096)
            .add_capability(Capability::IpcLock)
            .drop_capability(Capability::All)
            .device("/dev/fuse")
            .security_option("no-new-privileges")
            .ulimit(UlimitName::Processes, 4096, 8192)
            .unlimited(UlimitName::LockedMemory)
            .log_driver(LogDriver::json_file().option("max-size", "10m").option("max-file", "3"));
        let probe = Container::new("probe", image())
            .on_instances()
            .privileged()
            .log_driver(LogDriver::fluentd("localhost:24224").option("tag", "probe"));
        let syslog = LogDriver::syslog("tcp+tls://logs.example.com:6514").blocking();
        InstanceTask::new(1024, 8192, Architecture::X86_64, Retention::OneWeek, model)
            .container(probe)
            .container(Container::new("journal", image()).on_instances().log_driver(LogDriver::journald()))
            .container(Container::new("syslog", image()).on_instances().log_driver(syslog))
            .build(stack, "Model");
        let web = Container::new("web", image())
            .port(8080)
            .on_host_ports()
            .host_port(9090, 9090)
            .hostname("web")
            .extra_host("database", "10.0.0.10")
            .dns_server("10.0.0.2")
            .dns_search_domain("shop.example.com")
            .log_driver(LogDriver::gelf("udp://logs.example.com:12201"));
        HostPortTask::bridge(256, 512, Architecture::Arm64, Retention::OneWeek, web)
            .container(Container::new("other", image()).port(8080))
            .build(stack, "Web");
        let agent = Container::new("agent", image()).port(9100);
        let router = Container::fluentd_router(image()).router_option("enable-ecs-log-metadata", "false");
        HostPortTask::host(256, 512, Architecture::Arm64, Retention::OneWeek, agent)
            .container(router)
            .container(Container::new("probe", image()).on_instances().privileged())
            .processes_of_instance()
            .share_memory()
            .build(stack, "Agent");
    });
    insta::assert_snapshot!(template);
}

#[test]
fn containers_that_cannot_be() {
    let text = findings(|stack| {
        let check = ContainerHealthCheck::program(Vec::<String>::new())
            .interval(Duration::from_secs(1))
            .timeout(Duration::from_mins(2))
            .retries(0)
            .start_period(Duration::from_mins(6));
        let web = Container::new("web", image())
            .health_check(check)
            .restart(RestartPolicy::after(Duration::from_secs(1)).unless_exit_codes(0..60))
            .stop_timeout(Duration::from_mins(3))
            .ulimit(UlimitName::OpenFiles, 2, 1)
            .ulimit(UlimitName::Processes, 1, 2)
            .open_files(1)
            .environment_file(id("arn:aws:s3:::settings"), "production.json")
            .environment("LEVEL", "info")
            .stored_parameter("LEVEL", "/shop/level")
            .system_control("vm.max_map_count", "262144")
            .system_control("kernel.shmmax", "262144")
            .tmpfs("/tmp", 0, ["noexec"])
            .memory_limit(1024)
            .cpu(300);
        let other = Container::new("other", image())
            .memory_limit(4)
            .memory_reservation(5)
            .named_port("other", 80)
            .named_port("other", 80)
            .mount(&TaskVolume::scratch("one"), "/tmp")
            .mount(&TaskVolume::scratch("two"), "/tmp");
        let size = FargateSize::of::<256, 512>();
        FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web)
            .container(other)
            .ephemeral_storage(20)
            .build(stack, "Limits");

        let model = Container::new("model", image()).on_instances().gpus(0).swap_by(64, 101);
        InstanceTask::new(256, 512, Architecture::Arm64, Retention::OneWeek, model).build(stack, "Model");

        let named = |name: &str| Container::new(name, image()).on_host_ports();
        let first = named("first").host_port(8080, 80).host_port(22, 22);
        HostPortTask::bridge(256, 512, Architecture::Arm64, Retention::OneWeek, first)
            .container(named("second").host_port(8080, 80))
            .build(stack, "Bridge");
        let first = named("first").host_port(8080, 80).port(51_678).system_control("net.core.somaxconn", "1");
        HostPortTask::host(256, 512, Architecture::Arm64, Retention::OneWeek, first)
            .container(named("second").port(80))
            .build(stack, "Host");

        let logs = |name: &str, driver| Container::new(name, image()).log_driver(driver);
        let two = LogDriver::awslogs().multi_line_pattern("^").multi_line_datetime("%Y").non_blocking(0);
        let routed = LogDriver::firelens([("Name", "s3")]).non_blocking(1).multi_line_pattern("^");
        FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, logs("two", two))
            .container(logs("routed", routed))
            .container(logs("none", LogDriver::none().option("tag", "none")))
            .build(stack, "Logs");
        let gelf = Container::new("gelf", image()).on_instances().log_driver(LogDriver::gelf("localhost:1"));
        InstanceTask::new(256, 512, Architecture::Arm64, Retention::OneWeek, gelf).build(stack, "Gelf");
    });
    insta::assert_snapshot!(text);
}

/// A fleet of instances for tasks, and its security group.
fn machines(
    stack: &mut Stack<'_>,
    vpc: &VpcHandle,
    cluster: &ClusterHandle,
    name: &str,
) -> (InstanceCapacityHandle, SecurityGroupHandle) {
    let group = SecurityGroup::new(vpc, "machines", Outbound::Anywhere).build(stack, &format!("{name}Group"));
    let template = LaunchTemplate::new(Image::ecs_optimized(Architecture::X86_64), "m7i.large")
        .security_group(&group)
        .user_data(cluster.joining())
        .build(stack, &format!("{name}Template"));
    let fleet =
        AutoScalingGroup::new(&vpc.private(), &template, Capacity::between(0, 4), InstanceRefresh::new())
            .build(stack, name);
    (InstanceCapacity::new(&fleet).build(stack, &format!("{name}Capacity")), group)
}

#[test]
fn services_by_ports_of_instances() {
    let template = template(|stack| {
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
            .tier(Tier::public("Public"))
            .tier(Tier::private("App"))
            .build(stack, "Network");
        let cluster = Cluster::new().build(stack, "Services");
        let (first, _) = machines(stack, &vpc, &cluster, "First");
        let (second, _) = machines(stack, &vpc, &cluster, "Second");
        let capacity =
            ClusterCapacity::new(&cluster).instances(&first).instances(&second).build(stack, "Capacity");
        let files = FileSystem::new(&vpc.private()).build(stack, "Files");
        let shared = TaskVolume::shared("shared", &files.access_point(stack, "Shared", "/shared", 1000));

        let web = Container::new("web", image())
            .named_port_speaking("web", 8080, AppProtocol::Http2)
            .mount(&shared, "/shared")
            .on_host_ports()
            .host_port(9090, 9090);
        let web =
            HostPortTask::bridge(256, 512, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
        let shares = [capacity.instances(&first), capacity.instances(&second)];
        let web = HostPortService::new(&cluster, &web, Capacity::between(2, 8), shares)
            .placement([Placement::PackByCpu])
            .offer("shop", "web")
            .build(stack, "WebService");
        web.track_cpu(stack, 60);
        let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
        balancer.http(stack).forward_to(&web.port(8080));
        balancer.http_on(stack, 81).forward_to(&web.port(9090));

        let dns = Container::new("dns", image()).udp_port(53).port(53);
        let dns =
            HostPortTask::host(256, 512, Architecture::X86_64, Retention::OneWeek, dns).build(stack, "Dns");
        let dns = HostPortService::new(&cluster, &dns, Capacity::fixed(1), [capacity.instances(&first)])
            .placement_rule(PlacementRule::DistinctInstances)
            .build(stack, "DnsService");
        let gate = NetworkLoadBalancer::internal(&vpc.private()).build(stack, "Gate");
        gate.tcp(stack, 53).forward_to(&dns.port(53));
    });
    insta::assert_snapshot!(template);
}

#[test]
fn services_that_cannot_be() {
    let text = findings(|stack| {
        let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
            .tier(Tier::public("Public"))
            .tier(Tier::private("App"))
            .build(stack, "Network");
        let cluster = Cluster::new().build(stack, "Services");
        let (machines, _) = machines(stack, &vpc, &cluster, "Fleet");
        let capacity = ClusterCapacity::new(&cluster).instances(&machines).build(stack, "Capacity");
        let web = Container::new("web", image()).named_port("web", 8080);
        let web =
            HostPortTask::host(256, 512, Architecture::X86_64, Retention::OneWeek, web).build(stack, "Web");
        HostPortService::new(&cluster, &web, Capacity::fixed(1), [capacity.instances(&machines)])
            .offer("shop", "web")
            .build(stack, "WebService");
    });
    insta::assert_snapshot!(text);
}

#[test]
fn volumes() {
    let template = template(|stack| {
        let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
        let subnet: Expr<ids::ec2::SubnetId> = id("subnet-0a1b2c3d4e5f60718");
        let key: Expr<ids::kms::KeyArn> =
            id("arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-1111-2222-3333-444455556666");
        let cluster = Cluster::new().build(stack, "Services");
        let index = Volume::gp3_with(100, 6000, 500).key(key).snapshot("snap-0a1b2c3d4e5f60718");
        let search = Container::new("search", image())
            .mount(&TaskVolume::managed_as("index", index, VolumeFormat::Ext4), "/index");
        let size = FargateSize::of::<256, 512>();
        let search =
            FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, search).build(stack, "Search");
        FargateService::new(&cluster, &search, &Subnets::of(vpc, [subnet]), Capacity::fixed(1))
            .build(stack, "SearchService");

        let nfs = DockerVolume::shared()
            .driver("local")
            .driver_option("type", "nfs")
            .driver_option("device", "files.example.com:/shop")
            .label("team", "shop");
        let web = Container::new("web", image())
            .mount(&TaskVolume::docker("shop", nfs), "/shop")
            .mount(&TaskVolume::docker("work", DockerVolume::of_task()), "/work")
            .mount_read_only(&TaskVolume::docker("models", DockerVolume::existing()), "/models");
        InstanceTask::new(256, 512, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
    });
    insta::assert_snapshot!(template);
}

#[test]
fn volumes_that_cannot_be() {
    let text = findings(|stack| {
        let vpc: Expr<ids::ec2::VpcId> = id("vpc-0a1b2c3d4e5f60718");
        let subnet: Expr<ids::ec2::SubnetId> = id("subnet-0a1b2c3d4e5f60718");
        let cluster = Cluster::new().build(stack, "Services");
        let large = TaskVolume::managed("large", Volume::gp3_with(20_000, 20_000, 1500));
        let none = TaskVolume::managed("none", Volume::io2(0, 100));
        let web = Container::new("web", image())
            .mount(&large, "/large")
            .mount(&none, "/none")
            .mount(&TaskVolume::docker("docker", DockerVolume::of_task()), "/docker")
            .mount(&TaskVolume::docker("large", DockerVolume::shared()), "/other");
        let size = FargateSize::of::<256, 512>();
        let web = FargateTask::new(size, Architecture::Arm64, Retention::OneWeek, web).build(stack, "Web");
        ScheduledTask::every("1 day", &cluster, &web, &Subnets::of(vpc, [subnet])).build(stack, "Daily");
    });
    insta::assert_snapshot!(text);
}
