//! Rules of a listener: what is done with some requests.

use std::marker::PhantomData;

use formwork_cfn::elasticloadbalancingv2 as elbv2;
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    Admission, Answer, ApplicationProtocol, Forward, Redirect, Requests, TargetGroupHandle, WeightedTargets,
    action::{Action, of_rule},
    balancer::Balancer,
    listener::Priorities,
    protocol::{Application, Https},
    rewrite::Rewrites,
};

/// The priorities that a rule may have.
const PRIORITIES: std::ops::RangeInclusive<u16> = 1..=50_000;
/// A rule that waits for what it shall do.
#[must_use = "a rule is added when it is said what it does: `forward_to`, `redirect`, `respond`"]
pub struct RuleBuilder<'scope, S> {
    listener: Handle<elbv2::Listener>,
    balancer: Balancer,
    scope: Scope<'scope>,
    id: String,
    priority: u16,
    requests: Requests,
    admission: Option<Admission>,
    rewrites: Rewrites,
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
        Self {
            listener,
            balancer,
            scope,
            id,
            priority,
            requests,
            admission: None,
            rewrites: Rewrites::default(),
            kind: PhantomData,
        }
    }

    /// Rewrites the path and the query of requests before they are passed on: what the regular
    /// expression describes becomes the other text, in which `$1` is the expression's first group.
    /// Requests that it does not describe stay as they are.
    ///
    /// See [transforms](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html).
    ///
    /// ```
    /// use formwork_aws::load_balancer::{Addresses, ApplicationLoadBalancer, Requests};
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
    /// listener
    ///     .rule(&mut stack, "Old", 10, Requests::to_path(["/old/*"]))
    ///     .rewrite_url("^/old/(.*)$", "/archive/$1")
    ///     .rewrite_host("^(.+)\\.example\\.com$", "$1.example.internal")
    ///     .forward_to(&Addresses::new(80, ["10.0.0.10"]));
    /// # assert!(app.synthesize().is_ok());
    /// ```
    ///
    /// Findings: two of one rule, an expression that balancers do not take, or one for requests that
    /// are not passed on (`FW0447`), when the rule is added.
    pub fn rewrite_url(mut self, regex: impl Into<String>, with: impl Into<String>) -> Self {
        self.rewrites.url.push((regex.into(), with.into()));
        self
    }

    /// Rewrites the host of requests in the same way.
    ///
    /// Findings: those of [`RuleBuilder::rewrite_url`].
    pub fn rewrite_host(mut self, regex: impl Into<String>, with: impl Into<String>) -> Self {
        self.rewrites.host.push((regex.into(), with.into()));
        self
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
    pub fn forward_weighted(
        mut self,
        targets: WeightedTargets<Application>,
    ) -> Vec<TargetGroupHandle<Application>> {
        targets.check_version(S::NAME == Https::NAME, &mut self.scope);
        let (shares, opened) = targets.open(&self.balancer, true, &mut self.scope, &self.id);
        let action = Action::Spread(shares);
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
        if let Some(who) = &self.admission {
            who.check(&mut self.scope);
            self.balancer.ask_providers(&mut self.scope);
        }
        self.rewrites.check(action.passes_on(), &mut self.scope);
        let actions = Expr::list(of_rule(action, self.admission));
        let rule = elbv2::ListenerRule::new(actions, i64::from(self.priority), self.requests.into_property())
            .listener_arn(&self.listener);
        let rule = self.rewrites.apply(rule).build(&mut self.scope, &format!("{}Rule", self.id));
        (self.scope, rule)
    }
}

impl RuleBuilder<'_, Https> {
    /// Has people sign in first ([`Authentication`](super::Authentication)), or asks programs for a
    /// token ([`TokenValidation`](super::TokenValidation)).
    ///
    /// Findings: endpoints without HTTPS, a session that cannot be (`FW0465`), a token that cannot be
    /// asked for (`FW0446`).
    pub fn authenticate(mut self, who: impl Into<Admission>) -> Self {
        self.admission = Some(who.into());
        self
    }
}
