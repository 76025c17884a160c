//! Bringing drift back where the service does not know how: two ordinary updates.
//!
//! CloudFormation updates nothing when the template is the one that it has. So the first update makes
//! the template what is there, and the second makes it what it was: the resources follow.

use formwork_spec::{Step, Update, resource};
use formwork_template::{
    Map, Template, Value,
    intrinsic::{self, Reference},
};

use super::value::{Difference, DifferenceKind, ResourceDrift, StackDrift, Verdict};

/// What stands in for the last resource of a stack.
const PLACEHOLDER: &str = "FormworkDriftPlaceholder";

/// The way round.
#[derive(Debug, Clone, PartialEq)]
pub struct Detour {
    /// The template of the first update: what is there.
    pub template: Template,
    /// The resources that the two updates bring back.
    pub reverted: Vec<String>,
    /// Those that they do not, with the reason.
    pub left: Vec<(String, String)>,
}

/// The way round for what has drifted in a stack, from its deployed template.
pub fn detour(deployed: &Template, drift: &StackDrift) -> Detour {
    let mut template = deployed.clone();
    let (mut reverted, mut left) = (Vec::new(), Vec::new());
    for drifted in drift.resources.iter().filter(|drifted| drifted.is_drift()) {
        let done = match drifted.status {
            Verdict::Deleted => remove(&mut template, deployed, &drifted.logical_id),
            _ => follow(&mut template, drifted),
        };
        match done {
            Ok(()) => reverted.push(drifted.logical_id.clone()),
            Err(reason) => left.push((drifted.logical_id.clone(), reason)),
        }
    }
    let resources = template.section_mut("Resources");
    if resources.is_empty() {
        let handle = Value::map([("Type", Value::from("AWS::CloudFormation::WaitConditionHandle"))]);
        resources.insert(PLACEHOLDER, handle);
    }
    Detour { template, reverted, left }
}

/// Takes a resource that is gone out of the template, with the outputs that name it.
fn remove(template: &mut Template, deployed: &Template, logical_id: &str) -> Result<(), String> {
    let names = |value: &Value| {
        let mut found = false;
        intrinsic::references(value, &mut |reference| {
            found |= matches!(reference, Reference::Name(name) | Reference::Attribute(name, _) if name == logical_id);
        });
        found
    };
    for other in deployed.resources().filter(|other| other.logical_id != logical_id) {
        let waits = match other.attributes.get("DependsOn") {
            Some(Value::String(name)) => name == logical_id,
            Some(Value::List(all)) => all.iter().any(|name| name.as_str() == Some(logical_id)),
            _ => false,
        };
        if waits || other.attributes.iter().any(|(_, value)| names(value)) {
            return Err(format!("it is gone, and `{}` refers to it", other.logical_id));
        }
    }
    template.section_mut("Resources").remove(logical_id);
    let outputs = template.section("Outputs").into_iter().flat_map(Map::iter);
    let gone: Vec<String> =
        outputs.filter(|(_, output)| names(output)).map(|(name, _)| name.to_owned()).collect();
    for name in gone {
        template.section_mut("Outputs").remove(&name);
    }
    Ok(())
}

/// Writes what is there into the properties of a resource.
fn follow(template: &mut Template, drifted: &ResourceDrift) -> Result<(), String> {
    let facts = resource(&drifted.resource_type);
    let open = || drifted.differences.iter().filter(|difference| difference.ignored.is_none());
    for difference in open() {
        let steps = steps(&difference.path);
        let path: Vec<Step<'_>> = steps
            .iter()
            .map(|step| step.parse().map_or_else(|_| Step::Key(step.as_str()), Step::Index))
            .collect();
        let update = facts.and_then(|facts| facts.locate(&path)).map(|place| place.update);
        if update == Some(Update::Replacement) {
            return Err(format!("another value of `{}` replaces it", difference.path));
        }
    }
    let resources = template.section_mut("Resources");
    let attributes = resources.get_mut(&drifted.logical_id).and_then(Value::as_map_mut);
    let Some(attributes) = attributes else { return Err("it is not in the template".to_owned()) };
    let mut properties = attributes.entry("Properties").or_map().clone();
    // Of a list, what comes later is taken away first.
    let mut differences: Vec<&Difference> = open().collect();
    differences
        .sort_by_key(|difference| (difference.kind == DifferenceKind::Removed, difference.path.clone()));
    let removed = differences.iter().position(|difference| difference.kind == DifferenceKind::Removed);
    if let Some(removed) = removed {
        differences[removed..].reverse();
    }
    for difference in differences {
        let actual = difference.actual.clone().map(Value::from);
        place(&mut properties, &steps(&difference.path), actual)
            .ok_or_else(|| format!("`{}` is an expression in the template", difference.path))?;
    }
    attributes.insert("Properties", Value::Map(properties));
    Ok(())
}

/// Puts a value at a place, or takes it away; `None` where the template has no such place.
fn place(map: &mut Map, steps: &[String], value: Option<Value>) -> Option<()> {
    let (first, rest) = steps.split_first()?;
    if intrinsic::of(map).is_some() {
        return None;
    }
    if rest.is_empty() {
        match value {
            Some(value) => map.insert(first.clone(), value),
            None => map.remove(first),
        };
        return Some(());
    }
    within(map.get_mut(first)?, rest, value)
}

fn within(value: &mut Value, steps: &[String], new: Option<Value>) -> Option<()> {
    match value {
        Value::Map(map) => place(map, steps, new),
        Value::List(items) => {
            let (first, rest) = steps.split_first()?;
            let position: usize = first.parse().ok()?;
            if !rest.is_empty() {
                return within(items.get_mut(position)?, rest, new);
            }
            match new {
                Some(new) if position < items.len() => items[position] = new,
                Some(new) => items.push(new),
                None if position < items.len() => drop(items.remove(position)),
                None => return None,
            }
            Some(())
        }
        _ => None,
    }
}

/// The steps of a JSON pointer.
fn steps(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}
