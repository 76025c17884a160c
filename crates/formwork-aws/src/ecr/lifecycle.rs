//! [`ImageLifecycleRule`]: which images of a repository go, and when.

use formwork_core::{Finding, Scope};
use serde_json::{Value, json};

/// The most rules of a repository.
const MOST_RULES: usize = 50;
/// The most wildcards in a pattern of tags.
const MOST_WILDCARDS: usize = 4;
/// The fewest days that an archived image is kept.
const LEAST_ARCHIVED: u32 = 90;

/// Which images of a repository go, and when. The first rule that an image is within decides on it.
///
/// See [lifecycle policies](https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html).
///
/// ```
/// use formwork_aws::ecr::{ImageLifecycleRule, Repository};
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// Repository::new()
///     .lifecycle(ImageLifecycleRule::keep_newest(30).of_tags_like(["release-*"]))
///     .lifecycle(ImageLifecycleRule::expire_after_days(14).of_untagged())
///     .lifecycle(ImageLifecycleRule::expire_after_days(90))
///     .build(&mut stack, "Images");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a repository takes the rule: `repository.lifecycle(rule)`"]
pub struct ImageLifecycleRule {
    images: Images,
    limit: Limit,
    number: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Images {
    Any,
    Untagged,
    Prefixes(Vec<String>),
    Patterns(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Count,
    SincePush,
    ArchiveSincePull,
    SinceArchive,
}

impl ImageLifecycleRule {
    const fn of(limit: Limit, number: u32) -> Self {
        Self { images: Images::Any, limit, number }
    }

    /// Keeps the newest images, this many, and deletes the others.
    pub const fn keep_newest(count: u32) -> Self {
        Self::of(Limit::Count, count)
    }

    /// Deletes images that were pushed more than so many days ago.
    pub const fn expire_after_days(days: u32) -> Self {
        Self::of(Limit::SincePush, days)
    }

    /// Moves images that nobody has pulled for so many days to the archive, where they cost less, and
    /// from where they have to be restored before they can be pulled.
    pub const fn archive_unpulled_after_days(days: u32) -> Self {
        Self::of(Limit::ArchiveSincePull, days)
    }

    /// Deletes images that have been in the archive for so many days: 90 or more.
    pub const fn expire_archived_after_days(days: u32) -> Self {
        Self::of(Limit::SinceArchive, days)
    }

    /// Of images without a tag alone.
    pub fn of_untagged(mut self) -> Self {
        self.images = Images::Untagged;
        self
    }

    /// Of images that have a tag for each of these patterns, in which `*` stands for anything
    /// (`release-*`): 4 times in a pattern at most.
    pub fn of_tags_like<T: Into<String>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.images = Images::Patterns(patterns.into_iter().map(Into::into).collect());
        self
    }

    /// Of images that have a tag for each of these beginnings (`release-`).
    pub fn of_tag_prefixes<T: Into<String>>(mut self, prefixes: impl IntoIterator<Item = T>) -> Self {
        self.images = Images::Prefixes(prefixes.into_iter().map(Into::into).collect());
        self
    }

    /// Why the service refuses the rule, if it does.
    fn mistake(&self) -> Option<String> {
        if self.number == 0 {
            return Some("a rule of a repository counts to 0: it has to keep at least one".to_owned());
        }
        if self.limit == Limit::SinceArchive && self.number < LEAST_ARCHIVED {
            return Some(format!(
                "a rule deletes images {} days after they were archived: {LEAST_ARCHIVED} are the fewest",
                self.number
            ));
        }
        match &self.images {
            Images::Any | Images::Untagged => None,
            Images::Prefixes(tags) | Images::Patterns(tags) if tags.is_empty() => {
                Some("a rule of a repository is about tags, and names none".to_owned())
            }
            Images::Patterns(patterns) => patterns
                .iter()
                .find(|pattern| pattern.matches('*').count() > MOST_WILDCARDS)
                .map(|pattern| format!("`{pattern}` has more than {MOST_WILDCARDS} wildcards")),
            Images::Prefixes(prefixes) => prefixes
                .iter()
                .find(|prefix| prefix.contains('*'))
                .map(|prefix| format!("`{prefix}` is the beginning of no tag: patterns are `of_tags_like`")),
        }
    }

    fn json(&self, priority: usize) -> Value {
        let (kind, days, class) = match self.limit {
            Limit::Count => ("imageCountMoreThan", false, None),
            Limit::SincePush => ("sinceImagePushed", true, None),
            Limit::ArchiveSincePull => ("sinceImagePulled", true, None),
            Limit::SinceArchive => ("sinceImageTransitioned", true, Some("archive")),
        };
        let mut selection = json!({ "countType": kind, "countNumber": self.number });
        if days {
            selection["countUnit"] = json!("days");
        }
        if let Some(class) = class {
            selection["storageClass"] = json!(class);
        }
        selection["tagStatus"] = json!(match &self.images {
            Images::Any => "any",
            Images::Untagged => "untagged",
            Images::Prefixes(prefixes) => {
                selection["tagPrefixList"] = json!(prefixes);
                "tagged"
            }
            Images::Patterns(patterns) => {
                selection["tagPatternList"] = json!(patterns);
                "tagged"
            }
        });
        let action = if self.limit == Limit::ArchiveSincePull {
            json!({ "type": "transition", "targetStorageClass": "archive" })
        } else {
            json!({ "type": "expire" })
        };
        json!({ "rulePriority": priority, "selection": selection, "action": action })
    }
}

/// The policy of these rules, in their order. Reports (`FW0486`) what the service refuses.
pub(super) fn policy(rules: &[ImageLifecycleRule], scope: &mut Scope<'_>) -> String {
    for mistake in rules.iter().filter_map(ImageLifecycleRule::mistake) {
        scope.report(Finding::error("FW0486", mistake));
    }
    if rules.len() > MOST_RULES {
        let message = format!("the repository has {} rules: {MOST_RULES} are the most", rules.len());
        scope.report(Finding::error("FW0486", message));
    }
    // Archived images are counted apart, so that each of the two classes may have such a rule.
    for archived in [false, true] {
        let mut of_class = rules.iter().filter(|rule| (rule.limit == Limit::SinceArchive) == archived);
        if of_class.any(|rule| rule.images == Images::Any) && of_class.next().is_some() {
            let message = "a rule of the repository for all images stands before another one";
            let hint = "put it last, as the service has it: what comes after it would never be asked";
            scope.report(Finding::error("FW0486", message).hint(hint));
        }
    }
    let rules: Vec<Value> = rules.iter().enumerate().map(|(place, rule)| rule.json(place + 1)).collect();
    json!({ "rules": rules }).to_string()
}
