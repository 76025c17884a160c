//! `formwork explain`

use std::ops::RangeInclusive;

use anyhow::Result;
use clap::Args;
use formwork_check::{Example, RuleText, catalogue};
use serde::Serialize;
use textwrap::{indent, termwidth, wrap};

use crate::{
    exit_code,
    failure::Failure,
    findings, rule_name,
    table::{self, Align::Left, Column},
    terminal::{STRONG, Terminal},
};

/// More columns than these are hard to read, and fewer as well.
const COLUMNS: RangeInclusive<usize> = 40..=100;
/// What stands before the lines of an example.
const INDENT: &str = "    ";

/// What rules are about, and what their ids begin with. Of cfn-lint's ids the letter says how bad it
/// is, and the digit what it is about.
const SUBJECTS: [(&str, &[&str]); 15] = [
    ("stacks in Rust: names, values and assets", &["FW01"]),
    ("stacks in Rust: values that cross between stacks", &["FW02"]),
    ("stacks in Rust: constructs", &["FW04"]),
    ("limits of services", &["FW03"]),
    ("resources together", &["FW05"]),
    ("policies", &["FW06"]),
    ("security", &["FW3"]),
    ("the template and its functions", &["E0", "E1", "W1", "I1"]),
    ("parameters", &["E2", "W2", "I2"]),
    ("resources and their properties", &["E3", "W3", "I3"]),
    ("metadata", &["E4", "W4"]),
    ("modules", &["E5"]),
    ("outputs", &["E6", "W6", "I6"]),
    ("mappings", &["E7", "W7", "I7"]),
    ("conditions and rules", &["E8", "W8"]),
];

/// Say what a rule means, and show what fails and what passes
///
/// Without a rule it lists all of them by subject: the rules of synthesis, of constructs, and of
/// `formwork check`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Ids of rules, such as `E3012`
    #[arg(value_name = "RULE")]
    rules: Vec<String>,
}

/// What `--json` writes.
#[derive(Serialize)]
struct Report {
    schema: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    id: &'static str,
    title: &'static str,
    subject: &'static str,
    severity: formwork_core::Severity,
    meaning: String,
    only: Option<&'static str>,
    fails: Shown,
    passes: Shown,
}

/// An example: a template, Rust, or words where one would be too long.
#[derive(Serialize)]
struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rust: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<u8> {
    let mut rules = Vec::with_capacity(arguments.rules.len());
    for id in &arguments.rules {
        rules.push(rule_name::rule(id).map_err(Failure::from)?);
    }
    if terminal.wants_json() {
        let rules = if rules.is_empty() { catalogue().collect() } else { rules };
        let rules = rules.iter().map(Rule::from).collect();
        terminal.json(&Report { schema: "formwork.explain/1", rules })?;
    } else if rules.is_empty() {
        terminal.data(&list())?;
    } else {
        let width = termwidth().clamp(*COLUMNS.start(), *COLUMNS.end());
        let texts: Vec<String> = rules.iter().map(|rule| text(rule, width)).collect();
        terminal.data(&texts.join("\n"))?;
    }
    Ok(exit_code::DONE)
}

/// What a rule is about. That every rule has its subject is for the test below to say.
fn subject(rule: &RuleText) -> &'static str {
    let of = |beginnings: &[&str]| beginnings.iter().any(|beginning| rule.id.starts_with(beginning));
    SUBJECTS.iter().find(|(_, beginnings)| of(beginnings)).map_or("others", |(subject, _)| subject)
}

/// All rules in one table, subject by subject.
fn list() -> String {
    let mut rules: Vec<(usize, RuleText)> = catalogue()
        .map(|rule| {
            let position = SUBJECTS.iter().position(|(known, _)| *known == subject(&rule));
            (position.unwrap_or(SUBJECTS.len()), rule)
        })
        .collect();
    rules.sort_by_key(|(position, _)| *position);
    let columns = ["rule", "severity", "what is wrong"].map(|title| Column(title, Left));
    let rows = rules
        .iter()
        .map(|(_, rule)| vec![rule.id.to_owned(), rule.severity.to_string(), rule.title.to_owned()]);
    let table = table::render(&columns, rows);
    let mut lines = table.lines();
    let (mut text, mut last) = (lines.next().unwrap_or_default().to_owned() + "\n", "");
    for (line, (_, rule)) in lines.zip(&rules) {
        if subject(rule) != last {
            last = subject(rule);
            text += &heading(last);
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// A rule for people.
fn text(rule: &RuleText, width: usize) -> String {
    let RuleText { id, title, severity, .. } = rule;
    let style = findings::style(*severity);
    let only = rule.only.map(|only| format!("only: {only}\n")).unwrap_or_default();
    format!(
        "{style}{severity}[{id}]{style:#}: {STRONG}{title}{STRONG:#}\n{only}\n{}\n{}{}",
        filled(rule.meaning, width),
        example("fails", &rule.fails, width),
        example("passes", &rule.passes, width),
    )
}

fn heading(title: &str) -> String {
    format!("\n{STRONG}{title}{STRONG:#}\n")
}

/// The blocks of an example below their headings, which tell code from a template where both are.
fn example(title: &str, example: &Example, width: usize) -> String {
    let words = example.words.map(|words| filled(words, width - INDENT.len()) + "\n");
    let code = example.code.map(str::to_owned);
    let template = example.template.map(str::to_owned);
    let (in_rust, in_a_template) = match (&code, &template) {
        (Some(_), Some(_)) => (format!("{title}, in Rust"), format!("{title}, in a template")),
        _ => (title.to_owned(), title.to_owned()),
    };
    let blocks = [(title.to_owned(), words), (in_rust, code), (in_a_template, template)];
    let blocks = blocks.iter().filter_map(|(title, block)| Some((title, block.as_ref()?)));
    blocks
        .map(|(title, block)| format!("{}\n{}", heading(title), indent(block, INDENT)))
        .collect::<Vec<_>>()
        .concat()
}

/// Text of one paragraph, in lines of this width.
fn filled(text: &str, width: usize) -> String {
    wrap(&in_one_line(text), width).join("\n")
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<&RuleText> for Rule {
    fn from(rule: &RuleText) -> Self {
        let shown = |example: Example| Shown {
            template: example.template,
            rust: example.code,
            words: example.words.map(in_one_line),
        };
        Self {
            id: rule.id,
            title: rule.title,
            subject: subject(rule),
            severity: rule.severity,
            meaning: in_one_line(rule.meaning),
            only: rule.only,
            fails: shown(rule.fails),
            passes: shown(rule.passes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_one_subject() {
        for rule in catalogue() {
            let beginnings = SUBJECTS.iter().flat_map(|(_, beginnings)| *beginnings);
            let fitting = beginnings.filter(|beginning| rule.id.starts_with(**beginning)).count();
            assert_eq!(fitting, 1, "{} in SUBJECTS", rule.id);
        }
    }
}
