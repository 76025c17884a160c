//! What differs between two meanings, property by property.

use super::meaning::STEP;
use serde_json::Value;

/// A property that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// The names of the properties down to it.
    pub(crate) property: String,
    pub(crate) ours: Option<String>,
    pub(crate) theirs: Option<String>,
}

/// Names and descriptions, which each side makes up from its ids. They mean nothing to the service.
const MADE_UP: [&str; 5] = ["AlarmDescription", "Description", "Family", "GroupDescription", "PolicyName"];

/// Everything that differs, in the order of the properties.
pub(crate) fn differences(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("", Some(ours), Some(theirs), &mut found);
    found.retain(|difference| {
        // A `Name` that one side alone has is seen by people.
        let both = difference.ours.is_some() && difference.theirs.is_some();
        let is_name = difference.property.ends_with("Tags › Name");
        !(MADE_UP.contains(&difference.property.as_str()) || (is_name && both))
    });
    found
}

fn walk(path: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<Difference>) {
    if ours == theirs {
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}{STEP}{name}") };
    let (one, other) = (ours.and_then(Value::as_object), theirs.and_then(Value::as_object));
    // What one side leaves out as a whole is one difference, unless each part is a matter of its own.
    let parts = matches!(path, "" | "Permissions" | "SecurityGroupIngress" | "SecurityGroupEgress");
    if (one.is_some() && other.is_some()) || (parts && (one.is_some() || other.is_some())) {
        let names = one.into_iter().chain(other).flat_map(|map| map.keys());
        let mut names: Vec<&String> = names.collect();
        names.sort();
        names.dedup();
        for name in names {
            walk(&below(name), one.and_then(|map| map.get(name)), other.and_then(|map| map.get(name)), found);
        }
        return;
    }
    if let (Some(Value::Array(one)), Some(Value::Array(other))) = (ours, theirs)
        && one.len() == other.len()
        && one.iter().chain(other).all(Value::is_object)
    {
        for (position, (one, other)) in one.iter().zip(other).enumerate() {
            let own =
                if one == other || path.is_empty() { String::new() } else { format!("{path}[{position}]") };
            walk(&own, Some(one), Some(other), found);
        }
        return;
    }
    found.push(Difference { property: path.to_owned(), ours: ours.map(shown), theirs: theirs.map(shown) });
}

/// A value as a page shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let pairs = map.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_property() {
        let ours = json!({ "Size": { "Cpu": "256" }, "Rules": [{ "Port": "1" }], "Tags": { "Name": "a" } });
        let theirs = json!({ "Size": { "Cpu": "512" }, "Rules": [{ "Port": "1" }], "Tags": { "Name": "b" }, "X": "1" });
        let found = differences(&ours, &theirs);
        let shown: Vec<String> = found
            .iter()
            .map(|each| format!("{}: {:?} {:?}", each.property, each.ours.as_deref(), each.theirs.as_deref()))
            .collect();
        assert_eq!(shown, ["Size › Cpu: Some(\"256\") Some(\"512\")", "X: None Some(\"1\")"]);
    }
}
