//! One request and its answer, within bounds.

mod download;
mod failure;

use std::time::{Duration, Instant, SystemTime};

use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    multipart::{Form, Part},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};

use self::failure::{chain, date, failure, meaning, redirected, retry_after, too_large};
use crate::{
    answer,
    error::{Error, ErrorKind, ErrorPhase},
    host::Host,
    request::Upload,
};

/// The bounds of every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer is whole; of a download, until the next piece of it.
    pub request: Duration,
    /// As `request`, for calls that carry a file.
    pub transfer: Duration,
    /// The largest answer in bytes.
    pub body_bytes: usize,
    /// The largest result of a run in bytes.
    pub result_bytes: usize,
    /// The largest download in bytes.
    pub download_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            transfer: Duration::from_secs(600),
            body_bytes: 1024 * 1024,
            result_bytes: 8 * 1024 * 1024,
            download_bytes: 100 * 1024 * 1024,
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
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) accept: &'a str,
    pub(crate) authorization: Option<SecretString>,
    pub(crate) payload: &'a Payload,
    pub(crate) bound: Bound,
    /// What must not come back in an error, even if the server repeats it.
    pub(crate) secrets: Vec<SecretString>,
}

/// The body of a request.
pub(crate) enum Payload {
    None,
    Json {
        content_type: &'static str,
        text: String,
    },
    /// `multipart/form-data` with the parts `file` and, for each tag, `tags`.
    File {
        file: Upload,
        tags: Vec<String>,
    },
}

/// Which limits hold for a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Usual,
    /// The answer is the result of a run.
    Result,
    /// The request carries a file.
    Transfer,
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

    /// Sends once; once more where connecting itself failed, for nothing had left, or where the
    /// connection of a GET was lost before an answer, for it changes nothing.
    pub(crate) async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Answer, Error> {
        match self.send_once(outgoing).await {
            Err(error)
                if error.kind == ErrorKind::ConnectFailed
                    || (*outgoing.method == Method::GET
                        && error.kind == ErrorKind::ConnectionLost
                        && error.phase == ErrorPhase::Request) =>
            {
                self.send_once(outgoing).await
            }
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
            return Err(redirected(status, server_time));
        }
        let largest = match outgoing.bound {
            Bound::Result => self.limits.result_bytes,
            Bound::Usual | Bound::Transfer => self.limits.body_bytes,
        };
        let body = match whole(response, largest).await {
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
        if outgoing.bound == Bound::Transfer {
            request = request.timeout(self.limits.transfer);
        }
        match outgoing.payload {
            Payload::None => Ok(request),
            Payload::Json { content_type, text } => Ok(request
                .header(CONTENT_TYPE, *content_type)
                .body(text.clone())),
            Payload::File { file, tags } => Ok(request.multipart(form(file, tags)?)),
        }
    }
}

/// The form that carries a file.
fn form(file: &Upload, tags: &[String]) -> Result<Form, Error> {
    let refused = |detail| Error::new(ErrorKind::InvalidRequest, ErrorPhase::Connect, detail);
    // The name becomes part of a header line as it is.
    if file.name.is_empty() || file.name.chars().any(char::is_control) {
        return Err(refused("The file's name is empty or not of one line."));
    }
    let mut part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
    if let Some(content_type) = &file.content_type {
        part = part
            .mime_str(content_type)
            .map_err(|_| refused("The file's type is not a media type."))?;
    }
    let form = Form::new().part("file", part);
    Ok(tags
        .iter()
        .fold(form, |form, tag| form.text("tags", tag.clone())))
}

async fn whole(mut response: Response, largest: usize) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure(error, ErrorPhase::Answer))?
    {
        if body.len() + chunk.len() > largest {
            return Err(too_large(largest as u64));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
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
