//! [`Platform`]: what tasks run on.

mod sealed {
    pub trait Sealed {}
}

/// What tasks run on: [`Fargate`] or [`Instances`].
pub trait Platform: sealed::Sealed + Copy + std::fmt::Debug + 'static {
    /// As the service names it.
    #[doc(hidden)]
    const NAME: &'static str;
}

/// Tasks on machines that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fargate {}

/// Tasks on instances of one's own, each task with an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instances {}

impl sealed::Sealed for Fargate {}
impl sealed::Sealed for Instances {}

impl Platform for Fargate {
    const NAME: &'static str = "FARGATE";
}

impl Platform for Instances {
    const NAME: &'static str = "EC2";
}
