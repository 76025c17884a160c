//! What a failed assertion says.

use std::{collections::BTreeMap, fmt::Write as _};

use formwork_core::Source;

use crate::{
    assertions::{FoundResource, Part, TemplateAssertions},
    compare::Comparison,
    matcher::Matcher,
};

/// From this many differences of one resource on, the rest is counted.
const MOST_DIFFERENCES: usize = 12;

const NO_RESOURCES: &str = "the template has no resources";

type Miss<'a> = (FoundResource<'a>, Comparison);

/// No resource of the type matches.
pub(crate) fn none_matches(
    template: &TemplateAssertions,
    resource_type: &str,
    matcher: &Matcher,
    part: Part,
    misses: &[Miss<'_>],
) -> String {
    let matcher = matcher.block();
    let mut text = match part {
        Part::Whole => format!("no {resource_type} is {matcher}"),
        Part::Properties => format!("no {resource_type} has properties {matcher}"),
    };
    let Some((nearest, others)) = nearest_first(misses) else {
        return text + "\n" + &no_such_type(template, resource_type);
    };
    let _ = write!(text, "\n\nnearest is {}:", place(nearest.0.logical_id, nearest.0.source));
    differences(&mut text, &nearest.1);
    if !others.is_empty() {
        let others = others.iter().map(|(found, comparison)| {
            let count = number(comparison.differences.len(), "difference");
            format!("{}: {count}", place(found.logical_id, found.source))
        });
        let _ = write!(text, "\n\nfurther off:\n  {}", others.collect::<Vec<_>>().join("\n  "));
    }
    text
}

/// Some resources of the type do not match, or there are none.
pub(crate) fn not_all_match(
    template: &TemplateAssertions,
    resource_type: &str,
    matcher: &Matcher,
    part: Part,
    count: usize,
    misses: &[Miss<'_>],
) -> String {
    if count == 0 {
        return no_such_type(template, resource_type);
    }
    let matcher = matcher.block();
    let mut text = match part {
        Part::Whole => format!("not every {resource_type} is {matcher}"),
        Part::Properties => format!("not every {resource_type} has properties {matcher}"),
    };
    let _ = write!(text, "\n\n{} of {count} differ:", misses.len());
    for (found, comparison) in misses {
        let _ = write!(text, "\n\n{}", place(found.logical_id, found.source));
        differences(&mut text, comparison);
    }
    text
}

/// There are more or fewer resources of the type.
pub(crate) fn count(
    template: &TemplateAssertions,
    resource_type: &str,
    expected: usize,
    found: &[FoundResource<'_>],
) -> String {
    if found.is_empty() {
        return format!("expected {expected} {resource_type}\n{}", no_such_type(template, resource_type));
    }
    let mut text = format!("expected {expected} {resource_type}, found {}:", found.len());
    for found in found {
        let _ = write!(text, "\n  {}", place(found.logical_id, found.source));
    }
    text
}

/// There are more or fewer resources.
pub(crate) fn total(template: &TemplateAssertions, expected: usize, found: usize) -> String {
    let expected = number(expected, "resource");
    match types(template) {
        Some(types) => format!("expected {expected}, found {found}:\n  {types}"),
        None => format!("expected {expected}\n{NO_RESOURCES}"),
    }
}

/// A section has no element of the id.
pub(crate) fn no_element<'a>(section: &str, logical_id: &str, ids: impl Iterator<Item = &'a str>) -> String {
    format!("the template has no `{logical_id}` in `{section}`; it has {}", listing(ids))
}

/// An element of a section does not match.
pub(crate) fn element_differs(
    template: &TemplateAssertions,
    section: &str,
    logical_id: &str,
    matcher: &Matcher,
    comparison: &Comparison,
) -> String {
    let place = place(logical_id, template.source(section, logical_id));
    let mut text = format!("{place} in `{section}` is not {}:", matcher.block());
    differences(&mut text, comparison);
    text
}

/// Names in quotes, one after the other.
pub(crate) fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn no_such_type(template: &TemplateAssertions, resource_type: &str) -> String {
    match types(template) {
        Some(types) => format!("the template has no {resource_type}; it has\n  {types}"),
        None => NO_RESOURCES.to_owned(),
    }
}

/// The types that the template has, each with the number of its resources.
fn types(template: &TemplateAssertions) -> Option<String> {
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    for resource in template.template().resources() {
        *types.entry(resource.resource_type().unwrap_or("(no type)")).or_default() += 1;
    }
    let types: Vec<String> = types.iter().map(|(known, count)| format!("{known}: {count}")).collect();
    (!types.is_empty()).then(|| types.join("\n  "))
}

fn nearest_first<'a, 'b>(misses: &'a [Miss<'b>]) -> Option<(&'a Miss<'b>, Vec<&'a Miss<'b>>)> {
    let mut sorted: Vec<&Miss<'_>> = misses.iter().collect();
    sorted.sort_by_key(|(_, comparison)| comparison.distance());
    if sorted.is_empty() { None } else { Some((sorted.remove(0), sorted)) }
}

fn place(logical_id: &str, source: Option<&Source>) -> String {
    match source {
        Some(source) => format!("`{logical_id}` ({source})"),
        None => format!("`{logical_id}`"),
    }
}

fn differences(text: &mut String, comparison: &Comparison) {
    let shown = comparison.differences.iter().take(MOST_DIFFERENCES);
    for difference in shown {
        let path = difference.path.join("/");
        let path = if path.is_empty() { "(the whole)" } else { &path };
        let _ = write!(
            text,
            "\n  {path}\n    expected: {}\n    found:    {}",
            difference.expected, difference.found
        );
    }
    if let Some(more @ 1..) = comparison.differences.len().checked_sub(MOST_DIFFERENCES) {
        let _ = write!(text, "\n  and {} more", number(more, "difference"));
    }
}

fn number(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
