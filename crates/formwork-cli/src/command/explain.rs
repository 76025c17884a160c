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
/// What stands before the lines of a template.
const INDENT: &str = "    ";

/// Say what a rule means, and show what fails and what passes
///
/// Without a rule it lists all of them. These are the rules of `formwork check`, most of which
/// synthesis goes by as well.
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
    severity: formwork_core::Severity,
    meaning: String,
    only: Option<&'static str>,
    fails: Shown,
    passes: Shown,
}

/// An example: a template, or words where one would be too long.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Shown {
    Template(&'static str),
    Words(String),
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
        let columns = ["rule", "severity", "what is wrong"].map(|title| Column(title, Left));
        let rows = catalogue()
            .map(|rule| vec![rule.id.to_owned(), rule.severity.to_string(), rule.title.to_owned()]);
        terminal.data(&table::render(&columns, rows))?;
    } else {
        let width = termwidth().clamp(*COLUMNS.start(), *COLUMNS.end());
        let texts: Vec<String> = rules.iter().map(|rule| text(rule, width)).collect();
        terminal.data(&texts.join("\n"))?;
    }
    Ok(exit_code::DONE)
}

/// A rule for people.
fn text(rule: &RuleText, width: usize) -> String {
    let RuleText { id, title, severity, .. } = rule;
    let style = findings::style(*severity);
    let only = rule.only.map(|only| format!("only: {only}\n")).unwrap_or_default();
    format!(
        "{style}{severity}[{id}]{style:#}: {STRONG}{title}{STRONG:#}\n{only}\n{}\n\n{STRONG}fails{STRONG:#}\n\n{}\n{STRONG}passes{STRONG:#}\n\n{}",
        filled(rule.meaning, width),
        example(&rule.fails, width),
        example(&rule.passes, width),
    )
}

fn example(example: &Example, width: usize) -> String {
    match example {
        Example::Template(template) => indent(template, INDENT),
        Example::Words(words) => indent(&(filled(words, width - INDENT.len()) + "\n"), INDENT),
    }
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
        let shown = |example: Example| match example {
            Example::Template(template) => Shown::Template(template),
            Example::Words(words) => Shown::Words(in_one_line(words)),
        };
        Self {
            id: rule.id,
            title: rule.title,
            severity: rule.severity,
            meaning: in_one_line(rule.meaning),
            only: rule.only,
            fails: shown(rule.fails),
            passes: shown(rule.passes),
        }
    }
}
