//! A lifecycle of images that the service refuses.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    Repository::new()
        .lifecycle(ImageLifecycleRule::keep_newest(30))
        .lifecycle(ImageLifecycleRule::expire_after_days(14).of_untagged())
        .build(stack, "Images");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    Repository::new()
        .lifecycle(ImageLifecycleRule::expire_after_days(14).of_untagged())
        .lifecycle(ImageLifecycleRule::keep_newest(30))
        .build(stack, "Images");
}
