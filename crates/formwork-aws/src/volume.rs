//! [`Volume`]: what instances keep their data on, and [`DataVolume`]: one that outlives them.

use formwork_cfn::{ec2, ec2::launch_template::Ebs, ids};
use formwork_core::{
    Build, DeletionPolicy, Expr, Finding, Handle, Scope, UpdateReplacePolicy, builder::AnyOf,
};

use crate::instance::InstanceHandle;

/// The operations a second that a gp3 volume has where no number is said.
const GP3_OPERATIONS: u32 = 3000;
/// The MiB a second that a gp3 volume has where no number is said.
const GP3_THROUGHPUT: u32 = 125;

/// A volume of EBS. It is encrypted; as a volume of a launch template it is deleted with its instance.
///
/// See [volume types](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html).
///
/// ```
/// use formwork_aws::volume::Volume;
///
/// let root = Volume::gp3(20);
/// let database = Volume::io2(500, 20_000);
/// # let _ = (root, database);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Volume {
    kind: Kind,
    gibibytes: u32,
    key: Option<Expr<AnyOf<ids::any::KmsKey>>>,
    snapshot: Option<Expr<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// None: what every gp3 volume has.
    Gp3 {
        operations: Option<u32>,
        throughput: Option<u32>,
    },
    Io2 {
        operations: u32,
    },
    Throughput(&'static str),
}

impl Volume {
    /// General purpose, with 3,000 operations and 125 MiB a second: 1 to 65,536 GiB.
    pub const fn gp3(gibibytes: u32) -> Self {
        Self::of(Kind::Gp3 { operations: None, throughput: None }, gibibytes)
    }

    /// General purpose, with 3,000 to 80,000 operations a second, 500 for each GiB at most, and 125 to
    /// 2,000 MiB a second, one for each 4 operations at most.
    pub const fn gp3_with(gibibytes: u32, operations: u32, throughput: u32) -> Self {
        let kind = Kind::Gp3 { operations: Some(operations), throughput: Some(throughput) };
        Self::of(kind, gibibytes)
    }

    /// For databases: 100 to 256,000 operations a second, 1,000 for each GiB at most; 4 to 65,536 GiB.
    pub const fn io2(gibibytes: u32, operations: u32) -> Self {
        Self::of(Kind::Io2 { operations }, gibibytes)
    }

    /// Disks for what is read from end to end: 125 to 16,384 GiB.
    pub const fn st1(gibibytes: u32) -> Self {
        Self::of(Kind::Throughput("st1"), gibibytes)
    }

    /// Disks for what is read rarely: 125 to 16,384 GiB.
    pub const fn sc1(gibibytes: u32) -> Self {
        Self::of(Kind::Throughput("sc1"), gibibytes)
    }

    const fn of(kind: Kind, gibibytes: u32) -> Self {
        Self { kind, gibibytes, key: None, snapshot: None }
    }

    /// Encrypts with a key of KMS, where it would be the account's own for EBS.
    pub fn key(mut self, key: impl Into<Expr<AnyOf<ids::any::KmsKey>>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Begins with what a snapshot holds.
    pub fn snapshot(mut self, id: impl Into<Expr<String>>) -> Self {
        self.snapshot = Some(id.into());
        self
    }

    /// The key, if it is one of one's own.
    #[cfg(feature = "containers")]
    pub(crate) fn own_key(&self) -> Option<Expr<AnyOf<ids::any::KmsKey>>> {
        self.key.clone()
    }

    /// The snapshot that it begins with, if any.
    #[cfg(feature = "containers")]
    pub(crate) fn own_snapshot(&self) -> Option<Expr<String>> {
        self.snapshot.clone()
    }

    /// The size.
    #[cfg(feature = "containers")]
    pub(crate) const fn gibibytes(&self) -> u32 {
        self.gibibytes
    }

    /// The type as EC2 writes it.
    pub(crate) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Gp3 { .. } => "gp3",
            Kind::Io2 { .. } => "io2",
            Kind::Throughput(name) => name,
        }
    }

    /// Operations and MiB a second, where they are said.
    pub(crate) const fn speed(&self) -> (Option<u32>, Option<u32>) {
        match self.kind {
            Kind::Gp3 { operations, throughput } => (operations, throughput),
            Kind::Io2 { operations } => (Some(operations), None),
            Kind::Throughput(_) => (None, None),
        }
    }

    /// Reports (`FW0423`) a volume that cannot be.
    pub(crate) fn check(&self, scope: &mut Scope<'_>) {
        let name = self.name();
        let sizes = match self.kind {
            Kind::Gp3 { .. } => 1..=65_536,
            Kind::Io2 { .. } => 4..=65_536,
            Kind::Throughput(_) => 125..=16_384,
        };
        let mut mistakes = Vec::new();
        if !sizes.contains(&self.gibibytes) {
            let hint = format!("volumes of type {name} have {} to {} GiB", sizes.start(), sizes.end());
            mistakes.push((format!("a volume of {} GiB cannot be", self.gibibytes), hint));
        }
        let (operations, throughput) = self.speed();
        if let Some(operations) = operations {
            let (range, for_each) = match self.kind {
                Kind::Io2 { .. } => (100..=256_000, 1000),
                _ => (GP3_OPERATIONS..=80_000, 500),
            };
            // Every volume may have the least, however small it is.
            let most = (*range.end()).min(self.gibibytes.saturating_mul(for_each)).max(*range.start());
            if !(*range.start()..=most).contains(&operations) {
                let hint = format!(
                    "with {} GiB, those of type {name} have {} to {most}",
                    self.gibibytes,
                    range.start()
                );
                mistakes.push((format!("a volume of {operations} operations a second cannot be"), hint));
            }
        }
        if let Some(throughput) = throughput {
            let most = (operations.unwrap_or(GP3_OPERATIONS) / 4).min(2000);
            if !(GP3_THROUGHPUT..=most).contains(&throughput) {
                let hint =
                    format!("with these operations, those of type {name} have {GP3_THROUGHPUT} to {most}");
                mistakes.push((format!("a volume of {throughput} MiB a second cannot be"), hint));
            }
        }
        for (message, hint) in mistakes {
            scope.report(Finding::error("FW0423", message).hint(hint));
        }
    }

    /// As a volume of a launch template.
    pub(crate) fn into_ebs(self) -> Ebs {
        let (operations, throughput) = self.speed();
        let mut ebs = Ebs::new()
            .volume_type(self.name())
            .volume_size(self.gibibytes)
            .encrypted(true)
            .delete_on_termination(true);
        if let Some(operations) = operations {
            ebs = ebs.iops(operations);
        }
        if let Some(throughput) = throughput {
            ebs = ebs.throughput(throughput);
        }
        if let Some(key) = self.key {
            ebs = ebs.kms_key_id(key);
        }
        if let Some(snapshot) = self.snapshot {
            ebs = ebs.snapshot_id(snapshot);
        }
        ebs
    }
}

/// What becomes of a volume when its stack lets go of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeEnd {
    /// It is deleted, with what it holds.
    Delete,
    /// A snapshot is taken, and it is deleted.
    Snapshot,
    /// It stays, and goes on costing money.
    Retain,
}

/// A volume that stands by itself, and outlives the instances that it is attached to.
///
/// See [`AWS::EC2::Volume`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html).
///
/// ```
/// use formwork_aws::{image::{Architecture, Image}, instance::Instance, launch_template::LaunchTemplate};
/// use formwork_aws::volume::{DataVolume, Volume, VolumeEnd};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("builds");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "m7g.large")
///     .build(&mut stack, "Builder");
/// let builder = Instance::new(&template, &vpc.isolated()).build(&mut stack, "BuilderInstance");
/// DataVolume::new(Volume::gp3(200), VolumeEnd::Snapshot)
///     .attached_to(&builder, "/dev/sdf")
///     .build(&mut stack, "Cache");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a volume is added to a stack by `build`"]
pub struct DataVolume<P = ()> {
    volume: Volume,
    end: VolumeEnd,
    place: P,
}

/// Where a [`DataVolume`] stands: with an instance.
#[derive(Debug, Clone)]
pub struct WithInstance {
    zone: Expr<String>,
    instance: Expr<ids::ec2::InstanceId>,
    device: &'static str,
}

/// Where a [`DataVolume`] stands: in a zone.
#[derive(Debug, Clone)]
pub struct InZone(Expr<String>);

impl DataVolume {
    /// A volume, and what becomes of it when its stack lets go of it. Where it stands is said next.
    pub const fn new(volume: Volume, end: VolumeEnd) -> Self {
        Self { volume, end, place: () }
    }

    /// In the zone of an instance, as one of its devices (`/dev/sdf`).
    pub fn attached_to(self, instance: &InstanceHandle, device: &'static str) -> DataVolume<WithInstance> {
        let place = WithInstance { zone: instance.zone(), instance: instance.into(), device };
        DataVolume { volume: self.volume, end: self.end, place }
    }

    /// In a zone, for an instance that attaches it itself.
    pub fn in_zone(self, zone: impl Into<Expr<String>>) -> DataVolume<InZone> {
        DataVolume { volume: self.volume, end: self.end, place: InZone(zone.into()) }
    }
}

impl DataVolume<InZone> {
    /// Adds the volume to a stack.
    ///
    /// Findings: a volume that cannot be (`FW0423`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::Volume> {
        let mut scope = scope.construct(id);
        build(self.volume, self.end, self.place.0, &mut scope)
    }
}

impl DataVolume<WithInstance> {
    /// Adds the volume to a stack, and attaches it.
    ///
    /// Findings: a volume that cannot be (`FW0423`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::Volume> {
        let mut scope = scope.construct(id);
        let volume = build(self.volume, self.end, self.place.zone, &mut scope);
        ec2::VolumeAttachment::new(&volume, self.place.instance)
            .device(self.place.device)
            .build(&mut scope, "Attachment");
        volume
    }
}

fn build(volume: Volume, end: VolumeEnd, zone: Expr<String>, scope: &mut Scope<'_>) -> Handle<ec2::Volume> {
    volume.check(scope);
    let (operations, throughput) = volume.speed();
    let (deletion, replacement) = match end {
        VolumeEnd::Delete => (DeletionPolicy::Delete, UpdateReplacePolicy::Delete),
        VolumeEnd::Snapshot => (DeletionPolicy::Snapshot, UpdateReplacePolicy::Snapshot),
        VolumeEnd::Retain => (DeletionPolicy::Retain, UpdateReplacePolicy::Retain),
    };
    let mut resource = ec2::Volume::new()
        .availability_zone(zone)
        .volume_type(volume.name())
        .size(volume.gibibytes)
        .encrypted(true)
        .deletion_policy(deletion)
        .update_replace_policy(replacement);
    if let Some(operations) = operations {
        resource = resource.iops(operations);
    }
    if let Some(throughput) = throughput {
        resource = resource.throughput(throughput);
    }
    if let Some(key) = volume.key {
        resource = resource.kms_key_id(key);
    }
    if let Some(snapshot) = volume.snapshot {
        resource = resource.snapshot_id(snapshot);
    }
    resource.build(scope, "Volume")
}
