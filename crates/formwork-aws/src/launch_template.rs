//! [`LaunchTemplate`]: how instances are made.

use formwork_cfn::{
    ec2,
    ec2::launch_template::{
        BlockDeviceMapping, Ebs, IamInstanceProfile, LaunchTemplateData, MetadataOptions, Monitoring,
    },
    iam, ids,
};
use formwork_core::{Build, Expr, Finding, Handle, Scope};

use crate::{iam::RoleHandle, image::Image, security_group::SecurityGroupHandle, user_data::UserData};

/// How instances are made: from which image, of which type, with which access.
///
/// The metadata service answers version 2 requests alone (IMDSv2), which a request forged from
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
    instance_type: Expr<String>,
    security_groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
    user_data: Option<UserData>,
    root_volume: Option<Volume>,
    key_pair: Option<Expr<ids::ec2::KeyPairKeyName>>,
    detailed_monitoring: bool,
    metadata_hops: i64,
}

/// A volume of an instance. It is encrypted, and deleted with the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Volume {
    gibibytes: u32,
}

impl Volume {
    /// General purpose, with 3,000 operations and 125 MiB a second: 1 to 65,536 GiB.
    pub const fn gp3(gibibytes: u32) -> Self {
        Self { gibibytes }
    }
}

/// The sizes of a gp3 volume in GiB.
const GP3_SIZES: std::ops::RangeInclusive<u32> = 1..=65_536;

impl LaunchTemplate {
    /// A template for instances of a type (`t4g.small`) from an image of the same architecture.
    pub fn new(image: Image, instance_type: impl Into<Expr<String>>) -> Self {
        Self {
            image,
            instance_type: instance_type.into(),
            security_groups: Vec::new(),
            role: None,
            user_data: None,
            root_volume: None,
            key_pair: None,
            detailed_monitoring: false,
            metadata_hops: 1,
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
    /// Findings: user data that cannot be rendered (`FW0422`), a volume of no possible size
    /// (`FW0423`).
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> LaunchTemplateHandle {
        let mut scope = scope.construct(id);
        let root_device = self.image.root_device;
        let mut data = LaunchTemplateData::new()
            .image_id(self.image.resolve(&mut scope))
            .instance_type(self.instance_type)
            .metadata_options(
                MetadataOptions::new()
                    .http_tokens("required")
                    .http_put_response_hop_limit(self.metadata_hops),
            );
        if let Some(role) = &self.role {
            let profile = iam::InstanceProfile::new([role]).build(&mut scope, "InstanceProfile");
            data = data.iam_instance_profile(IamInstanceProfile::new().arn(&profile));
        }
        if !self.security_groups.is_empty() {
            data = data.security_group_ids(Expr::list(&self.security_groups));
        }
        if let Some(user_data) = self.user_data {
            data = data.user_data(user_data.encode(&mut scope));
        }
        if let Some(volume) = self.root_volume {
            if !GP3_SIZES.contains(&volume.gibibytes) {
                let message = format!("a volume of {} GiB cannot be", volume.gibibytes);
                let hint = format!("a gp3 volume has {} to {} GiB", GP3_SIZES.start(), GP3_SIZES.end());
                scope.report(Finding::error("FW0423", message).hint(hint));
            }
            let ebs = Ebs::new()
                .volume_type("gp3")
                .volume_size(volume.gibibytes)
                .encrypted(true)
                .delete_on_termination(true);
            data = data.block_device_mappings([BlockDeviceMapping::new().device_name(root_device).ebs(ebs)]);
        }
        if let Some(key_pair) = self.key_pair {
            data = data.key_name(key_pair);
        }
        if self.detailed_monitoring {
            data = data.monitoring(Monitoring::new().enabled(true));
        }
        let template = ec2::LaunchTemplate::new(data).build(&mut scope, "LaunchTemplate");
        LaunchTemplateHandle { template, security_groups: self.security_groups, role: self.role }
    }
}

/// A [`LaunchTemplate`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct LaunchTemplateHandle {
    template: Handle<ec2::LaunchTemplate>,
    security_groups: Vec<SecurityGroupHandle>,
    role: Option<RoleHandle>,
}

impl LaunchTemplateHandle {
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
