//! What a template's parameters are: given, as they were, or their default.

use std::collections::BTreeMap;

use formwork_template::{Map, Template, Value};

use crate::service::ParameterValue;

/// A parameter that cannot be as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParameterProblem {
    /// The template does not have it.
    #[error("the template has no parameter `{0}`")]
    Unknown(String),
    /// Nothing says what it is.
    #[error("the parameter `{0}` has no value and no default: `--parameters {0}=VALUE` gives one")]
    Missing(String),
}

/// What stands in the way of a deployment's parameters, or what to send.
///
/// A value that is given wins. Otherwise a parameter stays as it is in the stack, unless it stands
/// at the default of the template before: then it follows the default, since nobody chose the value.
/// The template before is asked for only when [`needs_previous_template`].
pub(crate) fn parameters(
    template: &Template,
    given: &BTreeMap<String, String>,
    previous: Option<&BTreeMap<String, String>>,
    previous_template: Option<&Template>,
) -> Result<BTreeMap<String, ParameterValue>, Vec<ParameterProblem>> {
    let declared = template.section("Parameters");
    let is_declared = |name: &str| declared.is_some_and(|section| section.get(name).is_some());
    let mut problems: Vec<ParameterProblem> = given
        .keys()
        .filter(|name| !is_declared(name))
        .map(|name| ParameterProblem::Unknown(name.clone()))
        .collect();
    let mut values = BTreeMap::new();
    for (name, declaration) in declared.into_iter().flat_map(Map::iter) {
        let kept = previous.and_then(|previous| previous.get(name));
        let value = match (given.get(name), kept, default(declaration)) {
            (Some(value), _, _) => ParameterValue::Given(value.clone()),
            (None, Some(kept), Some(_)) if follows_default(name, kept, previous_template) => continue,
            (None, Some(_), _) => ParameterValue::Previous,
            (None, None, Some(_)) => continue,
            (None, None, None) => {
                problems.push(ParameterProblem::Missing(name.to_owned()));
                continue;
            }
        };
        values.insert(name.to_owned(), value);
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

/// Whether the template before has to be read, since a value may be its default.
pub(crate) fn needs_previous_template(
    template: &Template,
    given: &BTreeMap<String, String>,
    previous: &BTreeMap<String, String>,
) -> bool {
    let declared = template.section("Parameters");
    declared.into_iter().flat_map(Map::iter).any(|(name, declaration)| {
        let kept = previous.get(name);
        let new = default(declaration);
        !given.contains_key(name) && kept.is_some() && new.is_some() && kept != new.as_ref()
    })
}

fn follows_default(name: &str, kept: &str, previous_template: Option<&Template>) -> bool {
    let before = previous_template
        .and_then(|template| template.section("Parameters"))
        .and_then(|section| section.get(name))
        .and_then(default);
    before.is_some_and(|before| before == kept)
}

/// The default of a declaration, as the text that the service makes of it.
fn default(declaration: &Value) -> Option<String> {
    match declaration.get("Default")? {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn given_previous_and_default() {
        let old = Template::from_json(
            r#"{"Parameters":{"Chosen":{"Default":"a"},"Image":{"Default":"/old"},"Count":{"Default":1},"Secret":{}}}"#,
        )
        .unwrap();
        let new = Template::from_json(
            r#"{"Parameters":{"Chosen":{"Default":"b"},"Image":{"Default":"/new"},"Count":{"Default":2},"Secret":{},"Fresh":{"Default":"f"},"Size":{}}}"#,
        )
        .unwrap();
        let stack = map(&[("Chosen", "mine"), ("Image", "/old"), ("Count", "1"), ("Secret", "****")]);
        let given = map(&[("Size", "3")]);
        assert!(needs_previous_template(&new, &given, &stack));
        let values = parameters(&new, &given, Some(&stack), Some(&old)).unwrap();
        let sent: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        // Image and Count follow their defaults.
        assert_eq!(sent, ["Chosen=Previous", "Secret=Previous", "Size=Given(..)"]);
        let problems = parameters(&new, &map(&[("Colour", "red")]), None, None).unwrap_err();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "the template has no parameter `Colour`",
                "the parameter `Secret` has no value and no default: `--parameters Secret=VALUE` gives one",
                "the parameter `Size` has no value and no default: `--parameters Size=VALUE` gives one",
            ]
        );
    }
}
