//! A volume of no possible size.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "m7g.large")
        .root_volume(Volume::gp3_with(10, 6000, 500))
        .build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    LaunchTemplate::new(Image::id("ami-0123456789abcdef0"), "m7g.large")
        .root_volume(Volume::gp3_with(20, 6000, 500))
        .build(stack, "Web");
}
