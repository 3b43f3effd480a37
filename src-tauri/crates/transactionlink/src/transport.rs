//! One request and its answer, within bounds.

use std::time::{Duration, Instant, SystemTime};

use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    answer,
    error::{Error, ErrorKind, ErrorPhase},
    host::Host,
};

const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// The bounds of every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer is whole.
    pub request: Duration,
    /// The largest answer in bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            body_bytes: 1024 * 1024,
        }
    }
}

/// The connections to one host.
pub(crate) struct Transport {
    http: reqwest::Client,
    host: Host,
    limits: Limits,
}

/// A whole answer of any status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) server_time: Option<SystemTime>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
    pub(crate) elapsed: Duration,
    secrets: Vec<SecretString>,
}

/// What goes out.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) accept: &'a str,
    pub(crate) authorization: Option<SecretString>,
    pub(crate) body: Option<String>,
    /// What must not come back in an error, even if the server repeats it.
    pub(crate) secrets: Vec<SecretString>,
}

impl Transport {
    pub(crate) fn new(host: Host, limits: Limits) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(limits.connect)
            .timeout(limits.request)
            .redirect(Policy::none())
            .user_agent(concat!("TokenDesk/", env!("CARGO_PKG_VERSION")));
        if host.is_loopback() {
            builder = builder.no_proxy();
        } else {
            builder = builder.https_only(true);
        }
        let http = builder.build().map_err(|error| {
            Error::new(
                ErrorKind::Tls,
                ErrorPhase::Connect,
                chain(&error.without_url()),
            )
        })?;
        Ok(Self { http, host, limits })
    }

    /// Sends once; where connecting itself failed, once more, for nothing had left.
    pub(crate) async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Answer, Error> {
        match self.send_once(outgoing).await {
            Err(error) if error.kind == ErrorKind::ConnectFailed => self.send_once(outgoing).await,
            other => other,
        }
    }

    async fn send_once(&self, outgoing: &Outgoing<'_>) -> Result<Answer, Error> {
        let begun = Instant::now();
        let request = self.request(outgoing)?;
        let response = request
            .send()
            .await
            .map_err(|error| failure(error, ErrorPhase::Request))?;
        let status = response.status();
        let headers = response.headers();
        let server_time = date(headers);
        let retry_after = retry_after(headers, SystemTime::now());
        if status.is_redirection() {
            return Err(Error {
                http_status: Some(status.as_u16()),
                server_time,
                ..Error::new(
                    ErrorKind::RedirectRefused,
                    ErrorPhase::Answer,
                    "The host answered with a redirect.",
                )
            });
        }
        let body = match self.whole(response).await {
            Ok(body) => body,
            // A refusal is one whatever its body is.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => {
                return Err(Error {
                    http_status: Some(status.as_u16()),
                    server_time,
                    ..error
                });
            }
        };
        Ok(Answer {
            status,
            server_time,
            retry_after,
            body,
            elapsed: begun.elapsed(),
            secrets: outgoing.secrets.clone(),
        })
    }

    fn request(&self, outgoing: &Outgoing<'_>) -> Result<RequestBuilder, Error> {
        let address = self.host.join(outgoing.path);
        let mut request = self
            .http
            .request(outgoing.method.clone(), address)
            .header(ACCEPT, outgoing.accept);
        if let Some(authorization) = &outgoing.authorization {
            let mut value = HeaderValue::from_str(authorization.expose_secret()).map_err(|_| {
                Error::new(
                    ErrorKind::WrongCredentials,
                    ErrorPhase::Authorize,
                    "The credential has characters that cannot be sent.",
                )
            })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(body) = &outgoing.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        Ok(request)
    }

    async fn whole(&self, mut response: Response) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| failure(error, ErrorPhase::Answer))?
        {
            if body.len() + chunk.len() > self.limits.body_bytes {
                return Err(Error::new(
                    ErrorKind::AnswerTooLarge,
                    ErrorPhase::Answer,
                    format!(
                        "The answer is larger than {} bytes.",
                        self.limits.body_bytes
                    ),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Answer {
    /// The answer as an error, for any status but 2xx.
    pub(crate) fn refusal(&self, phase: ErrorPhase) -> Error {
        let (fingerprint, problems) = answer::problems(&self.body, &self.secrets);
        Error {
            http_status: Some(self.status.as_u16()),
            fingerprint,
            problems,
            retry_after: self.retry_after,
            server_time: self.server_time,
            ..Error::new(
                meaning(self.status, phase),
                phase,
                format!("HTTP {}.", self.status.as_u16()),
            )
        }
    }
}

fn meaning(status: StatusCode, phase: ErrorPhase) -> ErrorKind {
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
fn failure(error: reqwest::Error, phase: ErrorPhase) -> Error {
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
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        words.push_str(": ");
        words.push_str(&next.to_string());
        cause = next.source();
    }
    words
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// `Retry-After` in seconds or as a date, up to an hour.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
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
