//! The newest revision of a task, for what starts it by its name.

use formwork_cfn::ids;
use formwork_core::{Expr, Scope, concat, pseudo};

use super::task::TaskHandle;

impl<P> TaskHandle<P> {
    /// Names the task definition, so that its revisions have a number, and gives the name. What starts
    /// the task by it starts the newest revision, and does not change when there is a newer one.
    pub(super) fn newest_revision(&self, scope: &mut Scope<'_>) -> Expr<ids::ecs::TaskDefinitionArn> {
        let own = scope.path().chars();
        let own: String = own.map(|each| if each.is_ascii_alphanumeric() { each } else { '-' }).collect();
        let mut family = concat([pseudo::stack_name(), format!("-{own}").into()]);
        scope.change(self.task_definition(), |draft| match draft.properties().get("Family") {
            // Another service has named it.
            Some(known) => family = Expr::from_node(known.clone()),
            None => draft.put("Family", family.clone()),
        });
        family.cast()
    }
}
