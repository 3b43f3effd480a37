//! Reading answers: unknown fields are tolerated, missing ones are named.

use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, ErrorPhase, Problem};

const LONGEST_TEXT: usize = 500;
const MOST_PROBLEMS: usize = 20;

/// A token, and what is known of how it came.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The widget token.
    pub token: SecretString,
    /// `expiryDuration` (documented, seconds); `None` where it is missing or cannot be right.
    pub expiry_duration: Option<Duration>,
    /// `tokenType` (documented, `Bearer`).
    pub token_type: Option<String>,
    /// How long it took.
    pub timings: Timings,
    /// The HTTP status.
    pub http_status: u16,
    /// The server's time, from its `Date` header.
    pub server_time: Option<SystemTime>,
    /// When the answer was whole.
    pub received_at: SystemTime,
}

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

/// A fresh access token was given.
#[derive(Debug, Clone, Copy)]
pub struct Authorized {
    /// How long it took.
    pub elapsed: Duration,
    /// The HTTP status.
    pub http_status: u16,
    /// The server's time.
    pub server_time: Option<SystemTime>,
    /// How long the access token lives.
    pub expires_in: Duration,
}

/// What reading a workflow that cannot exist says about a token.
#[derive(Debug, Clone, Copy)]
pub enum Probe {
    /// The answer was not 401.
    Accepted {
        /// How long it took.
        elapsed: Duration,
        /// The server's time.
        server_time: Option<SystemTime>,
        /// The HTTP status.
        http_status: u16,
    },
    /// The answer was 401.
    Refused {
        /// How long it took.
        elapsed: Duration,
        /// The server's time.
        server_time: Option<SystemTime>,
        /// The HTTP status.
        http_status: u16,
    },
}

/// The fields of a token answer.
pub(crate) struct TokenFields {
    pub(crate) token: SecretString,
    pub(crate) expiry_duration: Option<Duration>,
    pub(crate) token_type: Option<String>,
}

/// The fields of an authorize or refresh answer (seen).
pub(crate) struct AccessFields {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) expires_in: Option<Duration>,
}

pub(crate) fn token(body: &[u8]) -> Result<TokenFields, Error> {
    let object = object(body)?;
    Ok(TokenFields {
        token: required(&object, "token")?,
        expiry_duration: seconds(&object),
        token_type: object.get("tokenType").and_then(Value::as_str).map(clean),
    })
}

pub(crate) fn access(body: &[u8]) -> Result<AccessFields, Error> {
    let object = object(body)?;
    let refresh = object.get("refreshToken").and_then(Value::as_str);
    Ok(AccessFields {
        access_token: required(&object, "accessToken")?,
        refresh_token: refresh.filter(|t| !t.is_empty()).map(SecretString::from),
        expires_in: seconds(&object),
    })
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

fn object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(malformed("The answer is not a JSON object.")),
    }
}

fn required(object: &Map<String, Value>, name: &str) -> Result<SecretString, Error> {
    match object.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(SecretString::from(text.as_str())),
        Some(_) => Err(malformed(&format!("The answer's `{name}` is not a text."))),
        None => Err(malformed(&format!("The answer has no `{name}`."))),
    }
}

fn seconds(object: &Map<String, Value>) -> Option<Duration> {
    let seconds = object.get("expiryDuration")?.as_u64()?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
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

    use super::*;

    #[test]
    fn a_missing_field_is_named() {
        let error = token(br#"{"expiryDuration":3600}"#)
            .map(|_| ())
            .unwrap_err();
        assert!(error.detail.contains("`token`"), "{error}");
        let error = access(br#"{"accessToken":7}"#).map(|_| ()).unwrap_err();
        assert!(error.detail.contains("`accessToken`"), "{error}");
    }

    #[test]
    fn unknown_fields_and_odd_durations_do_no_harm() {
        let fields = token(br#"{"token":"t","expiryDuration":"x","new":[1]}"#).unwrap();
        assert_eq!(fields.expiry_duration, None);
        assert_eq!(
            token(br#"{"token":"t","expiryDuration":-1}"#)
                .unwrap()
                .expiry_duration,
            None
        );
    }

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

    proptest! {
        #[test]
        fn no_answer_makes_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = token(&bytes).is_ok();
            let _ = access(&bytes).is_ok();
            let _ = problems(&bytes, &[]);
        }
    }
}
