//! [`Failure`]: an error that the user can mend, and how errors are shown.

use std::{error::Error, fmt};

use crate::{exit_code, terminal::Terminal};

/// An error with a hint and an exit code of its own.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl Failure {
    /// An error: what is wrong, in lower case and without full stop.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: exit_code::ERROR }
    }

    /// Says how to mend it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Exits with another code.
    pub(crate) fn code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for Failure {}

/// Shows an error, and gives the code to exit with.
pub(crate) fn report(error: &anyhow::Error, terminal: &mut Terminal) -> u8 {
    let failure = error.downcast_ref::<Failure>();
    let hint = failure.and_then(|failure| failure.hint.as_deref());
    terminal.error(&format!("{error:#}"), hint);
    failure.map_or(exit_code::ERROR, |failure| failure.code)
}
