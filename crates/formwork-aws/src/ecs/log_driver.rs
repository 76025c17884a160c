//! [`LogDriver`]: where what a container prints goes.

use std::{collections::BTreeMap, marker::PhantomData};

use formwork_cfn::ecs::task_definition::{LogConfiguration, Secret};
use formwork_core::{Expr, Finding, Scope, pseudo};

use super::platform::{AnyPlatform, HostPorts, Instances, Platform};
use crate::{iam::Permission, logs::LogGroupHandle, secret::SecretHandle};

/// CloudWatch Logs.
const AWSLOGS: &str = "awslogs";
/// The router of the task.
const FIRELENS: &str = "awsfirelens";

/// Where what a container prints goes: into the log group of its task, unless it is said.
///
/// What only instances can do makes a driver of instances, which a container on Fargate does not take.
///
/// See [`AWS::ECS::TaskDefinition LogConfiguration`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-logconfiguration.html).
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage, LogDriver};
///
/// let image = || ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
/// let logs = LogDriver::awslogs().multi_line_datetime("%Y-%m-%d %H:%M:%S").non_blocking(25);
/// let web = Container::new("web", image()).log_driver(logs);
/// let local = LogDriver::json_file().option("max-size", "10m").option("max-file", "3");
/// let agent = Container::new("agent", image()).on_instances().log_driver(local);
/// # let _ = (web, agent);
/// ```
///
/// Fargate has no such driver:
///
/// ```compile_fail
/// # use formwork_aws::ecs::{Container, ContainerImage, LogDriver};
/// # let image = ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
/// Container::new("web", image).log_driver(LogDriver::json_file());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container takes the driver: `container.log_driver(driver)`"]
pub struct LogDriver<P = AnyPlatform> {
    parts: DriverParts,
    platform: PhantomData<P>,
}

/// A log driver, wherever it runs.
#[derive(Debug, Clone)]
pub(super) struct DriverParts {
    /// None where nothing is said about logs.
    name: Option<&'static str>,
    /// The log group, where it is not the one of the task.
    group: Option<LogGroupHandle>,
    multi_line: Vec<(&'static str, String)>,
    mode: Option<Mode>,
    options: BTreeMap<String, Expr<String>>,
    secrets: Vec<(String, Expr<String>)>,
    permissions: Vec<Permission>,
}

/// What a container does when its logs are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It waits.
    Blocking,
    /// It goes on, and as many MiB wait.
    NonBlocking(u32),
}

impl<P> LogDriver<P> {
    const fn of(name: Option<&'static str>) -> Self {
        let parts = DriverParts {
            name,
            group: None,
            multi_line: Vec::new(),
            mode: None,
            options: BTreeMap::new(),
            secrets: Vec::new(),
            permissions: Vec::new(),
        };
        Self { parts, platform: PhantomData }
    }

    fn at(name: &'static str, option: &str, address: impl Into<Expr<String>>) -> Self {
        Self::of(Some(name)).option(option, address)
    }
}

impl LogDriver<AnyPlatform> {
    /// Into the log group of the task.
    pub const fn awslogs() -> Self {
        Self::of(Some(AWSLOGS))
    }

    /// Into another log group, which the service may then write to.
    pub fn awslogs_to(group: &LogGroupHandle) -> Self {
        let mut driver = Self::awslogs();
        driver.parts.group = Some(group.clone());
        driver.parts.permissions.push(group.write());
        driver
    }

    /// To the HTTP event collector of Splunk (`https://splunk.example.com:8088`), with a token that is
    /// the whole of a secret.
    pub fn splunk(url: impl Into<Expr<String>>, token: &SecretHandle) -> Self {
        Self::at("splunk", "splunk-url", url).secret_option("splunk-token", token)
    }

    /// Through the [`Container::log_router`](super::Container::log_router) of the task, by the options
    /// of an output of Fluent Bit (`Name`, `bucket`).
    pub fn firelens<N: Into<String>, V: Into<Expr<String>>>(
        options: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut driver = Self::of(Some(FIRELENS));
        let options = options.into_iter().map(|(name, value)| (name.into(), value.into()));
        driver.parts.options = options.collect();
        driver
    }

    /// Nothing is said. On Fargate, what the container prints is lost; on instances it goes where
    /// Docker sends it, a file of the instance unless it is told otherwise.
    pub const fn none() -> Self {
        Self::of(None)
    }
}

impl LogDriver<Instances> {
    /// To Fluentd (`localhost:24224`, `unix:///run/fluentd.sock`).
    pub fn fluentd(address: impl Into<Expr<String>>) -> Self {
        Self::at("fluentd", "fluentd-address", address)
    }

    /// To what speaks GELF, as Graylog and Logstash do (`udp://logs.example.com:12201`).
    pub fn gelf(address: impl Into<Expr<String>>) -> Self {
        Self::at("gelf", "gelf-address", address)
    }

    /// Into a file of the instance. It grows without end unless the options `max-size` (`10m`) and
    /// `max-file` (`3`) are set.
    pub const fn json_file() -> Self {
        Self::of(Some("json-file"))
    }

    /// Into the journal of the instance.
    pub const fn journald() -> Self {
        Self::of(Some("journald"))
    }

    /// To a syslog server (`tcp+tls://logs.example.com:6514`).
    pub fn syslog(address: impl Into<Expr<String>>) -> Self {
        Self::at("syslog", "syslog-address", address)
    }
}

impl<P> LogDriver<P> {
    /// Begins a new entry at each line that matches a regular expression (`^\[`), in place of at each
    /// line: for CloudWatch Logs.
    pub fn multi_line_pattern(mut self, pattern: impl Into<String>) -> Self {
        self.parts.multi_line.push(("awslogs-multiline-pattern", pattern.into()));
        self
    }

    /// Begins a new entry at each line with a time of a format of `strftime` (`%Y-%m-%d %H:%M:%S`), in
    /// place of at each line: for CloudWatch Logs.
    pub fn multi_line_datetime(mut self, format: impl Into<String>) -> Self {
        self.parts.multi_line.push(("awslogs-datetime-format", format.into()));
        self
    }

    /// Lets the container go on when its logs are not taken. As many MiB of them wait, what comes then
    /// is lost. Unless it is set, the account says it: the container goes on, and 10 MiB wait.
    pub const fn non_blocking(mut self, buffer: u32) -> Self {
        self.parts.mode = Some(Mode::NonBlocking(buffer));
        self
    }

    /// Has the container wait when its logs are not taken, so that none is lost.
    pub const fn blocking(mut self) -> Self {
        self.parts.mode = Some(Mode::Blocking);
        self
    }

    /// Any [option](https://docs.docker.com/engine/logging/configure/) of the driver (`tag`, `labels`).
    pub fn option(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.parts.options.insert(name.into(), value.into());
        self
    }

    /// An option that is the whole of a secret.
    pub fn secret_option(mut self, name: impl Into<String>, secret: &SecretHandle) -> Self {
        self.parts.secrets.push((name.into(), secret.arn()));
        self.parts.permissions.push(secret.read());
        self
    }

    pub(super) fn into_parts(self) -> DriverParts {
        self.parts
    }
}

impl<P: Platform> From<LogDriver<AnyPlatform>> for LogDriver<P> {
    fn from(driver: LogDriver<AnyPlatform>) -> Self {
        Self { parts: driver.parts, platform: PhantomData }
    }
}

impl From<LogDriver<Instances>> for LogDriver<HostPorts> {
    fn from(driver: LogDriver<Instances>) -> Self {
        Self { parts: driver.parts, platform: PhantomData }
    }
}

impl DriverParts {
    /// Whether logs go through the router of the task.
    pub(super) fn is_routed(&self) -> bool {
        self.name == Some(FIRELENS)
    }

    /// What the service needs, beside writing to the log group of the task.
    pub(super) fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// Reports (`FW0436`) options that do not go together.
    pub(super) fn check(&self, container: &str, scope: &mut Scope<'_>) {
        let mut report = |message: &str, hint: &str| {
            let message = format!("the logs of the container `{container}` {message}");
            scope.report(Finding::error("FW0436", message).hint(hint));
        };
        if self.multi_line.len() > 1 {
            report("begin entries by two patterns", "one is possible: a time or a regular expression");
        }
        if !self.multi_line.is_empty() && self.name != Some(AWSLOGS) {
            report("begin entries by a pattern", "only `LogDriver::awslogs` does that");
        }
        if self.mode == Some(Mode::NonBlocking(0)) {
            report("wait in 0 MiB", "say how many MiB: `non_blocking(25)`");
        }
        if self.mode.is_some() && self.is_routed() {
            let hint = "say how many lines wait: `.option(\"log-driver-buffer-limit\", \"2097152\")`";
            report("wait before a router, which counts lines", hint);
        }
        if self.name.is_none() && (!self.options.is_empty() || self.mode.is_some()) {
            report("have options and no driver", "choose one: `LogDriver::awslogs()`");
        }
        let address = |option: &str| self.options.get(option).and_then(Expr::as_str);
        let schemes: [(_, &[&str]); 3] = [
            ("gelf-address", &["udp", "tcp"]),
            ("syslog-address", &["udp", "tcp", "tcp+tls", "unix", "unixgram"]),
            ("splunk-url", &["https", "http"]),
        ];
        for (option, schemes) in schemes {
            let Some(address) = address(option) else { continue };
            let scheme = address.split_once("://").map(|(scheme, _)| scheme);
            if !scheme.is_some_and(|scheme| schemes.contains(&scheme)) {
                let schemes: Vec<String> = schemes.iter().map(|scheme| format!("`{scheme}://`")).collect();
                let hint = format!("it begins with {}", schemes.join(", "));
                report(&format!("go to `{address}`, which is no address of the driver"), &hint);
            }
        }
    }

    /// The property, if anything is said.
    pub(super) fn into_property(self, container: &str, task: &LogGroupHandle) -> Option<LogConfiguration> {
        let name = self.name?;
        let mut options = BTreeMap::new();
        if name == AWSLOGS {
            options.insert("awslogs-group".to_owned(), self.group.as_ref().unwrap_or(task).name());
            options.insert("awslogs-region".to_owned(), pseudo::region());
            options.insert("awslogs-stream-prefix".to_owned(), container.into());
        }
        options.extend(self.multi_line.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        match self.mode {
            Some(Mode::NonBlocking(buffer)) => {
                options.insert("mode".to_owned(), "non-blocking".into());
                options.insert("max-buffer-size".to_owned(), format!("{buffer}m").into());
            }
            Some(Mode::Blocking) => {
                options.insert("mode".to_owned(), "blocking".into());
            }
            None => {}
        }
        options.extend(self.options);
        let mut configuration = LogConfiguration::new(name);
        if !options.is_empty() {
            configuration = configuration.options(options);
        }
        if !self.secrets.is_empty() {
            let secrets = self.secrets.into_iter().map(|(name, value)| Secret::new(name, value));
            configuration = configuration.secret_options(Expr::list(secrets));
        }
        Some(configuration)
    }
}
