//! [`Patterns`]: which files are left out, as `.dockerignore` says it.

/// Lines of `.dockerignore`: of those that match, the last one counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Debug, Clone)]
struct Pattern {
    steps: Vec<String>,
    takes_in: bool,
}

impl Patterns {
    /// Adds a line; an empty one and a comment say nothing.
    pub(super) fn add(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with('#') {
            return;
        }
        let (takes_in, path) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim()));
        let steps: Vec<String> =
            path.split('/').filter(|step| !step.is_empty() && *step != ".").map(str::to_owned).collect();
        if !steps.is_empty() {
            self.0.push(Pattern { steps, takes_in });
        }
    }

    /// Whether a path, with `/`, is left out.
    pub(super) fn exclude(&self, path: &str) -> bool {
        let steps: Vec<&str> = path.split('/').collect();
        let last = self.0.iter().rev().find(|pattern| {
            // What is said of a directory is said of all below.
            (1..=steps.len()).any(|length| matches(&pattern.steps, &steps[..length]))
        });
        last.is_some_and(|pattern| !pattern.takes_in)
    }

    /// Whether everything below a directory that is left out is left out too.
    pub(super) fn prune(&self) -> bool {
        self.0.iter().all(|pattern| !pattern.takes_in)
    }
}

fn matches(pattern: &[String], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((step, rest)), _) if step == "**" => {
            matches(rest, path) || path.split_first().is_some_and(|(_, below)| matches(pattern, below))
        }
        (Some((step, rest)), Some((name, below))) => {
            matches_name(&letters(step), &letters(name)) && matches(rest, below)
        }
        _ => false,
    }
}

fn letters(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// One step, in which `*` is any text and `?` any letter.
fn matches_name(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => {
            matches_name(rest, name)
                || name.split_first().is_some_and(|(_, below)| matches_name(pattern, below))
        }
        (Some((letter, rest)), Some((found, below))) => {
            (letter == found || *letter == '?') && matches_name(rest, below)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_docker_reads_in_them() {
        let table: [(&[&str], &[&str], &[&str]); 6] = [
            (&["tests"], &["tests", "tests/deep/a.py"], &["src/tests", "tests.py"]),
            (&["*.md"], &["README.md"], &["docs/README.md"]),
            (&["**/*.pyc", "# **"], &["a.pyc", "deep/er/a.pyc"], &["a.py"]),
            (&["/target/", "a/**/z"], &["target/debug", "a/z", "a/b/c/z"], &["b/z"]),
            (&["*", "!src", "src/te?t"], &["README.md", "src/test"], &["src/lib.rs", "src/tet"]),
            (&["", "!", "."], &[], &["a"]),
        ];
        for (lines, out, kept) in table {
            let mut patterns = Patterns::default();
            for line in lines {
                patterns.add(line);
            }
            for path in out {
                assert!(patterns.exclude(path), "{lines:?} leave out {path}");
            }
            for path in kept {
                assert!(!patterns.exclude(path), "{lines:?} keep {path}");
            }
        }
    }
}
