//! [`Container`]: one container of a task.

mod check;
mod definition;
mod on_instances;

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::ids;
use formwork_core::{Expr, concat, pseudo};

pub(super) use check::{check, check_platform};
use on_instances::InstanceParts;

use super::{
    app_protocol::AppProtocol,
    capability::Capability,
    container_health_check::ContainerHealthCheck,
    container_image::ContainerImage,
    log_driver::{DriverParts, LogDriver},
    order::ContainerState,
    platform::{AnyPlatform, HostPorts, Instances, Platform},
    restart_policy::RestartPolicy,
    ulimit::{Ulimit, UlimitName},
    volume::TaskVolume,
};
use crate::{iam::Permission, secret::SecretHandle};

/// One container of a task. When it stops, the task stops, unless it is [`Container::optional`].
///
/// A container runs anywhere. What only instances can do is there after [`Container::on_instances`],
/// and what takes the address of the instance after [`Container::on_host_ports`]; tasks elsewhere do
/// not take the container then.
///
/// See [`AWS::ECS::TaskDefinition ContainerDefinition`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-containerdefinition.html).
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage};
///
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .port(80)
///     .environment("LEVEL", "info");
/// let model = Container::new("model", ContainerImage::public("public.ecr.aws/docker/library/python:3.14"))
///     .on_instances()
///     .gpus(1)
///     .shared_memory(1024);
/// # let _ = (web, model);
/// ```
///
/// Fargate has no GPU:
///
/// ```compile_fail
/// # use formwork_aws::{architecture::Architecture, logs::Retention};
/// # use formwork_aws::ecs::{Container, ContainerImage, FargateSize, FargateTask};
/// # let image = ContainerImage::public("public.ecr.aws/docker/library/python:3.14");
/// let model = Container::new("model", image).on_instances().gpus(1);
/// FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, model);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container is part of a task: `FargateTask::new`"]
pub struct Container<P = AnyPlatform> {
    parts: ContainerParts,
    platform: PhantomData<P>,
}

/// A container, wherever it runs.
#[derive(Debug, Clone)]
pub(super) struct ContainerParts {
    pub(super) name: String,
    image: ContainerImage,
    pub(super) ports: Vec<ContainerPort>,
    environment: Vec<(String, Expr<String>)>,
    environment_files: Vec<(Expr<String>, String)>,
    secrets: Vec<(String, Expr<String>)>,
    permissions: Vec<Permission>,
    entry_point: Option<Vec<Expr<String>>>,
    command: Option<Vec<Expr<String>>>,
    working_directory: Option<String>,
    pub(super) health_check: Option<ContainerHealthCheck>,
    writable_root: bool,
    pub(super) essential: bool,
    pub(super) after: Vec<(String, ContainerState)>,
    pub(super) mounts: Vec<(TaskVolume, String, bool)>,
    init_process: bool,
    ulimits: Vec<Ulimit>,
    start_timeout: Option<Duration>,
    stop_timeout: Option<Duration>,
    user: Option<String>,
    /// What routes logs, where it is a router: Fluent Bit or Fluentd.
    router: Option<&'static str>,
    router_options: Vec<(String, Expr<String>)>,
    pub(super) logs: DriverParts,
    cpu: Option<u32>,
    memory: Option<u32>,
    memory_reservation: Option<u32>,
    capabilities: Vec<Capability>,
    dropped_capabilities: Vec<Capability>,
    /// Paths, each with MiB and options.
    tmpfs: Vec<(String, u32, Vec<String>)>,
    system_controls: Vec<(String, String)>,
    restart: Option<RestartPolicy>,
    labels: Vec<(String, Expr<String>)>,
    instance: InstanceParts,
}

/// A port that a container listens on.
#[derive(Debug, Clone)]
pub(super) struct ContainerPort {
    pub(super) number: u16,
    pub(super) protocol: &'static str,
    pub(super) name: Option<String>,
    speaks: Option<AppProtocol>,
    /// The port of the instance, where it is said.
    pub(super) of_instance: Option<u16>,
}

impl ContainerPort {
    const fn tcp(number: u16) -> Self {
        Self { number, protocol: "tcp", name: None, speaks: None, of_instance: None }
    }
}

impl Container<AnyPlatform> {
    /// A container by its name in the task, and its image.
    pub fn new(name: impl Into<String>, image: ContainerImage) -> Self {
        let parts = ContainerParts {
            name: name.into(),
            image,
            ports: Vec::new(),
            environment: Vec::new(),
            environment_files: Vec::new(),
            secrets: Vec::new(),
            permissions: Vec::new(),
            entry_point: None,
            command: None,
            working_directory: None,
            health_check: None,
            writable_root: true,
            essential: true,
            after: Vec::new(),
            mounts: Vec::new(),
            init_process: false,
            ulimits: Vec::new(),
            start_timeout: None,
            stop_timeout: None,
            user: None,
            router: None,
            router_options: Vec::new(),
            logs: LogDriver::awslogs().into_parts(),
            cpu: None,
            memory: None,
            memory_reservation: None,
            capabilities: Vec::new(),
            dropped_capabilities: Vec::new(),
            tmpfs: Vec::new(),
            system_controls: Vec::new(),
            restart: None,
            labels: Vec::new(),
            instance: InstanceParts::default(),
        };
        Self { parts, platform: PhantomData }
    }

    /// A sidecar that takes the logs of other containers and sends them on: Fluent Bit with FireLens
    /// (`public.ecr.aws/aws-observability/aws-for-fluent-bit:stable`). The role of the task needs
    /// what it takes to write where they go.
    pub fn log_router(image: ContainerImage) -> Self {
        Self::router(image, "fluentbit")
    }

    /// A sidecar that takes the logs of other containers and sends them on: Fluentd with FireLens.
    pub fn fluentd_router(image: ContainerImage) -> Self {
        Self::router(image, "fluentd")
    }

    fn router(image: ContainerImage, kind: &'static str) -> Self {
        let mut router = Self::new("log-router", image);
        router.parts.router = Some(kind);
        router
    }

    /// An option of a router of logs (`enable-ecs-log-metadata`; `config-file-type`, which is `file` on
    /// Fargate, and `config-file-value`). What routes no logs has none.
    pub fn router_option(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.parts.router_options.push((name.into(), value.into()));
        self
    }

    /// A container for instances, that may ask for what only they have.
    pub fn on_instances(self) -> Container<Instances> {
        self.into()
    }

    /// A container for instances that is reached by ports of the instance.
    pub fn on_host_ports(self) -> Container<HostPorts> {
        self.into()
    }
}

impl<P: Platform> From<Container<AnyPlatform>> for Container<P> {
    fn from(container: Container<AnyPlatform>) -> Self {
        Self { parts: container.parts, platform: PhantomData }
    }
}

impl From<Container<Instances>> for Container<HostPorts> {
    fn from(container: Container<Instances>) -> Self {
        Self { parts: container.parts, platform: PhantomData }
    }
}

impl<P> Container<P> {
    pub(super) fn into_parts(self) -> ContainerParts {
        self.parts
    }

    /// A TCP port that it listens on.
    pub fn port(mut self, port: u16) -> Self {
        self.parts.ports.push(ContainerPort::tcp(port));
        self
    }

    /// A UDP port that it listens on.
    pub fn udp_port(mut self, port: u16) -> Self {
        self.parts.ports.push(ContainerPort { protocol: "udp", ..ContainerPort::tcp(port) });
        self
    }

    /// A TCP port that it listens on, with a name by which a service offers it to others
    /// ([`Service::offer`](super::Service::offer)).
    pub fn named_port(mut self, name: impl Into<String>, port: u16) -> Self {
        self.parts.ports.push(ContainerPort { name: Some(name.into()), ..ContainerPort::tcp(port) });
        self
    }

    /// A TCP port with a name, on which it speaks a protocol that the proxies of others know.
    pub fn named_port_speaking(mut self, name: impl Into<String>, port: u16, protocol: AppProtocol) -> Self {
        let (name, speaks) = (Some(name.into()), Some(protocol));
        self.parts.ports.push(ContainerPort { name, speaks, ..ContainerPort::tcp(port) });
        self
    }

    /// A variable of its environment.
    pub fn environment(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.parts.environment.push((name.into(), value.into()));
        self
    }

    /// Variables of its environment from a file in a bucket (`web/production.env`), read when the
    /// container starts: lines of `NAME=value`, in 10 files at most. What [`Container::environment`] says
    /// goes before. The execution role of the task may read the file; where a key of one's own encrypts
    /// it, `task.execution_role().grant(stack, key.decrypt())` is needed too.
    pub fn environment_file(
        mut self,
        bucket: impl Into<Expr<ids::s3::BucketArn>>,
        key: impl Into<String>,
    ) -> Self {
        let (bucket, key): (Expr<String>, String) = (bucket.into().into(), key.into());
        let file = concat([bucket.clone(), format!("/{key}").into()]);
        self.parts.permissions.push(Permission::new(["s3:GetObject"], [file.clone()]));
        self.parts.permissions.push(Permission::new(["s3:GetBucketLocation"], [bucket]));
        self.parts.environment_files.push((file, key));
        self
    }

    /// A variable of its environment that holds a secret, read when the container starts.
    pub fn secret(mut self, name: impl Into<String>, secret: &SecretHandle) -> Self {
        self.parts.secrets.push((name.into(), secret.arn()));
        self.parts.permissions.push(secret.read());
        self
    }

    /// A variable of its environment that holds what is under a key of a secret.
    pub fn secret_key(mut self, name: impl Into<String>, secret: &SecretHandle, key: &str) -> Self {
        self.parts.secrets.push((name.into(), secret.json_key(key)));
        self.parts.permissions.push(secret.read());
        self
    }

    /// A variable of its environment that holds a parameter of Systems Manager (`/shop/level`), read
    /// when the container starts.
    pub fn stored_parameter(mut self, name: impl Into<String>, parameter: &str) -> Self {
        let arn = concat([
            "arn:".into(),
            pseudo::partition(),
            ":ssm:".into(),
            pseudo::region(),
            ":".into(),
            pseudo::account_id(),
            format!(":parameter/{}", parameter.trim_start_matches('/')).into(),
        ]);
        self.parts.secrets.push((name.into(), arn.clone()));
        self.parts.permissions.push(Permission::new(["ssm:GetParameters"], [arn]));
        self
    }

    /// Lets the task go on when this container stops.
    pub fn optional(mut self) -> Self {
        self.parts.essential = false;
        self
    }

    /// Starts it only after another container of the task is in a state.
    pub fn after(mut self, container: impl Into<String>, state: ContainerState) -> Self {
        self.parts.after.push((container.into(), state));
        self
    }

    /// Starts it again when it ends, while the task goes on.
    pub fn restart(mut self, policy: RestartPolicy) -> Self {
        self.parts.restart = Some(policy);
        self
    }

    /// Puts a volume at a path.
    pub fn mount(mut self, volume: &TaskVolume, path: impl Into<String>) -> Self {
        self.parts.mounts.push((volume.clone(), path.into(), false));
        self
    }

    /// Puts a volume at a path, to be read alone.
    pub fn mount_read_only(mut self, volume: &TaskVolume, path: impl Into<String>) -> Self {
        self.parts.mounts.push((volume.clone(), path.into(), true));
        self
    }

    /// Puts a file system in memory at a path, of as many MiB at most, by options of `mount`
    /// (`noexec`, `nosuid`). It goes with the container.
    pub fn tmpfs<O: Into<String>>(
        mut self,
        path: impl Into<String>,
        mebibytes: u32,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        self.parts.tmpfs.push((path.into(), mebibytes, options));
        self
    }

    /// Starts a process before its own that passes signals on, and clears away processes that ended.
    pub fn init_process(mut self) -> Self {
        self.parts.init_process = true;
        self
    }

    /// How many files it may have open at once.
    pub fn open_files(self, files: u32) -> Self {
        self.ulimit(UlimitName::OpenFiles, files.into(), files.into())
    }

    /// What it may use of the machine: what holds at first, and how far it may raise that itself.
    /// Fargate has its own limits but for [`UlimitName::OpenFiles`].
    pub fn ulimit(mut self, name: UlimitName, soft: u64, hard: u64) -> Self {
        self.parts.ulimits.push(Ulimit { name, bounds: Some((soft, hard)) });
        self
    }

    /// Lets it use as much as there is.
    pub fn unlimited(mut self, name: UlimitName) -> Self {
        self.parts.ulimits.push(Ulimit { name, bounds: None });
        self
    }

    /// Processor units of the task (1,024 are one processor) that are its own. Without it, containers
    /// share what no other has.
    pub fn cpu(mut self, units: u32) -> Self {
        self.parts.cpu = Some(units);
        self
    }

    /// The most memory that it may use, in MiB: one that wants more is ended.
    pub fn memory_limit(mut self, mebibytes: u32) -> Self {
        self.parts.memory = Some(mebibytes);
        self
    }

    /// The memory of the task that is kept for it, in MiB. It may use more while there is some.
    pub fn memory_reservation(mut self, mebibytes: u32) -> Self {
        self.parts.memory_reservation = Some(mebibytes);
        self
    }

    /// Lets it look into other processes, as debuggers and profilers do (`SYS_PTRACE`).
    pub fn trace_processes(mut self) -> Self {
        self.parts.capabilities.push(Capability::SysPtrace);
        self
    }

    /// Takes a capability from it that containers have.
    pub fn drop_capability(mut self, capability: Capability) -> Self {
        self.parts.dropped_capabilities.push(capability);
        self
    }

    /// A parameter of the kernel (`net.core.somaxconn`), for the task where it is one of the network.
    pub fn system_control(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts.system_controls.push((name.into(), value.into()));
        self
    }

    /// A label that Docker gives to the container, for what looks for containers by them.
    pub fn docker_label(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.parts.labels.push((name.into(), value.into()));
        self
    }

    /// How long it has to come to the state that others wait for
    /// ([`Container::after`]): 3 minutes unless set. The task ends when it does not.
    pub fn start_timeout(mut self, time: Duration) -> Self {
        self.parts.start_timeout = Some(time);
        self
    }

    /// How long it has to end by itself before it is made to: 30 seconds unless set, 2 minutes at most
    /// on Fargate.
    pub fn stop_timeout(mut self, time: Duration) -> Self {
        self.parts.stop_timeout = Some(time);
        self
    }

    /// Where what it prints goes, in place of the log group of the task.
    pub fn log_driver(mut self, driver: impl Into<LogDriver<P>>) -> Self {
        self.parts.logs = driver.into().into_parts();
        self
    }

    /// Sends its logs through the [`Container::log_router`] of the task, by the options of an output
    /// of Fluent Bit (`Name`, `bucket`), in place of the log group.
    pub fn logs_through_router<N: Into<String>, V: Into<Expr<String>>>(
        mut self,
        options: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.parts.logs = LogDriver::firelens(options).into_parts();
        self
    }

    /// The user that it runs as (`1000:1000`), in place of the image's own.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.parts.user = Some(user.into());
        self
    }

    /// The program that it runs, in place of the image's own.
    pub fn entry_point<A: Into<Expr<String>>>(mut self, program: impl IntoIterator<Item = A>) -> Self {
        self.parts.entry_point = Some(program.into_iter().map(Into::into).collect());
        self
    }

    /// What it runs, or its program gets as arguments, in place of the image's own command.
    pub fn command<A: Into<Expr<String>>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.parts.command = Some(arguments.into_iter().map(Into::into).collect());
        self
    }

    /// The directory that it runs in, in place of the image's own.
    pub fn working_directory(mut self, path: impl Into<String>) -> Self {
        self.parts.working_directory = Some(path.into());
        self
    }

    /// A shell command inside of it that succeeds while it is well, asked every 30 seconds.
    pub fn health_command(self, command: impl Into<String>) -> Self {
        self.health_check(ContainerHealthCheck::shell(command.into()))
    }

    /// How it is known to be well.
    pub fn health_check(mut self, check: ContainerHealthCheck) -> Self {
        self.parts.health_check = Some(check);
        self
    }

    /// Refuses writes to its file system.
    pub fn read_only(mut self) -> Self {
        self.parts.writable_root = false;
        self
    }
}

impl ContainerParts {
    /// What the service needs before the container starts.
    pub(super) fn permissions(&self) -> impl Iterator<Item = Permission> {
        let others = self.permissions.iter().chain(self.logs.permissions());
        self.image.permissions().chain(others.cloned())
    }
}
