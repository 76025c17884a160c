//! [`Matcher`]: what a value must be.

use formwork_core::Value;
use regex_lite::Regex;

use crate::{Capture, compare::Comparison};

/// What a value of a template must be.
///
/// Plain values are matchers too: a string, a number, a boolean; a JSON object must be there with
/// at least these keys, as with [`object!`](crate::object); a JSON array must have exactly these
/// items.
///
/// ```
/// use formwork_testing::{Matcher, any, object};
/// use serde_json::json;
///
/// let found = json!({ "Port": 443, "Certificate": { "Ref": "Certificate" } });
/// assert!(object! { "Port": 443 }.matches(found.clone()));
/// assert!(object! { "Certificate": any() }.matches(found.clone()));
/// assert!(Matcher::from(json!({ "Port": 443 })).matches(found.clone()));
/// assert!(!object! { "Port": "443" }.matches(found));
/// ```
#[derive(Debug, Clone)]
pub struct Matcher(pub(crate) Kind);

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Any,
    Absent,
    Exact(Value),
    ObjectLike(Vec<(String, Matcher)>),
    ArrayEquals(Vec<Matcher>),
    ArrayWith(Vec<Matcher>),
    SerializedJson(Box<Matcher>),
    StringLike(Regex),
    Not(Box<Matcher>),
    Capture(Capture, Box<Matcher>),
}

impl Matcher {
    /// Whether a value matches.
    ///
    /// ```
    /// use formwork_testing::string_like;
    ///
    /// assert!(string_like("^web-").matches("web-logs"));
    /// ```
    pub fn matches(&self, value: impl Into<Value>) -> bool {
        Comparison::of(self, Some(&value.into()), &[]).is_match()
    }
}

/// Any value: it must be there, and not be null.
///
/// ```
/// use formwork_testing::{any, object};
/// use serde_json::json;
///
/// assert!(object! { "Name": any() }.matches(json!({ "Name": "web" })));
/// assert!(!object! { "Name": any() }.matches(json!({})));
/// ```
pub const fn any() -> Matcher {
    Matcher(Kind::Any)
}

/// Nothing: the key must not be there.
///
/// ```
/// use formwork_testing::{absent, object};
/// use serde_json::json;
///
/// assert!(object! { "PublicIp": absent() }.matches(json!({ "Name": "web" })));
/// ```
pub const fn absent() -> Matcher {
    Matcher(Kind::Absent)
}

/// Exactly this value: objects may have no other keys, at any depth. The order of keys says
/// nothing.
///
/// ```
/// use formwork_testing::exact;
/// use serde_json::json;
///
/// let tags = exact(json!([{ "Key": "team", "Value": "web" }]));
/// assert!(tags.matches(json!([{ "Value": "web", "Key": "team" }])));
/// assert!(!tags.matches(json!([{ "Key": "team", "Value": "web", "Propagate": true }])));
/// ```
pub fn exact(value: impl Into<Value>) -> Matcher {
    Matcher(Kind::Exact(value.into()))
}

/// An object with at least these keys. [`object!`](crate::object) reads better where the keys are
/// known.
///
/// ```
/// use formwork_testing::{any, object_like};
/// use serde_json::json;
///
/// let named = object_like(["Name", "Arn"].map(|key| (key, any())));
/// assert!(named.matches(json!({ "Name": "web", "Arn": "arn:aws:sns", "Port": 80 })));
/// ```
pub fn object_like<K: Into<String>, M: Into<Matcher>>(pairs: impl IntoIterator<Item = (K, M)>) -> Matcher {
    Matcher(Kind::ObjectLike(pairs.into_iter().map(|(key, matcher)| (key.into(), matcher.into())).collect()))
}

/// An array with exactly these items in this order. `[...]` inside of
/// [`object!`](crate::object) means the same.
///
/// ```
/// use formwork_testing::{any, array_equals};
/// use serde_json::json;
///
/// assert!(array_equals([any(), "b".into()]).matches(json!(["a", "b"])));
/// assert!(!array_equals([any()]).matches(json!(["a", "b"])));
/// ```
pub fn array_equals<M: Into<Matcher>>(items: impl IntoIterator<Item = M>) -> Matcher {
    Matcher(Kind::ArrayEquals(items.into_iter().map(Into::into).collect()))
}

/// An array with these items in this order; others may stand before, between and after them.
///
/// ```
/// use formwork_testing::{array_with, object};
/// use serde_json::json;
///
/// let tags = json!([{ "Key": "team", "Value": "web" }, { "Key": "stage", "Value": "dev" }]);
/// assert!(array_with([object! { "Key": "stage" }]).matches(tags));
/// ```
pub fn array_with<M: Into<Matcher>>(items: impl IntoIterator<Item = M>) -> Matcher {
    Matcher(Kind::ArrayWith(items.into_iter().map(Into::into).collect()))
}

/// JSON in a string, as policies and state machines are often given.
///
/// Expressions in it stand as `Fn::Sub` writes them, whether `Fn::Sub` or `Fn::Join` makes the
/// string: `"${Topic}"` is the `Ref`, `"${Topic.TopicArn}"` the attribute. What stands under
/// `Fn::ToJsonString` is matched as it is.
///
/// ```
/// use formwork_testing::{object, serialized_json};
/// use serde_json::json;
///
/// let definition = serialized_json(object! { "StartAt": "Send" });
/// assert!(definition.matches(r#"{"StartAt": "Send", "States": {}}"#));
/// assert!(definition.matches(json!({ "Fn::Sub": r#"{"StartAt": "Send", "Topic": "${Topic}"}"# })));
/// ```
pub fn serialized_json(matcher: impl Into<Matcher>) -> Matcher {
    Matcher(Kind::SerializedJson(Box::new(matcher.into())))
}

/// A string in which the regular expression is found; `^` and `$` tie it to the ends.
///
/// A string that `Fn::Sub` or `Fn::Join` makes is matched in the form that `Fn::Sub` writes.
///
/// ```
/// use formwork_testing::string_like;
/// use serde_json::json;
///
/// assert!(string_like("^arn:aws:").matches("arn:aws:sns:eu-west-1:111111111111:alarms"));
/// let joined = json!({ "Fn::Join": ["", ["s3://", { "Ref": "Assets" }, "/"]] });
/// assert!(string_like(r"^s3://\$\{Assets\}/$").matches(joined));
/// ```
///
/// # Panics
/// The text is no regular expression.
#[track_caller]
pub fn string_like(pattern: &str) -> Matcher {
    match Regex::new(pattern) {
        Ok(regex) => Matcher(Kind::StringLike(regex)),
        Err(error) => panic!("`{pattern}` is no regular expression: {error}"),
    }
}

/// Whatever the matcher does not match; a key that is not there is that too, unless the matcher is
/// [`absent`].
///
/// ```
/// use formwork_testing::{not, object};
/// use serde_json::json;
///
/// let private = object! { "Acl": not("PublicRead") };
/// assert!(private.matches(json!({ "Acl": "Private" })));
/// assert!(private.matches(json!({})));
/// assert!(!private.matches(json!({ "Acl": "PublicRead" })));
/// ```
pub fn not(matcher: impl Into<Matcher>) -> Matcher {
    Matcher(Kind::Not(Box::new(matcher.into())))
}

/// What [`object!`](crate::object) expands to: the array says its type where it is empty.
#[doc(hidden)]
pub fn object_of<const LENGTH: usize>(pairs: [(&str, Matcher); LENGTH]) -> Matcher {
    object_like(pairs)
}

impl From<Value> for Matcher {
    fn from(value: Value) -> Self {
        match value {
            Value::Map(map) => object_like(map.into_iter().map(|(key, item)| (key.into_owned(), item))),
            Value::List(items) => array_equals(items),
            scalar => exact(scalar),
        }
    }
}

impl From<serde_json::Value> for Matcher {
    fn from(value: serde_json::Value) -> Self {
        Value::from(value).into()
    }
}

impl From<&str> for Matcher {
    fn from(text: &str) -> Self {
        exact(text.to_owned())
    }
}

impl<M: Into<Matcher>> From<Vec<M>> for Matcher {
    fn from(items: Vec<M>) -> Self {
        array_equals(items)
    }
}

impl<M: Into<Matcher>, const LENGTH: usize> From<[M; LENGTH]> for Matcher {
    fn from(items: [M; LENGTH]) -> Self {
        array_equals(items)
    }
}

macro_rules! scalars {
    ($($scalar:ty)*) => {$(
        impl From<$scalar> for Matcher {
            fn from(scalar: $scalar) -> Self {
                exact(serde_json::Value::from(scalar))
            }
        }
    )*};
}

scalars!(bool String i32 i64 u8 u16 u32 u64 usize f64);
