//! What a load balancer does with the requests on a port.

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2,
    elasticloadbalancingv2::listener::{Action, Certificate, FixedResponseConfig, RedirectConfig},
    ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    LoadBalancerHandle,
    target_group::{Target, TargetGroupHandle, build_target_group},
};
use crate::port::Port;

/// TLS 1.3 and 1.2, with forward secrecy.
///
/// See [security policies](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// A listener that waits for what it shall do.
#[must_use = "a listener is added when it is said what it does: `forward_to`, `redirect_to_https`, `respond`"]
pub struct ListenerBuilder<'scope> {
    balancer: LoadBalancerHandle,
    scope: Scope<'scope>,
    port: u16,
    certificate: Option<Expr<ids::certificatemanager::CertificateArn>>,
}

impl<'scope> ListenerBuilder<'scope> {
    pub(super) fn new(
        balancer: &LoadBalancerHandle,
        scope: Scope<'scope>,
        port: u16,
        certificate: Option<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> Self {
        Self { balancer: balancer.clone(), scope, port, certificate }
    }

    /// Passes requests on to targets, in a target group of their own, and lets the balancer reach
    /// them.
    ///
    /// Findings: targets in no security group (`FW0426`), a health check that cannot be (`FW0427`).
    pub fn forward_to(mut self, target: &impl Target) -> TargetGroupHandle {
        let id = format!("{}Targets", self.word());
        let group = build_target_group(target, &self.balancer.vpc, &mut self.scope, &id);
        let action = Action::new("forward").target_group_arn(&group);
        let groups = target.security_groups();
        if groups.is_empty() {
            let message =
                format!("nothing lets the load balancer reach port {} of the targets", target.port());
            let hint = "put them into a security group: `LaunchTemplate::security_group`";
            self.scope.report(Finding::error("FW0426", message).hint(hint));
        }
        for own in groups {
            own.allow(&mut self.scope, &self.balancer.group, Port::tcp(target.port()));
        }
        let balancer = self.balancer.balancer.clone();
        let mut scope = self.build(action);
        let ListenerHandle { listener } = &scope.1;
        let handle = TargetGroupHandle { group, balancer, listener: listener.clone() };
        target.attach(&mut scope.0, &handle);
        handle
    }

    /// Sends browsers to the same address by HTTPS.
    pub fn redirect_to_https(self) -> ListenerHandle {
        let redirect = RedirectConfig::new("HTTP_301").protocol("HTTPS").port("443");
        self.build(Action::new("redirect").redirect_config(redirect)).1
    }

    /// Answers every request itself, with a status and a text.
    ///
    /// Findings: a status that is neither 2xx, 4xx nor 5xx (`FW0428`).
    pub fn respond(mut self, status: u16, text: impl Into<Expr<String>>) -> ListenerHandle {
        if !matches!(status, 200..=299 | 400..=599) {
            let message = format!("a load balancer cannot answer with status {status}");
            let finding =
                Finding::error("FW0428", message).hint("a status from 200 to 299, or from 400 to 599");
            self.scope.report(finding);
        }
        let response =
            FixedResponseConfig::new(status.to_string()).content_type("text/plain").message_body(text);
        self.build(Action::new("fixed-response").fixed_response_config(response)).1
    }

    /// A word for logical ids: `Http`, `Https`, `Http8080`.
    fn word(&self) -> String {
        match (self.port, &self.certificate) {
            (80, None) => "Http".to_owned(),
            (443, Some(_)) => "Https".to_owned(),
            (port, None) => format!("Http{port}"),
            (port, Some(_)) => format!("Https{port}"),
        }
    }

    fn build(mut self, action: Action) -> (Scope<'scope>, ListenerHandle) {
        let id = format!("{}Listener", self.word());
        for peer in &self.balancer.peers {
            self.balancer.group.allow(&mut self.scope, peer.clone(), Port::tcp(self.port));
        }
        let mut listener = elbv2::Listener::new(&self.balancer, [action]).port(self.port);
        listener = match self.certificate {
            Some(certificate) => listener
                .protocol("HTTPS")
                .ssl_policy(TLS_POLICY)
                .certificates([Certificate::new().certificate_arn(certificate)]),
            None => listener.protocol("HTTP"),
        };
        let listener = listener.build(&mut self.scope, &id);
        (self.scope, ListenerHandle { listener })
    }
}

/// A listener that stands in a stack.
#[derive(Debug, Clone)]
pub struct ListenerHandle {
    listener: Handle<elbv2::Listener>,
}

impl ListenerHandle {
    /// The listener itself.
    pub const fn listener(&self) -> &Handle<elbv2::Listener> {
        &self.listener
    }
}

impl From<&ListenerHandle> for Expr<ids::elasticloadbalancingv2::ListenerArn> {
    fn from(handle: &ListenerHandle) -> Self {
        Self::from(&handle.listener)
    }
}
