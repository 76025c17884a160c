//! Reads the resource schemas, the second source.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Type names in other partitions or of no public service; they are no one's to use.
const NOT_PUBLIC: &[&str] = &["AMZN::", "AWS::GammaDilithium::"];

/// The schemas of all resource types by name, of us-east-1 where it has the type.
pub(crate) struct Schemas {
    by_type: BTreeMap<String, Value>,
}

impl Schemas {
    /// Picks one schema for each type from the package's files.
    pub(crate) fn read(files: &[(String, Vec<u8>)]) -> Result<Self> {
        let files: BTreeMap<&str, &[u8]> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect();
        let mut by_type = BTreeMap::new();
        let home = "providers/us-east-1.json";
        let others = files.keys().copied().filter(|path| path.starts_with("providers/") && *path != home);
        for provider in std::iter::once(home).chain(others) {
            let text = files.get(provider).with_context(|| format!("no {provider}"))?;
            let types: BTreeMap<String, String> = serde_json::from_slice(text)?;
            for (type_name, file) in types {
                let hidden = NOT_PUBLIC.iter().any(|prefix| type_name.starts_with(prefix));
                if hidden || by_type.contains_key(&type_name) {
                    continue;
                }
                let path = format!("resources/{file}.json");
                let text = files.get(path.as_str()).with_context(|| format!("no {path}"))?;
                by_type.insert(type_name, serde_json::from_slice(text)?);
            }
        }
        Ok(Self { by_type })
    }

    /// The schema of a type.
    pub(crate) fn get(&self, type_name: &str) -> Option<Schema<'_>> {
        self.by_type.get(type_name).and_then(Value::as_object).map(|root| Schema { root })
    }

    /// The names of all types.
    pub(crate) fn types(&self) -> impl Iterator<Item = &str> {
        self.by_type.keys().map(String::as_str)
    }
}

/// One type's schema.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'a> {
    /// The whole document.
    pub root: &'a Map<String, Value>,
}

impl<'a> Schema<'a> {
    /// What a `$ref` names, when it is in this document.
    pub(crate) fn resolve(self, reference: &str) -> Option<&'a Map<String, Value>> {
        let mut steps = reference.strip_prefix("#/")?.split('/');
        let first = self.root.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))?.as_object()
    }

    /// The schema objects that all apply at this place: itself, what it refers to, and its `allOf`.
    pub(crate) fn views(self, node: &'a Map<String, Value>) -> Vec<&'a Map<String, Value>> {
        let mut views = Vec::new();
        self.collect(node, &mut views, 0);
        views
    }

    fn collect(self, node: &'a Map<String, Value>, views: &mut Vec<&'a Map<String, Value>>, depth: u8) {
        if depth > 8 {
            return;
        }
        views.push(node);
        if let Some(target) =
            node.get("$ref").and_then(Value::as_str).and_then(|reference| self.resolve(reference))
        {
            self.collect(target, views, depth + 1);
        }
        for part in node.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            if let Some(part) = part.as_object() {
                self.collect(part, views, depth + 1);
            }
        }
    }

    /// The branches of `anyOf` and `oneOf` at this place, each with all that applies in it.
    pub(crate) fn branches(self, view: &'a Map<String, Value>) -> Vec<Vec<&'a Map<String, Value>>> {
        ["anyOf", "oneOf"]
            .iter()
            .filter_map(|keyword| view.get(*keyword)?.as_array())
            .flatten()
            .filter_map(Value::as_object)
            .map(|branch| self.views(branch))
            .collect()
    }

    /// The paths below `/properties/` that a list of pointers names, sorted, such as `createOnlyProperties`.
    pub(crate) fn paths(self, keyword: &str) -> Vec<String> {
        let mut paths = self.paths_in_order(keyword);
        paths.sort();
        paths.dedup();
        paths
    }

    /// The paths below `/properties/` in the order of the list, which for `primaryIdentifier` matters.
    pub(crate) fn paths_in_order(self, keyword: &str) -> Vec<String> {
        let pointers = self.root.get(keyword).and_then(Value::as_array).into_iter().flatten();
        pointers
            .filter_map(Value::as_str)
            .map(|pointer| {
                let path = pointer.trim_start_matches('/');
                path.strip_prefix("properties/").unwrap_or(path).to_owned()
            })
            .collect()
    }
}
