//! What a command reads: a file, or standard input in its place.

use std::{
    collections::VecDeque,
    io::{BufRead as _, Read as _, stdin},
    path::Path,
};

use tokendesk_core::{
    AppError, Code,
    files::{InputError, decode_text, read_bounded, read_plain_file, without_mark},
};

/// The most that is read, in bytes: no request and no webhook is larger.
const LARGEST: u64 = 1024 * 1024;
/// The longest line, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// The bytes of a plain file; `-` is standard input.
///
/// # Errors
/// It cannot be read, is too large, or may never end.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, AppError> {
    let read = if path == Path::new("-") {
        read_bounded(stdin().lock(), LARGEST)
    } else {
        read_plain_file(path, LARGEST)
    };
    read.map_err(|error| unread(path, &error))
}

/// A text as it was given; `-` is standard input, which other programs cannot look into.
///
/// # Errors
/// It cannot be read or is no text.
pub(crate) fn text(given: String) -> Result<String, AppError> {
    if given != "-" {
        return Ok(without_mark(&given).to_owned());
    }
    let path = Path::new("-");
    decode_text(&bytes(path)?).map_err(|error| unread(path, &error))
}

/// The lines of standard input, each read when it is needed: another program may wait for what
/// becomes of the first before it writes the next.
#[derive(Default)]
pub(crate) struct Lines {
    /// All of them, where they are in UTF-16, in which no byte ends a line.
    decoded: Option<VecDeque<String>>,
    begun: bool,
}

impl Lines {
    /// The next line; empty at the end.
    ///
    /// # Errors
    /// It cannot be read, is too long, or is no text.
    pub(crate) fn next(&mut self) -> Result<String, AppError> {
        self.read().map_err(|error| unread(Path::new("-"), &error))
    }

    fn read(&mut self) -> Result<String, InputError> {
        let mut input = stdin().lock();
        if !std::mem::replace(&mut self.begun, true) {
            let wide = match input.fill_buf()? {
                [one, other, ..] => matches!(
                    (*one, *other),
                    (0xfe, 0xff) | (0xff, 0xfe) | (0, _) | (_, 0)
                ),
                _ => false,
            };
            if wide {
                let text = decode_text(&read_bounded(&mut input, LONGEST_LINE)?)?;
                self.decoded = Some(text.lines().map(str::to_owned).collect());
            }
        }
        if let Some(lines) = &mut self.decoded {
            return Ok(lines.pop_front().unwrap_or_default());
        }
        let mut line = Vec::new();
        input.take(LONGEST_LINE + 1).read_until(b'\n', &mut line)?;
        if u64::try_from(line.len()).unwrap_or(u64::MAX) > LONGEST_LINE {
            return Err(InputError::TooLarge(LONGEST_LINE));
        }
        decode_text(&line)
    }
}

fn unread(path: &Path, error: &InputError) -> AppError {
    let what = if path == Path::new("-") {
        "standard input".into()
    } else {
        path.display().to_string()
    };
    let hint = match error {
        InputError::NotPlain("a pipe") => "Use - and pipe it to standard input.",
        _ => "",
    };
    AppError::new(
        Code::InvalidInput,
        "Not read",
        format!("{what}: {error}."),
        hint,
    )
}
