//! Drift as annotations for GitHub Actions: an error for what drifted, a warning for what nobody looked at.

use formwork_deploy::drift::{DriftReport, Verdict};

use super::report::Report;
use crate::rendering::github::{data, property};

/// One annotation a line.
pub(crate) fn render(drift: &DriftReport, report: &Report) -> String {
    let mut lines = Vec::new();
    let mut tell = |command: &str, title: &str, place: Option<(&str, u32)>, message: &str| {
        let mut properties = vec![format!("title={}", property(title))];
        if let Some((file, line)) = place {
            properties.extend([format!("file={}", property(file)), format!("line={line}")]);
        }
        lines.push(format!("::{command} {}::{}", properties.join(","), data(message)));
    };
    for (stack, words) in drift.stacks.iter().zip(&report.stacks) {
        for resource in &stack.resources {
            let command = match resource.status {
                _ if resource.is_drift() => "error",
                Verdict::Unknown | Verdict::Unsupported | Verdict::NotChecked => "warning",
                _ => continue,
            };
            let place = resource.source.as_ref().map(|source| (source.file.as_ref(), source.line));
            let found = words.resources.iter().find(|found| found.logical_id == resource.logical_id);
            let mut message = format!("{} ({})", resource.logical_id, resource.resource_type);
            if let Some(found) = found {
                let reason = found.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                message = format!("{message} is {}{reason}", found.status);
                for change in found.changes.iter().filter(|change| change.note.is_none()) {
                    let [declared, actual] =
                        [&change.declared, &change.actual].map(|value| value.as_deref().unwrap_or("nothing"));
                    message = format!("{message}\n{}: {declared} -> {actual}", change.path);
                }
            }
            tell(command, &format!("drift of {}", stack.name), place, &message);
        }
        for setting in words.settings.iter().filter(|setting| setting.drifted) {
            let [declared, actual] =
                [&setting.declared, &setting.actual].map(|value| value.as_deref().unwrap_or("nothing"));
            let message = format!("{}: {declared} -> {actual}", setting.name);
            tell("error", &format!("drift of {}", stack.name), None, &message);
        }
    }
    lines
        .push(format!("::notice title=drift::{}", data(&format!("{}; {}", report.summary, report.coverage))));
    lines.join("\n") + "\n"
}
