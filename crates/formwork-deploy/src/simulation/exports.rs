//! What the simulation refuses for the sake of other stacks.

use std::collections::BTreeSet;

use crate::{service::Output, status::StackStatus};

use super::{Account, stack::Stack};

impl Account {
    /// The stacks that stand and import a value.
    pub(super) fn imports(&self, export: &str) -> Vec<String> {
        let text = format!(r#"{{"Fn::ImportValue":"{export}"}}"#);
        let standing = self.stacks.iter().filter(|stack| stack.status != StackStatus::DeleteComplete);
        standing.filter(|stack| stack.template.contains(&text)).map(|stack| stack.name.clone()).collect()
    }

    /// Why a template cannot be deployed into a stack: an export that is in use would go, or an import
    /// is not there.
    pub(super) fn export_violation(&self, stack: &Stack, template: &str) -> Option<String> {
        let names = |outputs: Vec<Output>| -> BTreeSet<String> {
            outputs.into_iter().filter_map(|output| output.export).collect()
        };
        let before = if stack.status.exists() { names(stack.outputs()) } else { BTreeSet::new() };
        let after = names(stack.outputs_of(template));
        let in_use = before.difference(&after).find_map(|export| {
            let importers = self.imports(export);
            let importers = (!importers.is_empty()).then(|| importers.join(", "))?;
            Some(format!("Cannot delete export {export} as it is in use by {importers}."))
        });
        let standing = self.stacks.iter().filter(|stack| stack.status.exists());
        let exported: BTreeSet<String> = standing.flat_map(|stack| names(stack.outputs())).collect();
        let imported = template.split(r#"{"Fn::ImportValue":""#).skip(1);
        let missing = imported
            .filter_map(|rest| rest.split('"').next())
            .find(|export| !exported.contains(*export))
            .map(|export| format!("No export named {export} found."));
        in_use.or(missing)
    }
}
