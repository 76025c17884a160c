//! What may be done with a stream of data.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a stream of data.
///
/// ```
/// use formwork_aws::grants::StreamGrants;
/// use formwork_cfn::ids::kinesis::StreamArn;
/// use formwork_core::{Expr, id};
///
/// let clicks: Expr<StreamArn> = id("arn:aws:kinesis:eu-west-1:111111111111:stream/clicks");
/// let permission = clicks.read();
/// # let _ = permission;
/// ```
pub trait StreamGrants {
    /// The ARN of the stream.
    fn stream(&self) -> Expr<ids::kinesis::StreamArn>;

    /// Reads records.
    fn read(&self) -> Permission {
        Permission::new(
            [
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ],
            [self.stream()],
        )
    }

    /// Writes records.
    fn write(&self) -> Permission {
        Permission::new(["kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords"], [self.stream()])
    }
}

granted!(StreamGrants, stream, ids::kinesis::StreamArn);
