//! [`Repository`]: where container images are kept.

use formwork_cfn::{
    ecr,
    ecr::repository::{ImageScanningConfiguration, LifecyclePolicy},
    ids,
};
use formwork_core::{Build, Expr, Handle, Scope, concat};

use crate::iam::Permission;

/// A repository of container images. A tag is never given to another image.
///
/// See [`AWS::ECR::Repository`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html).
///
/// ```
/// use formwork_aws::ecr::Repository;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let images = Repository::new().keep_images(30).scan_on_push().build(&mut stack, "Images");
/// stack.output("Repository", images.uri());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a repository is added to a stack by `build`"]
pub struct Repository {
    kept: Option<u32>,
    scan_on_push: bool,
    empty_on_delete: bool,
}

impl Repository {
    /// A repository that keeps every image.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the newest images only, this many.
    pub const fn keep_images(mut self, count: u32) -> Self {
        self.kept = Some(count);
        self
    }

    /// Looks for known vulnerabilities when an image comes in.
    pub const fn scan_on_push(mut self) -> Self {
        self.scan_on_push = true;
        self
    }

    /// Deletes the images with the repository. Without it, a repository that holds images is not
    /// deleted.
    pub const fn empty_on_delete(mut self) -> Self {
        self.empty_on_delete = true;
        self
    }

    /// Adds the repository to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> RepositoryHandle {
        let mut scope = scope.construct(id);
        let mut repository = ecr::Repository::new().image_tag_mutability("IMMUTABLE");
        if let Some(count) = self.kept {
            let rule = serde_json::json!({
                "rulePriority": 1,
                "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count },
                "action": { "type": "expire" },
            });
            let policy = serde_json::json!({ "rules": [rule] }).to_string();
            repository = repository.lifecycle_policy(LifecyclePolicy::new().lifecycle_policy_text(policy));
        }
        if self.scan_on_push {
            repository =
                repository.image_scanning_configuration(ImageScanningConfiguration::new().scan_on_push(true));
        }
        if self.empty_on_delete {
            repository = repository.empty_on_delete(true);
        }
        RepositoryHandle { repository: repository.build(&mut scope, "Repository") }
    }
}

/// A [`Repository`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    repository: Handle<ecr::Repository>,
}

impl RepositoryHandle {
    /// The repository itself.
    pub const fn repository(&self) -> &Handle<ecr::Repository> {
        &self.repository
    }

    /// Where images are pushed to and pulled from.
    pub fn uri(&self) -> Expr<String> {
        self.repository.repository_uri()
    }

    /// The image of a tag.
    pub fn image(&self, tag: impl Into<Expr<String>>) -> Expr<String> {
        concat([self.uri(), ":".into(), tag.into()])
    }

    /// Lets somebody pull images.
    pub fn pull(&self) -> [Permission; 2] {
        let actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
        [
            Permission::new(actions, [self.repository.arn()]),
            Permission::on_everything(["ecr:GetAuthorizationToken"], "the action takes no resource"),
        ]
    }
}

impl From<&RepositoryHandle> for Expr<ids::ecr::RepositoryName> {
    fn from(handle: &RepositoryHandle) -> Self {
        handle.repository.repository_name()
    }
}
