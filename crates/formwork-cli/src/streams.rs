//! Lets the output of the app through, and holds back what the command itself will show.

use std::{
    fs,
    io::{self, Read, Write as _},
    path::Path,
};

/// How the error of a synthesis that found errors begins: its findings follow.
const LISTING: &str = "synthesis found ";

/// What an app wrote to one of its streams.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// Whether there was anything.
    pub(crate) any: bool,
    /// What was held back.
    pub(crate) held: Vec<u8>,
}

/// Passes what is read on to standard error, until `hold` says to hold back the rest.
pub(crate) fn pass(mut from: impl Read, hold: impl Fn() -> bool) -> io::Result<Passed> {
    let mut passed = Passed::default();
    let mut chunk = vec![0; 16 * 1024];
    loop {
        let length = match from.read(&mut chunk) {
            Ok(0) => return Ok(passed),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        passed.any = true;
        if passed.held.is_empty() && !hold() {
            io::stderr().write_all(&chunk[..length])?;
        } else {
            passed.held.extend_from_slice(&chunk[..length]);
        }
    }
}

/// Whether an app has written its findings: it does so before it tells them.
pub(crate) fn has_findings(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0)
}

/// What stands before the lines that tell the findings.
pub(crate) fn before_listing(text: &str) -> &str {
    match text.find(LISTING) {
        Some(position) => text[..position].rfind('\n').map_or("", |end| &text[..=end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_app_says_before_its_findings_is_kept() {
        assert_eq!(
            before_listing("looking up zones\nError: synthesis found 1 error\n\nerror[X]"),
            "looking up zones\n"
        );
        assert_eq!(before_listing("Error: synthesis found 1 error\n"), "");
        assert_eq!(before_listing("Error: no such zone\n"), "Error: no such zone\n");
    }
}
