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

fn seconds(object: &Map<String, Value>) -> Option<Duration> {
    let seconds = object.get("expiryDuration")?.as_u64()?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
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
}
