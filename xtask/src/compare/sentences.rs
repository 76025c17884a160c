//! What a person says to each difference: `bench/compare/*.toml`.

use super::pairs::Pair;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// What one comparison knows beside the templates.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notes {
    /// Other files of this kind, whose pairs and sentences count here too.
    #[serde(default)]
    include: Vec<String>,
    #[serde(default, rename = "pair")]
    pub(crate) pairs: Vec<Pair>,
    #[serde(default, rename = "difference")]
    pub(crate) sentences: Vec<Sentence>,
}

/// What there is to say about differences of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sentence {
    pub(crate) title: String,
    pub(crate) verdict: Verdict,
    pub(crate) text: String,
    /// The differences, as `TYPE PROPERTY`; `*` stands for anything.
    pub(crate) on: Vec<String>,
}

/// Who does better, as formwork sees itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Better,
    Worse,
    /// Each is right for some.
    Choice,
    /// Written in another way.
    Same,
}

impl Verdict {
    pub(crate) const ALL: [Self; 4] = [Self::Better, Self::Worse, Self::Choice, Self::Same];

    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Better => "Where formwork does better",
            Self::Worse => "Where the CDK does better",
            Self::Choice => "Where the two choose differently",
            Self::Same => "What is the same, written in another way",
        }
    }
}

impl Notes {
    pub(crate) fn read(directory: &Path, name: &str) -> Result<Self> {
        let path = directory.join(format!("{name}.toml"));
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut notes: Self =
            toml::from_str(&text).with_context(|| format!("cannot parse {}", path.display()))?;
        for other in std::mem::take(&mut notes.include) {
            let other = Self::read(directory, &other)?;
            notes.pairs.extend(other.pairs);
            notes.sentences.extend(other.sentences);
        }
        Ok(notes)
    }

    /// The sentence on a difference, by its place.
    pub(crate) fn sentence(&self, difference: &str) -> Option<usize> {
        self.sentences.iter().position(|sentence| sentence.on.iter().any(|on| fits(on, difference)))
    }
}

/// Whether a text has the form of a pattern, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    let ends = rest.char_indices().map(|(end, _)| end).chain([rest.len()]);
    ends.into_iter().any(|end| fits(after, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("AWS::EC2::* Tags › *", "AWS::EC2::Subnet Tags › team"));
        assert!(!fits("AWS::EC2::* Tags", "AWS::EC2::Subnet Tags › team"));
    }
}
