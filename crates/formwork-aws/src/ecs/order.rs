//! The order in which the containers of a task start.

use formwork_core::{Finding, Scope};

use super::container::ContainerParts;

/// The state of a container that another one waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerState {
    /// It has started.
    Started,
    /// It has ended.
    Ended,
    /// It has ended without an error.
    Succeeded,
    /// Its health check has passed.
    Healthy,
}

impl ContainerState {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Started => "START",
            Self::Ended => "COMPLETE",
            Self::Succeeded => "SUCCESS",
            Self::Healthy => "HEALTHY",
        }
    }
}

/// Reports (`FW0482`) containers that wait for what never comes.
pub(super) fn check(containers: &[ContainerParts], scope: &mut Scope<'_>) {
    for container in containers {
        for (name, state) in &container.after {
            let Some(other) = containers.iter().find(|other| other.name == *name) else {
                let message = format!(
                    "the container `{}` waits for `{name}`, which the task does not have",
                    container.name
                );
                scope.report(Finding::error("FW0482", message));
                continue;
            };
            let message = |why| format!("the container `{}` waits for `{name}`, {why}", container.name);
            if *state == ContainerState::Healthy && other.health_check.is_none() {
                let hint = "say how to know: `Container::new(...).health_command(...)`";
                let message = message("which has no health check");
                scope.report(Finding::error("FW0482", message).hint(hint));
            }
            if matches!(state, ContainerState::Ended | ContainerState::Succeeded) && other.essential {
                let hint = "let the task go on: `Container::new(...).optional()`";
                let message = message("with whose end the task ends");
                scope.report(Finding::error("FW0482", message).hint(hint));
            }
        }
    }
    // Those that nothing holds back start, round by round; who is left waits in a circle.
    let known = |name: &String| containers.iter().any(|container| container.name == *name);
    let mut waiting: Vec<&ContainerParts> = containers.iter().collect();
    loop {
        let names: Vec<String> = waiting.iter().map(|container| container.name.clone()).collect();
        waiting
            .retain(|container| container.after.iter().any(|(name, _)| known(name) && names.contains(name)));
        if waiting.len() == names.len() {
            break;
        }
    }
    if !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|container| format!("`{}`", container.name)).collect();
        let message = format!("the containers {} wait for each other", names.join(", "));
        scope.report(Finding::error("FW0482", message));
    }
}
