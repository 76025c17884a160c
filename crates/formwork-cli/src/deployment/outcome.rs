//! The end of a command that changes stacks: what became of them, and the exit code.

use anyhow::Result;
use formwork_deploy::deployment::Report;

use super::{desk, report, screen::Form};
use crate::{connection_options::ConnectionOptions, exit_code, interruptible::Ending, terminal::Terminal};

/// What the end is told by.
pub(crate) struct Told<'a> {
    pub(crate) options: &'a ConnectionOptions,
    pub(crate) progress: Option<Form>,
    /// Whether something would have been asked, and nobody was there.
    pub(crate) is_unattended: bool,
}

/// Shows what became of the stacks, and says what that is for the exit code. Without a report, the user left.
pub(crate) fn tell(
    report: Option<&Report>,
    ending: Ending,
    told: &Told<'_>,
    terminal: &mut Terminal,
) -> Result<u8> {
    let Some(report) = report else { return Ok(exit_code::INTERRUPTED) };
    let words = told.progress != Some(Form::Json);
    for stack in &report.stacks {
        let texts = [report::failure(stack, told.options), report::leftovers(stack)];
        for text in texts.into_iter().flatten().filter(|_| words) {
            terminal.insist(&text);
        }
    }
    if told.is_unattended && words {
        terminal.insist(&desk::unattended_hint());
    }
    if terminal.wants_json() {
        terminal.json(report)?;
    } else if !terminal.is_quiet() {
        terminal.data(&report::summary(report))?;
    }
    let is_interrupted = ending == Ending::Interrupted && !report.is_success();
    Ok(if is_interrupted { exit_code::INTERRUPTED } else { report::code(report) })
}
