//! What may be done with a topic.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a topic.
///
/// ```
/// use formwork_aws::grants::TopicGrants;
/// use formwork_cfn::ids::sns::TopicArn;
/// use formwork_core::{Expr, id};
///
/// let alarms: Expr<TopicArn> = id("arn:aws:sns:eu-west-1:111111111111:alarms");
/// let permission = alarms.publish();
/// # let _ = permission;
/// ```
pub trait TopicGrants {
    /// The ARN of the topic.
    fn topic(&self) -> Expr<ids::sns::TopicArn>;

    /// Publishes messages.
    fn publish(&self) -> Permission {
        Permission::new(["sns:Publish"], [self.topic()])
    }

    /// Subscribes to the topic.
    fn subscribe(&self) -> Permission {
        Permission::new(["sns:Subscribe"], [self.topic()])
    }
}

granted!(TopicGrants, topic, ids::sns::TopicArn);
