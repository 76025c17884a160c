//! [`ContainerImage`]: what a container runs.

use formwork_cfn::ecs::task_definition::{ContainerDefinition, RepositoryCredentials};
use formwork_core::Expr;

use crate::{ecr::RepositoryHandle, iam::Permission, secret::SecretHandle};

/// The image of a container, with the permission to pull it.
///
/// ```
/// use formwork_aws::ecs::ContainerImage;
///
/// let image = ContainerImage::public("public.ecr.aws/nginx/nginx:1.29");
/// # let _ = image;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ContainerImage {
    name: Expr<String>,
    permissions: Vec<Permission>,
    credentials: Option<Expr<String>>,
}

impl ContainerImage {
    /// An image of a registry that everybody may pull from (`public.ecr.aws/nginx/nginx:1.29`).
    pub fn public(name: impl Into<Expr<String>>) -> Self {
        Self { name: name.into(), permissions: Vec::new(), credentials: None }
    }

    /// The image of a tag in a repository.
    pub fn in_repository(repository: &RepositoryHandle, tag: impl Into<Expr<String>>) -> Self {
        Self { permissions: repository.pull().into(), ..Self::public(repository.image(tag)) }
    }

    /// An image of a registry outside of AWS that asks who pulls: the secret has a `username` and a
    /// `password`.
    pub fn with_credentials(name: impl Into<Expr<String>>, credentials: &SecretHandle) -> Self {
        Self {
            permissions: vec![credentials.read()],
            credentials: Some(credentials.arn()),
            ..Self::public(name)
        }
    }

    /// What the service needs to pull it.
    pub(super) fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.permissions.iter().cloned()
    }

    /// The beginning of the definition of a container that runs it.
    pub(super) fn definition(self, container: String) -> ContainerDefinition {
        let definition = ContainerDefinition::new(container, self.name);
        match self.credentials {
            Some(secret) => {
                definition.repository_credentials(RepositoryCredentials::new().credentials_parameter(secret))
            }
            None => definition,
        }
    }
}
