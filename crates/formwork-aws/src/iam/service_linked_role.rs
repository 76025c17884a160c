//! [`ServiceLinkedRole`]: a role that a service keeps for itself.

use formwork_cfn::iam;
use formwork_core::{Build, Expr, Handle, Scope, concat, pseudo};

/// A role whose policies and trust are the service's own. Most services make theirs when they are
/// first used; one in a template is for an account in which nobody may make it by the way.
///
/// There is one a service in an account, unless the service takes a suffix.
///
/// See [`AWS::IAM::ServiceLinkedRole`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-servicelinkedrole.html).
///
/// ```
/// use formwork_aws::iam::ServiceLinkedRole;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("fleet");
/// let role = ServiceLinkedRole::new("autoscaling.amazonaws.com")
///     .suffix("shop")
///     .description("For the fleet of the shop")
///     .build(&mut stack, "Scaling");
/// stack.output("Role", role.arn());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a role is added to a stack by `build`"]
pub struct ServiceLinkedRole {
    service: String,
    suffix: Option<String>,
    description: Option<String>,
}

impl ServiceLinkedRole {
    /// The role of a service (`autoscaling.amazonaws.com`).
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into(), suffix: None, description: None }
    }

    /// A second role of the service, where the service takes one.
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = Some(suffix.into());
        self
    }

    /// What the role is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds the role to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> ServiceLinkedRoleHandle {
        let mut scope = scope.construct(id);
        let mut role = iam::ServiceLinkedRole::new().aws_service_name(self.service.as_str());
        if let Some(suffix) = self.suffix {
            role = role.custom_suffix(suffix);
        }
        if let Some(description) = self.description {
            role = role.description(description);
        }
        ServiceLinkedRoleHandle { role: role.build(&mut scope, "Role"), service: self.service }
    }
}

/// A [`ServiceLinkedRole`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ServiceLinkedRoleHandle {
    role: Handle<iam::ServiceLinkedRole>,
    service: String,
}

impl ServiceLinkedRoleHandle {
    /// The role itself.
    pub const fn role(&self) -> &Handle<iam::ServiceLinkedRole> {
        &self.role
    }

    /// The name.
    pub fn name(&self) -> Expr<String> {
        self.role.role_name()
    }

    /// The ARN.
    pub fn arn(&self) -> Expr<String> {
        concat([
            "arn:".into(),
            pseudo::partition(),
            ":iam::".into(),
            pseudo::account_id(),
            format!(":role/aws-service-role/{}/", self.service).into(),
            self.name(),
        ])
    }
}
