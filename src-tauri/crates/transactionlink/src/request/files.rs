//! A file on its way to the API.

use std::fmt;

/// A file for a resource or an attachment.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name, without a folder.
    pub name: String,
    /// Its media type.
    pub content_type: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} bytes)", self.bytes.len())
    }
}
