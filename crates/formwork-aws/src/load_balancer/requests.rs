//! [`Requests`]: which requests a rule is about.

use formwork_cfn::elasticloadbalancingv2::listener_rule::{
    HostHeaderConfig, HttpHeaderConfig, HttpRequestMethodConfig, PathPatternConfig, QueryStringConfig,
    QueryStringKeyValue, RuleCondition, SourceIpConfig,
};
use formwork_core::{Expr, Finding, Scope};

use super::regex;

/// The values that all conditions of a rule may have together.
const VALUES: usize = 5;
/// The wildcards that all conditions of a rule may have together.
const WILDCARDS: usize = 6;
/// The longest value.
const LONGEST: usize = 128;

/// Requests that a rule is about: by host, path, header, method, query or source.
///
/// Of several values one has to be met, of several conditions all. `*` stands for any characters and
/// `?` for any one, where it is not said otherwise. Hosts, paths and headers are also told by regular
/// expressions, in which case counts. All conditions of a rule have five values at most.
///
/// See [rule conditions](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html).
///
/// ```
/// use formwork_aws::load_balancer::{ApplicationLoadBalancer, Requests};
/// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// # use formwork_core::App;
///
/// # let mut app = App::new();
/// # let mut stack = app.stack("web");
/// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
/// #     .tier(Tier::public("Public"))
/// #     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// let listener = balancer.http(&mut stack).respond(404, "nothing here");
/// let beta = Requests::to_host(["api.example.com"])
///     .and(Requests::to_path(["/v2/*"]))
///     .and(Requests::with_header("X-Preview", ["yes"]));
/// listener.rule(&mut stack, "Beta", 10, beta).respond(200, "soon");
/// let orders = Requests::to_path_matching([r"^/customers/[0-9]+/orders$"]);
/// listener.rule(&mut stack, "Orders", 20, orders).respond(200, "none");
/// let writes = Requests::with_method(["POST", "PUT"]).and(Requests::from_source(["10.0.0.0/8"]));
/// listener.rule(&mut stack, "Writes", 30, writes).respond(405, "read-only");
/// let old = Requests::with_query("version", "1");
/// listener.rule(&mut stack, "Old", 40, old).respond(410, "gone");
/// # assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Requests(Vec<Condition>);

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Host(Vec<Expr<String>>, Manner),
    Path(Vec<Expr<String>>, Manner),
    Header(String, Vec<Expr<String>>, Manner),
    Method(Vec<String>),
    Query(Vec<(Option<String>, Expr<String>)>),
    Source(Vec<String>),
}

/// How values tell what is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Wildcards,
    Regex,
}

impl Requests {
    /// To one of these hosts (`*.example.com`), whatever the case.
    pub fn to_host<V: Into<Expr<String>>>(hosts: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Host(collect(hosts), Manner::Wildcards))
    }

    /// To a host that one of these regular expressions describes (`^shop-[a-z]+\.example\.com$`).
    pub fn to_host_matching<V: Into<Expr<String>>>(expressions: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Host(collect(expressions), Manner::Regex))
    }

    /// To one of these paths (`/img/*`), case and all.
    pub fn to_path<V: Into<Expr<String>>>(paths: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Path(collect(paths), Manner::Wildcards))
    }

    /// To a path that one of these regular expressions describes (`^/v[0-9]+/orders`).
    pub fn to_path_matching<V: Into<Expr<String>>>(expressions: impl IntoIterator<Item = V>) -> Self {
        Self::of(Condition::Path(collect(expressions), Manner::Regex))
    }

    /// With a header of this name that has one of these values, whatever the case.
    pub fn with_header<V: Into<Expr<String>>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::of(Condition::Header(name.into(), collect(values), Manner::Wildcards))
    }

    /// With a header of this name whose value one of these regular expressions describes.
    pub fn with_header_matching<V: Into<Expr<String>>>(
        name: impl Into<String>,
        expressions: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::of(Condition::Header(name.into(), collect(expressions), Manner::Regex))
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
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        let mut mistakes = Vec::new();
        for (noun, found) in [
            ("hosts", self.count(|condition| matches!(condition, Condition::Host(..)))),
            ("paths", self.count(|condition| matches!(condition, Condition::Path(..)))),
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
            let message =
                format!("the conditions of a rule have {VALUES} values together, and these {count}");
            scope.report(Finding::error("FW0466", message).hint("make two rules of it"));
        }
        if self.0.iter().any(|condition| condition.values().is_empty()) {
            mistakes.push("a condition has no value".to_owned());
        }
        let wildcards = self.0.iter().filter(|condition| condition.manner() == Manner::Wildcards);
        let wild = wildcards.flat_map(Condition::values).flatten().flat_map(str::chars);
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
            scope.report(Finding::error("FW0466", mistake));
        }
    }

    fn count(&self, which: impl Fn(&Condition) -> bool) -> usize {
        self.0.iter().filter(|condition| which(condition)).count()
    }

    pub(super) fn into_property(self) -> Expr<formwork_core::List<RuleCondition>> {
        Expr::list(self.0.into_iter().map(Condition::into_property))
    }
}

impl Condition {
    /// The values, as far as they are known.
    fn values(&self) -> Vec<Option<&str>> {
        match self {
            Self::Host(values, _) | Self::Path(values, _) | Self::Header(_, values, _) => {
                values.iter().map(Expr::as_str).collect()
            }
            Self::Method(values) | Self::Source(values) => {
                values.iter().map(|value| Some(value.as_str())).collect()
            }
            Self::Query(values) => values.iter().map(|(_, value)| value.as_str()).collect(),
        }
    }

    const fn manner(&self) -> Manner {
        match self {
            Self::Host(_, manner) | Self::Path(_, manner) | Self::Header(_, _, manner) => *manner,
            Self::Method(_) | Self::Query(_) | Self::Source(_) => Manner::Wildcards,
        }
    }

    /// What is wrong with a value of its kind.
    fn mistake(&self) -> Option<String> {
        match self {
            Self::Host(values, Manner::Regex)
            | Self::Path(values, Manner::Regex)
            | Self::Header(_, values, Manner::Regex) => {
                values.iter().filter_map(Expr::as_str).find_map(regex::mistake)
            }
            Self::Path(paths, Manner::Wildcards) => {
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
            Self::Host(..) | Self::Header(..) | Self::Query(_) => None,
        }
    }

    fn into_property(self) -> RuleCondition {
        match self {
            Self::Host(hosts, manner) => {
                let config = HostHeaderConfig::new();
                let config = match manner {
                    Manner::Wildcards => config.values(hosts),
                    Manner::Regex => config.regex_values(hosts),
                };
                RuleCondition::new().field("host-header").host_header_config(config)
            }
            Self::Path(paths, manner) => {
                let config = PathPatternConfig::new();
                let config = match manner {
                    Manner::Wildcards => config.values(paths),
                    Manner::Regex => config.regex_values(paths),
                };
                RuleCondition::new().field("path-pattern").path_pattern_config(config)
            }
            Self::Header(name, values, manner) => {
                let config = HttpHeaderConfig::new().http_header_name(name);
                let config = match manner {
                    Manner::Wildcards => config.values(values),
                    Manner::Regex => config.regex_values(values),
                };
                RuleCondition::new().field("http-header").http_header_config(config)
            }
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

fn collect<V: Into<Expr<String>>>(values: impl IntoIterator<Item = V>) -> Vec<Expr<String>> {
    values.into_iter().map(Into::into).collect()
}
