//! Double-quoted strings, as JSON and YAML both read them.

use std::fmt::Write;

/// Appends a JSON string: every control character of ASCII escaped, all else as it stands.
pub(crate) fn json(out: &mut String, text: &str) {
    out.push('"');
    escape_ascii(out, text);
    out.push('"');
}

/// The bytes that [`json`] appends.
pub(crate) fn json_bytes(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| usize::from(ESCAPE_BYTES[usize::from(byte)]));
    text.len() + escapes.sum::<usize>() + 2
}

/// The bytes that the escape of each byte has more than the byte. A table, because every text of every
/// template is counted.
const ESCAPE_BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        bytes[control] = 5;
        control += 1;
    }
    bytes[0x7f] = 5;
    bytes[b'"' as usize] = 1;
    bytes[b'\\' as usize] = 1;
    bytes[b'\n' as usize] = 1;
    bytes[b'\r' as usize] = 1;
    bytes[b'\t' as usize] = 1;
    bytes
};

fn escape_ascii(out: &mut String, text: &str) {
    let mut plain = 0;
    for (position, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[plain..position]);
        if escape.is_empty() {
            escape_code(out, u32::from(byte));
        } else {
            out.push_str(escape);
        }
        plain = position + 1;
    }
    out.push_str(&text[plain..]);
}

fn escape_code(out: &mut String, code: u32) {
    write!(out, "\\u{code:04x}").unwrap_or_else(|_| unreachable!("a string takes any text"));
}

/// Appends a double-quoted YAML string on one line: beyond what JSON escapes, whatever YAML 1.1
/// reads as a line break or does not print.
pub(crate) fn yaml(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (position, character) in text.char_indices() {
        if !character.is_ascii() && !is_printable(character) {
            escape_ascii(out, &text[plain..position]);
            escape_code(out, u32::from(character));
            plain = position + character.len_utf8();
        }
    }
    escape_ascii(out, &text[plain..]);
    out.push('"');
}

/// Whether a character may stand in YAML 1.1 as it is, without meaning a line break or an encoding.
pub(crate) fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}
