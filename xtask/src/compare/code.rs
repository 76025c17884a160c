//! How much a person writes: lines and characters of code, without comments and imports.

use std::ops::AddAssign;

/// The size of a program, as it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) lines: usize,
    /// Without white space.
    pub(crate) characters: usize,
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.characters += other.characters;
    }
}

impl Size {
    /// Counts a program in Rust or TypeScript, which write comments alike.
    pub(crate) fn of(text: &str) -> Self {
        let mut size = Self::default();
        let (mut in_comment, mut in_import) = (false, false);
        for line in text.lines().map(str::trim) {
            if in_comment || line.starts_with("/*") {
                in_comment = !line.ends_with("*/");
                continue;
            }
            if line.is_empty() || line.starts_with("//") {
                continue;
            }
            if in_import || line.starts_with("use ") || line.starts_with("import ") {
                in_import = !line.ends_with(';');
                continue;
            }
            // A comment behind code is none of the code; `//` in a text has no space before it.
            let code = line.split_once(" // ").map_or(line, |(code, _)| code);
            size.lines += 1;
            size.characters += code.chars().filter(|letter| !letter.is_whitespace()).count();
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_imports_do_not_count() {
        let text = "//! A stack.\n\nuse std::{\n    fmt,\n    fs,\n};\n\n/** Of\n * a kind. */\nfn main() {\n    a(\"http://b\"); // why\n}\n";
        assert_eq!(Size::of(text), Size { lines: 3, characters: 9 + 14 + 1 });
    }
}
