//! What may be done with an instance.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::{arn_here, granted};
use crate::iam::Permission;

/// What may be done with an instance, in the account and region of the stack.
///
/// ```
/// use formwork_aws::grants::InstanceGrants;
/// use formwork_cfn::ids::ec2::InstanceId;
/// use formwork_core::{Expr, id};
///
/// let editor: Expr<InstanceId> = id("i-0a1b2c3d4e5f67890");
/// let permissions = [editor.start_instance(), editor.stop_instance()];
/// # let _ = permissions;
/// ```
pub trait InstanceGrants {
    /// The id of the instance.
    fn instance_id(&self) -> Expr<ids::ec2::InstanceId>;

    /// Starts it. Where a key of one's own encrypts its volumes, this needs
    /// [`KeyGrants`](super::KeyGrants) of the key beside it.
    fn start_instance(&self) -> Permission {
        Permission::new(["ec2:StartInstances"], [arn(self.instance_id())])
    }

    /// Stops it, and keeps its volumes.
    fn stop_instance(&self) -> Permission {
        Permission::new(["ec2:StopInstances"], [arn(self.instance_id())])
    }

    /// Restarts it.
    fn reboot_instance(&self) -> Permission {
        Permission::new(["ec2:RebootInstances"], [arn(self.instance_id())])
    }

    /// Looks at instances and their state: at all of them, since there is no way to name one.
    fn describe_instances(&self) -> Permission {
        let actions = ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances"];
        Permission::on_everything(actions, "the actions take no resource")
    }
}

fn arn(id: Expr<ids::ec2::InstanceId>) -> Expr<String> {
    arn_here("ec2", "instance/", id)
}

#[cfg(feature = "compute")]
impl InstanceGrants for crate::instance::InstanceHandle {
    fn instance_id(&self) -> Expr<ids::ec2::InstanceId> {
        self.instance().into()
    }
}

granted!(InstanceGrants, instance_id, ids::ec2::InstanceId);
