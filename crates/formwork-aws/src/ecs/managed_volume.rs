//! Volumes of EBS that a service makes for each of its tasks.

use formwork_cfn::{
    ecs,
    ecs::service::{EbsTagSpecification, ServiceManagedEbsVolumeConfiguration, ServiceVolumeConfiguration},
};
use formwork_core::{Finding, Scope};

use crate::{
    iam::{Principal, Role},
    volume::Volume,
};

/// What the service of containers may do to make volumes and attach them.
const POLICY: &str = "service-role/AmazonECSInfrastructureRolePolicyForVolumes";
/// What volumes of tasks have at most: GiB, operations of type gp3 and MiB a second.
const MOST: [(u32, &str); 3] = [(16_384, "GiB"), (16_000, "operations a second"), (1000, "MiB a second")];

/// How the files on a volume of a task are kept.
///
/// ```
/// use formwork_aws::{ecs::{TaskVolume, VolumeFormat}, volume::Volume};
///
/// let restored = Volume::gp3(100).snapshot("snap-0a1b2c3d4e5f60718");
/// let index = TaskVolume::managed_as("index", restored, VolumeFormat::Ext4);
/// # let _ = index;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeFormat {
    /// XFS.
    Xfs,
    /// ext4.
    Ext4,
    /// ext3.
    Ext3,
}

impl VolumeFormat {
    const fn name(self) -> &'static str {
        match self {
            Self::Xfs => "xfs",
            Self::Ext4 => "ext4",
            Self::Ext3 => "ext3",
        }
    }
}

/// A volume of EBS, made when a task starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ManagedVolume {
    pub(super) volume: Volume,
    pub(super) format: VolumeFormat,
}

impl ManagedVolume {
    /// Reports (`FW0423`, `FW0438`) a volume that cannot be, or that tasks cannot have.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        self.volume.check(scope);
        let (operations, throughput) = self.volume.speed();
        let operations = operations.filter(|_| self.volume.name() == "gp3");
        for (number, (most, unit)) in
            [Some(self.volume.gibibytes()), operations, throughput].into_iter().zip(MOST)
        {
            if let Some(number) = number.filter(|number| *number > most) {
                let message = format!("a task has a volume of {number} {unit}");
                let hint = format!("{most} are the most that the service gives to a task");
                scope.report(Finding::error("FW0438", message).hint(hint));
            }
        }
    }

    /// Has a service make the volume for each task, in a role of its own.
    pub(super) fn add_to(&self, name: &str, service: ecs::Service, scope: &mut Scope<'_>) -> ecs::Service {
        let role = Role::new(Principal::service("ecs.amazonaws.com"))
            .aws_managed_policy(POLICY)
            .build(scope, "Volumes");
        let tags = EbsTagSpecification::new("volume").propagate_tags("SERVICE");
        let mut volume = ServiceManagedEbsVolumeConfiguration::new(&role)
            .volume_type(self.volume.name())
            .size_in_gib(self.volume.gibibytes())
            .encrypted(true)
            .filesystem_type(self.format.name())
            .tag_specifications([tags]);
        let (operations, throughput) = self.volume.speed();
        if let Some(operations) = operations {
            volume = volume.iops(operations);
        }
        if let Some(throughput) = throughput {
            volume = volume.throughput(throughput);
        }
        if let Some(key) = self.volume.own_key() {
            volume = volume.kms_key_id(key);
        }
        if let Some(snapshot) = self.volume.own_snapshot() {
            volume = volume.snapshot_id(snapshot);
        }
        service.volume_configurations([ServiceVolumeConfiguration::new(name).managed_ebs_volume(volume)])
    }
}
