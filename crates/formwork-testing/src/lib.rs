//! Assertions and snapshots for the tests of stacks
