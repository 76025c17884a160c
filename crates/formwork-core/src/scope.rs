//! [`Scope`]: a place in a stack under which ids are unique.

use std::panic::Location;

use formwork_template::{Finding, Template, Text, Value};

use crate::{
    aspect::Aspect,
    condition::{Condition, Test},
    expr::Expr,
    handle::{Handle, ResourceId},
    mapping::Mapping,
    model::{Element, Model, RegisteredAspect, ResourceModel, ScopeModel, ScopeTag, StackModel, index},
    node::{Function, Node, Where},
    object::IntoNode,
    output::Output,
    parameter::{Param, Parameter, ParameterId},
    resource::{Draft, Resource, Tagging},
    rule::Rule,
};

/// A place in a stack: what is built in it bears its path before its own id.
///
/// A construct that makes several resources opens a scope of its own for them. [`Stack`] derefs
/// to its root scope, whose path is empty.
///
/// [`Stack`]: crate::Stack
pub struct Scope<'app> {
    pub(crate) model: &'app mut Model,
    pub(crate) stack: u32,
    pub(crate) index: u32,
    /// The line that called a construct: what the construct makes is made there.
    line: Option<Where>,
}

/// Which scope of which stack of which app, to come back to it with [`Scope::reopen`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId {
    app: u32,
    stack: u32,
    index: u32,
}

impl<'app> Scope<'app> {
    pub(crate) const fn new(model: &'app mut Model, stack: u32, scope: u32) -> Self {
        Self { model, stack, index: scope, line: None }
    }

    pub(crate) fn stack_model(&mut self) -> &mut StackModel {
        &mut self.model.stacks[self.stack as usize]
    }

    fn scope_model(&self) -> &ScopeModel {
        &self.model.stacks[self.stack as usize].scopes[self.index as usize]
    }

    /// The path of the scope: what its ids begin with.
    pub fn path(&self) -> &str {
        &self.scope_model().path
    }

    /// The name of the stack that the scope is in.
    pub fn stack_name(&self) -> &str {
        &self.model.stacks[self.stack as usize].name
    }

    /// A scope inside of this one. Two scopes of one id share their path.
    pub fn scope(&mut self, id: &str) -> Scope<'_> {
        let path = format!("{}{id}", self.path());
        let parent = self.index;
        let scopes = &mut self.stack_model().scopes;
        scopes.push(ScopeModel { parent: Some(parent), path, tags: Vec::new() });
        let scope = index(scopes.len() - 1);
        Scope { model: &mut *self.model, stack: self.stack, index: scope, line: self.line }
    }

    /// A scope for the resources of a construct. They, and findings about them, bear the line that
    /// called the construct's own `#[track_caller]` function, and not the construct's lines.
    #[track_caller]
    pub fn construct(&mut self, id: &str) -> Scope<'_> {
        let line = self.line.unwrap_or(Location::caller());
        let mut scope = self.scope(id);
        scope.line = Some(line);
        scope
    }

    /// The identity of the scope.
    pub const fn id(&self) -> ScopeId {
        ScopeId { app: self.model.app, stack: self.stack, index: self.index }
    }

    /// Whether a scope is in the stack of this one.
    pub const fn shares_stack_with(&self, other: ScopeId) -> bool {
        self.model.app == other.app && self.stack == other.stack
    }

    /// Goes on in the scope of a construct that was built before. In another stack than the
    /// construct's, a scope of the same path is opened. What is made bears the line of the call,
    /// as with [`Scope::construct`].
    #[track_caller]
    pub fn reopen(&mut self, id: ScopeId) -> Scope<'_> {
        let line = Some(self.line.unwrap_or(Location::caller()));
        if self.shares_stack_with(id) {
            return Scope { model: &mut *self.model, stack: id.stack, index: id.index, line };
        }
        let known = self.model.stacks.get(id.stack as usize).filter(|_| id.app == self.model.app);
        let path =
            known.and_then(|stack| stack.scopes.get(id.index as usize)).map(|scope| scope.path.clone());
        let mut scope = self.scope("");
        if let Some(path) = path {
            let index = scope.index as usize;
            scope.stack_model().scopes[index].path = path;
        }
        scope.line = line;
        scope
    }

    /// Whether a resource of this scope has the id.
    pub fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The resource of this scope that has the id.
    pub fn find(&self, id: &str) -> Option<ResourceId> {
        let resources = &self.model.stacks[self.stack as usize].resources;
        let position = resources
            .iter()
            .position(|resource| resource.logical_id.strip_prefix(self.path()) == Some(id))?;
        Some(ResourceId { app: self.model.app, stack: self.stack, index: index(position) })
    }

    /// Tags every resource of the scope, and of the scopes in it, that can be tagged. A tag of the
    /// same key that is set nearer to the resource wins.
    pub fn tag(&mut self, key: impl Into<String>, value: impl Into<Expr<String>>) -> &mut Self {
        let tag = ScopeTag { key: key.into(), value: value.into().into_node() };
        let scope = self.index as usize;
        self.stack_model().scopes[scope].tags.push(tag);
        self
    }

    /// Visits every resource of the scope, and of the scopes in it, before synthesis.
    pub fn aspect(&mut self, aspect: impl Aspect + 'static) -> &mut Self {
        let below = Some((self.stack, self.index));
        self.model.aspects.push(RegisteredAspect { below, aspect: Box::new(aspect) });
        self
    }

    /// Adds a parameter.
    #[track_caller]
    pub fn parameter<T: ?Sized>(&mut self, id: &str, parameter: Parameter<T>) -> Param<T> {
        let element = self.element(id, Location::caller(), parameter.declaration.into_node());
        let (app, stack) = (self.model.app, self.stack);
        let parameters = &mut self.stack_model().parameters;
        parameters.push(element);
        Param::new(ParameterId { app, stack, index: index(parameters.len() - 1) })
    }

    /// Adds a mapping: values under two keys.
    #[track_caller]
    pub fn mapping<First, Second, V>(
        &mut self,
        id: &str,
        table: impl IntoIterator<Item = (First, impl IntoIterator<Item = (Second, V)>)>,
    ) -> Mapping
    where
        First: Into<String>,
        Second: Into<String>,
        V: IntoNode,
    {
        let rows = table
            .into_iter()
            .map(|(first, row)| {
                let cells = row.into_iter().map(|(second, value)| (second.into().into(), value.into_node()));
                (first.into().into(), Node::Map(cells.collect()))
            })
            .collect();
        let element = self.element(id, Location::caller(), Node::Map(rows));
        let (app, stack) = (self.model.app, self.stack);
        let mappings = &mut self.stack_model().mappings;
        mappings.push(element);
        Mapping { app, stack, index: index(mappings.len() - 1) }
    }

    /// Adds a condition.
    #[track_caller]
    pub fn condition(&mut self, id: &str, test: impl Into<Test>) -> Condition {
        let element = self.element(id, Location::caller(), test.into().0);
        let (app, stack) = (self.model.app, self.stack);
        let conditions = &mut self.stack_model().conditions;
        conditions.push(element);
        Condition { app, stack, index: index(conditions.len() - 1) }
    }

    /// Adds a rule: what must hold of the parameters.
    #[track_caller]
    pub fn rule(&mut self, id: &str, rule: Rule) {
        let element = self.element(id, Location::caller(), rule.into_node());
        self.stack_model().rules.push(element);
    }

    /// Adds an output, and gives it to say more about it.
    #[track_caller]
    pub fn output(&mut self, id: &str, value: impl Into<Expr<String>>) -> &mut Output {
        let element = self.element(id, Location::caller(), Output::new(value.into().into_node()));
        let outputs = &mut self.stack_model().outputs;
        let position = outputs.len();
        outputs.push(element);
        &mut outputs[position].body
    }

    /// A value that a lookup in the account should have found before synthesis, given as context
    /// under a key. Where it is missing, synthesis finds it.
    #[track_caller]
    pub fn lookup(&self, key: &str) -> Expr<String> {
        let found = self.model.context.get(key).cloned();
        Expr::from_node(match found {
            Some(value) => Node::from(value),
            None => Node::function(Function::Unresolved(Text::Owned(key.to_owned()), Location::caller())),
        })
    }

    /// Changes a resource that was built before, whatever its properties.
    ///
    /// The identity of a resource of another app gives a finding.
    #[track_caller]
    pub fn change(&mut self, resource: impl Into<ResourceId>, change: impl FnOnce(&mut Draft)) {
        let id = resource.into();
        let known = id.app == self.model.app;
        let stack = self.model.stacks.get_mut(id.stack as usize).filter(|_| known);
        if let Some(model) = stack.and_then(|stack| stack.resources.get_mut(id.index as usize)) {
            change(&mut model.draft);
            return;
        }
        let finding = Finding::error("FW0100", "a resource of another app is changed")
            .hint("keep the apps apart: a handle is good for the app that its resource was built in")
            .at(self.line.unwrap_or(Location::caller()));
        self.report(finding);
    }

    /// Goes on with the builder of a resource that was built before.
    #[track_caller]
    pub fn modify<R: Resource>(&mut self, handle: &Handle<R>, change: impl FnOnce(R) -> R) {
        self.change(handle, |draft| {
            let taken = std::mem::replace(draft, Draft::new(R::TYPE));
            *draft = change(R::from_draft(taken)).into_draft();
        });
    }

    /// Reports a finding of the author's own about something in this stack, at the line of the call
    /// unless it says another; in a construct, at the line that called the construct. An error makes
    /// synthesis fail.
    #[track_caller]
    pub fn report(&mut self, mut finding: Finding) {
        finding.stack.get_or_insert_with(|| self.model.stacks[self.stack as usize].name.clone());
        let line = self.line.unwrap_or(Location::caller());
        finding.source.get_or_insert_with(|| line.into());
        self.model.findings.push(finding);
    }

    /// Merges a whole template into the stack, ids as they stand in it.
    ///
    /// Its resources, parameters, conditions, mappings, rules and outputs become the stack's own,
    /// are checked with them, and can be referred to: [`Included`] gives handles.
    ///
    /// ```
    /// use formwork_core::{App, RawResource, Template};
    ///
    /// let legacy = Template::from_json(r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#)?;
    /// let mut app = App::new();
    /// let mut stack = app.stack("notifications");
    /// let included = stack.include(legacy);
    /// let topic = included.resource::<RawResource>("Topic");
    /// assert!(topic.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[track_caller]
    pub fn include(&mut self, template: Template) -> Included {
        crate::include::include(self, template, Location::caller())
    }

    pub(crate) fn add_resource(
        &mut self,
        id: &str,
        mut draft: Draft,
        tagging: Tagging,
        location: Where,
    ) -> ResourceId {
        let location = self.line.unwrap_or(location);
        let logical_id = format!("{}{id}", self.path());
        let mut tagging = tagging;
        let mut reported = Vec::new();
        if let Some(extras) = &mut draft.extras {
            tagging = extras.tagging.unwrap_or(tagging);
            reported = std::mem::take(&mut extras.findings);
        }
        for mut finding in reported {
            finding.source.get_or_insert_with(|| location.into());
            finding.path = vec!["Resources".to_owned(), logical_id.clone()];
            self.report(finding);
        }
        let (app, stack, scope) = (self.model.app, self.stack, self.index);
        let resources = &mut self.stack_model().resources;
        resources.push(ResourceModel { logical_id, scope, location, tagging, draft });
        ResourceId { app, stack, index: index(resources.len() - 1) }
    }

    /// The line to blame: in a construct, the one that called it.
    #[cfg(feature = "assets")]
    pub(crate) fn line_of(&self, location: Where) -> Where {
        self.line.unwrap_or(location)
    }

    fn element<T>(&self, id: &str, location: Where, body: T) -> Element<T> {
        let location = self.line.unwrap_or(location);
        Element { logical_id: format!("{}{id}", self.path()), location, body }
    }
}

/// What [`Scope::include`] brought in.
#[derive(Debug, Clone)]
pub struct Included {
    pub(crate) resources: Vec<(String, String, ResourceId)>,
    pub(crate) parameters: Vec<(String, ParameterId)>,
}

impl Included {
    /// A handle for a resource of the template, if it has one of this id and type. A
    /// [`RawResource`](crate::RawResource) can be of any type.
    pub fn resource<R: Resource>(&self, logical_id: &str) -> Option<Handle<R>> {
        let (_, resource_type, id) = self.resources.iter().find(|(known, ..)| known == logical_id)?;
        (resource_type == R::TYPE || !R::TYPE.contains("::")).then(|| Handle::new(*id))
    }

    /// A parameter of the template, if it has one of this id.
    pub fn parameter<T: ?Sized>(&self, logical_id: &str) -> Option<Param<T>> {
        let (_, id) = self.parameters.iter().find(|(known, _)| known == logical_id)?;
        Some(Param::new(*id))
    }
}

pub(crate) fn text(value: &Value) -> Text {
    match value {
        Value::String(text) => text.clone(),
        _ => Text::Borrowed(""),
    }
}
