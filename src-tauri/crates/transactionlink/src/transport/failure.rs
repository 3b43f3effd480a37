//! What a failure means, and what the headers of an answer say.

use std::{
    io,
    time::{Duration, SystemTime},
};

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, LOCATION, RETRY_AFTER},
};
use url::Url;

use crate::{
    error::{AnswerForm, Error, ErrorKind, ErrorPhase},
    host::Host,
};

const LONGEST_MARK: usize = 120;
/// Headers by which whoever runs a gateway finds its answer again.
const MARKS: [(&str, &str); 8] = [
    ("server", "Server"),
    ("cf-ray", "Ray ID"),
    ("x-amz-cf-id", "CloudFront id"),
    ("x-amzn-requestid", "request id"),
    ("x-azure-ref", "Azure reference"),
    ("x-request-id", "request id"),
    ("x-correlation-id", "correlation id"),
    ("via", "Via"),
];

const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// What a status other than 2xx means. A refusal that has not the documented form is not known to
/// be the API's: a firewall, a proxy or a wrong host answers so as well.
pub(super) fn meaning(status: StatusCode, form: AnswerForm, phase: ErrorPhase) -> ErrorKind {
    let (documented, page) = (form == AnswerForm::Documented, form == AnswerForm::Page);
    match status.as_u16() {
        400 | 401 if phase == ErrorPhase::Authorize && !page => ErrorKind::WrongCredentials,
        401 if !page => ErrorKind::Unauthorized,
        408 => ErrorKind::TimedOut,
        429 => ErrorKind::RateLimited,
        503 => ErrorKind::Unavailable,
        500..=599 => ErrorKind::ServerError,
        400..=499 if !documented => ErrorKind::NotTheApi,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        400..=499 => ErrorKind::InvalidRequest,
        _ => ErrorKind::UnexpectedStatus,
    }
}

/// What a failure without an answer means. The address is left out of its words.
pub(super) fn failure(error: reqwest::Error, phase: ErrorPhase) -> Error {
    let error = error.without_url();
    let words = chain(&error);
    // What the library was about is known.
    let words = words
        .trim_start_matches("error sending request: ")
        .trim_start_matches("client error (Connect): ")
        .to_owned();
    if error.is_connect() {
        let kind = if is_tls(&error) {
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

/// Whether both ends did not come to terms on TLS. The library wraps all it has to say on that in
/// this kind; where the other side hangs up instead, it names the handshake.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(one) = cause {
        let io = one.downcast_ref::<io::Error>();
        let refused = io.is_some_and(|io| io.kind() == io::ErrorKind::InvalidData);
        if refused || one.to_string().contains("tls handshake") {
            return true;
        }
        // An error of the system that wraps another one does not name it as its source.
        let wrapped = io.and_then(io::Error::get_ref);
        cause = wrapped.map(|inner| inner as _).or_else(|| one.source());
    }
    false
}

/// An error with its causes, in a line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !words.ends_with(&more) {
            words.push_str(": ");
            words.push_str(&more);
        }
        cause = next.source();
    }
    words
}

/// A redirect, which is never followed. Of where it leads only the host is told.
pub(super) fn redirected(status: StatusCode, headers: &HeaderMap, host: &Host) -> Error {
    let number = status.as_u16();
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let base = Url::parse(host.as_str());
    let target = location.and_then(|location| base.ok()?.join(location).ok());
    let detail = match target.map(|target| target.origin().ascii_serialization()) {
        Some(origin) if origin == host.as_str() => {
            format!("HTTP {number} leads to another place of the same host.")
        }
        Some(origin) if origin != "null" => format!("HTTP {number} leads to {origin}."),
        _ => format!("HTTP {number} leads nowhere."),
    };
    Error {
        http_status: Some(number),
        server_time: date(headers),
        ..Error::new(ErrorKind::RedirectRefused, ErrorPhase::Answer, detail)
    }
}

/// What an answer's headers say on who gave it.
pub(super) fn marks(headers: &HeaderMap) -> Vec<String> {
    let mark = |(header, name): &(&str, &str)| {
        let value = headers.get(*header)?.to_str().ok()?.trim();
        let value: String = value.chars().take(LONGEST_MARK).collect();
        (!value.is_empty()).then(|| format!("{name} {value}"))
    };
    MARKS.iter().filter_map(mark).collect()
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

/// `Retry-After` in seconds or as a date, up to an hour. It means something only where the same
/// request may be accepted later.
pub(super) fn retry_after(
    status: StatusCode,
    headers: &HeaderMap,
    now: SystemTime,
) -> Option<Duration> {
    if !matches!(status.as_u16(), 413 | 425 | 429 | 500..=599) {
        return None;
    }
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
            retry_after(StatusCode::TOO_MANY_REQUESTS, &headers, now)
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
