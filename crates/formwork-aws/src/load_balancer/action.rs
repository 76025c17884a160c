//! What a listener or rule does with a request: passes it on, sends the client elsewhere, answers.

use formwork_cfn::ids;
use formwork_core::{Expr, Finding, Scope};

use super::{Admission, weighted_targets::Shares};

/// The longest answer that a balancer gives itself.
const LONGEST_ANSWER: usize = 1024;
/// Where clients are sent instead. What is not set stays as the request has it; text may have the
/// request's own parts in it: `#{protocol}`, `#{host}`, `#{port}`, `#{path}`, `#{query}`.
///
/// ```
/// use formwork_aws::load_balancer::Redirect;
///
/// let moved = Redirect::permanent().host("www.example.com").path("/docs/#{path}");
/// # let _ = moved;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Redirect {
    status: &'static str,
    protocol: Option<&'static str>,
    host: Option<Expr<String>>,
    port: Option<u16>,
    path: Option<Expr<String>>,
    query: Option<Expr<String>>,
}

impl Redirect {
    /// For good (301): clients remember it.
    pub const fn permanent() -> Self {
        Self::of("HTTP_301")
    }

    /// For now (302).
    pub const fn temporary() -> Self {
        Self::of("HTTP_302")
    }

    /// For good, to the same address by HTTPS on port 443.
    pub fn to_https() -> Self {
        Self::permanent().https().port(443)
    }

    const fn of(status: &'static str) -> Self {
        Self { status, protocol: None, host: None, port: None, path: None, query: None }
    }

    /// By HTTPS, where the request came by HTTP.
    pub fn https(mut self) -> Self {
        self.protocol = Some("HTTPS");
        self
    }

    /// To another host.
    pub fn host(mut self, host: impl Into<Expr<String>>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// To another port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// To another path, with a `/` at its beginning.
    pub fn path(mut self, path: impl Into<Expr<String>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// With another query, without a `?`. The empty one drops it.
    pub fn query(mut self, query: impl Into<Expr<String>>) -> Self {
        self.query = Some(query.into());
        self
    }

    fn check(&self, scope: &mut Scope<'_>) {
        if self.protocol.is_none() && self.host.is_none() && self.port.is_none() && self.path.is_none() {
            let finding = Finding::error("FW0463", "the redirect leads to where it comes from");
            scope.report(
                finding.hint("say where else: `.host(...)`, `.path(...)`, `.https()` or `.port(...)`"),
            );
        }
        if let Some(path) = self.path.as_ref().and_then(Expr::as_str)
            && !path.starts_with('/')
        {
            let message = format!("the path `{path}` of the redirect does not begin with `/`");
            scope.report(Finding::error("FW0463", message));
        }
    }
}

/// What a balancer answers itself.
///
/// ```
/// use formwork_aws::load_balancer::Answer;
///
/// let closed = Answer::html(503, "<h1>Back soon</h1>");
/// # let _ = closed;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Answer {
    status: u16,
    content_type: &'static str,
    body: Option<Expr<String>>,
}

impl Answer {
    /// A status alone.
    pub const fn status(status: u16) -> Self {
        Self { status, content_type: "text/plain", body: None }
    }

    /// Plain text, at most 1,024 bytes.
    pub fn text(status: u16, text: impl Into<Expr<String>>) -> Self {
        Self { status, content_type: "text/plain", body: Some(text.into()) }
    }

    /// A page, at most 1,024 bytes.
    pub fn html(status: u16, page: impl Into<Expr<String>>) -> Self {
        Self { status, content_type: "text/html", body: Some(page.into()) }
    }

    /// JSON, at most 1,024 bytes.
    pub fn json(status: u16, json: impl Into<Expr<String>>) -> Self {
        Self { status, content_type: "application/json", body: Some(json.into()) }
    }

    fn check(&self, scope: &mut Scope<'_>) {
        if !matches!(self.status, 200..=299 | 400..=599) {
            let message = format!("a load balancer cannot answer with status {}", self.status);
            let finding =
                Finding::error("FW0428", message).hint("a status from 200 to 299, or from 400 to 599");
            scope.report(finding);
        }
        let length = self.body.as_ref().and_then(Expr::as_str).map_or(0, str::len);
        if length > LONGEST_ANSWER {
            let message = format!("the answer has {length} bytes: {LONGEST_ANSWER} are possible");
            scope.report(Finding::error("FW0428", message).hint("serve longer ones by a target"));
        }
    }
}

/// What is done with a request, when it is known what it is passed on to.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Forward(Expr<ids::elasticloadbalancingv2::TargetGroupArn>),
    Spread(Shares),
    Redirect(Redirect),
    Answer(Answer),
}

impl Action {
    /// Reports what cannot be.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        match self {
            Self::Forward(_) | Self::Spread(_) => {}
            Self::Redirect(redirect) => redirect.check(scope),
            Self::Answer(answer) => answer.check(scope),
        }
    }

    /// Whether targets get the request.
    pub(super) const fn passes_on(&self) -> bool {
        matches!(self, Self::Forward(_) | Self::Spread(_))
    }
}

/// The actions in the types of a listener or of a rule, which differ in one number. The first is to
/// know who asks, where that is wanted.
macro_rules! actions {
    ($name:ident, $module:ident, $timeout:expr) => {
        pub(super) fn $name(
            action: Action,
            admission: Option<Admission>,
        ) -> Vec<formwork_cfn::elasticloadbalancingv2::$module::Action> {
            use formwork_cfn::elasticloadbalancingv2::$module::{
                Action as Built, FixedResponseConfig, RedirectConfig,
            };
            let built = match action {
                Action::Forward(group) => Built::new("forward").target_group_arn(group),
                Action::Spread(shares) => Built::new("forward").forward_config(shares.$name()),
                Action::Redirect(redirect) => {
                    let mut config = RedirectConfig::new(redirect.status);
                    if let Some(protocol) = redirect.protocol {
                        config = config.protocol(protocol);
                    }
                    if let Some(port) = redirect.port {
                        config = config.port(port.to_string());
                    }
                    if let Some(host) = redirect.host {
                        config = config.host(host);
                    }
                    if let Some(path) = redirect.path {
                        config = config.path(path);
                    }
                    if let Some(query) = redirect.query {
                        config = config.query(query);
                    }
                    Built::new("redirect").redirect_config(config)
                }
                Action::Answer(answer) => {
                    let mut config =
                        FixedResponseConfig::new(answer.status.to_string()).content_type(answer.content_type);
                    if let Some(body) = answer.body {
                        config = config.message_body(body);
                    }
                    Built::new("fixed-response").fixed_response_config(config)
                }
            };
            match admission {
                // Where there are two, they have an order.
                Some(who) => vec![super::admission::$name(who, $timeout).order(1), built.order(2)],
                None => vec![built],
            }
        }
    };
}

actions!(of_listener, listener, |seconds: u64| seconds.to_string());
actions!(of_rule, listener_rule, |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX));
