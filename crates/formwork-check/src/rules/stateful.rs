//! What holds data, and what becomes of it.

use formwork_template::Severity;

use crate::judge::Judge;

/// What holds data says what becomes of it when it is taken out or replaced.
pub(super) fn check(judge: &mut Judge<'_>) {
    for resource in judge.index.template.resources() {
        let Some(facts) =
            resource.resource_type().and_then(formwork_spec::resource).filter(|facts| facts.stateful)
        else {
            continue;
        };
        let missing: Vec<&str> = ["DeletionPolicy", "UpdateReplacePolicy"]
            .into_iter()
            .filter(|policy| !resource.attributes.contains_key(policy))
            .collect();
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "{} holds data, and `{}` does not say what becomes of it: {}",
                facts.type_name,
                resource.logical_id,
                names.join(" and ")
            );
            let hint = Some("`Retain` keeps it, `Delete` lets it go".to_owned());
            judge.report("I3011", Severity::Info, &["Resources", resource.logical_id], message, hint);
        }
    }
}
