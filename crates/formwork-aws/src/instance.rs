//! [`Instance`]: one machine.

use formwork_cfn::{
    ec2,
    ec2::instance::{LaunchTemplateSpecification, NetworkInterface},
    ids,
};
use formwork_core::{Build, Expr, Handle, Scope};

use crate::{
    iam::RoleHandle, launch_template::LaunchTemplateHandle, security_group::SecurityGroupHandle, vpc::Subnets,
};

/// One machine, made as a launch template says. When it fails nobody makes another: a fleet of one
/// ([`AutoScalingGroup`](crate::auto_scaling::AutoScalingGroup)) does that.
///
/// See [`AWS::EC2::Instance`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html).
///
/// ```
/// use formwork_aws::{image::{Architecture, Image}, instance::Instance, launch_template::LaunchTemplate};
/// use formwork_aws::vpc::{NatPolicy, Tier, Vpc, Zones};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("builds");
/// let vpc = Vpc::new("10.0.0.0/16", Zones::first(1), NatPolicy::None)
///     .tier(Tier::isolated("App"))
///     .build(&mut stack, "Network");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
///     .build(&mut stack, "Server");
/// let server = Instance::new(&template, &vpc.isolated()).termination_protection().build(&mut stack, "One");
/// stack.output("Address", server.private_address());
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an instance is added to a stack by `build`"]
pub struct Instance {
    template: LaunchTemplateHandle,
    subnets: Subnets,
    private_address: Option<String>,
    protected: bool,
    source_check: bool,
}

impl Instance {
    /// An instance in the first of these subnets.
    pub fn new(template: &LaunchTemplateHandle, subnets: &Subnets) -> Self {
        Self {
            template: template.clone(),
            subnets: subnets.clone(),
            private_address: None,
            protected: false,
            source_check: true,
        }
    }

    /// Has this address of the subnet.
    pub fn at(mut self, private_address: impl Into<String>) -> Self {
        self.private_address = Some(private_address.into());
        self
    }

    /// Refuses to be terminated until this is turned off.
    pub fn termination_protection(mut self) -> Self {
        self.protected = true;
        self
    }

    /// Takes packets that are not for itself: for routers and the like.
    pub fn forwards_packets(mut self) -> Self {
        self.source_check = false;
        self
    }

    /// Adds the instance to a stack.
    ///
    /// Findings: no subnets (`FW0403`), no address left (`FW0441`), a network interface that cannot be
    /// (`FW0429`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> InstanceHandle {
        let mut scope = scope.construct(id);
        self.subnets.require(1, "the instance", &mut scope);
        let interfaces = 1 + self.template.network_interfaces().len();
        self.subnets.require_addresses(interfaces as u64, "the instance", &mut scope);
        let launch = LaunchTemplateSpecification::new(self.template.template().latest_version_number())
            .launch_template_id(&self.template);
        let mut instance = ec2::Instance::new().launch_template(launch);
        if let Some(subnet) = self.subnets.iter().next().cloned() {
            let further = self.template.network_interfaces();
            instance = if self.template.public_address() || !further.is_empty() {
                // The interfaces of the template have to be said again, with their subnet.
                let groups = self.template.security_groups();
                let mut first =
                    NetworkInterface::new("0").subnet_id(subnet.clone()).delete_on_termination(true);
                if self.template.public_address() {
                    first = first.associate_public_ip_address(true);
                }
                if !groups.is_empty() {
                    first = first.group_set(Expr::list(groups));
                }
                if let Some(address) = self.private_address {
                    first = first.private_ip_address(address);
                }
                let mut all = vec![first];
                for (place, interface) in (1..).zip(further) {
                    all.push(interface.in_instance(place, &subnet, groups, &mut scope));
                }
                instance.network_interfaces(Expr::list(all))
            } else {
                let instance = instance.subnet_id(subnet);
                match self.private_address {
                    Some(address) => instance.private_ip_address(address),
                    None => instance,
                }
            };
        }
        if self.protected {
            instance = instance.disable_api_termination(true);
        }
        if !self.source_check {
            instance = instance.source_dest_check(false);
        }
        for route in self.subnets.routes() {
            instance = instance.depends_on(*route);
        }
        InstanceHandle { instance: instance.build(&mut scope, "Instance"), template: self.template }
    }
}

/// An [`Instance`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct InstanceHandle {
    instance: Handle<ec2::Instance>,
    template: LaunchTemplateHandle,
}

impl InstanceHandle {
    /// The instance itself.
    pub const fn instance(&self) -> &Handle<ec2::Instance> {
        &self.instance
    }

    /// The address in its subnet.
    pub fn private_address(&self) -> Expr<String> {
        self.instance.private_ip()
    }

    /// The zone that it stands in.
    pub fn zone(&self) -> Expr<String> {
        self.instance.availability_zone()
    }

    /// The role that it acts in, if there is one.
    pub const fn role(&self) -> Option<&RoleHandle> {
        self.template.role()
    }

    /// The security groups that it is in.
    pub fn security_groups(&self) -> &[SecurityGroupHandle] {
        self.template.security_groups()
    }

    /// A port of it, for a load balancer.
    #[cfg(feature = "load-balancing")]
    pub fn port(&self, port: u16) -> crate::load_balancer::Instances {
        let target = crate::load_balancer::Instances::new(port, [&self.instance]);
        self.security_groups().iter().fold(target, crate::load_balancer::Instances::security_group)
    }
}

impl From<&InstanceHandle> for Expr<ids::ec2::InstanceId> {
    fn from(handle: &InstanceHandle) -> Self {
        Self::from(&handle.instance)
    }
}
