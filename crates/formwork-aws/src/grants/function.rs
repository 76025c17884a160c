//! What may be done with a function.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource, concat};

use super::granted;
use crate::iam::Permission;

/// What may be done with a function.
///
/// ```
/// use formwork_aws::grants::FunctionGrants;
/// use formwork_cfn::ids::lambda::FunctionArn;
/// use formwork_core::{Expr, id};
///
/// let resize: Expr<FunctionArn> = id("arn:aws:lambda:eu-west-1:111111111111:function:resize");
/// let permission = resize.invoke();
/// # let _ = permission;
/// ```
pub trait FunctionGrants {
    /// The ARN of the function.
    fn function(&self) -> Expr<ids::lambda::FunctionArn>;

    /// Gives it other code, and publishes versions of it.
    fn deploy(&self) -> Permission {
        Permission::new(
            [
                "lambda:GetFunction",
                "lambda:GetFunctionConfiguration",
                "lambda:PublishVersion",
                "lambda:UpdateFunctionCode",
            ],
            [self.function()],
        )
    }

    /// Calls it, its versions and its aliases.
    fn invoke(&self) -> Permission {
        let function = Expr::<String>::from(self.function());
        let versions = concat([function.clone(), ":*".into()]);
        Permission::new(["lambda:InvokeFunction"], [function, versions])
    }
}

granted!(FunctionGrants, function, ids::lambda::FunctionArn);
