//! What may be done with a queue.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a queue.
///
/// ```
/// use formwork_aws::grants::QueueGrants;
/// use formwork_cfn::ids::sqs::QueueArn;
/// use formwork_core::{Expr, id};
///
/// let jobs: Expr<QueueArn> = id("arn:aws:sqs:eu-west-1:111111111111:jobs");
/// let permission = jobs.consume();
/// # let _ = permission;
/// ```
pub trait QueueGrants {
    /// The ARN of the queue.
    fn queue(&self) -> Expr<ids::sqs::QueueArn>;

    /// Sends messages.
    fn send(&self) -> Permission {
        Permission::new(["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"], [self.queue()])
    }

    /// Takes messages, and deletes those that are done.
    fn consume(&self) -> Permission {
        Permission::new(
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            [self.queue()],
        )
    }

    /// Deletes all messages at once.
    fn purge(&self) -> Permission {
        Permission::new(["sqs:PurgeQueue"], [self.queue()])
    }
}

granted!(QueueGrants, queue, ids::sqs::QueueArn);
