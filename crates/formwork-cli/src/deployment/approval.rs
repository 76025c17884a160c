//! What has to be approved, and who is asked.

use std::{
    io::{self, BufRead as _, IsTerminal as _},
    thread,
};

use clap::ValueEnum;
use formwork_diff::AppDiff;
use tokio::sync::oneshot;

use crate::concern::Concern;

/// What has to be approved before it is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RequireApproval {
    /// Nothing
    Never,
    /// Every change
    AnyChange,
    /// That somebody may do or reach more, and that data is lost
    Broadening,
}

impl RequireApproval {
    /// Why a change has to be approved, if it has to.
    pub(crate) fn reason(self, diff: &AppDiff) -> Option<String> {
        match self {
            Self::Never => None,
            Self::AnyChange => Some("any change".to_owned()),
            Self::Broadening => {
                let loses =
                    diff.stacks.iter().flat_map(|stack| &stack.resources).any(|resource| resource.data_loss);
                let destruction = if loses { Concern::Destruction.reason(diff) } else { None };
                let reasons: Vec<String> =
                    [Concern::Broadening.reason(diff), destruction].into_iter().flatten().collect();
                (!reasons.is_empty()).then(|| reasons.join("; "))
            }
        }
    }
}

/// Whether there is somebody to ask.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The next line that is typed; nothing when the input has ended.
///
/// It is read on a thread of its own: where nobody answers, everything else goes on, and Ctrl-C ends it.
pub(crate) async fn answer() -> Option<String> {
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        // Nobody waits any more after an interruption.
        let _ = sender.send(read.ok().filter(|bytes| *bytes > 0).map(|_| line.trim().to_owned()));
    });
    receiver.await.ok().flatten()
}

/// Whether an answer is a yes.
pub(crate) fn is_yes(answer: Option<&str>) -> bool {
    answer.is_some_and(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
}
