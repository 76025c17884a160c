//! What one resource comes to: by what the service says, by what it is known to say wrongly, and by
//! what is read of the resource itself.

use formwork_spec::ResourceFacts;
use formwork_template::Source;
use serde_json::{Map, Value};

use crate::{
    clock::Clock,
    error::ServiceError,
    retry::{RetryPolicy, attempt},
    service::{ReportedDifference, ReportedDrift, ReportedStatus, StackResource},
};

use super::{
    compare::{Comparison, same, unreadable},
    false_verdicts::{self, FalseVerdict, Remedy, concerns},
    live::{LiveResources, identifier},
    siblings::{Siblings, is_part},
    value::{Checker, Difference, DifferenceKind, Dismissed, ResourceDrift, Unseen, Verdict},
};

/// One resource, with all that is known of it.
pub(crate) struct Subject<'a> {
    pub(crate) resource: &'a StackResource,
    pub(crate) reported: Option<&'a ReportedDrift>,
    pub(crate) facts: Option<&'static ResourceFacts>,
    pub(crate) declared: Map<String, Value>,
    pub(crate) source: Option<Source>,
    /// Why the service has looked at nothing, where it has not.
    pub(crate) blind: Option<&'a str>,
}

impl Subject<'_> {
    /// What the service says, without what it is known to say wrongly.
    pub(crate) fn by_service(&self, siblings: &Siblings<'_>) -> ResourceDrift {
        let mut drift = ResourceDrift::unchecked(self.resource, self.source.clone());
        let kind = &self.resource.resource_type;
        let Some(reported) = self.reported else {
            drift.reason =
                Some(self.blind.map_or_else(|| format!("the service does not check {kind}"), str::to_owned));
            return drift;
        };
        drift.checked_by = Some(Checker::Service);
        match &reported.status {
            ReportedStatus::InSync => drift.status = Verdict::InSync,
            ReportedStatus::Deleted => drift.status = Verdict::Deleted,
            ReportedStatus::Modified => {
                drift.status = Verdict::Modified;
                self.weigh(reported, siblings, &mut drift);
            }
            unchecked => {
                drift.checked_by = None;
                let reason = reported.reason.clone();
                let (status, reason) = match unchecked {
                    ReportedStatus::Unsupported => {
                        (Verdict::Unsupported, format!("the service does not support {kind}"))
                    }
                    ReportedStatus::Unknown => (
                        Verdict::Unknown,
                        reason.unwrap_or_else(|| "the service could not look at it".to_owned()),
                    ),
                    ReportedStatus::Other(name) => {
                        (Verdict::Unknown, format!("the service says `{name}`, which is not known here"))
                    }
                    _ => (
                        Verdict::NotChecked,
                        reason.unwrap_or_else(|| format!("the service does not check {kind}")),
                    ),
                };
                (drift.status, drift.reason) = (status, Some(reason));
            }
        }
        if let Some(facts) =
            self.facts.filter(|_| matches!(drift.status, Verdict::InSync | Verdict::Modified))
        {
            drift.unseen = unreadable(facts, &self.declared);
        }
        drift
    }

    /// Takes the service's differences one by one.
    fn weigh(&self, reported: &ReportedDrift, siblings: &Siblings<'_>, drift: &mut ResourceDrift) {
        let parse = |text: &Option<String>| -> Option<Value> { serde_json::from_str(text.as_deref()?).ok() };
        let (expected, actual) = (parse(&reported.expected), parse(&reported.actual));
        let known: Vec<&FalseVerdict> = false_verdicts::of(&self.resource.resource_type).collect();
        // Each rule that stands for itself accounts for one that was added.
        let mut rules: Vec<(&'static str, Vec<Value>)> = Vec::new();
        for difference in &reported.differences {
            let mut told = told(difference);
            if let Some(reason) = in_other_words(&told, expected.as_ref(), actual.as_ref()) {
                drift.dismissed.push(Dismissed { path: told.path, reason });
                continue;
            }
            let mut dismissed = None;
            for known in known.iter().filter(|known| concerns(known.property, &told.path)) {
                match known.remedy {
                    Remedy::AddedByResource { resource_type, names } => {
                        let id = self.resource.physical_id.as_deref().unwrap_or_default();
                        if !rules.iter().any(|(kind, _)| *kind == resource_type) {
                            rules.push((resource_type, siblings.rules(resource_type, names, id)));
                        }
                        let rules = rules.iter_mut().find(|(kind, _)| *kind == resource_type);
                        if let (Some((_, rules)), Some(added)) = (rules, &told.actual)
                            && told.kind == DifferenceKind::Added
                            && let Some(found) = rules.iter().position(|rule| is_part(rule, added))
                        {
                            rules.remove(found);
                            dismissed = Some(format!("an {resource_type} of the stack adds it"));
                        }
                    }
                    Remedy::Unsaid(value) => {
                        let declared = expected.as_ref().and_then(|all| all.pointer(known.property));
                        let said = serde_json::from_str::<Value>(value).unwrap_or_default();
                        if told.kind == DifferenceKind::Removed
                            && declared.or(told.declared.as_ref()).is_some_and(|value| same(value, &said))
                        {
                            dismissed = Some("it is what there is when nothing is said".to_owned());
                        }
                    }
                    Remedy::Read if told.kind == DifferenceKind::Removed => {
                        told.doubt = Some(known.link.to_owned());
                    }
                    Remedy::Read | Remedy::Watch { .. } => {}
                }
                if let Some(reason) = dismissed.take() {
                    let reason = format!("{reason}; {}", known.link);
                    drift.dismissed.push(Dismissed { path: told.path.clone(), reason });
                    told.path.clear();
                    break;
                }
            }
            if !told.path.is_empty() {
                drift.differences.push(told);
            }
        }
        if drift.differences.is_empty() && !reported.differences.is_empty() {
            drift.status = Verdict::InSync;
        }
    }

    /// The rows of the table because of which the resource is read though the service has looked.
    pub(crate) fn watched(&self, drift: &ResourceDrift) -> Vec<&'static FalseVerdict> {
        if !matches!(drift.status, Verdict::InSync | Verdict::Modified) {
            return Vec::new();
        }
        let name = |known: &FalseVerdict| known.property.trim_start_matches('/');
        false_verdicts::of(&self.resource.resource_type)
            .filter(|known| match known.remedy {
                Remedy::Watch { only_declared } => {
                    let told = drift.differences.iter().any(|told| concerns(known.property, &told.path));
                    !told && (!only_declared || self.declared.contains_key(name(known)))
                }
                _ => false,
            })
            .collect()
    }

    /// Whether the resource has to be read.
    pub(crate) fn needs_reading(&self, drift: &ResourceDrift) -> bool {
        !drift.status.is_checked()
            || drift.differences.iter().any(|difference| difference.doubt.is_some())
            || !self.watched(drift).is_empty()
    }

    /// Reads the resource itself, and completes the verdict by that.
    pub(crate) async fn by_reading(
        &self,
        mut drift: ResourceDrift,
        siblings: &Siblings<'_>,
        live: Option<&dyn LiveResources>,
        (clock, retry): (&dyn Clock, &RetryPolicy),
    ) -> ResourceDrift {
        let read = self.read(live, clock, retry).await;
        let watched = self.watched(&drift);
        match read {
            Ok(Some(actual)) if !drift.status.is_checked() => {
                let mut comparison = Comparison::new(self.facts);
                comparison.properties(&self.declared, &actual);
                drift.status =
                    if comparison.differences.is_empty() { Verdict::InSync } else { Verdict::Modified };
                (drift.differences, drift.unseen) = (comparison.differences, comparison.unseen);
                (drift.checked_by, drift.reason) = (Some(Checker::CloudControl), None);
                // The rows of the table that concern what nobody declares hold for this reader too.
                for known in self.watched(&drift) {
                    self.watch(known, &actual, siblings, &mut drift);
                }
            }
            Ok(Some(actual)) => {
                drift.checked_by = Some(Checker::Both);
                self.settle_doubts(&actual, &mut drift);
                for known in watched {
                    self.watch(known, &actual, siblings, &mut drift);
                }
                drift.status = if drift.differences.is_empty() { Verdict::InSync } else { Verdict::Modified };
            }
            Ok(None) if !drift.status.is_checked() => {
                drift.status = Verdict::Deleted;
                (drift.checked_by, drift.reason) = (Some(Checker::CloudControl), None);
            }
            Ok(None) => {}
            Err(why) if !drift.status.is_checked() => {
                drift.reason = Some(match drift.reason.take() {
                    Some(reason) => format!("{reason}, and {why}"),
                    None => why,
                });
            }
            Err(why) => {
                for known in watched {
                    let reason = format!("{} ({}), and {why}", known.what, known.link);
                    drift.unseen.push(Unseen { path: known.property.to_owned(), reason });
                }
            }
        }
        drift
    }

    /// The resource as it is; `None` when it is gone, and otherwise why it cannot be read.
    async fn read(
        &self,
        live: Option<&dyn LiveResources>,
        clock: &dyn Clock,
        retry: &RetryPolicy,
    ) -> Result<Option<Map<String, Value>>, String> {
        let Some(live) = live else { return Err("resources are not read themselves".to_owned()) };
        let kind = self.resource.resource_type.as_str();
        if !kind.contains("::") || kind.starts_with("Custom::") || kind.starts_with("AWS::CloudFormation::") {
            return Err("Cloud Control has no such resources".to_owned());
        }
        let id = self.resource.physical_id.as_deref().unwrap_or_default();
        let Some(identifier) = identifier(self.facts, id, &self.declared).filter(|_| !id.is_empty()) else {
            return Err("what Cloud Control knows it by is not known".to_owned());
        };
        let answer = attempt(clock, retry, || live.properties(kind, &identifier.text)).await.result;
        match answer {
            Ok(text) => match serde_json::from_str::<Value>(&text) {
                Ok(Value::Object(map)) => Ok(Some(map)),
                _ => Err("what Cloud Control says is not understood".to_owned()),
            },
            Err(ServiceError::NotFound { .. }) if identifier.certain && live.is_authoritative() => Ok(None),
            Err(ServiceError::NotFound { .. }) => Err("Cloud Control does not know it".to_owned()),
            Err(error @ ServiceError::AccessDenied { .. }) => Err(format!("for Cloud Control, {error}")),
            Err(ServiceError::Other { code, .. })
                if matches!(code.as_str(), "UnsupportedActionException" | "TypeNotFoundException") =>
            {
                Err("Cloud Control does not support it".to_owned())
            }
            Err(error) => Err(format!("Cloud Control does not tell: {error}")),
        }
    }

    /// Takes back what the service says is gone and is there.
    fn settle_doubts(&self, actual: &Map<String, Value>, drift: &mut ResourceDrift) {
        let differences = std::mem::take(&mut drift.differences);
        for difference in differences {
            let Some(link) = &difference.doubt else {
                drift.differences.push(difference);
                continue;
            };
            let name = difference.path.split('/').nth(1).unwrap_or_default();
            let own: Map<String, Value> = self
                .declared
                .iter()
                .filter(|(key, _)| *key == name)
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let mut comparison = Comparison::new(self.facts);
            comparison.properties(&own, actual);
            if comparison.differences.is_empty() && comparison.unseen.is_empty() && !own.is_empty() {
                let reason = format!("it is there as declared; {link}");
                drift.dismissed.push(Dismissed { path: difference.path, reason });
            } else {
                drift.differences.push(difference);
            }
        }
    }

    /// Looks for what others have added to a property.
    fn watch(
        &self,
        known: &FalseVerdict,
        actual: &Map<String, Value>,
        siblings: &Siblings<'_>,
        drift: &mut ResourceDrift,
    ) {
        let name = known.property.trim_start_matches('/').to_owned();
        let declared = self.declared.get(&name).cloned();
        let is_list = !matches!(declared, Some(Value::Object(_)));
        let expected = match declared {
            Some(Value::Array(mut items)) => {
                items.extend(siblings.added(self.resource, known.property));
                Value::Array(items)
            }
            None => Value::Array(siblings.added(self.resource, known.property)),
            Some(other) => other,
        };
        let mut comparison = Comparison::new(self.facts);
        comparison.properties(&Map::from_iter([(name, expected)]), actual);
        let added = comparison.differences.into_iter();
        // What others add and is not there is their own affair.
        let added: Vec<Difference> =
            added.filter(|told| !is_list || told.kind == DifferenceKind::Added).collect();
        drift.unseen.extend(comparison.unseen);
        if !added.is_empty() {
            drift.status = Verdict::Modified;
            drift.differences.extend(added);
        }
    }
}

/// Why a difference is one of writing alone.
fn in_other_words(told: &Difference, expected: Option<&Value>, actual: Option<&Value>) -> Option<String> {
    let absent = Value::Null;
    let (one, other) = (told.declared.as_ref().unwrap_or(&absent), told.actual.as_ref().unwrap_or(&absent));
    if same(one, other) {
        return Some("both are the same, written in two ways".to_owned());
    }
    let (expected, actual) = (expected?, actual?);
    let mut place = told.path.as_str();
    while let Some((above, _)) = place.rsplit_once('/') {
        place = above;
        if place.is_empty() {
            break;
        }
        if let (Some(one @ Value::Array(_)), Some(other)) = (expected.pointer(place), actual.pointer(place))
            && same(one, other)
        {
            return Some("the list is the same in another order".to_owned());
        }
    }
    None
}

/// A difference in the service's words, as a value.
fn told(difference: &ReportedDifference) -> Difference {
    let parse = |text: &str| -> Option<Value> {
        match serde_json::from_str(text) {
            Ok(Value::Null) => None,
            Ok(value @ (Value::Array(_) | Value::Object(_) | Value::Number(_) | Value::Bool(_))) => {
                Some(value)
            }
            _ if text.is_empty() => None,
            _ => Some(Value::from(text)),
        }
    };
    let (declared, actual) = (parse(&difference.expected), parse(&difference.actual));
    let kind = match difference.kind.as_str() {
        "ADD" => DifferenceKind::Added,
        "REMOVE" => DifferenceKind::Removed,
        _ => DifferenceKind::Changed,
    };
    Difference { path: difference.path.clone(), declared, actual, kind, doubt: None, ignored: None }
}
