//! [`Stack`]: what CloudFormation creates, updates and deletes as one.

use std::{
    ops::{Deref, DerefMut},
    panic::Location,
};

use formwork_template::{Finding, Text};
use serde::{Deserialize, Serialize};

use crate::{
    edge::{EdgeRule, Origin, Via},
    expr::Expr,
    handle::ResourceId,
    kind::Json,
    model::Model,
    node::{Node, Where},
    object::IntoNode,
    scope::Scope,
    synth,
};

/// Which stack of which app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId {
    pub(crate) app: u32,
    pub(crate) index: u32,
}

/// The account and region that a stack is for, as far as the author says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Environment {
    /// The account's twelve digits.
    pub account: Option<String>,
    /// The region (`eu-west-1`).
    pub region: Option<String>,
}

impl Environment {
    /// An account and a region.
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        Self { account: Some(account.into()), region: Some(region.into()) }
    }

    /// A region of whichever account deploys.
    pub fn region(region: impl Into<String>) -> Self {
        Self { account: None, region: Some(region.into()) }
    }
}

/// A stack that resources are being added to: its root [`Scope`], and what holds for the whole.
///
/// A stack borrows the app for as long as it is built; what it gives out (handles, parameters,
/// its [`StackId`]) borrows nothing.
pub struct Stack<'app> {
    root: Scope<'app>,
}

impl<'app> Stack<'app> {
    pub(crate) const fn new(model: &'app mut Model, stack: u32) -> Self {
        Self { root: Scope::new(model, stack, 0) }
    }

    /// The identity of the stack, to come back to it with [`App::open`](crate::App::open).
    pub const fn id(&self) -> StackId {
        StackId { app: self.root.model.app, index: self.root.stack }
    }

    /// What the stack is for: at most 1,024 bytes, shown in the console.
    pub fn description(&mut self, description: impl Into<Text>) -> &mut Self {
        self.root.stack_model().description = Some(description.into());
        self
    }

    /// The account and region that the stack is for. Without them it can go anywhere.
    pub fn environment(&mut self, environment: Environment) -> &mut Self {
        self.root.stack_model().environment = environment;
        self
    }

    /// The name of the stack in the account, where it is not the name in the app: the same stack
    /// twice, in two regions, has two names here and one there.
    #[track_caller]
    pub fn deployed_as(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        synth::names::check_deployed_name(self.root.model, &name, Location::caller());
        self.root.stack_model().deployed_as = Some(name);
        self
    }

    /// Refuses to be deleted until this is turned off.
    pub fn termination_protection(&mut self) -> &mut Self {
        self.root.stack_model().termination_protection = true;
        self
    }

    /// Data in the template's `Metadata` section.
    pub fn metadata(&mut self, key: impl Into<Text>, value: impl Into<Expr<Json>>) -> &mut Self {
        let pair = (key.into(), value.into().into_node());
        self.root.stack_model().metadata.push(pair);
        self
    }

    /// A transform or macro that the whole template goes through (`AWS::LanguageExtensions`), by
    /// its name, or with its parameters as an object with `Name` and `Parameters`.
    pub fn transform(&mut self, transform: impl IntoNode) -> &mut Self {
        let transform = transform.into_node();
        self.add_transform(transform);
        self
    }

    fn add_transform(&mut self, transform: Node) {
        let transforms = &mut self.root.stack_model().transforms;
        if !transforms.contains(&transform) {
            transforms.push(transform);
        }
    }

    /// Deploys this stack after another one, and deletes it before. References between stacks
    /// already order them.
    #[track_caller]
    pub fn depends_on(&mut self, other: StackId) -> &mut Self {
        if self.is_of_this_app(other, Location::caller()) {
            self.root.stack_model().depends_on.insert(other.index, Location::caller());
        }
        self
    }

    fn is_of_this_app(&mut self, other: StackId, location: Where) -> bool {
        let known = other.app == self.root.model.app;
        if !known {
            let finding = Finding::error("FW0102", "a stack of another app is named in this one")
                .hint("keep the apps apart: the id of a stack is good for the app that gave it")
                .at(location);
            self.root.report(finding);
        }
        known
    }

    /// How everything that this stack uses of another stack reaches it.
    #[track_caller]
    pub fn carry_from(&mut self, other: StackId, via: Via) -> &mut Self {
        if self.is_of_this_app(other, Location::caller()) {
            self.root.stack_model().edge_rules.push(EdgeRule { from: Origin::Stack(other.index), via });
        }
        self
    }

    /// How what this stack uses of one resource of another stack reaches it.
    pub fn carry(&mut self, resource: impl Into<ResourceId>, via: Via) -> &mut Self {
        let from = Origin::Resource(resource.into());
        self.root.stack_model().edge_rules.push(EdgeRule { from, via });
        self
    }
}

impl<'app> Deref for Stack<'app> {
    type Target = Scope<'app>;

    fn deref(&self) -> &Self::Target {
        &self.root
    }
}

impl DerefMut for Stack<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.root
    }
}
