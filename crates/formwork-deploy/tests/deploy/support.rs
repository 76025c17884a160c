//! An operator who keeps a record.

use std::sync::Mutex;

use formwork_deploy::{
    deployment::{Deployment, Report},
    operator::{Decision, DeletionProposal, Operator, Proposal, RefactorProposal, Retention},
    progress::Progress,
    service::StackResource,
};

/// Writes down what is told, and answers as is said beforehand.
pub(crate) struct Recorder {
    pub(crate) lines: Mutex<Vec<String>>,
    pub(crate) approves: bool,
    pub(crate) retention: Retention,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        Self { lines: Mutex::default(), approves: true, retention: Retention::Leave }
    }

    fn write(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }

    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
}

impl Operator for Recorder {
    fn progress(&self, progress: &Progress) {
        self.write(match progress {
            Progress::Event { event, .. } => {
                let reason = event.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("  {} {}{reason}", event.status, event.logical_id)
            }
            Progress::Acknowledged { capabilities, .. } => {
                format!("acknowledged {:?}", capabilities.names())
            }
            other => format!("{other:?}"),
        });
    }

    fn approve<'a>(&'a self, proposal: &'a Proposal) -> Decision<'a, bool> {
        let changes: Vec<String> = proposal
            .changes
            .iter()
            .map(|change| format!("{:?} {}", change.action, change.logical_id))
            .collect();
        self.write(format!("asked: {:?} {} {changes:?}", proposal.kind, proposal.stack));
        Box::pin(async { self.approves })
    }

    fn approve_refactor<'a>(&'a self, proposal: &'a RefactorProposal) -> Decision<'a, bool> {
        let actions: Vec<String> = proposal
            .actions
            .iter()
            .map(|action| {
                let id = |id: &Option<String>| id.clone().unwrap_or_default();
                let (from, to) = (id(&action.from), id(&action.to));
                format!("{} {from} to {to} ({})", action.action, id(&action.physical_id))
            })
            .collect();
        self.write(format!("asked: refactor {} {actions:?}", proposal.stack));
        Box::pin(async { self.approves })
    }

    fn approve_deletion<'a>(&'a self, deletion: &'a DeletionProposal) -> Decision<'a, bool> {
        let resources: Vec<&str> =
            deletion.resources.iter().map(|resource| resource.logical_id.as_str()).collect();
        self.write(format!("asked: delete {} {resources:?} kept {:?}", deletion.stack, deletion.kept));
        Box::pin(async { self.approves })
    }

    fn retention<'a>(&'a self, stack: &'a str, failed: &'a [StackResource]) -> Decision<'a, Retention> {
        let failed: Vec<&str> = failed.iter().map(|resource| resource.logical_id.as_str()).collect();
        self.write(format!("asked: {stack} cannot delete {failed:?}"));
        Box::pin(async { self.retention.clone() })
    }
}

/// One line a stack.
pub(crate) fn lines(report: &Report) -> String {
    let line = |stack: &Deployment| {
        let outcome = serde_json::to_value(stack.outcome).unwrap();
        let message = stack.message.as_deref().unwrap_or_default();
        format!("{}: {} {message}\n", stack.name, outcome.as_str().unwrap())
    };
    report.stacks.iter().map(line).collect()
}

/// A template of topics, each with a display name.
pub(crate) fn topics(topics: &[(&str, &str)]) -> String {
    let resources: Vec<String> = topics
        .iter()
        .map(|(id, name)| {
            format!(r#""{id}":{{"Type":"AWS::SNS::Topic","Properties":{{"DisplayName":"{name}"}}}}"#)
        })
        .collect();
    let output = topics.first().map(|(id, _)| format!(r#""First":{{"Value":{{"Ref":"{id}"}}}}"#));
    format!(r#"{{"Resources":{{{}}},"Outputs":{{{}}}}}"#, resources.join(","), output.unwrap_or_default())
}
