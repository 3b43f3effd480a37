//! What a command reads: a file, or standard input in its place.

use std::{
    io::{Read, stdin},
    path::Path,
};

use tokendesk_core::{AppError, Code};

/// The bytes of a file; `-` is standard input.
///
/// # Errors
/// It cannot be read.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| unread(path, &error.to_string()))
}

/// A text as it was given; `-` is standard input, which other programs cannot look into.
///
/// # Errors
/// It cannot be read or is no UTF-8.
pub(crate) fn text(given: String) -> Result<String, AppError> {
    if given != "-" {
        return Ok(given);
    }
    let path = Path::new("-");
    String::from_utf8(bytes(path)?).map_err(|error| unread(path, &error.to_string()))
}

fn unread(path: &Path, error: &str) -> AppError {
    let what = if path == Path::new("-") {
        "standard input".into()
    } else {
        path.display().to_string()
    };
    AppError::new(
        Code::InvalidInput,
        "Not read",
        format!("{what}: {error}."),
        "",
    )
}
