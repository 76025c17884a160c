//! What a contributor runs
