//! Tags.

use std::collections::HashSet;

use formwork_spec::Tagging;
use formwork_template::Value;

use crate::judge::{Judge, plain, text};

/// What the service keeps for itself.
const RESERVED: &str = "aws:";
const KEY_CHARACTERS: usize = 128;
const VALUE_CHARACTERS: usize = 256;

/// A key stands once, is no one's own, and is not too long.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for resource in template.resources() {
        let facts = resource.resource_type().and_then(formwork_spec::resource);
        let (Tagging::List(property) | Tagging::AutoScaling(property)) = (match facts {
            Some(facts) => &facts.tagging,
            None => continue,
        }) else {
            continue;
        };
        let Some(tags) = resource.property(property).and_then(plain).and_then(Value::as_list) else {
            continue;
        };
        let mut seen: HashSet<String> = HashSet::new();
        for (position, tag) in tags.iter().enumerate() {
            let position = position.to_string();
            let path = ["Resources", resource.logical_id, "Properties", property, &position];
            let Some(key) = tag.get("Key").and_then(text) else { continue };
            let place = [&path[..], &["Key"]].concat();
            if seen.contains(&key) {
                judge.error("E3024", &place, format!("the tag `{key}` stands twice"));
            }
            if key.to_lowercase().starts_with(RESERVED) {
                judge.error(
                    "E3024",
                    &place,
                    format!("`{key}` begins with `{RESERVED}`, which the service keeps for itself"),
                );
            }
            if key.is_empty() || key.chars().count() > KEY_CHARACTERS {
                judge.error(
                    "E3024",
                    &place,
                    format!("the key of a tag has 1 to {KEY_CHARACTERS} characters"),
                );
            }
            if tag.get("Value").and_then(text).is_some_and(|value| value.chars().count() > VALUE_CHARACTERS) {
                judge.error(
                    "E3024",
                    &[&path[..], &["Value"]].concat(),
                    format!("the value of a tag has {VALUE_CHARACTERS} characters at most"),
                );
            }
            seen.insert(key);
        }
    }
}
