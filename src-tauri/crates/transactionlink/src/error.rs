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
    /// Any other refusal (4xx) that has not the documented form: a firewall, a proxy or a wrong host
    /// may have answered. See [`Error::undocumented`].
    NotTheApi,
    /// The signed address of a file is not good any more.
    LinkExpired,
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
    /// No answer in time; with 408, no whole request in time.
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

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerForm {
    /// The documented one of a refusal, with a fingerprint or errors of code and message.
    Documented,
    /// JSON of another form.
    Json,
    /// A text.
    Text,
    /// A web page.
    Page,
    /// Nothing.
    Empty,
}

/// What came in place of a documented answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undocumented {
    /// Its form.
    pub form: AnswerForm,
    /// The title of a web page.
    pub title: Option<String>,
    /// By what whoever gave it can be known and asked: the server's name, ids of the request.
    pub marks: Vec<String>,
}

/// One reason that was given.
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
    /// The reasons that were given, in whatever form they came.
    pub problems: Vec<Problem>,
    /// How long the server asks to wait, up to an hour.
    pub retry_after: Option<Duration>,
    /// Our own words.
    pub detail: String,
    /// The server's time, from its `Date` header.
    pub server_time: Option<SystemTime>,
    /// What came, where that has not the documented form: it is not known to be the API's word.
    pub undocumented: Option<Undocumented>,
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
            undocumented: None,
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
    /// that answers 502, 504, 520 or 524 does not know either; with 408 the request was not whole.
    /// Never so of a request that only reads.
    #[must_use]
    pub fn may_have_been_issued(&self) -> bool {
        let unknown = matches!(
            self.kind,
            ErrorKind::TimedOut
                | ErrorKind::ConnectionLost
                | ErrorKind::MalformedAnswer
                | ErrorKind::AnswerTooLarge
        ) && self.http_status != Some(408);
        let gateway = matches!(self.http_status, Some(502 | 504 | 520 | 524));
        matches!(self.phase, ErrorPhase::Request | ErrorPhase::Answer) && (unknown || gateway)
    }
}
