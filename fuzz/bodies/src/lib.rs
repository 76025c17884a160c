//! What must hold for any bytes: one function for each fuzz target, which panics where it does not.
//!
//! cargo-fuzz calls them from `fuzz/fuzz_targets`, and an ordinary test of this package with what
//! [`mutate`] makes of the seeds, the same in every run.
#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzz target says that it found something"
)]

pub mod mutate;
pub mod seeds;

use formwork_check::Options;
use formwork_template::{
    Template,
    read::{self, BYTES, Document, Format, ReadError, Reason},
};

/// A fuzz target.
pub type Body = fn(&[u8]);

/// The targets by name.
pub const BODIES: [(&str, Body); 3] = [("json", json), ("yaml", yaml), ("check", check)];

/// What was read is written as JSON and read back as the same data, and the reader that keeps no
/// positions reads the same.
pub fn json(data: &[u8]) {
    let Some(document) = document(data) else { return };
    let template = document.template();
    let written = template.to_json();
    assert_eq!(template.compact_json_bytes(), template.to_compact_json().len(), "bytes are miscounted");
    back(&written, Format::Json, &written);
    if document.format() == Format::Json {
        let text = String::from_utf8_lossy(data);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match Template::from_json(text) {
            Ok(other) => assert_eq!(other.to_json(), written, "two readers of JSON differ"),
            Err(error) => panic!("one reader of JSON refuses what the other takes: {error}"),
        }
    }
}

/// What was read is written as YAML and read back as the same data, and written again as the same
/// text.
pub fn yaml(data: &[u8]) {
    let Some(document) = document(data) else { return };
    let written = document.template().to_yaml();
    if let Some(again) = back(&written, Format::Yaml, &document.template().to_json()) {
        assert_eq!(again.template().to_yaml(), written, "YAML is not written the same again");
    }
}

/// What was read is judged, twice the same, and every finding says what and has a place.
pub fn check(data: &[u8]) {
    let Some(document) = document(data) else { return };
    let findings = formwork_check::check(document.template(), &Options::new());
    assert_eq!(
        formwork_check::check(document.template(), &Options::new()),
        findings,
        "judged differently the second time"
    );
    for finding in findings {
        assert!(!finding.rule.is_empty() && !finding.message.is_empty(), "an empty finding: {finding:?}");
        let place = document.locate_nearest(finding.path.iter().map(String::as_str));
        assert!(place.value.start <= place.value.end, "a finding at no place: {finding:?}");
    }
}

/// The document, if the bytes are one; otherwise their error has a place in the text.
fn document(data: &[u8]) -> Option<Document> {
    match read::read_bytes(data) {
        Ok(document) => Some(document),
        Err(error) => {
            in_text(&error, data);
            None
        }
    }
}

fn in_text(error: &ReadError, data: &[u8]) {
    // Bytes beyond the limit are not looked at.
    if data.len() > BYTES {
        return;
    }
    assert!(!error.message.is_empty());
    let text = String::from_utf8_lossy(data);
    // YAML knows other ends of a line beside the newline.
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
    for place in [Some(error.position), error.first].into_iter().flatten() {
        let (line, column) = (place.line as usize, place.column as usize);
        assert!((1..=lines + 1).contains(&line), "an error at {place} of {lines} lines: {error}");
        assert!((1..=text.len() + 2).contains(&column), "an error at {place}: {error}");
    }
}

/// Reads what was written and compares the data. Text that aliases made longer than what is read
/// is let go.
fn back(written: &str, format: Format, data: &str) -> Option<Document> {
    match read::read(written) {
        Ok(document) => {
            assert_eq!(document.template().to_json(), data, "read back as something else");
            // A template without sections is written alike in both.
            assert!(
                document.format() == format || document.template().sections().is_empty(),
                "read as the other language"
            );
            Some(document)
        }
        Err(error) if error.reason == Reason::Limit && written.len() > BYTES => None,
        Err(error) => panic!("what was written is refused: {error}"),
    }
}
