//! The reference stacks
