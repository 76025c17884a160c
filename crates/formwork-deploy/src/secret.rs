//! [`Secrets`]: values that were given and are not to be repeated.

use std::collections::BTreeMap;

use formwork_template::Template;

use crate::{deployment::Deployment, progress::Progress};

/// What stands in place of a secret, as the service writes it.
const HIDDEN: &str = "****";
/// What is shorter is no secret, and stands in every other text.
const SHORTEST: usize = 4;

/// The values of parameters that are `NoEcho`.
///
/// The service itself repeats them where it gives a reason: the name that is not found may be one.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(template: &Template, parameters: &BTreeMap<String, String>) -> Self {
        let declared = template.section("Parameters");
        let is_secret = |name: &str| {
            let no_echo = declared.and_then(|all| all.get(name)?.as_map()?.get("NoEcho"));
            no_echo.is_some_and(|no_echo| {
                no_echo.as_bool() == Some(true)
                    || no_echo.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
            })
        };
        let values = parameters.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.clone());
        let mut values: Vec<String> = values.filter(|value| value.len() >= SHORTEST).collect();
        // One may be a part of another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    fn hide(&self, text: &mut String) {
        for value in &self.0 {
            if text.contains(value) {
                *text = text.replace(value, HIDDEN);
            }
        }
    }

    /// What happens, without them.
    pub(crate) fn hidden_in(&self, progress: &Progress) -> Progress {
        let mut progress = progress.clone();
        match &mut progress {
            Progress::Event { event, .. } => event.reason.iter_mut().for_each(|reason| self.hide(reason)),
            Progress::Validation { failure, .. } => self.hide(&mut failure.reason),
            Progress::EventsUnreadable { reason, .. } | Progress::SettingFailed { reason, .. } => {
                self.hide(reason);
            }
            _ => {}
        }
        progress
    }

    /// Takes them out of what became of a stack, but for its outputs, which are what they are.
    pub(crate) fn hide_in(&self, result: &mut Deployment) {
        result.message.iter_mut().for_each(|message| self.hide(message));
        result.root_cause.iter_mut().for_each(|cause| self.hide(&mut cause.reason));
        result.validation.iter_mut().for_each(|failure| self.hide(&mut failure.reason));
        let reasons = result.leftovers.iter_mut().filter_map(|resource| resource.reason.as_mut());
        reasons.for_each(|reason| self.hide(reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_to_be_echoed_is_hidden() {
        let template = Template::from_json(
            r#"{"Parameters":{"A":{"NoEcho":true},"B":{"NoEcho":"True"},"C":{"NoEcho":false},"D":{"NoEcho":true}}}"#,
        );
        let given = [("A", "hunter2"), ("B", "hunter2-and-more"), ("C", "public"), ("D", "no")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let secrets = Secrets::of(&template.unwrap(), &given.into());
        let mut text = "hunter2-and-more is not hunter2, is public, and no more".to_owned();
        secrets.hide(&mut text);
        assert_eq!(text, "**** is not ****, is public, and no more");
    }
}
