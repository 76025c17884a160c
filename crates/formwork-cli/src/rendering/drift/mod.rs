//! Drift in every form that the command writes.

pub(crate) mod github;
pub(crate) mod page;
pub(crate) mod report;
pub(crate) mod text;
