//! The grammar of policy documents: what may be written in several ways.

use formwork_template::Value;

/// Where in a policy document a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In none.
    Outside,
    /// The document itself.
    Document,
    /// The list of statements.
    Statements,
    /// One statement.
    Statement,
    /// A list of actions.
    Actions,
    /// One action.
    Action,
    /// A principal, by kind.
    Principal,
    /// The conditions, by operator.
    Condition,
    /// The conditions of one operator, by key.
    Operator,
    /// A list of resources, principals or values of a condition.
    Values,
    /// Anything else.
    Other,
}

impl Place {
    /// What stands under a key.
    pub(crate) fn key(self, key: &str) -> Self {
        match (self, key) {
            (Self::Outside, _) => Self::Outside,
            (Self::Document, "Statement") => Self::Statements,
            (Self::Statement, "Action" | "NotAction") => Self::Actions,
            (Self::Statement, "Resource" | "NotResource") | (Self::Principal | Self::Operator, _) => {
                Self::Values
            }
            (Self::Statement, "Principal" | "NotPrincipal") => Self::Principal,
            (Self::Statement, "Condition") => Self::Condition,
            (Self::Condition, _) => Self::Operator,
            _ => Self::Other,
        }
    }

    /// The items of a list.
    pub(crate) const fn item(self) -> Self {
        match self {
            Self::Outside => Self::Outside,
            Self::Statements => Self::Statement,
            Self::Actions => Self::Action,
            _ => Self::Other,
        }
    }

    /// Whether the order of a list's items means nothing.
    pub(crate) const fn unordered(self) -> bool {
        matches!(self, Self::Statements | Self::Actions | Self::Values)
    }

    /// Whether one item may stand in place of a list of it.
    pub(crate) const fn one_for_list(self) -> bool {
        self.unordered()
    }

    /// Whether that holds for an expression too, which stands for one text here.
    pub(crate) const fn one_expression_for_list(self) -> bool {
        matches!(self, Self::Actions | Self::Values)
    }

    /// A text in its one form: the case of actions means nothing.
    pub(crate) fn scalar(self, text: String) -> String {
        if self == Self::Action { text.to_ascii_lowercase() } else { text }
    }
}

/// Whether a value is a policy document.
pub(crate) fn is_document(value: &Value) -> bool {
    let Some(statements) = value.get("Statement") else { return false };
    let has_effect = |statement: &Value| statement.get("Effect").is_some();
    match statements {
        Value::List(items) => value.get("Version").is_some() || items.iter().any(has_effect),
        other => has_effect(other),
    }
}
