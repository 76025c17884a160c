//! What may be done with a file system.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a file system of EFS as a whole. For a directory of it as one user sees it, an
/// access point has permissions of its own.
///
/// See [IAM for file systems](https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
///
/// ```
/// use formwork_aws::grants::FileSystemGrants;
/// use formwork_cfn::ids::efs::FileSystemArn;
/// use formwork_core::{Expr, id};
///
/// let files: Expr<FileSystemArn> =
///     id("arn:aws:elasticfilesystem:eu-west-1:111111111111:file-system/fs-0a1b2c3d");
/// let permission = files.mount_and_write();
/// # let _ = permission;
/// ```
pub trait FileSystemGrants {
    /// The ARN of the file system.
    fn file_system_arn(&self) -> Expr<ids::efs::FileSystemArn>;

    /// Mounts it, and reads.
    fn mount(&self) -> Permission {
        Permission::new(["elasticfilesystem:ClientMount"], [self.file_system_arn()])
    }

    /// Mounts it, reads and writes.
    fn mount_and_write(&self) -> Permission {
        let actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];
        Permission::new(actions, [self.file_system_arn()])
    }

    /// Mounts it, and does as root of it whatever it likes.
    fn mount_as_root(&self) -> Permission {
        let actions = [
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientRootAccess",
            "elasticfilesystem:ClientWrite",
        ];
        Permission::new(actions, [self.file_system_arn()])
    }
}

#[cfg(feature = "file-systems")]
impl FileSystemGrants for crate::file_system::FileSystemHandle {
    fn file_system_arn(&self) -> Expr<ids::efs::FileSystemArn> {
        self.file_system().into()
    }
}

granted!(FileSystemGrants, file_system_arn, ids::efs::FileSystemArn);
