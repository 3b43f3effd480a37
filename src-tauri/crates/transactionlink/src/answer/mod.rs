//! Reading answers: unknown fields are tolerated, missing ones are named.

mod files;
mod links;
mod subjects;
mod tokens;
mod workflows;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, civil, tz::TimeZone};
use secrecy::{ExposeSecret, SecretString};
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
    subjects::{case, record},
    tokens::{AccessFields, access, token},
    workflows::{result, run, run_state},
};
use crate::error::{Error, ErrorKind, ErrorPhase, Problem};

const LONGEST_TEXT: usize = 500;
const LONGEST_ID: usize = 2000;
const MOST_PROBLEMS: usize = 20;

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

/// The documented error body; whatever is not one says nothing. Secrets that it repeats are hidden.
pub(crate) fn problems(body: &[u8], secrets: &[SecretString]) -> (Option<String>, Vec<Problem>) {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
        return (None, Vec::new());
    };
    let text = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str)?;
        Some(clean(&hidden(text, secrets)))
    };
    let errors = object.get("errors").and_then(Value::as_array);
    let problems = errors
        .into_iter()
        .flatten()
        .take(MOST_PROBLEMS)
        .map(|error| Problem {
            code: text(error.get("code")).unwrap_or_default(),
            message: text(error.get("message")).unwrap_or_default(),
        })
        .collect();
    (text(object.get("fingerprint")), problems)
}

fn hidden(text: &str, secrets: &[SecretString]) -> String {
    let known = secrets.iter().map(ExposeSecret::expose_secret);
    known
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| {
            text.replace(secret, "(hidden)")
        })
}

/// An answer that is given on as it came: its numbers and its order are the vendor's.
fn raw(body: &[u8]) -> Result<Box<RawValue>, Error> {
    serde_json::from_slice(body).map_err(|_| malformed("The answer is not JSON."))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(malformed("The answer is not a JSON object.")),
    }
}

fn secret(object: &Map<String, Value>, name: &str) -> Result<SecretString, Error> {
    required(object, name).map(SecretString::from)
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
    object.get(name).and_then(Value::as_str).map(clean)
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
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok((SecretString::from(text), url)),
        _ => Err(malformed(&format!(
            "The answer's `{name}` is not an address."
        ))),
    }
}

fn malformed(detail: &str) -> Error {
    Error::new(ErrorKind::MalformedAnswer, ErrorPhase::Answer, detail)
}

/// Cuts a text of the vendor's and takes out what a terminal or a log would obey.
fn clean(text: &str) -> String {
    text.chars()
        .take(LONGEST_TEXT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_documented_error_body_is_read() {
        let body = br#"{"fingerprint":"f","errors":[{"code":"c","message":"m\u001b[1m"}]}"#;
        let (fingerprint, problems) = problems(body, &[]);
        assert_eq!(fingerprint.as_deref(), Some("f"));
        assert_eq!(problems[0].message, "m [1m");
    }

    #[test]
    fn a_secret_that_the_server_repeats_is_hidden() {
        let body = br#"{"fingerprint":"f","errors":[{"code":"c","message":"no key s3cret here"}]}"#;
        let (_, problems) = problems(body, &["s3cret".into()]);
        assert_eq!(problems[0].message, "no key (hidden) here");
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
            let _ = problems(&bytes, &[]);
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
