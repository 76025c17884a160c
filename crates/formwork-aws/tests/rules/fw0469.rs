//! Requirements that no instance type meets.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    let requirements = InstanceRequirements::new(4, 2, 8, 16, Architecture::Arm64);
    LaunchTemplate::by_requirements(image, requirements).build(stack, "Web");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    let image = Image::amazon_linux_2023(Architecture::Arm64);
    let requirements = InstanceRequirements::new(2, 4, 8, 16, Architecture::Arm64);
    LaunchTemplate::by_requirements(image, requirements).build(stack, "Web");
}
