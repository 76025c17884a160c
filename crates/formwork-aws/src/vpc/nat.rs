//! [`NatPolicy`]: how private tiers reach the internet.

use std::time::Duration;

use formwork_cfn::{
    ec2,
    ec2::instance::{MetadataOptions, NetworkInterface},
    ids,
};
use formwork_core::{Build, CreationPolicy, Expr, Handle, Parameter, ResourceId, base64, pseudo, sub};

use super::{building::Building, name_tag, subnets::BuiltSubnet};
use crate::{
    port::Port,
    security_group::{Outbound, Peer, SecurityGroup},
};

/// The image of NAT instances, where no other is said.
const IMAGE: &str = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";
/// How long an instance may take until it routes.
const START: Duration = Duration::from_mins(10);

/// How private tiers reach the internet. A NAT gateway costs money for every hour that it stands
/// and for every byte, which is why nobody chooses for the author.
///
/// See [NAT gateways](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NatPolicy {
    /// Not at all: a private tier is then an error, an isolated one is meant.
    None,
    /// By one gateway in the first zone: when that zone fails, no zone reaches the internet, and
    /// traffic from other zones is charged for crossing.
    One,
    /// By a gateway in every zone.
    OnePerZone,
    /// By one instance in the first zone: cheaper than a gateway, as fast as the instance, and no way out
    /// while it or its zone is down.
    OneInstance(NatInstance),
    /// By an instance in every zone.
    InstancePerZone(NatInstance),
}

/// An instance that does the work of a NAT gateway. It runs Amazon Linux 2023 and has no key; its
/// metadata takes tokens alone.
///
/// The image is a parameter, so that each deployment looks whether AWS has a newer one, and then replaces
/// the instance. A new instance first sets itself up, by an address of its own, and says so to
/// CloudFormation (`cfn-signal`, 10 minutes at most). Only then do the Elastic IP and the routes go over to
/// it, and only after these does the old instance go: the address stays, connections that run end, and new
/// ones pass. An instance that cannot set itself up fails the deployment, and the old one goes on.
///
/// See [NAT instances](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html).
///
/// ```
/// use formwork_aws::vpc::{NatInstance, NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let nat = NatPolicy::OneInstance(NatInstance::arm64("t4g.nano"));
/// Vpc::new("10.0.0.0/16", Zones::first(2), nat)
///     .tier(Tier::public("Public"))
///     .tier(Tier::private("App"))
///     .build(&mut stack, "Network");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NatInstance {
    instance_type: String,
    image: String,
}

impl NatInstance {
    /// An instance of a type with Graviton processors (`t4g.nano`).
    pub fn arm64(instance_type: impl Into<String>) -> Self {
        Self { instance_type: instance_type.into(), image: format!("{IMAGE}arm64") }
    }

    /// An instance of a type with Intel or AMD processors (`t3.nano`).
    pub fn x86_64(instance_type: impl Into<String>) -> Self {
        Self { instance_type: instance_type.into(), image: format!("{IMAGE}x86_64") }
    }

    /// Starts from the image whose id an SSM parameter holds. It is set up as Amazon Linux 2023 is, with
    /// `dnf` and the helper scripts of CloudFormation in `/opt/aws/bin`. A parameter of one's own says when
    /// the instance is replaced.
    pub fn image_from_ssm(mut self, parameter: impl Into<String>) -> Self {
        self.image = parameter.into();
        self
    }
}

/// What routes to the internet lead to.
pub(super) enum Nat {
    Gateway(Handle<ec2::NatGateway>),
    Instance(Handle<ec2::Instance>),
}

impl Nat {
    /// The route with its target.
    pub(super) fn aim(&self, route: ec2::Route) -> ec2::Route {
        match self {
            Self::Gateway(gateway) => route.nat_gateway_id(gateway),
            Self::Instance(instance) => route.instance_id(instance),
        }
    }
}

impl Building<'_> {
    /// Adds what the policy says to the first public tier; without one that is reported.
    pub(super) fn add_nat(&mut self, policy: &NatPolicy, addresses: &[Expr<ids::ec2::EipAllocationId>]) {
        let Some(public) = self.first_public().cloned() else { return };
        let (count, instance) = match policy {
            NatPolicy::None => return,
            NatPolicy::One => (1, None),
            NatPolicy::OnePerZone => (public.subnets.len(), None),
            NatPolicy::OneInstance(instance) => (1, Some(instance)),
            NatPolicy::InstancePerZone(instance) => (public.subnets.len(), Some(instance)),
        };
        let router = instance.map(|instance| self.router(instance));
        let places = public.subnets.iter().take(count).enumerate();
        let all = places.map(|(position, subnet)| {
            let own = addresses.get(position);
            match &router {
                Some(router) => Nat::Instance(self.nat_instance(subnet, &public.routes, router, own)),
                None => Nat::Gateway(self.nat_gateway(subnet, &public.routes, own)),
            }
        });
        let all = all.collect();
        self.set_nat(all);
    }

    fn nat_gateway(
        &mut self,
        subnet: &BuiltSubnet,
        routes: &[ResourceId],
        own: Option<&Expr<ids::ec2::EipAllocationId>>,
    ) -> Handle<ec2::NatGateway> {
        let id = format!("NatGateway{}", subnet.number);
        let address = own.cloned().unwrap_or_else(|| {
            let address_id = format!("{id}Address");
            let name = name_tag(&self.scope, &address_id);
            ec2::Eip::new().domain("vpc").tags([name]).build(&mut self.scope, &address_id).allocation_id()
        });
        let name = name_tag(&self.scope, &id);
        let mut gateway =
            ec2::NatGateway::new().subnet_id(subnet.id.clone()).allocation_id(address).tags([name]);
        for route in routes {
            gateway = gateway.depends_on(*route);
        }
        gateway.build(&mut self.scope, &id)
    }

    fn nat_instance(
        &mut self,
        subnet: &BuiltSubnet,
        routes: &[ResourceId],
        router: &Router,
        own: Option<&Expr<ids::ec2::EipAllocationId>>,
    ) -> Handle<ec2::Instance> {
        let id = format!("NatInstance{}", subnet.number);
        let interface = NetworkInterface::new("0")
            .subnet_id(subnet.id.clone())
            .group_set([router.group.clone()])
            // It needs the internet before its Elastic IP can be put on it.
            .associate_public_ip_address(true)
            .delete_on_termination(true);
        let name = name_tag(&self.scope, &id);
        let mut instance = ec2::Instance::new()
            .image_id(router.image.clone())
            .instance_type(router.instance_type.as_str())
            .network_interfaces([interface])
            .source_dest_check(false)
            .metadata_options(MetadataOptions::new().http_tokens("required"))
            .user_data(base64(script(format!("{}{id}", self.scope.path()))))
            .creation_policy(CreationPolicy::signals(1, START))
            .tags([name]);
        for route in routes {
            instance = instance.depends_on(*route);
        }
        let instance = instance.build(&mut self.scope, &id);
        let address_id = format!("{id}Address");
        if let Some(own) = own {
            ec2::EipAssociation::new()
                .allocation_id(own.clone())
                .instance_id(&instance)
                .build(&mut self.scope, &address_id);
        } else {
            let name = name_tag(&self.scope, &address_id);
            ec2::Eip::new()
                .domain("vpc")
                .instance_id(&instance)
                .tags([name])
                .build(&mut self.scope, &address_id);
        }
        instance
    }

    /// What all NAT instances have in common.
    fn router(&mut self, instance: &NatInstance) -> Router {
        let mut group = SecurityGroup::new(&self.vpc, "NAT instances", Outbound::Anywhere);
        for range in self.ranges() {
            group = group.allow(Peer::ipv4(range.to_string()), Port::ALL, "the network");
        }
        let group = group.build(&mut self.scope, "NatInstance");
        let image = Parameter::image_from_ssm(instance.image.as_str());
        Router {
            group: Expr::from(&group),
            image: self.scope.parameter("NatInstanceImage", image).value(),
            instance_type: instance.instance_type.clone(),
        }
    }
}

struct Router {
    group: Expr<ids::ec2::SecurityGroupId>,
    image: Expr<String>,
    instance_type: String,
}

/// What makes a router of an instance, as EC2's guide has it. How that went is told to CloudFormation, so
/// that routes and the address come to an instance that routes already.
fn script(logical_id: String) -> Expr<String> {
    sub!(
        "#!/bin/bash
trap '/opt/aws/bin/cfn-signal --exit-code $? --stack {stack} --resource {resource} --region {region}' EXIT
set -euo pipefail
dnf install -y iptables-services
systemctl enable --now iptables
echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-nat.conf
sysctl -p /etc/sysctl.d/90-nat.conf
interface=$(ip -o -4 route show default | awk 'NR == 1 {{ print $5 }}')
iptables -t nat -A POSTROUTING -o \"$interface\" -j MASQUERADE
iptables -F FORWARD
iptables-save > /etc/sysconfig/iptables
",
        stack = pseudo::stack_name(),
        resource = logical_id,
        region = pseudo::region(),
    )
}
