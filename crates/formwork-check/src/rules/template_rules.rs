//! The sections `Rules` and `Transform`.

use formwork_template::{Map, Value};

use crate::judge::Judge;

/// What a rule may say.
const RULE: [&str; 2] = ["Assertions", "RuleCondition"];
/// What an assertion may say.
const ASSERTION: [&str; 2] = ["Assert", "AssertDescription"];

/// Rules assert something, and transforms are named.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    if let Some(transform) = template.sections().get("Transform") {
        let named = |value: &Value| {
            value.as_str().is_some() || value.as_map().is_some_and(|map| map.contains_key("Name"))
        };
        let sound = match transform {
            Value::List(items) => items.iter().all(named),
            one => named(one),
        };
        if !sound {
            judge.error("E1005", &["Transform"], "a transform is a name, or a list of names");
        }
    }
    for (id, rule) in template.section("Rules").into_iter().flat_map(Map::iter) {
        let path = ["Rules", id];
        let Some(map) = rule.as_map() else {
            judge.error("E1700", &path, format!("a rule is an object, and this is {}", rule.kind()));
            continue;
        };
        for key in map.keys().filter(|key| !RULE.contains(key)) {
            judge.error("E1700", &["Rules", id, key], format!("a rule has no `{key}`: {}", RULE.join(", ")));
        }
        let Some(assertions) = map.get("Assertions").and_then(Value::as_list) else {
            judge.error("E1700", &path, format!("the rule `{id}` needs `Assertions`"));
            continue;
        };
        for (position, assertion) in assertions.iter().enumerate() {
            let position = position.to_string();
            let path = ["Rules", id, "Assertions", &position];
            let Some(map) = assertion.as_map().filter(|map| map.contains_key("Assert")) else {
                judge.error("E1701", &path, "an assertion is an object with `Assert`");
                continue;
            };
            for key in map.keys().filter(|key| !ASSERTION.contains(key)) {
                judge.error("E1701", &[&path[..], &[key]].concat(), format!("an assertion has no `{key}`"));
            }
        }
    }
}
