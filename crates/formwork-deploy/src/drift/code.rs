//! The stack against the code: its template, parameters, tags and settings.

use std::collections::BTreeMap;

use formwork_diff::{Options as DiffOptions, Side, diff};
use formwork_template::{Template, Value, read};
use serde_json::Value as Json;

use crate::{
    clock::Clock,
    error::ServiceError,
    request::DeployRequest,
    retry::{RetryPolicy, attempt},
    service::{DriftDetection, StackDescription},
    token::Token,
};

use super::{
    compare::same,
    value::{Mover, Setting, SettingDrift, TemplateDrift},
};

/// What the code says otherwise than the stack.
pub(crate) struct CodeDrift {
    pub(crate) settings: Vec<SettingDrift>,
    pub(crate) template: Option<TemplateDrift>,
}

/// Holds a stack against the code.
pub(crate) async fn compare(
    service: &dyn DriftDetection,
    clock: &dyn Clock,
    retry: &RetryPolicy,
    code: &DeployRequest,
    stack: &StackDescription,
    deployed: &Template,
) -> Result<CodeDrift, ServiceError> {
    let mut settings = Vec::new();
    if let Some(protected) = code.termination_protection
        && protected != stack.termination_protection
    {
        let text = |protected: bool| Some(if protected { "on" } else { "off" }.to_owned());
        let (declared, actual) = (text(protected), text(stack.termination_protection));
        settings.push(setting(Setting::TerminationProtection, None, declared, actual));
    }
    if let Some(policy) = &code.stack_policy {
        let actual = attempt(clock, retry, || service.stack_policy(&stack.arn)).await.result?;
        if !same_json(policy, actual.as_deref().unwrap_or_default()) {
            settings.push(setting(Setting::StackPolicy, None, Some(policy.clone()), actual));
        }
    }
    let immediate = settings.len();
    if let Some(role) = &code.role
        && stack.role.as_ref() != Some(role)
    {
        settings.push(setting(Setting::Role, None, Some(role.clone()), stack.role.clone()));
    }
    if let Some(topics) = &code.notification_arns {
        let sorted = |topics: &[String]| {
            let mut topics = topics.to_vec();
            topics.sort();
            topics.join(", ")
        };
        let (declared, actual) = (sorted(topics), sorted(&stack.notification_arns));
        if declared != actual {
            settings.push(setting(Setting::NotificationTopics, None, Some(declared), Some(actual)));
        }
    }
    // A secret is shown as asterisks, which are no value.
    let readable = |value: &String| value.is_empty() || !value.bytes().all(|byte| byte == b'*');
    for (name, declared) in &code.parameters {
        let actual = stack.parameters.get(name);
        if actual != Some(declared) && actual.is_none_or(readable) {
            settings.push(setting(Setting::Parameter, Some(name), Some(declared.clone()), actual.cloned()));
        }
    }
    if let Some(tags) = &code.tags {
        let names = tags.keys().chain(stack.tags.keys().filter(|name| !tags.contains_key(*name)));
        for name in names.filter(|name| tags.get(*name) != stack.tags.get(*name)) {
            let (declared, actual) = (tags.get(name).cloned(), stack.tags.get(name).cloned());
            settings.push(setting(Setting::Tag, Some(name), declared, actual));
        }
    }

    let mut template = template_drift(code, stack, deployed);
    if template.is_some() || settings.len() > immediate {
        let mover = mover(service, clock, retry, &stack.arn).await?;
        for setting in &mut settings[immediate..] {
            setting.changed_by = mover;
        }
        if let Some(template) = &mut template {
            template.changed_by = mover;
        }
    }
    Ok(CodeDrift { settings, template })
}

/// What deploying the code would change.
fn template_drift(
    code: &DeployRequest,
    stack: &StackDescription,
    deployed: &Template,
) -> Option<TemplateDrift> {
    let written = Template::from_json(&code.template).ok()?;
    let readable = |value: &&String| value.is_empty() || !value.bytes().all(|byte| byte == b'*');
    let known: BTreeMap<&String, &String> =
        stack.parameters.iter().filter(|(_, value)| readable(value)).collect();
    // Values of parameters are compared by themselves.
    let side = |template| {
        let declared = Template::section(template, "Parameters");
        let of_template = known.iter().filter(|(name, _)| declared.is_some_and(|all| all.contains_key(name)));
        Side::new(template).parameters(of_template.map(|(name, value)| ((*name).clone(), (*value).clone())))
    };
    let mut new = side(&written);
    for (id, source) in &code.sources {
        new = new.source(id.clone(), source.clone());
    }
    let diff = diff(&side(deployed), &new, &DiffOptions::new());
    (!diff.is_empty()).then_some(TemplateDrift { changed_by: Mover::Code, diff, ignored: None })
}

/// Who deployed last: this tool, or another. What is not known is not laid at anybody's door.
async fn mover(
    service: &dyn DriftDetection,
    clock: &dyn Clock,
    retry: &RetryPolicy,
    stack: &str,
) -> Result<Mover, ServiceError> {
    let page = attempt(clock, retry, || service.events(stack, None)).await.result?;
    let ours = |token: &str| token.starts_with(Token::PREFIX);
    Ok(match page.events.first() {
        Some(event) if !event.token.as_deref().is_some_and(ours) => Mover::Stack,
        _ => Mover::Code,
    })
}

/// The template in a text, JSON or YAML.
pub(crate) fn template(text: &str) -> Result<Template, String> {
    match Template::from_json(text) {
        Ok(template) => Ok(template),
        Err(_) => read::read(text).map(read::Document::into_template).map_err(|error| error.to_string()),
    }
}

/// Whether the template has macros, so that its resources are others than are written.
pub(crate) fn has_macros(template: &Template) -> bool {
    let is_macro = |value: &Value| match value {
        Value::String(_) => true,
        Value::List(names) => !names.is_empty(),
        _ => false,
    };
    template.sections().get("Transform").is_some_and(is_macro)
}

fn setting(
    setting: Setting,
    name: Option<&String>,
    declared: Option<String>,
    actual: Option<String>,
) -> SettingDrift {
    SettingDrift { setting, name: name.cloned(), declared, actual, changed_by: Mover::Stack, ignored: None }
}

fn same_json(one: &str, other: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_else(|_| Json::from(text));
    one == other || same(&parse(one), &parse(other))
}
