//! [`Live`]: what may change though nothing is written differently.

use std::collections::BTreeMap;

use formwork_template::{
    Value,
    intrinsic::{self, Reference},
};
use serde::Serialize;

use crate::{
    evaluate::{is_looked_up, section},
    resources::Compared,
    side::Side,
};

/// Why something may change though nothing is written differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveKind {
    /// The service looks up the value of a parameter in SSM.
    SsmParameter,
    /// The service reads the template of a nested stack again.
    NestedStack,
}

/// Something that the service looks up when it deploys, and that may be another than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Live {
    /// What it looks up.
    pub kind: LiveKind,
    /// The parameter, or the nested stack's logical id.
    pub name: String,
    /// Resources that may change with it.
    pub resources: Vec<String>,
}

/// Finds what resources that stay take from the live state, the same on both sides.
pub(crate) fn find(compared: &[Compared<'_>], old: &Side<'_>, new: &Side<'_>) -> Vec<Live> {
    let looked_up = |side: &Side<'_>, name: &str| -> Option<String> {
        let declaration = side.template.section("Parameters")?.get(name)?;
        let default = || declaration.get("Default").and_then(Value::as_str).map(str::to_owned);
        is_looked_up(declaration)
            .then(|| side.parameters.get(name).cloned().or_else(default).unwrap_or_default())
    };
    let names = section(new.template, "Parameters").map(|(name, _)| name);
    let mut users: BTreeMap<&str, Vec<String>> = names
        .filter(|name| looked_up(new, name).is_some() && looked_up(old, name) == looked_up(new, name))
        .map(|name| (name, Vec::new()))
        .collect();
    let mut found = Vec::new();
    for resource in compared.iter().filter(|resource| resource.stays()) {
        if resource.resource_type() == "AWS::CloudFormation::Stack" && resource.is_unchanged() {
            found.push(Live {
                kind: LiveKind::NestedStack,
                name: resource.logical_id.to_owned(),
                resources: vec![resource.logical_id.to_owned()],
            });
        }
        let properties = resource.new.and_then(|new| new.view.attributes.get("Properties"));
        let (Some(properties), false) = (properties, users.is_empty()) else { continue };
        intrinsic::references(properties, &mut |reference| {
            if let Reference::Name(name) = reference
                && let Some(users) = users.get_mut(name)
                && users.last().is_none_or(|last| last != resource.logical_id)
            {
                users.push(resource.logical_id.to_owned());
            }
        });
    }
    let used = users.into_iter().filter(|(_, resources)| !resources.is_empty());
    found.extend(used.map(|(name, resources)| Live {
        kind: LiveKind::SsmParameter,
        name: name.to_owned(),
        resources,
    }));
    found
}
