//! One request and its answer, within bounds.

mod coding;
mod connections;
mod download;
mod failure;

use std::time::{Duration, Instant, SystemTime};

use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    multipart::{Form, Part},
};
use secrecy::{ExposeSecret, SecretString};

use self::{
    coding::{Codings, NO_CODING, decoded},
    connections::Connections,
    failure::{date, failure, marks, meaning, redirected, retry_after, too_large},
};
use crate::{
    answer,
    error::{AnswerForm, Error, ErrorKind, ErrorPhase, Undocumented},
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
    /// How long a connection may have been idle to be used again: one that died meanwhile takes
    /// what is sent and answers nothing.
    pub idle: Duration,
    /// The largest answer in bytes, when decoded.
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
            idle: Duration::from_secs(3),
            body_bytes: 1024 * 1024,
            result_bytes: 8 * 1024 * 1024,
            download_bytes: 100 * 1024 * 1024,
        }
    }
}

/// The connections to one host.
pub(crate) struct Transport {
    connections: Connections,
    host: Host,
    limits: Limits,
}

/// A whole answer of any status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) server_time: Option<SystemTime>,
    pub(crate) retry_after: Option<Duration>,
    /// Decoded, and in UTF-8 without a mark.
    pub(crate) body: Vec<u8>,
    pub(crate) elapsed: Duration,
    content_type: Option<String>,
    /// The coding that could not be undone.
    coding: Option<String>,
    marks: Vec<String>,
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
        Ok(Self {
            connections: Connections::new(host.clone(), limits)?,
            host,
            limits,
        })
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
        if status.is_redirection() {
            return Err(redirected(status, headers, &self.host));
        }
        let largest = match outgoing.bound {
            Bound::Result => self.limits.result_bytes,
            Bound::Usual | Bound::Transfer => self.limits.body_bytes,
        };
        let mut answer = Answer {
            status,
            server_time,
            retry_after: retry_after(status, headers, SystemTime::now()),
            body: Vec::new(),
            elapsed: Duration::ZERO,
            content_type: content_type(headers),
            coding: None,
            marks: marks(headers),
            secrets: outgoing.secrets.clone(),
        };
        let codings = Codings::of(headers);
        let body = whole(response, largest).await.and_then(|body| {
            decoded(body, &codings, largest).map_err(|_| too_large(largest as u64))
        });
        answer.elapsed = begun.elapsed();
        answer.coding = codings.unknown();
        match body {
            Ok(body) => answer.body = answer::utf8(body, answer.content_type.as_deref()),
            // A refusal is one whatever its body is.
            Err(_) if !status.is_success() => {}
            Err(error) => {
                return Err(Error {
                    http_status: Some(status.as_u16()),
                    server_time,
                    ..error
                });
            }
        }
        Ok(answer)
    }

    fn request(&self, outgoing: &Outgoing<'_>) -> Result<RequestBuilder, Error> {
        let address = self.host.join(outgoing.path);
        let mut request = self
            .connections
            .http()?
            .request(outgoing.method.clone(), address)
            .header(ACCEPT, outgoing.accept)
            .header(ACCEPT_ENCODING, NO_CODING);
        if let Some(authorization) = &outgoing.authorization {
            let mut value = HeaderValue::from_str(authorization.expose_secret()).map_err(|_| {
                Error::new(
                    ErrorKind::WrongCredentials,
                    ErrorPhase::Connect,
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

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.to_owned())
}

impl Answer {
    /// The answer as an error, for any status but 2xx.
    pub(crate) fn refusal(&self, phase: ErrorPhase) -> Error {
        let read = self.read();
        let status = self.status.as_u16();
        Error {
            http_status: Some(status),
            fingerprint: read.fingerprint.clone(),
            problems: read.problems.clone(),
            retry_after: self.retry_after,
            server_time: self.server_time,
            undocumented: self.undocumented(&read),
            ..Error::new(
                meaning(self.status, read.form, phase),
                phase,
                format!("HTTP {status}."),
            )
        }
    }

    /// An error of reading this answer, with what is known of the answer.
    pub(crate) fn misread(&self, error: Error) -> Error {
        let read = self.read();
        let mut detail = error.detail;
        if let Some(coding) = &self.coding {
            detail = format!("{detail} It is coded as {coding}, which cannot be decoded.");
        }
        // JSON of another form may hold what nobody is to see.
        let told = matches!(read.form, AnswerForm::Page | AnswerForm::Empty);
        Error {
            http_status: Some(self.status.as_u16()),
            server_time: self.server_time,
            undocumented: told.then(|| self.undocumented(&read)).flatten(),
            problems: if told { read.problems } else { Vec::new() },
            detail,
            ..error
        }
    }

    fn read(&self) -> answer::Refusal {
        answer::refusal(&self.body, self.content_type.as_deref(), &self.secrets)
    }

    fn undocumented(&self, read: &answer::Refusal) -> Option<Undocumented> {
        (read.form != AnswerForm::Documented).then(|| Undocumented {
            form: read.form,
            title: read.title.clone(),
            marks: self.marks.clone(),
        })
    }
}
