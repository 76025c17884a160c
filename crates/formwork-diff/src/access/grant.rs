//! [`Grant`]: one permission, taken apart as far as it goes.

/// Whether something is allowed or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Allow,
    Deny,
}

/// A pattern for actions, such as `s3:Get*`, or `all but ...`. The service ignores its case.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    written: String,
    lower: String,
}

impl Action {
    pub(crate) fn as_str(&self) -> &str {
        &self.written
    }
}

impl From<String> for Action {
    fn from(written: String) -> Self {
        let lower = written.to_ascii_lowercase();
        Self { written, lower }
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.lower == other.lower
    }
}

impl Eq for Action {}

impl PartialOrd for Action {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Action {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.lower.cmp(&other.lower)
    }
}

/// One principal, one action, one resource. What is not known stands as `${...}` or as JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    pub(crate) principal: String,
    pub(crate) verdict: Verdict,
    pub(crate) action: Action,
    /// A pattern, or `all but ...`.
    pub(crate) resource: String,
    pub(crate) condition: Option<String>,
    /// Whether a value in it is known only at deployment, and is not that of the stack's own resource.
    pub(crate) unknown: bool,
}

impl Grant {
    /// Whether who has this needs no other.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.verdict == other.verdict
            && (self.principal == other.principal
                || self.verdict == Verdict::Allow && self.principal == super::words::EVERYONE)
            && (self.condition.is_none() || self.condition == other.condition)
            && matches(&self.action.lower, &other.action.lower)
            && matches(&self.resource, &other.resource)
    }

    /// Whether the other may be the same with another value in place of an expression.
    pub(crate) fn resembles(&self, other: &Self) -> bool {
        self.verdict == other.verdict
            && self.principal == other.principal
            && self.action == other.action
            && (self.unknown || other.unknown)
    }

    /// Whether all of it is known.
    pub(crate) const fn is_known(&self) -> bool {
        !self.unknown
    }
}

/// Whether a pattern with `*` and `?` covers a text, which may be a pattern itself.
fn matches(pattern: &str, text: &str) -> bool {
    if pattern == text || pattern == "*" {
        return true;
    }
    if !pattern.contains(['*', '?']) {
        return false;
    }
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut in_text) = (0, 0);
    // Where the last star stood, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, in_text));
                at += 1;
            }
            // A star of the text stands for more than one character.
            Some(b'?') if text[in_text] != b'*' => {
                at += 1;
                in_text += 1;
            }
            Some(byte) if *byte == text[in_text] => {
                at += 1;
                in_text += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                in_text = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_cover_what_they_stand_for() {
        for (pattern, text) in
            [("*", "s3:GetObject"), ("s3:*", "s3:Get*"), ("s3:Get?bject", "s3:GetObject"), ("a*c*e", "abcde")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("s3:Get*", "s3:*"), ("s3:?", "s3:*"), ("a", "b"), ("a*c", "abcd")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
