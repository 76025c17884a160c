//! The stack that an account needs before templates and assets can be uploaded.
//!
//! It is an ordinary stack, deployed by the ordinary [`Engine`](crate::engine::Engine): a private
//! bucket and a repository for images, which both stay when the stack goes.

use crate::request::DeployRequest;

/// The name of the stack.
pub const STACK: &str = "formwork-bootstrap";
/// The output that names the bucket.
pub const BUCKET: &str = "Bucket";
/// The output that names the repository.
pub const REPOSITORY: &str = "Repository";
/// The template.
pub const TEMPLATE: &str = include_str!("bootstrap/bootstrap.template.json");

/// What to deploy.
///
/// A bucket and a repository that an earlier stack of this name left behind are taken over.
pub fn request() -> DeployRequest {
    let mut request = DeployRequest::new(STACK, TEMPLATE);
    request.mode.import_existing = true;
    request
}
