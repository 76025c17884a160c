//! Digests as text.

use std::fmt::Write as _;

/// A digest as names and keys have it.
pub(crate) fn hexadecimal(digest: &[u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
