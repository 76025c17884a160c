//! Regular expressions of the facts, compiled once a process.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use fancy_regex::{Regex, RegexBuilder};

/// The memory that a pattern may take when it is compiled, in bytes.
const PATTERN_BYTES: usize = 4 * 1024 * 1024;
/// The steps that looking for a pattern may take, where it looks around.
const STEPS: usize = 100_000;

/// Patterns that were compiled; none for those that this engine does not know.
type Compiled = RwLock<HashMap<&'static str, Option<Arc<Regex>>>>;

/// Whether a pattern is found in a text; what cannot be told is taken for found.
pub(crate) fn matches(pattern: &'static str, text: &str) -> bool {
    find(pattern, text).unwrap_or(true)
}

/// Whether a pattern is found in a text. Nothing where the pattern is of another kind, or takes too
/// long.
pub(crate) fn find(pattern: &'static str, text: &str) -> Option<bool> {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Compiled::default);
    let known = compiled.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
    let regex = known.unwrap_or_else(|| {
        let regex = compile(pattern).map(Arc::new);
        compiled.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, regex.clone());
        regex
    });
    regex?.is_match(text).ok()
}

fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&translated(pattern));
    builder.delegate_size_limit(PATTERN_BYTES).backtrack_limit(STEPS).build().ok()
}

/// An expression of ECMA 262 as this engine reads it: a brace that counts nothing is a brace, and
/// classes of letters are those of ASCII, which are also many times faster to compile.
fn translated(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut within = false;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        match letter {
            '\\' => {
                let escape = rest[1..].chars().next();
                let class = match escape {
                    Some('d') => Some("0-9"),
                    Some('w') => Some("A-Za-z0-9_"),
                    Some('s') => Some(r" \t\n\r\x0B\x0C"),
                    _ => None,
                };
                match class {
                    Some(class) if within => text += class,
                    Some(class) => text.extend(["[", class, "]"]),
                    None => {
                        text.push('\\');
                        text.extend(escape);
                        // The braces of `\p{...}` and of `\u{...}` are no count.
                        if let (Some('p' | 'P' | 'u' | 'x'), Some(end)) = (escape, rest.find('}'))
                            && rest[2..].starts_with('{')
                        {
                            text += &rest[2..=end];
                            taken = end;
                        }
                    }
                }
                taken =
                    taken.max(1) + escape.map_or(0, |escape| if taken > 1 { 1 } else { escape.len_utf8() });
            }
            '[' if !within => {
                within = true;
                text.push('[');
            }
            '[' => text += r"\[",
            ']' if within => {
                within = false;
                text.push(']');
            }
            '{' if !within && !counts(&rest[1..]) => text += r"\{",
            other => text.push(other),
        }
        rest = &rest[taken..];
    }
    text
}

/// Whether a brace counts: what follows is a number, or two.
fn counts(rest: &str) -> bool {
    let inside = rest.split('}').next().unwrap_or_default();
    !inside.is_empty() && inside.chars().all(|letter| letter.is_ascii_digit() || letter == ',')
}

#[cfg(test)]
mod tests {
    use super::{find, translated};

    #[test]
    fn expressions_are_read_as_their_authors_mean_them() {
        let expressions =
            [r"^\d{12}$", r"^[\w+=,.@-]+$", r"^${AWS::Region}$", r"\p{L}{2}\s", r"[[\]]{1,3}", r"a{1-3}\{"];
        let read: Vec<String> = expressions.iter().map(|expression| translated(expression)).collect();
        insta::assert_snapshot!(read.join("\n"), @r"
        ^[0-9]{12}$
        ^[A-Za-z0-9_+=,.@-]+$
        ^$\{AWS::Region}$
        \p{L}{2}[ \t\n\r\x0B\x0C]
        [\[\]]{1,3}
        a\{1-3}\{
        ");
        assert_eq!(find(r"^(?!custom-).*$", "custom-oracle"), Some(false));
        assert_eq!(find(r"^\d+$", "\u{661}"), Some(false));
        assert_eq!(find(r"^(", "a"), None);
    }
}
