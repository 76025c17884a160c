//! Findings for people: in colour, with the line of Rust and the hint.

use std::{collections::BTreeMap, fmt::Write as _};

use anstyle::Style;
use formwork_core::{Finding, Severity};

use crate::{
    plural::number,
    terminal::{ERROR, HINT, PLACE, Terminal, WARNING, legible},
};

/// Shows findings, with an empty line after each. What is not at or above `insist` is left out
/// where only errors are wanted.
pub(crate) fn show(findings: &[&Finding], insist: Severity, terminal: &mut Terminal) {
    for finding in findings {
        let text = render(finding, None) + "\n";
        if finding.severity >= insist { terminal.insist(&text) } else { terminal.tell(&text) }
    }
}

/// `2 errors and 1 warning`; what there is none of is not named.
pub(crate) fn summary<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Option<String> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_insert(0) += 1;
    }
    let parts: Vec<String> = counts
        .into_iter()
        .rev()
        .map(|(severity, count)| {
            let noun = if severity == Severity::Info { "note".to_owned() } else { severity.to_string() };
            number(count, &noun)
        })
        .collect();
    match parts.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [first, second] => Some(format!("{first} and {second}")),
        more => Some(more.join(", ")),
    }
}

/// How a severity is shown.
pub(crate) const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Info => HINT,
    }
}

/// The text of `Finding`'s own `Display`, with styles, and with an excerpt below the place.
pub(crate) fn render(finding: &Finding, excerpt: Option<&str>) -> String {
    let style = style(finding.severity);
    let plain = legible(&finding.to_string());
    let heading = format!("{}[{}]", finding.severity, finding.rule);
    let mut text = match plain.strip_prefix(&heading) {
        Some(rest) => format!("{style}{heading}{style:#}{rest}"),
        None => plain,
    };
    if let Some(excerpt) = excerpt
        && let Some(start) = text.find("\n  --> ")
    {
        let end = text[start + 1..].find('\n').map_or(text.len(), |length| start + 1 + length);
        text.insert_str(end, &format!("\n{}", excerpt.trim_end_matches('\n')));
    }
    for (mark, style) in [("\n  --> ", PLACE), ("\n  hint: ", HINT)] {
        if let Some((before, after)) = text.split_once(mark) {
            let mut marked = format!("{before}\n  ");
            let mark = mark.trim();
            let _ = write!(marked, "{style}{mark}{style:#} {after}");
            text = marked;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_change_nothing_else() {
        let finding =
            Finding::warning("FW0001", "too close").hint("move away").in_stack("web").path(["Resources"]);
        let styled = render(&finding, None);
        assert_eq!(anstream::adapter::strip_str(&styled).to_string(), finding.to_string());
        assert_ne!(styled, finding.to_string());
        assert_eq!(summary([&finding]).as_deref(), Some("1 warning"));
    }
}
