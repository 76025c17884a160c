//! [`Capacity`]: how many instances or tasks there are.

use std::marker::PhantomData;

use formwork_core::{Finding, Scope};

/// How many instances or tasks there are: a number that stands, or a range that scaling moves in.
///
/// The two are different types: a fleet of [`Fixed`] capacity has no scaling policies, and one of
/// [`Ranged`] capacity has no desired count that every deployment would put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity<K> {
    pub(crate) least: u32,
    pub(crate) most: u32,
    kind: PhantomData<K>,
}

/// A number that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {}

/// A range that scaling moves in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranged {}

impl Capacity<Fixed> {
    /// This many, always.
    pub const fn fixed(count: u32) -> Self {
        Self { least: count, most: count, kind: PhantomData }
    }
}

impl Capacity<Ranged> {
    /// As many as scaling wants, within these ends.
    pub const fn between(least: u32, most: u32) -> Self {
        Self { least, most, kind: PhantomData }
    }
}

impl<K> Capacity<K> {
    /// Reports a range that is none (`FW0420`).
    pub(crate) fn check(&self, scope: &mut Scope<'_>) {
        if self.least > self.most {
            let message =
                format!("the capacity goes from {} to {}, which is no range", self.least, self.most);
            let hint =
                format!("write the lower number first: `Capacity::between({}, {})`", self.most, self.least);
            scope.report(Finding::error("FW0420", message).hint(hint));
        }
    }
}
