//! [`Authentication`]: a balancer that knows who asks before it passes a request on.

use std::time::Duration;

use formwork_cfn::{elasticloadbalancingv2 as elbv2, ids};
use formwork_core::{Expr, Finding, Scope, SecretReference};

/// The longest time that somebody stays known.
const LONGEST_SESSION: u64 = 604_800;

/// Has people sign in before requests are passed on. Listeners for HTTPS alone can.
///
/// See [authenticating users](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::load_balancer::{ApplicationLoadBalancer, Authentication, OpenIdClient, Requests};
/// use formwork_core::secret;
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::{App, id};
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// # let certificate = |name: &str| id(format!("arn:aws:acm:eu-west-1:111111111111:certificate/{name}"));
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let listener = balancer.https(&mut stack, certificate("one")).respond(404, "nothing here");
/// let staff = Authentication::openid(OpenIdClient {
///     issuer: "https://id.example.com".into(),
///     authorization_endpoint: "https://id.example.com/authorize".into(),
///     token_endpoint: "https://id.example.com/token".into(),
///     user_info_endpoint: "https://id.example.com/userinfo".into(),
///     client_id: "shop".into(),
///     client_secret: secret("shop/openid").json_key("client_secret"),
/// })
/// .session(Duration::from_hours(8));
/// listener
///     .rule(&mut stack, "Staff", 10, Requests::to_path(["/staff/*"]))
///     .authenticate(staff)
///     .respond(200, "welcome");
/// let customers = Authentication::cognito(
///     id("arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_example"),
///     id("1example23456789"),
///     "shop",
/// );
/// listener
///     .rule(&mut stack, "Account", 20, Requests::to_path(["/account/*"]))
///     .authenticate(customers)
///     .respond(200, "welcome");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Authentication {
    provider: Provider,
    strangers: Option<&'static str>,
    scope: Option<String>,
    cookie: Option<String>,
    session: Option<Duration>,
    parameters: Vec<(String, Expr<String>)>,
}

#[derive(Debug, Clone)]
enum Provider {
    OpenId(Box<OpenIdClient>),
    Cognito {
        pool: Expr<ids::cognito::UserPoolArn>,
        client: Expr<ids::cognito::UserPoolClientId>,
        domain: Expr<String>,
    },
}

/// A client of a provider that speaks OpenID Connect.
#[derive(Debug, Clone)]
pub struct OpenIdClient {
    /// Who the provider says that it is (`https://id.example.com`).
    pub issuer: Expr<String>,
    /// Where people sign in.
    pub authorization_endpoint: Expr<String>,
    /// Where the balancer gets its tokens.
    pub token_endpoint: Expr<String>,
    /// Where the balancer learns who somebody is.
    pub user_info_endpoint: Expr<String>,
    /// How the provider knows the balancer.
    pub client_id: Expr<String>,
    /// What the balancer proves it with: it stands in Secrets Manager and not in the template.
    pub client_secret: SecretReference,
}

impl Authentication {
    /// By any provider that speaks OpenID Connect.
    pub fn openid(client: OpenIdClient) -> Self {
        Self::by(Provider::OpenId(Box::new(client)))
    }

    /// By a user pool of Cognito, one of its clients that has a secret, and the prefix of its domain.
    pub fn cognito(
        pool: impl Into<Expr<ids::cognito::UserPoolArn>>,
        client: impl Into<Expr<ids::cognito::UserPoolClientId>>,
        domain: impl Into<Expr<String>>,
    ) -> Self {
        Self::by(Provider::Cognito { pool: pool.into(), client: client.into(), domain: domain.into() })
    }

    fn by(provider: Provider) -> Self {
        Self { provider, strangers: None, scope: None, cookie: None, session: None, parameters: Vec::new() }
    }

    /// Lets requests of people pass who have not signed in, without saying who they are.
    pub fn allow_strangers(mut self) -> Self {
        self.strangers = Some("allow");
        self
    }

    /// Answers people who have not signed in with status 401 instead of having them sign in: for
    /// programs.
    pub fn deny_strangers(mut self) -> Self {
        self.strangers = Some("deny");
        self
    }

    /// What is asked of the provider (`openid email`): `openid` unless set.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The name of the cookie, for applications on one host that know people apart.
    pub fn cookie(mut self, name: impl Into<String>) -> Self {
        self.cookie = Some(name.into());
        self
    }

    /// How long somebody stays known: 7 days unless set, which is the most.
    pub fn session(mut self, duration: Duration) -> Self {
        self.session = Some(duration);
        self
    }

    /// A parameter more for the page where people sign in (`prompt`, `login_hint`).
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Reports what cannot be.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        if let Some(seconds) = self.session.map(|session| session.as_secs())
            && !(1..=LONGEST_SESSION).contains(&seconds)
        {
            let message =
                format!("a session of {seconds} seconds cannot be: 1 to {LONGEST_SESSION} are possible");
            scope.report(Finding::error("FW0465", message));
        }
        let Provider::OpenId(client) = &self.provider else { return };
        let endpoints = [
            &client.issuer,
            &client.authorization_endpoint,
            &client.token_endpoint,
            &client.user_info_endpoint,
        ];
        for endpoint in endpoints.into_iter().filter_map(|endpoint| endpoint.as_str()) {
            if !endpoint.starts_with("https://") {
                let message = format!("`{endpoint}` of the provider is not reached by HTTPS");
                scope
                    .report(Finding::error("FW0465", message).hint("write the whole address: `https://...`"));
            }
        }
    }
}

/// Sets what both kinds of providers have.
macro_rules! say {
    ($config:ident, $who:ident, $timeout:ident) => {{
        let mut config = $config;
        if let Some(strangers) = $who.strangers {
            config = config.on_unauthenticated_request(strangers);
        }
        if let Some(scope) = $who.scope {
            config = config.scope(scope);
        }
        if let Some(cookie) = $who.cookie {
            config = config.session_cookie_name(cookie);
        }
        if let Some(session) = $who.session {
            config = config.session_timeout($timeout(session.as_secs()));
        }
        if !$who.parameters.is_empty() {
            config = config.authentication_request_extra_params(Expr::map($who.parameters));
        }
        config
    }};
}

/// The action in the types of a listener or of a rule, which differ in one number.
macro_rules! authenticate {
    ($name:ident, $module:ident, $timeout:ty) => {
        pub(super) fn $name(
            who: Authentication,
            timeout: impl Fn(u64) -> $timeout,
        ) -> elbv2::$module::Action {
            use elbv2::$module::{
                Action, AuthenticateCognitoConfig, AuthenticateOidcConfig, AuthenticateOidcConfigRequired,
            };
            match who.provider {
                Provider::OpenId(client) => {
                    let config = AuthenticateOidcConfig::new(AuthenticateOidcConfigRequired {
                        issuer: client.issuer,
                        authorization_endpoint: client.authorization_endpoint,
                        token_endpoint: client.token_endpoint,
                        user_info_endpoint: client.user_info_endpoint,
                        client_id: client.client_id,
                    })
                    .client_secret(client.client_secret);
                    Action::new("authenticate-oidc").authenticate_oidc_config(say!(config, who, timeout))
                }
                Provider::Cognito { pool, client, domain } => {
                    let config = AuthenticateCognitoConfig::new(client, pool, domain);
                    Action::new("authenticate-cognito")
                        .authenticate_cognito_config(say!(config, who, timeout))
                }
            }
        }
    };
}

authenticate!(of_listener, listener, String);
authenticate!(of_rule, listener_rule, i64);
