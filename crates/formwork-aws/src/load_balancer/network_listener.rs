//! What a network load balancer does with the connections on a port.

use std::{marker::PhantomData, time::Duration};

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::listener::{Action, Certificate, ListenerAttribute},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    ApplicationProtocol, Forward, ListenerHandle, NetworkProtocol, TargetGroupHandle, WeightedTargets,
    balancer::Balancer,
    listener::TlsSettings,
    protocol::{Tcp, Tls},
    target_group::TargetGroup,
};
use crate::port::Port;

/// How long a connection may be silent.
const IDLE: std::ops::RangeInclusive<u64> = 60..=6000;

/// A listener that waits for what it passes connections on to.
#[must_use = "a listener is added when it is said what it does: `forward_to`"]
pub struct NetworkListenerBuilder<'scope, P> {
    balancer: Balancer,
    scope: Scope<'scope>,
    port: u16,
    /// For TLS.
    tls: Option<TlsSettings>,
    negotiation: Option<ApplicationNegotiation>,
    idle_timeout: Option<Duration>,
    kind: PhantomData<P>,
}

/// Which version of HTTP is agreed upon while TLS begins (ALPN).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationNegotiation {
    /// HTTP/1 alone.
    Http1Only,
    /// HTTP/2 alone.
    Http2Only,
    /// HTTP/1 rather than HTTP/2.
    Http2Optional,
    /// HTTP/2 rather than HTTP/1.
    Http2Preferred,
}

impl<'scope, P: NetworkProtocol> NetworkListenerBuilder<'scope, P> {
    pub(super) const fn new(
        balancer: Balancer,
        scope: Scope<'scope>,
        port: u16,
        tls: Option<TlsSettings>,
    ) -> Self {
        Self { balancer, scope, port, tls, negotiation: None, idle_timeout: None, kind: PhantomData }
    }

    /// Passes connections on to targets, in a target group of their own, and lets the balancer reach
    /// them.
    ///
    /// Findings: targets in no security group (`FW0426`), a health check that cannot be (`FW0427`), a
    /// target group of another balancer (`FW0461`), a time that cannot be (`FW0462`), TLS with capacity
    /// that is reserved (`FW0448`), UDP with IPv6 (`FW0452`).
    pub fn forward_to(
        self,
        targets: impl Into<Forward<P::Targets>>,
    ) -> NetworkListenerHandle<TargetGroupHandle<P::Targets>> {
        self.build(targets.into())
    }

    /// Spreads connections over several target groups by weights.
    ///
    /// Findings: those of [`NetworkListenerBuilder::forward_to`], and shares that cannot be (`FW0464`).
    pub fn forward_weighted(
        mut self,
        targets: WeightedTargets<P::Targets>,
    ) -> NetworkListenerHandle<Vec<TargetGroupHandle<P::Targets>>> {
        let word = self.word();
        let (shares, opened) = targets.open(&self.balancer, false, &mut self.scope, &word);
        let action = Action::new("forward").forward_config(shares.of_listener());
        let (mut scope, listener) = self.listen(action);
        let after = listener.id();
        let targets = opened.into_iter().map(|group| group.attach(after, &mut scope)).collect();
        NetworkListenerHandle { listener, targets }
    }

    fn build<Q>(mut self, forward: Forward<Q>) -> NetworkListenerHandle<TargetGroupHandle<Q>> {
        let id = self.balancer.targets_id(&self.word());
        let opened = forward.open(&self.balancer, false, &mut self.scope, &id);
        let action = Action::new("forward").target_group_arn(&opened.group);
        let (mut scope, listener) = self.listen(action);
        let targets = opened.attach(listener.id(), &mut scope);
        NetworkListenerHandle { listener, targets }
    }

    /// A word for logical ids: `Tcp80`.
    fn word(&self) -> String {
        format!("{}{}", P::WORD, self.port)
    }

    fn listen(mut self, action: Action) -> (Scope<'scope>, Handle<elbv2::Listener>) {
        let word = self.word();
        self.balancer.open(&P::ports(self.port), &mut self.scope);
        if self.tls.is_some() {
            self.balancer.check_tls(&mut self.scope);
        }
        if P::ports(self.port).contains(&Port::udp(self.port)) {
            self.balancer.check_udp(&mut self.scope);
        }
        let mut listener =
            elbv2::Listener::new(&self.balancer.handle, [action]).port(self.port).protocol(P::NAME);
        if let Some(tls) = &self.tls {
            let certificate = Certificate::new().certificate_arn(tls.certificate.clone());
            listener = listener.ssl_policy(tls.policy).certificates([certificate]);
        }
        if let Some(negotiation) = self.negotiation {
            listener = listener.alpn_policy([match negotiation {
                ApplicationNegotiation::Http1Only => "HTTP1Only",
                ApplicationNegotiation::Http2Only => "HTTP2Only",
                ApplicationNegotiation::Http2Optional => "HTTP2Optional",
                ApplicationNegotiation::Http2Preferred => "HTTP2Preferred",
            }]);
        }
        if let Some(seconds) = self.idle_timeout.map(|timeout| timeout.as_secs()) {
            if !IDLE.contains(&seconds) {
                let message = format!(
                    "the idle timeout is {seconds} seconds: {} to {} are possible",
                    IDLE.start(),
                    IDLE.end()
                );
                self.scope.report(Finding::error("FW0462", message));
            }
            let attribute =
                ListenerAttribute::new().key("tcp.idle_timeout.seconds").value(seconds.to_string());
            listener = listener.listener_attributes([attribute]);
        }
        let listener = listener.build(&mut self.scope, &format!("{word}Listener"));
        if let Some(tls) = &self.tls {
            tls.add_further(&listener, &mut self.scope, &format!("{word}Certificates"));
        }
        (self.scope, listener)
    }
}

impl NetworkListenerBuilder<'_, Tcp> {
    /// Passes connections on to a listener of an application load balancer, which gets addresses that
    /// stay by this. The health check asks that listener for `/`, and takes any answer but a failure; one
    /// that asks clients for certificates never answers it.
    pub fn forward_to_listener<S: ApplicationProtocol, T>(
        self,
        listener: &ListenerHandle<S, T>,
    ) -> NetworkListenerHandle<TargetGroupHandle<Tcp>> {
        self.build(TargetGroup::listener(listener).into())
    }

    /// How long a connection may be silent before it is forgotten: 350 seconds unless set, 60 to 6,000
    /// are possible.
    ///
    /// Findings: a time that cannot be (`FW0462`), when the listener is added.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }
}

impl NetworkListenerBuilder<'_, Tls> {
    /// Passes connections on within TLS again. The certificates of targets are not looked at.
    pub fn forward_encrypted_to(
        self,
        targets: impl Into<Forward<Tls>>,
    ) -> NetworkListenerHandle<TargetGroupHandle<Tls>> {
        self.build(targets.into())
    }

    /// A further certificate of ACM, for other host names: clients say which one they want.
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
    /// See [security policies](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html).
    pub fn tls_policy(mut self, name: &'static str) -> Self {
        if let Some(tls) = &mut self.tls {
            tls.policy = name;
        }
        self
    }

    /// Which version of HTTP is agreed upon while TLS begins.
    pub fn negotiate(mut self, negotiation: ApplicationNegotiation) -> Self {
        self.negotiation = Some(negotiation);
        self
    }
}

/// A listener of a network load balancer that stands in a stack, and what it passes connections on to.
#[derive(Debug, Clone)]
pub struct NetworkListenerHandle<T> {
    listener: Handle<elbv2::Listener>,
    targets: T,
}

impl<T> NetworkListenerHandle<T> {
    /// The listener itself.
    pub const fn listener(&self) -> &Handle<elbv2::Listener> {
        &self.listener
    }

    /// What it passes connections on to.
    pub const fn targets(&self) -> &T {
        &self.targets
    }
}
