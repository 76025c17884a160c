//! What the commands that change stacks have in common: what is shown, asked and told.

pub(crate) mod approval;
pub(crate) mod desk;
pub(crate) mod outcome;
pub(crate) mod report;
pub(crate) mod screen;
