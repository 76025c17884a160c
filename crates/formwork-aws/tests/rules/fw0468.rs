//! An instance type of another architecture than the image.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    LaunchTemplate::new(image, InstanceType::new(Family::M7i, Size::Large)).build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    LaunchTemplate::new(image, InstanceType::new(Family::M7g, Size::Large)).build(stack, "Web");
}
