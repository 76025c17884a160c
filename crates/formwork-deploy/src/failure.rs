//! From the SDK's errors to ours.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::error::ServiceError;

/// What an error of the SDK means.
pub(crate) fn failure<E>(error: &SdkError<E>) -> ServiceError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(refusal) => {
            let status = refusal.raw().status().as_u16();
            let metadata = refusal.err().meta();
            match (metadata.code(), metadata.message()) {
                (Some(code), message) => match ServiceError::from_code(code, message.unwrap_or_default()) {
                    ServiceError::Other { code, message } if status >= 500 => {
                        ServiceError::Unavailable { message: format!("{code}: {message}") }
                    }
                    known => known,
                },
                (None, _) if status == 429 => {
                    ServiceError::Throttled { message: format!("HTTP status {status}") }
                }
                (None, _) if status == 501 => {
                    ServiceError::Unsupported { message: format!("HTTP status {status}") }
                }
                (None, _) if status >= 500 => {
                    ServiceError::Unavailable { message: format!("HTTP status {status}") }
                }
                (None, _) => ServiceError::AnswerLost { message: format!("HTTP status {status}") },
            }
        }
        SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => without_answer(error),
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => lost(error),
        other => lost(other),
    }
}

/// No request went out, or no answer came back: credentials are looked for on this way.
fn without_answer<E>(error: &SdkError<E>) -> ServiceError
where
    E: Error + Send + Sync + 'static,
{
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = source {
        if let Some(credentials) = inner.downcast_ref::<CredentialsError>() {
            let text = DisplayErrorContext(credentials).to_string();
            if text.contains("ExpiredToken") || text.contains("token expired") || text.contains("has expired")
            {
                return ServiceError::CredentialsExpired;
            }
            return ServiceError::NoCredentials { message: chain(credentials) };
        }
        source = inner.source();
    }
    lost(error)
}

fn lost<E>(error: &SdkError<E>) -> ServiceError
where
    E: Error + Send + Sync + 'static,
{
    let mut root: &dyn Error = error;
    while let Some(inner) = root.source() {
        root = inner;
    }
    ServiceError::AnswerLost { message: root.to_string() }
}

/// The messages of an error and of what caused it.
///
/// Not the `Debug` forms, which may hold what was sent.
fn chain(error: &dyn Error) -> String {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        let message = inner.to_string();
        if messages.last() != Some(&message) {
            messages.push(message);
        }
        source = inner.source();
    }
    messages.join(": ")
}
