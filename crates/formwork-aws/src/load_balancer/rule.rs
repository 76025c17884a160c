//! Rules of a listener: which requests they are about, and what is done with these.

use std::marker::PhantomData;

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::listener_rule::{
        HostHeaderConfig, HttpHeaderConfig, HttpRequestMethodConfig, PathPatternConfig, QueryStringConfig,
        QueryStringKeyValue, RuleCondition, SourceIpConfig,
    },
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    Answer, ApplicationProtocol, Authentication, Forward, Redirect, TargetGroupHandle, WeightedTargets,
    action::{Action, of_rule},
    balancer::Balancer,
    listener::{Priorities, spread},
    protocol::{Application, Https},
};

/// The priorities that a rule may have.
const PRIORITIES: std::ops::RangeInclusive<u16> = 1..=50_000;
/// The values that all conditions of a rule may have together.
const VALUES: usize = 5;
/// The wildcards that all conditions of a rule may have together.
const WILDCARDS: usize = 6;
/// The longest value.
const LONGEST: usize = 128;

/// Requests that a rule is about: by host, path, header, method, query or source.
///
/// Of several values one has to be met, of several conditions all. `*` stands for any characters and
/// `?` for any one, where it is not said otherwise. All conditions of a rule have five values at most.
///
/// See [rule conditions](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html).
///
/// ```
/// use formwork_aws::load_balancer::Requests;
///
/// let beta = Requests::to_host(["api.example.com"])
///     .and(Requests::to_path(["/v2/*"]))
///     .and(Requests::with_header("X-Preview", ["yes"]));
/// # let _ = beta;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Requests(Vec<Condition>);

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Host(Vec<Expr<String>>),
    Path(Vec<Expr<String>>),
    Header(String, Vec<Expr<String>>),
    Method(Vec<String>),
    Query(Vec<(Option<String>, Expr<String>)>),
    Source(Vec<String>),
}

impl Requests {
    /// To one of these hosts (`*.example.com`), whatever the case.
    pub fn to_host<V: Into<Expr<String>>>(hosts: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Host(hosts.into_iter().map(Into::into).collect()))
    }

    /// To one of these paths (`/img/*`), case and all.
    pub fn to_path<V: Into<Expr<String>>>(paths: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Path(paths.into_iter().map(Into::into).collect()))
    }

    /// With a header of this name that has one of these values, whatever the case.
    pub fn with_header<V: Into<Expr<String>>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::of(Condition::Header(name.into(), values.into_iter().map(Into::into).collect()))
    }

    /// By one of these methods (`GET`). There are no wildcards.
    pub fn with_method<V: Into<String>>(methods: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Method(methods.into_iter().map(Into::into).collect()))
    }

    /// With a key in the query that has this value, whatever the case.
    pub fn with_query(key: impl Into<String>, value: impl Into<Expr<String>>) -> Self {
        Self::of(Condition::Query(vec![(Some(key.into()), value.into())]))
    }

    /// With any key in the query that has one of these values, whatever the case.
    pub fn with_any_query<V: Into<Expr<String>>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Query(values.into_iter().map(|value| (None, value.into())).collect()))
    }

    /// From one of these ranges of addresses (`203.0.113.0/24`). It is the address of whoever has
    /// connected, a proxy's perhaps.
    pub fn from_source<V: Into<String>>(ranges: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Source(ranges.into_iter().map(Into::into).collect()))
    }

    /// Only those of the requests that are among others too.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    fn of(condition: Condition) -> Self {
        Self(vec![condition])
    }

    /// Reports what cannot be.
    fn check(&self, scope: &mut Scope<'_>) {
        let mut mistakes = Vec::new();
        for (noun, found) in [
            ("hosts", self.count(|condition| matches!(condition, Condition::Host(_)))),
            ("paths", self.count(|condition| matches!(condition, Condition::Path(_)))),
            ("methods", self.count(|condition| matches!(condition, Condition::Method(_)))),
            ("sources", self.count(|condition| matches!(condition, Condition::Source(_)))),
        ] {
            if found > 1 {
                mistakes.push(format!("a rule has one condition about {noun}, and this one {found}"));
            }
        }
        let values: Vec<Option<&str>> = self.0.iter().flat_map(Condition::values).collect();
        if values.len() > VALUES {
            let count = values.len();
            mistakes
                .push(format!("the conditions of a rule have {VALUES} values together, and these {count}"));
        }
        if self.0.iter().any(|condition| condition.values().is_empty()) {
            mistakes.push("a condition has no value".to_owned());
        }
        let wild = values.iter().flatten().flat_map(|value| value.chars());
        let wild = wild.filter(|each| matches!(each, '*' | '?')).count();
        if wild > WILDCARDS {
            mistakes.push(format!(
                "the conditions of a rule have {WILDCARDS} wildcards together, and these {wild}"
            ));
        }
        if let Some(long) = values.iter().flatten().find(|value| value.len() > LONGEST) {
            mistakes.push(format!("`{long}` has {} characters: {LONGEST} are possible", long.len()));
        }
        mistakes.extend(self.0.iter().filter_map(Condition::mistake));
        for mistake in mistakes {
            let mut finding = Finding::error("FW0466", mistake);
            if values.len() > VALUES {
                finding = finding.hint("make two rules of it");
            }
            scope.report(finding);
        }
    }

    fn count(&self, which: impl Fn(&Condition) -> bool) -> usize {
        self.0.iter().filter(|condition| which(condition)).count()
    }

    fn into_property(self) -> Expr<formwork_core::List<RuleCondition>> {
        Expr::list(self.0.into_iter().map(Condition::into_property))
    }
}

impl Condition {
    /// The values, as far as they are known.
    fn values(&self) -> Vec<Option<&str>> {
        match self {
            Self::Host(values) | Self::Path(values) | Self::Header(_, values) => {
                values.iter().map(Expr::as_str).collect()
            }
            Self::Method(values) | Self::Source(values) => {
                values.iter().map(|value| Some(value.as_str())).collect()
            }
            Self::Query(values) => values.iter().map(|(_, value)| value.as_str()).collect(),
        }
    }

    /// What is wrong with a value of its kind.
    fn mistake(&self) -> Option<String> {
        match self {
            Self::Path(paths) => {
                let path =
                    paths.iter().filter_map(Expr::as_str).find(|path| !path.starts_with(['/', '*']))?;
                Some(format!("no path begins as `{path}` does: write `/` or `*` first"))
            }
            Self::Method(methods) => {
                let legal = |each: char| each.is_ascii_uppercase() || matches!(each, '-' | '_');
                let method = methods.iter().find(|method| !method.chars().all(legal))?;
                Some(format!("`{method}` is no method: they have capital letters, `-` and `_`"))
            }
            Self::Source(ranges) => {
                let range = ranges.iter().find(|range| range.parse::<ipnet::IpNet>().is_err())?;
                Some(format!("`{range}` is not a range: write an address and a prefix, `203.0.113.0/24`"))
            }
            Self::Host(_) | Self::Header(..) | Self::Query(_) => None,
        }
    }

    fn into_property(self) -> RuleCondition {
        match self {
            Self::Host(hosts) => RuleCondition::new()
                .field("host-header")
                .host_header_config(HostHeaderConfig::new().values(hosts)),
            Self::Path(paths) => RuleCondition::new()
                .field("path-pattern")
                .path_pattern_config(PathPatternConfig::new().values(paths)),
            Self::Header(name, values) => RuleCondition::new()
                .field("http-header")
                .http_header_config(HttpHeaderConfig::new().http_header_name(name).values(values)),
            Self::Method(methods) => RuleCondition::new()
                .field("http-request-method")
                .http_request_method_config(HttpRequestMethodConfig::new().values(methods)),
            Self::Query(values) => {
                let pairs = values.into_iter().map(|(key, value)| {
                    let pair = QueryStringKeyValue::new().value(value);
                    match key {
                        Some(key) => pair.key(key),
                        None => pair,
                    }
                });
                RuleCondition::new()
                    .field("query-string")
                    .query_string_config(QueryStringConfig::new().values(Expr::list(pairs)))
            }
            Self::Source(ranges) => {
                RuleCondition::new().field("source-ip").source_ip_config(SourceIpConfig::new().values(ranges))
            }
        }
    }
}

/// A rule that waits for what it shall do.
#[must_use = "a rule is added when it is said what it does: `forward_to`, `redirect`, `respond`"]
pub struct RuleBuilder<'scope, S> {
    listener: Handle<elbv2::Listener>,
    balancer: Balancer,
    scope: Scope<'scope>,
    id: String,
    priority: u16,
    requests: Requests,
    authentication: Option<Authentication>,
    kind: PhantomData<S>,
}

impl<'scope, S: ApplicationProtocol> RuleBuilder<'scope, S> {
    pub(super) fn new(
        listener: Handle<elbv2::Listener>,
        balancer: Balancer,
        priorities: &Priorities,
        mut scope: Scope<'scope>,
        id: String,
        priority: u16,
        requests: Requests,
    ) -> Self {
        if !PRIORITIES.contains(&priority) {
            let (first, last) = (PRIORITIES.start(), PRIORITIES.end());
            let message = format!("a rule of priority {priority} cannot be: {first} to {last} are possible");
            scope.report(Finding::error("FW0460", message));
        } else if !priorities.take(priority) {
            let message = format!("two rules of the listener have the priority {priority}");
            let hint =
                "of several rules about a request the one with the lowest priority counts: give each its own";
            scope.report(Finding::error("FW0460", message).hint(hint));
        }
        requests.check(&mut scope);
        Self { listener, balancer, scope, id, priority, requests, authentication: None, kind: PhantomData }
    }

    /// Passes the requests on to targets, in a target group of their own or one that is there already,
    /// and lets the balancer reach them.
    ///
    /// Findings: targets in no security group (`FW0426`), a health check that cannot be (`FW0427`), a
    /// target group of another balancer (`FW0461`), a time that cannot be (`FW0462`), gRPC without TLS
    /// (`FW0473`).
    pub fn forward_to(mut self, targets: impl Into<Forward<Application>>) -> TargetGroupHandle<Application> {
        let id = self.balancer.targets_id(&self.id);
        let targets = targets.into();
        targets.check_version(S::NAME == Https::NAME, &mut self.scope);
        let opened = targets.open(&self.balancer, true, &mut self.scope, &id);
        let action = Action::Forward(Expr::from(&opened.group));
        let (mut scope, rule) = self.build(action);
        opened.attach(rule.id(), &mut scope)
    }

    /// Spreads the requests over several target groups.
    ///
    /// Findings: those of [`RuleBuilder::forward_to`], and shares that cannot be (`FW0464`).
    pub fn forward_weighted(mut self, targets: WeightedTargets) -> Vec<TargetGroupHandle<Application>> {
        let (action, opened) =
            spread(targets, &self.balancer, S::NAME == Https::NAME, &mut self.scope, &self.id);
        let (mut scope, rule) = self.build(action);
        opened.into_iter().map(|group| group.attach(rule.id(), &mut scope)).collect()
    }

    /// Sends clients elsewhere.
    ///
    /// Findings: a redirect to where the request comes from (`FW0463`).
    pub fn redirect(self, redirect: Redirect) -> Handle<elbv2::ListenerRule> {
        self.build(Action::Redirect(redirect)).1
    }

    /// Answers the requests itself, with a status and a text.
    ///
    /// Findings: a status that is neither 2xx, 4xx nor 5xx, or too long a text (`FW0428`).
    pub fn respond(self, status: u16, text: impl Into<Expr<String>>) -> Handle<elbv2::ListenerRule> {
        self.answer(Answer::text(status, text))
    }

    /// Answers the requests itself.
    ///
    /// Findings: a status that is neither 2xx, 4xx nor 5xx, or too long a text (`FW0428`).
    pub fn answer(self, answer: Answer) -> Handle<elbv2::ListenerRule> {
        self.build(Action::Answer(answer)).1
    }

    fn build(mut self, action: Action) -> (Scope<'scope>, Handle<elbv2::ListenerRule>) {
        action.check(&mut self.scope);
        if let Some(who) = &self.authentication {
            who.check(&mut self.scope);
        }
        let actions = Expr::list(of_rule(action, self.authentication));
        let rule = elbv2::ListenerRule::new(actions, i64::from(self.priority), self.requests.into_property())
            .listener_arn(&self.listener)
            .build(&mut self.scope, &format!("{}Rule", self.id));
        (self.scope, rule)
    }
}

impl RuleBuilder<'_, Https> {
    /// Has people sign in first.
    ///
    /// Findings: endpoints without HTTPS, a session that cannot be (`FW0465`).
    pub fn authenticate(mut self, authentication: Authentication) -> Self {
        self.authentication = Some(authentication);
        self
    }
}
