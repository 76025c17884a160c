//! The states that the service knows, as enums of our own.
//!
//! The service may learn new ones at any time. One that is not known here keeps its name, so that
//! what stops at it can say it.

use std::fmt;

macro_rules! states {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* #[doc = concat!("`", $text, "`.")] $variant,)*
            /// One that this version does not know, by its name.
            Unknown(String),
        }

        impl $name {
            /// Every state that is known.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The state of this name.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($text => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }

            /// The service's name for it.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(name) => name,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

states! {
    /// The state of a stack.
    StackStatus {
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateComplete = "CREATE_COMPLETE",
        CreateFailed = "CREATE_FAILED",
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        RollbackComplete = "ROLLBACK_COMPLETE",
        RollbackFailed = "ROLLBACK_FAILED",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteComplete = "DELETE_COMPLETE",
        DeleteFailed = "DELETE_FAILED",
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        UpdateCompleteCleanupInProgress = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        UpdateComplete = "UPDATE_COMPLETE",
        UpdateFailed = "UPDATE_FAILED",
        UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
        UpdateRollbackCompleteCleanupInProgress = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
        UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED",
        ReviewInProgress = "REVIEW_IN_PROGRESS",
        ImportInProgress = "IMPORT_IN_PROGRESS",
        ImportComplete = "IMPORT_COMPLETE",
        ImportRollbackInProgress = "IMPORT_ROLLBACK_IN_PROGRESS",
        ImportRollbackComplete = "IMPORT_ROLLBACK_COMPLETE",
        ImportRollbackFailed = "IMPORT_ROLLBACK_FAILED",
    }
}

states! {
    /// The state of a change set.
    ChangeSetStatus {
        CreatePending = "CREATE_PENDING",
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateComplete = "CREATE_COMPLETE",
        Failed = "FAILED",
        DeletePending = "DELETE_PENDING",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteComplete = "DELETE_COMPLETE",
        DeleteFailed = "DELETE_FAILED",
    }
}

states! {
    /// Whether a change set can be executed.
    ExecutionStatus {
        Unavailable = "UNAVAILABLE",
        Available = "AVAILABLE",
        ExecuteInProgress = "EXECUTE_IN_PROGRESS",
        ExecuteComplete = "EXECUTE_COMPLETE",
        ExecuteFailed = "EXECUTE_FAILED",
        Obsolete = "OBSOLETE",
    }
}

states! {
    /// The state of a stack refactor.
    RefactorStatus {
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateComplete = "CREATE_COMPLETE",
        CreateFailed = "CREATE_FAILED",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteComplete = "DELETE_COMPLETE",
        DeleteFailed = "DELETE_FAILED",
    }
}

states! {
    /// Whether a stack refactor can be executed, and how its execution goes.
    RefactorExecutionStatus {
        Unavailable = "UNAVAILABLE",
        Available = "AVAILABLE",
        Obsolete = "OBSOLETE",
        ExecuteInProgress = "EXECUTE_IN_PROGRESS",
        ExecuteComplete = "EXECUTE_COMPLETE",
        ExecuteFailed = "EXECUTE_FAILED",
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        RollbackComplete = "ROLLBACK_COMPLETE",
        RollbackFailed = "ROLLBACK_FAILED",
    }
}

impl StackStatus {
    /// Whether the service is at work on the stack.
    ///
    /// A stack in review waits for somebody, and is not in progress.
    pub fn is_in_progress(&self) -> bool {
        match self {
            Self::CreateInProgress
            | Self::RollbackInProgress
            | Self::DeleteInProgress
            | Self::UpdateInProgress
            | Self::UpdateCompleteCleanupInProgress
            | Self::UpdateRollbackInProgress
            | Self::UpdateRollbackCompleteCleanupInProgress
            | Self::ImportInProgress
            | Self::ImportRollbackInProgress => true,
            Self::CreateComplete
            | Self::CreateFailed
            | Self::RollbackComplete
            | Self::RollbackFailed
            | Self::DeleteComplete
            | Self::DeleteFailed
            | Self::UpdateComplete
            | Self::UpdateFailed
            | Self::UpdateRollbackComplete
            | Self::UpdateRollbackFailed
            | Self::ReviewInProgress
            | Self::ImportComplete
            | Self::ImportRollbackComplete
            | Self::ImportRollbackFailed
            | Self::Unknown(_) => false,
        }
    }

    /// Whether the stack stands as its template says, with nothing left to do.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::CreateComplete | Self::UpdateComplete | Self::ImportComplete)
    }

    /// Whether a stack in this state has resources or a template: one in review has neither.
    pub fn exists(&self) -> bool {
        !matches!(self, Self::ReviewInProgress | Self::DeleteComplete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for status in StackStatus::KNOWN {
            assert_eq!(&StackStatus::from_name(status.name()), status);
            let named = status.name().ends_with("IN_PROGRESS") && *status != StackStatus::ReviewInProgress;
            assert_eq!(status.is_in_progress(), named, "{status}");
        }
        for status in ChangeSetStatus::KNOWN {
            assert_eq!(&ChangeSetStatus::from_name(status.name()), status);
        }
        assert_eq!(StackStatus::from_name("UPDATE_PAUSED").name(), "UPDATE_PAUSED");
        assert!(!StackStatus::from_name("UPDATE_PAUSED_IN_PROGRESS").is_in_progress());
    }
}
