//! [`TaskVolume`]: files that the containers of a task share.

#[cfg(feature = "file-systems")]
use formwork_cfn::ecs::task_definition::{AuthorizationConfig, EfsVolumeConfiguration};
use formwork_cfn::ecs::task_definition::{HostVolumeProperties, Volume};
use formwork_core::{Finding, ResourceId, Scope};

use super::container::ContainerParts;
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
        matches!(self.kind, Kind::Host(_))
    }

    pub(super) fn property(&self) -> Volume {
        let volume = Volume::new().name(self.name.as_str());
        match &self.kind {
            Kind::Scratch => volume,
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
            Kind::Scratch | Kind::Host(_) => None,
            #[cfg(feature = "file-systems")]
            Kind::Shared(files) => Some(files.read_and_write()),
        }
    }

    /// Lets a group of tasks reach it, and gives what must stand before.
    #[cfg_attr(not(feature = "file-systems"), expect(unused_variables, reason = "for file systems"))]
    pub(super) fn let_in(&self, group: &SecurityGroupHandle, scope: &mut Scope<'_>) -> Vec<ResourceId> {
        match &self.kind {
            Kind::Scratch | Kind::Host(_) => Vec::new(),
            #[cfg(feature = "file-systems")]
            Kind::Shared(files) => {
                let files = files.file_system();
                files.security_group().allow(scope, group, Port::NFS);
                files.mount_targets().to_vec()
            }
        }
    }

    /// Whether it is the same volume as another one of its name.
    fn is(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Scratch, Kind::Scratch) => true,
            (Kind::Host(path), Kind::Host(other)) => path == other,
            #[cfg(feature = "file-systems")]
            (Kind::Shared(files), Kind::Shared(other)) => files.is(other),
            _ => false,
        }
    }
}

/// The volumes that containers mount, each once. Reports (`FW0483`) two of one name.
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
    all
}
