//! [`diff`]: from two sides to what changes.

use formwork_template::{Template, Value};

use crate::{
    access,
    change::{Action, Disposal, Effect, PropertyChange, ResourceChange},
    effect::{self, Ids},
    evaluate::Environment,
    exposure, for_each,
    kinship::{self, Lone, Rename},
    knock_on::KnockOn,
    live, moved,
    options::Options,
    path::Path,
    resources::{self, Compared, Resources, Standing},
    sections,
    side::Side,
    stack_diff::StackDiff,
    stateful,
};

/// Sections that have a list of their own in a [`StackDiff`].
const OWN_LISTS: [&str; 8] =
    ["Resources", "Parameters", "Mappings", "Conditions", "Rules", "Outputs", "Metadata", "Transform"];

/// What changes between two templates, and what that does.
pub fn diff(old: &Side<'_>, new: &Side<'_>, options: &Options) -> StackDiff {
    let (old_expanded, new_expanded) = (for_each::expand(old), for_each::expand(new));
    let old_side = old_expanded.as_ref().map(|template| Side { template, ..old.clone() });
    let new_side = new_expanded.as_ref().map(|template| Side { template, ..new.clone() });
    let (old, new) = (old_side.as_ref().unwrap_or(old), new_side.as_ref().unwrap_or(new));
    let options = &options.with_written(old.template, new.template);
    // A resource that moved is referred to by its new name on both sides.
    let renamed = moved::rename(old.template, new.template, &options.moved);
    let renamed_side = renamed.as_ref().map(|template| Side { template, ..old.clone() });
    let old = renamed_side.as_ref().unwrap_or(old);
    let (old_environment, new_environment) = (Environment::of(old), Environment::of(new));
    let old_resources = Resources::of(old, &old_environment);
    let new_resources = Resources::of(new, &new_environment);
    let ids = Ids {
        old: old_resources.by_id.keys().copied().collect(),
        new: new_resources.by_id.keys().copied().collect(),
    };
    let mut compared = resources::compare(
        (&old_resources, &old_environment),
        (&new_resources, &new_environment),
        &ids,
        options,
    );
    let knock_on = KnockOn {
        old: &old_environment,
        new: &new_environment,
        surviving_attributes: options.surviving_attributes,
    };
    knock_on.carry(&mut compared);
    let outputs = sections::outputs((old, new), &knock_on, &compared, &ids);
    let before = (&old_resources, &old_environment, old);
    let after = (&new_resources, &new_environment, new);
    let (old_template, new_template) = (old.template, new.template);
    let plain = |name| sections::plain(old_template, new_template, name, &ids);
    StackDiff {
        name: None,
        action: Action::Modify,
        resources: compared
            .iter()
            .filter(|resource| !resource.is_unchanged())
            .map(|resource| change(resource, (old, &old_environment), (new, &new_environment)))
            .collect(),
        parameters: sections::parameters(old, new, &ids),
        mappings: plain("Mappings"),
        conditions: sections::conditions((old, &old_environment), (new, &new_environment), &ids),
        rules: plain("Rules"),
        outputs,
        metadata: plain("Metadata"),
        transform: sections::whole(old_template, new_template, "Transform", &ids),
        sections: other_sections(old_template, new_template, &ids),
        access: access::changes(&compared, before, after),
        exposure: exposure::changes(&compared, before, after),
        renames: renames(&compared),
        live: live::find(&compared, old, new),
        warnings: warnings(&compared, new_template),
    }
}

fn other_sections(old: &Template, new: &Template, ids: &Ids<'_>) -> Vec<crate::ElementChange> {
    let names = new.sections().keys();
    let names = names.chain(old.sections().keys().filter(|name| !new.sections().contains_key(name)));
    names
        .filter(|name| !OWN_LISTS.contains(name))
        .flat_map(|name| {
            sections::whole(old, new, name, ids)
                .into_iter()
                .map(|element| crate::ElementChange { name: name.to_owned(), ..element })
        })
        .chain(sections::loops(old, new, ids))
        .collect()
}

/// Resources that are gone and come again under another logical id.
fn renames(resources: &[Compared<'_>]) -> Vec<Rename> {
    let lone = |action: Action| -> Vec<Lone<'_>> {
        let found = resources.iter().filter(|resource| resource.action == action);
        found
            .map(|resource| Lone {
                stack: 0,
                logical_id: resource.logical_id,
                resource_type: resource.resource_type(),
                properties: resource
                    .new
                    .or(resource.old)
                    .and_then(|standing| standing.view.attributes.get("Properties")),
            })
            .collect()
    };
    kinship::renames(&lone(Action::Remove), &lone(Action::Add))
}

/// The change of a resource as it is told.
fn change(
    resource: &Compared<'_>,
    (old, old_environment): (&Side<'_>, &Environment<'_>),
    (new, new_environment): (&Side<'_>, &Environment<'_>),
) -> ResourceChange {
    let resource_type = resource.resource_type().to_owned();
    let old_type = resource.old.map(|old| old.resource_type()).filter(|_| resource.type_changes());
    let left = old_type.unwrap_or(&resource_type);
    let facts = formwork_spec::resource(left);
    let stateful = stateful::is_stateful(left, facts);
    let disposal = match (resource.action, resource.effect) {
        (Action::Remove, _) => {
            resource.old.map(|old| effect::disposal_of_removed(left, old.view.attributes, old_environment))
        }
        (_, Effect::Replace | Effect::MayReplace) => {
            resource.new.map(|new| effect::disposal_of_replaced(new.view.attributes, new_environment))
        }
        _ => None,
    };
    let effect = match (resource.action, disposal) {
        (Action::Remove, Some(Disposal::Orphan)) => Effect::Retain,
        (Action::Remove, Some(Disposal::Snapshot)) => Effect::Snapshot,
        _ => resource.effect,
    };
    let source = new
        .sources
        .get(resource.logical_id)
        .or_else(|| old.sources.get(resource.old_logical_id.unwrap_or(resource.logical_id)));
    ResourceChange {
        logical_id: resource.logical_id.to_owned(),
        old_logical_id: resource.old_logical_id.map(str::to_owned),
        old_type: old_type.map(str::to_owned),
        resource_type,
        action: resource.action,
        effect,
        reason: resource.reason.clone(),
        disposal,
        stateful,
        data_loss: stateful && disposal == Some(Disposal::Delete),
        changes: match (resource.stays(), old_type) {
            (true, None) => resource.changes.clone(),
            _ => vec![whole(resource)],
        },
        source: source.cloned(),
    }
}

/// A resource that comes, goes or becomes another: all of it, as it is written.
fn whole(resource: &Compared<'_>) -> PropertyChange {
    let written = |standing: Option<Standing<'_>>| {
        let attributes = standing?.view.attributes.iter();
        let entries = attributes.map(|(key, value)| (key.to_owned(), serde_json::Value::from(value)));
        Some(serde_json::Value::Object(entries.collect()))
    };
    PropertyChange {
        path: Path::default(),
        old: written(resource.old),
        new: written(resource.new),
        effect: resource.effect,
        certain: true,
        reason: None,
        through: None,
        reordered: false,
    }
}

/// What the diff cannot know, or the deployment will not like.
fn warnings(resources: &[Compared<'_>], template: &Template) -> Vec<String> {
    let mut warnings = Vec::new();
    for name in macros(template) {
        warnings.push(format!("what the macro `{name}` makes of the template is not known"));
    }
    for resource in resources {
        if resource.effect == Effect::Replace && keeps_its_name(resource) {
            warnings.push(format!(
                "`{}` is replaced and keeps its name, which the service refuses: give it another name",
                resource.logical_id
            ));
        }
        if resource.changes.iter().any(|change| change.path.to_string() == "Condition") {
            warnings.push(format!(
                "whether `{}` is there depends on a condition that is not known",
                resource.logical_id
            ));
        }
    }
    warnings
}

/// Whether a replacement would have the very name of what it replaces.
fn keeps_its_name(resource: &Compared<'_>) -> bool {
    let (Some(facts), Some(new)) = (resource.facts, resource.new) else { return false };
    let names = &facts.primary_identifier;
    !names.is_empty()
        && !resource.type_changes()
        && names.iter().all(|name| {
            let named = new.view.property(name).is_some() && facts.property(name).is_some();
            named && resource.changes.iter().all(|change| change.path.property() != Some(name.as_str()))
        })
}

/// The macros that a template goes through, the service's own left out.
fn macros(template: &Template) -> Vec<&str> {
    let all: Vec<&str> = match template.sections().get("Transform") {
        Some(Value::List(items)) => items.iter().filter_map(name_of_macro).collect(),
        Some(one) => name_of_macro(one).into_iter().collect(),
        None => Vec::new(),
    };
    all.into_iter().filter(|name| *name != "AWS::LanguageExtensions").collect()
}

fn name_of_macro(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("Name")?.as_str())
}
