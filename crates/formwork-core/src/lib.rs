//! The model: apps, stacks, expressions, handles, synthesis and the assembly on disk
