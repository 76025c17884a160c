//! [`ExposureChange`]: what opens to the network or the public, and what loses its encryption.

mod encryption;
mod network;
mod public;

use formwork_template::Source;
use serde::Serialize;

use crate::{
    evaluate::Environment,
    resources::{Compared, Resources},
    side::Side,
};

/// What kind of exposure changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExposureKind {
    /// A security group lets traffic in.
    Ingress,
    /// A security group lets traffic out.
    Egress,
    /// Something is open to the public.
    Public,
    /// Something is not encrypted.
    Encryption,
}

/// Something that opens or closes.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the JSON form")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExposureChange {
    /// The resource that it is about.
    pub logical_id: String,
    /// What kind of exposure it is.
    pub kind: ExposureKind,
    /// What changes, in words.
    pub text: String,
    /// Whether it opens; else it closes.
    pub opened: bool,
    /// Whether more is exposed than before, or it cannot be ruled out.
    pub broadening: bool,
    /// Whether that is certain. It is not when it depends on a value that is not known.
    pub certain: bool,
    /// Whether it is open to everyone.
    pub world: bool,
    /// The line of Rust behind the resource.
    pub source: Option<Source>,
}

/// What changes in exposure.
pub(crate) fn changes<'a>(
    compared: &[Compared<'a>],
    old: (&Resources<'a>, &Environment<'_>, &Side<'_>),
    new: (&Resources<'a>, &Environment<'_>, &Side<'_>),
) -> Vec<ExposureChange> {
    let mut found = Vec::new();
    if compared.iter().any(|resource| !resource.is_unchanged() && network::is_about(resource.resource_type()))
    {
        found.extend(network::changes(compared, (old.0, old.1), (new.0, new.1)));
    }
    for resource in compared.iter().filter(|resource| !resource.is_unchanged()) {
        let (before, after) = (resource.old_properties(old.1), resource.new_properties(new.1));
        found.extend(public::changes(resource, before, after));
        found.extend(encryption::changes(resource, before, after));
    }
    for change in &mut found {
        let id = change.logical_id.as_str();
        change.source = new.2.sources.get(id).or_else(|| old.2.sources.get(id)).cloned();
    }
    found.sort_by_key(|change| (!change.broadening, !change.opened));
    found
}
