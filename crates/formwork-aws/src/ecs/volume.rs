//! [`TaskVolume`]: files that the containers of a task share.

#[cfg(feature = "file-systems")]
use formwork_cfn::ecs::task_definition::{AuthorizationConfig, EfsVolumeConfiguration};
use formwork_cfn::{
    ecs,
    ecs::task_definition::{HostVolumeProperties, Volume},
};
use formwork_core::{Finding, ResourceId, Scope};

#[cfg(feature = "compute")]
use super::managed_volume::{ManagedVolume, VolumeFormat};
use super::{container::ContainerParts, docker_volume::DockerVolume};
#[cfg(feature = "file-systems")]
use crate::file_system::AccessPoint;
#[cfg(feature = "file-systems")]
use crate::port::Port;
use crate::{iam::Permission, security_group::SecurityGroupHandle};

/// Files that the containers of a task share: `container.mount(&volume, "/data")`.
///
/// ```
/// use formwork_aws::ecs::{Container, ContainerImage, ContainerState, TaskVolume};
///
/// let image = || ContainerImage::public("public.ecr.aws/docker/library/busybox:1.37");
/// let files = TaskVolume::scratch("files");
/// let first = Container::new("fetch", image()).optional().mount(&files, "/out");
/// let then = Container::new("serve", image())
///     .after("fetch", ContainerState::Succeeded)
///     .mount_read_only(&files, "/srv");
/// # let _ = (first, then);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a container mounts the volume: `container.mount(&volume, path)`"]
pub struct TaskVolume {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Scratch,
    Host(String),
    Docker(DockerVolume),
    #[cfg(feature = "compute")]
    Managed(ManagedVolume),
    #[cfg(feature = "file-systems")]
    Shared(AccessPoint),
}

impl TaskVolume {
    /// Files that come and go with the task.
    pub fn scratch(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Scratch }
    }

    /// A directory of the instance that the task runs on. Fargate has none.
    pub fn of_instance(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Host(path.into()) }
    }

    /// A volume that Docker keeps on the instance that the task runs on. Fargate has none.
    pub fn docker(name: impl Into<String>, volume: DockerVolume) -> Self {
        Self { name: name.into(), kind: Kind::Docker(volume) }
    }

    /// A volume of EBS that the service makes for each task, and deletes with it: a task has one at
    /// most. It is formatted with XFS. A task that is started without a service has none, so that
    /// one with such a volume cannot start on a schedule.
    ///
    /// The policy of a key of one's own has to let the role of the service use it, which is named
    /// `Volumes` within the service.
    ///
    /// This takes the feature `compute`.
    ///
    /// ```
    /// use formwork_aws::{ecs::{Container, ContainerImage, TaskVolume}, volume::Volume};
    ///
    /// let index = TaskVolume::managed("index", Volume::gp3(100));
    /// let search = Container::new("search", ContainerImage::public("public.ecr.aws/docker/library/redis:8"))
    ///     .mount(&index, "/var/lib/index");
    /// # let _ = search;
    /// ```
    #[cfg(feature = "compute")]
    pub fn managed(name: impl Into<String>, volume: crate::volume::Volume) -> Self {
        Self::managed_as(name, volume, VolumeFormat::Xfs)
    }

    /// A volume of EBS that the service makes for each task, of another format: one from a snapshot has
    /// the format of what the snapshot was taken of.
    #[cfg(feature = "compute")]
    pub fn managed_as(name: impl Into<String>, volume: crate::volume::Volume, format: VolumeFormat) -> Self {
        Self { name: name.into(), kind: Kind::Managed(ManagedVolume { volume, format }) }
    }

    /// Files that outlive tasks, and that tasks in all zones share. The role of the task may read and
    /// write below the access point, and the file system lets the service's security group in.
    #[cfg(feature = "file-systems")]
    pub fn shared(name: impl Into<String>, files: &AccessPoint) -> Self {
        Self { name: name.into(), kind: Kind::Shared(files.clone()) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn is_of_instance(&self) -> bool {
        matches!(self.kind, Kind::Host(_) | Kind::Docker(_))
    }

    /// Whether the service makes it for each task.
    #[cfg_attr(not(feature = "compute"), expect(clippy::unused_self, reason = "for volumes of EBS"))]
    pub(super) const fn is_managed(&self) -> bool {
        #[cfg(feature = "compute")]
        {
            matches!(self.kind, Kind::Managed(_))
        }
        #[cfg(not(feature = "compute"))]
        {
            false
        }
    }

    /// Has a service make it for each task, where it is such a volume.
    #[cfg_attr(not(feature = "compute"), expect(unused_variables, reason = "for volumes of EBS"))]
    pub(super) fn add_to(&self, service: ecs::Service, scope: &mut Scope<'_>) -> ecs::Service {
        match &self.kind {
            #[cfg(feature = "compute")]
            Kind::Managed(volume) => volume.add_to(&self.name, service, scope),
            _ => service,
        }
    }

    pub(super) fn property(&self) -> Volume {
        let volume = Volume::new().name(self.name.as_str());
        match &self.kind {
            Kind::Scratch => volume,
            Kind::Docker(docker) => volume.docker_volume_configuration(docker.property()),
            #[cfg(feature = "compute")]
            Kind::Managed(_) => volume.configured_at_launch(true),
            Kind::Host(path) => volume.host(HostVolumeProperties::new().source_path(path.as_str())),
            #[cfg(feature = "file-systems")]
            Kind::Shared(files) => volume.efs_volume_configuration(
                EfsVolumeConfiguration::new(files.file_system().id())
                    .transit_encryption("ENABLED")
                    .authorization_config(
                        AuthorizationConfig::new().access_point_id(files.id()).iam("ENABLED"),
                    ),
            ),
        }
    }

    /// What the containers need to use it.
    pub(super) fn permissions(&self) -> Option<Permission> {
        match &self.kind {
            #[cfg(feature = "file-systems")]
            Kind::Shared(files) => Some(files.read_and_write()),
            _ => None,
        }
    }

    /// Lets a group of tasks reach it, and gives what must stand before.
    #[cfg_attr(not(feature = "file-systems"), expect(unused_variables, reason = "for file systems"))]
    pub(super) fn let_in(&self, group: &SecurityGroupHandle, scope: &mut Scope<'_>) -> Vec<ResourceId> {
        match &self.kind {
            #[cfg(feature = "file-systems")]
            Kind::Shared(files) => {
                let files = files.file_system();
                files.security_group().allow(scope, group, Port::NFS);
                files.mount_targets().to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is the same volume as another one of its name.
    fn is(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Scratch, Kind::Scratch) => true,
            (Kind::Host(path), Kind::Host(other)) => path == other,
            (Kind::Docker(volume), Kind::Docker(other)) => volume == other,
            #[cfg(feature = "compute")]
            (Kind::Managed(volume), Kind::Managed(other)) => volume == other,
            #[cfg(feature = "file-systems")]
            (Kind::Shared(files), Kind::Shared(other)) => files.is(other),
            _ => false,
        }
    }
}

/// The volumes that containers mount, each once. Reports two of one name (`FW0483`), and volumes of
/// the service that cannot be (`FW0438`).
pub(super) fn of_all(containers: &[ContainerParts], scope: &mut Scope<'_>) -> Vec<TaskVolume> {
    let mut all: Vec<TaskVolume> = Vec::new();
    for (volume, ..) in containers.iter().flat_map(|container| &container.mounts) {
        match all.iter().find(|known| known.name == volume.name) {
            None => all.push(volume.clone()),
            Some(known) if known.is(volume) => {}
            Some(_) => {
                let message = format!("two volumes of the task have the name `{}`", volume.name);
                scope.report(Finding::error("FW0483", message));
            }
        }
    }
    #[cfg(feature = "compute")]
    for volume in &all {
        if let Kind::Managed(volume) = &volume.kind {
            volume.check(scope);
        }
    }
    if all.iter().filter(|volume| volume.is_managed()).count() > 1 {
        let message = "the task has two volumes that the service makes: it makes one";
        let hint = "put both into directories of one: `TaskVolume::managed(...)`";
        scope.report(Finding::error("FW0438", message).hint(hint));
    }
    all
}
