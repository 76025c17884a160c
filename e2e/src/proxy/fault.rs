//! [`Fault`]: what can happen to a call on its way.

use super::message::Message;
use std::fmt;
use std::time::Duration;

/// What happens to a call on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The service asks for fewer calls, and does not act.
    Throttling,
    /// The service fails with 500 and an error of its own, and does not act.
    InternalFailure,
    /// What stands before the service answers 503 and no document.
    Unavailable,
    /// The connection is reset before the service has the call.
    ResetBefore,
    /// The service acts, and the connection is reset before its answer.
    ResetAfter,
    /// The service acts, and its answer comes late.
    Delay(Duration),
    /// The service acts, and the document ends in its middle; the length fits.
    Truncated,
    /// The service acts, and the answer with status 200 is not XML.
    Malformed,
    /// The credentials are valid no more; the service does not act.
    ExpiredToken,
    /// The call stays here until [`release`](super::Proxy::release), and then goes on to the service.
    HoldBefore,
    /// The answer stays here until [`release`](super::Proxy::release), and then goes on to the client.
    HoldAfter,
}

impl Fault {
    /// Every fault that needs nobody to release it, with a delay of this length.
    pub fn all(delay: Duration) -> [Self; 9] {
        [
            Self::Throttling,
            Self::InternalFailure,
            Self::Unavailable,
            Self::ResetBefore,
            Self::ResetAfter,
            Self::Delay(delay),
            Self::Truncated,
            Self::Malformed,
            Self::ExpiredToken,
        ]
    }

    /// What is answered without asking the service, in the form of S3 or of the others.
    pub(super) fn instead(self, of_objects: bool) -> Option<Message> {
        let refusal = |status, code, message| {
            let error = format!("<Code>{code}</Code><Message>{message}</Message>");
            let body = if of_objects {
                format!("<Error>{error}</Error>")
            } else {
                format!(
                    "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
                     <Error><Type>Sender</Type>{error}</Error>\
                     <RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
                )
            };
            Some(Message::answer(status, "text/xml", body))
        };
        let expired = "The security token included in the request is expired";
        match (self, of_objects) {
            (Self::Throttling, false) => refusal("400 Bad Request", "Throttling", "Rate exceeded"),
            (Self::Throttling, true) => refusal("503 Slow Down", "SlowDown", "Reduce your request rate"),
            (Self::InternalFailure, _) => {
                refusal("500 Internal Server Error", "InternalFailure", "An internal error has occurred")
            }
            (Self::Unavailable, _) => {
                let body = "<html><body><h1>503 Service Temporarily Unavailable</h1>".to_owned();
                Some(Message::answer("503 Service Unavailable", "text/html", body))
            }
            (Self::ExpiredToken, false) => refusal("403 Forbidden", "ExpiredToken", expired),
            (Self::ExpiredToken, true) => refusal("400 Bad Request", "ExpiredToken", expired),
            _ => None,
        }
    }

    /// What becomes of the service's answer.
    pub(super) fn spoil(self, answer: Message) -> Message {
        match self {
            Self::Truncated => {
                let half = answer.body().len() / 2;
                let body = answer.body().get(..half).unwrap_or_default().to_vec();
                answer.with_body(body)
            }
            Self::Malformed => answer.with_body(b"<Response><Result attribute=></Resp".to_vec()),
            _ => answer,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttling => formatter.write_str("throttling"),
            Self::InternalFailure => formatter.write_str("500"),
            Self::Unavailable => formatter.write_str("503"),
            Self::ResetBefore => formatter.write_str("reset before"),
            Self::ResetAfter => formatter.write_str("reset after"),
            Self::Delay(delay) => write!(formatter, "{} s late", delay.as_secs_f32()),
            Self::Truncated => formatter.write_str("truncated"),
            Self::Malformed => formatter.write_str("malformed"),
            Self::ExpiredToken => formatter.write_str("expired"),
            Self::HoldBefore => formatter.write_str("held before"),
            Self::HoldAfter => formatter.write_str("held after"),
        }
    }
}
