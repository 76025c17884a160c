//! What may be done with a service of containers.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::{arn_here, granted};
use crate::iam::Permission;

/// What may be done with a service of containers.
///
/// ```
/// use formwork_aws::grants::ServiceGrants;
/// use formwork_cfn::ids::ecs::ServiceArn;
/// use formwork_core::{Expr, id};
///
/// let web: Expr<ServiceArn> = id("arn:aws:ecs:eu-west-1:111111111111:service/shop/web");
/// let permissions = web.deploy();
/// # let _ = permissions;
/// ```
pub trait ServiceGrants {
    /// The ARN of the service.
    fn service_arn(&self) -> Expr<ids::ecs::ServiceArn>;

    /// Gives it another task definition, and waits until it runs. Whoever does this hands the roles
    /// of the task over as well: see [`RoleHandle::pass_to`](crate::iam::RoleHandle::pass_to).
    fn deploy(&self) -> [Permission; 3] {
        let revisions = arn_here("ecs", "task-definition/", "*");
        [
            Permission::new(["ecs:DescribeServices", "ecs:UpdateService"], [self.service_arn()]),
            Permission::new(["ecs:RegisterTaskDefinition"], [revisions]),
            Permission::on_everything(["ecs:DescribeTaskDefinition"], "the action takes no resource"),
        ]
    }

    /// Starts its tasks anew, with the task definition that it has.
    fn restart(&self) -> Permission {
        Permission::new(["ecs:DescribeServices", "ecs:UpdateService"], [self.service_arn()])
    }

    /// Looks at it.
    fn describe(&self) -> Permission {
        Permission::new(["ecs:DescribeServices"], [self.service_arn()])
    }
}

#[cfg(feature = "containers")]
impl<P, K, D> ServiceGrants for crate::ecs::ServiceHandle<P, K, D> {
    fn service_arn(&self) -> Expr<ids::ecs::ServiceArn> {
        self.service().into()
    }
}

granted!(ServiceGrants, service_arn, ids::ecs::ServiceArn);
