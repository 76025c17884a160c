//! A comparison as the generated part of a page: what stands on both sides, and what differs.

use super::code::Size;
use super::difference::{Difference, differences};
use super::meaning::{Reader, Template};
use super::pairs::{Matched, pattern_of, without_hash, without_numbers};
use super::sentences::{Notes, Verdict};
use crate::bench::report::table;
use anyhow::{Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is said where one side has nothing.
const ABSENT: &str = "absent";

/// How many ids a row names before it names the first and the last.
const NAMED: usize = 3;

/// One side: its template, and the code that it comes from.
pub(crate) struct Side<'text> {
    pub(crate) stack: &'text str,
    pub(crate) text: &'text str,
    pub(crate) size: Size,
    /// The files of the code, as the page links them.
    pub(crate) files: String,
}

/// Entries that are the same thing, or stand on one side alone.
struct Row {
    kind: String,
    ours: Vec<String>,
    theirs: Vec<String>,
    /// The entry that these are a part of, by the id that both sides know.
    part_of: Option<String>,
    differences: Vec<Difference>,
}

/// The generated part of a page.
///
/// # Errors
/// A difference has no sentence, or a sentence no difference.
pub(crate) fn generate(ours: &Side<'_>, theirs: &Side<'_>, notes: &Notes) -> Result<String> {
    let (own, other) = (Template::parse(ours.text)?, Template::parse(theirs.text)?);
    let matched = Matched::new(&own, &other, &notes.pairs);
    let rows = grouped(rows(&own, &other, &matched, ours.stack, theirs.stack));
    let mut page = summary(ours, theirs, &own, &other)?;
    page.push_str("\n## Resource by resource\n\n");
    let shown = rows.iter().map(|row| {
        let properties: BTreeSet<String> =
            row.differences.iter().map(|difference| code(&without_numbers(&difference.property))).collect();
        let differs = match &row.part_of {
            Some(owner) => format!("a part of {}", code(owner)),
            None if properties.is_empty() => "the same".to_owned(),
            None => properties.into_iter().collect::<Vec<_>>().join(", "),
        };
        vec![code(&row.kind), ids(&row.ours), ids(&row.theirs), differs]
    });
    page.push_str(&table(&["what", "formwork", "CDK", "what differs"], None, shown));
    page.push_str(&sentences(&rows, notes)?);
    Ok(page)
}

/// The code and the template of both sides in figures.
fn summary(ours: &Side<'_>, theirs: &Side<'_>, own: &Template, other: &Template) -> Result<String> {
    let resources = |template: &Template| {
        template.0.values().filter(|entry| entry.kind.contains("::")).count().to_string()
    };
    let bytes = |text: &str| -> Result<String> {
        let document: Value = serde_json::from_str(text)?;
        Ok(document.to_string().len().to_string())
    };
    let row = |what: &str, ours: String, theirs: String| vec![what.to_owned(), ours, theirs];
    let rows = [
        row("code", ours.files.clone(), theirs.files.clone()),
        row("lines", ours.size.lines.to_string(), theirs.size.lines.to_string()),
        row("characters", ours.size.characters.to_string(), theirs.size.characters.to_string()),
        row("resources", resources(own), resources(other)),
        row("bytes of the template, without white space", bytes(ours.text)?, bytes(theirs.text)?),
    ];
    Ok(table(&["", "formwork", "CDK"], None, rows.into_iter()))
}

/// Every entry of both sides, once.
fn rows(own: &Template, other: &Template, matched: &Matched, our_stack: &str, their_stack: &str) -> Vec<Row> {
    let as_ours = |id: &str| matched.ours_of.get(id).cloned().unwrap_or_else(|| without_hash(id).to_owned());
    let itself = |id: &str| id.to_owned();
    let (our_meanings, our_parts) = Reader { template: own, stack: our_stack, name: &itself }.read();
    let (their_meanings, their_parts) = Reader { template: other, stack: their_stack, name: &as_ours }.read();
    let mut rows = Vec::new();
    for (id, entry) in &own.0 {
        let theirs: Vec<String> = matched
            .ours_of
            .iter()
            .filter(|(_, ours)| *ours == id)
            .map(|(theirs, _)| theirs.clone())
            .collect();
        let mut found = BTreeSet::new();
        for their in &theirs {
            if let (Some(one), Some(other)) = (our_meanings.get(id), their_meanings.get(their)) {
                found.extend(differences(one, other));
            }
        }
        if theirs.len() > 1 {
            found.insert(count(1, theirs.len()));
        } else if theirs.is_empty() && !our_parts.contains_key(id) {
            found.insert(alone("formwork"));
        }
        rows.push(Row {
            kind: entry.kind.clone(),
            ours: vec![id.clone()],
            theirs,
            part_of: our_parts.get(id).cloned(),
            differences: found.into_iter().collect(),
        });
    }
    for (id, entry) in other.0.iter().filter(|(id, _)| !matched.ours_of.contains_key(*id)) {
        let part_of = their_parts.get(id).map(|owner| as_ours(owner));
        let differences = if part_of.is_some() { Vec::new() } else { vec![alone("CDK")] };
        rows.push(Row {
            kind: entry.kind.clone(),
            ours: Vec::new(),
            theirs: vec![id.clone()],
            part_of,
            differences,
        });
    }
    rows
}

fn alone(side: &str) -> Difference {
    let stands = Some("stands".to_owned());
    let (ours, theirs) = if side == "CDK" { (None, stands) } else { (stands, None) };
    Difference { property: format!("({side} alone)"), ours, theirs }
}

fn count(ours: usize, theirs: usize) -> Difference {
    let [ours, theirs] = [ours, theirs].map(|count| Some(count.to_string()));
    Difference { property: "(how many)".to_owned(), ours, theirs }
}

/// Rows that differ in the numbers of their ids alone as one row.
fn grouped(rows: Vec<Row>) -> Vec<Row> {
    type Key = (String, Option<String>, Option<String>, Option<String>, Vec<[String; 3]>);
    let mut groups: BTreeMap<Key, Row> = BTreeMap::new();
    for row in rows {
        let text = |text: &Option<String>| without_numbers(text.as_deref().unwrap_or(ABSENT));
        let mut differences: Vec<[String; 3]> = row
            .differences
            .iter()
            .map(|each| [without_numbers(&each.property), text(&each.ours), text(&each.theirs)])
            .collect();
        differences.sort();
        let key = (
            row.kind.clone(),
            row.ours.first().map(|id| pattern_of(id)),
            row.theirs.first().map(|id| pattern_of(without_hash(id))),
            row.part_of.as_deref().map(pattern_of),
            differences,
        );
        match groups.entry(key) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(row);
            }
            std::collections::btree_map::Entry::Occupied(mut group) => {
                let group = group.get_mut();
                group.ours.extend(row.ours);
                group.theirs.extend(row.theirs);
                if group.part_of != row.part_of {
                    group.part_of = group.part_of.as_deref().map(pattern_of);
                }
            }
        }
    }
    groups.into_values().collect()
}

/// What there is to say about each difference, with where it is.
fn sentences(rows: &[Row], notes: &Notes) -> Result<String> {
    let mut cases: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
    let mut silent = BTreeSet::new();
    for row in rows {
        for difference in &row.differences {
            let name = format!("{} {}", row.kind, without_numbers(&difference.property));
            let Some(position) = notes.sentence(&name) else {
                let [ours, theirs] = [&difference.ours, &difference.theirs].map(|side| shown(side.as_ref()));
                silent.insert(format!("{name}\n    formwork {ours}\n    CDK {theirs}"));
                continue;
            };
            let place = if row.ours.is_empty() { ids(&row.theirs) } else { ids(&row.ours) };
            cases.entry(position).or_default().push(vec![
                place,
                code(&difference.property),
                shown(difference.ours.as_ref()),
                shown(difference.theirs.as_ref()),
            ]);
        }
    }
    let all = notes.sentences.iter().enumerate();
    let idle: Vec<&str> = all
        .filter(|(place, _)| !cases.contains_key(place))
        .map(|(_, sentence)| sentence.title.as_str())
        .collect();
    ensure!(
        silent.is_empty() && idle.is_empty(),
        "bench/compare: {} differences have no sentence:\n{}\n{} sentences have no difference: {}",
        silent.len(),
        silent.into_iter().collect::<Vec<_>>().join("\n"),
        idle.len(),
        idle.join("; ")
    );
    let mut text = String::new();
    for verdict in Verdict::ALL {
        let told: Vec<_> =
            cases.iter().filter(|(place, _)| notes.sentences[**place].verdict == verdict).collect();
        if told.is_empty() {
            continue;
        }
        write!(text, "\n## {}\n", verdict.heading())?;
        for (place, cases) in told {
            let sentence = &notes.sentences[*place];
            write!(text, "\n### {}\n\n{}\n\n", sentence.title, sentence.text.trim())?;
            text.push_str(&table(&["where", "property", "formwork", "CDK"], None, cases.iter().cloned()));
        }
    }
    Ok(text)
}

fn shown(value: Option<&String>) -> String {
    value.map_or_else(|| ABSENT.to_owned(), |text| code(text))
}

/// Text as code in a cell of a table.
fn code(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let line = text.replace('\n', "⏎").replace('|', "\\|");
    if line.contains('`') { format!("`` {line} ``") } else { format!("`{line}`") }
}

/// Ids in the order of their numbers: all, or the first and the last.
fn ids(all: &[String]) -> String {
    let number = |id: &str| {
        let digits = |letter: &char| letter.is_ascii_digit();
        let digits: String =
            without_hash(id).chars().skip_while(|letter| !digits(letter)).take_while(digits).collect();
        digits.parse::<u64>().unwrap_or_default()
    };
    let mut sorted: Vec<&String> = all.iter().collect();
    sorted.sort_by_key(|id| (number(id), (*id).clone()));
    sorted.dedup();
    match sorted.as_slice() {
        [] => ABSENT.to_owned(),
        [first, .., last] if sorted.len() > NAMED => {
            format!("{} to {}, {} of them", code(first), code(last), sorted.len())
        }
        few => few.iter().map(|id| code(id)).collect::<Vec<_>>().join(", "),
    }
}
