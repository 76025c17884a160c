//! What listeners and target groups know of the balancer that they stand at.

use formwork_cfn::{elasticloadbalancingv2 as elbv2, ids};
use formwork_core::{Expr, Finding, Handle, Scope, ScopeId, builder::Node};

use crate::{
    port::Port,
    security_group::{Peer, SecurityGroupHandle},
};

/// The part that all kinds of balancers have in common.
#[derive(Debug, Clone)]
pub(super) struct Balancer {
    pub(super) handle: Handle<elbv2::LoadBalancer>,
    pub(super) vpc: Expr<ids::ec2::VpcId>,
    pub(super) origin: Origin,
    /// Who reaches its listeners.
    pub(super) peers: Vec<Peer>,
    pub(super) is_internal: bool,
    pub(super) scope: ScopeId,
}

/// Where the balancer's own packets come from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// Its security group.
    Group(SecurityGroupHandle),
    /// The ranges of its subnets, as far as they are known.
    Ranges(Vec<String>),
    /// The same, and the addresses of clients: nothing stands between these and targets.
    Clients(Vec<String>),
}

impl Balancer {
    /// The id of something that requests are passed on to.
    ///
    /// A target group has one balancer, and CloudFormation makes the new balancer before it takes the
    /// old one away. What replaces a balancer and leaves its id alone is its scheme; so the scheme
    /// is in the id of its target groups, which are then new ones too.
    pub(super) fn targets_id(&self, word: &str) -> String {
        let scheme = if self.is_internal { "Internal" } else { "" };
        format!("{scheme}{word}Targets")
    }

    /// Reports (`FW0448`) TLS behind capacity that is kept free: the service keeps none for it.
    pub(super) fn check_tls(&self, scope: &mut Scope<'_>) {
        let mut reserves = false;
        scope.change(&self.handle, |draft| {
            reserves = draft.properties().get("MinimumLoadBalancerCapacity").is_some();
        });
        if reserves {
            let message = "a network load balancer that has capacity reserved has no listener for TLS";
            let hint = "listen for TCP, and let targets speak TLS, or reserve no capacity";
            scope.report(Finding::error("FW0448", message).hint(hint));
        }
    }

    /// Reports (`FW0452`) UDP at a balancer that answers by IPv6: targets here have IPv4 addresses, and the
    /// service does not translate UDP.
    pub(super) fn check_udp(&self, scope: &mut Scope<'_>) {
        let mut dual_stack = false;
        scope.change(&self.handle, |draft| {
            let kind = draft.properties().get("IpAddressType").and_then(Node::as_str);
            dual_stack = kind == Some("dualstack");
        });
        if dual_stack {
            let message = "a network load balancer that answers by IPv6 has no listener for UDP here";
            let hint =
                "give UDP a balancer of its own, without `.dual_stack()`: its targets have IPv4 addresses";
            scope.report(Finding::error("FW0452", message).hint(hint));
        }
    }

    /// Lets everybody who may reach the balancer reach a listener.
    pub(super) fn open(&self, ports: &[Port], scope: &mut Scope<'_>) {
        if let Origin::Group(group) = &self.origin {
            for peer in &self.peers {
                for port in ports {
                    group.allow(scope, peer.clone(), *port);
                }
            }
        }
    }

    /// Lets the balancer reach targets, on the ports of requests and where it asks whether they are well;
    /// reports where nothing can.
    pub(super) fn reach(
        &self,
        groups: &[SecurityGroupHandle],
        is_guarded: bool,
        ports: &[Port],
        probe: Option<Port>,
        port: u16,
        scope: &mut Scope<'_>,
    ) {
        let ranges_unknown = match &self.origin {
            Origin::Group(_) => false,
            Origin::Ranges(ranges) | Origin::Clients(ranges) => ranges.is_empty(),
        };
        if is_guarded && groups.is_empty() {
            let message = format!("nothing lets the load balancer reach port {port} of the targets");
            let hint = "put them into a security group: `LaunchTemplate::security_group`";
            scope.report(Finding::error("FW0426", message).hint(hint));
        } else if is_guarded && ranges_unknown {
            let message = format!("nothing lets the load balancer reach port {port} of the targets");
            let hint = "the ranges of its subnets are not known: let them in by `SecurityGroupHandle::allow`";
            scope.report(Finding::warning("FW0426", message).hint(hint));
        }
        for own in groups {
            for port in ports.iter().copied().chain(probe) {
                match &self.origin {
                    Origin::Group(group) => own.allow(scope, group, port),
                    Origin::Ranges(ranges) | Origin::Clients(ranges) => {
                        for range in ranges {
                            own.allow(scope, Peer::ipv4(range.as_str()), port);
                        }
                    }
                }
            }
            if matches!(self.origin, Origin::Clients(_)) {
                for peer in &self.peers {
                    for port in ports {
                        own.allow(scope, peer.clone(), *port);
                    }
                }
            }
        }
    }
}
