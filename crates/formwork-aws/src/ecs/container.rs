//! [`Container`]: one container of a task.

use formwork_cfn::ecs::task_definition::{
    ContainerDefinition, HealthCheck, KeyValuePair, LogConfiguration, PortMapping, Secret,
};
use formwork_core::{Expr, pseudo};

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

/// One container of a task. When it stops, the task stops.
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
pub struct Container {
    pub(super) name: String,
    image: ContainerImage,
    pub(super) ports: Vec<u16>,
    environment: Vec<(String, Expr<String>)>,
    secrets: Vec<(String, Expr<String>)>,
    secret_permissions: Vec<Permission>,
    command: Option<Vec<Expr<String>>>,
    health_command: Option<String>,
    writable_root: bool,
}

impl Container {
    /// A container by its name in the task, and its image.
    pub fn new(name: impl Into<String>, image: ContainerImage) -> Self {
        Self {
            name: name.into(),
            image,
            ports: Vec::new(),
            environment: Vec::new(),
            secrets: Vec::new(),
            secret_permissions: Vec::new(),
            command: None,
            health_command: None,
            writable_root: true,
        }
    }

    /// A TCP port that it listens on.
    pub fn port(mut self, port: u16) -> Self {
        self.ports.push(port);
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
        let mut definition = ContainerDefinition::new(self.name, self.image.name)
            .essential(true)
            .readonly_root_filesystem(!self.writable_root)
            .log_configuration(LogConfiguration::new("awslogs").options(options));
        if !self.ports.is_empty() {
            let ports = self.ports.into_iter();
            definition = definition.port_mappings(Expr::list(
                ports.map(|port| PortMapping::new().container_port(port).protocol("tcp")),
            ));
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
        definition
    }
}
