//! The exit codes of every subcommand: part of the command's stable interface.

/// Done, or nothing to do.
pub(crate) const DONE: u8 = 0;
/// An error: of the project, of the app, of the system.
pub(crate) const ERROR: u8 = 1;
/// The command line is not understood.
pub(crate) const USAGE: u8 = 2;
/// Something differs, and `--exit-code` asks.
pub(crate) const DIFFERENCES: u8 = 3;
/// Something has drifted, and `--exit-code` asks.
pub(crate) const DRIFT: u8 = 4;
/// Findings at or above `--fail-on`; errors always are.
pub(crate) const FINDINGS: u8 = 5;
/// Not everything could be checked, and `--strict` asks.
pub(crate) const INCOMPLETE: u8 = 6;
/// The deployment failed, and the stacks are as they were before.
pub(crate) const ROLLED_BACK: u8 = 7;
/// Interrupted by the user: what a shell makes of the signal.
pub(crate) const INTERRUPTED: u8 = 130;

/// Every code with its meaning, as `--help` and the manual have it.
pub(crate) const ALL: [(u8, &str); 9] = [
    (DONE, "done, or nothing to do"),
    (ERROR, "error"),
    (USAGE, "usage: the command line is not understood"),
    (DIFFERENCES, "differences, with `diff --exit-code`"),
    (DRIFT, "drift, with `drift --exit-code`"),
    (FINDINGS, "findings at or above `--fail-on`, or a diff that `--fail-on` does not allow"),
    (INCOMPLETE, "not everything could be checked, with `drift --strict`"),
    (ROLLED_BACK, "the deployment failed and was rolled back"),
    (INTERRUPTED, "interrupted"),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::ALL;
    use crate::{arguments::Arguments, environment};

    /// The help and the manual name every code and variable, and no others.
    #[test]
    fn the_help_and_the_manual_agree_with_the_constants() {
        let help = Arguments::command().render_long_help().to_string();
        let manual = include_str!("../README.md");
        let rows = |title: &str| -> Vec<String> {
            let section = manual.split(&format!("## {title}\n")).nth(1).expect("the manual has the section");
            let section = section.split("\n## ").next().unwrap_or_default();
            let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
            rows.map(str::to_owned).collect()
        };
        let codes: Vec<String> =
            ALL.iter().map(|(code, meaning)| format!("| {code} | {meaning} |")).collect();
        assert_eq!(rows("Exit codes"), codes);
        let variables: Vec<String> =
            environment::ALL.iter().map(|(name, meaning)| format!("| `{name}` | {meaning} |")).collect();
        assert_eq!(rows("Environment"), variables);
        for (code, meaning) in ALL {
            assert!(help.contains(&format!("{code:>5}  {meaning}")), "{code} is not in the help");
        }
        for (name, _) in environment::ALL {
            assert!(help.contains(name), "{name} is not in the help");
        }
    }
}
