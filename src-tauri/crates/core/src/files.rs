//! Files and standard input as a person gives them: read within bounds, and text of any Unicode
//! encoding that other programs save it in.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    path::Path,
    str::Utf8Error,
};

/// Why something a person gave cannot be used, as the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The system's own reason.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It may never end.
    #[error("it is {0}, and only a plain file can be read")]
    NotPlain(&'static str),
    /// It is larger than can be used.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// Its bytes are no text, or in an encoding that is not read.
    #[error("{0}")]
    NotText(String),
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{bytes} bytes"),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

/// Reads a plain file of up to `largest` bytes. What may never end, such as a pipe or a device, is
/// refused before it is read.
///
/// # Errors
/// It is none, is larger, or cannot be read.
pub fn read_plain_file(path: &Path, largest: u64) -> Result<Vec<u8>, InputError> {
    // Looked at before it is opened, for to open a device may do something already.
    plain(&path.metadata()?)?;
    let file = open(path)?;
    plain(&file.metadata()?)?;
    read_bounded(file, largest)
}

/// Reads up to `largest` bytes to the end.
///
/// # Errors
/// There are more, or they cannot be read.
pub fn read_bounded(from: impl Read, largest: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    from.take(largest.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > largest {
        return Err(InputError::TooLarge(largest));
    }
    Ok(bytes)
}

/// Writes a file, over what is there. A pipe that nobody reads is told instead of waited for.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let _reader = reader_of_pipe(path)?;
    std::fs::write(path, bytes)
}

/// Holds a pipe that has a reader, so that the reader does not see its end before it is written.
#[cfg(unix)]
fn reader_of_pipe(path: &Path) -> io::Result<Option<File>> {
    use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};

    if !path.metadata().is_ok_and(|it| it.file_type().is_fifo()) {
        return Ok(None);
    }
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(libc::O_NONBLOCK);
    match options.open(path) {
        Err(error) if error.raw_os_error() == Some(libc::ENXIO) => {
            Err(io::Error::other("nobody reads this pipe"))
        }
        opened => opened.map(Some),
    }
}

#[cfg(not(unix))]
fn reader_of_pipe(_: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    // A pipe that has taken the file's place meanwhile must not be waited for.
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK);
    options.open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn plain(metadata: &Metadata) -> Result<(), InputError> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    Err(InputError::NotPlain(if kind.is_dir() {
        "a folder"
    } else if is_pipe(kind) {
        "a pipe"
    } else {
        "a device"
    }))
}

#[cfg(unix)]
fn is_pipe(kind: std::fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    kind.is_fifo() || kind.is_socket()
}

#[cfg(not(unix))]
fn is_pipe(_: std::fs::FileType) -> bool {
    false
}

/// How a text may begin that is in an encoding nobody uses for JSON any more.
const OTHER_ENCODINGS: [(&[u8], &str); 9] = [
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"+/v8", "UTF-7"),
    (b"+/v9", "UTF-7"),
    (b"+/v+", "UTF-7"),
    (b"+/v/", "UTF-7"),
    (b"\xdd\x73\x66\x73", "UTF-EBCDIC"),
    (b"\x84\x31\x95\x33", "GB 18030"),
    (b"\x0e\xfe\xff", "SCSU"),
];

/// The text of a file's bytes in UTF-8 or UTF-16, without a byte-order mark. UTF-16 without one is
/// recognised by its first character, which in JSON is an ASCII one.
///
/// # Errors
/// They are no text, with the place of the first byte that is wrong.
pub fn decode_text(bytes: &[u8]) -> Result<String, InputError> {
    let other = OTHER_ENCODINGS
        .iter()
        .find(|(begin, _)| bytes.starts_with(begin));
    if let Some((_, name)) = other {
        return Err(InputError::NotText(format!(
            "it is text in {name}, which is not read; save it as UTF-8"
        )));
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, 2, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, 2, u16::from_be_bytes)?,
        [0, 0, 0, _, ..] | [_, 0, 0, 0, ..] => {
            return Err(InputError::NotText(
                "it looks like UTF-32, which is not read; save it as UTF-8".to_owned(),
            ));
        }
        [_, 0, ..] => utf16(bytes, 0, u16::from_le_bytes)?,
        [0, ..] => utf16(bytes, 0, u16::from_be_bytes)?,
        _ => std::str::from_utf8(bytes)
            .map_err(|error| no_utf8(bytes, error))?
            .to_owned(),
    };
    Ok(without_mark(&text).to_owned())
}

/// A text without the byte-order marks before it, which are no part of it.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

fn utf16(bytes: &[u8], begins_at: usize, unit: fn([u8; 2]) -> u16) -> Result<String, InputError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut at = begins_at;
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let c = c.map_err(|half| {
            InputError::NotText(format!(
                "it is UTF-16 with half a character, {:#06x}, at byte {} ({}); save it as UTF-8",
                half.unpaired_surrogate(),
                at + 1,
                place(&text),
            ))
        })?;
        at += c.len_utf16() * 2;
        text.push(c);
    }
    if odd.is_empty() {
        return Ok(text);
    }
    Err(InputError::NotText(format!(
        "it is UTF-16 that ends within a character, at byte {} ({}); save it as UTF-8",
        at + 1,
        place(&text),
    )))
}

fn no_utf8(bytes: &[u8], error: Utf8Error) -> InputError {
    let at = error.valid_up_to();
    let before = String::from_utf8_lossy(&bytes[..at]);
    InputError::NotText(format!(
        "its byte {} ({}), {:#04x}, is not UTF-8; it may be in an older encoding such as \
         Windows-1250, so save it as UTF-8",
        at + 1,
        place(without_mark(&before)),
        bytes.get(at).copied().unwrap_or_default(),
    ))
}

/// Where the character after this text stands.
fn place(before: &str) -> String {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default();
    format!("line {line}, column {}", column.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "{\"imię\":\"Żółć 😀\"}\r\n";

    fn utf16_of(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_is_read_in_whichever_unicode_encoding_it_was_saved() {
        let mark = "\u{feff}";
        for text in [
            TEXT.to_owned(),
            format!("{mark}{TEXT}"),
            format!("{mark}{mark}{TEXT}"),
        ] {
            for bytes in [
                text.clone().into_bytes(),
                utf16_of(&text, u16::to_le_bytes),
                utf16_of(&text, u16::to_be_bytes),
            ] {
                assert_eq!(decode_text(&bytes).unwrap(), TEXT, "{bytes:x?}");
            }
        }
        for short in ["", "1", "{}"] {
            assert_eq!(decode_text(short.as_bytes()).unwrap(), short);
        }
    }

    #[test]
    fn other_encodings_are_told_with_the_place_of_the_first_wrong_byte() {
        let lone = utf16_of("\u{feff}{\n\"a\":\"", u16::to_le_bytes);
        for (bytes, says) in [
            (
                b"{\n\"a\":\"\xaf\xf3\xb3\xe6\"}".to_vec(),
                "byte 8 (line 2, column 6), 0xaf",
            ),
            (
                b"\xef\xbb\xbf{\"a\":\"\xff\"}".to_vec(),
                "byte 10 (line 1, column 7), 0xff",
            ),
            (
                "Ż".as_bytes()[..1].to_vec(),
                "byte 1 (line 1, column 1), 0xc5",
            ),
            (
                [&lone[..], &[0x3d, 0xd8, 0x22, 0]].concat(),
                "0xd83d, at byte 17 (line 2, column 6)",
            ),
            (
                [&lone[..], &[0x3d]].concat(),
                "ends within a character, at byte 17",
            ),
            (b"\xff\xfe\0\0{\0\0\0".to_vec(), "UTF-32"),
            (b"{\0\0\0}\0\0\0".to_vec(), "UTF-32"),
            (b"\0\0\0{\0\0\0}".to_vec(), "UTF-32"),
            (b"+/v8-{}".to_vec(), "UTF-7"),
            (b"\x84\x31\x95\x33{}".to_vec(), "GB 18030"),
        ] {
            let error = decode_text(&bytes).unwrap_err().to_string();
            assert!(error.contains(says), "{bytes:x?}: {error}");
            assert!(error.contains("save it as UTF-8"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_may_never_end_is_refused_and_what_is_too_large_is_not_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"12345").unwrap();
        assert_eq!(read_plain_file(&file, 5).unwrap(), b"12345");
        let large = read_plain_file(&file, 4).unwrap_err().to_string();
        assert_eq!(large, "it is larger than 4 bytes");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for (path, is) in [
            (folder.path(), "a folder"),
            (&pipe, "a pipe"),
            (&link, "a pipe"),
            (&socket, "a pipe"),
            (Path::new("/dev/zero"), "a device"),
            (Path::new("/dev/null"), "a device"),
        ] {
            let error = read_plain_file(path, 10).unwrap_err().to_string();
            assert!(error.contains(is), "{path:?}: {error}");
        }
        let unread = write_file(&pipe, b"x").unwrap_err().to_string();
        assert_eq!(unread, "nobody reads this pipe");
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        while write_file(&pipe, b"read").is_err() {
            std::thread::yield_now();
        }
        assert_eq!(reader.join().unwrap(), b"read");
        assert!(matches!(
            read_bounded(io::repeat(0), 1 << 20),
            Err(InputError::TooLarge(_))
        ));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode_text(&bytes).is_ok();
        }

        #[test]
        fn any_text_in_utf_8_is_itself(text in "[^\\x00\\u{feff}\\x0e+][^\\x00]{0,40}") {
            prop_assert_eq!(decode_text(text.as_bytes()).unwrap(), text);
        }
    }
}
