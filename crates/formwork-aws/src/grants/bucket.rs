//! What may be done with a bucket.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource, concat};

use super::granted;
use crate::iam::{Permission, PolicyCondition};

/// What may be done with a bucket. A bucket whose objects a key of one's own encrypts needs
/// [`KeyGrants`](super::KeyGrants) of the key beside it.
///
/// ```
/// use formwork_aws::grants::BucketGrants;
/// use formwork_cfn::ids::s3::BucketArn;
/// use formwork_core::{Expr, id};
///
/// let reports: Expr<BucketArn> = id("arn:aws:s3:::reports");
/// let read = reports.read_objects();
/// let list = reports.list_objects_under("2026/");
/// # let _ = (read, list);
/// ```
pub trait BucketGrants {
    /// The ARN of the bucket.
    fn bucket(&self) -> Expr<ids::s3::BucketArn>;

    /// Reads every object.
    fn read_objects(&self) -> Permission {
        self.read_objects_under("")
    }

    /// Reads the objects whose keys begin so (`reports/`).
    fn read_objects_under(&self, prefix: &str) -> Permission {
        Permission::new(["s3:GetObject"], [objects(self.bucket(), prefix)])
    }

    /// Writes every object.
    fn write_objects(&self) -> Permission {
        self.write_objects_under("")
    }

    /// Writes the objects whose keys begin so (`reports/`).
    fn write_objects_under(&self, prefix: &str) -> Permission {
        Permission::new(["s3:AbortMultipartUpload", "s3:PutObject"], [objects(self.bucket(), prefix)])
    }

    /// Deletes every object.
    fn delete_objects(&self) -> Permission {
        self.delete_objects_under("")
    }

    /// Deletes the objects whose keys begin so (`reports/`).
    fn delete_objects_under(&self, prefix: &str) -> Permission {
        Permission::new(["s3:DeleteObject"], [objects(self.bucket(), prefix)])
    }

    /// Lists the keys of all objects. Who may not is told that an object is forbidden where there is
    /// none.
    fn list_objects(&self) -> Permission {
        Permission::new(["s3:ListBucket"], [self.bucket()])
    }

    /// Lists the keys of all objects, and reads each.
    fn list_and_read_objects(&self) -> [Permission; 2] {
        [self.list_objects(), self.read_objects()]
    }

    /// Lists, reads, writes and deletes every object.
    fn manage_objects(&self) -> [Permission; 4] {
        [self.list_objects(), self.read_objects(), self.write_objects(), self.delete_objects()]
    }

    /// Lists the keys that begin so (`reports/`).
    fn list_objects_under(&self, prefix: &str) -> Permission {
        self.list_objects().when(PolicyCondition::string_like("s3:prefix", format!("{prefix}*")))
    }
}

fn objects(bucket: Expr<ids::s3::BucketArn>, prefix: &str) -> Expr<String> {
    concat([Expr::<String>::from(bucket), format!("/{prefix}*").into()])
}

granted!(BucketGrants, bucket, ids::s3::BucketArn);
