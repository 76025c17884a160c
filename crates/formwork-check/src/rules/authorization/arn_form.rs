//! [`ArnForm`]: what an ARN may be, as far as a policy or the facts say.

use formwork_template::{
    Value,
    intrinsic::{self, SubPart},
};

use crate::index::Index;

/// The parts of an ARN between colons.
const SEGMENTS: usize = 6;

/// How the ARN of a bucket ends.
const BUCKET: &str = ":::${BucketName}";

/// A part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// This letter.
    Letter(char),
    /// Any letter.
    Any,
    /// Any letters, or none.
    Rest,
    /// Any letters of a name that has no parts.
    Name,
}

impl Part {
    const fn repeats(self) -> bool {
        matches!(self, Self::Rest | Self::Name)
    }

    /// Whether a part that repeats may take what another part stands for.
    const fn takes(self, other: Self) -> bool {
        !matches!((self, other), (Self::Name, Self::Letter('/' | ':')))
    }

    fn meets(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

/// What an ARN may be: letters, and places for others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ArnForm(Vec<Part>);

impl ArnForm {
    /// A resource in a policy. What is known at deployment only may be anything.
    pub(super) fn of_value(value: &Value, index: &Index<'_>) -> Self {
        let mut form = Self::default();
        form.value(value, index);
        form
    }

    /// The form of ARNs of a type, with names in `${...}`.
    pub(super) fn of_type(arn: &str) -> Self {
        let mut form = Self::default();
        // A bucket's name has no parts, so that an object is told from its bucket.
        form.template(arn, if arn.ends_with(BUCKET) { Part::Name } else { Part::Rest });
        form
    }

    /// Whether it stands for everything.
    pub(super) fn is_anything(&self) -> bool {
        self.0 == [Part::Rest]
    }

    /// Whether it stands for everything of a service.
    pub(super) fn is_a_whole_service(&self) -> bool {
        let colons = self.0.iter().filter(|part| **part == Part::Letter(':')).count();
        colons == 5 && matches!(self.0.as_slice(), [.., Part::Letter(':'), Part::Rest])
    }

    /// Whether an ARN can be of both forms.
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (segments(&self.0), segments(&other.0)) {
            // No place for letters goes beyond its part of the ARN.
            (Some(left), Some(right)) => left.iter().zip(&right).all(|(left, right)| meet(left, right)),
            _ => meet(&self.0, &other.0),
        }
    }

    fn value(&mut self, value: &Value, index: &Index<'_>) {
        match value {
            Value::String(text) => self.policy_text(text),
            Value::Map(map) => match intrinsic::of(map) {
                Some(("Fn::Sub", Value::String(text))) => self.sub(text, None, index),
                Some(("Fn::Sub", Value::List(operands))) => match operands.as_slice() {
                    [Value::String(text), variables] => self.sub(text, Some(variables), index),
                    _ => self.0.push(Part::Rest),
                },
                Some(("Fn::Join", Value::List(operands))) => match operands.as_slice() {
                    [Value::String(delimiter), Value::List(items)] => {
                        for (position, item) in items.iter().enumerate() {
                            if position > 0 {
                                self.letters(delimiter);
                            }
                            self.value(item, index);
                        }
                    }
                    _ => self.0.push(Part::Rest),
                },
                Some(("Fn::GetAtt", Value::List(operands))) => match operands.as_slice() {
                    [Value::String(name), Value::String(attribute)] => self.attribute(name, attribute, index),
                    _ => self.0.push(Part::Rest),
                },
                Some(("Fn::GetAtt", Value::String(path))) => {
                    let (name, attribute) = path.split_once('.').unwrap_or((path, ""));
                    self.attribute(name, attribute, index);
                }
                _ => self.0.push(Part::Rest),
            },
            _ => self.0.push(Part::Rest),
        }
    }

    fn sub(&mut self, text: &str, variables: Option<&Value>, index: &Index<'_>) {
        for part in intrinsic::sub_parts(text) {
            match part {
                SubPart::Text(text) => self.policy_text(text),
                SubPart::Escaped(_) => self.0.push(Part::Rest),
                SubPart::Placeholder(name) => match variables.and_then(|known| known.get(name)) {
                    Some(value) => self.value(value, index),
                    None => match name.split_once('.') {
                        Some((resource, attribute)) => self.attribute(resource, attribute, index),
                        None => self.0.push(Part::Rest),
                    },
                },
            }
        }
    }

    /// The ARN of a resource of the template, where its type says what that looks like.
    fn attribute(&mut self, name: &str, attribute: &str, index: &Index<'_>) {
        let resource = index.resource(name).filter(|_| attribute == "Arn");
        let kind = resource.and_then(|resource| resource.resource_type());
        match kind.and_then(formwork_spec::resource).and_then(|facts| facts.arn_template.as_deref()) {
            Some(arn) => self.0.extend(Self::of_type(arn).0),
            None => self.0.push(Part::Rest),
        }
    }

    fn letters(&mut self, text: &str) {
        self.0.extend(text.chars().map(Part::Letter));
    }

    /// Text of a policy, with its own wildcards and variables.
    fn policy_text(&mut self, text: &str) {
        if text.contains("{{resolve:") {
            self.0.push(Part::Rest);
            return;
        }
        for part in intrinsic::sub_parts(text) {
            match part {
                SubPart::Text(text) => self.0.extend(text.chars().map(|letter| match letter {
                    '*' => Part::Rest,
                    '?' => Part::Any,
                    letter => Part::Letter(letter),
                })),
                SubPart::Escaped(_) | SubPart::Placeholder(_) => self.0.push(Part::Rest),
            }
        }
    }

    /// The form of ARNs of a type; the name at the end is of its own kind.
    fn template(&mut self, arn: &str, last: Part) {
        for part in intrinsic::sub_parts(arn) {
            match part {
                SubPart::Text(text) => self.letters(text),
                SubPart::Escaped(_) | SubPart::Placeholder(_) => self.0.push(Part::Rest),
            }
        }
        if let Some(part) = self.0.last_mut().filter(|part| **part == Part::Rest) {
            *part = last;
        }
    }
}

/// The six parts of an ARN, the last of which may have colons of its own; nothing where a colon may be
/// among what is not known.
fn segments(parts: &[Part]) -> Option<Vec<&[Part]>> {
    let segments: Vec<&[Part]> = parts.splitn(SEGMENTS, |part| *part == Part::Letter(':')).collect();
    (segments.len() == SEGMENTS).then_some(segments)
}

/// Whether a text can be of both forms.
fn meet(left: &[Part], right: &[Part]) -> bool {
    // Whether what is left of both, from a position on, can be the same: the last row first.
    let mut below = vec![false; right.len() + 1];
    for i in (0..=left.len()).rev() {
        let mut row = vec![false; right.len() + 1];
        for j in (0..=right.len()).rev() {
            row[j] = match (left.get(i), right.get(j)) {
                (None, None) => true,
                (Some(one), _) if one.repeats() && below[j] => true,
                (_, Some(other)) if other.repeats() && row[j + 1] => true,
                (Some(one), Some(other)) => {
                    (one.repeats() && one.takes(*other) && row[j + 1])
                        || (other.repeats() && other.takes(*one) && below[j])
                        || (!one.repeats() && !other.repeats() && one.meets(*other) && below[j + 1])
                }
                _ => false,
            };
        }
        below = row;
    }
    below[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use formwork_template::Template;

    fn meets(policy: &str, arn: &str) -> bool {
        let template = Template::default();
        let policy = Value::String(policy.to_owned().into());
        ArnForm::of_value(&policy, &Index::of(&template)).meets(&ArnForm::of_type(arn))
    }

    #[test]
    fn forms_meet_where_one_arn_is_of_both() {
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        for (policy, arn, expected) in [
            ("*", object, true),
            ("arn:aws:s3:::reports/*", object, true),
            ("arn:aws:s3:::reports*", object, true),
            ("arn:aws:s3:::reports", object, false),
            ("arn:aws:s3:::${aws:username}/?", object, true),
            ("arn:aws:sqs:*:*:*", object, false),
            ("arn:aws:sqs:eu-west-1:*:jobs", "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", true),
            ("arn:aws:iam::*:role/a", "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}", false),
        ] {
            assert_eq!(meets(policy, arn), expected, "{policy} and {arn}");
        }
    }
}
