//! [`Architecture`]: the processor that something is made for.

/// The processor that an image, an instance type or a container is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// AWS Graviton.
    Arm64,
    /// Intel and AMD.
    X86_64,
}
