//! What is set on a balancer by name.

use formwork_cfn::{
    elasticloadbalancingv2 as elbv2, elasticloadbalancingv2::load_balancer::LoadBalancerAttribute,
};
#[cfg(feature = "access-logs")]
use formwork_core::Build;
use formwork_core::{Expr, Scope};

/// The attributes of a balancer, in the order in which they were first set.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes {
    pairs: Vec<(String, Expr<String>)>,
    #[cfg(feature = "access-logs")]
    logs: Vec<(&'static str, super::AccessLogs, super::access_logs::Writer)>,
}

impl Attributes {
    /// Sets one, in place of what it was.
    pub(super) fn set(&mut self, key: impl Into<String>, value: impl Into<Expr<String>>) {
        let (key, value) = (key.into(), value.into());
        match self.pairs.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = value,
            None => self.pairs.push((key, value)),
        }
    }

    /// Logs of a kind (`access_logs.s3`).
    #[cfg(feature = "access-logs")]
    pub(super) fn log(
        &mut self,
        kind: &'static str,
        logs: super::AccessLogs,
        writer: super::access_logs::Writer,
    ) {
        self.logs.retain(|(known, ..)| *known != kind);
        self.logs.push((kind, logs, writer));
    }

    /// Sets all on a balancer; what logs need comes before it.
    #[cfg_attr(not(feature = "access-logs"), expect(unused_mut, unused_variables, reason = "for logs"))]
    pub(super) fn apply(
        mut self,
        mut balancer: elbv2::LoadBalancer,
        scope: &mut Scope<'_>,
    ) -> elbv2::LoadBalancer {
        #[cfg(feature = "access-logs")]
        for (kind, logs, writer) in std::mem::take(&mut self.logs) {
            if let Some(policy) = logs.admit(writer, scope) {
                balancer = balancer.depends_on(policy);
            }
            self.set(format!("{kind}.enabled"), "true");
            self.set(format!("{kind}.bucket"), logs.bucket.clone());
            if let Some(prefix) = &logs.prefix {
                self.set(format!("{kind}.prefix"), prefix.as_str());
            }
        }
        if self.pairs.is_empty() {
            return balancer;
        }
        let list =
            self.pairs.into_iter().map(|(key, value)| LoadBalancerAttribute::new().key(key).value(value));
        balancer.load_balancer_attributes(Expr::list(list))
    }
}
