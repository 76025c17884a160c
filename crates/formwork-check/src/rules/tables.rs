//! DynamoDB tables.

use formwork_template::{ResourceView, Value};

use crate::judge::{Judge, items, plain, text};

/// Attributes are those that keys are made of, no more and no less.
pub(super) fn check(judge: &mut Judge<'_>) {
    for table in judge.resources("AWS::DynamoDB::Table") {
        attributes(judge, table);
    }
    for table in judge.resources("AWS::DynamoDB::GlobalTable") {
        attributes(judge, table);
    }
}

fn attributes(judge: &mut Judge<'_>, table: ResourceView<'_>) {
    let names = |list: Option<&Value>| -> Option<Vec<String>> {
        let Some(list) = list else { return Some(Vec::new()) };
        let list = plain(list)?.as_list()?;
        list.iter().map(|item| text(item.get("AttributeName")?)).collect()
    };
    let (Some(defined), Some(mut keys)) =
        (names(table.property("AttributeDefinitions")), names(table.property("KeySchema")))
    else {
        return;
    };
    for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        let Some(found) = table.property(indexes) else { continue };
        let Some(found) = plain(found).map(items) else { return };
        for index in found {
            let Some(more) = names(index.get("KeySchema")) else { return };
            keys.extend(more);
        }
    }
    let list = |names: Vec<&String>| {
        names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let path = ["Resources", table.logical_id, "Properties"];
    let mut undefined: Vec<&String> = keys.iter().filter(|key| !defined.contains(key)).collect();
    undefined.dedup();
    if !undefined.is_empty() {
        judge.error(
            "E3039",
            &path,
            format!("keys have attributes that are not defined: {}", list(undefined)),
        );
    }
    let unused: Vec<&String> = defined.iter().filter(|name| !keys.contains(name)).collect();
    if !unused.is_empty() {
        judge.error("E3039", &path, format!("attributes are defined that no key has: {}", list(unused)));
    }
}
