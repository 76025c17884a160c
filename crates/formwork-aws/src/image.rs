//! [`Image`]: what an instance starts from.

use std::collections::BTreeMap;

use formwork_core::{Expr, Parameter, Scope, pseudo};

pub use crate::architecture::Architecture;

/// A machine image, and the device that its root volume is.
///
/// An image from SSM is a parameter of the stack: the newest one is looked up at every
/// deployment, and a change set shows that it has changed.
#[derive(Debug, Clone)]
#[must_use]
pub struct Image {
    source: Source,
    pub(crate) root_device: &'static str,
    pub(crate) architecture: Option<Architecture>,
}

#[derive(Debug, Clone)]
enum Source {
    Ssm(String),
    Id(Expr<String>),
    Regions(BTreeMap<String, String>),
}

impl Image {
    /// The newest Amazon Linux 2023.
    ///
    /// See [AMIs by SSM](https://docs.aws.amazon.com/linux/al2023/ug/ec2.html).
    pub fn amazon_linux_2023(architecture: Architecture) -> Self {
        let name = match architecture {
            Architecture::Arm64 => "arm64",
            Architecture::X86_64 => "x86_64",
        };
        Self::from_ssm(format!("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{name}"))
            .architecture(architecture)
    }

    /// The newest Amazon Linux 2023 with the agent that runs tasks of ECS.
    ///
    /// See [AMIs for ECS](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html).
    pub fn ecs_optimized(architecture: Architecture) -> Self {
        let name = match architecture {
            Architecture::Arm64 => "amazon-linux-2023/arm64",
            Architecture::X86_64 => "amazon-linux-2023",
        };
        Self::from_ssm(format!("/aws/service/ecs/optimized-ami/{name}/recommended/image_id"))
            .architecture(architecture)
    }

    /// The newest Ubuntu 24.04.
    ///
    /// See [Ubuntu on AWS](https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/).
    pub fn ubuntu_24_04(architecture: Architecture) -> Self {
        let name = match architecture {
            Architecture::Arm64 => "arm64",
            Architecture::X86_64 => "amd64",
        };
        let path =
            format!("/aws/service/canonical/ubuntu/server/24.04/stable/current/{name}/hvm/ebs-gp3/ami-id");
        Self::from_ssm(path).root_device("/dev/sda1").architecture(architecture)
    }

    /// The image whose id an SSM parameter holds.
    pub fn from_ssm(parameter: impl Into<String>) -> Self {
        Self::of(Source::Ssm(parameter.into()))
    }

    /// An image by its id, which is good in one region.
    pub fn id(id: impl Into<Expr<String>>) -> Self {
        Self::of(Source::Id(id.into()))
    }

    /// An image by its id in each region, as a mapping in the template.
    pub fn per_region<R: Into<String>, I: Into<String>>(ids: impl IntoIterator<Item = (R, I)>) -> Self {
        Self::of(Source::Regions(ids.into_iter().map(|(region, id)| (region.into(), id.into())).collect()))
    }

    /// The device that the root volume is: `/dev/xvda`, if this is not said.
    pub fn root_device(mut self, device: &'static str) -> Self {
        self.root_device = device;
        self
    }

    /// The processor that the image is for, so that an instance type with another one is found.
    pub fn architecture(mut self, architecture: Architecture) -> Self {
        self.architecture = Some(architecture);
        self
    }

    fn of(source: Source) -> Self {
        Self { source, root_device: "/dev/xvda", architecture: None }
    }

    /// The id, with the parameter or mapping that it needs.
    #[track_caller]
    pub(crate) fn resolve(self, scope: &mut Scope<'_>) -> Expr<String> {
        match self.source {
            Source::Ssm(parameter) => scope.parameter("Image", Parameter::image_from_ssm(parameter)).value(),
            Source::Id(id) => id,
            Source::Regions(ids) => {
                let rows = ids.into_iter().map(|(region, id)| (region, [("Image", id)]));
                scope.mapping("Images", rows).find(pseudo::region(), "Image")
            }
        }
    }
}
