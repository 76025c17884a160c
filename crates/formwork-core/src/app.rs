//! [`App`]: everything that is deployed together.

use std::{env, panic::Location, path::Path};

use formwork_template::{Finding, Value};

use crate::{
    aspect::Aspect,
    assembly::Assembly,
    asset::Staging,
    edge::Via,
    expr::Expr,
    model::{Model, RegisteredAspect, ScopeTag, StackModel, index},
    node::Where,
    stack::{Stack, StackId},
    synth::{self, SynthError, Synthesis},
};

/// The directory that an assembly is written to when nothing else is said.
pub const DEFAULT_OUTPUT: &str = "formwork.out";
/// The variable that holds the values of [`App::context`] as a JSON object.
const CONTEXT: &str = "CDK_CONTEXT_JSON";

/// Everything that is deployed together: stacks, and what holds for all of them.
///
/// Synthesis is pure: no clock, no network, no random numbers. Two variables of the environment
/// are read: `CDK_OUTDIR`, where the assembly goes, and `CDK_CONTEXT_JSON`, values for
/// [`App::context`].
///
/// ```
/// use formwork_core::{App, Build, RawResource};
///
/// let mut app = App::new();
/// let mut stack = app.stack("notifications");
/// let topic = RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
/// stack.output("TopicArn", topic.reference());
/// let synthesis = app.synthesize()?;
/// assert_eq!(synthesis.stack("notifications").map(|stack| stack.template.resources().count()), Some(1));
/// # Ok::<(), formwork_core::SynthError>(())
/// ```
pub struct App {
    model: Model,
}

impl Default for App {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// An app without stacks, with the context that the environment gives.
    #[track_caller]
    pub fn new() -> Self {
        let mut app = Self { model: Model::new() };
        if let Some(text) = env::var_os(CONTEXT) {
            app.take_context(&text.to_string_lossy(), Location::caller());
        }
        app
    }

    fn take_context(&mut self, text: &str, location: Where) {
        let reason = match formwork_template::json::read(text) {
            _ if text.trim().is_empty() => return,
            Ok(Value::Map(context)) => {
                self.model.context = context;
                return;
            }
            Ok(other) => format!("it is {}", other.kind()),
            Err(error) => error.to_string(),
        };
        let finding =
            Finding::error("FW0109", format!("the variable `{CONTEXT}` holds no context: {reason}"))
                .hint("give it a JSON object: `{\"key\": \"value\"}`")
                .at(location);
        self.model.findings.push(finding);
    }

    /// Adds a stack. The name is the stack's name in the account: a letter, then letters, digits
    /// and hyphens, at most 128 characters.
    #[track_caller]
    pub fn stack(&mut self, name: impl Into<String>) -> Stack<'_> {
        let location = Location::caller();
        let name = name.into();
        synth::names::check_stack_name(&mut self.model, &name, location);
        self.model.stacks.push(StackModel::new(name, location));
        let stack = index(self.model.stacks.len() - 1);
        Stack::new(&mut self.model, stack)
    }

    /// Goes on with a stack that was added before.
    ///
    /// The id of a stack of another app gives a finding and a new stack without use.
    #[track_caller]
    pub fn open(&mut self, id: StackId) -> Stack<'_> {
        if id.app == self.model.app {
            return Stack::new(&mut self.model, id.index);
        }
        let finding = Finding::error("FW0102", "a stack of another app cannot be opened in this one")
            .hint("keep the apps apart: the id of a stack is good for the app that gave it")
            .at(Location::caller());
        self.model.findings.push(finding);
        self.stack("foreign")
    }

    /// Tags every resource of the app that can be tagged. A tag of the same key that is set
    /// nearer to the resource wins.
    pub fn tag(&mut self, key: impl Into<String>, value: impl Into<Expr<String>>) -> &mut Self {
        self.model.tags.push(ScopeTag { key: key.into(), value: value.into().into_node() });
        self
    }

    /// Visits every resource of the app before synthesis.
    pub fn aspect(&mut self, aspect: impl Aspect + 'static) -> &mut Self {
        self.model.aspects.push(RegisteredAspect { below: None, aspect: Box::new(aspect) });
        self
    }

    /// How values cross between stacks, unless a stack says otherwise.
    pub fn carry_by(&mut self, via: Via) -> &mut Self {
        self.model.via = via;
        self
    }

    /// Gives values for [`App::context`], in place of those that have the same key.
    pub fn with_context<K: Into<String>>(mut self, values: impl IntoIterator<Item = (K, Value)>) -> Self {
        for (key, value) in values {
            self.model.context.insert(key.into(), value);
        }
        self
    }

    /// Where assets go, when it is not what `formwork bootstrap` makes. It holds for the assets that
    /// are added from now on.
    pub fn with_staging(mut self, staging: Staging) -> Self {
        self.model.staging = staging;
        self
    }

    /// A value that is given from outside: by [`App::with_context`], or in the JSON object that
    /// the variable `CDK_CONTEXT_JSON` holds.
    pub fn context(&self, key: &str) -> Option<Value> {
        self.model.context.get(key).cloned()
    }

    /// Reports a finding of the author's own, about the line of the call unless it says another. An
    /// error makes synthesis fail.
    #[track_caller]
    pub fn report(&mut self, mut finding: Finding) {
        let line = Location::caller();
        finding.source.get_or_insert_with(|| line.into());
        self.model.findings.push(finding);
    }

    /// Synthesizes and writes the assembly to `CDK_OUTDIR`, or to `formwork.out`.
    ///
    /// # Errors
    /// All findings at once, when one of them is an error; or that the assembly cannot be
    /// written. What stood in the directory before is then still there, whole.
    pub fn synth(self) -> Result<Assembly, SynthError> {
        let directory = env::var_os("CDK_OUTDIR").filter(|directory| !directory.is_empty());
        self.synth_to(directory.as_deref().map_or(Path::new(DEFAULT_OUTPUT), Path::new))
    }

    /// Synthesizes and writes the assembly to a directory.
    ///
    /// # Errors
    /// As [`App::synth`].
    pub fn synth_to(self, directory: impl AsRef<Path>) -> Result<Assembly, SynthError> {
        synth::to_disk(self.model, directory.as_ref())
    }

    /// Synthesizes in memory, for tests and for tools.
    ///
    /// # Errors
    /// All findings at once, when one of them is an error.
    pub fn synthesize(self) -> Result<Synthesis, SynthError> {
        synth::in_memory(self.model)
    }
}
