//! Why something could not be uploaded.

use std::{io, path::PathBuf};

use super::container::ContainerError;
use crate::error::ServiceError;

/// An asset that could not be uploaded.
#[derive(Debug, thiserror::Error)]
#[error("the asset `{asset}` of `{stack}` cannot be uploaded: {error}")]
pub struct AssetFailure {
    /// The stack that needs it.
    pub stack: String,
    /// Its name.
    pub asset: String,
    /// Why.
    #[source]
    pub error: AssetError,
}

/// Why an asset could not be uploaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// The file that says what there is cannot be read.
    #[error("`{}` is not a list of assets: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file of the asset cannot be read, or its archive cannot be written.
    #[error("`{}`: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// There is no such bucket or repository.
    #[error("{message}\nhint: `formwork bootstrap` makes what assets need, once in each account and region")]
    NoPlace {
        /// What there is not.
        message: String,
    },
    /// The service refuses.
    #[error(transparent)]
    Service(ServiceError),
    /// The image cannot be built or pushed.
    #[error(transparent)]
    Container(#[from] ContainerError),
}

impl From<ServiceError> for AssetError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound { message } => Self::NoPlace { message },
            other => Self::Service(other),
        }
    }
}
