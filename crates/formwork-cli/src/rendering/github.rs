//! Annotations for GitHub Actions.
//!
//! See [workflow commands](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message).

use formwork_core::{Finding, Severity};

use super::{Place, text};

/// One annotation a line.
pub(crate) fn render(findings: &[&Finding]) -> String {
    let mut lines = String::new();
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = vec![format!("title={}", property(&finding.rule))];
        if let Some(place) = Place::of(finding) {
            properties.push(format!("file={}", property(place.file)));
            properties.extend(place.line.map(|line| format!("line={line}")));
            properties.extend(place.column.map(|column| format!("col={column}")));
        }
        lines += &["::", command, " ", &properties.join(","), "::", &data(&text(finding)), "\n"].concat();
    }
    lines
}

pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        let mut finding = Finding::warning("W1", "100 %: a, b\nc").hint("mend");
        finding.file = Some("a,b:c.yaml".to_owned());
        finding.line = Some(3);
        let line = render(&[&finding]);
        assert_eq!(line, "::warning title=W1,file=a%2Cb%3Ac.yaml,line=3::100 %25: a, b%0Ac%0Ahint: mend\n");
    }
}
