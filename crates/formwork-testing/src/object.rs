//! [`object!`](crate::object): matchers written as JSON.

/// An object with at least these keys, written as JSON with matchers inside.
///
/// `{...}` inside means an object with at least those keys, `[...]` an array with exactly those
/// items; any other value is an expression that converts into a [`Matcher`](crate::Matcher).
///
/// ```
/// use formwork_testing::{absent, any, array_with, object, string_like};
/// use serde_json::json;
///
/// let port = 443;
/// let matcher = object! {
///     "Port": port,
///     "Protocol": string_like("^HTTPS?$"),
///     "SslPolicy": any(),
///     "Tags": array_with([object! { "Key": "team" }]),
///     "DefaultActions": [{ "Type": "forward", "Order": absent() }],
///     "LoadBalancerArn": { "Ref": "Balancer" },
/// };
/// assert!(matcher.matches(json!({
///     "Port": 443,
///     "Protocol": "HTTPS",
///     "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
///     "Tags": [{ "Key": "stage", "Value": "dev" }, { "Key": "team", "Value": "web" }],
///     "DefaultActions": [{ "Type": "forward", "TargetGroupArn": { "Ref": "Group" } }],
///     "LoadBalancerArn": { "Ref": "Balancer" },
/// })));
/// ```
#[macro_export]
macro_rules! object {
    (@pairs [$($pairs:tt)*]) => { $crate::private::object_of([$($pairs)*]) };
    (@pairs [$($pairs:tt)*] $key:literal : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::object!(@pairs [$($pairs)* ($key, $crate::object! { $($inner)* }),] $($($rest)*)?)
    };
    (@pairs [$($pairs:tt)*] $key:literal : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::object!(@pairs [$($pairs)* ($key, $crate::object!(@items [] $($inner)*)),] $($($rest)*)?)
    };
    (@pairs [$($pairs:tt)*] $key:literal : $value:expr $(, $($rest:tt)*)?) => {
        $crate::object!(@pairs [$($pairs)* ($key, $crate::Matcher::from($value)),] $($($rest)*)?)
    };

    (@items [$($items:tt)*]) => { $crate::array_equals::<$crate::Matcher>([$($items)*]) };
    (@items [$($items:tt)*] { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::object!(@items [$($items)* $crate::object! { $($inner)* },] $($($rest)*)?)
    };
    (@items [$($items:tt)*] [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::object!(@items [$($items)* $crate::object!(@items [] $($inner)*),] $($($rest)*)?)
    };
    (@items [$($items:tt)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::object!(@items [$($items)* $crate::Matcher::from($value),] $($($rest)*)?)
    };

    ($($pairs:tt)*) => { $crate::object!(@pairs [] $($pairs)*) };
}
