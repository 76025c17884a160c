//! What an app is made of, as the builders leave it and synthesis reads it.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use formwork_template::{Finding, Map, Template, Text};

use crate::{
    aspect::Aspect,
    asset::{Staging, SynthesizedAsset},
    edge::{EdgeRule, Via},
    handle::ResourceId,
    node::{Node, Where},
    output::Output,
    parameter::ParameterId,
    resource::{Draft, Tagging},
    stack::Environment,
};

/// Tells the handles of one app from those of another. It never reaches the output.
static NEXT_APP: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Model {
    pub(crate) app: u32,
    pub(crate) stacks: Vec<StackModel>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) aspects: Vec<RegisteredAspect>,
    pub(crate) tags: Vec<ScopeTag>,
    pub(crate) context: Map,
    pub(crate) via: Via,
    /// Where assets go.
    pub(crate) staging: Staging,
}

pub(crate) struct RegisteredAspect {
    /// The stack and scope below which it visits; everything when nothing is named.
    pub(crate) below: Option<(u32, u32)>,
    pub(crate) aspect: Box<dyn Aspect>,
}

pub(crate) struct StackModel {
    pub(crate) name: String,
    /// The name in the account, where it is another one.
    pub(crate) deployed_as: Option<String>,
    pub(crate) location: Where,
    pub(crate) environment: Environment,
    pub(crate) description: Option<Text>,
    pub(crate) termination_protection: bool,
    pub(crate) scopes: Vec<ScopeModel>,
    pub(crate) resources: Vec<ResourceModel>,
    pub(crate) parameters: Vec<Element<Node>>,
    pub(crate) mappings: Vec<Element<Node>>,
    pub(crate) conditions: Vec<Element<Node>>,
    pub(crate) rules: Vec<Element<Node>>,
    pub(crate) outputs: Vec<Element<Output>>,
    pub(crate) assets: Vec<SynthesizedAsset>,
    pub(crate) metadata: Vec<(Text, Node)>,
    pub(crate) transforms: Vec<Node>,
    pub(crate) edge_rules: Vec<EdgeRule>,
    /// Stacks that are deployed before this one, by the author's word.
    pub(crate) depends_on: BTreeMap<u32, Where>,
    /// What makes elements in sections of included templates (`Fn::ForEach::Name`): not elements yet.
    pub(crate) verbatim: Vec<(Text, Element<Node>)>,
    /// Sections of included templates that are neither of the above.
    pub(crate) other_sections: Template,
}

pub(crate) struct ScopeModel {
    pub(crate) parent: Option<u32>,
    pub(crate) path: String,
    pub(crate) tags: Vec<ScopeTag>,
}

#[derive(Clone)]
pub(crate) struct ScopeTag {
    pub(crate) key: String,
    pub(crate) value: Node,
}

pub(crate) struct ResourceModel {
    pub(crate) logical_id: String,
    pub(crate) scope: u32,
    pub(crate) location: Where,
    pub(crate) tagging: Tagging,
    pub(crate) draft: Draft,
}

/// Anything else with a logical id.
pub(crate) struct Element<T> {
    pub(crate) logical_id: String,
    pub(crate) location: Where,
    pub(crate) body: T,
}

impl Model {
    pub(crate) fn new() -> Self {
        Self {
            app: NEXT_APP.fetch_add(1, Ordering::Relaxed),
            stacks: Vec::new(),
            findings: Vec::new(),
            aspects: Vec::new(),
            tags: Vec::new(),
            context: Map::new(),
            via: Via::default(),
            staging: Staging::default(),
        }
    }

    pub(crate) fn resource(&self, id: ResourceId) -> Option<&ResourceModel> {
        self.stacks.get(id.stack as usize)?.resources.get(id.index as usize)
    }

    pub(crate) fn parameter(&self, id: ParameterId) -> Option<&Element<Node>> {
        self.stacks.get(id.stack as usize)?.parameters.get(id.index as usize)
    }
}

impl StackModel {
    pub(crate) fn new(name: String, location: Where) -> Self {
        Self {
            name,
            deployed_as: None,
            location,
            environment: Environment::default(),
            description: None,
            termination_protection: false,
            scopes: vec![ScopeModel { parent: None, path: String::new(), tags: Vec::new() }],
            resources: Vec::new(),
            parameters: Vec::new(),
            mappings: Vec::new(),
            conditions: Vec::new(),
            rules: Vec::new(),
            outputs: Vec::new(),
            assets: Vec::new(),
            metadata: Vec::new(),
            transforms: Vec::new(),
            edge_rules: Vec::new(),
            depends_on: BTreeMap::new(),
            verbatim: Vec::new(),
            other_sections: Template::new(),
        }
    }
}

impl StackModel {
    /// The name in the account.
    pub(crate) fn deployed_name(&self) -> &str {
        self.deployed_as.as_deref().unwrap_or(&self.name)
    }
}

/// An index into a list of the model. A model with more than four thousand million elements
/// would have run out of memory long before.
pub(crate) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
