//! [`Forward`]: what a listener passes requests on to, and how it gets there.

use std::{marker::PhantomData, sync::Arc};

use formwork_cfn::elasticloadbalancingv2 as elbv2;
use formwork_core::{Finding, Handle, ResourceId, Scope};

use super::{
    TargetGroup, TargetGroupHandle,
    balancer::Balancer,
    protocol::{Application, PortProtocol},
    target::{AttachedGroup, Target},
    target_group::GRPC,
};

/// What a listener passes requests on to: a target (`&fleet.port(80)`), a [`TargetGroup`], or a group
/// that another listener or rule of the balancer has already (`&targets`).
#[derive(Debug, Clone)]
#[must_use]
pub struct Forward<P>(Source<P>);

#[derive(Debug, Clone)]
enum Source<P> {
    New(TargetGroup<P>),
    Built(TargetGroupHandle<P>),
}

impl<P: PortProtocol, T: Target + Clone + 'static> From<&T> for Forward<P> {
    fn from(target: &T) -> Self {
        Self(Source::New(TargetGroup::of(Arc::new(target.clone()), Some(P::NAME))))
    }
}

impl<P> From<TargetGroup<P>> for Forward<P> {
    fn from(group: TargetGroup<P>) -> Self {
        Self(Source::New(group))
    }
}

impl<P> From<&TargetGroup<P>> for Forward<P> {
    fn from(group: &TargetGroup<P>) -> Self {
        Self(Source::New(group.clone()))
    }
}

impl<P> From<&TargetGroupHandle<P>> for Forward<P> {
    fn from(group: &TargetGroupHandle<P>) -> Self {
        Self(Source::Built(group.clone()))
    }
}

/// A target group on its way behind a balancer: it stands, and no target is in it.
pub(super) struct Opened<P> {
    pub(super) group: Handle<elbv2::TargetGroup>,
    balancer: Handle<elbv2::LoadBalancer>,
    id: String,
    kind: PhantomData<P>,
    /// The targets, or what attached the group before.
    rest: Result<Arc<dyn Target>, ResourceId>,
}

impl Forward<Application> {
    /// Reports (`FW0473`) gRPC behind a listener that does not speak HTTP/2, which takes TLS.
    pub(super) fn check_version(&self, has_tls: bool, scope: &mut Scope<'_>) {
        if let Source::New(group) = &self.0
            && group.version == Some(GRPC)
            && !has_tls
        {
            let finding = Finding::error("FW0473", "a listener for HTTP has targets that speak gRPC");
            scope.report(finding.hint("listen for HTTPS: `balancer.https(...)`"));
        }
    }
}

impl<P> Forward<P> {
    /// Adds the group, and lets the balancer reach the targets.
    pub(super) fn open(
        self,
        balancer: &Balancer,
        asks_for_path: bool,
        scope: &mut Scope<'_>,
        id: &str,
    ) -> Opened<P> {
        let (own, name) = (balancer.handle.clone(), id.to_owned());
        match self.0 {
            Source::New(group) => {
                let target = Arc::clone(&group.target);
                let group = group.build(balancer, asks_for_path, scope, id);
                Opened { group, balancer: own, id: name, rest: Ok(target), kind: PhantomData }
            }
            Source::Built(handle) => {
                if handle.balancer.id() != own.id() {
                    let message = "a target group stands behind two load balancers";
                    let hint = "make a group for each: pass the target itself, `&fleet.port(8080)`";
                    scope.report(Finding::error("FW0461", message).hint(hint));
                }
                let rest = Err(handle.after);
                Opened { group: handle.group, balancer: own, id: name, rest, kind: PhantomData }
            }
        }
    }
}

impl<P> Opened<P> {
    /// Puts the targets into the group, now that something passes requests on to it.
    pub(super) fn attach(self, after: ResourceId, scope: &mut Scope<'_>) -> TargetGroupHandle<P> {
        let Self { group, balancer, id, kind, rest } = self;
        let after = match rest {
            Ok(target) => {
                target.attach(scope, &AttachedGroup { group: group.clone(), after, id });
                after
            }
            Err(earlier) => earlier,
        };
        TargetGroupHandle { group, balancer, after, kind }
    }
}
