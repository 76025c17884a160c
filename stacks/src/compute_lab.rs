//! `compute-lab`: machines and fleets for what is not a web site.

use std::time::Duration;

use formwork::prelude::*;

/// The jobs that may wait for each worker.
const JOBS: u32 = 20;
/// The solvers that compute together.
const SOLVERS: u32 = 4;

/// Adds the stack to an app.
///
/// A workstation with a disk that outlives it; workers that follow a queue, of whatever type is cheap;
/// solvers near each other that talk past the operating system; and renderers that wait asleep, since
/// they take long to start.
pub fn compute_lab(app: &mut App) {
    let stack = &mut app.stack("compute-lab");
    stack.description("A workstation, workers of a queue, solvers and renderers");
    let vpc = Vpc::new("10.50.0.0/16", Zones::first(2), NatPolicy::One)
        .tier(Tier::public("Public"))
        .tier(Tier::private("Work"))
        .tier(Tier::private("Solvers"))
        .build(stack, "Network");
    vpc.gateway_endpoint(stack, GatewayEndpoint::s3());
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .description("What every machine may do: be reached by Session Manager")
        .permission(session_manager())
        .build(stack, "Machine");
    let machines = SecurityGroup::new(&vpc, "machines", Outbound::Anywhere).build(stack, "Machines");

    workstation(stack, &vpc, &role, &machines);
    workers(stack, &vpc, &machines);
    solvers(stack, &vpc, &role, &machines);
    renderers(stack, &vpc, &role, &machines);
}

/// One machine that people sign in to by its address, with a key, from one network.
fn workstation(stack: &mut Stack<'_>, vpc: &VpcHandle, role: &RoleHandle, machines: &SecurityGroupHandle) {
    let desk = SecurityGroup::new(vpc, "the workstation", Outbound::Nowhere).build(stack, "Desk");
    desk.allow(stack, Peer::ipv4("203.0.113.0/24"), Port::SSH);
    let keys = KeyPair::generated("compute-lab").build(stack, "Keys");
    let set_up = UserData::parts([
        UserDataPart::cloud_config(UserData::cloud_config("packages: [git, tmux]\n")),
        // The volume is put on the machine when that runs already.
        UserDataPart::script(
            UserData::shell()
                .line("disk=/dev/nvme1n1; until [ -b $disk ]; do sleep 5; done")
                .line("blkid $disk || mkfs -t xfs $disk")
                .line("mkdir -p /work && echo \"$disk /work xfs defaults,nofail 0 2\" >> /etc/fstab && mount -a"),
        ),
    ]);
    let template = LaunchTemplate::new(
        Image::ubuntu_24_04(Architecture::X86_64),
        InstanceType::new(Family::M7i, Size::Large),
    )
    .role(role)
    .security_group(machines)
    .security_group(&desk)
    .key_pair(&keys)
    // It looks for packages before its own address is on it.
    .public_address(true)
    .root_volume(Volume::gp3(30))
    .hibernation()
    .user_data(set_up)
    .build(stack, "WorkstationTemplate");
    let workstation = Instance::new(&template, &vpc.public()).build(stack, "Workstation");
    DataVolume::new(Volume::gp3_with(500, 6_000, 250), VolumeEnd::Snapshot)
        .attached_to(&workstation, "/dev/sdf")
        .build(stack, "Work");
    let address = ElasticIp::new().of(&workstation).build(stack, "Address");
    stack.output("Workstation", address.public_ip()).description("Where the workstation is");
    stack
        .output("WorkstationKey", keys.private_key_parameter())
        .description("The SSM parameter with the private key");
}

/// As many as jobs wait, of any type that is large enough, from none to twenty.
fn workers(stack: &mut Stack<'_>, vpc: &VpcHandle, machines: &SecurityGroupHandle) {
    let jobs = sqs::Queue::new().sqs_managed_sse_enabled(true).build(stack, "Jobs");
    let results = StoredParameter::below("/compute-lab/results");
    let role = Role::new(Principal::service("ec2.amazonaws.com"))
        .permission(session_manager())
        .permission(jobs.consume())
        .permission(results.write())
        .build(stack, "Worker");
    let types = InstanceRequirements::new(2, 8, 4, 32, Architecture::Arm64).current_generation();
    let template =
        LaunchTemplate::by_requirements(Image::amazon_linux_2023(Architecture::Arm64), types.clone())
            .role(&role)
            .security_group(machines)
            .user_data(
                UserData::shell().line(sub!("echo QUEUE={queue} > /etc/worker", queue = jobs.queue_url())),
            )
            .build(stack, "WorkerTemplate");
    let gone = sns::Topic::new().display_name("workers that go").build(stack, "Gone");
    // Workers that run finish their jobs; new ones are like the new template.
    let fleet = AutoScalingGroup::new(
        &vpc.tier("Work"),
        &template,
        Capacity::between(0, 20),
        FleetUpdate::leave_running(),
    )
    .mixed(MixedInstances::by_requirements(types).on_demand(0, 0))
    .capacity_rebalance()
    .lifecycle_hook(
        LifecycleHook::before_termination("finish-job", Duration::from_mins(10))
            .tell_topic(&gone)
            .then_go_on(),
    )
    .build(stack, "Workers");
    fleet.track_queue(stack, "Backlog", jobs.queue_name(), JOBS);
    // The fleet needs the role before the role can name the fleet.
    role.grant_apart(stack, fleet.group().complete_lifecycle_actions());
    stack.output("Jobs", jobs.queue_url()).description("Where jobs are put");
}

/// None until somebody wants to compute; then all near each other in one zone.
fn solvers(stack: &mut Stack<'_>, vpc: &VpcHandle, role: &RoleHandle, machines: &SecurityGroupHandle) {
    let near = PlacementGroup::cluster().build(stack, "Near");
    // What goes past the operating system asks for rules that name the group itself, out and in.
    let fabric = SecurityGroup::new(vpc, "between solvers", Outbound::Nowhere).build(stack, "Fabric");
    fabric.allow_each_other(stack, Port::ALL);
    let template = LaunchTemplate::new(
        Image::amazon_linux_2023(Architecture::Arm64),
        InstanceType::new(Family::C7gn, Size::Xlarge16),
    )
    .role(role)
    .security_group(machines)
    .network_interface(NetworkInterface::elastic_fabric().security_group(&fabric).description("solvers"))
    .placement(&near)
    .root_volume(Volume::gp3(50))
    .volume("/dev/sdf", Volume::io2(200, 16_000))
    .build(stack, "SolverTemplate");
    AutoScalingGroup::new(
        &vpc.tier("Solvers"),
        &template,
        Capacity::between(0, SOLVERS),
        AutoScalingRollingUpdate::new().max_batch_size(SOLVERS),
    )
    .build(stack, "Solvers");
}

/// They take ten minutes to start, so that some wait asleep.
fn renderers(stack: &mut Stack<'_>, vpc: &VpcHandle, role: &RoleHandle, machines: &SecurityGroupHandle) {
    let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "m7i.xlarge")
        .role(role)
        .security_group(machines)
        .root_volume(Volume::gp3(60))
        .hibernation()
        .build(stack, "RendererTemplate");
    let refresh = InstanceRefresh::new().healthy(90, 110).except_protected();
    let fleet = AutoScalingGroup::new(&vpc.tier("Work"), &template, Capacity::between(1, 6), refresh)
        .warm_up(Duration::from_mins(10))
        .lifecycle_hook(LifecycleHook::after_launch("load-scenes", Duration::from_mins(15)).then_go_on())
        .protected_from_scale_in()
        .build(stack, "Renderers");
    fleet.warm_pool(stack, WarmPool::hibernated().least(1).prepared_at_most(4).reuse());
    // The tools of the studio know one name and one port, from the days of the first balancers.
    ClassicLoadBalancer::internal(&vpc.tier("Work"), ClassicListener::tcp(5000, 5000), HealthCheck::tcp())
        .build(stack, "Studio")
        .forward_to(stack, &fleet);
    let frames = Metric::new("Studio", "FramesWaiting").dimension("Show", "pilot");
    let busy = Metric::new("Studio", "FramesPerRenderer").dimension("Show", "pilot");
    fleet.track(stack, "Frames", &busy, 12);
    fleet.scale_once(stack, "Deadline", SimpleScaling::above(frames, 2_000, 3).rest(Duration::from_mins(15)));
}
