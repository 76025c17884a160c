//! [`TransitGatewayAttachment`]: a network at a transit gateway.

use formwork_cfn::{
    ec2,
    ec2::transit_gateway_attachment::{Options, OptionsApplianceModeSupport},
    ids,
};
use formwork_core::{Build, Expr, Handle, Scope};

use super::{RouteTarget, Subnets, VpcHandle, name_tag};

/// A network attached to a transit gateway, which joins many networks.
///
/// The attachment goes where a route's target does: [`Subnets::route`].
///
/// See [transit gateway attachments](https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html).
///
/// ```
/// use formwork_aws::vpc::{NatPolicy, Tier, TransitGatewayAttachment, Vpc, Zones};
/// use formwork_core::{App, id};
///
/// let mut app = App::new();
/// let mut stack = app.stack("network");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(2), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let hub = TransitGatewayAttachment::new(&vpc, id("tgw-0a1b2c3d4e5f60718"), &vpc.isolated())
///     .build(&mut stack, "Hub");
/// vpc.isolated().route(&mut stack, "10.0.0.0/8", &hub);
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an attachment is added to a stack by `build`"]
pub struct TransitGatewayAttachment {
    vpc: VpcHandle,
    gateway: Expr<ids::ec2::TransitGatewayId>,
    subnets: Subnets,
    appliance: bool,
}

impl TransitGatewayAttachment {
    /// An attachment of a network, by one of these subnets in each zone.
    pub fn new(
        vpc: &VpcHandle,
        gateway: impl Into<Expr<ids::ec2::TransitGatewayId>>,
        subnets: &Subnets,
    ) -> Self {
        let (vpc, subnets) = (vpc.clone(), subnets.one_in_each_zone());
        Self { vpc, gateway: gateway.into(), subnets, appliance: false }
    }

    /// Sends both ways of a connection by the same zone, for a network of firewalls.
    pub fn appliance_mode(mut self) -> Self {
        self.appliance = true;
        self
    }

    /// Adds the attachment to a stack.
    ///
    /// Findings: no subnets (`FW0403`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> TransitGatewayAttachmentHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the attachment", &mut scope);
        let tag = name_tag(&scope, "");
        let mut attachment =
            ec2::TransitGatewayAttachment::new(self.gateway.clone(), &self.vpc, self.subnets.ids())
                .tags([tag]);
        if self.appliance {
            let options = Options::new().appliance_mode_support(OptionsApplianceModeSupport::ENABLE);
            attachment = attachment.options(options);
        }
        let attachment = attachment.build(&mut scope, "Attachment");
        TransitGatewayAttachmentHandle { attachment, gateway: self.gateway }
    }
}

/// A [`TransitGatewayAttachment`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct TransitGatewayAttachmentHandle {
    attachment: Handle<ec2::TransitGatewayAttachment>,
    gateway: Expr<ids::ec2::TransitGatewayId>,
}

impl TransitGatewayAttachmentHandle {
    /// The attachment itself.
    pub const fn attachment(&self) -> &Handle<ec2::TransitGatewayAttachment> {
        &self.attachment
    }
}

impl From<&TransitGatewayAttachmentHandle> for RouteTarget {
    fn from(handle: &TransitGatewayAttachmentHandle) -> Self {
        Self::transit_gateway(handle.gateway.clone()).after(&handle.attachment)
    }
}
