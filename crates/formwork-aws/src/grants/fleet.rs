//! What may be done with an Auto Scaling group.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::{arn_here, granted};
use crate::iam::Permission;

/// What may be done with an Auto Scaling group, in the account and region of the stack.
///
/// ```
/// use formwork_aws::grants::FleetGrants;
/// use formwork_cfn::ids::autoscaling::AutoScalingGroupName;
/// use formwork_core::{Expr, id};
///
/// let workers: Expr<AutoScalingGroupName> = id("workers");
/// let permissions = [workers.resize(), workers.describe()];
/// # let _ = permissions;
/// ```
pub trait FleetGrants {
    /// The name of the group.
    fn group_name(&self) -> Expr<ids::autoscaling::AutoScalingGroupName>;

    /// Sets how many instances there are, within the bounds of the group.
    fn resize(&self) -> Permission {
        Permission::new(["autoscaling:SetDesiredCapacity"], [arn(self.group_name())])
    }

    /// Ends instances of the group, with others in their place or without.
    fn terminate_instances(&self) -> Permission {
        Permission::new(["autoscaling:TerminateInstanceInAutoScalingGroup"], [arn(self.group_name())])
    }

    /// Replaces all instances, one after the other.
    fn refresh(&self) -> Permission {
        let actions = ["autoscaling:CancelInstanceRefresh", "autoscaling:StartInstanceRefresh"];
        Permission::new(actions, [arn(self.group_name())])
    }

    /// Says that an instance is ready to be used, or to be ended.
    fn complete_lifecycle_actions(&self) -> Permission {
        let actions = ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"];
        Permission::new(actions, [arn(self.group_name())])
    }

    /// Looks at groups and their instances: at all of them, since there is no way to name one.
    fn describe(&self) -> Permission {
        let actions = ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances"];
        Permission::on_everything(actions, "the actions take no resource")
    }
}

/// The ARN of a group, but for the id that the service gives it.
fn arn(name: Expr<ids::autoscaling::AutoScalingGroupName>) -> Expr<String> {
    arn_here("autoscaling", "autoScalingGroup:*:autoScalingGroupName/", name)
}

#[cfg(feature = "compute")]
impl<K> FleetGrants for crate::auto_scaling::AutoScalingGroupHandle<K> {
    fn group_name(&self) -> Expr<ids::autoscaling::AutoScalingGroupName> {
        self.group().into()
    }
}

granted!(FleetGrants, group_name, ids::autoscaling::AutoScalingGroupName);
