//! [`TokenValidation`]: a balancer that passes on requests with a token alone.

use formwork_cfn::elasticloadbalancingv2 as elbv2;
use formwork_core::{Expr, Finding, Scope};

/// The longest text of an issuer, an endpoint or a value.
const LONGEST: usize = 256;
/// The claims that may be asked for, and the values of one.
const MOST: usize = 10;
/// The claims that are looked at anyway.
const STANDARD: [&str; 4] = ["exp", "iss", "nbf", "iat"];

/// Passes on requests of programs that bear a token (JWT) of an issuer, signed by RS256, and refuses
/// others. Listeners for HTTPS alone can.
///
/// The issuer and the time are looked at always.
///
/// See [verifying JWTs](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html).
///
/// ```
/// use formwork_aws::load_balancer::{ApplicationLoadBalancer, Requests, TokenValidation};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::{App, id};
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// # let certificate = id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let programs = TokenValidation::new("https://id.example.com", "https://id.example.com/jwks.json")
///     .claim("aud", "orders")
///     .claim_words("scope", ["orders.write"]);
/// let listener = balancer.https(&mut stack, certificate).respond(404, "nothing here");
/// listener
///     .rule(&mut stack, "Orders", 10, Requests::to_path(["/orders/*"]))
///     .authenticate(programs)
///     .respond(200, "welcome");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TokenValidation {
    issuer: Expr<String>,
    keys: Expr<String>,
    claims: Vec<Claim>,
}

#[derive(Debug, Clone)]
struct Claim {
    name: String,
    format: &'static str,
    values: Vec<Expr<String>>,
}

impl TokenValidation {
    /// Tokens of an issuer, as they name it, whose keys stand at an address that everyone reaches by
    /// HTTPS (JWKS).
    pub fn new(issuer: impl Into<Expr<String>>, keys: impl Into<Expr<String>>) -> Self {
        Self { issuer: issuer.into(), keys: keys.into(), claims: Vec::new() }
    }

    /// The token has a claim that is this text.
    pub fn claim(self, name: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        self.with(name, "single-string", [value])
    }

    /// The token has a claim that is a list of texts (`roles`), with these values.
    pub fn claim_list<V: Into<Expr<String>>>(
        self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.with(name, "string-array", values)
    }

    /// The token has a claim that is words with spaces between (`scope`), with these words.
    pub fn claim_words<V: Into<Expr<String>>>(
        self,
        name: impl Into<String>,
        words: impl IntoIterator<Item = V>,
    ) -> Self {
        self.with(name, "space-separated-values", words)
    }

    fn with<V: Into<Expr<String>>>(
        mut self,
        name: impl Into<String>,
        format: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.claims.push(Claim { name: name.into(), format, values });
        self
    }

    /// Reports (`FW0446`) what cannot be.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        let mut mistakes = Vec::new();
        if let Some(keys) = self.keys.as_str()
            && !keys.starts_with("https://")
        {
            mistakes.push(format!("the keys at `{keys}` are not reached by HTTPS"));
        }
        let values = self.claims.iter().flat_map(|claim| &claim.values);
        let texts = [&self.issuer, &self.keys].into_iter().chain(values).filter_map(Expr::as_str);
        for text in texts.filter(|text| text.len() > LONGEST) {
            mistakes.push(format!("`{text}` has {} characters: {LONGEST} are possible", text.len()));
        }
        if self.claims.len() > MOST {
            mistakes.push(format!("{} claims are asked for: {MOST} are possible", self.claims.len()));
        }
        for claim in &self.claims {
            let (name, count) = (&claim.name, claim.values.len());
            if STANDARD.contains(&name.as_str()) {
                mistakes.push(format!("the claim `{name}` is looked at anyway, and not named again"));
            }
            if !(1..=MOST).contains(&count) {
                mistakes.push(format!("the claim `{name}` has {count} values: 1 to {MOST} are possible"));
            }
            let spaced = claim.values.iter().filter_map(Expr::as_str).find(|value| value.contains(' '));
            if let Some(value) = spaced.filter(|_| claim.format == "space-separated-values") {
                mistakes.push(format!("`{value}` of the claim `{name}` is more than one word"));
            }
        }
        for mistake in mistakes {
            scope.report(Finding::error("FW0446", mistake));
        }
    }
}

/// The action in the types of a listener or of a rule.
macro_rules! validate {
    ($name:ident, $module:ident) => {
        pub(super) fn $name(tokens: TokenValidation) -> elbv2::$module::Action {
            use elbv2::$module::{Action, JwtValidationActionAdditionalClaim, JwtValidationConfig};
            let mut config = JwtValidationConfig::new(tokens.keys, tokens.issuer);
            if !tokens.claims.is_empty() {
                let claims = tokens.claims.into_iter().map(|claim| {
                    JwtValidationActionAdditionalClaim::new(claim.name, claim.format, claim.values)
                });
                config = config.additional_claims(Expr::list(claims));
            }
            Action::new("jwt-validation").jwt_validation_config(config)
        }
    };
}

validate!(of_listener, listener);
validate!(of_rule, listener_rule);
