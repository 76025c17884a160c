//! A property path leads nowhere.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    s3::Bucket::new()
        .bucket_name("acme-orders")
        .set_property("BucketName.Prefix", "eu")
        .build(stack, "Orders");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    s3::Bucket::new()
        .bucket_name("acme-orders")
        .set_property("VersioningConfiguration.Status", "Enabled")
        .build(stack, "Orders");
}
