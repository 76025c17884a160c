//! What may be done with a parameter in Parameter Store.

use formwork_core::{Expr, concat, join, pseudo, split};

use crate::iam::Permission;

/// A parameter in Parameter Store, or all below a path, in the account and region of the stack. One
/// that a key of one's own encrypts needs [`KeyGrants`](super::KeyGrants) of the key beside it.
///
/// ```
/// use formwork_aws::grants::StoredParameter;
///
/// let url = StoredParameter::named("/shop/url").read();
/// let all = StoredParameter::below("/shop").read();
/// # let _ = (url, all);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StoredParameter {
    arns: Vec<Expr<String>>,
}

impl StoredParameter {
    /// A parameter by its name, which for one of a stack is what `Ref` gives.
    pub fn named(name: impl Into<Expr<String>>) -> Self {
        let name = name.into();
        Self { arns: vec![arn(&name)] }
    }

    /// All parameters below a path (`/shop`).
    pub fn below(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        Self { arns: vec![arn(&path.into()), arn(&format!("{path}/*").into())] }
    }

    /// Reads values.
    pub fn read(&self) -> Permission {
        let actions = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"];
        Permission::new(actions, self.arns.clone())
    }

    /// Writes values.
    pub fn write(&self) -> Permission {
        Permission::new(["ssm:PutParameter"], self.arns.clone())
    }
}

/// The ARN of a parameter: the slash that a name may begin with is the one before the name.
fn arn(name: &Expr<String>) -> Expr<String> {
    let begin = ["arn:".into(), pseudo::partition(), ":ssm:".into(), pseudo::region(), ":".into()];
    let own = [pseudo::account_id(), ":parameter/".into()];
    let known = name.as_str().map(|name| name.trim_start_matches('/'));
    let end = known.map_or_else(|| name.clone(), Expr::from);
    let arn = concat(begin.into_iter().chain(own).chain([end]));
    if known.is_some() { arn } else { join("/", split("//", arn)) }
}
