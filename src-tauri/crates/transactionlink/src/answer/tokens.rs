//! Answers about tokens and credentials.

use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{Timings, object, secret, short, some_secret};
use crate::error::Error;

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
        token: secret(&object, "token")?,
        expiry_duration: seconds(&object),
        token_type: short(&object, "tokenType"),
    })
}

pub(crate) fn access(body: &[u8]) -> Result<AccessFields, Error> {
    let object = object(body)?;
    Ok(AccessFields {
        access_token: secret(&object, "accessToken")?,
        refresh_token: some_secret(&object, "refreshToken"),
        expires_in: seconds(&object),
    })
}

/// `expiryDuration` in seconds: documented as a whole number, and read with a fraction or as a text
/// too. What is none above zero, or beyond all durations, is not said.
fn seconds(object: &Map<String, Value>) -> Option<Duration> {
    let seconds: f64 = match object.get("expiryDuration")? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => serde_json::from_str(text.trim()).ok()?,
        _ => return None,
    };
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    (!duration.is_zero()).then_some(duration)
}

#[cfg(test)]
mod tests {
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
    fn a_duration_is_read_in_every_way_it_is_written() {
        for (written, seconds) in [
            ("600", Some(600.0)),
            ("600.0", Some(600.0)),
            ("6e2", Some(600.0)),
            ("0.5", Some(0.5)),
            ("\"600\"", Some(600.0)),
            ("\" 600.0 \"", Some(600.0)),
            ("0", None),
            ("-1", None),
            ("\"-1\"", None),
            ("1e300", None),
            ("\"1e400\"", None),
            ("\"inf\"", None),
            ("\"NaN\"", None),
            ("\"\"", None),
            ("\"x\"", None),
            ("\"10 min\"", None),
            ("[600]", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"token":"t","expiryDuration":{written},"new":[1]}}"#);
            let read = token(body.as_bytes()).unwrap().expiry_duration;
            assert_eq!(read, seconds.map(Duration::from_secs_f64), "{written}");
        }
        let longest = format!(r#"{{"token":"t","expiryDuration":{}}}"#, u64::MAX);
        assert!(token(longest.as_bytes()).is_ok());
    }
}
