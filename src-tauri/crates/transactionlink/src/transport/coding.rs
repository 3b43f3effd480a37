//! Content codings, which a gateway may apply although none is asked for (RFC 9110, 12.5.3).

use std::io::{self, BufReader, Cursor, Read};

use brotli_decompressor::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use ruzstd::decoding::StreamingDecoder;
use serde::de::IgnoredAny;

/// The coding that is asked for: none.
pub(super) const NO_CODING: &str = "identity";

const PIECE: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// How a body is coded, as its headers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Codings {
    /// In the order in which they were applied.
    known: Vec<Coding>,
    /// Names that stand for no coding we can undo; some servers put a charset there.
    unknown: Vec<String>,
}

/// Why a body was not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecoded {
    /// It is larger than the bound when decoded.
    TooLarge,
}

impl Codings {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut codings = Self::default();
        let names = headers.get_all(CONTENT_ENCODING).iter();
        for name in names.filter_map(|value| value.to_str().ok()) {
            for name in name.split(',').map(|name| name.trim().to_ascii_lowercase()) {
                match name.as_str() {
                    "gzip" | "x-gzip" => codings.known.push(Coding::Gzip),
                    "deflate" => codings.known.push(Coding::Deflate),
                    "br" => codings.known.push(Coding::Brotli),
                    "zstd" => codings.known.push(Coding::Zstd),
                    "" | "identity" => {}
                    _ => codings.unknown.push(name.chars().take(40).collect()),
                }
            }
        }
        codings
    }

    pub(super) fn is_none(&self) -> bool {
        self.known.is_empty()
    }

    /// The names of the codings that cannot be undone.
    pub(super) fn unknown(&self) -> Option<String> {
        (!self.unknown.is_empty()).then(|| self.unknown.join(", "))
    }

    /// Undoes the codings while reading.
    pub(super) fn reader(&self, body: Vec<u8>) -> Box<dyn Read + Send> {
        let raw: Box<dyn Read + Send> = Box::new(Cursor::new(body));
        self.known.iter().rev().fold(raw, undone)
    }
}

/// The text of a body, up to `largest` bytes of it. A body that is not coded as its headers say is
/// taken as it came, and of one that breaks off what came before.
pub(super) fn decoded(
    body: Vec<u8>,
    codings: &Codings,
    largest: usize,
) -> Result<Vec<u8>, Undecoded> {
    let named = if codings.is_none() {
        // Neither begins a JSON text, nor any other.
        match body.as_slice() {
            [0x1f, 0x8b, ..] => Coding::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Coding::Zstd,
            _ => return Ok(body),
        }
        .into()
    } else if serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
        return Ok(body);
    } else {
        codings.clone()
    };
    let mut reader = named.reader(body.clone());
    let (mut text, mut piece) = (Vec::new(), vec![0; PIECE]);
    loop {
        match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(read) if text.len() + read > largest => return Err(Undecoded::TooLarge),
            Ok(read) => text.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if text.is_empty() => return Ok(body),
            Err(_) => break,
        }
    }
    Ok(text)
}

impl From<Coding> for Codings {
    fn from(coding: Coding) -> Self {
        Self {
            known: vec![coding],
            unknown: Vec::new(),
        }
    }
}

fn undone(mut coded: Box<dyn Read + Send>, coding: &Coding) -> Box<dyn Read + Send> {
    let mut head = Vec::new();
    let begun = coded.by_ref().take(2).read_to_end(&mut head);
    if let Err(error) = begun {
        return Box::new(Failed(Some(error)));
    }
    let (first, second) = (
        head.first().copied().unwrap_or_default(),
        head.get(1).copied().unwrap_or_default(),
    );
    let whole = Cursor::new(head).chain(coded);
    match coding {
        Coding::Gzip => Box::new(MultiGzDecoder::new(whole)),
        // Both are sent by this name: zlib's form, which is the right one, and the bare stream.
        Coding::Deflate if is_zlib(first, second) => Box::new(ZlibDecoder::new(whole)),
        Coding::Deflate => Box::new(DeflateDecoder::new(whole)),
        // A window of up to a gigabyte is no coding of the web.
        Coding::Brotli if first & 0x7f == 0x11 => Box::new(Failed(None)),
        Coding::Brotli => Box::new(Decompressor::new(whole, PIECE)),
        Coding::Zstd => Box::new(Zstd::Unread(Some(Box::new(whole)))),
    }
}

fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// A body that cannot be read.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let error = self.0.take();
        Err(error.unwrap_or_else(|| io::ErrorKind::InvalidData.into()))
    }
}

/// Its decoder reads the head of the stream when it is made.
enum Zstd {
    Unread(Option<Box<dyn Read + Send>>),
    Read(Box<dyn Read + Send>),
}

impl Read for Zstd {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if let Self::Unread(coded) = self {
            let coded = coded.take().ok_or(io::ErrorKind::InvalidData)?;
            let decoder = StreamingDecoder::new(BufReader::new(coded))
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
            *self = Self::Read(Box::new(decoder));
        }
        match self {
            Self::Read(decoder) => decoder.read(to),
            Self::Unread(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    const TEXT: &[u8] = br#"{"token":"t"}"#;

    fn codings(names: &[&str]) -> Codings {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(name).unwrap());
        }
        Codings::of(&headers)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut coder = GzEncoder::new(Vec::new(), Compression::default());
        coder.write_all(text).unwrap();
        coder.finish().unwrap()
    }

    fn undo(body: &[u8], names: &[&str]) -> Vec<u8> {
        decoded(body.to_vec(), &codings(names), 1000).unwrap()
    }

    #[test]
    fn every_coding_of_the_web_is_undone() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(TEXT).unwrap();
        // `printf '{"token":"t"}' | brotli -c`, and the same with zstd.
        let brotli = [&[0x0b, 0x06, 0x80][..], TEXT, &[0x03]].concat();
        let zstd = [
            &[0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x0d, 0x69, 0x00, 0x00][..],
            TEXT,
        ]
        .concat();
        for (body, names) in [
            (gzip(TEXT), &["gzip"][..]),
            (gzip(TEXT), &["GZIP"]),
            (gzip(TEXT), &["x-gzip"]),
            (gzip(TEXT), &[]),
            (gzip(&gzip(TEXT)), &["gzip, gzip"]),
            (gzip(&brotli), &["br", "gzip"]),
            (zlib.finish().unwrap(), &["deflate"]),
            (bare.finish().unwrap(), &["deflate"]),
            (brotli, &["br"]),
            (zstd.clone(), &["zstd"]),
            (zstd, &["identity"]),
            ([gzip(b"{\"token\""), gzip(b":\"t\"}")].concat(), &["gzip"]),
        ] {
            assert_eq!(undo(&body, names), TEXT, "{names:?}");
        }
    }

    #[test]
    fn a_body_that_is_not_coded_as_it_says_is_taken_as_it_came() {
        for names in ["gzip", "br", "deflate", "zstd", "utf-8", "compress"] {
            assert_eq!(undo(TEXT, &[names]), TEXT, "{names}");
        }
        let cut = gzip(TEXT);
        assert_eq!(undo(&cut[..cut.len() - 6], &["gzip"]), TEXT);
        assert_eq!(codings(&["utf-8"]).unknown().as_deref(), Some("utf-8"));
    }

    #[test]
    fn what_swells_is_stopped_at_the_bound() {
        let bomb = gzip(&vec![b' '; 1_000_000]);
        assert!(bomb.len() < 2000);
        for largest in [1000, 999_999] {
            let swollen = decoded(bomb.clone(), &codings(&["gzip"]), largest);
            assert_eq!(swollen, Err(Undecoded::TooLarge));
        }
        let twice = decoded(gzip(&bomb), &codings(&["gzip, gzip"]), 4096);
        assert_eq!(twice, Err(Undecoded::TooLarge));
    }

    proptest! {
        #[test]
        fn no_body_makes_a_decoder_fail(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            name in "gzip|deflate|br|zstd|br, gzip|deflate, zstd",
        ) {
            let _ = decoded(bytes, &codings(&[&name]), 5000);
        }
    }
}
