//! A network interface that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "hpc6a.48xlarge")
        .public_address(true)
        .network_interface(NetworkInterface::elastic_fabric())
        .build(stack, "Solver");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    LaunchTemplate::new(Image::amazon_linux_2023(Architecture::X86_64), "hpc6a.48xlarge")
        .network_interface(NetworkInterface::elastic_fabric())
        .build(stack, "Solver");
}
