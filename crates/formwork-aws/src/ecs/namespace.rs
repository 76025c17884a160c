//! [`Namespace`]: where services are found by name.

use std::marker::PhantomData;

use formwork_cfn::{ids, servicediscovery};
use formwork_core::{Build, Expr, Finding, Scope, builder::AnyOf};

use crate::vpc::VpcHandle;

/// Where services are found by name: a namespace of Cloud Map.
///
/// One of DNS ([`Namespace::private`], [`Namespace::public`]) has a hosted zone of Route 53, which
/// costs money by the month, and takes services by
/// [`Service::discover`](super::Service::discover). Each kind serves Service Connect
/// ([`Service::connect`](super::Service::connect), [`Service::offer`](super::Service::offer)), for
/// which one without DNS is enough.
///
/// See [`AWS::ServiceDiscovery::PrivateDnsNamespace`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-servicediscovery-privatednsnamespace.html).
///
/// ```
/// use formwork_aws::{architecture::Architecture, capacity::Capacity, logs::Retention};
/// use formwork_aws::ecs::{Cluster, Container, ContainerImage, FargateService, FargateSize, FargateTask, Namespace};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("shop");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::One)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// let cluster = Cluster::new().build(&mut stack, "Services");
/// let names = Namespace::private("shop.internal", &vpc).build(&mut stack, "Names");
/// let orders = Container::new("orders", ContainerImage::public("public.ecr.aws/nginx/nginx:1.29")).port(80);
/// let task = FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneMonth, orders)
///     .build(&mut stack, "Orders");
/// // Found as `orders.shop.internal`.
/// FargateService::new(&cluster, &task, &vpc.private(), Capacity::fixed(2))
///     .discover(&names, "orders")
///     .build(&mut stack, "OrdersService");
/// assert!(app.synthesize().is_ok());
/// ```
///
/// A namespace without DNS has no records:
///
/// ```compile_fail
/// # use formwork_aws::{capacity::Fixed, ecs::{FargateService, HttpNames, NamespaceHandle}};
/// # fn find(service: FargateService<Fixed>, names: &NamespaceHandle<HttpNames>) {
/// let service = service.discover(names, "orders");
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a namespace is added to a stack by `build`"]
pub struct Namespace<K> {
    name: String,
    description: Option<String>,
    /// For a private one.
    vpc: Option<Expr<ids::ec2::VpcId>>,
    zone: bool,
    kind: PhantomData<K>,
}

/// Names that DNS answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsNames {}

/// Names that only Cloud Map and Service Connect know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpNames {}

impl Namespace<DnsNames> {
    /// A domain (`shop.internal`) that is known in a network.
    pub fn private(domain: impl Into<String>, vpc: &VpcHandle) -> Self {
        Self { vpc: Some(vpc.into()), ..Self::of(domain.into(), true) }
    }

    /// A domain (`services.example.com`) that everybody can ask for. The addresses of tasks are those
    /// in their network all the same.
    pub fn public(domain: impl Into<String>) -> Self {
        Self::of(domain.into(), true)
    }
}

impl Namespace<HttpNames> {
    /// Names without DNS, for Service Connect.
    pub fn http(name: impl Into<String>) -> Self {
        Self::of(name.into(), false)
    }
}

impl<K> Namespace<K> {
    const fn of(name: String, zone: bool) -> Self {
        Self { name, description: None, vpc: None, zone, kind: PhantomData }
    }

    /// What it is for.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Adds the namespace to a stack.
    ///
    /// Findings: a name that is no domain (`FW0493`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> NamespaceHandle<K> {
        let mut scope = scope.construct(id);
        if self.zone && !is_domain(&self.name) {
            let message = format!("`{}` is not a domain", self.name);
            let hint = "write labels of small letters, digits and `-` with dots between: `shop.internal`";
            scope.report(Finding::error("FW0493", message).hint(hint));
        }
        let description = self.description;
        macro_rules! add {
            ($namespace:expr) => {{
                let mut namespace = $namespace;
                if let Some(text) = description {
                    namespace = namespace.description(text);
                }
                let handle = namespace.build(&mut scope, "Namespace");
                (Expr::from(&handle), handle.arn())
            }};
        }
        let (id, arn) = match (self.zone, self.vpc) {
            (true, Some(vpc)) => add!(servicediscovery::PrivateDnsNamespace::new(self.name).vpc(vpc)),
            (true, None) => add!(servicediscovery::PublicDnsNamespace::new(self.name)),
            (false, _) => add!(servicediscovery::HttpNamespace::new(self.name)),
        };
        NamespaceHandle { id, arn, kind: PhantomData }
    }
}

/// Whether a name is one of DNS, with a dot or without.
pub(super) fn is_domain(name: &str) -> bool {
    let legal = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || matches!(each, '-' | '_');
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(legal)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// The id of a namespace of any kind.
pub(super) type NamespaceId = Expr<AnyOf<ids::any::NamespaceId>>;

/// A [`Namespace`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct NamespaceHandle<K> {
    id: NamespaceId,
    arn: Expr<String>,
    kind: PhantomData<K>,
}

impl<K> NamespaceHandle<K> {
    /// The id.
    pub fn namespace_id(&self) -> Expr<AnyOf<ids::any::NamespaceId>> {
        self.id.clone()
    }

    /// The ARN, as Service Connect names it.
    pub fn arn(&self) -> Expr<String> {
        self.arn.clone()
    }
}

impl<K> From<&NamespaceHandle<K>> for Expr<String> {
    fn from(handle: &NamespaceHandle<K>) -> Self {
        handle.arn()
    }
}
