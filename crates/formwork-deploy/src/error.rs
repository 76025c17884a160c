//! [`ServiceError`]: why a call was not answered as asked.

/// Why the service, or the way to it, did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The service wants fewer calls.
    #[error("the service asks for fewer calls: {message}")]
    Throttled {
        /// In the service's words.
        message: String,
    },
    /// The credentials were good once.
    #[error("the credentials have expired")]
    CredentialsExpired,
    /// There are no credentials, or they are not valid.
    #[error("no valid credentials: {message}")]
    NoCredentials {
        /// What was tried.
        message: String,
    },
    /// The credentials do not permit the call.
    #[error("access denied: {}", permission.as_deref().map_or_else(|| message.clone(), |name| format!("`{name}` is not permitted")))]
    AccessDenied {
        /// The action that is missing, as far as the service says.
        permission: Option<String>,
        /// In the service's words.
        message: String,
    },
    /// The service refuses what the call says.
    #[error("{message}")]
    Validation {
        /// In the service's words.
        message: String,
    },
    /// The stack or change set does not exist.
    #[error("{message}")]
    NotFound {
        /// In the service's words.
        message: String,
    },
    /// The stack or change set exists already: so it is after a call whose answer was lost.
    #[error("{message}")]
    AlreadyExists {
        /// In the service's words.
        message: String,
    },
    /// The service has taken this token before: the call was accepted.
    #[error("the service has accepted this before")]
    AlreadyAccepted,
    /// The change set cannot be executed as it is: so it is after an execution whose answer was lost.
    #[error("{message}")]
    InvalidChangeSetStatus {
        /// In the service's words.
        message: String,
    },
    /// The template needs capabilities that were not given.
    #[error("{message}")]
    InsufficientCapabilities {
        /// In the service's words.
        message: String,
    },
    /// No answer arrived; the service may have acted all the same.
    #[error("no answer from the service: {message}")]
    AnswerLost {
        /// What went wrong on the way.
        message: String,
    },
    /// The service itself is in trouble; it may have acted all the same.
    #[error("the service is in trouble: {message}")]
    Unavailable {
        /// In the service's words, or the HTTP status.
        message: String,
    },
    /// The endpoint does not know the call.
    #[error("the endpoint does not know the call: {message}")]
    Unsupported {
        /// In the service's words.
        message: String,
    },
    /// Any other refusal.
    #[error("{code}: {message}")]
    Other {
        /// The service's code.
        code: String,
        /// In the service's words.
        message: String,
    },
}

impl ServiceError {
    /// Whether the same call may well succeed a little later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::AnswerLost { .. } | Self::Unavailable { .. })
    }

    /// The error that the service means by a code and message.
    ///
    /// `ValidationError` is not typed by the service: what does not exist is known by its message.
    pub fn from_code(code: &str, message: &str) -> Self {
        let message = message.to_owned();
        match code {
            "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException" => {
                Self::Throttled { message }
            }
            "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Self::CredentialsExpired,
            "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "SignatureDoesNotMatch"
            | "MissingAuthenticationToken"
            | "IncompleteSignature" => Self::NoCredentials { message },
            "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
                Self::AccessDenied { permission: permission(&message), message }
            }
            "ChangeSetNotFound" | "ChangeSetNotFoundException" | "StackNotFoundException" => {
                Self::NotFound { message }
            }
            "AlreadyExistsException" => Self::AlreadyExists { message },
            "TokenAlreadyExistsException" => Self::AlreadyAccepted,
            "InvalidChangeSetStatus" | "InvalidChangeSetStatusException" => {
                Self::InvalidChangeSetStatus { message }
            }
            "InsufficientCapabilitiesException" => Self::InsufficientCapabilities { message },
            "ValidationError" if is_absence(&message) => Self::NotFound { message },
            "ValidationError" => Self::Validation { message },
            "InternalFailure"
            | "InternalError"
            | "InternalServerError"
            | "ServiceUnavailable"
            | "ServiceUnavailableException" => Self::Unavailable { message },
            "InvalidAction"
            | "NotImplemented"
            | "UnknownOperation"
            | "UnknownOperationException"
            | "UnsupportedOperation"
            | "UnsupportedOperationException" => Self::Unsupported { message },
            _ => Self::Other { code: code.to_owned(), message },
        }
    }
}

/// Whether a message says that a stack or change set is not there, and nothing else.
fn is_absence(message: &str) -> bool {
    let subject = message.starts_with("Stack ") || message.starts_with("ChangeSet ");
    subject && message.trim_end_matches('.').ends_with("does not exist")
}

/// The action in "User: arn... is not authorized to perform: cloudformation:X on resource: ...".
fn permission(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let name = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        let table = [
            ("Throttling", "Rate exceeded"),
            ("ExpiredToken", "The security token included in the request is expired"),
            ("InvalidClientTokenId", "The security token included in the request is invalid."),
            (
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/u is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/web/*",
            ),
            ("AccessDenied", "Access denied"),
            ("ValidationError", "Stack with id web does not exist"),
            ("ValidationError", "Stack [web] does not exist"),
            ("ValidationError", "ChangeSet [formwork-1] does not exist"),
            ("ValidationError", "Template error: resource X does not exist in the template"),
            ("ValidationError", "Parameters: [Image] must have values"),
            ("AlreadyExistsException", "ChangeSet formwork-1 already exists"),
            ("TokenAlreadyExistsException", "Token already exists"),
            ("InvalidChangeSetStatus", "ChangeSet [x] cannot be executed in its current status"),
            ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]"),
            ("ServiceUnavailable", "Service is unavailable"),
            ("LimitExceededException", "too many stacks"),
            ("InvalidAction", "Unknown action: CreateStackRefactor"),
        ];
        let errors: Vec<String> = table
            .iter()
            .map(|(code, message)| {
                let error = ServiceError::from_code(code, message);
                format!("{error:?} transient={}", error.is_transient())
            })
            .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
