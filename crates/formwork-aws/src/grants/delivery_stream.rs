//! What may be done with a delivery stream.

use formwork_cfn::ids;
use formwork_core::{Expr, Handle, Provides, Resource};

use super::granted;
use crate::iam::Permission;

/// What may be done with a delivery stream of Amazon Data Firehose.
///
/// ```
/// use formwork_aws::grants::DeliveryStreamGrants;
/// use formwork_cfn::ids::kinesisfirehose::DeliveryStreamArn;
/// use formwork_core::{Expr, id};
///
/// let clicks: Expr<DeliveryStreamArn> = id("arn:aws:firehose:eu-west-1:111111111111:deliverystream/clicks");
/// let permission = clicks.put_records();
/// # let _ = permission;
/// ```
pub trait DeliveryStreamGrants {
    /// The ARN of the stream.
    fn delivery_stream(&self) -> Expr<ids::kinesisfirehose::DeliveryStreamArn>;

    /// Puts records into it.
    fn put_records(&self) -> Permission {
        Permission::new(["firehose:PutRecord", "firehose:PutRecordBatch"], [self.delivery_stream()])
    }
}

granted!(DeliveryStreamGrants, delivery_stream, ids::kinesisfirehose::DeliveryStreamArn);
