//! What a service in one call says of its task.

use formwork_core::Scope;

use super::{
    container::Container,
    size::FargateSize,
    task::{FargateTask, FargateTaskHandle},
};
use crate::{architecture::Architecture, logs::Retention};

/// The size of a task, its processor, and how long its logs are kept.
#[derive(Debug, Clone)]
pub(super) struct TaskSettings {
    pub(super) size: FargateSize,
    pub(super) architecture: Architecture,
    pub(super) retention: Retention,
}

impl TaskSettings {
    pub(super) const fn new() -> Self {
        Self {
            size: FargateSize::of::<256, 512>(),
            architecture: Architecture::Arm64,
            retention: Retention::OneMonth,
        }
    }

    /// Adds the task of a container.
    #[track_caller]
    pub(super) fn build(self, container: Container, scope: &mut Scope<'_>, id: &str) -> FargateTaskHandle {
        FargateTask::new(self.size, self.architecture, self.retention, container).build(scope, id)
    }
}

/// The setters of what has [`TaskSettings`] as `settings`.
macro_rules! task_settings_setters {
    ($service:ident) => {
        impl $service {
            /// The size of a task: a quarter of a processor and 512 MiB unless set.
            pub const fn size(mut self, size: super::size::FargateSize) -> Self {
                self.settings.size = size;
                self
            }

            /// The processor of a task: Arm unless set.
            pub const fn architecture(mut self, architecture: crate::architecture::Architecture) -> Self {
                self.settings.architecture = architecture;
                self
            }

            /// How long logs are kept: a month unless set.
            pub const fn keep_logs(mut self, retention: crate::logs::Retention) -> Self {
                self.settings.retention = retention;
                self
            }
        }
    };
}

pub(super) use task_settings_setters;
