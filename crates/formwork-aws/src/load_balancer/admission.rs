//! [`Admission`]: what has to be known of who asks.

use formwork_cfn::elasticloadbalancingv2 as elbv2;
use formwork_core::Scope;

use super::{Authentication, TokenValidation, authentication, token_validation};

/// What has to be known of who asks before a request is passed on: that people have signed in
/// ([`Authentication`]), or that a program bears a token ([`TokenValidation`]).
#[derive(Debug, Clone)]
pub struct Admission(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Person(Authentication),
    Token(TokenValidation),
}

impl From<Authentication> for Admission {
    fn from(people: Authentication) -> Self {
        Self(Kind::Person(people))
    }
}

impl From<TokenValidation> for Admission {
    fn from(programs: TokenValidation) -> Self {
        Self(Kind::Token(programs))
    }
}

impl Admission {
    /// Reports what cannot be.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        match &self.0 {
            Kind::Person(people) => people.check(scope),
            Kind::Token(programs) => programs.check(scope),
        }
    }
}

/// The action in the types of a listener or of a rule, which differ in one number.
macro_rules! admit {
    ($name:ident, $module:ident, $timeout:ty) => {
        pub(super) fn $name(who: Admission, timeout: impl Fn(u64) -> $timeout) -> elbv2::$module::Action {
            match who.0 {
                Kind::Person(people) => authentication::$name(people, timeout),
                Kind::Token(programs) => token_validation::$name(programs),
            }
        }
    };
}

admit!(of_listener, listener, String);
admit!(of_rule, listener_rule, i64);
