//! [`Discovery`]: the name that a service is found by in DNS.

use std::time::Duration;

use formwork_cfn::{
    ecs::service::ServiceRegistry,
    ids, servicediscovery,
    servicediscovery::service::{DnsConfig, DnsRecord, HealthCheckCustomConfig},
};
use formwork_core::{Build, Expr, Finding, Scope, builder::AnyOf};

use super::{container::ContainerPort, namespace::is_domain, network_mode::NetworkMode};

/// How long an answer is good for, where nothing is said.
const TTL: Duration = Duration::from_mins(1);
/// The longest time that an answer is good for: what fits into 31 bits.
const LONGEST_TTL: u64 = 2_147_483_647;
/// How often a task may be unwell before it is no longer found: Cloud Map takes no other number.
const FAILURES: f64 = 1.0;

/// The name that a service is found by in a namespace of DNS, and what the answer is: the addresses
/// of its tasks, or those with a port. A task that is not well is not found.
///
/// A name alone is enough where nothing more is to be said: `.discover(&names, "orders")`.
///
/// See [`AWS::ServiceDiscovery::Service`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-servicediscovery-service.html).
///
/// ```
/// use std::time::Duration;
/// use formwork_aws::ecs::Discovery;
///
/// let orders = Discovery::named("orders").port(8080).ttl(Duration::from_secs(10));
/// # let _ = orders;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a service takes it: `service.discover(&namespace, ...)`"]
pub struct Discovery {
    name: String,
    port: Option<u16>,
    ttl: Duration,
}

impl Discovery {
    /// By this name. The answers are addresses: records of the type A.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), port: None, ttl: TTL }
    }

    /// Answers with a port of the tasks too: records of the type SRV, in place of A. Clients have to
    /// ask for these.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// How long clients keep an answer: a minute unless set.
    pub const fn ttl(mut self, time: Duration) -> Self {
        self.ttl = time;
        self
    }

    fn check(&self, scope: &mut Scope<'_>) {
        if !is_domain(&self.name) {
            let message = format!("`{}` is not a name of DNS", self.name);
            let hint = "write small letters, digits and `-`: `orders`";
            scope.report(Finding::error("FW0493", message).hint(hint));
        }
        if self.ttl.as_secs() > LONGEST_TTL {
            let message = format!("an answer of DNS cannot be good for {} seconds", self.ttl.as_secs());
            scope.report(Finding::error("FW0493", message).hint("a minute is what is usual"));
        }
    }

    /// Adds the name, and gives how the service registers its tasks under it.
    pub(super) fn build(
        self,
        namespace: Expr<AnyOf<ids::any::NamespaceId>>,
        ports: &[(ContainerPort, String)],
        network: NetworkMode,
        scope: &mut Scope<'_>,
    ) -> ServiceRegistry {
        self.check(scope);
        if network != NetworkMode::Vpc && self.port.is_none() {
            let message = format!("the tasks of `{}` have no address of their own to be found by", self.name);
            let hint = "tell the port of the instance too: `Discovery::named(...).port(8080)`";
            scope.report(Finding::error("FW0493", message).hint(hint));
        }
        let ttl = u32::try_from(self.ttl.as_secs()).unwrap_or(u32::MAX);
        let kind = if self.port.is_some() { "SRV" } else { "A" };
        let record = DnsRecord::new(kind, f64::from(ttl));
        let name = servicediscovery::Service::new()
            .name(self.name)
            .namespace_id(namespace)
            .dns_config(DnsConfig::new([record]).routing_policy("MULTIVALUE"))
            // The service says of each task whether it is well.
            .health_check_custom_config(HealthCheckCustomConfig::new().failure_threshold(FAILURES))
            .build(scope, "Discovery");
        let registry = ServiceRegistry::new().registry_arn(name.arn());
        let Some(port) = self.port else { return registry };
        let Some((_, container)) = ports.iter().find(|(known, _)| known.number == port) else {
            let message = format!("no container of the task listens on port {port}");
            let hint = format!("say so: `Container::new(...).port({port})`");
            scope.report(Finding::error("FW0432", message).hint(hint));
            return registry;
        };
        registry.container_name(container.as_str()).container_port(port)
    }
}

impl From<&str> for Discovery {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}
