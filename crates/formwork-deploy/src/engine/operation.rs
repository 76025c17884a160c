//! One operation on one stack: its token, what it has seen, and its way through the machine.

use std::collections::BTreeMap;

use formwork_template::Source;

use crate::{
    cause::root_cause,
    deployment::Deployment,
    events::EventReader,
    machine::{Action, Awaited, Deletion, End, Intent, Observation, Outcome, StackSight, State, Stop, step},
    operator::{DeletionProposal, Proposal, Retention},
    poll::Pace,
    progress::Progress,
    read,
    removal::kept,
    rename::Rename,
    request::{DeployRequest, StackRequest},
    retry::attempt,
    secret::Secrets,
    service::{StackDescription, StackEvent, ValidationFailure},
    status::StackStatus,
    stopped_task,
    submission::Submission,
    token::Token,
};

use super::Engine;

/// After so many looks at events alone, the stack is looked at, whatever they tell.
const QUIET_LOOKS: u32 = 5;

/// What an operation works with.
#[derive(Clone, Copy)]
pub(super) enum Work<'a> {
    Deploy { request: &'a DeployRequest, submission: &'a Submission },
    Other(&'a StackRequest),
}

/// One operation on one stack.
pub(super) struct Operation<'a> {
    pub(super) engine: &'a Engine<'a>,
    pub(super) name: &'a str,
    pub(super) work: Work<'a>,
    pub(super) token: Token,
    /// What is given and not told.
    secrets: Secrets,
    /// The token of the call that is under way at the service.
    running: Option<EventReader>,
    pub(super) seen: Option<StackDescription>,
    events: Vec<StackEvent>,
    /// How many of them were read before the call that is under way.
    events_before: usize,
    validation: Vec<ValidationFailure>,
    changes: usize,
    /// The template of the stack, once it was read for what is renamed.
    pub(super) deployed: Option<formwork_template::Template>,
    /// What is to be renamed.
    pub(super) renames: Vec<Rename>,
    /// What was renamed.
    pub(super) renamed: Vec<Rename>,
    /// What a message says that no stop knows.
    pub(super) refusal: Option<String>,
    /// How often a deletion was asked for, each a call of its own.
    pub(super) deletions: u32,
    events_unreadable: bool,
    /// How many looks in a row saw nothing but events.
    quiet_looks: u32,
    interrupted: bool,
    cleaning_up: bool,
    /// The state of another's operation that was told last.
    waited_for: Option<StackStatus>,
}

impl<'a> Operation<'a> {
    pub(super) fn new(engine: &'a Engine<'a>, name: &'a str, work: Work<'a>) -> Self {
        let secrets = match work {
            Work::Deploy { request, submission } => Secrets::of(&submission.template, &request.parameters),
            Work::Other(_) => Secrets::default(),
        };
        Self {
            engine,
            name,
            work,
            secrets,
            token: Token::new(engine.clock.random()),
            running: None,
            seen: None,
            events: Vec::new(),
            events_before: 0,
            validation: Vec::new(),
            changes: 0,
            deployed: None,
            renames: Vec::new(),
            renamed: Vec::new(),
            refusal: None,
            deletions: 0,
            events_unreadable: false,
            quiet_looks: 0,
            interrupted: false,
            cleaning_up: false,
            waited_for: None,
        }
    }

    /// Goes through the machine to its end.
    pub(super) async fn run(mut self, intent: Intent) -> Deployment {
        let mut state = State::start(intent);
        let mut observation = Observation::Begin;
        let mut pace = Pace::new();
        let end = loop {
            let (next, action) = step(&state, &observation);
            if next.name() != state.name() {
                pace = Pace::new();
            }
            state = next;
            observation = match self.observe(action, &mut pace).await {
                Ok(observation) => observation,
                Err(end) => break end,
            };
        };
        self.finish(end).await
    }

    pub(super) fn tell(&self, progress: &Progress) {
        self.engine.operator.progress(&self.secrets.hidden_in(progress));
    }

    fn sources(&self) -> &'a BTreeMap<String, Source> {
        match self.work {
            Work::Deploy { request, .. } => &request.sources,
            Work::Other(request) => &request.sources,
        }
    }

    /// Carries out an action; the end is not one.
    async fn observe(&mut self, action: Action, pace: &mut Pace) -> Result<Observation, End> {
        // While something is taken away, or asked at the service, it is not left half done.
        let waits = matches!(
            action,
            Action::Wait(_) | Action::CreateChangeSet { .. } | Action::CreateRefactor { .. }
        );
        if waits && self.is_interrupted() {
            return Ok(Observation::Interrupted);
        }
        Ok(match action {
            Action::End(end) => return Err(end),
            Action::DescribeStack { stack } => self.describe(stack.as_deref()).await,
            Action::Wait(awaited) => self.wait(awaited, pace).await,
            Action::CreateChangeSet { stack, kind } => self.create_change_set(stack, kind).await,
            Action::DescribeChangeSet { stack, change_set } => {
                self.describe_change_set(&stack, &change_set).await
            }
            Action::ReadValidation { stack, change_set } => self.read_validation(&stack, &change_set).await,
            Action::AskApproval { stack, change_set } => self.ask_approval(&stack, &change_set).await,
            Action::AskDeletion { stack } => self.ask_deletion(&stack).await,
            Action::AskRetention { stack } => self.ask_retention(&stack).await,
            Action::ExecuteChangeSet { stack, change_set, disable_rollback } => {
                let token = self.start(&stack, "execute");
                self.execute(stack, change_set, disable_rollback, token).await
            }
            Action::ListChangeSets { stack } => self.list_change_sets(&stack).await,
            Action::DeleteChangeSet { stack, change_set } => self.delete_change_set(stack, change_set).await,
            Action::ReadImports { stack } => self.read_imports(&stack).await,
            Action::DeleteStack { stack, why, retain, force } => {
                self.deletions += 1;
                let part = format!("delete-{}", self.deletions);
                let token = match why {
                    Deletion::Asked => self.start(&stack, &part),
                    Deletion::Empty => self.token.part(&part),
                    Deletion::FailedCreation => {
                        self.tell(&Progress::DeletingFailedCreation { stack: self.name.to_owned() });
                        self.token.part(&part)
                    }
                };
                self.delete_stack(stack, retain, force, token).await
            }
            Action::RollBack { stack } => {
                let token = self.start(&stack, "rollback");
                self.roll_back(stack, token).await
            }
            Action::ContinueRollback { stack } => {
                let token = self.start(&stack, "continue");
                self.continue_rollback(stack, token).await
            }
            Action::ReadRenames { stack } => self.read_renames(&stack).await,
            Action::FindRefactor { stack } => self.find_refactor(&stack).await,
            Action::CreateRefactor { stack, renames } => self.create_refactor(stack, renames).await,
            Action::DescribeRefactor { refactor } => self.describe_refactor(&refactor).await,
            Action::AskRefactor { stack, refactor } => self.ask_refactor(&stack, &refactor).await,
            Action::ExecuteRefactor { refactor } => self.execute_refactor(&refactor).await,
            Action::CancelUpdate { stack } => {
                let token = self.start(&stack, "cancel");
                self.cancel_update(&stack, &token).await
            }
        })
    }

    /// From here on, the events of the part's token are the operation's.
    fn start(&mut self, stack: &str, part: &str) -> String {
        let token = self.token.part(part);
        self.running = Some(EventReader::new(stack, &token));
        self.events_before = self.events.len();
        let role = match self.work {
            Work::Deploy { request, .. } => request.role.clone(),
            Work::Other(request) => request.role.clone(),
        };
        self.tell(&Progress::Started {
            stack: self.name.to_owned(),
            arn: stack.to_owned(),
            resources: self.changes,
            role: role.or_else(|| self.seen.as_ref().and_then(|seen| seen.role.clone())),
        });
        token
    }

    fn is_interrupted(&mut self) -> bool {
        let asked = self.engine.interruption.is_some_and(crate::operator::Interruption::is_interrupted);
        let now = asked && !self.interrupted;
        self.interrupted |= asked;
        now
    }

    async fn wait(&mut self, awaited: Awaited, pace: &mut Pace) -> Observation {
        if awaited == Awaited::OtherOperation
            && let Some(seen) = &self.seen
            && self.waited_for.as_ref() != Some(&seen.status)
        {
            let status = seen.status.clone();
            self.waited_for = Some(status.clone());
            self.tell(&Progress::WaitingForOther { stack: self.name.to_owned(), status });
        }
        let duration = pace.next(self.engine.clock.random());
        let engine = self.engine;
        let sleep = async {
            engine.clock.sleep(duration).await;
            engine.retry.turn(engine.clock).await;
        };
        let interruption = self.engine.interruption.filter(|_| !self.interrupted);
        let Some(interruption) = interruption else {
            sleep.await;
            return Observation::Waited;
        };
        tokio::select! {
            () = sleep => Observation::Waited,
            () = interruption.requested() => {
                self.interrupted = true;
                Observation::Interrupted
            }
        }
    }

    /// The stack, and the events that led to its state.
    ///
    /// While the operation goes on, its events tell of every new state of the stack: the stack itself is
    /// looked at when they do, and now and then.
    async fn describe(&mut self, arn: Option<&str>) -> Observation {
        let (service, clock) = (self.engine.service, self.engine.clock);
        let stack = arn.unwrap_or(self.name);
        let by_events = self.is_told_by_events(stack);
        if by_events {
            self.read_events().await;
            if let Some(seen) = self.seen.as_ref().filter(|_| self.is_told_by_events(stack)) {
                let sight = sight(seen, true);
                self.quiet_looks += 1;
                return Observation::Stack(Some(sight));
            }
        }
        self.quiet_looks = 0;
        let answer = attempt(clock, self.engine.retry, || service.describe_stack(stack)).await;
        let found = match answer.result {
            Ok(found) => found,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        if !by_events {
            self.read_events().await;
        }
        let Some(found) = found else { return Observation::Stack(None) };
        if found.status == StackStatus::UpdateCompleteCleanupInProgress
            && self.running.is_some()
            && !self.cleaning_up
        {
            self.cleaning_up = true;
            self.tell(&Progress::CleaningUp { stack: self.name.to_owned() });
        }
        // Of a state that was before, no event of the operation tells, though others may.
        let told = self.last_own_status(&found.arn) == Some(found.status.name());
        let own_event = self.running.is_some() && (told || self.events_unreadable);
        let sight = sight(&found, own_event);
        self.seen = Some(found);
        Observation::Stack(Some(sight))
    }

    /// Whether the last event of the stack itself is that of the state in which it was seen, and another
    /// will come.
    fn is_told_by_events(&self, stack: &str) -> bool {
        let seen = self.seen.as_ref().filter(|seen| seen.arn == stack && seen.status.is_in_progress());
        let begun = self.running.as_ref().is_some_and(EventReader::has_begun);
        let known = seen.is_some_and(|seen| self.last_own_status(stack) == Some(seen.status.name()));
        begun && known && !self.events_unreadable && self.quiet_looks < QUIET_LOOKS
    }

    /// The state that the last event of the stack itself tells, and not of those nested in it.
    fn last_own_status(&self, arn: &str) -> Option<&str> {
        let own = |event: &&StackEvent| event.stack == arn && event.physical_id.as_deref() == Some(arn);
        self.events.iter().skip(self.events_before).rev().find(own).map(|event| event.status.as_str())
    }

    async fn read_events(&mut self) {
        let Some(reader) = &mut self.running else { return };
        match reader.poll(self.engine.service, self.engine.clock, self.engine.retry).await {
            Ok(events) => {
                for event in &events {
                    self.tell(&Progress::Event { stack: self.name.to_owned(), event: event.clone() });
                }
                self.events.extend(events);
            }
            // A stack that is gone has told everything.
            Err(crate::error::ServiceError::NotFound { .. }) => {}
            Err(error) => {
                if !self.events_unreadable {
                    let reason = error.to_string();
                    self.tell(&Progress::EventsUnreadable { stack: self.name.to_owned(), reason });
                }
                self.events_unreadable = true;
            }
        }
    }

    async fn read_validation(&mut self, stack: &str, change_set: &str) -> Observation {
        let (service, clock) = (self.engine.service, self.engine.clock);
        let answer =
            attempt(clock, self.engine.retry, || service.validation_failures(stack, change_set)).await;
        match answer.result {
            Ok(failures) => {
                for failure in &failures {
                    let failure = failure.clone();
                    self.tell(&Progress::Validation { stack: self.name.to_owned(), failure });
                }
                self.validation = failures;
            }
            Err(error) => {
                self.refusal = Some(format!("what the validation objects to cannot be read: {error}"));
            }
        }
        Observation::ValidationRead
    }

    /// The user's answer, unless the user wants to stop.
    pub(super) async fn asked<T>(&mut self, question: impl Future<Output = T>) -> Option<T> {
        if self.is_interrupted() {
            return None;
        }
        let Some(interruption) = self.engine.interruption.filter(|_| !self.interrupted) else {
            return Some(question.await);
        };
        tokio::select! {
            answer = question => Some(answer),
            () = interruption.requested() => {
                self.interrupted = true;
                None
            }
        }
    }

    async fn ask_approval(&mut self, stack: &str, change_set: &str) -> Observation {
        let Work::Deploy { submission, .. } = self.work else { return Observation::Declined };
        let engine = self.engine;
        let description =
            match read::all_pages(engine.service, engine.clock, stack, change_set, engine.retry).await {
                Ok(description) => description,
                Err(error) => return Observation::Failed { error, maybe_acted: false },
            };
        self.changes = description.changes.len();
        let proposal = Proposal {
            stack: self.name.to_owned(),
            arn: stack.to_owned(),
            kind: self.kind(),
            changes: description.changes,
            capabilities: crate::capability::of_template(&submission.template),
        };
        match self.asked(engine.operator.approve(&proposal)).await {
            Some(true) => Observation::Approved,
            Some(false) => Observation::Declined,
            None => Observation::Interrupted,
        }
    }

    async fn ask_deletion(&mut self, stack: &str) -> Observation {
        let engine = self.engine;
        let resources = attempt(engine.clock, engine.retry, || engine.service.resources(stack)).await.result;
        let template = attempt(engine.clock, engine.retry, || engine.service.template(stack)).await.result;
        let resources = match resources {
            Ok(resources) => resources,
            Err(error) => return Observation::Failed { error, maybe_acted: false },
        };
        self.changes = resources.len();
        // A template that cannot be read, such as one in YAML, says nothing here.
        let kept = template.map(|text| kept(&text)).unwrap_or_default();
        let proposal =
            DeletionProposal { stack: self.name.to_owned(), arn: stack.to_owned(), resources, kept };
        match self.asked(engine.operator.approve_deletion(&proposal)).await {
            Some(true) => Observation::Approved,
            Some(false) => Observation::Declined,
            None => Observation::Interrupted,
        }
    }

    async fn ask_retention(&mut self, stack: &str) -> Observation {
        let engine = self.engine;
        let resources =
            match attempt(engine.clock, engine.retry, || engine.service.resources(stack)).await.result {
                Ok(resources) => resources,
                Err(error) => return Observation::Failed { error, maybe_acted: false },
            };
        let failed: Vec<_> =
            resources.into_iter().filter(|resource| resource.status == "DELETE_FAILED").collect();
        match self.asked(engine.operator.retention(self.name, &failed)).await {
            Some(Retention::Retain(resources)) => Observation::Retain(resources),
            Some(Retention::Force) => Observation::Force,
            Some(Retention::Leave) => Observation::Declined,
            None => Observation::Interrupted,
        }
    }

    /// The result, once the machine has come to its end.
    async fn finish(mut self, mut end: End) -> Deployment {
        // Events arrive a little later than the state that they led to.
        if end.outcome != Outcome::NoChange && !self.has_told_its_end() {
            self.read_events().await;
        }
        let deployed = matches!(end.outcome, Outcome::Created | Outcome::Updated | Outcome::NoChange);
        if deployed {
            let failures = self.change_settings().await;
            if !failures.is_empty() {
                // The same again sets what is missing; until then the stack is not as was wanted.
                end = End { outcome: Outcome::Failed, stop: Some(Stop::SettingsFailed { failures }) };
            }
        }
        let mut result = Deployment::new(self.name, end.outcome);
        if let Some(seen) = &self.seen {
            result.arn = Some(seen.arn.clone());
            if seen.status.is_success() || deployed {
                result.outputs =
                    seen.outputs.iter().map(|output| (output.key.clone(), output.value.clone())).collect();
            }
        }
        if !deployed {
            let root = result.arn.clone().unwrap_or_default();
            result.root_cause = root_cause(&self.events, self.sources(), &root);
            if let (Some(tasks), Some(cause)) = (self.engine.tasks, &mut result.root_cause) {
                stopped_task::explain(tasks, cause, &self.events).await;
            }
        }
        if let Some(stop) = end.stop {
            let mut lines = vec![stop.to_string()];
            lines.extend(self.refusal.take());
            if !self.renamed.is_empty() {
                let renamed: Vec<String> = self.renamed.iter().map(ToString::to_string).collect();
                lines.push(format!("renamed before, and so it stays: {}", renamed.join(", ")));
            }
            result.message = Some(lines.join("\n"));
            result.advice = stop.advice(self.name, self.engine.service.region());
            if let (Stop::Ended { .. }, Some(seen)) = (&stop, &self.seen) {
                result.leftovers = self.leftovers(&seen.arn).await;
            }
            result.stop = Some(stop);
        } else {
            result.message = self.refusal.take();
        }
        if end.outcome == Outcome::Deleted {
            result.leftovers = self.told("DELETE_SKIPPED");
        }
        if deployed {
            result.leftovers = self.told("DELETE_FAILED");
            if !result.leftovers.is_empty() {
                let ids: Vec<&str> = result.leftovers.iter().map(|left| left.logical_id.as_str()).collect();
                let text = "what the deployment took out of the stack could not be deleted, and stays";
                result.message.get_or_insert_with(|| format!("{text}: {}", ids.join(", ")));
            }
        }
        result.validation = std::mem::take(&mut self.validation);
        self.secrets.hide_in(&mut result);
        result.renamed = std::mem::take(&mut self.renamed);
        self.tell(&Progress::Finished { stack: self.name.to_owned(), outcome: end.outcome });
        result
    }

    /// Whether the stack's own event of the state that it ended in has been read.
    fn has_told_its_end(&self) -> bool {
        let told = |seen: &StackDescription| self.last_own_status(&seen.arn) == Some(seen.status.name());
        self.seen.as_ref().is_some_and(told)
    }

    /// The resources of which this state was told last.
    fn told(&self, status: &str) -> Vec<crate::service::StackResource> {
        let last: BTreeMap<_, _> =
            self.events.iter().map(|event| ((&event.stack, &event.physical_id), event)).collect();
        let is_last = |event: &&StackEvent| {
            last.get(&(&event.stack, &event.physical_id)).is_some_and(|last| last.id == event.id)
        };
        let told = self.events.iter().filter(|event| event.status == status);
        told.filter(is_last)
            .map(|event| crate::service::StackResource {
                logical_id: event.logical_id.clone(),
                physical_id: event.physical_id.clone(),
                resource_type: event.resource_type.clone(),
                status: event.status.clone(),
                reason: event.reason.clone(),
            })
            .collect()
    }

    /// The resources that a deletion could not delete.
    async fn leftovers(&self, stack: &str) -> Vec<crate::service::StackResource> {
        let engine = self.engine;
        let answer = attempt(engine.clock, engine.retry, || engine.service.resources(stack)).await;
        let resources = answer.result.unwrap_or_default();
        resources.into_iter().filter(|resource| resource.status == "DELETE_FAILED").collect()
    }
}

/// A stack, as far as decisions need it.
fn sight(found: &StackDescription, own_event: bool) -> StackSight {
    StackSight {
        arn: found.arn.clone(),
        status: found.status.clone(),
        reason: found.status_reason.clone(),
        protected: found.termination_protection,
        own_event,
    }
}
