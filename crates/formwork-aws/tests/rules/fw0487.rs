//! Scans of a registry that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    RegistryScanning::basic().continuously(["shop/*"]).build(stack, "Scanning");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    RegistryScanning::enhanced().continuously(["shop/*"]).build(stack, "Scanning");
}
