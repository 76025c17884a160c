//! What an application load balancer does with the requests on a port.

use std::{
    collections::BTreeSet,
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};

use formwork_cfn::{elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::listener_certificate, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{
    Admission, Answer, ApplicationProtocol, Forward, MutualTls, Redirect, Requests, RuleBuilder,
    TargetGroupHandle, WeightedTargets,
    action::{Action, of_listener},
    balancer::Balancer,
    protocol::{Application, Http, Https},
};
use crate::port::Port;

/// TLS 1.3 and 1.2, with forward secrecy.
pub(super) const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// A certificate of ACM.
type Certificate = Expr<ids::certificatemanager::CertificateArn>;

/// A listener that waits for what it shall do with a request that no rule is about.
#[must_use = "a listener is added when it is said what it does: `forward_to`, `redirect`, `respond`"]
pub struct ListenerBuilder<'scope, S> {
    balancer: Balancer,
    scope: Scope<'scope>,
    port: u16,
    /// For HTTPS.
    tls: Option<TlsSettings>,
    admission: Option<Admission>,
    kind: PhantomData<S>,
}

/// What a listener needs for TLS.
#[derive(Debug, Clone)]
pub(super) struct TlsSettings {
    pub(super) certificate: Certificate,
    /// For other names, which clients say in their greeting.
    pub(super) further: Vec<Certificate>,
    pub(super) policy: &'static str,
    pub(super) clients: Option<MutualTls>,
}

impl TlsSettings {
    pub(super) const fn new(certificate: Expr<ids::certificatemanager::CertificateArn>) -> Self {
        Self { certificate, further: Vec::new(), policy: TLS_POLICY, clients: None }
    }

    /// Adds the certificates for other names. The listener itself takes one.
    pub(super) fn add_further(&self, listener: &Handle<elbv2::Listener>, scope: &mut Scope<'_>, id: &str) {
        if self.further.is_empty() {
            return;
        }
        let certificates = self.further.iter();
        let certificates = certificates
            .map(|certificate| listener_certificate::Certificate::new().certificate_arn(certificate.clone()));
        elbv2::ListenerCertificate::new(listener, Expr::list(certificates)).build(scope, id);
    }
}

impl<'scope, S: ApplicationProtocol> ListenerBuilder<'scope, S> {
    pub(super) const fn new(
        balancer: Balancer,
        scope: Scope<'scope>,
        port: u16,
        tls: Option<TlsSettings>,
    ) -> Self {
        Self { balancer, scope, port, tls, admission: None, kind: PhantomData }
    }

    /// Passes requests on to targets, in a target group of their own, and lets the balancer reach
    /// them.
    ///
    /// Findings: targets in no security group (`FW0426`), a health check that cannot be (`FW0427`), a
    /// target group of another balancer (`FW0461`), a time that cannot be (`FW0462`), gRPC without TLS
    /// (`FW0473`).
    pub fn forward_to(
        mut self,
        targets: impl Into<Forward<Application>>,
    ) -> ListenerHandle<S, TargetGroupHandle<Application>> {
        let id = self.balancer.targets_id(&self.word());
        let targets = targets.into();
        targets.check_version(self.tls.is_some(), &mut self.scope);
        let opened = targets.open(&self.balancer, true, &mut self.scope, &id);
        let action = Action::Forward(Expr::from(&opened.group));
        let (mut scope, handle) = self.build(action);
        let targets = opened.attach(handle.listener.id(), &mut scope);
        handle.with(targets)
    }

    /// Spreads requests over several target groups.
    ///
    /// Findings: those of [`ListenerBuilder::forward_to`], and shares that cannot be (`FW0464`).
    pub fn forward_weighted(
        mut self,
        targets: WeightedTargets<Application>,
    ) -> ListenerHandle<S, Vec<TargetGroupHandle<Application>>> {
        let word = self.word();
        targets.check_version(self.tls.is_some(), &mut self.scope);
        let (shares, opened) = targets.open(&self.balancer, true, &mut self.scope, &word);
        let action = Action::Spread(shares);
        let (mut scope, handle) = self.build(action);
        let after = handle.listener.id();
        let targets = opened.into_iter().map(|group| group.attach(after, &mut scope)).collect();
        handle.with(targets)
    }

    /// Sends clients elsewhere.
    ///
    /// Findings: a redirect to where the request comes from (`FW0463`).
    pub fn redirect(self, redirect: Redirect) -> ListenerHandle<S> {
        self.build(Action::Redirect(redirect)).1
    }

    /// Answers every request itself, with a status and a text.
    ///
    /// Findings: a status that is neither 2xx, 4xx nor 5xx, or too long a text (`FW0428`).
    pub fn respond(self, status: u16, text: impl Into<Expr<String>>) -> ListenerHandle<S> {
        self.answer(Answer::text(status, text))
    }

    /// Answers every request itself.
    ///
    /// Findings: a status that is neither 2xx, 4xx nor 5xx, or too long a text (`FW0428`).
    pub fn answer(self, answer: Answer) -> ListenerHandle<S> {
        self.build(Action::Answer(answer)).1
    }

    /// A word for logical ids: `Http`, `Https`, `Http8080`.
    fn word(&self) -> String {
        if self.port == S::PORT { S::WORD.to_owned() } else { format!("{}{}", S::WORD, self.port) }
    }

    fn build(mut self, action: Action) -> (Scope<'scope>, ListenerHandle<S>) {
        let word = self.word();
        action.check(&mut self.scope);
        if let Some(who) = &self.admission {
            who.check(&mut self.scope);
            self.balancer.ask_providers(&mut self.scope);
        }
        self.balancer.open(&[Port::tcp(self.port)], &mut self.scope);
        let actions = Expr::list(of_listener(action, self.admission));
        let mut listener =
            elbv2::Listener::new(&self.balancer.handle, actions).port(self.port).protocol(S::NAME);
        if let Some(tls) = &self.tls {
            let certificate = elbv2::listener::Certificate::new().certificate_arn(tls.certificate.clone());
            listener = listener.ssl_policy(tls.policy).certificates([certificate]);
            if let Some(clients) = tls.clients.clone() {
                listener = listener.mutual_authentication(clients.into_property());
            }
        }
        let listener = listener.build(&mut self.scope, &format!("{word}Listener"));
        if let Some(tls) = &self.tls {
            tls.add_further(&listener, &mut self.scope, &format!("{word}Certificates"));
        }
        let handle = ListenerHandle {
            listener,
            balancer: self.balancer,
            word,
            port: self.port,
            priorities: Priorities::default(),
            targets: (),
            kind: PhantomData,
        };
        (self.scope, handle)
    }
}

impl ListenerBuilder<'_, Http> {
    /// Sends browsers to the same address by HTTPS.
    pub fn redirect_to_https(self) -> ListenerHandle<Http> {
        self.redirect(Redirect::to_https())
    }
}

impl ListenerBuilder<'_, Https> {
    /// A further certificate of ACM, for other host names: clients say which one they want (SNI).
    ///
    /// ```
    /// use formwork_aws::load_balancer::ApplicationLoadBalancer;
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
    /// balancer
    ///     .https(&mut stack, certificate("shop"))
    ///     .certificate(certificate("staff"))
    ///     .respond(200, "welcome");
    /// # assert!(app.synthesize().is_ok());
    /// ```
    pub fn certificate(
        mut self,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> Self {
        if let Some(tls) = &mut self.tls {
            tls.further.push(certificate.into());
        }
        self
    }

    /// Which versions and ciphers of TLS are spoken: TLS 1.3 and 1.2 with forward secrecy unless set.
    ///
    /// See [security policies](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
    pub fn tls_policy(mut self, name: &'static str) -> Self {
        if let Some(tls) = &mut self.tls {
            tls.policy = name;
        }
        self
    }

    /// Asks clients for a certificate of their own.
    pub fn mutual_tls(mut self, clients: MutualTls) -> Self {
        if let Some(tls) = &mut self.tls {
            tls.clients = Some(clients);
        }
        self
    }

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

/// The priorities that rules of a listener have, shared by all handles of the listener.
#[derive(Debug, Clone, Default)]
pub(super) struct Priorities(Arc<Mutex<BTreeSet<u16>>>);

impl Priorities {
    /// Takes a priority, and says whether it was free.
    pub(super) fn take(&self, priority: u16) -> bool {
        // The set is whole after every statement: a panic elsewhere has not spoiled it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(priority)
    }
}

/// A listener that stands in a stack. `T` is what it passes requests on to, if anything.
#[derive(Debug, Clone)]
pub struct ListenerHandle<S, T = ()> {
    pub(super) listener: Handle<elbv2::Listener>,
    pub(super) balancer: Balancer,
    pub(super) word: String,
    pub(super) port: u16,
    pub(super) priorities: Priorities,
    targets: T,
    kind: PhantomData<S>,
}

impl<S> ListenerHandle<S> {
    fn with<T>(self, targets: T) -> ListenerHandle<S, T> {
        ListenerHandle {
            listener: self.listener,
            balancer: self.balancer,
            word: self.word,
            port: self.port,
            priorities: self.priorities,
            targets,
            kind: PhantomData,
        }
    }
}

impl<S, T> ListenerHandle<S, T> {
    /// The listener itself.
    pub const fn listener(&self) -> &Handle<elbv2::Listener> {
        &self.listener
    }
}

impl<S> ListenerHandle<S, TargetGroupHandle<Application>> {
    /// What it passes requests on to.
    pub const fn targets(&self) -> &TargetGroupHandle<Application> {
        &self.targets
    }
}

impl<S> ListenerHandle<S, Vec<TargetGroupHandle<Application>>> {
    /// What it spreads requests over, in the order in which the groups were said.
    pub fn targets(&self) -> &[TargetGroupHandle<Application>] {
        &self.targets
    }
}

impl<S: ApplicationProtocol, T> ListenerHandle<S, T> {
    /// A rule for some requests. What is done with them is said next. Of several rules about a
    /// request the one with the lowest priority counts: 1 to 50,000, each once.
    ///
    /// Made in another stack than the listener's, the rule stands there.
    ///
    /// Findings: a priority that is taken or cannot be (`FW0460`), more conditions than a rule takes or
    /// one that cannot be (`FW0466`).
    #[track_caller]
    pub fn rule<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        id: &str,
        priority: u16,
        requests: Requests,
    ) -> RuleBuilder<'scope, S> {
        let scope = scope.reopen(self.balancer.scope);
        let id = format!("{}{id}", self.word);
        RuleBuilder::new(
            self.listener.clone(),
            self.balancer.clone(),
            &self.priorities,
            scope,
            id,
            priority,
            requests,
        )
    }
}

impl<S, T> From<&ListenerHandle<S, T>> for Expr<ids::elasticloadbalancingv2::ListenerArn> {
    fn from(handle: &ListenerHandle<S, T>) -> Self {
        Self::from(&handle.listener)
    }
}
