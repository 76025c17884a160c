//! [`Container`]: one container of a task.

use std::time::Duration;

use formwork_cfn::ecs::task_definition::{
    ContainerDefinition, ContainerDependency, FirelensConfiguration, HealthCheck, KeyValuePair,
    LinuxParameters, LogConfiguration, MountPoint, PortMapping, Secret, Ulimit,
};
use formwork_core::{Expr, concat, pseudo};

use super::{order::ContainerState, volume::TaskVolume};
use crate::{ecr::RepositoryHandle, iam::Permission, logs::LogGroupHandle, secret::SecretHandle};

/// The image of a container, with the permission to pull it.
#[derive(Debug, Clone)]
#[must_use]
pub struct ContainerImage {
    name: Expr<String>,
    permissions: Vec<Permission>,
}

impl ContainerImage {
    /// An image of a registry that everybody may pull from (`public.ecr.aws/nginx/nginx:1.29`).
    pub fn public(name: impl Into<Expr<String>>) -> Self {
        Self { name: name.into(), permissions: Vec::new() }
    }

    /// The image of a tag in a repository.
    pub fn in_repository(repository: &RepositoryHandle, tag: impl Into<Expr<String>>) -> Self {
        Self { name: repository.image(tag), permissions: repository.pull().into() }
    }
}

/// One container of a task. When it stops, the task stops, unless it is [`Container::optional`].
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage};
///
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .port(80)
///     .environment("LEVEL", "info");
/// # let _ = web;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container is part of a task: `FargateTask::new`"]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Container {
    pub(super) name: String,
    image: ContainerImage,
    pub(super) ports: Vec<u16>,
    pub(super) port_names: Vec<(u16, String)>,
    environment: Vec<(String, Expr<String>)>,
    secrets: Vec<(String, Expr<String>)>,
    secret_permissions: Vec<Permission>,
    command: Option<Vec<Expr<String>>>,
    pub(super) health_command: Option<String>,
    writable_root: bool,
    pub(super) essential: bool,
    pub(super) after: Vec<(String, ContainerState)>,
    pub(super) mounts: Vec<(TaskVolume, String, bool)>,
    init_process: bool,
    open_files: Option<u32>,
    stop_timeout: Option<Duration>,
    user: Option<String>,
    pub(super) routes_logs: bool,
    pub(super) logs_through: Option<Vec<(String, Expr<String>)>>,
}

impl Container {
    /// A container by its name in the task, and its image.
    pub fn new(name: impl Into<String>, image: ContainerImage) -> Self {
        Self {
            name: name.into(),
            image,
            ports: Vec::new(),
            port_names: Vec::new(),
            environment: Vec::new(),
            secrets: Vec::new(),
            secret_permissions: Vec::new(),
            command: None,
            health_command: None,
            writable_root: true,
            essential: true,
            after: Vec::new(),
            mounts: Vec::new(),
            init_process: false,
            open_files: None,
            stop_timeout: None,
            user: None,
            routes_logs: false,
            logs_through: None,
        }
    }

    /// A TCP port that it listens on.
    pub fn port(mut self, port: u16) -> Self {
        self.ports.push(port);
        self
    }

    /// A TCP port that it listens on, with a name by which a service offers it to others
    /// ([`Service::offer`](super::Service::offer)).
    pub fn named_port(mut self, name: impl Into<String>, port: u16) -> Self {
        self.ports.push(port);
        self.port_names.push((port, name.into()));
        self
    }

    /// A variable of its environment.
    pub fn environment(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// A variable of its environment that holds a secret, read when the container starts.
    pub fn secret(mut self, name: impl Into<String>, secret: &SecretHandle) -> Self {
        self.secrets.push((name.into(), secret.arn()));
        self.secret_permissions.push(secret.read());
        self
    }

    /// A variable of its environment that holds what is under a key of a secret.
    pub fn secret_key(mut self, name: impl Into<String>, secret: &SecretHandle, key: &str) -> Self {
        self.secrets.push((name.into(), secret.json_key(key)));
        self.secret_permissions.push(secret.read());
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
        self.secrets.push((name.into(), arn.clone()));
        self.secret_permissions.push(Permission::new(["ssm:GetParameters"], [arn]));
        self
    }

    /// Lets the task go on when this container stops.
    pub fn optional(mut self) -> Self {
        self.essential = false;
        self
    }

    /// Starts it only after another container of the task is in a state.
    pub fn after(mut self, container: impl Into<String>, state: ContainerState) -> Self {
        self.after.push((container.into(), state));
        self
    }

    /// Puts a volume at a path.
    pub fn mount(mut self, volume: &TaskVolume, path: impl Into<String>) -> Self {
        self.mounts.push((volume.clone(), path.into(), false));
        self
    }

    /// Puts a volume at a path, to be read alone.
    pub fn mount_read_only(mut self, volume: &TaskVolume, path: impl Into<String>) -> Self {
        self.mounts.push((volume.clone(), path.into(), true));
        self
    }

    /// Starts a process before its own that passes signals on, and clears away processes that ended.
    pub fn init_process(mut self) -> Self {
        self.init_process = true;
        self
    }

    /// How many files it may have open at once.
    pub fn open_files(mut self, files: u32) -> Self {
        self.open_files = Some(files);
        self
    }

    /// How long it has to end by itself before it is made to: 30 seconds unless set.
    pub fn stop_timeout(mut self, time: Duration) -> Self {
        self.stop_timeout = Some(time);
        self
    }

    /// A sidecar that takes the logs of other containers and sends them on: Fluent Bit with FireLens
    /// (`public.ecr.aws/aws-observability/aws-for-fluent-bit:stable`). The role of the task needs
    /// what it takes to write where they go.
    pub fn log_router(image: ContainerImage) -> Self {
        Self { routes_logs: true, ..Self::new("log-router", image) }
    }

    /// Sends its logs through the [`Container::log_router`] of the task, by the options of an output
    /// of Fluent Bit (`Name`, `bucket`), in place of the log group.
    pub fn logs_through_router<N: Into<String>, V: Into<Expr<String>>>(
        mut self,
        options: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let options = options.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.logs_through = Some(options.collect());
        self
    }

    /// The user that it runs as (`1000:1000`), in place of the image's own.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// What it runs, in place of the image's own command.
    pub fn command<A: Into<Expr<String>>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command = Some(arguments.into_iter().map(Into::into).collect());
        self
    }

    /// A shell command inside of it that succeeds while it is well, asked every 30 seconds.
    pub fn health_command(mut self, command: impl Into<String>) -> Self {
        self.health_command = Some(command.into());
        self
    }

    /// Refuses writes to its file system.
    pub fn read_only(mut self) -> Self {
        self.writable_root = false;
        self
    }

    /// What the service needs before the container starts.
    pub(super) fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.image.permissions.iter().chain(&self.secret_permissions).cloned()
    }

    pub(super) fn definition(self, logs: &LogGroupHandle) -> ContainerDefinition {
        let stream = self.name.clone();
        let options = [
            ("awslogs-group", logs.name()),
            ("awslogs-region", pseudo::region()),
            ("awslogs-stream-prefix", stream.into()),
        ];
        let configuration = match self.logs_through {
            Some(options) => LogConfiguration::new("awsfirelens").options(Expr::map(options)),
            None => LogConfiguration::new("awslogs").options(options),
        };
        let mut definition = ContainerDefinition::new(self.name, self.image.name)
            .essential(self.essential)
            .readonly_root_filesystem(!self.writable_root)
            .log_configuration(configuration);
        if self.routes_logs {
            definition = definition.firelens_configuration(FirelensConfiguration::new().type_("fluentbit"));
        }
        if !self.ports.is_empty() {
            let names = self.port_names;
            definition = definition.port_mappings(Expr::list(self.ports.into_iter().map(|port| {
                let mapping = PortMapping::new().container_port(port).protocol("tcp");
                match names.iter().find(|(named, _)| *named == port) {
                    Some((_, name)) => mapping.name(name.as_str()),
                    None => mapping,
                }
            })));
        }
        if !self.environment.is_empty() {
            let variables = self.environment.into_iter();
            definition = definition.environment(Expr::list(
                variables.map(|(name, value)| KeyValuePair::new().name(name).value(value)),
            ));
        }
        if !self.secrets.is_empty() {
            let secrets = self.secrets.into_iter();
            definition =
                definition.secrets(Expr::list(secrets.map(|(name, value)| Secret::new(name, value))));
        }
        if let Some(command) = self.command {
            definition = definition.command(command);
        }
        if let Some(command) = self.health_command {
            let check = HealthCheck::new()
                .command(["CMD-SHELL".to_owned(), command])
                .interval(30)
                .timeout(5)
                .retries(3);
            definition = definition.health_check(check);
        }
        if !self.after.is_empty() {
            let others = self
                .after
                .into_iter()
                .map(|(name, state)| ContainerDependency::new().container_name(name).condition(state.name()));
            definition = definition.depends_on(Expr::list(others));
        }
        if !self.mounts.is_empty() {
            let mounts = self.mounts.into_iter().map(|(volume, path, read_only)| {
                MountPoint::new().source_volume(volume.name()).container_path(path).read_only(read_only)
            });
            definition = definition.mount_points(Expr::list(mounts));
        }
        if self.init_process {
            definition = definition.linux_parameters(LinuxParameters::new().init_process_enabled(true));
        }
        if let Some(files) = self.open_files {
            definition = definition.ulimits([Ulimit::new("nofile", files, files)]);
        }
        if let Some(time) = self.stop_timeout {
            definition = definition.stop_timeout(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        }
        if let Some(user) = self.user {
            definition = definition.user(user);
        }
        definition
    }
}
