//! What `formwork drift` does beside showing: which stacks, what is known, what is brought back or taken over.

pub(crate) mod accept;
pub(crate) mod baseline;
mod literal;
pub(crate) mod revert;
pub(crate) mod subjects;
