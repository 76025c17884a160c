//! Endpoints: services of AWS that a network reaches without the internet.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Finding, Handle, Json, List, Scope, concat, pseudo};

use super::{Subnets, VpcHandle, name_tag};
use crate::{
    port::Port,
    security_group::{Outbound, Peer, SecurityGroup},
};

/// The group of endpoints that name no other.
const GROUP: &str = "Endpoints";
/// What Session Manager needs of a network.
const SESSION_MANAGER: [&str; 3] = ["ec2messages", "ssm", "ssmmessages"];

/// A way to S3 or DynamoDB by the route tables of a network. It costs nothing.
///
/// See [gateway endpoints](https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
///
/// ```
/// use formwork_aws::vpc::{GatewayEndpoint, NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("Data"))
///     .build(&mut stack, "Network");
/// vpc.gateway_endpoint(&mut stack, GatewayEndpoint::s3());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an endpoint is added to a network by `gateway_endpoint`"]
pub struct GatewayEndpoint {
    service: &'static str,
    policy: Option<Expr<Json>>,
    subnets: Option<Subnets>,
}

impl GatewayEndpoint {
    /// A way to S3.
    pub const fn s3() -> Self {
        Self::of("s3")
    }

    /// A way to DynamoDB.
    pub const fn dynamodb() -> Self {
        Self::of("dynamodb")
    }

    const fn of(service: &'static str) -> Self {
        Self { service, policy: None, subnets: None }
    }

    /// Lets through what this policy allows, and nothing else.
    pub fn policy(mut self, policy: impl Into<Expr<Json>>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// For these subnets alone: all of the network unless set.
    pub fn subnets(mut self, subnets: &Subnets) -> Self {
        self.subnets = Some(subnets.clone());
        self
    }
}

/// A way to a service by addresses in subnets of the network. It costs money for every hour, zone
/// and byte.
///
/// Its names are the service's own in the network (private DNS), unless that is turned off.
///
/// See [interface endpoints](https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
///
/// ```
/// use formwork_aws::vpc::{InterfaceEndpoint, NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// for service in ["ecr.api", "ecr.dkr", "logs"] {
///     vpc.interface_endpoint(&mut stack, InterfaceEndpoint::new(service, &vpc.isolated()));
/// }
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an endpoint is added to a network by `interface_endpoint`"]
pub struct InterfaceEndpoint {
    service: String,
    /// The whole name, where it is not one of AWS's own services in this region.
    name: Option<Expr<String>>,
    region: Option<Expr<String>>,
    subnets: Subnets,
    groups: Option<Expr<List<ids::ec2::SecurityGroupId>>>,
    policy: Option<Expr<Json>>,
    private_dns: bool,
}

impl InterfaceEndpoint {
    /// A way to a service of AWS (`ecr.dkr`, `secretsmanager`) in the region of the stack, with an
    /// address in one of these subnets in each zone.
    pub fn new(service: impl Into<String>, subnets: &Subnets) -> Self {
        Self {
            service: service.into(),
            name: None,
            region: None,
            subnets: subnets.one_in_each_zone(),
            groups: None,
            policy: None,
            private_dns: true,
        }
    }

    /// A way to a service that somebody else offers (`com.amazonaws.vpce.eu-west-1.vpce-svc-...`),
    /// with a word for its id. It has no private DNS unless that is turned on.
    pub fn offered(word: impl Into<String>, service: impl Into<Expr<String>>, subnets: &Subnets) -> Self {
        let own = Self::new(word, subnets);
        Self { name: Some(service.into()), private_dns: false, ..own }
    }

    /// The region that the service is in, where it is not the stack's own.
    pub fn region(mut self, region: impl Into<Expr<String>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Who may reach it. Unless set, a group that lets the whole network in, by HTTPS.
    pub fn security_group(mut self, group: impl Into<Expr<ids::ec2::SecurityGroupId>>) -> Self {
        self.groups = Some(Expr::list([group.into()]));
        self
    }

    /// Lets through what this policy allows, and nothing else.
    pub fn policy(mut self, policy: impl Into<Expr<Json>>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// Whether the service's own names lead to the endpoint.
    pub fn private_dns(mut self, on: bool) -> Self {
        self.private_dns = on;
        self
    }
}

impl VpcHandle {
    /// Adds a way to S3 or DynamoDB to the route tables of the network.
    #[track_caller]
    pub fn gateway_endpoint(
        &self,
        scope: &mut Scope<'_>,
        endpoint: GatewayEndpoint,
    ) -> Handle<ec2::VpcEndpoint> {
        let mut scope = scope.reopen(self.0.scope);
        self.0.usage.add_endpoint(endpoint.service);
        let subnets = endpoint.subnets.unwrap_or_else(|| self.all());
        let name = service_name(endpoint.service, pseudo::region());
        let id = id(endpoint.service);
        let tag = name_tag(&scope, &id);
        let mut built = ec2::VpcEndpoint::new(self)
            .vpc_endpoint_type("Gateway")
            .service_name(name)
            .route_table_ids(Expr::list(subnets.route_tables().cloned()))
            .tags([tag]);
        if let Some(policy) = endpoint.policy {
            built = built.policy_document(policy);
        }
        built.build(&mut scope, &id)
    }

    /// Adds a way to a service by addresses in subnets of the network.
    ///
    /// Findings: no subnets (`FW0403`), subnets that are full (`FW0441`).
    #[track_caller]
    pub fn interface_endpoint(
        &self,
        scope: &mut Scope<'_>,
        endpoint: InterfaceEndpoint,
    ) -> Handle<ec2::VpcEndpoint> {
        let mut scope = scope.reopen(self.0.scope);
        let what = format!("the endpoint of `{}`", endpoint.service);
        endpoint.subnets.require(1, &what, &mut scope);
        let count = u64::try_from(endpoint.subnets.len()).unwrap_or(u64::MAX);
        endpoint.subnets.require_addresses(count, &what, &mut scope);
        self.0.usage.add_endpoint(&endpoint.service);
        let groups = endpoint.groups.unwrap_or_else(|| Expr::list([self.endpoints_group(&mut scope)]));
        let region = endpoint.region.clone().unwrap_or_else(pseudo::region);
        let name = endpoint.name.unwrap_or_else(|| service_name(&endpoint.service, region));
        let id = id(&endpoint.service);
        let tag = name_tag(&scope, &id);
        let mut built = ec2::VpcEndpoint::new(self)
            .vpc_endpoint_type("Interface")
            .service_name(name)
            .subnet_ids(endpoint.subnets.ids())
            .security_group_ids(groups)
            .private_dns_enabled(endpoint.private_dns)
            .tags([tag]);
        if let Some(region) = endpoint.region {
            built = built.service_region(region);
        }
        if let Some(policy) = endpoint.policy {
            built = built.policy_document(policy);
        }
        built.build(&mut scope, &id)
    }

    /// Adds what Session Manager needs to reach instances in these subnets without the internet: no
    /// bastion, no key and no open port. The instances need the permission as well
    /// (`iam::session_manager`).
    #[track_caller]
    pub fn session_manager(&self, scope: &mut Scope<'_>, subnets: &Subnets) {
        let mut scope = scope.construct("");
        for service in SESSION_MANAGER {
            self.interface_endpoint(&mut scope, InterfaceEndpoint::new(service, subnets));
        }
    }

    /// The group of endpoints that name no other, made with the first of them.
    fn endpoints_group(&self, scope: &mut Scope<'_>) -> Expr<ids::ec2::SecurityGroupId> {
        if let Some(known) = scope.find(&format!("{GROUP}SecurityGroup")) {
            return known.attribute("GroupId");
        }
        let description = format!("endpoints of {}", self.0.name);
        let mut group = SecurityGroup::new(self, description, Outbound::Nowhere);
        for range in self.ranges() {
            group = group.allow(Peer::ipv4(range), Port::HTTPS, "the network");
        }
        if self.0.ranges.is_empty() {
            let message = "nobody is let in to the endpoint: the range of the network is not known";
            scope.report(Finding::error("FW0401", message).hint("say who: `.security_group(&group)`"));
        }
        Expr::from(&group.build(scope, GROUP))
    }
}

fn service_name(service: &str, region: Expr<String>) -> Expr<String> {
    concat(["com.amazonaws.".into(), region, format!(".{service}").into()])
}

/// `EcrDkrEndpoint`.
fn id(service: &str) -> String {
    let mut id = String::new();
    for word in service.split(|each: char| !each.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.extend(letters);
    }
    id + "Endpoint"
}
