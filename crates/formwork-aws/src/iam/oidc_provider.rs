//! [`OidcProvider`]: identities from outside of AWS, such as the jobs of GitHub Actions.

use formwork_cfn::{iam, ids};
use formwork_core::{Build, Expr, Handle, Scope, concat, pseudo};

use super::{condition::PolicyCondition, principal::Principal, role::Role};

/// The host of the provider of GitHub Actions.
const GITHUB: &str = "token.actions.githubusercontent.com";
/// The audience of tokens that are for AWS.
const AWS: &str = "sts.amazonaws.com";

/// A provider of identities that speaks OpenID Connect. An account has one for each host:
/// [`OidcProviderHandle::known`] is for one that stands already.
///
/// See [`AWS::IAM::OIDCProvider`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html).
///
/// ```
/// use formwork_aws::iam::{GithubJobs, OidcProvider, Permission};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("delivery");
/// let github = OidcProvider::github_actions().build(&mut stack, "Github");
/// let deploy = github
///     .github_actions_role(GithubJobs::environment("shop/storefront", "production"))
///     .permission(Permission::new(["s3:PutObject"], ["arn:aws:s3:::storefront/*"]))
///     .build(&mut stack, "Deploy");
/// stack.output("DeployRole", deploy.arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a provider is added to a stack by `build`"]
pub struct OidcProvider {
    host: String,
    audiences: Vec<String>,
    thumbprints: Vec<String>,
}

impl OidcProvider {
    /// A provider by its host and path, without `https://`, and the audience of its tokens.
    pub fn new(host: impl Into<String>, audience: impl Into<String>) -> Self {
        let host: String = host.into();
        let host = host.strip_prefix("https://").unwrap_or(&host).to_owned();
        Self { host, audiences: vec![audience.into()], thumbprints: Vec::new() }
    }

    /// The provider of GitHub Actions, with tokens for AWS.
    pub fn github_actions() -> Self {
        Self::new(GITHUB, AWS)
    }

    /// Takes tokens of another audience too.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The fingerprint of the authority that signed the provider's certificate. IAM needs none of
    /// the well-known authorities.
    pub fn thumbprint(mut self, thumbprint: impl Into<String>) -> Self {
        self.thumbprints.push(thumbprint.into());
        self
    }

    /// Adds the provider to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> OidcProviderHandle {
        let mut scope = scope.construct(id);
        let mut provider =
            iam::OidcProvider::new().url(format!("https://{}", self.host)).client_id_list(&self.audiences);
        if !self.thumbprints.is_empty() {
            provider = provider.thumbprint_list(self.thumbprints);
        }
        let provider: Handle<_> = provider.build(&mut scope, "Provider");
        let audience = self.audiences.into_iter().next().unwrap_or_default();
        OidcProviderHandle { arn: provider.arn(), host: self.host, audience }
    }
}

/// An [`OidcProvider`] that stands in a stack, or in the account.
#[derive(Debug, Clone)]
pub struct OidcProviderHandle {
    arn: Expr<ids::iam::OidcProviderArn>,
    host: String,
    audience: String,
}

impl OidcProviderHandle {
    /// A provider that stands in the account already, by its host and the audience of its tokens.
    pub fn known(host: impl Into<String>, audience: impl Into<String>) -> Self {
        let host: String = host.into();
        let arn = concat([
            "arn:".into(),
            pseudo::partition(),
            ":iam::".into(),
            pseudo::account_id(),
            format!(":oidc-provider/{host}").into(),
        ]);
        Self { arn: arn.cast(), host, audience: audience.into() }
    }

    /// The provider of GitHub Actions, where it stands in the account already.
    pub fn known_github_actions() -> Self {
        Self::known(GITHUB, AWS)
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<ids::iam::OidcProviderArn> {
        self.arn.clone()
    }

    /// Whoever the provider names by this subject, and by no other.
    pub fn subject(&self, subject: impl Into<Expr<String>>) -> Principal {
        self.trusted().when(PolicyCondition::string_equals(self.key("sub"), subject))
    }

    /// Whoever the provider names by a subject of this form, in which `*` and `?` stand for others.
    pub fn subject_like(&self, form: impl Into<Expr<String>>) -> Principal {
        self.trusted().when(PolicyCondition::string_like(self.key("sub"), form))
    }

    /// Jobs of GitHub Actions, as someone who may take a role.
    pub fn github_actions(&self, jobs: GithubJobs) -> Principal {
        let principal = if jobs.subject.contains(['*', '?']) {
            self.subject_like(jobs.subject)
        } else {
            self.subject(jobs.subject)
        };
        principal.with_problem(jobs.problem)
    }

    /// A role for jobs of GitHub Actions, without a key that anyone has to keep.
    pub fn github_actions_role(&self, jobs: GithubJobs) -> Role {
        Role::new(self.github_actions(jobs))
    }

    fn trusted(&self) -> Principal {
        let audience = PolicyCondition::string_equals(self.key("aud"), self.audience.as_str());
        Principal::federated(self.arn()).when(audience)
    }

    fn key(&self, claim: &str) -> String {
        format!("{}:{claim}", self.host)
    }
}

impl From<&OidcProviderHandle> for Expr<ids::iam::OidcProviderArn> {
    fn from(handle: &OidcProviderHandle) -> Self {
        handle.arn()
    }
}

/// Which jobs of GitHub Actions are meant. There is no way to say all of them: whoever can open a
/// pull request would be among them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct GithubJobs {
    subject: String,
    problem: Option<String>,
}

impl GithubJobs {
    /// Jobs on a branch of a repository (`owner/name`). A `*` stands for any branch of that form.
    pub fn branch(repository: &str, branch: &str) -> Self {
        Self::new(repository, &format!("ref:refs/heads/{branch}"))
    }

    /// Jobs on a tag of a repository (`owner/name`). A `*` stands for any tag of that form.
    pub fn tag(repository: &str, tag: &str) -> Self {
        Self::new(repository, &format!("ref:refs/tags/{tag}"))
    }

    /// Jobs for an environment of a repository (`owner/name`), whose rules say who may start them.
    pub fn environment(repository: &str, environment: &str) -> Self {
        Self::new(repository, &format!("environment:{environment}"))
    }

    /// Jobs for pull requests to a repository (`owner/name`), which run what others have written.
    pub fn pull_requests(repository: &str) -> Self {
        Self::new(repository, "pull_request")
    }

    fn new(repository: &str, what: &str) -> Self {
        let named = repository.split_once('/').is_some_and(|(owner, name)| {
            !owner.is_empty() && !owner.contains('*') && !name.is_empty() && !name.contains('/')
        });
        let problem = (!named).then(|| format!("`{repository}` is no repository: it is named `owner/name`"));
        Self { subject: format!("repo:{repository}:{what}"), problem }
    }
}
