//! Double-quoted strings, as JSON and YAML both read them.

use std::fmt::Write;

/// Appends a JSON string: every control character of ASCII escaped, all else as it stands.
pub(crate) fn json(out: &mut String, text: &str) {
    out.push('"');
    escape_ascii(out, text);
    out.push('"');
}

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
