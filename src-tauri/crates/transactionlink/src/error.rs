//! What can go wrong, told apart as far as a person can act on it.

use std::time::{Duration, SystemTime};

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `/auth/authorize` refused key and secret: 401 in the older documentation, 400 in the newer.
    WrongCredentials,
    /// 401 after authorising anew.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 400, 413, 415, 422 and other refusals of the request itself, or an id or a file that cannot
    /// be sent.
    InvalidRequest,
    /// 404 or 410.
    NotFound,
    /// 429.
    RateLimited,
    /// 5xx but 503.
    ServerError,
    /// 503.
    Unavailable,
    /// No connection came about; nothing was sent.
    ConnectFailed,
    /// The connection is not trusted; nothing was sent.
    Tls,
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    ConnectionLost,
    /// The answer is not what is documented.
    MalformedAnswer,
    /// The answer is larger than any that is documented.
    AnswerTooLarge,
    /// Plain http to another computer.
    InsecureHost,
    /// The host sent us elsewhere.
    RedirectRefused,
    /// A status that means nothing here.
    UnexpectedStatus,
    /// What was fetched could not be written where it was to go.
    NotWritten,
}

/// How far the call had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorPhase {
    /// Getting an access token, or testing the credential.
    Authorize,
    /// Connecting; nothing had been sent.
    Connect,
    /// The request was on its way.
    Request,
    /// An answer had begun to come.
    Answer,
    /// The same two of a request that only reads.
    Reading,
}

/// One entry of the documented error body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The vendor's code; no value of it is documented.
    pub code: String,
    /// The vendor's words, cut and cleaned.
    pub message: String,
}

/// A failed call. Never holds a secret or a raw answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} in {phase:?}: {detail}")]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// How far it had come.
    pub phase: ErrorPhase,
    /// The HTTP status, where an answer came.
    pub http_status: Option<u16>,
    /// The vendor's id of this error instance (documented).
    pub fingerprint: Option<String>,
    /// What the vendor says (documented).
    pub problems: Vec<Problem>,
    /// How long the server asks to wait, up to an hour.
    pub retry_after: Option<Duration>,
    /// Our own words.
    pub detail: String,
    /// The server's time, from its `Date` header.
    pub server_time: Option<SystemTime>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, phase: ErrorPhase, detail: impl Into<String>) -> Self {
        Self {
            kind,
            phase,
            http_status: None,
            fingerprint: None,
            problems: Vec::new(),
            retry_after: None,
            detail: detail.into(),
            server_time: None,
        }
    }

    /// The error of a call that changes nothing, whatever becomes of it.
    pub(crate) fn reading(self) -> Self {
        let phase = match self.phase {
            ErrorPhase::Request | ErrorPhase::Answer => ErrorPhase::Reading,
            before => before,
        };
        Self { phase, ..self }
    }

    /// Whether the request may have done its work although we do not know the answer. A gateway
    /// that answers 502 or 504 does not know either. Never so of a request that only reads.
    #[must_use]
    pub fn may_have_been_issued(&self) -> bool {
        let unknown = matches!(
            self.kind,
            ErrorKind::TimedOut
                | ErrorKind::ConnectionLost
                | ErrorKind::MalformedAnswer
                | ErrorKind::AnswerTooLarge
        );
        let gateway = matches!(self.http_status, Some(502 | 504));
        matches!(self.phase, ErrorPhase::Request | ErrorPhase::Answer) && (unknown || gateway)
    }
}
