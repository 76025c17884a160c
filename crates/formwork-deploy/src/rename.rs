//! [`Rename`]: a resource that gets another logical id, and stays what it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use formwork_template::{MOVED_FROM, Template};
use serde::Serialize;

/// A resource that gets another logical id, and stays what it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Rename {
    /// The logical id in the stack.
    pub from: String,
    /// The logical id in the template.
    pub to: String,
    /// The resource type.
    pub resource_type: String,
}

impl fmt::Display for Rename {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} to {}", self.from, self.to)
    }
}

/// Whether any resource says that it had another logical id before.
pub(crate) fn are_written(template: &Template) -> bool {
    template.resources().any(|resource| moved_from(&resource).is_some())
}

fn moved_from<'a>(resource: &formwork_template::ResourceView<'a>) -> Option<&'a str> {
    resource.attributes.get("Metadata")?.at(MOVED_FROM)?.as_str()
}

/// What has to be renamed in a stack, by what the new template says, and what cannot be.
///
/// Once it is deployed so, there is nothing to rename any more, though the template goes on to say it.
pub(crate) fn pending(deployed: &Template, new: &Template) -> (Vec<Rename>, Vec<String>) {
    let ids = |template: &Template| -> BTreeMap<String, String> {
        let of = |resource: formwork_template::ResourceView<'_>| {
            let kind = resource.resource_type().unwrap_or_default().to_owned();
            (resource.logical_id.to_owned(), kind)
        };
        template.resources().map(of).collect()
    };
    let (before, after) = (ids(deployed), ids(new));
    let (mut renames, mut impossible) = (Vec::<Rename>::new(), Vec::new());
    let mut taken = BTreeSet::new();
    for resource in new.resources() {
        let to = resource.logical_id;
        let Some(from) = moved_from(&resource) else { continue };
        let (Some(old), Some(kind)) = (before.get(from), after.get(to)) else { continue };
        if before.contains_key(to) || after.contains_key(from) {
            continue;
        }
        if old != kind {
            impossible.push(format!("{from} is {old}, and {to} is {kind}"));
        } else if taken.insert(from) {
            renames.push(Rename { from: from.to_owned(), to: to.to_owned(), resource_type: kind.clone() });
        } else {
            impossible.push(format!("{to} is not the only one that was {from}"));
        }
    }
    (renames, impossible)
}

/// The template of a stack in which nothing but these logical ids changes.
pub(crate) fn renamed(deployed: &Template, renames: &[Rename]) -> Template {
    let names = renames.iter().map(|rename| (rename.from.as_str(), rename.to.as_str())).collect();
    formwork_template::rename(deployed, &names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_and_not_done_is_pending() {
        let template = |resources: &[(&str, &str, &str)]| {
            let resources: Vec<String> = resources
                .iter()
                .map(|(id, kind, from)| {
                    format!(
                        r#""{id}":{{"Type":"{kind}","Metadata":{{"formwork":{{"moved_from":"{from}"}}}}}}"#
                    )
                })
                .collect();
            Template::from_json(&format!(r#"{{"Resources":{{{}}}}}"#, resources.join(","))).unwrap()
        };
        let deployed = template(&[
            ("Old", "T", "Older"),
            ("Stays", "T", ""),
            ("Done", "T", "Before"),
            ("Other", "U", ""),
        ]);
        let new = template(&[
            ("New", "T", "Old"),
            ("Newer", "T", "Old"),
            ("Stays", "T", "Stays"),
            ("Copy", "T", "Stays"),
            ("Done", "T", "Before"),
            ("Fresh", "T", "Nowhere"),
            ("Retyped", "T", "Other"),
        ]);
        assert!(are_written(&new));
        let (renames, impossible) = pending(&deployed, &new);
        let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
        assert_eq!(renames, ["Old to New"]);
        assert_eq!(impossible, ["Newer is not the only one that was Old", "Other is U, and Retyped is T"]);
    }
}
