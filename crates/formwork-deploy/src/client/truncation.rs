//! Answers that end too soon.
//!
//! The SDK takes a truncated document for a short one: a list would lose its end without a word.

use std::fmt;

use aws_sdk_cloudformation::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::BoxError,
};

/// Refuses a document that does not end with the end of its first element.
#[derive(Debug)]
pub(super) struct WholeAnswers;

impl Intercept for WholeAnswers {
    fn name(&self) -> &'static str {
        "WholeAnswers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // What stands before the service and has no answer of its own sends HTML, whose status says enough.
        let of_service = !context.response().status().is_server_error();
        match context.response().body().bytes() {
            Some(bytes) if of_service && !bytes.is_empty() && !is_whole(bytes) => Err(Box::new(Truncated)),
            _ => Ok(()),
        }
    }
}

/// The answer broke off.
#[derive(Debug)]
struct Truncated;

impl fmt::Display for Truncated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer broke off")
    }
}

impl std::error::Error for Truncated {}

/// Whether the first element is closed at the end of the text.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    let mut rest = text;
    // The declaration and comments come before the first element.
    while let Some(after) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let Some((_, next)) = after.split_once('>') else { return false };
        rest = next.trim_start();
    }
    let Some(rest) = rest.strip_prefix('<') else { return false };
    let name = rest.split(|character: char| character.is_whitespace() || "/>".contains(character)).next();
    let Some(name) = name.filter(|name| !name.is_empty()) else { return false };
    let closing = text.strip_suffix('>').map(str::trim_end);
    closing.is_some_and(|text| {
        text.ends_with(&format!("</{name}")) || (text.ends_with('/') && text.matches('<').count() == 1)
    })
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn every_shorter_document_is_seen() {
        let text = "<?xml version='1.0'?>\n<A xmlns='urn:x'><B>1</B><A2/></A>\n";
        assert!(is_whole(text.as_bytes()));
        assert!(is_whole(b"<A/>"));
        for end in 0..text.trim_end().len() {
            assert!(!is_whole(&text.as_bytes()[..end]), "{}", &text[..end]);
        }
    }
}
