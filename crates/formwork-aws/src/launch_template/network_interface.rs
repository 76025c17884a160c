//! [`NetworkInterface`]: a further way of instances into networks.

use formwork_cfn::{
    ec2::{instance, launch_template},
    ids,
};
use formwork_core::{Expr, Finding, Scope};

use crate::security_group::SecurityGroupHandle;

/// A network interface beside the first one, in the subnet of the instance unless another one is said.
/// It goes with the instance. How many there may be depends on the type.
///
/// See [elastic network interfaces](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html).
///
/// ```
/// use formwork_aws::image::{Architecture, Image};
/// use formwork_aws::launch_template::{LaunchTemplate, NetworkInterface};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("solvers");
/// LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "hpc6a.48xlarge")
///     .network_interface(NetworkInterface::elastic_fabric().description("between solvers"))
///     .build(&mut stack, "Solver");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a launch template takes it: `template.network_interface(...)`"]
pub struct NetworkInterface {
    kind: Option<&'static str>,
    card: u8,
    subnet: Option<Expr<ids::ec2::SubnetId>>,
    groups: Vec<SecurityGroupHandle>,
    private_addresses: Option<u16>,
    description: Option<String>,
}

impl NetworkInterface {
    /// An ordinary interface.
    pub const fn new() -> Self {
        Self {
            kind: None,
            card: 0,
            subnet: None,
            groups: Vec::new(),
            private_addresses: None,
            description: None,
        }
    }

    /// An Elastic Fabric Adapter, for programs that compute on many instances at once. Few types have
    /// one, and a group that reaches nowhere else
    /// ([`Outbound::Nowhere`](crate::security_group::Outbound::Nowhere)) must let all of itself through,
    /// out and in: [`allow_each_other`](SecurityGroupHandle::allow_each_other).
    pub const fn elastic_fabric() -> Self {
        let mut interface = Self::new();
        interface.kind = Some("efa");
        interface
    }

    /// Stands on this network card, for types that have several: the first one (0) unless set.
    pub const fn network_card(mut self, index: u8) -> Self {
        self.card = index;
        self
    }

    /// Stands in this subnet, of the same zone as the instance: for single instances, or fleets in one
    /// subnet.
    pub fn subnet(mut self, subnet: impl Into<Expr<ids::ec2::SubnetId>>) -> Self {
        self.subnet = Some(subnet.into());
        self
    }

    /// Has a group of its own, in place of those of the template.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.groups.push(group.clone());
        self
    }

    /// Has so many private addresses beside its first one.
    pub const fn further_addresses(mut self, count: u16) -> Self {
        self.private_addresses = Some(count);
        self
    }

    /// What it is for.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    pub(crate) const fn has_subnet(&self) -> bool {
        self.subnet.is_some()
    }

    fn groups<'a>(&'a self, others: &'a [SecurityGroupHandle]) -> &'a [SecurityGroupHandle] {
        if self.groups.is_empty() { others } else { &self.groups }
    }

    /// The first place on another card is 1, too.
    fn device_index(&self, place: u8) -> u8 {
        if self.card == 0 { place } else { 1 }
    }

    pub(super) fn in_template(
        &self,
        place: u8,
        groups: &[SecurityGroupHandle],
    ) -> launch_template::NetworkInterface {
        let mut interface = launch_template::NetworkInterface::new()
            .device_index(self.device_index(place))
            .delete_on_termination(true);
        if self.card > 0 {
            interface = interface.network_card_index(self.card);
        }
        if let Some(kind) = self.kind {
            interface = interface.interface_type(kind);
        }
        if let Some(subnet) = &self.subnet {
            interface = interface.subnet_id(subnet.clone());
        }
        let groups = self.groups(groups);
        if !groups.is_empty() {
            interface = interface.groups(Expr::list(groups));
        }
        if let Some(count) = self.private_addresses {
            interface = interface.secondary_private_ip_address_count(count);
        }
        if let Some(text) = &self.description {
            interface = interface.description(text.as_str());
        }
        interface
    }

    /// As a single instance has it, which has no word for kinds and cards.
    pub(crate) fn in_instance(
        &self,
        place: u8,
        subnet: &Expr<ids::ec2::SubnetId>,
        groups: &[SecurityGroupHandle],
        scope: &mut Scope<'_>,
    ) -> instance::NetworkInterface {
        if self.kind.is_some() || self.card > 0 {
            let message = "CloudFormation gives a single instance no Elastic Fabric Adapter and no second \
                           network card";
            let hint = "make it a fleet of one: `AutoScalingGroup::new(..., Capacity::fixed(1), ...)`";
            scope.report(Finding::error("FW0429", message).hint(hint));
        }
        let mut interface = instance::NetworkInterface::new(place.to_string())
            .subnet_id(self.subnet.clone().unwrap_or_else(|| subnet.clone()))
            .delete_on_termination(true);
        let groups = self.groups(groups);
        if !groups.is_empty() {
            interface = interface.group_set(Expr::list(groups));
        }
        if let Some(count) = self.private_addresses {
            interface = interface.secondary_private_ip_address_count(count);
        }
        if let Some(text) = &self.description {
            interface = interface.description(text.as_str());
        }
        interface
    }
}

impl Default for NetworkInterface {
    fn default() -> Self {
        Self::new()
    }
}
