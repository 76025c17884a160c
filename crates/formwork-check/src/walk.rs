//! Finds every intrinsic function in a value, with its place.

use formwork_template::{Value, intrinsic};

/// A step on the way to a place in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    Key(&'a str),
    Position(usize),
}

/// The way to a place, for a finding.
pub(crate) fn path(steps: &[Step<'_>]) -> Vec<String> {
    let text = |step: &Step<'_>| match step {
        Step::Key(key) => (*key).to_owned(),
        Step::Position(position) => position.to_string(),
    };
    steps.iter().map(text).collect()
}

/// Calls `see` with every function in a value: where it stands, its name and its argument.
pub(crate) fn functions<'a>(
    value: &'a Value,
    steps: &mut Vec<Step<'a>>,
    see: &mut impl FnMut(&[Step<'a>], &'a str, &'a Value),
) {
    match value {
        Value::List(items) => {
            for (position, item) in items.iter().enumerate() {
                steps.push(Step::Position(position));
                functions(item, steps, see);
                steps.pop();
            }
        }
        Value::Map(map) => {
            if let Some((function, argument)) = intrinsic::of(map) {
                see(steps, function, argument);
            }
            for (key, item) in map.iter() {
                steps.push(Step::Key(key));
                functions(item, steps, see);
                steps.pop();
            }
        }
        _ => {}
    }
}
