//! [`ApplicationLoadBalancer`]: HTTP requests spread over healthy targets.

use std::time::Duration;

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::load_balancer::MinimumLoadBalancerCapacity, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use super::{
    ListenerBuilder,
    attributes::Attributes,
    balancer::{Balancer, Origin},
    listener::TlsSettings,
    protocol::{Http, Https},
};
use crate::{
    security_group::{Outbound, Peer, SecurityGroup, SecurityGroupHandle},
    vpc::{Subnets, VpcHandle},
};

/// The least number of zones that an application load balancer stands in.
const ZONES: usize = 2;
/// The addresses that each of its subnets has at least, for it to grow: those of a /27.
const ADDRESSES: u64 = 27;
/// How long a connection may be silent.
const IDLE: std::ops::RangeInclusive<u64> = 1..=4000;

/// An application load balancer, with a security group of its own.
///
/// Requests with invalid header fields are not passed on.
///
/// See [`AWS::ElasticLoadBalancingV2::LoadBalancer`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html).
///
/// ```
/// use formwork_aws::{load_balancer::{ApplicationLoadBalancer, Redirect, Requests}, vpc::{NatPolicy, Tier, Vpc, Zones}};
/// use formwork_core::{App, id};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::public("Public"))
///     .build(&mut stack, "Network");
/// let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(&mut stack, "Balancer");
/// balancer.http(&mut stack).redirect_to_https();
/// let certificate = id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
/// let listener = balancer.https(&mut stack, certificate).respond(503, "back soon");
/// listener
///     .rule(&mut stack, "Docs", 10, Requests::to_path(["/docs/*"]))
///     .redirect(Redirect::permanent().host("docs.example.com"));
/// stack.output("Url", balancer.url());
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A listener for HTTPS has a certificate, and one for HTTP has nobody sign in:
///
/// ```compile_fail
/// # use formwork_aws::load_balancer::{ApplicationLoadBalancerHandle, Authentication};
/// # fn listen(balancer: &ApplicationLoadBalancerHandle, staff: Authentication, stack: &mut formwork_core::Scope<'_>) {
/// balancer.http(stack).authenticate(staff).respond(200, "hello");
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a load balancer is added to a stack by `build`"]
pub struct ApplicationLoadBalancer {
    subnets: Subnets,
    is_internal: bool,
    peers: Vec<Peer>,
    dual_stack: bool,
    attributes: Attributes,
    capacity: Option<u32>,
    idle_timeout: Option<Duration>,
    #[cfg(feature = "web-acl")]
    web_acl: Option<Expr<String>>,
}

impl ApplicationLoadBalancer {
    /// A balancer in the public subnets: everyone on the internet reaches its listeners.
    pub fn internet_facing(vpc: &VpcHandle) -> Self {
        Self::of(vpc.public(), false, vec![Peer::any_ipv4()])
    }

    /// A balancer in these subnets: only peers reach its listeners.
    pub fn internal(subnets: &Subnets) -> Self {
        Self::of(subnets.clone(), true, Vec::new())
    }

    fn of(subnets: Subnets, is_internal: bool, peers: Vec<Peer>) -> Self {
        let mut attributes = Attributes::default();
        attributes.set("routing.http.drop_invalid_header_fields.enabled", "true");
        attributes.set("deletion_protection.enabled", "false");
        Self {
            subnets,
            is_internal,
            peers,
            dual_stack: false,
            attributes,
            capacity: None,
            idle_timeout: None,
            #[cfg(feature = "web-acl")]
            web_acl: None,
        }
    }

    /// Lets a peer reach every listener, and nobody else but further ones: an internet-facing
    /// balancer is then closed to the rest of the internet.
    pub fn reachable_from(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.peers = peers.into_iter().collect();
        self
    }

    /// Answers by IPv6 too. Its subnets have to have it. Who reaches an internet-facing balancer by
    /// IPv4 reaches it by IPv6, unless [`ApplicationLoadBalancer::reachable_from`] says otherwise.
    pub fn dual_stack(mut self) -> Self {
        self.dual_stack = true;
        if self.peers.iter().any(Peer::is_everyone) {
            self.peers.push(Peer::any_ipv6());
        }
        self
    }

    /// Refuses to be deleted until this is turned off.
    pub fn deletion_protection(self) -> Self {
        self.attribute("deletion_protection.enabled", "true")
    }

    /// How long a connection may be silent before it is closed: a minute unless set, 4,000 seconds at
    /// most.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Passes the host on to targets as the client has written it, with its port.
    pub fn preserve_host(self) -> Self {
        self.attribute("routing.http.preserve_host_header.enabled", "true")
    }

    /// Keeps the balancer as large as so many capacity units (LCU) at least, for a rush that is known
    /// beforehand: a unit is 25 new connections a second, or 3,000 that are open. It costs money for as long as it is set, and a
    /// deployment does not wait for it.
    ///
    /// See [capacity reservations](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html).
    pub fn reserve_capacity(mut self, units: u32) -> Self {
        self.capacity = Some(units);
        self
    }

    /// Any [attribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)
    /// of the balancer.
    pub fn attribute(mut self, key: &'static str, value: impl Into<Expr<String>>) -> Self {
        self.attributes.set(key, value);
        self
    }

    /// Writes each request down. The bucket gets the policy that this needs.
    #[cfg(feature = "access-logs")]
    pub fn access_logs(mut self, logs: impl Into<super::AccessLogs>) -> Self {
        self.attributes.log("access_logs.s3", logs.into(), super::access_logs::Writer::Application);
        self
    }

    /// Writes each connection down, with what TLS was agreed upon. The bucket gets the policy that
    /// this needs.
    #[cfg(feature = "access-logs")]
    pub fn connection_logs(mut self, logs: impl Into<super::AccessLogs>) -> Self {
        self.attributes.log("connection_logs.s3", logs.into(), super::access_logs::Writer::Application);
        self
    }

    /// Has a web ACL of AWS WAF, by its ARN, judge each request first.
    ///
    /// ```
    /// use formwork_aws::load_balancer::ApplicationLoadBalancer;
    /// use formwork_cfn::wafv2::{WebAcl, web_acl::{AllowAction, DefaultAction, VisibilityConfig}};
    /// use formwork_core::Build;
    /// # use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
    /// # use formwork_core::App;
    ///
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
    /// #     .tier(Tier::public("Public"))
    /// #     .build(&mut stack, "Network");
    /// let admission = DefaultAction::new().allow(AllowAction::new());
    /// let shield = WebAcl::new(admission, "REGIONAL", VisibilityConfig::new("shield", true, true))
    ///     .build(&mut stack, "Shield");
    /// ApplicationLoadBalancer::internet_facing(&vpc).web_acl(shield.arn()).build(&mut stack, "Balancer");
    /// # assert!(app.synthesize().is_ok());
    /// ```
    #[cfg(feature = "web-acl")]
    pub fn web_acl(mut self, arn: impl Into<Expr<String>>) -> Self {
        self.web_acl = Some(arn.into());
        self
    }

    /// Adds the balancer to a stack.
    ///
    /// Findings: subnets in fewer than two zones (`FW0403`), or too small ones (`FW0441`), a time that
    /// cannot be (`FW0462`).
    #[track_caller]
    pub fn build(mut self, scope: &mut Scope<'_>, id: &str) -> ApplicationLoadBalancerHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(ZONES, "the load balancer", &mut scope);
        self.subnets.require_addresses_in_each(ADDRESSES, "the load balancer", &mut scope);
        if let Some(seconds) = self.idle_timeout.map(|timeout| timeout.as_secs()) {
            if !IDLE.contains(&seconds) {
                let message = format!(
                    "the idle timeout is {seconds} seconds: {} to {} are possible",
                    IDLE.start(),
                    IDLE.end()
                );
                scope.report(Finding::error("FW0462", message));
            }
            self.attributes.set("idle_timeout.timeout_seconds", seconds.to_string());
        }
        let vpc = self.subnets.vpc_id();
        let description = format!("load balancer {}", scope.path());
        let group = SecurityGroup::new(vpc.clone(), description, Outbound::Nowhere).build(&mut scope, "");
        let mut balancer = elbv2::LoadBalancer::new()
            .type_("application")
            .scheme(if self.is_internal { "internal" } else { "internet-facing" })
            .subnets(self.subnets.ids())
            .security_groups([&group]);
        if self.dual_stack {
            balancer = balancer.ip_address_type("dualstack");
        }
        if let Some(units) = self.capacity {
            let capacity = MinimumLoadBalancerCapacity::new(i64::from(units));
            balancer = balancer.minimum_load_balancer_capacity(capacity);
        }
        for route in self.subnets.routes() {
            balancer = balancer.depends_on(*route);
        }
        let balancer = self.attributes.apply(balancer, &mut scope).build(&mut scope, "LoadBalancer");
        #[cfg(feature = "web-acl")]
        if let Some(arn) = self.web_acl {
            formwork_cfn::wafv2::WebAclAssociation::new(&balancer, arn).build(&mut scope, "WebAcl");
        }
        ApplicationLoadBalancerHandle(
            Balancer {
                handle: balancer,
                vpc,
                origin: Origin::Group(group.clone()),
                peers: self.peers,
                is_internal: self.is_internal,
                scope: scope.id(),
            },
            group,
        )
    }
}

/// An [`ApplicationLoadBalancer`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct ApplicationLoadBalancerHandle(Balancer, SecurityGroupHandle);

impl ApplicationLoadBalancerHandle {
    /// The balancer itself.
    pub const fn load_balancer(&self) -> &Handle<elbv2::LoadBalancer> {
        &self.0.handle
    }

    /// The balancer's own security group.
    pub const fn security_group(&self) -> &SecurityGroupHandle {
        &self.1
    }

    /// The name under which it answers.
    pub fn dns_name(&self) -> Expr<String> {
        self.0.handle.dns_name()
    }

    /// `http://` and the name under which it answers.
    pub fn url(&self) -> Expr<String> {
        formwork_core::concat(["http://".into(), self.dns_name()])
    }

    /// A listener for HTTP on port 80. What it does is said next.
    #[track_caller]
    pub fn http<'scope>(&self, scope: &'scope mut Scope<'_>) -> ListenerBuilder<'scope, Http> {
        self.http_on(scope, 80)
    }

    /// A listener for HTTP on any port.
    #[track_caller]
    pub fn http_on<'scope>(&self, scope: &'scope mut Scope<'_>, port: u16) -> ListenerBuilder<'scope, Http> {
        ListenerBuilder::new(self.0.clone(), scope.reopen(self.0.scope), port, None)
    }

    /// A listener for HTTPS on port 443, with its certificate of ACM, by a handle or ARN.
    #[track_caller]
    pub fn https<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> ListenerBuilder<'scope, Https> {
        self.https_on(scope, 443, certificate)
    }

    /// A listener for HTTPS on any port.
    #[track_caller]
    pub fn https_on<'scope>(
        &self,
        scope: &'scope mut Scope<'_>,
        port: u16,
        certificate: impl Into<Expr<ids::certificatemanager::CertificateArn>>,
    ) -> ListenerBuilder<'scope, Https> {
        let tls = TlsSettings::new(certificate.into());
        ListenerBuilder::new(self.0.clone(), scope.reopen(self.0.scope), port, Some(tls))
    }
}

impl From<&ApplicationLoadBalancerHandle> for Expr<ids::elasticloadbalancingv2::LoadBalancerArn> {
    fn from(handle: &ApplicationLoadBalancerHandle) -> Self {
        Self::from(&handle.0.handle)
    }
}
