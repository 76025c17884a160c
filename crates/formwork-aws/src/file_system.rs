//! [`FileSystem`]: files that machines and containers in several zones share.

use formwork_cfn::{
    efs,
    efs::{
        access_point::{CreationInfo, PosixUser, RootDirectory},
        file_system::{BackupPolicy, LifecyclePolicy},
    },
    ids,
};
use formwork_core::{Build, DeletionPolicy, Expr, Handle, ResourceId, Scope, ScopeId, UpdateReplacePolicy};

use crate::{
    iam::{ConditionKey, Permission, PolicyCondition, PolicyDocument, Statement},
    security_group::{Outbound, SecurityGroup, SecurityGroupHandle},
    vpc::Subnets,
};

/// The actions of a client that reads and writes.
const USE: [&str; 2] = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];

/// Files that machines and containers share, with a way to them in each subnet.
///
/// It is encrypted, refuses connections without TLS, and lets in only whom IAM lets in. It stays when
/// its stack is deleted, unless it is [`FileSystem::disposable`].
///
/// See [`AWS::EFS::FileSystem`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-filesystem.html).
///
/// ```
/// use formwork_aws::{ecs::TaskVolume, file_system::FileSystem};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("Data"))
///     .build(&mut stack, "Network");
/// let files = FileSystem::new(&vpc.isolated()).backed_up().build(&mut stack, "Files");
/// let uploads = files.access_point(&mut stack, "Uploads", "/uploads", 1000);
/// let volume = TaskVolume::shared("uploads", &uploads);
/// # let _ = volume;
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a file system is added to a stack by `build`"]
pub struct FileSystem {
    subnets: Subnets,
    disposable: bool,
    backed_up: bool,
    cold_after_a_month: bool,
}

impl FileSystem {
    /// A file system with a way to it in each of the subnets: one a zone.
    pub fn new(subnets: &Subnets) -> Self {
        Self { subnets: subnets.clone(), disposable: false, backed_up: false, cold_after_a_month: false }
    }

    /// Deletes it, with all files, when its stack lets go of it.
    pub const fn disposable(mut self) -> Self {
        self.disposable = true;
        self
    }

    /// Backs it up every day.
    pub const fn backed_up(mut self) -> Self {
        self.backed_up = true;
        self
    }

    /// Moves files that nobody has read for a month to where they cost less, and back when somebody
    /// reads them.
    pub const fn cold_after_a_month(mut self) -> Self {
        self.cold_after_a_month = true;
        self
    }

    /// Adds the file system to a stack, with a security group that lets nobody in yet.
    ///
    /// Findings: no subnets (`FW0403`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> FileSystemHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the file system", &mut scope);
        let mut files = efs::FileSystem::new()
            .encrypted(true)
            .throughput_mode("elastic")
            .backup_policy(BackupPolicy::new(if self.backed_up { "ENABLED" } else { "DISABLED" }))
            .file_system_policy(policy());
        if self.cold_after_a_month {
            files = files.lifecycle_policies([
                LifecyclePolicy::new().transition_to_ia("AFTER_30_DAYS"),
                LifecyclePolicy::new().transition_to_primary_storage_class("AFTER_1_ACCESS"),
            ]);
        }
        let (deletion, replacement) = if self.disposable {
            (DeletionPolicy::Delete, UpdateReplacePolicy::Delete)
        } else {
            (DeletionPolicy::Retain, UpdateReplacePolicy::Retain)
        };
        let files = files
            .deletion_policy(deletion)
            .update_replace_policy(replacement)
            .build(&mut scope, "FileSystem");
        let description = format!("file system {}", scope.path());
        let group =
            SecurityGroup::new(self.subnets.vpc_id(), description, Outbound::Nowhere).build(&mut scope, "");
        let mut mount_targets = Vec::new();
        for (word, subnet) in self.subnets.named() {
            let target = efs::MountTarget::new([&group], &files, subnet.clone())
                .build(&mut scope, &format!("MountTarget{word}"));
            mount_targets.push(target.id());
        }
        FileSystemHandle { files, group, mount_targets, scope: scope.id() }
    }
}

/// Whom the file system lets in: by TLS alone, and nobody whom IAM does not let in.
fn policy() -> PolicyDocument {
    let insecure = Statement::deny_to_everyone(["*"], ["*"])
        .when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, false));
    PolicyDocument::new().statement(insecure)
}

/// A [`FileSystem`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct FileSystemHandle {
    files: Handle<efs::FileSystem>,
    group: SecurityGroupHandle,
    mount_targets: Vec<ResourceId>,
    scope: ScopeId,
}

impl FileSystemHandle {
    /// The file system itself.
    pub const fn file_system(&self) -> &Handle<efs::FileSystem> {
        &self.files
    }

    /// The id.
    pub fn id(&self) -> Expr<ids::efs::FileSystemId> {
        self.files.file_system_id()
    }

    /// Its security group: it lets nobody in until it is told
    /// (`files.security_group().allow(stack, &servers, Port::NFS)`).
    pub const fn security_group(&self) -> &SecurityGroupHandle {
        &self.group
    }

    /// The ways to it, without which nobody can use it: for `depends_on`.
    pub fn mount_targets(&self) -> &[ResourceId] {
        &self.mount_targets
    }

    /// A directory of the file system as some see it: they see nothing else, and act as one user, who
    /// owns it.
    #[track_caller]
    pub fn access_point(&self, scope: &mut Scope<'_>, id: &str, path: &str, user: u32) -> AccessPoint {
        let mut scope = scope.reopen(self.scope);
        let user = user.to_string();
        let root = RootDirectory::new().path(path).creation_info(CreationInfo::new(
            user.as_str(),
            user.as_str(),
            "750",
        ));
        let point = efs::AccessPoint::new(&self.files)
            .root_directory(root)
            .posix_user(PosixUser::new(user.as_str(), user.as_str()))
            .build(&mut scope, id);
        AccessPoint { point, files: self.clone() }
    }
}

/// A directory of a [`FileSystem`], as one user sees it.
#[derive(Debug, Clone)]
pub struct AccessPoint {
    point: Handle<efs::AccessPoint>,
    files: FileSystemHandle,
}

impl AccessPoint {
    /// The file system that it is of.
    pub const fn file_system(&self) -> &FileSystemHandle {
        &self.files
    }

    /// The id.
    pub fn id(&self) -> Expr<ids::efs::AccessPointId> {
        self.point.access_point_id()
    }

    /// Lets somebody read and write what is below it.
    pub fn read_and_write(&self) -> Permission {
        self.permission(USE)
    }

    /// Lets somebody read what is below it.
    pub fn read(&self) -> Permission {
        self.permission(["elasticfilesystem:ClientMount"])
    }

    fn permission<const COUNT: usize>(&self, actions: [&str; COUNT]) -> Permission {
        let arn: Expr<String> = self.point.arn().into();
        let here = PolicyCondition::string_equals("elasticfilesystem:AccessPointArn", arn);
        Permission::new(actions, [Expr::<String>::from(self.files.files.arn())]).when(here)
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        self.point.id() == other.point.id()
    }
}
