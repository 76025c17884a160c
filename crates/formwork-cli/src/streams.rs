//! Lets the output of the app through, and holds back what the command itself will show.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

/// What an app wrote to one of its streams.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// Whether there was anything.
    pub(crate) any: bool,
    /// What was held back.
    pub(crate) held: Vec<u8>,
}

/// Passes what is read on, until `hold` says to hold back the rest.
///
/// Where nobody listens any more it reads on all the same: the app must not fail for that, nor its
/// failure go unseen.
pub(crate) fn pass(mut from: impl Read, mut to: impl Write, hold: impl Fn() -> bool) -> io::Result<Passed> {
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
            let _ = to.write_all(&chunk[..length]);
        } else {
            passed.held.extend_from_slice(&chunk[..length]);
        }
    }
}

/// Whether an app has written its findings: it does so before it tells them.
pub(crate) fn has_findings(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0)
}

/// What an app said without the listing of its findings, which may be indented, as the cause of
/// another error is. What it says in a form of its own stays: twice is better than not at all.
pub(crate) fn without_listing(text: &str, listing: &str) -> String {
    let said: Vec<&str> = text.lines().collect();
    let listed: Vec<&str> = listing.lines().map(str::trim).collect();
    let Some(start) = said.windows(listed.len().max(1)).position(|lines| repeats(lines, &listed)) else {
        return text.to_owned();
    };
    let mut kept = said;
    kept.drain(start..start + listed.len());
    kept.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Whether lines are those of the listing. Its first one may follow something, such as `Error: `.
fn repeats(lines: &[&str], listed: &[&str]) -> bool {
    let Some((first, rest)) = listed.split_first() else { return false };
    lines[0].trim_end().ends_with(first) && lines[1..].iter().map(|line| line.trim()).eq(rest.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "synthesis found 1 error\n\nerror[X]: wrong\n  --> main.rs:1";

    #[test]
    fn only_the_listing_is_taken_out() {
        let said = format!("synthesis found 3 zones\nError: {LISTING}\nbye\n");
        assert_eq!(without_listing(&said, LISTING), "synthesis found 3 zones\nbye\n");
        assert_eq!(without_listing(&format!("Error: {LISTING}\n"), LISTING), "");
        assert_eq!(without_listing("Error: no such zone\n", LISTING), "Error: no such zone\n");
        let indented = LISTING.replace('\n', "\n    ");
        let said = format!("Error: no stacks\n\nCaused by:\n    {indented}\n");
        assert_eq!(without_listing(&said, LISTING), "Error: no stacks\n\nCaused by:\n");
    }

    #[test]
    fn an_app_is_read_to_its_end_when_nobody_listens() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let passed = pass(io::repeat(b'a').take(100_000), Closed, || false).expect("it is read");
        assert!(passed.any && passed.held.is_empty());
    }
}
