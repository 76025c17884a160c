//! [`Repository`]: where container images are kept.

mod lifecycle;
mod scanning;

use formwork_cfn::{
    ecr,
    ecr::repository::{
        EncryptionConfiguration, ImageScanningConfiguration, ImageTagMutabilityExclusionFilter,
        LifecyclePolicy,
    },
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope, concat};

pub use lifecycle::ImageLifecycleRule;
pub use scanning::RegistryScanning;

use crate::iam::Permission;

/// The most patterns of tags that may be given to another image, and wildcards in each.
const MOST_EXCLUSIONS: usize = 5;
const MOST_WILDCARDS: usize = 2;

/// A repository of container images. A tag is never given to another image, unless it is said that
/// it may be.
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
    rules: Vec<ImageLifecycleRule>,
    scan_on_push: bool,
    empty_on_delete: bool,
    mutable: bool,
    mutable_like: Vec<String>,
    key: Option<Expr<ids::kms::KeyArn>>,
}

impl Repository {
    /// A repository that keeps every image.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the newest images only, this many, after all other rules.
    pub const fn keep_images(mut self, count: u32) -> Self {
        self.kept = Some(count);
        self
    }

    /// Deletes or archives images by a rule. Rules are asked in the order in which they are given.
    pub fn lifecycle(mut self, rule: ImageLifecycleRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Lets every tag be given to another image. What runs an image by such a tag may run another one
    /// tomorrow.
    pub const fn mutable_tags(mut self) -> Self {
        self.mutable = true;
        self
    }

    /// Lets these tags alone be given to another image (`latest`, `branch-*`): 5 patterns, with 2
    /// wildcards each, at most.
    pub fn mutable_tags_like<T: Into<String>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.mutable_like.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Encrypts images by a key of one's own, in place of one that the service has. It cannot be
    /// changed later without replacing the repository, and the key costs money.
    pub fn key(mut self, key: impl Into<Expr<ids::kms::KeyArn>>) -> Self {
        self.key = Some(key.into());
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
    ///
    /// Findings: a lifecycle that the service refuses (`FW0486`), patterns of tags that it does
    /// (`FW0488`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> RepositoryHandle {
        let mut scope = scope.construct(id);
        let mut repository = ecr::Repository::new();
        repository = match (self.mutable, self.mutable_like.is_empty()) {
            (true, _) => repository.image_tag_mutability("MUTABLE"),
            (false, true) => repository.image_tag_mutability("IMMUTABLE"),
            (false, false) => {
                check_exclusions(&self.mutable_like, &mut scope);
                let patterns = self.mutable_like.into_iter();
                let filters =
                    patterns.map(|pattern| ImageTagMutabilityExclusionFilter::new("WILDCARD", pattern));
                repository
                    .image_tag_mutability("IMMUTABLE_WITH_EXCLUSION")
                    .image_tag_mutability_exclusion_filters(Expr::list(filters))
            }
        };
        let mut rules = self.rules;
        rules.extend(self.kept.map(ImageLifecycleRule::keep_newest));
        if !rules.is_empty() {
            let policy = lifecycle::policy(&rules, &mut scope);
            repository = repository.lifecycle_policy(LifecyclePolicy::new().lifecycle_policy_text(policy));
        }
        if let Some(key) = self.key {
            let encryption = EncryptionConfiguration::new("KMS").kms_key(key);
            repository = repository.encryption_configuration(encryption);
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

/// Reports (`FW0488`) patterns of tags that the service refuses.
fn check_exclusions(patterns: &[String], scope: &mut Scope<'_>) {
    if patterns.len() > MOST_EXCLUSIONS {
        let message =
            format!("{} patterns of tags may change: {MOST_EXCLUSIONS} are the most", patterns.len());
        scope.report(Finding::error("FW0488", message));
    }
    if let Some(wild) = patterns.iter().find(|pattern| pattern.matches('*').count() > MOST_WILDCARDS) {
        let message = format!("`{wild}` has more than {MOST_WILDCARDS} wildcards");
        scope.report(Finding::error("FW0488", message));
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
