//! [`PolicyCondition`]: when a statement counts.

use std::{marker::PhantomData, net::IpAddr};

use formwork_core::{Expr, Finding, IntoNode, Scope, builder::Node};

use super::key::{Arn, Binary, ConditionKey, Date, IpRange};

/// When a statement counts: an operator, a key, and the values that it is compared with.
///
/// There is a function for each operator, and it takes values of the operator's kind only. All
/// conditions of a statement hold together; of the values of one condition, one is enough.
///
/// See [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
///
/// ```
/// use formwork_aws::iam::{ConditionKey, Date, Permission, PolicyCondition};
///
/// let read = Permission::new(["s3:GetObject"], ["arn:aws:s3:::reports/*"])
///     .when(PolicyCondition::ip_address(ConditionKey::SOURCE_IP, "203.0.113.0/24").or("198.51.100.0/24"))
///     .when(PolicyCondition::date_less_than(ConditionKey::CURRENT_TIME, Date::new(2027, 1, 1)))
///     .when(PolicyCondition::string_equals(ConditionKey::resource_tag("team"), "shop").if_exists());
/// # let _ = read;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a condition does nothing until a statement has it"]
pub struct PolicyCondition {
    operator: String,
    key: String,
    values: Vec<Node>,
    problem: Option<String>,
}

/// A comparison of a [`PolicyCondition`], to which more can be said.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a condition does nothing until a statement has it"]
pub struct Comparison<T> {
    condition: PolicyCondition,
    kind: PhantomData<fn() -> T>,
}

/// A kind of values that conditions compare.
pub trait Comparable {
    /// What the values are given as.
    type Given;
    /// What is wrong with a value that is known.
    #[doc(hidden)]
    fn problem(_value: &Node) -> Option<String> {
        None
    }
}

impl Comparable for String {
    type Given = String;
}

impl Comparable for i64 {
    type Given = Self;
}

impl Comparable for bool {
    type Given = Self;
}

impl Comparable for Binary {
    type Given = String;
}

impl Comparable for Date {
    type Given = Self;

    fn problem(value: &Node) -> Option<String> {
        let text = value.as_str()?;
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        let of_the_day = number(11..13)? < 24 && number(14..16)? < 60 && number(17..19)? < 60;
        let exists = (1..=days).contains(&day) && of_the_day;
        (!exists).then(|| format!("`{text}` is no moment"))
    }
}

impl Comparable for IpRange {
    type Given = String;

    fn problem(value: &Node) -> Option<String> {
        let text = value.as_str()?;
        let (address, width) = text.split_once('/').map_or((text, None), |(left, right)| (left, Some(right)));
        let most = match address.parse() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return Some(format!("`{text}` is no address and no range of addresses")),
        };
        let fits = width.is_none_or(|width| width.parse::<u8>().is_ok_and(|width| width <= most));
        (!fits).then(|| format!("`{text}` is no range of addresses"))
    }
}

impl Comparable for Arn {
    type Given = String;

    fn problem(value: &Node) -> Option<String> {
        let text = value.as_str()?;
        let looks = text == "*" || text.contains("${") || text.splitn(6, ':').count() == 6;
        (!looks).then(|| format!("`{text}` is no ARN"))
    }
}

impl<T: Comparable> Comparison<T> {
    fn new(operator: &str, key: impl Into<ConditionKey<T>>, value: impl Into<Expr<T::Given>>) -> Self {
        let condition = PolicyCondition {
            operator: operator.to_owned(),
            key: key.into().into_name(),
            values: Vec::new(),
            problem: None,
        };
        Self { condition, kind: PhantomData }.or(value)
    }

    /// Another value, which is as good as those before. Of an operator with a `not`, none of the
    /// values may be found.
    pub fn or(mut self, value: impl Into<Expr<T::Given>>) -> Self {
        let node = match value.into().into_node() {
            // As the service itself writes flags and numbers.
            Node::Bool(flag) => Node::String(flag.to_string().into()),
            Node::Integer(number) => Node::String(number.to_string().into()),
            node => node,
        };
        self.condition.problem = self.condition.problem.or_else(|| T::problem(&node));
        if !self.condition.values.contains(&node) {
            self.condition.values.push(node);
        }
        self
    }

    /// Holds as well where the request has no such key.
    pub fn if_exists(self) -> PolicyCondition {
        let mut condition = self.condition;
        condition.operator.push_str("IfExists");
        condition
    }

    /// For a key of several values: each of them has to be among the ones that are named here. It
    /// holds as well where there are none.
    pub fn for_all_values(self) -> PolicyCondition {
        self.quantified("ForAllValues")
    }

    /// For a key of several values: one of them has to be among the ones that are named here.
    pub fn for_any_value(self) -> PolicyCondition {
        self.quantified("ForAnyValue")
    }

    fn quantified(self, quantifier: &str) -> PolicyCondition {
        let mut condition = self.condition;
        condition.operator = format!("{quantifier}:{}", condition.operator);
        condition
    }
}

impl<T> From<Comparison<T>> for PolicyCondition {
    fn from(comparison: Comparison<T>) -> Self {
        comparison.condition
    }
}

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident, $kind:ty, $operator:literal;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(
                key: impl Into<ConditionKey<$kind>>,
                value: impl Into<Expr<<$kind as Comparable>::Given>>,
            ) -> Comparison<$kind> {
                Comparison::new($operator, key, value)
            }
        )*
    };
}

impl PolicyCondition {
    operators! {
        /// The same text.
        string_equals, String, "StringEquals";
        /// Another text.
        string_not_equals, String, "StringNotEquals";
        /// The same text but for capitals.
        string_equals_ignore_case, String, "StringEqualsIgnoreCase";
        /// Another text, in more than capitals.
        string_not_equals_ignore_case, String, "StringNotEqualsIgnoreCase";
        /// A text of this form, in which `*` and `?` stand for others.
        string_like, String, "StringLike";
        /// No text of this form, in which `*` and `?` stand for others.
        string_not_like, String, "StringNotLike";
        /// The same number.
        numeric_equals, i64, "NumericEquals";
        /// Another number.
        numeric_not_equals, i64, "NumericNotEquals";
        /// A smaller number.
        numeric_less_than, i64, "NumericLessThan";
        /// This number or a smaller one.
        numeric_less_than_equals, i64, "NumericLessThanEquals";
        /// A greater number.
        numeric_greater_than, i64, "NumericGreaterThan";
        /// This number or a greater one.
        numeric_greater_than_equals, i64, "NumericGreaterThanEquals";
        /// At this moment.
        date_equals, Date, "DateEquals";
        /// At another moment.
        date_not_equals, Date, "DateNotEquals";
        /// Before this moment.
        date_less_than, Date, "DateLessThan";
        /// At this moment or before.
        date_less_than_equals, Date, "DateLessThanEquals";
        /// After this moment.
        date_greater_than, Date, "DateGreaterThan";
        /// At this moment or after.
        date_greater_than_equals, Date, "DateGreaterThanEquals";
        /// It is so, or is not.
        bool, bool, "Bool";
        /// The same bytes.
        binary_equals, Binary, "BinaryEquals";
        /// An address of this range.
        ip_address, IpRange, "IpAddress";
        /// No address of this range.
        not_ip_address, IpRange, "NotIpAddress";
        /// An ARN of this form, in whose parts `*` and `?` stand for others. `ArnEquals` means the same.
        arn_like, Arn, "ArnLike";
        /// No ARN of this form. `ArnNotEquals` means the same.
        arn_not_like, Arn, "ArnNotLike";
    }

    /// The request has the key.
    pub fn present(key: impl Into<String>) -> Self {
        Self::null(key, "false")
    }

    /// The request has no such key.
    pub fn absent(key: impl Into<String>) -> Self {
        Self::null(key, "true")
    }

    fn null(key: impl Into<String>, value: &str) -> Self {
        Self { operator: "Null".to_owned(), key: key.into(), values: vec![value.into_node()], problem: None }
    }

    /// Puts the condition where statements have theirs. The same operator and key again takes the
    /// place of what was there.
    pub(super) fn put_into(mut self, conditions: &mut Node) {
        let value = if self.values.len() == 1 { self.values.remove(0) } else { Node::List(self.values) };
        // Two keys below a map always find their place.
        let _ = conditions.set_at(&[&self.operator, &self.key], value);
    }

    /// Reports what is wrong with the conditions of one statement.
    pub(super) fn check(conditions: &[Self], scope: &mut Scope<'_>) {
        for (position, condition) in conditions.iter().enumerate() {
            let Self { operator, key, .. } = condition;
            if let Some(problem) = &condition.problem {
                let message = format!("`{operator}` cannot compare `{key}`: {problem}");
                scope.report(Finding::error("FW0412", message));
            }
            let others = &conditions[position + 1..];
            if others.iter().any(|other| other.operator == *operator && other.key == *key) {
                let message = format!("two conditions say by `{operator}` what `{key}` is");
                let hint = "name all values in one condition: `.or(...)`";
                scope.report(Finding::error("FW0412", message).hint(hint));
            }
        }
    }
}
