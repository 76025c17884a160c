//! Which entries of two templates are the same thing.

use super::meaning::Template;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for any number in an id.
const NUMBER: &str = "{n}";

/// Two patterns of ids: what fits both, by the same number, is the same thing. Where one of them has no
/// number, one thing stands for several.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Pair {
    formwork: String,
    /// Without the digits of a hash at its end.
    cdk: String,
}

/// Entries of both sides that are the same thing.
#[derive(Debug, Default, Clone)]
pub(crate) struct Matched {
    /// Of theirs, by its id, which of ours.
    pub(crate) ours_of: BTreeMap<String, String>,
}

impl Matched {
    pub(crate) fn new(ours: &Template, theirs: &Template, pairs: &[Pair]) -> Self {
        let mut matched = Self::default();
        for id in theirs.0.keys() {
            let found = pairs.iter().find_map(|pair| {
                let number = fits(&pair.cdk, without_hash(id)).or_else(|| fits(&pair.cdk, id))?;
                let own = pair.formwork.replace(NUMBER, number);
                ours.0.contains_key(&own).then_some(own)
            });
            if let Some(own) = found {
                matched.ours_of.insert(id.clone(), own);
            }
        }
        matched.add_single_ones(ours, theirs);
        matched
    }

    /// What is the only one of its kind that is left on both sides is the same thing.
    fn add_single_ones(&mut self, ours: &Template, theirs: &Template) {
        let taken: BTreeSet<String> = self.ours_of.values().cloned().collect();
        let left = |template: &Template, taken: &dyn Fn(&str) -> bool| {
            let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (id, entry) in template.0.iter().filter(|(id, _)| !taken(id)) {
                kinds.entry(entry.kind.clone()).or_default().push(id.clone());
            }
            kinds
        };
        let own = left(ours, &|id| taken.contains(id));
        let other = left(theirs, &|id| self.ours_of.contains_key(id));
        for (kind, ids) in other {
            if let ([their], Some([our])) = (ids.as_slice(), own.get(&kind).map(Vec::as_slice)) {
                self.ours_of.insert(their.clone(), our.clone());
            }
        }
    }
}

/// An id of the CDK's without the eight hexadecimal digits that it puts at the end.
pub(crate) fn without_hash(id: &str) -> &str {
    let Some(start) = id.len().checked_sub(8).filter(|start| id.is_char_boundary(*start)) else { return id };
    let (name, hash) = id.split_at(start);
    let is_hash = hash.chars().all(|digit| digit.is_ascii_digit() || ('A'..='F').contains(&digit));
    if is_hash && !name.is_empty() { name } else { id }
}

/// The number for which a pattern is the id; an empty one where the pattern has none.
fn fits<'id>(pattern: &str, id: &'id str) -> Option<&'id str> {
    let Some((before, after)) = pattern.split_once(NUMBER) else {
        return (pattern == id).then_some("");
    };
    let number = id.strip_prefix(before)?.strip_suffix(after)?;
    (!number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit())).then_some(number)
}

/// Numbers of ids within a text, as patterns have them.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}').unwrap_or((after, ""));
        result.push_str(before);
        result.push_str("${");
        result.push_str(&pattern_of(inside));
        result.push('}');
        rest = behind;
    }
    result.push_str(rest);
    result
}

/// An id with each number as patterns have it.
pub(crate) fn pattern_of(id: &str) -> String {
    let mut result = String::new();
    let mut in_number = false;
    for letter in id.chars() {
        if !letter.is_ascii_digit() {
            result.push(letter);
        } else if !in_number {
            result.push_str(NUMBER);
        }
        in_number = letter.is_ascii_digit();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_numbers() {
        assert_eq!(without_hash("Queue032239523"), "Queue0");
        assert_eq!(without_hash("Url"), "Url");
        assert_eq!(fits("Role{n}DefaultPolicy", "Role12DefaultPolicy"), Some("12"));
        assert_eq!(fits("Role{n}", "RoleDefault"), None);
        assert_eq!(without_numbers("${Bucket12.Arn}/2026/*"), "${Bucket{n}.Arn}/2026/*");
    }
}
