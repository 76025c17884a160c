//! [`Platform`]: what tasks run on.

mod sealed {
    pub trait Sealed {}
}

/// What tasks run on: [`Fargate`], [`Instances`] or [`HostPorts`].
pub trait Platform: sealed::Sealed + Copy + std::fmt::Debug + 'static {
    /// As the service names it.
    #[doc(hidden)]
    const NAME: &'static str;
}

/// Tasks on instances of one's own, with an address of their own ([`Instances`]) or without
/// ([`HostPorts`]).
pub trait OnInstances: Platform {}

/// Tasks with an address of their own, and so with a security group of their own.
#[diagnostic::on_unimplemented(
    message = "tasks that are reached by ports of their instances have no address and no security group of their own",
    note = "what reaches the instances reaches such tasks, by the security group of the instances"
)]
pub trait OwnAddress: Platform {}

/// Containers that may run anywhere: what a [`Container`](super::Container) is until it asks for
/// something that only instances have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyPlatform {}

/// Tasks on machines that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fargate {}

/// Tasks on instances of one's own, each task with an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instances {}

/// Tasks on instances of one's own that are reached by ports of the instance: in the network mode
/// `bridge` or `host`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostPorts {}

impl sealed::Sealed for Fargate {}
impl sealed::Sealed for Instances {}
impl sealed::Sealed for HostPorts {}

impl Platform for Fargate {
    const NAME: &'static str = "FARGATE";
}

impl Platform for Instances {
    const NAME: &'static str = "EC2";
}

impl Platform for HostPorts {
    const NAME: &'static str = "EC2";
}

impl OnInstances for Instances {}
impl OnInstances for HostPorts {}

impl OwnAddress for Fargate {}
impl OwnAddress for Instances {}
