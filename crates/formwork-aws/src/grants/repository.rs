//! What may be done with a repository of images.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::arn_here;
use crate::iam::Permission;

/// What may be done with a repository of images. A repository that is named stands in the account
/// and region of the stack.
///
/// ```
/// use formwork_aws::grants::RepositoryGrants;
/// use formwork_cfn::ids::ecr::RepositoryName;
/// use formwork_core::{Expr, id};
///
/// let images: Expr<RepositoryName> = id("shop/web");
/// let permissions = images.push();
/// # let _ = permissions;
/// ```
pub trait RepositoryGrants {
    /// The ARN of the repository.
    fn repository(&self) -> Expr<String>;

    /// Pulls images.
    fn pull(&self) -> [Permission; 2] {
        let actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
        [Permission::new(actions, [self.repository()]), log_in()]
    }

    /// Pushes images.
    fn push(&self) -> [Permission; 2] {
        let actions = [
            "ecr:BatchCheckLayerAvailability",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ];
        [Permission::new(actions, [self.repository()]), log_in()]
    }
}

fn log_in() -> Permission {
    Permission::on_everything(["ecr:GetAuthorizationToken"], "the action takes no resource")
}

impl<R: Resource + Provides<ids::ecr::RepositoryName>> RepositoryGrants for Handle<R> {
    fn repository(&self) -> Expr<String> {
        self.id().attribute("Arn")
    }
}

impl RepositoryGrants for Expr<ids::ecr::RepositoryName> {
    fn repository(&self) -> Expr<String> {
        arn_here("ecr", "repository/", self.clone())
    }
}

#[cfg(feature = "containers")]
impl RepositoryGrants for crate::ecr::RepositoryHandle {
    fn repository(&self) -> Expr<String> {
        self.repository().repository()
    }
}
