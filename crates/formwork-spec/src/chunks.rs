//! How tables lie on disk: a mark, an index, and chunks, each deflated postcard.
//!
//! ```text
//! mark  u32 length of the index  index  chunk...
//! ```

use std::io::Read;

#[cfg(feature = "write")]
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first bytes of a table, which say of which kind it is.
pub(crate) type Mark = [u8; 4];

/// What can be wrong with the bytes of a table.
#[derive(Debug)]
#[non_exhaustive]
pub enum TableError {
    /// The bytes do not begin as a table does.
    NotATable,
    /// The bytes end too early.
    Truncated,
    /// A chunk does not unpack.
    Inflate(std::io::Error),
    /// A chunk unpacks to something else than facts.
    Decode(postcard::Error),
}

impl std::fmt::Display for TableError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotATable => formatter.write_str("this is not a table of facts"),
            Self::Truncated => formatter.write_str("the table of facts is cut short"),
            Self::Inflate(_) => formatter.write_str("a chunk of the table of facts does not unpack"),
            Self::Decode(_) => formatter.write_str("a chunk of the table of facts holds something else"),
        }
    }
}

impl std::error::Error for TableError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Inflate(error) => Some(error),
            Self::Decode(error) => Some(error),
            Self::NotATable | Self::Truncated => None,
        }
    }
}

/// The index of a table, still packed, and its chunks.
pub(crate) fn split(bytes: &[u8], mark: Mark) -> Result<(&[u8], &[u8]), TableError> {
    let rest = bytes.strip_prefix(&mark).ok_or(TableError::NotATable)?;
    let (length, body) = rest.split_first_chunk::<4>().ok_or(TableError::Truncated)?;
    let index = slice(body, u32::from_le_bytes(*length))?;
    Ok((index, &body[index.len()..]))
}

/// The first bytes, this many.
pub(crate) fn slice(bytes: &[u8], length: u32) -> Result<&[u8], TableError> {
    bytes.get(..length as usize).ok_or(TableError::Truncated)
}

pub(crate) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, TableError> {
    let mut plain = Vec::new();
    flate2::read::DeflateDecoder::new(bytes).read_to_end(&mut plain).map_err(TableError::Inflate)?;
    postcard::from_bytes(&plain).map_err(TableError::Decode)
}

/// A table of an index and of chunks that are packed already.
#[cfg(feature = "write")]
pub(crate) fn join(mark: Mark, index: &impl Serialize, chunks: &[u8]) -> std::io::Result<Vec<u8>> {
    let index = pack(index)?;
    let mut bytes = mark.to_vec();
    bytes.extend(length_of(&index)?.to_le_bytes());
    bytes.extend(index);
    bytes.extend(chunks);
    Ok(bytes)
}

#[cfg(feature = "write")]
pub(crate) fn length_of(bytes: &[u8]) -> std::io::Result<u32> {
    u32::try_from(bytes.len()).map_err(std::io::Error::other)
}

#[cfg(feature = "write")]
pub(crate) fn pack<T: Serialize>(value: &T) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    let plain = postcard::to_stdvec(value).map_err(std::io::Error::other)?;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&plain)?;
    encoder.finish()
}
