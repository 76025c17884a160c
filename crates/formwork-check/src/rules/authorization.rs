//! Policies against the facts on authorization: whether there are such actions and condition keys,
//! and whether they, and the resources, go together.
//!
//! See [the reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html).

mod arn_form;
mod values;

use std::collections::HashMap;

use formwork_spec::authorization::{self, Action, ConditionKey, KeyKind, Service};
use formwork_template::{Map, Severity, Value, intrinsic};

use self::arn_form::ArnForm;
use super::policies::{Attached, documents, statements};
use crate::{
    judge::{Judge, items},
    nearest::nearest,
};

/// Policies of resources that take actions of one service only.
const ONE_SERVICE: [(&str, &str); 3] =
    [("AWS::S3::BucketPolicy", "s3"), ("AWS::SNS::TopicPolicy", "sns"), ("AWS::SQS::QueuePolicy", "sqs")];
/// What the keys of the tags in a request begin with.
const TAGS: [&str; 2] = ["aws:RequestTag/", "aws:TagKeys"];
/// Actions or resources that a message names, at most.
const NAMED: usize = 3;

/// Judges every policy of the template.
pub(super) fn check(judge: &mut Judge<'_>) {
    let template = judge.index.template;
    for resource in template.resources() {
        for (path, document, attached) in documents(resource) {
            let mut found = Vec::new();
            statements(&document, |way, statement| {
                found.push(([&path[..], way].concat(), statement.clone()));
            });
            for (path, statement) in found {
                let kind = resource.resource_type().unwrap_or_default();
                Reader { judge: &mut *judge, path, kind, attached }.statement(&statement);
            }
        }
    }
}

/// What the actions of a statement are.
#[derive(Clone)]
enum Asked {
    /// This one.
    One(&'static Service, &'static Action),
    /// Several of a service, by a form such as `s3:Get*`.
    Several(&'static Service, Vec<&'static Action>),
    /// One that is not known, or every one.
    Unknown,
}

impl Asked {
    fn pairs(&self) -> Vec<(&'static Service, &'static Action)> {
        match self {
            Self::One(service, action) => vec![(service, action)],
            Self::Several(service, actions) => actions.iter().map(|action| (*service, *action)).collect(),
            Self::Unknown => Vec::new(),
        }
    }
}

/// A finding before it has its place.
type Found = (Vec<String>, String, Option<String>);

struct Reader<'j, 'a> {
    judge: &'j mut Judge<'a>,
    path: Vec<String>,
    kind: &'a str,
    attached: Attached,
}

impl Reader<'_, '_> {
    fn report(&mut self, rule: &'static str, (way, message, hint): Found) {
        let path: Vec<&str> = self.path.iter().chain(&way).map(String::as_str).collect();
        self.judge.report(rule, Severity::Warning, &path, message, hint);
    }

    fn statement(&mut self, statement: &Map) {
        let mut asked = self.actions(statement, "Action");
        if self.actions(statement, "NotAction").is_some() {
            asked = None;
        }
        self.condition_keys(statement, asked.as_deref());
        let of_resources = matches!(self.attached, Attached::Identity | Attached::Resource);
        if let (Some(asked), Some(resources), true) = (asked, statement.get("Resource"), of_resources) {
            self.resources(&asked, resources);
        }
    }

    /// The actions that a statement names, with their texts; nothing where some are not known.
    fn actions(&mut self, statement: &Map, name: &str) -> Option<Vec<(String, Asked)>> {
        let value = statement.get(name)?;
        let is_list = matches!(value, Value::List(_));
        let mut asked = Vec::new();
        let mut all_known = true;
        for (position, item) in items(value).iter().enumerate() {
            let Some(text) =
                item.as_str().filter(|text| !text.contains("{{resolve:") && !text.contains("${"))
            else {
                all_known = false;
                continue;
            };
            let way =
                if is_list { vec![name.to_owned(), position.to_string()] } else { vec![name.to_owned()] };
            match asked_for(text) {
                Ok(found) => {
                    if let Asked::One(service, _) | Asked::Several(service, _) = &found {
                        self.one_service(service, text, &way);
                    }
                    asked.push((text.to_owned(), found));
                }
                Err((message, hint)) => {
                    all_known = false;
                    self.report("W3037", (way, message, hint));
                }
            }
        }
        all_known.then_some(asked)
    }

    fn one_service(&mut self, service: &Service, text: &str, way: &[String]) {
        let Some((_, only)) = ONE_SERVICE.iter().find(|(kind, _)| *kind == self.kind) else { return };
        if service.prefix != *only {
            let message = format!("`{text}` cannot be done with what the policy is attached to");
            self.report("W3037", (way.to_vec(), message, Some(format!("name actions of `{only}`"))));
        }
    }

    fn condition_keys(&mut self, statement: &Map, asked: Option<&[(String, Asked)]>) {
        let Some(Value::Map(conditions)) = statement.get("Condition") else { return };
        if intrinsic::of(conditions).is_some() {
            return;
        }
        for (operator, keys) in conditions.iter() {
            let Some(keys) = keys.as_map().filter(|keys| intrinsic::of(keys).is_none()) else { continue };
            for (key, value) in keys.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
                self.values(operator, key, value);
            }
            for key in keys.keys().filter(|key| !key.starts_with("Fn::") && !key.contains("${")) {
                let way = || vec!["Condition".to_owned(), operator.to_owned(), key.to_owned()];
                if let Some((message, hint)) = unknown_key(key, asked) {
                    self.report("FW0601", (way(), message, hint));
                } else if let Some((message, hint)) = wrong_operator(operator, key, asked) {
                    self.report("FW0605", (way(), message, hint));
                } else if let Some((message, hint)) =
                    asked.and_then(|asked| without_key(operator, key, asked))
                {
                    self.report("FW0602", (way(), message, Some(hint)));
                }
            }
        }
    }

    fn values(&mut self, operator: &str, key: &str, value: &Value) {
        let is_list = matches!(value, Value::List(_));
        for (position, item) in items(value).iter().enumerate() {
            if let Some(message) = values::problem(operator, item) {
                let mut way = vec!["Condition".to_owned(), operator.to_owned(), key.to_owned()];
                if is_list {
                    way.push(position.to_string());
                }
                self.report("FW0606", (way, message, None));
            }
        }
    }

    fn resources(&mut self, asked: &[(String, Asked)], resources: &Value) {
        let is_list = matches!(resources, Value::List(_));
        let listed = items(resources);
        let open = |value: &Value| {
            let function = value.as_map().and_then(intrinsic::of).map(|(function, _)| function);
            function.is_some_and(|function| function == "Fn::If")
        };
        if listed.is_empty()
            || listed.iter().any(open)
            || asked.iter().any(|(_, asked)| matches!(asked, Asked::Unknown))
        {
            return;
        }
        let forms: Vec<ArnForm> =
            listed.iter().map(|value| ArnForm::of_value(value, self.judge.index)).collect();
        // For each action, which resources it takes.
        let mut types = Types::default();
        let mut taken: Vec<Vec<bool>> = Vec::with_capacity(asked.len());
        for (_, asked) in asked {
            let pairs = asked.pairs();
            let takes = |form: &ArnForm, types: &mut Types| {
                form.is_anything() || pairs.iter().any(|(service, action)| types.take(service, action, form))
            };
            taken.push(forms.iter().map(|form| takes(form, &mut types)).collect());
        }
        let fits = |position: usize| taken.iter().any(|taken| taken[position]);
        for position in (0..forms.len()).filter(|position| !fits(*position)) {
            let actions: Vec<String> = asked.iter().map(|(text, _)| format!("`{text}`")).collect();
            let verb = if actions.len() == 1 { "acts" } else { "act" };
            let message = format!("{} {verb} on nothing that has such an ARN", some_of(&actions));
            self.report("FW0603", (place("Resource", is_list, position), message, Some(wanted(asked))));
        }
        // Where no resource fits any action, that has been told.
        if !(0..forms.len()).any(fits) {
            return;
        }
        for (position, (one, taken)) in asked.iter().zip(&taken).enumerate() {
            if taken.iter().all(|taken| !taken) {
                let message = format!("`{}` acts on none of the resources of the statement", one.0);
                let hint = wanted(std::slice::from_ref(one));
                self.report("FW0604", (place("Action", asked.len() > 1, position), message, Some(hint)));
            }
        }
    }
}

/// The place of an item of a list, or of what stands for a list of one.
fn place(name: &str, is_list: bool, position: usize) -> Vec<String> {
    let mut way = vec![name.to_owned()];
    way.extend(is_list.then(|| position.to_string()));
    way
}

/// What an action in a policy means, or what is wrong with it.
fn asked_for(text: &str) -> Result<Asked, (String, Option<String>)> {
    // What has not the form of an action is told by another rule.
    let Some((prefix, name)) = text.split_once(':').filter(|(prefix, _)| !prefix.contains('*')) else {
        return Ok(Asked::Unknown);
    };
    let Some(service) = authorization::service(prefix) else {
        let hint = nearest_service(prefix, name);
        let hint = hint.map(|known| format!("is it `{known}:{name}` that is meant?"));
        return Err((format!("no service has actions that begin with `{prefix}:`"), hint));
    };
    if let Some(action) = service.action(name) {
        return Ok(Asked::One(service, action));
    }
    if name.contains(['*', '?']) {
        let form = name.to_ascii_lowercase();
        let like = |action: &&Action| is_like(form.as_bytes(), action.name.to_ascii_lowercase().as_bytes());
        let actions: Vec<&Action> = service.actions.iter().filter(like).collect();
        if actions.is_empty() {
            return Err((format!("no action is like `{text}`"), None));
        }
        return Ok(Asked::Several(service, actions));
    }
    // One that does something else with the same thing is not what was meant.
    let verb = first_word(name);
    let actions = || service.actions.iter().map(|action| action.name.as_str());
    let is_verb = actions().any(|known| first_word(known) == verb);
    let hint = nearest(name, actions().filter(|known| !is_verb || first_word(known) == verb));
    let hint = hint.map(|known| format!("is it `{}:{known}` that is meant?", service.prefix));
    Err((format!("`{text}` is no action"), hint))
}

/// The service that was probably meant: one that has the action goes before all others.
fn nearest_service(prefix: &str, action: &str) -> Option<&'static str> {
    let related = |known: &&str| known.starts_with(prefix) || prefix.starts_with(*known);
    let has =
        |known: &&str| authorization::service(known).is_some_and(|service| service.action(action).is_some());
    let alike = nearest(prefix, authorization::prefixes());
    let mut candidates = alike.into_iter().chain(authorization::prefixes().filter(related));
    candidates.find(has).or(alike)
}

/// The verb that a name begins with.
fn first_word(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase());
    &name[..end.map_or(name.len(), |(position, _)| position)]
}

/// Whether a name is of a form, in which `*` stands for any letters and `?` for one.
fn is_like(form: &[u8], name: &[u8]) -> bool {
    match (form.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if is_like(rest, name) => true,
        (Some((b'*', _)), Some((_, shorter))) => is_like(form, shorter),
        (Some((b'?', rest)), Some((_, shorter))) => is_like(rest, shorter),
        (Some((letter, rest)), Some((other, shorter))) => letter == other && is_like(rest, shorter),
        _ => false,
    }
}

/// Services whose keys begin otherwise than their actions.
const KEYS_OF_OTHER_NAMES: [&str; 4] = ["aws-marketplace", "cognito-identity", "sso", "sts"];

/// What is wrong with a key that there is not.
fn unknown_key(key: &str, asked: Option<&[(String, Asked)]>) -> Option<(String, Option<String>)> {
    let has = |keys: &[ConditionKey]| keys.iter().any(|known| names(known, key));
    if has(authorization::global_condition_keys()) {
        return None;
    }
    let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
    if is_of_provider(prefix) {
        return None;
    }
    if services(prefix, asked).any(|service| has(&service.condition_keys)) {
        return None;
    }
    let message = format!("there is no condition key `{key}`");
    let of_service = authorization::service(prefix).map(|service| &*service.condition_keys);
    let known = of_service.unwrap_or_else(authorization::global_condition_keys);
    let hint = nearest(key, known.iter().map(|known| known.name.as_str()));
    Some((message, hint.map(|known| format!("is it `{known}` that is meant?"))))
}

/// The services that a key may be of: those of the actions, and the one that it is called after.
fn services<'a>(
    prefix: &'a str,
    asked: Option<&'a [(String, Asked)]>,
) -> impl Iterator<Item = &'static Service> + use<'a> {
    let asked = asked.into_iter().flatten().filter_map(|(_, asked)| match asked {
        Asked::One(service, _) | Asked::Several(service, _) => Some(*service),
        Asked::Unknown => None,
    });
    asked.chain(KEYS_OF_OTHER_NAMES.iter().copied().chain([prefix]).filter_map(authorization::service))
}

/// What is wrong with an operator that compares other values than the key has. Operators on texts
/// compare all of them.
fn wrong_operator(
    operator: &str,
    key: &str,
    asked: Option<&[(String, Asked)]>,
) -> Option<(String, Option<String>)> {
    let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
    let known = |keys: &'static [ConditionKey]| keys.iter().find(|known| names(known, key));
    let key_facts = known(authorization::global_condition_keys())
        .or_else(|| services(prefix, asked).find_map(|service| known(&service.condition_keys)))?;
    let plain = operator.split_once(':').map_or(operator, |(_, plain)| plain);
    let (kinds, values): (&[KeyKind], _) = match plain {
        plain if plain.starts_with("Numeric") => (&[KeyKind::Numeric, KeyKind::Date], "numbers"),
        plain if plain.starts_with("Date") => (&[KeyKind::Date, KeyKind::Numeric], "moments"),
        plain if plain.starts_with("Bool") => (&[KeyKind::Bool], "flags"),
        plain if plain.starts_with("IpAddress") || plain.starts_with("NotIpAddress") => {
            (&[KeyKind::IpAddress], "addresses")
        }
        plain if plain.starts_with("Arn") => (&[KeyKind::Arn, KeyKind::String], "ARNs"),
        _ => return None,
    };
    if kinds.contains(&key_facts.kind) {
        return None;
    }
    let (holds, operator_for) = match key_facts.kind {
        KeyKind::String => ("text", "StringEquals"),
        KeyKind::Arn => ("an ARN", "ArnLike"),
        KeyKind::Bool => ("a flag", "Bool"),
        KeyKind::Numeric => ("a number", "NumericEquals"),
        KeyKind::Date => ("a moment", "DateLessThan"),
        _ => ("an address", "IpAddress"),
    };
    let message = format!("`{plain}` compares {values}, and `{key}` is {holds}");
    Some((message, Some(format!("compare it by an operator such as `{operator_for}`"))))
}

/// Whether keys that begin so are those of a provider of identities, which says itself what they are.
fn is_of_provider(prefix: &str) -> bool {
    prefix.contains(['.', '/']) || prefix.eq_ignore_ascii_case("saml")
}

/// Whether a key of the facts is meant, whatever its capitals. What the author chooses stands in
/// `${...}` or `<...>`.
fn names(known: &ConditionKey, key: &str) -> bool {
    let name = known.name.as_str();
    let (Some(start), Some(end)) = (name.find(['$', '<']), name.rfind(['}', '>'])) else {
        return name.eq_ignore_ascii_case(key);
    };
    let (begin, end) = (&name[..start], &name[end + 1..]);
    let inside = key.len() > begin.len() + end.len();
    inside
        && key.get(..begin.len()).is_some_and(|first| first.eq_ignore_ascii_case(begin))
        && key.get(key.len() - end.len()..).is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// What is wrong with a key that comes with few of the actions, or with none.
fn without_key(operator: &str, key: &str, asked: &[(String, Asked)]) -> Option<(String, String)> {
    // These hold as well where there is no such key.
    if operator == "Null" || operator.ends_with("IfExists") || operator.starts_with("ForAllValues:") {
        return None;
    }
    let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
    let global = authorization::global_condition_keys().iter().any(|known| names(known, key));
    // Of the keys of all services, those of a request's tags come with actions that set tags only.
    let of_tags =
        TAGS.iter().any(|tags| key.get(..tags.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tags)));
    if (global && !of_tags) || is_of_provider(prefix) {
        return None;
    }
    let comes_with = |(_, asked): &&(String, Asked)| {
        matches!(asked, Asked::Unknown)
            || asked
                .pairs()
                .iter()
                .any(|(service, action)| service.condition_keys_of(action).any(|known| names(known, key)))
    };
    let (with, without): (Vec<_>, Vec<_>) = asked.iter().partition(comes_with);
    if without.is_empty() || (of_tags && !with.is_empty()) {
        return None;
    }
    let texts = |actions: &[&(String, Asked)]| {
        some_of(&actions.iter().map(|(text, _)| format!("`{text}`")).collect::<Vec<_>>())
    };
    let message = format!("`{key}` does not come with {}", texts(&without));
    let hint = if with.is_empty() {
        "the condition never holds: leave it out, or name actions that the key comes with".to_owned()
    } else {
        format!(
            "give {} a statement without it",
            if without.len() == 1 { "that action" } else { "those actions" }
        )
    };
    Some((message, hint))
}

/// The forms of types that have been looked at.
#[derive(Default)]
struct Types(HashMap<(&'static str, u16), ArnForm>);

impl Types {
    /// Whether an action takes what has such an ARN.
    fn take(&mut self, service: &'static Service, action: &Action, form: &ArnForm) -> bool {
        if action.resources.is_empty() {
            return form.is_a_whole_service();
        }
        action.resources.iter().any(|position| {
            let Some(resource) = service.resources.get(usize::from(*position)) else { return false };
            let key = (service.prefix.as_str(), *position);
            self.0.entry(key).or_insert_with(|| ArnForm::of_type(&resource.arn)).meets(form)
        })
    }
}

/// What the resources of actions are to look like.
fn wanted(asked: &[(String, Asked)]) -> String {
    let mut arns: Vec<&str> = Vec::new();
    for (service, action) in asked.iter().flat_map(|(_, asked)| asked.pairs()) {
        arns.extend(service.resources_of(action).map(|resource| resource.arn.as_str()));
    }
    if arns.is_empty() {
        return "the actions take no resource: write `*`".to_owned();
    }
    // The shortest names are those of the things themselves, and not of what stands in front of them.
    arns.sort_by_key(|arn| (arn.len(), *arn));
    arns.dedup();
    format!(
        "what can be named is {}",
        some_of(&arns.iter().map(|arn| format!("`{arn}`")).collect::<Vec<_>>())
    )
}

/// The first few of a list, and how many more there are.
fn some_of(texts: &[String]) -> String {
    let (first, more) = texts.split_at(texts.len().min(NAMED));
    match more.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
