//! How a template reaches the service: with the call, or through a bucket.

use formwork_template::{Template, limits};
use sha2::{Digest as _, Sha256};

use crate::{
    error::ServiceError,
    service::{Answer, TemplateSource},
};

/// A place from which the service reads templates that are too long for a call.
pub trait TemplateStore: Send + Sync {
    /// Puts a template, and says its `https://` address.
    ///
    /// The name holds the text's digest: what is there already is the same.
    fn put<'a>(&'a self, name: &'a str, text: &'a str) -> Answer<'a, String>;
}

/// Why a template cannot be submitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// It is not a template.
    #[error("the template is not JSON: {0}")]
    NotJson(String),
    /// It is too long for a call, and there is no bucket.
    #[error(
        "the template has {bytes} bytes, and over {} it goes through a bucket: make one with `formwork bootstrap`, or name one with `--template-bucket`",
        limits::TEMPLATE_BYTES_INLINE
    )]
    NoStore {
        /// The length.
        bytes: usize,
    },
    /// It is too long for the service.
    #[error("the template has {bytes} bytes, and {} is the most; the heaviest resources: {}",
        limits::TEMPLATE_BYTES_URL,
        heaviest.iter().map(|(id, bytes)| format!("{id} ({bytes})")).collect::<Vec<_>>().join(", "))]
    TooLong {
        /// The length.
        bytes: usize,
        /// The heaviest resources, with their bytes.
        heaviest: Vec<(String, usize)>,
    },
    /// The bucket does not take it.
    #[error("the template cannot be stored: {0}")]
    Store(#[from] ServiceError),
}

/// A template and its compact text, which is what limits count.
#[derive(Debug)]
pub(crate) struct Submission {
    pub(crate) template: Template,
    pub(crate) text: String,
}

impl Submission {
    pub(crate) fn new(template: &str) -> Result<Self, SubmissionError> {
        let template =
            Template::from_json(template).map_err(|error| SubmissionError::NotJson(error.to_string()))?;
        Self::from_template(template)
    }

    pub(crate) fn from_template(template: Template) -> Result<Self, SubmissionError> {
        let text = template.to_compact_json();
        if text.len() > limits::TEMPLATE_BYTES_URL {
            return Err(SubmissionError::TooLong { bytes: text.len(), heaviest: heaviest(&template) });
        }
        Ok(Self { template, text })
    }

    /// Where the service is to take it from.
    pub(crate) async fn source(
        &self,
        store: Option<&dyn TemplateStore>,
    ) -> Result<TemplateSource, SubmissionError> {
        if self.text.len() <= limits::TEMPLATE_BYTES_INLINE {
            return Ok(TemplateSource::Body(self.text.clone()));
        }
        let Some(store) = store else { return Err(SubmissionError::NoStore { bytes: self.text.len() }) };
        Ok(TemplateSource::Url(store.put(&self.name(), &self.text).await?))
    }

    /// A name that only this text has.
    fn name(&self) -> String {
        let digest = crate::digest::hexadecimal(&Sha256::digest(&self.text).into());
        format!("{digest}.template.json")
    }
}

/// The five heaviest resources.
fn heaviest(template: &Template) -> Vec<(String, usize)> {
    let bytes = |attributes: &formwork_template::Map| {
        Template::from_sections(attributes.clone()).compact_json_bytes()
    };
    let mut all: Vec<(String, usize)> = template
        .resources()
        .map(|resource| (resource.logical_id.to_owned(), bytes(resource.attributes)))
        .collect();
    all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    all.truncate(5);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_says_what_is_heavy() {
        let metadata = "x".repeat(300_000);
        let resources: Vec<String> = (0..6)
            .map(|number| {
                let text = &metadata[number * 10..];
                format!(r#""Topic{number}":{{"Type":"AWS::SNS::Topic","Metadata":"{text}"}}"#)
            })
            .collect();
        let template = format!(r#"{{"Resources":{{{}}}}}"#, resources.join(","));
        insta::assert_snapshot!(Submission::new(&template).unwrap_err());
    }
}
