//! [`InstanceType`]: families and sizes of instances, as types.

use std::fmt;

use formwork_core::{Expr, Finding, Scope};

use crate::architecture::Architecture;

/// A type of instances, by its family and its size. Wherever one is wanted, its name (`t4g.small`) is
/// as good, for what is newer than this list.
///
/// See [instance types](https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html).
///
/// ```
/// use formwork_aws::{image::{Architecture, Image}, instance_type::{Family, InstanceType, Size}};
/// use formwork_aws::launch_template::LaunchTemplate;
///
/// let small = InstanceType::new(Family::T4g, Size::Small);
/// assert_eq!(small.to_string(), "t4g.small");
/// let template = LaunchTemplate::new(Image::amazon_linux_2023(small.architecture()), small);
/// # let _ = (template, Architecture::Arm64);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstanceType {
    family: Family,
    size: Size,
}

impl InstanceType {
    /// A size of a family. Not every family has every size.
    pub const fn new(family: Family, size: Size) -> Self {
        Self { family, size }
    }

    /// The processor that it has.
    pub const fn architecture(self) -> Architecture {
        self.family.architecture()
    }
}

impl fmt::Display for InstanceType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.family.name(), self.size.name())
    }
}

impl From<InstanceType> for Expr<String> {
    fn from(kind: InstanceType) -> Self {
        Self::from(kind.to_string())
    }
}

macro_rules! families {
    ($($family:ident $name:literal $architecture:ident;)*) => {
        /// A family of instance types.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Family {
            $(#[doc = concat!("`", $name, "`.")] $family,)*
        }

        impl Family {
            const ALL: &'static [Self] = &[$(Self::$family),*];

            /// As EC2 writes it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$family => $name,)*
                }
            }

            /// The processor that its instances have.
            pub const fn architecture(self) -> Architecture {
                match self {
                    $(Self::$family => Architecture::$architecture,)*
                }
            }
        }
    };
}

families! {
    T2 "t2" X86_64; T3 "t3" X86_64; T3a "t3a" X86_64; T4g "t4g" Arm64;
    M5 "m5" X86_64; M5a "m5a" X86_64; M6a "m6a" X86_64; M6i "m6i" X86_64; M6g "m6g" Arm64; M6gd "m6gd" Arm64;
    M7a "m7a" X86_64; M7i "m7i" X86_64; M7iFlex "m7i-flex" X86_64; M7g "m7g" Arm64; M7gd "m7gd" Arm64;
    M8g "m8g" Arm64; M8gd "m8gd" Arm64; M8i "m8i" X86_64; M8a "m8a" X86_64;
    C5 "c5" X86_64; C5a "c5a" X86_64; C6a "c6a" X86_64; C6i "c6i" X86_64; C6in "c6in" X86_64; C6g "c6g" Arm64;
    C6gn "c6gn" Arm64; C7a "c7a" X86_64; C7i "c7i" X86_64; C7iFlex "c7i-flex" X86_64; C7g "c7g" Arm64;
    C7gd "c7gd" Arm64; C7gn "c7gn" Arm64; C8g "c8g" Arm64; C8gn "c8gn" Arm64; C8i "c8i" X86_64; C8a "c8a" X86_64;
    R5 "r5" X86_64; R5a "r5a" X86_64; R6a "r6a" X86_64; R6i "r6i" X86_64; R6g "r6g" Arm64; R6gd "r6gd" Arm64;
    R7a "r7a" X86_64; R7i "r7i" X86_64; R7iz "r7iz" X86_64; R7g "r7g" Arm64; R7gd "r7gd" Arm64; R8g "r8g" Arm64;
    R8i "r8i" X86_64; X2gd "x2gd" Arm64; X2idn "x2idn" X86_64; X2iedn "x2iedn" X86_64; X8g "x8g" Arm64;
    I3en "i3en" X86_64; I4i "i4i" X86_64; I4g "i4g" Arm64; I7i "i7i" X86_64; I8g "i8g" Arm64; Im4gn "im4gn" Arm64;
    D3 "d3" X86_64; H1 "h1" X86_64; Hpc7a "hpc7a" X86_64; Hpc7g "hpc7g" Arm64;
    G4dn "g4dn" X86_64; G5 "g5" X86_64; G5g "g5g" Arm64; G6 "g6" X86_64; G6e "g6e" X86_64;
    P4d "p4d" X86_64; P5 "p5" X86_64; Inf2 "inf2" X86_64; Trn1 "trn1" X86_64; Trn2 "trn2" X86_64;
}

macro_rules! sizes {
    ($($size:ident $name:literal)*) => {
        /// A size of instances.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Size {
            $(#[doc = concat!("`", $name, "`.")] $size,)*
        }

        impl Size {
            /// As EC2 writes it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$size => $name,)*
                }
            }
        }
    };
}

sizes! {
    Nano "nano" Micro "micro" Small "small" Medium "medium" Large "large" Xlarge "xlarge" Xlarge2 "2xlarge"
    Xlarge3 "3xlarge" Xlarge4 "4xlarge" Xlarge6 "6xlarge" Xlarge8 "8xlarge" Xlarge9 "9xlarge"
    Xlarge10 "10xlarge" Xlarge12 "12xlarge" Xlarge16 "16xlarge" Xlarge18 "18xlarge" Xlarge24 "24xlarge"
    Xlarge32 "32xlarge" Xlarge48 "48xlarge" Xlarge96 "96xlarge" Metal "metal"
}

/// Reports (`FW0468`) that an instance type cannot run an image.
pub(crate) fn check_architecture(kind: &Expr<String>, image: Option<Architecture>, scope: &mut Scope<'_>) {
    let (Some(name), Some(image)) = (kind.as_str(), image) else { return };
    let Some(family) = name.split('.').next() else { return };
    let Some(known) = Family::ALL.iter().find(|known| known.name() == family) else { return };
    if known.architecture() != image {
        let word = |architecture: Architecture| match architecture {
            Architecture::Arm64 => "ARM",
            Architecture::X86_64 => "x86",
        };
        let message = format!(
            "instances of type {name} have {} processors, and the image is for {}",
            word(known.architecture()),
            word(image)
        );
        let hint = "choose an image of the other architecture, or another family";
        scope.report(Finding::error("FW0468", message).hint(hint));
    }
}
