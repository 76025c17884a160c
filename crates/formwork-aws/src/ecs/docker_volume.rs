//! [`DockerVolume`]: a volume that Docker keeps on an instance.

use formwork_cfn::ecs::task_definition::DockerVolumeConfiguration;
use formwork_core::Expr;

/// A volume that Docker keeps on an instance. Fargate has none.
///
/// See [`AWS::ECS::TaskDefinition DockerVolumeConfiguration`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-taskdefinition-dockervolumeconfiguration.html).
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage, DockerVolume, TaskVolume};
///
/// let cache = TaskVolume::docker("cache", DockerVolume::shared());
/// let web = Container::new("web", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29"))
///     .mount(&cache, "/var/cache");
/// # let _ = web;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a task has the volume: `TaskVolume::docker(name, volume)`"]
pub struct DockerVolume {
    scope: &'static str,
    /// Whether it is made where it is missing; none for one of a task, which always is.
    made: Option<bool>,
    driver: Option<String>,
    options: Vec<(String, Expr<String>)>,
    labels: Vec<(String, Expr<String>)>,
}

impl DockerVolume {
    const fn of(scope: &'static str, made: Option<bool>) -> Self {
        Self { scope, made, driver: None, options: Vec::new(), labels: Vec::new() }
    }

    /// It comes and goes with the task.
    pub const fn of_task() -> Self {
        Self::of("task", None)
    }

    /// It stays on the instance, where tasks find it by its name. The first one makes it.
    pub const fn shared() -> Self {
        Self::of("shared", Some(true))
    }

    /// It is on the instance already, by its name: tasks start only where it is.
    pub const fn existing() -> Self {
        Self::of("shared", Some(false))
    }

    /// The driver that keeps it, as Docker on the instance knows it: `local` unless set.
    pub fn driver(mut self, name: impl Into<String>) -> Self {
        self.driver = Some(name.into());
        self
    }

    /// An option for the driver (`type`, `device`, `o`).
    pub fn driver_option(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.options.push((name.into(), value.into()));
        self
    }

    /// A label of the volume.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    pub(super) fn property(&self) -> DockerVolumeConfiguration {
        let mut volume = DockerVolumeConfiguration::new().scope(self.scope);
        if let Some(made) = self.made {
            volume = volume.autoprovision(made);
        }
        if let Some(driver) = &self.driver {
            volume = volume.driver(driver.as_str());
        }
        if !self.options.is_empty() {
            volume = volume.driver_opts(Expr::map(self.options.clone()));
        }
        if !self.labels.is_empty() {
            volume = volume.labels(Expr::map(self.labels.clone()));
        }
        volume
    }
}
