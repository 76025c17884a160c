//! [`Task`]: containers that run together.

use std::marker::PhantomData;

use formwork_cfn::{
    ecs,
    ecs::task_definition::{EphemeralStorage, RuntimePlatform},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, ResourceId, Scope};

use super::{
    cluster::ClusterHandle,
    container::{self, Container, ContainerParts, ContainerPort},
    network_mode::NetworkMode,
    order,
    platform::{Fargate, HostPorts, Instances, OnInstances, Platform},
    size::FargateSize,
    volume::{self, TaskVolume},
};
use crate::{
    architecture::Architecture,
    iam::{Permission, Principal, Role, RoleHandle},
    logs::{LogGroup, LogGroupHandle, Retention},
    security_group::SecurityGroupHandle,
};

/// Who takes the roles of a task.
pub(super) const TASKS: &str = "ecs-tasks.amazonaws.com";

/// A [`Task`] on Fargate.
pub type FargateTask = Task<Fargate>;
/// A [`Task`] on Fargate that stands in a stack.
pub type FargateTaskHandle = TaskHandle<Fargate>;
/// A [`Task`] on instances.
pub type InstanceTask = Task<Instances>;
/// A [`Task`] on instances that stands in a stack.
pub type InstanceTaskHandle = TaskHandle<Instances>;
/// A [`Task`] on instances that is reached by ports of the instance, in the
/// [network mode](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html)
/// `bridge` or `host`.
///
/// It has no address and no security group of its own, and takes no network interface of the instance,
/// so that more tasks have room on one.
///
/// ```
/// use formwork_aws::{architecture::Architecture, logs::Retention};
/// use formwork_aws::ecs::{Container, ContainerImage, HostPortTask};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let image = || ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
/// let web = Container::new("web", image()).port(80).on_host_ports().host_port(9090, 9090);
/// HostPortTask::bridge(256, 512, Architecture::Arm64, Retention::OneMonth, web).build(&mut stack, "Web");
/// let agent = Container::new("agent", image()).port(9100);
/// HostPortTask::host(128, 256, Architecture::Arm64, Retention::OneWeek, agent)
///     .processes_of_instance()
///     .build(&mut stack, "Agent");
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A task with an address of its own has no ports of the instance:
///
/// ```compile_fail
/// # use formwork_aws::{architecture::Architecture, logs::Retention};
/// # use formwork_aws::ecs::{Container, ContainerImage, InstanceTask};
/// # let image = ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
/// let web = Container::new("web", image).on_host_ports().host_port(8080, 80);
/// InstanceTask::new(256, 512, Architecture::Arm64, Retention::OneMonth, web);
/// ```
pub type HostPortTask = Task<HostPorts>;
/// A [`Task`] on instances that is reached by ports of the instance, and that stands in a stack.
pub type HostPortTaskHandle = TaskHandle<HostPorts>;

/// Containers that run together, with a log group and two roles: one in which the service pulls
/// images, reads secrets and writes logs, and no more; and one in which the containers act, which
/// allows nothing until it is granted.
///
/// See [`AWS::ECS::TaskDefinition`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, logs::Retention};
/// use formwork_aws::ecs::{Container, ContainerImage, FargateSize, FargateTask};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
/// let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, web)
///     .build(&mut stack, "Web");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a task is added to a stack by `build`"]
pub struct Task<P> {
    size: FargateSize,
    architecture: Architecture,
    retention: Retention,
    containers: Vec<ContainerParts>,
    network: NetworkMode,
    ephemeral_storage: Option<u32>,
    pid_mode: Option<&'static str>,
    ipc_mode: Option<&'static str>,
    platform: PhantomData<P>,
}

/// The GiB that a task on Fargate may have in place of 20.
const EPHEMERAL: std::ops::RangeInclusive<u32> = 21..=200;

impl Task<Fargate> {
    /// A task of a size with one container, whose logs are kept for as long as is said.
    pub fn new(
        size: FargateSize,
        architecture: Architecture,
        retention: Retention,
        container: impl Into<Container<Fargate>>,
    ) -> Self {
        Self::of(size, architecture, retention, container.into(), NetworkMode::Vpc)
    }

    /// The disk that images and files of the task have, in GiB: 20 unless set, and 21 to 200. What is
    /// more than 20 costs money.
    pub const fn ephemeral_storage(mut self, gibibytes: u32) -> Self {
        self.ephemeral_storage = Some(gibibytes);
        self
    }
}

impl<P: OnInstances> Task<P> {
    /// Lets containers see the processes of the instance, as monitoring does.
    pub const fn processes_of_instance(mut self) -> Self {
        self.pid_mode = Some("host");
        self
    }

    /// Lets containers of the task share memory with each other.
    pub const fn share_memory(mut self) -> Self {
        self.ipc_mode = Some("task");
        self
    }
}

impl Task<Instances> {
    /// A task with as many processor units (1,024 are one processor) and MiB of memory, with one
    /// container, whose logs are kept for as long as is said. Instances have tasks of any size.
    ///
    /// It has an address of its own, and so a security group of its own. For that it takes one of the
    /// network interfaces of the instance, of which small instances have few.
    pub fn new(
        cpu: u32,
        memory: u32,
        architecture: Architecture,
        retention: Retention,
        container: impl Into<Container<Instances>>,
    ) -> Self {
        Self::of(FargateSize::new(cpu, memory), architecture, retention, container.into(), NetworkMode::Vpc)
    }
}

impl Task<HostPorts> {
    /// A task whose containers have addresses that only their instance knows. A port of a container is
    /// at any port of the instance that is free, unless it is a
    /// [`Container::host_port`]: load balancers learn it from the service.
    pub fn bridge(
        cpu: u32,
        memory: u32,
        architecture: Architecture,
        retention: Retention,
        container: impl Into<Container<HostPorts>>,
    ) -> Self {
        let size = FargateSize::new(cpu, memory);
        Self::of(size, architecture, retention, container.into(), NetworkMode::Bridge)
    }

    /// A task that has the network of its instance: a port of a container is that port of the
    /// instance, of which an instance runs one such task at a time. It reaches what the instance
    /// reaches, the credentials of the instance's role among it.
    pub fn host(
        cpu: u32,
        memory: u32,
        architecture: Architecture,
        retention: Retention,
        container: impl Into<Container<HostPorts>>,
    ) -> Self {
        let size = FargateSize::new(cpu, memory);
        Self::of(size, architecture, retention, container.into(), NetworkMode::Host)
    }
}

impl<P: Platform> Task<P> {
    fn of(
        size: FargateSize,
        architecture: Architecture,
        retention: Retention,
        container: Container<P>,
        network: NetworkMode,
    ) -> Self {
        let containers = vec![container.into_parts()];
        Self {
            size,
            architecture,
            retention,
            containers,
            network,
            ephemeral_storage: None,
            pid_mode: None,
            ipc_mode: None,
            platform: PhantomData,
        }
    }

    /// Lets containers of the task see each other's processes.
    pub const fn share_processes(mut self) -> Self {
        self.pid_mode = Some("task");
        self
    }

    /// Adds a container that runs beside the first one.
    pub fn container(mut self, container: impl Into<Container<P>>) -> Self {
        self.containers.push(container.into().into_parts());
        self
    }

    /// Adds the task to a stack.
    ///
    /// Findings: a size that Fargate does not have (`FW0430`), two containers of one name or on
    /// one port (`FW0431`), times (`FW0433`), limits (`FW0434`) and logs (`FW0436`) that cannot be,
    /// what the platform does not have (`FW0435`), ports of the instance that are taken (`FW0437`),
    /// volumes that the service does not make (`FW0438`), variables that are there twice, and files of
    /// them that are none (`FW0439`), a container that waits for what never comes (`FW0482`), two
    /// volumes of one name (`FW0483`), logs through a router that is none (`FW0485`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> TaskHandle<P> {
        let mut scope = scope.construct(id);
        if P::NAME == Fargate::NAME {
            self.size.check(&mut scope);
        }
        if let Some(size) = self.ephemeral_storage.filter(|size| !EPHEMERAL.contains(size)) {
            let message = format!("the task has {size} GiB of disk");
            let hint = format!("{} to {} are possible: 20 unless set", EPHEMERAL.start(), EPHEMERAL.end());
            scope.report(Finding::error("FW0434", message).hint(hint));
        }
        let volumes = volume::of_all(&self.containers, &mut scope);
        if P::NAME == Fargate::NAME
            && let Some(volume) = volumes.iter().find(|volume| volume.is_of_instance())
        {
            let message = format!("the volume `{}` is of an instance, and Fargate has none", volume.name());
            let hint = "share files of the task: `TaskVolume::scratch(...)`";
            scope.report(Finding::error("FW0483", message).hint(hint));
        }
        container::check(&self.containers, self.size, self.network, &mut scope);
        container::check_platform(&self.containers, P::NAME == Fargate::NAME, self.network, &mut scope);
        order::check(&self.containers, &mut scope);
        let logs = LogGroup::new(self.retention).build(&mut scope, "");
        let permissions: Vec<_> = self.containers.iter().flat_map(ContainerParts::permissions).collect();
        let execution = Role::new(Principal::service(TASKS))
            .permission(logs.write())
            .permission(permissions)
            .build(&mut scope, "Execution");
        let role = Role::new(Principal::service(TASKS)).build(&mut scope, "Task");
        let architecture = match self.architecture {
            Architecture::Arm64 => "ARM64",
            Architecture::X86_64 => "X86_64",
        };
        let ports: Vec<_> = self
            .containers
            .iter()
            .flat_map(|container| container.ports.iter().map(|port| (port.clone(), container.name.clone())))
            .collect();
        let names = ports.iter().filter_map(|(port, _)| Some((port.number, port.name.clone()?)));
        let port_names = names.collect();
        let network = self.network;
        let first_container = self.containers.first().map(|container| container.name.clone());
        let containers = self.containers.into_iter().map(|container| container.definition(&logs, network));
        let mut definition = ecs::TaskDefinition::new()
            .requires_compatibilities([P::NAME])
            .network_mode(network.name())
            .cpu(self.size.cpu())
            .memory(self.size.memory())
            .runtime_platform(
                RuntimePlatform::new().cpu_architecture(architecture).operating_system_family("LINUX"),
            )
            .execution_role_arn(&execution)
            .task_role_arn(&role)
            .container_definitions(Expr::list(containers));
        if let Some(size) = self.ephemeral_storage {
            definition = definition.ephemeral_storage(EphemeralStorage::new().size_in_gib(size));
        }
        if let Some(mode) = self.pid_mode {
            definition = definition.pid_mode(mode);
        }
        if let Some(mode) = self.ipc_mode {
            definition = definition.ipc_mode(mode);
        }
        if !volumes.is_empty() {
            role.grant(&mut scope, volumes.iter().filter_map(TaskVolume::permissions));
            definition = definition.volumes(Expr::list(volumes.iter().map(TaskVolume::property)));
        }
        let definition = definition.build(&mut scope, "TaskDefinition");
        TaskHandle {
            definition,
            role,
            execution,
            logs,
            ports,
            port_names,
            first_container,
            volumes,
            network,
            platform: PhantomData,
        }
    }
}

/// A [`Task`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct TaskHandle<P> {
    definition: Handle<ecs::TaskDefinition>,
    role: RoleHandle,
    execution: RoleHandle,
    logs: LogGroupHandle,
    /// Each port, and the name of the container that listens on it.
    pub(super) ports: Vec<(ContainerPort, String)>,
    /// Each port that has a name, with it.
    pub(super) port_names: Vec<(u16, String)>,
    /// The name of the container that the task was made of.
    #[cfg_attr(
        not(feature = "scheduled-tasks"),
        expect(dead_code, reason = "for tasks that start by themselves")
    )]
    pub(super) first_container: Option<String>,
    volumes: Vec<TaskVolume>,
    pub(super) network: NetworkMode,
    platform: PhantomData<P>,
}

impl<P> TaskHandle<P> {
    /// The task definition itself.
    pub const fn task_definition(&self) -> &Handle<ecs::TaskDefinition> {
        &self.definition
    }

    /// The role in which the containers act.
    pub const fn role(&self) -> &RoleHandle {
        &self.role
    }

    /// The role in which the service starts the containers.
    pub const fn execution_role(&self) -> &RoleHandle {
        &self.execution
    }

    /// Has a service make the volumes that are made for each task.
    pub(super) fn add_volumes(&self, service: ecs::Service, scope: &mut Scope<'_>) -> ecs::Service {
        self.volumes.iter().fold(service, |service, volume| volume.add_to(service, scope))
    }

    /// Reports (`FW0438`) a volume that only a service makes, of a task that starts without one.
    #[cfg(feature = "scheduled-tasks")]
    pub(super) fn check_without_service(&self, scope: &mut Scope<'_>) {
        if let Some(volume) = self.volumes.iter().find(|volume| volume.is_managed()) {
            let message =
                format!("a service makes the volume `{}`, and the task starts without one", volume.name());
            let hint = "share files of the task: `TaskVolume::scratch(...)`, or `TaskVolume::shared(...)`";
            scope.report(Finding::error("FW0438", message).hint(hint));
        }
    }

    /// Lets a group of tasks reach the file systems of the task, and gives what must stand before.
    pub(super) fn let_in(&self, group: &SecurityGroupHandle, scope: &mut Scope<'_>) -> Vec<ResourceId> {
        self.volumes.iter().flat_map(|volume| volume.let_in(group, scope)).collect()
    }

    /// Lets somebody run the task in a cluster: this revision of it, with its two roles.
    ///
    /// ```
    /// use formwork_aws::ecs::{ClusterHandle, FargateTaskHandle};
    /// use formwork_aws::iam::RoleHandle;
    /// # use formwork_core::Scope;
    ///
    /// # fn start(starter: &RoleHandle, task: &FargateTaskHandle, cluster: &ClusterHandle, stack: &mut Scope<'_>) {
    /// starter.grant(stack, task.run(cluster));
    /// starter.grant(stack, cluster.describe_tasks());
    /// # }
    /// ```
    pub fn run(&self, cluster: &ClusterHandle) -> [Permission; 3] {
        let definition: Expr<String> = self.definition.task_definition_arn().into();
        let [task, execution] = [&self.role, &self.execution].map(|role| role.pass_to(TASKS));
        [Permission::new(["ecs:RunTask"], [definition]).when(cluster.is_here()), task, execution]
    }

    /// Where the containers' logs go.
    pub const fn logs(&self) -> &LogGroupHandle {
        &self.logs
    }
}

impl<P> From<&TaskHandle<P>> for Expr<ids::ecs::TaskDefinitionArn> {
    fn from(handle: &TaskHandle<P>) -> Self {
        Self::from(&handle.definition)
    }
}
