//! The command as its users meet it: exit code, standard output and standard error.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "what must not be fails the test")]

mod baseline;
mod check;
mod completions;
mod diff;
mod drift_issue;
mod engine;
mod errors;
mod explain;
mod gh;
mod help;
mod init;
mod list;
mod project;
mod review;
mod settings;
mod synth;
