//! [`StackDiff`]: all that changes in one stack.

use serde::Serialize;

use crate::{
    access::AccessChange,
    change::{Action, Effect, ElementChange, PropertyChange, ResourceChange},
    exposure::ExposureChange,
    kinship::Rename,
    live::Live,
};

/// All that changes in one stack, and what that does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StackDiff {
    /// The stack's name, where it has one.
    pub name: Option<String>,
    /// Whether the stack is new, gone, or on both sides.
    pub action: Action,
    /// Resources, in the order of the new template, those that are gone last.
    pub resources: Vec<ResourceChange>,
    /// Parameters, by name: how they are declared, and under `value` what was given.
    pub parameters: Vec<ElementChange>,
    /// Mappings.
    pub mappings: Vec<ElementChange>,
    /// Conditions. Under `value` stands whether one holds, where that is known.
    pub conditions: Vec<ElementChange>,
    /// Rules.
    pub rules: Vec<ElementChange>,
    /// Outputs.
    pub outputs: Vec<ElementChange>,
    /// Metadata of the template.
    pub metadata: Vec<ElementChange>,
    /// Transforms.
    pub transform: Vec<ElementChange>,
    /// Any other section, by the section's name: the description, hooks, globals...
    pub sections: Vec<ElementChange>,
    /// Permissions that are gained and lost, what broadens first.
    pub access: Vec<AccessChange>,
    /// What opens and closes, what broadens first.
    pub exposure: Vec<ExposureChange>,
    /// Resources that probably have another logical id, and what to write so that they stay.
    pub renames: Vec<Rename>,
    /// What only the deployment tells, though nothing is written differently.
    pub live: Vec<Live>,
    /// What the diff cannot know, or the deployment will not like, in words.
    pub warnings: Vec<String>,
}

/// How much changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Resources that are new.
    pub added: usize,
    /// Resources that are gone.
    pub removed: usize,
    /// Resources that stay and differ, those that are replaced included.
    pub modified: usize,
    /// Resources with another logical id.
    pub renamed: usize,
    /// Resources that are taken over.
    pub imported: usize,
    /// Resources that are replaced for sure.
    pub replaced: usize,
    /// Resources that may be replaced.
    pub may_be_replaced: usize,
    /// Resources whose data is lost, or may be.
    pub data_losses: usize,
}

impl StackDiff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.element_changes().next().is_none()
    }

    /// Whether deploying does anything: a change of a resource or an output. Other sections matter
    /// through these alone, and so does the order in which resources wait for each other.
    pub fn deploys(&self) -> bool {
        let waits = |change: &PropertyChange| change.path.to_string().starts_with("DependsOn");
        let matters = |resource: &ResourceChange| {
            resource.action != Action::Modify
                || resource.old_type.is_some()
                || !resource.changes.iter().all(waits)
        };
        self.resources.iter().any(matters) || !self.outputs.is_empty()
    }

    /// The parts of all sections beside the resources that change.
    pub fn element_changes(&self) -> impl Iterator<Item = &ElementChange> {
        [
            &self.parameters,
            &self.mappings,
            &self.conditions,
            &self.rules,
            &self.outputs,
            &self.metadata,
            &self.transform,
            &self.sections,
        ]
        .into_iter()
        .flatten()
    }

    /// One resource by its logical id.
    pub fn resource(&self, logical_id: &str) -> Option<&ResourceChange> {
        self.resources.iter().find(|resource| resource.logical_id == logical_id)
    }

    /// The worst that happens to a resource.
    pub fn worst(&self) -> Effect {
        self.resources.iter().map(|resource| resource.effect).max().unwrap_or_default()
    }

    /// Whether somebody may do or reach more than before, or it cannot be ruled out.
    pub fn broadens(&self) -> bool {
        self.access.iter().any(|change| change.broadening)
            || self.exposure.iter().any(|change| change.broadening)
    }

    /// How much changes.
    pub fn counts(&self) -> Counts {
        let actions = |action| self.resources.iter().filter(|resource| resource.action == action).count();
        let effects = |effect| self.resources.iter().filter(|resource| resource.effect == effect).count();
        Counts {
            added: actions(Action::Add),
            removed: actions(Action::Remove),
            modified: actions(Action::Modify),
            renamed: actions(Action::Rename),
            imported: actions(Action::Import),
            replaced: effects(Effect::Replace),
            may_be_replaced: effects(Effect::MayReplace),
            data_losses: self.resources.iter().filter(|resource| resource.data_loss).count(),
        }
    }
}
