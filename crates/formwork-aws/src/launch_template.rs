//! [`LaunchTemplate`]: how instances are made.

mod network_interface;

use formwork_cfn::{
    ec2,
    ec2::launch_template::{
        BlockDeviceMapping, CreditSpecification, HibernationOptions, IamInstanceProfile,
        InstanceMarketOptions, LaunchTemplateData, MetadataOptions, Monitoring,
        NetworkInterface as Interface, Placement, SpotOptions, TagSpecification,
    },
    iam, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use crate::{
    architecture::Architecture, iam::RoleHandle, image::Image, instance_requirements::InstanceRequirements,
    instance_type::check_architecture, security_group::SecurityGroupHandle, user_data::UserData,
    vpc::name_tag,
};

pub use crate::volume::Volume;
pub use network_interface::NetworkInterface;

/// How instances are made: from which image, of which type, with which access.
///
/// Instances and their volumes get a `Name`: the stack's and the template's. The metadata service answers version 2 requests alone (IMDSv2), which a request forged from
/// inside of a web server cannot be.
///
/// See [`AWS::EC2::LaunchTemplate`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html).
///
/// ```
/// use formwork_aws::{image::{Architecture, Image}, launch_template::LaunchTemplate, user_data::UserData};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(Architecture::Arm64), "t4g.small")
///     .user_data(UserData::shell().line("dnf install -y nginx"))
///     .build(&mut stack, "Server");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a launch template is added to a stack by `build`"]
pub struct LaunchTemplate {
    image: Image,
    kind: Kind,
    security_groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
    user_data: Option<UserData>,
    root_volume: Option<Volume>,
    volumes: Vec<(&'static str, Volume)>,
    key_pair: Option<Expr<ids::ec2::KeyPairKeyName>>,
    detailed_monitoring: bool,
    metadata_hops: i64,
    spot: Option<Spot>,
    placement: PlacementChoice,
    public_address: Option<bool>,
    interfaces: Vec<NetworkInterface>,
    credits: Option<&'static str>,
    hibernates: bool,
}

/// Where instances stand, as far as it is said.
#[derive(Debug, Clone, Default)]
struct PlacementChoice {
    group: Option<Expr<ids::ec2::PlacementGroupName>>,
    dedicated: bool,
}

/// What instances are made of: a type, or what a type has to have.
#[derive(Debug, Clone)]
enum Kind {
    Type(Expr<String>),
    Requirements(InstanceRequirements),
}

/// Instances that AWS may take back within two minutes, for less money.
///
/// See [spot instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Spot {
    most: Option<String>,
    interruption: Option<&'static str>,
}

impl Spot {
    /// For what spot instances cost, and no more than on demand. When one is taken back it is
    /// terminated.
    pub fn new() -> Self {
        Self::default()
    }

    /// For so many dollars an hour at most (`0.02`). Such instances are taken back more often.
    pub fn at_most(mut self, dollars: impl Into<String>) -> Self {
        self.most = Some(dollars.into());
        self
    }

    /// Stops an instance that is taken back, and starts it again when there is capacity. Not for fleets.
    pub fn stop_when_interrupted(mut self) -> Self {
        self.interruption = Some("stop");
        self
    }

    fn into_property(self) -> InstanceMarketOptions {
        let mut options = SpotOptions::new();
        if let Some(dollars) = self.most {
            options = options.max_price(dollars);
        }
        if let Some(interruption) = self.interruption {
            options = options.instance_interruption_behavior(interruption).spot_instance_type("persistent");
        }
        InstanceMarketOptions::new().market_type("spot").spot_options(options)
    }
}

impl LaunchTemplate {
    /// A template for instances of a type (`t4g.small`, or an
    /// [`InstanceType`](crate::instance_type::InstanceType)) from an image of the same architecture.
    pub fn new(image: Image, instance_type: impl Into<Expr<String>>) -> Self {
        Self::of(image, Kind::Type(instance_type.into()))
    }

    /// A template for instances of any type that has what is asked for.
    pub fn by_requirements(image: Image, requirements: InstanceRequirements) -> Self {
        Self::of(image, Kind::Requirements(requirements))
    }

    fn of(image: Image, kind: Kind) -> Self {
        Self {
            image,
            kind,
            security_groups: Vec::new(),
            role: None,
            user_data: None,
            root_volume: None,
            volumes: Vec::new(),
            key_pair: None,
            detailed_monitoring: false,
            metadata_hops: 1,
            spot: None,
            placement: PlacementChoice::default(),
            public_address: None,
            interfaces: Vec::new(),
            credits: None,
            hibernates: false,
        }
    }

    /// Puts instances into a security group.
    pub fn security_group(mut self, group: &SecurityGroupHandle) -> Self {
        self.security_groups.push(group.clone());
        self
    }

    /// Lets instances act in a role.
    pub fn role(mut self, role: &RoleHandle) -> Self {
        self.role = Some(role.clone());
        self
    }

    /// What an instance does when it first starts.
    pub fn user_data(mut self, user_data: UserData) -> Self {
        self.user_data = Some(user_data);
        self
    }

    /// The root volume, in place of the image's own.
    pub fn root_volume(mut self, volume: Volume) -> Self {
        self.root_volume = Some(volume);
        self
    }

    /// A further volume, as a device (`/dev/sdf`).
    pub fn volume(mut self, device: &'static str, volume: Volume) -> Self {
        self.volumes.push((device, volume));
        self
    }

    /// Makes spot instances, which AWS may take back. A fleet that mixes them with others says so
    /// itself: [`MixedInstances`](crate::auto_scaling::MixedInstances).
    pub fn spot(mut self, spot: Spot) -> Self {
        self.spot = Some(spot);
        self
    }

    /// Puts instances into a placement group.
    pub fn placement(mut self, group: impl Into<Expr<ids::ec2::PlacementGroupName>>) -> Self {
        self.placement.group = Some(group.into());
        self
    }

    /// Puts instances on hardware that no other account shares, which costs money.
    pub fn dedicated_hardware(mut self) -> Self {
        self.placement.dedicated = true;
        self
    }

    /// Whether instances have a public address, in place of what the subnet says. One costs money for
    /// every hour.
    pub fn public_address(mut self, public: bool) -> Self {
        self.public_address = Some(public);
        self
    }

    /// Gives instances a network interface beside their first one.
    pub fn network_interface(mut self, interface: NetworkInterface) -> Self {
        self.interfaces.push(interface);
        self
    }

    /// Lets instances be stopped with their memory on the root volume, which has to be encrypted (those
    /// of this library are) and to have room for it. For types that can.
    ///
    /// See [hibernation](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Hibernate.html).
    pub fn hibernation(mut self) -> Self {
        self.hibernates = true;
        self
    }

    /// Lets instances that save up for bursts go on when nothing is saved, for money; else they slow
    /// down.
    pub fn unlimited_credits(mut self, unlimited: bool) -> Self {
        self.credits = Some(if unlimited { "unlimited" } else { "standard" });
        self
    }

    /// The key pair for SSH. Session Manager needs none.
    pub fn key_pair(mut self, key_pair: impl Into<Expr<ids::ec2::KeyPairKeyName>>) -> Self {
        self.key_pair = Some(key_pair.into());
        self
    }

    /// Measures every minute instead of every five, which costs money for each instance.
    pub fn detailed_monitoring(mut self) -> Self {
        self.detailed_monitoring = true;
        self
    }

    /// How far an answer of the metadata service travels: 1 unless set; containers on the
    /// instance need 2.
    pub fn metadata_hops(mut self, hops: u8) -> Self {
        self.metadata_hops = i64::from(hops);
        self
    }

    /// Adds the template to a stack, with an instance profile where it has a role.
    ///
    /// Findings: user data that cannot be rendered (`FW0422`), a volume that cannot be (`FW0423`), an
    /// instance type of another architecture than the image (`FW0468`), requirements that no type
    /// meets (`FW0469`), a network interface that cannot be (`FW0429`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LaunchTemplateHandle {
        let mut scope = scope.construct(id);
        let (root_device, architecture) = (self.image.root_device, self.image.architecture);
        let image = self.image.resolve(&mut scope);
        let mut data = LaunchTemplateData::new().image_id(image.clone());
        data = match self.kind {
            Kind::Type(name) => {
                check_architecture(&name, architecture, &mut scope);
                data.instance_type(name)
            }
            Kind::Requirements(requirements) => {
                requirements.check(&mut scope);
                data.instance_requirements(requirements.for_template())
            }
        };
        // Tags of a fleet, of an instance and of the stack go before these.
        data = data.tag_specifications(
            ["instance", "volume"]
                .map(|kind| TagSpecification::new().resource_type(kind).tags([name_tag(&scope, "")])),
        );
        data = data.metadata_options(
            MetadataOptions::new().http_tokens("required").http_put_response_hop_limit(self.metadata_hops),
        );
        if let Some(role) = &self.role {
            let profile = iam::InstanceProfile::new([role]).build(&mut scope, "InstanceProfile");
            data = data.iam_instance_profile(IamInstanceProfile::new().arn(&profile));
        }
        let groups = (!self.security_groups.is_empty()).then(|| Expr::list(&self.security_groups));
        if self.public_address.is_none() && self.interfaces.is_empty() {
            if let Some(groups) = groups {
                data = data.security_group_ids(groups);
            }
        } else {
            // Interfaces that are written down hold the groups; both together are refused.
            let mut first = Interface::new().device_index(0).delete_on_termination(true);
            if let Some(public) = self.public_address {
                first = first.associate_public_ip_address(public);
            }
            if let Some(groups) = groups {
                first = first.groups(groups);
            }
            if self.public_address == Some(true) && !self.interfaces.is_empty() {
                let message = "an instance with several network interfaces is given no public address";
                let hint = "lead it out by a NAT gateway, or leave the other interfaces out";
                scope.report(Finding::error("FW0429", message).hint(hint));
            }
            let further = (1..).zip(&self.interfaces);
            let further =
                further.map(|(place, interface)| interface.in_template(place, &self.security_groups));
            data = data.network_interfaces(Expr::list(std::iter::once(first).chain(further)));
        }
        if let Some(user_data) = self.user_data {
            data = data.user_data(user_data.encode(&mut scope));
        }
        let root = self.root_volume.map(|volume| (root_device, volume));
        let volumes: Vec<_> = root.into_iter().chain(self.volumes).collect();
        if !volumes.is_empty() {
            for (_, volume) in &volumes {
                volume.check(&mut scope);
            }
            let mappings = volumes
                .into_iter()
                .map(|(device, volume)| BlockDeviceMapping::new().device_name(device).ebs(volume.into_ebs()));
            data = data.block_device_mappings(Expr::list(mappings));
        }
        if let Some(key_pair) = self.key_pair {
            data = data.key_name(key_pair);
        }
        if self.detailed_monitoring {
            data = data.monitoring(Monitoring::new().enabled(true));
        }
        if self.hibernates {
            data = data.hibernation_options(HibernationOptions::new().configured(true));
        }
        let is_spot = self.spot.is_some();
        if let Some(spot) = self.spot {
            data = data.instance_market_options(spot.into_property());
        }
        if self.placement.group.is_some() || self.placement.dedicated {
            let mut placement = Placement::new();
            if let Some(group) = self.placement.group {
                placement = placement.group_name(group);
            }
            if self.placement.dedicated {
                placement = placement.tenancy("dedicated");
            }
            data = data.placement(placement);
        }
        if let Some(credits) = self.credits {
            data = data.credit_specification(CreditSpecification::new().cpu_credits(credits));
        }
        let template = ec2::LaunchTemplate::new(data).build(&mut scope, "LaunchTemplate");
        LaunchTemplateHandle {
            template,
            image,
            security_groups: self.security_groups,
            role: self.role,
            architecture,
            public_address: self.public_address == Some(true),
            interfaces: self.interfaces,
            hibernates: self.hibernates,
            is_spot,
        }
    }
}

/// A [`LaunchTemplate`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LaunchTemplateHandle {
    template: Handle<ec2::LaunchTemplate>,
    image: Expr<String>,
    security_groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
    architecture: Option<Architecture>,
    public_address: bool,
    interfaces: Vec<NetworkInterface>,
    hibernates: bool,
    is_spot: bool,
}

impl LaunchTemplateHandle {
    /// The image that instances start from.
    pub(crate) const fn image(&self) -> &Expr<String> {
        &self.image
    }

    /// The processor that its image is for, if that is known.
    pub(crate) const fn architecture(&self) -> Option<Architecture> {
        self.architecture
    }

    /// Whether instances have a public address by it.
    pub(crate) const fn public_address(&self) -> bool {
        self.public_address
    }

    /// The network interfaces beside the first one.
    pub(crate) fn network_interfaces(&self) -> &[NetworkInterface] {
        &self.interfaces
    }

    /// Whether instances can be stopped with their memory.
    pub(crate) const fn hibernates(&self) -> bool {
        self.hibernates
    }

    /// Whether instances are spot instances by it.
    pub(crate) const fn is_spot(&self) -> bool {
        self.is_spot
    }

    /// The template itself.
    pub const fn template(&self) -> &Handle<ec2::LaunchTemplate> {
        &self.template
    }

    /// The security groups that instances are in.
    pub fn security_groups(&self) -> &[SecurityGroupHandle] {
        &self.security_groups
    }

    /// The role that instances act in, if there is one.
    pub const fn role(&self) -> Option<&RoleHandle> {
        self.role.as_ref()
    }
}

impl From<&LaunchTemplateHandle> for Expr<ids::ec2::LaunchTemplateId> {
    fn from(handle: &LaunchTemplateHandle) -> Self {
        Self::from(&handle.template)
    }
}
