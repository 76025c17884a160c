//! [`Desk`]: who is asked and told while stacks are deployed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
};

use formwork_deploy::{
    client::Client,
    operator::{Decision, DeletionProposal, Operator, Proposal, RefactorProposal, Retention},
    progress::Progress,
    rename::Rename,
    service::StackResource,
};
use tokio::sync::Mutex;

use super::{
    approval::{self, RequireApproval, is_attended, is_yes},
    screen::Screen,
};
use crate::{
    deployed::proposed,
    rendering::diff::{
        report::Report,
        text::{self, Layout},
    },
    stack_state::StackState,
    terminal::{ERROR, HINT, STRONG, legible, width},
};

/// What is approved without a question, and what with one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Everything is approved.
    pub(crate) yes: bool,
    /// What of a deployment is asked.
    pub(crate) require: RequireApproval,
    /// Resources that cannot be deleted stay, and the stack goes.
    pub(crate) retain_failed: bool,
    /// The stack goes, whatever becomes of its resources.
    pub(crate) force: bool,
}

/// A stack that is deployed, as the desk knows it.
pub(crate) struct Subject<'a> {
    pub(crate) client: &'a Client,
    /// What it is to be.
    pub(crate) state: Mutex<StackState>,
}

/// Who is asked and told while stacks are deployed.
pub(crate) struct Desk<'a> {
    pub(crate) screen: Screen<'a>,
    rules: Rules,
    /// By their ARNs' region and name: the same name may stand in several regions.
    subjects: BTreeMap<(String, String), Subject<'a>>,
    /// One question at a time.
    asking: Mutex<()>,
    unattended: AtomicBool,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(screen: Screen<'a>, rules: Rules) -> Self {
        let asking = Mutex::new(());
        Self { screen, rules, subjects: BTreeMap::new(), asking, unattended: AtomicBool::new(false) }
    }

    /// Tells of a stack that will be deployed, by the region and its name there.
    pub(crate) fn add(&mut self, region: &str, name: &str, subject: Subject<'a>) {
        self.subjects.insert((region.to_owned(), name.to_owned()), subject);
    }

    /// Whether something would have been asked, and nobody was there.
    pub(crate) fn is_unattended(&self) -> bool {
        self.unattended.load(Ordering::Relaxed)
    }

    async fn ask(&self, question: &str) -> Option<String> {
        if !is_attended() {
            self.unattended.store(true, Ordering::Relaxed);
            return None;
        }
        self.screen.with(|terminal| terminal.insist(&format!("{STRONG}{question}{STRONG:#}")));
        self.screen.pause();
        let answer = approval::answer().await;
        self.screen.resume();
        answer
    }

    async fn decide(&self, proposal: &Proposal) -> bool {
        let region = proposal.arn.split(':').nth(3).unwrap_or_default();
        let subject = self.subjects.get(&(region.to_owned(), proposal.stack.clone()));
        let diff = match subject {
            Some(subject) => proposed(subject.client, proposal, &mut *subject.state.lock().await).await,
            None => Err(anyhow::anyhow!("`{}` is none of the stacks that are deployed", proposal.stack)),
        };
        let diff = match diff {
            Ok(diff) => diff,
            Err(error) => {
                self.screen.with(|terminal| terminal.error(&format!("{error:#}"), None));
                return false;
            }
        };
        // What is shown belongs to the question that follows it.
        let _turn = self.asking.lock().await;
        if self.screen.speaks() {
            let mut report = Report::new(&diff, "", "stack");
            // That the stack is new is said beside its name.
            report.stacks.iter_mut().for_each(|stack| stack.note = None);
            self.screen.with(|terminal| {
                let layout = Layout { width: width(), whole: terminal.is_verbose() };
                terminal.tell(text::render(&report, layout).trim_end());
                if let Some(text) = acknowledged(proposal) {
                    terminal.tell(&text);
                }
            });
        }
        let Some(reason) = self.rules.require.reason(&diff).filter(|_| !self.rules.yes) else { return true };
        let name = legible(&proposal.stack);
        is_yes(self.ask(&format!("deploy `{name}`? ({reason}) [y/N]")).await.as_deref())
    }

    async fn decide_refactor(&self, proposal: &RefactorProposal) -> bool {
        let _turn = self.asking.lock().await;
        let name = legible(&proposal.stack);
        if self.screen.speaks() {
            self.screen.with(|terminal| {
                terminal
                    .tell(&format!("{STRONG}{name}{STRONG:#} is refactored first, and nothing is replaced:"));
                for rename in &proposal.renames {
                    let Rename { from, to, resource_type, .. } = rename;
                    terminal.tell(&format!("  {resource_type} {} -> {}", legible(from), legible(to)));
                }
            });
        }
        // Another id gives nobody more, and loses nothing.
        if self.rules.yes || self.rules.require != RequireApproval::AnyChange {
            return true;
        }
        is_yes(self.ask(&format!("refactor `{name}`? [y/N]")).await.as_deref())
    }

    async fn keep(&self, stack: &str, failed: &[StackResource]) -> Retention {
        let ids = || failed.iter().map(|resource| resource.logical_id.clone()).collect::<Vec<_>>();
        if self.rules.force {
            return Retention::Force;
        }
        if self.rules.retain_failed {
            return Retention::Retain(ids());
        }
        let _turn = self.asking.lock().await;
        self.screen.with(|terminal| {
            terminal
                .insist(&format!("{ERROR}error{ERROR:#}: these of `{}` cannot be deleted:", legible(stack)));
            for resource in failed {
                let reason = resource.reason.as_deref().unwrap_or_default();
                terminal.insist(&format!(
                    "  {}  {}  {}",
                    resource.logical_id,
                    resource.resource_type,
                    legible(reason)
                ));
            }
        });
        let question =
            "[l]eave the stack, [r]etain these and delete the rest, or [f]orce the stack away? [l/r/f]";
        match self.ask(question).await.as_deref() {
            Some("r" | "retain") => Retention::Retain(ids()),
            Some("f" | "force") => Retention::Force,
            _ => {
                self.screen.with(|terminal| {
                    terminal.tell(&format!(
                        "{HINT}hint{HINT:#}: `--retain-failed` keeps these and deletes the rest, `--force` gives them up"
                    ));
                });
                Retention::Leave
            }
        }
    }
}

impl Operator for Desk<'_> {
    fn progress(&self, progress: &Progress) {
        self.screen.show(progress);
    }

    fn approve<'a>(&'a self, proposal: &'a Proposal) -> Decision<'a, bool> {
        Box::pin(self.decide(proposal))
    }

    fn approve_refactor<'a>(&'a self, proposal: &'a RefactorProposal) -> Decision<'a, bool> {
        Box::pin(self.decide_refactor(proposal))
    }

    fn approve_deletion<'a>(&'a self, deletion: &'a DeletionProposal) -> Decision<'a, bool> {
        // The command has shown everything, and asked once, before it began.
        let _ = deletion;
        Box::pin(async { true })
    }

    fn retention<'a>(&'a self, stack: &'a str, failed: &'a [StackResource]) -> Decision<'a, Retention> {
        Box::pin(self.keep(stack, failed))
    }
}

/// What deploying acknowledges, and for the sake of which resources.
fn acknowledged(proposal: &Proposal) -> Option<String> {
    let capabilities = &proposal.capabilities;
    let names = capabilities.names();
    let [all @ .., last] = names.as_slice() else { return None };
    let names = if all.is_empty() { last.clone() } else { format!("{} and {last}", all.join(", ")) };
    let ids = capabilities.iam.iter().chain(&capabilities.named_iam).chain(&capabilities.auto_expand);
    let ids: BTreeSet<&str> = ids.map(String::as_str).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    Some(format!("deploying acknowledges {names}, for {}", legible(&ids.join(", "))))
}

/// What is told when something would have been asked, and nobody was there.
pub(crate) fn unattended_hint() -> String {
    format!(
        "{HINT}hint{HINT:#}: nobody can be asked here: `--yes` approves, and so does `--require-approval never`"
    )
}
