//! How a value crosses from one stack of an app to another.

use serde::{Deserialize, Serialize};

use crate::handle::ResourceId;

/// How a value of one stack reaches another stack that uses its handle.
///
/// The author chooses for the app ([`App::carry_by`](crate::App::carry_by)), for a pair of stacks
/// ([`Stack::carry_from`](crate::Stack::carry_from)) or for one resource
/// ([`Stack::carry`](crate::Stack::carry)); the nearest choice holds. Whatever the choice, the
/// stack that uses a value is deployed after the one that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// An export and `Fn::ImportValue`. CloudFormation refuses to change or delete the value
    /// while another stack imports it. Only within one account and region.
    #[default]
    Export,
    /// An SSM parameter that the one stack writes and the other reads when it is deployed. Either
    /// can change on its own. Only within one account and region.
    SsmParameter,
    /// A parameter of the using stack, which the deployer fills from an output of the other one.
    /// Works across accounts and regions.
    Parameter,
}

impl Via {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Export => "an export",
            Self::SsmParameter => "an SSM parameter",
            Self::Parameter => "a parameter",
        }
    }
}

/// A choice for one resource or one stack of origin.
pub(crate) struct EdgeRule {
    pub(crate) from: Origin,
    pub(crate) via: Via,
}

#[derive(PartialEq, Eq, Clone, Copy)]
pub(crate) enum Origin {
    Stack(u32),
    Resource(ResourceId),
}
