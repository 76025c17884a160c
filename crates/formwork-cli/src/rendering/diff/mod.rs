//! A diff in the forms that people and other programs read.

pub(crate) mod page;
pub(crate) mod report;
pub(crate) mod sarif;
mod summary;
pub(crate) mod text;
mod value;
mod words;
