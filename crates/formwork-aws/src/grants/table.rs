//! What may be done with a table.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource, concat};

use super::arn_here;
use crate::iam::Permission;

/// What may be done with a table. A table that is named stands in the account and region of the
/// stack.
///
/// ```
/// use formwork_aws::grants::TableGrants;
/// use formwork_cfn::ids::dynamodb::TableName;
/// use formwork_core::{Expr, id};
///
/// let orders: Expr<TableName> = id("orders");
/// let permission = orders.read_items();
/// # let _ = permission;
/// ```
pub trait TableGrants {
    /// The ARN of the table.
    fn table(&self) -> Expr<String>;

    /// Reads items, one by one and by its indexes.
    fn read_items(&self) -> Permission {
        let actions = [
            "dynamodb:BatchGetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
        ];
        Permission::new(actions, [self.table(), concat([self.table(), "/index/*".into()])])
    }

    /// Reads items by one of its indexes.
    fn read_index(&self, name: &str) -> Permission {
        let index = concat([self.table(), format!("/index/{name}").into()]);
        Permission::new(["dynamodb:Query", "dynamodb:Scan"], [index])
    }

    /// Writes and deletes items.
    fn write_items(&self) -> Permission {
        let actions = [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ];
        Permission::new(actions, [self.table()])
    }
}

impl<R: Resource + Provides<ids::dynamodb::TableName>> TableGrants for Handle<R> {
    fn table(&self) -> Expr<String> {
        self.id().attribute("Arn")
    }
}

impl TableGrants for Expr<ids::dynamodb::TableName> {
    fn table(&self) -> Expr<String> {
        arn_here("dynamodb", "table/", self.clone())
    }
}
