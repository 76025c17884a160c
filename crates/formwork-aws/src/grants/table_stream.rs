//! What may be done with the changes of a table.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with the changes of a table that has them streamed (`stream_specification`).
///
/// See [DynamoDB Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html).
///
/// ```
/// use formwork_aws::grants::TableStreamGrants;
/// use formwork_cfn::ids::dynamodb::TableStreamArn;
/// use formwork_core::{Expr, id};
///
/// let changes: Expr<TableStreamArn> =
///     id("arn:aws:dynamodb:eu-west-1:111111111111:table/orders/stream/2026-11-21T00:00:00.000");
/// let permissions = changes.read_changes();
/// # let _ = permissions;
/// ```
pub trait TableStreamGrants {
    /// The ARN of the stream.
    fn table_stream(&self) -> Expr<ids::dynamodb::TableStreamArn>;

    /// Reads changes, as functions do whose event source the stream is.
    fn read_changes(&self) -> [Permission; 2] {
        let actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
        [
            Permission::new(actions, [self.table_stream()]),
            Permission::on_everything(["dynamodb:ListStreams"], "the action takes no resource"),
        ]
    }
}

granted!(TableStreamGrants, table_stream, ids::dynamodb::TableStreamArn);
