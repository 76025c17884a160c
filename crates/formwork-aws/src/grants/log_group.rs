//! What may be done with a log group.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a log group.
///
/// ```
/// use formwork_aws::grants::LogGroupGrants;
/// use formwork_cfn::ids::logs::LogGroupArn;
/// use formwork_core::{Expr, id};
///
/// let requests: Expr<LogGroupArn> = id("arn:aws:logs:eu-west-1:111111111111:log-group:requests:*");
/// let permission = requests.read();
/// # let _ = permission;
/// ```
pub trait LogGroupGrants {
    /// The ARN of the log group.
    fn log_group(&self) -> Expr<ids::logs::LogGroupArn>;

    /// Writes logs.
    fn write(&self) -> Permission {
        Permission::new(["logs:CreateLogStream", "logs:PutLogEvents"], [self.log_group()])
    }

    /// Reads logs and searches them.
    fn read(&self) -> Permission {
        Permission::new(
            [
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:GetQueryResults",
                "logs:StartQuery",
            ],
            [self.log_group()],
        )
    }
}

granted!(LogGroupGrants, log_group, ids::logs::LogGroupArn);
