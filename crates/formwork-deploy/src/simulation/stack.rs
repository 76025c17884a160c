//! One stack of the simulation.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use formwork_template::{Template, Value};

use crate::{
    service::{ChangeSetSummary, EventPage, Output, StackDescription, StackEvent, StackResource},
    status::{ChangeSetStatus, ExecutionStatus, StackStatus},
};

/// How many events are on a page.
const PAGE: usize = 5;

#[derive(Debug)]
pub(super) struct Stack {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) status: StackStatus,
    pub(super) template: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    /// What stands, which after a failure is not what the template says.
    pub(super) standing: BTreeMap<String, Resource>,
    pub(super) protected: bool,
    pub(super) change_sets: Vec<ChangeSet>,
    /// Oldest first.
    pub(super) events: Vec<StackEvent>,
    /// What is still to happen.
    pub(super) plan: VecDeque<Beat>,
    pub(super) tokens: BTreeSet<String>,
    /// The physical ids of resources that had another logical id when they were made.
    pub(super) physical: BTreeMap<String, String>,
}

/// A resource: its type, and what the template says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resource {
    pub(super) kind: String,
    pub(super) text: String,
}

#[derive(Debug, Clone)]
pub(super) struct ChangeSet {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) template: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) status: ChangeSetStatus,
    pub(super) execution: ExecutionStatus,
    pub(super) empty: bool,
}

/// One step of an operation.
#[derive(Debug, Default)]
pub(super) struct Beat {
    /// The stack's next state.
    pub(super) status: Option<StackStatus>,
    /// Why the stack comes into this state.
    pub(super) reason: Option<String>,
    /// What is told of resources: id, type, state, reason.
    pub(super) events: Vec<(String, String, &'static str, Option<&'static str>)>,
    /// What stands from now on.
    pub(super) effect: Option<Effect>,
    pub(super) token: String,
}

#[derive(Debug)]
pub(super) struct Effect {
    pub(super) template: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) standing: BTreeMap<String, Resource>,
    /// Logical ids before, and from now on.
    pub(super) renames: Vec<(String, String)>,
}

impl Stack {
    pub(super) fn new(name: &str, arn: String) -> Self {
        Self {
            name: name.to_owned(),
            arn,
            status: StackStatus::ReviewInProgress,
            template: "{}".to_owned(),
            parameters: BTreeMap::new(),
            tags: BTreeMap::new(),
            standing: BTreeMap::new(),
            protected: false,
            change_sets: Vec::new(),
            events: Vec::new(),
            plan: VecDeque::new(),
            tokens: BTreeSet::new(),
            physical: BTreeMap::new(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.plan.is_empty() || self.status.is_in_progress()
    }

    /// The state that the service knows, though a look may not show it yet.
    pub(super) fn coming(&self) -> &StackStatus {
        self.plan.iter().find_map(|beat| beat.status.as_ref()).unwrap_or(&self.status)
    }

    /// Takes the next step of what is going on.
    pub(super) fn advance(&mut self, counter: &mut u32) {
        let Some(beat) = self.plan.pop_front() else { return };
        for (logical_id, kind, status, reason) in beat.events {
            let physical_id = Some(self.physical_id(&logical_id));
            self.tell(counter, (&logical_id, physical_id, &kind, status, reason), &beat.token);
        }
        if let Some(effect) = beat.effect {
            self.template = effect.template;
            self.parameters = effect.parameters;
            self.tags = effect.tags;
            self.standing = effect.standing;
            for (from, to) in effect.renames {
                let physical_id = self.physical_id(&from);
                self.physical.remove(&from);
                self.physical.insert(to, physical_id);
            }
            let standing = &self.standing;
            self.physical.retain(|id, _| standing.contains_key(id));
        }
        if let Some(status) = beat.status {
            let (name, arn) = (self.name.clone(), Some(self.arn.clone()));
            let kind = "AWS::CloudFormation::Stack";
            let reason = beat.reason.as_deref();
            self.tell(counter, (&name, arn, kind, status.name(), reason), &beat.token);
            if !status.is_in_progress() {
                self.change_sets.clear();
            }
            self.status = status;
        }
    }

    /// What a resource is called outside of the stack: by its first logical id.
    pub(super) fn physical_id(&self, logical_id: &str) -> String {
        self.physical.get(logical_id).cloned().unwrap_or_else(|| format!("{}-{logical_id}", self.name))
    }

    fn tell(
        &mut self,
        counter: &mut u32,
        (logical_id, physical_id, kind, status, reason): (&str, Option<String>, &str, &str, Option<&str>),
        token: &str,
    ) {
        *counter += 1;
        self.events.push(StackEvent {
            id: format!("event-{counter}"),
            stack: self.arn.clone(),
            logical_id: logical_id.to_owned(),
            physical_id,
            resource_type: kind.to_owned(),
            status: status.to_owned(),
            reason: reason.map(str::to_owned),
            // Two events share a moment now and then.
            time: i64::from(*counter / 2) * 1_000,
            token: Some(token.to_owned()),
        });
    }

    pub(super) fn events_page(&self, skipped: usize) -> EventPage {
        let events: Vec<StackEvent> = self.events.iter().rev().skip(skipped).take(PAGE).cloned().collect();
        let end = skipped + events.len();
        EventPage { events, next: (end < self.events.len()).then(|| end.to_string()) }
    }

    pub(super) fn summaries(&self) -> Vec<ChangeSetSummary> {
        let summary = |set: &ChangeSet| ChangeSetSummary {
            arn: set.arn.clone(),
            name: set.name.clone(),
            status: set.status.clone(),
            execution_status: set.execution.clone(),
        };
        self.change_sets.iter().map(summary).collect()
    }

    pub(super) fn resources(&self) -> Vec<StackResource> {
        let status = |id: &String| {
            let last = self.events.iter().rev().find(|event| event.logical_id == *id);
            last.map_or_else(String::new, |event| event.status.clone())
        };
        self.standing
            .iter()
            .map(|(id, resource)| StackResource {
                logical_id: id.clone(),
                physical_id: Some(self.physical_id(id)),
                resource_type: resource.kind.clone(),
                status: status(id),
                reason: None,
            })
            .collect()
    }

    pub(super) fn describe(&self) -> StackDescription {
        StackDescription {
            arn: self.arn.clone(),
            name: self.name.clone(),
            status: self.status.clone(),
            status_reason: None,
            parameters: self.parameters.clone(),
            tags: self.tags.clone(),
            outputs: if self.status.exists() { self.outputs() } else { Vec::new() },
            capabilities: Vec::new(),
            role: None,
            termination_protection: self.protected,
            notification_arns: Vec::new(),
            root: None,
        }
    }

    pub(super) fn outputs(&self) -> Vec<Output> {
        self.outputs_of(&self.template)
    }

    /// The outputs that a template would have in this stack.
    pub(super) fn outputs_of(&self, template: &str) -> Vec<Output> {
        let Ok(template) = Template::from_json(template) else { return Vec::new() };
        let outputs = template.section("Outputs").into_iter().flat_map(formwork_template::Map::iter);
        outputs
            .map(|(key, declaration)| Output {
                key: key.to_owned(),
                value: declaration.get("Value").map(|value| self.evaluate(value)).unwrap_or_default(),
                export: declaration.at(["Export", "Name"]).and_then(Value::as_str).map(str::to_owned),
                description: None,
            })
            .collect()
    }

    /// A text as it stands, a parameter by its value, anything else by the resource's id.
    fn evaluate(&self, value: &Value) -> String {
        if let Some(text) = value.as_str() {
            return text.to_owned();
        }
        let name = value.get("Ref").and_then(Value::as_str).unwrap_or_default();
        self.parameters.get(name).cloned().unwrap_or_else(|| self.physical_id(name))
    }
}

/// The resources of a template.
pub(super) fn resources_of(template: &str) -> BTreeMap<String, Resource> {
    let Ok(template) = Template::from_json(template) else { return BTreeMap::new() };
    template
        .resources()
        .map(|resource| {
            let text = Template::from_sections(resource.attributes.clone()).to_compact_json();
            let kind = resource.resource_type().unwrap_or_default().to_owned();
            (resource.logical_id.to_owned(), Resource { kind, text })
        })
        .collect()
}
