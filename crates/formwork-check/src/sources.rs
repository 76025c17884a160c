//! [`Sources`]: where the parts of a template were written in Rust.

use formwork_template::Source;

/// Where the parts of a template were written in Rust. `()` knows nothing of it.
pub trait Sources {
    /// The line behind an element of a section, or behind the whole for a section that has none.
    fn source(&self, section: &str, element: &str) -> Option<Source>;
}

impl Sources for () {
    fn source(&self, _: &str, _: &str) -> Option<Source> {
        None
    }
}
