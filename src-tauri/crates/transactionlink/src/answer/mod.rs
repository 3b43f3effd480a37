//! Reading answers: unknown fields are tolerated, missing ones are named.

mod files;
mod hiding;
mod links;
mod page;
mod reasons;
mod refusal;
mod subjects;
mod text;
mod tokens;
mod workflows;

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::{Timestamp, civil, tz::TimeZone};
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess},
};
use serde_json::{Map, Value, value::RawValue};
use url::Url;

pub use self::{
    files::{Attachment, Resource},
    links::Link,
    subjects::{Case, Record},
    tokens::{Authorized, Issued, Probe},
    workflows::{Run, RunState},
};
pub(crate) use self::{
    files::{attachment, attachments, download_link, resource},
    links::link,
    refusal::{Refusal, refusal},
    subjects::{case, record},
    text::utf8,
    tokens::{AccessFields, access, token},
    workflows::{result, run, run_state},
};
use crate::error::{Error, ErrorKind, ErrorPhase};

const LONGEST_TEXT: usize = 500;
const LONGEST_ID: usize = 2000;

/// How long the parts of a call took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// Authorising; `None` when the access token was cached or none is needed.
    pub authorised: Option<Duration>,
    /// Whether no authorising was needed.
    pub from_cache: bool,
    /// The request itself.
    pub request: Duration,
}

/// An answer that is given on as it came: its numbers and its order are the vendor's.
fn raw(body: &[u8]) -> Result<Box<RawValue>, Error> {
    serde_json::from_slice(body).map_err(|_| malformed("The answer is not JSON."))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    fields(body).ok_or_else(|| malformed("The answer is not a JSON object."))
}

/// Checks that an answer is a JSON object, whatever is in it.
pub(crate) fn object_only(body: &[u8]) -> Result<(), Error> {
    object(body).map(|_| ())
}

/// The fields of a JSON object. One that cannot be read, for it is too deep or no number can hold
/// it, is `null`: nothing else of the answer is lost for it.
fn fields(body: &[u8]) -> Option<Map<String, Value>> {
    let Fields(fields) = serde_json::from_slice(body).ok()?;
    Some(fields)
}

struct Fields(Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> de::Visitor<'de> for Reader {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Map::new();
                while let Some((Name(name), raw)) = map.next_entry::<Name, &RawValue>()? {
                    let value = serde_json::from_str(raw.get());
                    fields.insert(name, value.unwrap_or_default());
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// A field's name; halves of characters in it do no harm.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl de::Visitor<'_> for Reader {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Name, E> {
                Ok(Name(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Reader)
    }
}

/// A text that is handed on and may go into a header or an address: visible ASCII of one line.
fn secret(object: &Map<String, Value>, name: &str) -> Result<SecretString, Error> {
    let text = required(object, name)?.trim();
    if is_visible(text) {
        Ok(SecretString::from(text))
    } else {
        Err(malformed(&format!(
            "The answer's `{name}` has characters that none can have."
        )))
    }
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A text that is given on as it is, such as an id.
fn exact(object: &Map<String, Value>, name: &str) -> Result<String, Error> {
    let text = required(object, name)?;
    if text.len() > LONGEST_ID || text.chars().any(char::is_control) {
        return Err(malformed(&format!(
            "The answer's `{name}` is too long or not of one line."
        )));
    }
    Ok(text.to_owned())
}

fn required<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, Error> {
    match object.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(_) => Err(malformed(&format!("The answer's `{name}` is not a text."))),
        None => Err(malformed(&format!("The answer has no `{name}`."))),
    }
}

fn some_secret(object: &Map<String, Value>, name: &str) -> Option<SecretString> {
    secret(object, name).ok()
}

/// A text that is only shown.
fn short(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(cut)
}

/// A moment, in any form of ISO 8601. One that names no zone is taken as UTC (inferred).
fn moment(object: &Map<String, Value>, name: &str) -> Option<SystemTime> {
    let text = object.get(name)?.as_str()?;
    let at: Timestamp = text.parse().ok().or_else(|| {
        let local: civil::DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(local).ok()
    })?;
    UNIX_EPOCH.checked_add(Duration::try_from(at.as_duration()).ok()?)
}

/// A web address, which may hold a token. Of any other scheme it is none.
fn web_address(object: &Map<String, Value>, name: &str) -> Result<(SecretString, Url), Error> {
    let text = required(object, name)?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => {
            // Line breaks and letters of other alphabets are left out or coded in the address.
            let address = if is_visible(text) { text } else { url.as_str() };
            Ok((SecretString::from(address), url))
        }
        _ => Err(malformed(&format!(
            "The answer's `{name}` is not an address."
        ))),
    }
}

fn malformed(detail: &str) -> Error {
    Error::new(ErrorKind::MalformedAnswer, ErrorPhase::Answer, detail)
}

/// Cuts a text of the vendor's. What turns its direction stays: who shows it spells that out, and
/// who makes a file of it refuses it.
fn cut(text: &str) -> String {
    text.chars()
        .take(LONGEST_TEXT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// The same for a message, which is shown beside words of ours.
fn clean(text: &str) -> String {
    cut(text)
        .chars()
        .map(|c| if turns(c) { ' ' } else { c })
        .collect()
}

/// An id or a code, to be read and copied: without what cannot be seen.
fn clean_id(text: &str) -> String {
    let unseen = |c: &char| {
        !c.is_control()
            && !turns(*c)
            && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
    };
    text.chars().filter(unseen).take(LONGEST_TEXT).collect()
}

/// What turns the direction of the text after it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_cannot_be_read_costs_no_other() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let long = "9".repeat(500_000);
        for odd in [&deep, &long, "1e999999", r#""\ud800""#, r#"{"\udfff":1}"#] {
            let body = format!(r#"{{"odd":{odd},"token":"t","\ud800":1}}"#);
            assert!(token(body.as_bytes()).is_ok(), "{}", &odd[..5]);
        }
    }

    #[test]
    fn a_secret_is_visible_ascii_of_one_line() {
        let read = |text: &str| token(json!({ "token": text }).to_string().as_bytes()).is_ok();
        assert!(read("ey.J-_~"));
        assert!(read(" ey \r\n"), "what stands around a token is none of it");
        for odd in [
            "",
            " ",
            "a b",
            "a\r\nb",
            "\u{1b}]0;x\u{7}",
            "a\u{202e}b",
            "a\0",
            "żółw",
        ] {
            assert!(!read(odd), "{odd:?}");
        }
    }

    #[test]
    fn moments_are_read_in_every_documented_form() {
        let at = |text: &str| {
            let Value::Object(object) = json!({ "at": text }) else {
                unreachable!()
            };
            moment(&object, "at").map(|at| at.duration_since(UNIX_EPOCH).unwrap())
        };
        let micros = at("2025-09-01T15:42:12.820469Z").unwrap();
        assert_eq!(micros, Duration::from_micros(1_756_741_332_820_469));
        assert_eq!(at("2025-09-01T17:42:12.820469+02:00"), Some(micros));
        assert_eq!(at("2025-09-01T15:42:12.820469"), Some(micros));
        assert!(at("2026-11-24T16:00:00.000Z").is_some());
        for odd in ["", "soon", "1756741332", "1600-01-01T00:00:00Z"] {
            assert_eq!(at(odd), None, "{odd}");
        }
    }

    /// Everything a server can say, in the names the readers look for.
    fn answers() -> impl Strategy<Value = Vec<u8>> {
        const NAMES: &str = "id|caseId|recordId|status|token|link|expiresAt|createdDate|version\
            |name|type|size|tags|resourceId|resourceName|resourcePath|errors|fingerprint";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            "\\PC*|https://a\\.io/\\?token=.|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{0,9}Z?"
                .prop_map(Value::from),
        ];
        let value = leaf.prop_recursive(3, 24, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(NAMES, inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        });
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            value.prop_map(|value| value.to_string().into_bytes()),
        ]
    }

    proptest! {
        #[test]
        fn no_answer_makes_a_reader_fail(bytes in answers()) {
            let _ = token(&bytes).is_ok();
            let _ = access(&bytes).is_ok();
            let _ = refusal(&bytes, None, &[]);
            let _ = run(&bytes).is_ok();
            let _ = run_state(&bytes).is_ok();
            let _ = result(&bytes).is_ok();
            let _ = link(&bytes).is_ok();
            let _ = case(&bytes).is_ok();
            let _ = record(&bytes).is_ok();
            let _ = resource(&bytes).is_ok();
            let _ = attachment(&bytes).is_ok();
            let _ = attachments(&bytes).is_ok();
            let _ = download_link(&bytes).is_ok();
        }
    }
}
