//! What a failure means, and what the headers of an answer say.

use std::time::{Duration, SystemTime};

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

use crate::error::{Error, ErrorKind, ErrorPhase};

const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// What a status other than 2xx means.
pub(super) fn meaning(status: StatusCode, phase: ErrorPhase) -> ErrorKind {
    match status.as_u16() {
        400 | 401 if phase == ErrorPhase::Authorize => ErrorKind::WrongCredentials,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::InvalidRequest,
        503 => ErrorKind::Unavailable,
        500..=599 => ErrorKind::ServerError,
        _ => ErrorKind::UnexpectedStatus,
    }
}

/// What a failure without an answer means. The address is left out of its words.
pub(super) fn failure(error: reqwest::Error, phase: ErrorPhase) -> Error {
    let error = error.without_url();
    let words = chain(&error);
    if error.is_connect() {
        let lower = words.to_lowercase();
        let tls = [
            "certificate",
            "tls",
            "handshake",
            "invalid peer",
            "corrupt message",
        ];
        let kind = if tls.iter().any(|word| lower.contains(word)) {
            ErrorKind::Tls
        } else if error.is_timeout() {
            ErrorKind::TimedOut
        } else {
            ErrorKind::ConnectFailed
        };
        return Error::new(kind, ErrorPhase::Connect, words);
    }
    let kind = if error.is_timeout() {
        ErrorKind::TimedOut
    } else if error.is_builder() {
        ErrorKind::InsecureHost
    } else {
        ErrorKind::ConnectionLost
    };
    Error::new(kind, phase, words)
}

/// An error with its causes, in a line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        words.push_str(": ");
        words.push_str(&next.to_string());
        cause = next.source();
    }
    words
}

/// A redirect, which is never followed.
pub(super) fn redirected(status: StatusCode, server_time: Option<SystemTime>) -> Error {
    Error {
        http_status: Some(status.as_u16()),
        server_time,
        ..Error::new(
            ErrorKind::RedirectRefused,
            ErrorPhase::Answer,
            "The host answered with a redirect.",
        )
    }
}

/// An answer that is larger than this many bytes.
pub(super) fn too_large(bytes: u64) -> Error {
    Error::new(
        ErrorKind::AnswerTooLarge,
        ErrorPhase::Answer,
        format!("The answer is larger than {bytes} bytes."),
    )
}

/// The server's time.
pub(super) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// `Retry-After` in seconds or as a date, up to an hour.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(value)
            .ok()?
            .duration_since(now)
            .unwrap_or_default(),
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_bounded() {
        let now = SystemTime::UNIX_EPOCH;
        let wait = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(wait("8"), Some(Duration::from_secs(8)));
        assert_eq!(
            wait("Thu, 01 Jan 1970 00:00:09 GMT"),
            Some(Duration::from_secs(9))
        );
        assert_eq!(wait("999999"), Some(LONGEST_WAIT));
        assert_eq!(wait("soon"), None);
    }
}
