//! [`ElasticIp`]: a public address that stays.

use formwork_cfn::{ec2, ids};
use formwork_core::{Build, Expr, Handle, Scope};

use crate::instance::InstanceHandle;

/// A public address that stays, whatever has it. It costs money for every hour, in use or not.
///
/// See [`AWS::EC2::EIP`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-eip.html).
///
/// ```
/// use formwork_aws::{elastic_ip::ElasticIp, image::{Architecture, Image}, instance::Instance};
/// use formwork_aws::{launch_template::LaunchTemplate, vpc::{NatPolicy, Tier, Vpc, Zones}};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("mail");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::public("Public"))
///     .build(&mut stack, "Network");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
///     .build(&mut stack, "Server");
/// let server = Instance::new(&template, &vpc.public()).build(&mut stack, "One");
/// let address = ElasticIp::new().of(&server).build(&mut stack, "Mail");
/// stack.output("Address", address.public_ip());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "an address is added to a stack by `build`"]
pub struct ElasticIp {
    instance: Option<Expr<ids::ec2::InstanceId>>,
}

impl ElasticIp {
    /// An address for whatever takes it: a gateway, a load balancer.
    pub fn new() -> Self {
        Self::default()
    }

    /// The address of an instance.
    pub fn of(mut self, instance: &InstanceHandle) -> Self {
        self.instance = Some(instance.into());
        self
    }

    /// Adds the address to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> Handle<ec2::Eip> {
        let mut scope = scope.construct(id);
        let address = ec2::Eip::new().domain("vpc").build(&mut scope, "Address");
        if let Some(instance) = self.instance {
            ec2::EipAssociation::new()
                .allocation_id(address.allocation_id())
                .instance_id(instance)
                .build(&mut scope, "Association");
        }
        address
    }
}
