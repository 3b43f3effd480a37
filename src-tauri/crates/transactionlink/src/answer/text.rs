//! The text of an answer, whatever its bytes say it in.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page its own word on its charset is looked for.
const HEAD: usize = 1024;

/// A body as UTF-8 without a byte-order mark (RFC 8259, 8.1, lets a reader skip it). JSON is UTF-8
/// whatever its headers say, unless it is none.
pub(crate) fn utf8(body: Vec<u8>, content_type: Option<&str>) -> Vec<u8> {
    let text = match encoding(&body, content_type) {
        None => body,
        Some((encoding, mark)) => {
            let (text, _) = encoding.decode_without_bom_handling(&body[mark..]);
            text.into_owned().into_bytes()
        }
    };
    let mut rest = text.as_slice();
    while let Some(next) = rest
        .strip_prefix(b"\xef\xbb\xbf")
        .or_else(|| rest.strip_prefix(b"\0"))
        .or_else(|| rest.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf"))
    {
        rest = next;
    }
    if rest.len() == text.len() {
        text
    } else {
        rest.to_vec()
    }
}

/// What to decode a body with, and the length of its mark; `None` where it is UTF-8 already.
fn encoding(body: &[u8], content_type: Option<&str>) -> Option<(&'static Encoding, usize)> {
    if let Some(marked) = Encoding::for_bom(body).filter(|(encoding, _)| *encoding != UTF_8) {
        return Some(marked);
    }
    // Texts begin with a character of ASCII, at least those that matter.
    match body {
        [0, 1..=255, 0, 1..=255, ..] => return Some((UTF_16BE, 0)),
        [1..=255, 0, 1..=255, 0, ..] => return Some((UTF_16LE, 0)),
        _ => {}
    }
    if std::str::from_utf8(body).is_ok() {
        return None;
    }
    let named = content_type
        .and_then(|text| charset(text.as_bytes()))
        .or_else(|| charset(&body[..body.len().min(HEAD)]));
    Some((named.unwrap_or(UTF_8), 0))
}

/// The encoding named after `charset=`.
fn charset(text: &[u8]) -> Option<&'static Encoding> {
    const NAME: &[u8] = b"charset=";
    let found = text
        .windows(NAME.len())
        .position(|part| part.eq_ignore_ascii_case(NAME))?;
    let label = text[found + NAME.len()..].trim_ascii_start();
    let label = label
        .strip_prefix(b"\"")
        .or_else(|| label.strip_prefix(b"'"))
        .unwrap_or(label);
    let end = label
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte))
        .unwrap_or(label.len());
    Encoding::for_label(&label[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8], content_type: &str) -> String {
        String::from_utf8(utf8(body.to_vec(), Some(content_type))).unwrap()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn a_mark_before_the_text_is_skipped() {
        let marked: [&[u8]; 4] = [
            b"\xef\xbb\xbf{}",
            b"\xef\xbb\xbf\xef\xbb\xbf{}",
            b"\r\n\xef\xbb\xbf{}",
            b"\0{}",
        ];
        for body in marked {
            assert_eq!(read(body, "application/json"), "{}");
        }
        assert_eq!(read(b"\xef\xbb\xbf", ""), "");
        assert_eq!(read(b"", ""), "");
    }

    #[test]
    fn utf_16_is_known_with_and_without_its_mark() {
        for big in [true, false] {
            for text in ["{\"a\":\"ż\"}", "\u{feff}{\"a\":\"ż\"}"] {
                assert_eq!(read(&utf16(text, big), "application/json"), "{\"a\":\"ż\"}");
            }
        }
    }

    #[test]
    fn a_text_that_is_no_utf_8_is_read_in_the_charset_it_names() {
        assert_eq!(
            read(b"\xbf\xf3\xb3w", "text/plain; charset=iso-8859-2"),
            "żółw"
        );
        assert_eq!(read(b"\xbf", "text/plain; Charset=\"windows-1250\""), "ż");
        assert_eq!(
            read(b"<meta charset='windows-1250'>\xbf", "text/html"),
            "<meta charset='windows-1250'>ż"
        );
        assert_eq!(read(b"a\xffb", "text/plain"), "a\u{fffd}b");
        // What is UTF-8 is not read as what a server's default says.
        assert_eq!(read("ż".as_bytes(), "text/plain;charset=ISO-8859-1"), "ż");
    }
}
