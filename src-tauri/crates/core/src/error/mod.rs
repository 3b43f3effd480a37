//! The one error a person gets to see.

mod api;
mod foreign;
#[cfg(test)]
mod tests;

pub(crate) use self::api::About;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as far as the UI, the command line and the tests tell cases apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A field holds something that cannot be right.
    InvalidInput,
    /// `/auth/authorize` refused key and secret.
    WrongCredentials,
    /// The API refused the access or organization token.
    Unauthorized,
    /// The credential may not do this.
    Forbidden,
    /// The API found the request invalid.
    InvalidRequest,
    /// The API does not know the subject or the workflow.
    NotFound,
    /// Too many requests.
    RateLimited,
    /// The API failed (5xx).
    ServerError,
    /// The API is away for now (503).
    Unavailable,
    /// No connection came about.
    ConnectFailed,
    /// The connection is not trusted.
    Tls,
    /// No answer in time.
    TimedOut,
    /// The connection broke before the answer was whole.
    ConnectionLost,
    /// The answer is not what the API documents.
    MalformedAnswer,
    /// A refusal that is not known to be the API's: a gateway or a wrong host may have answered.
    NotTheApi,
    /// There is no keychain to use.
    KeychainUnavailable,
    /// The keychain is locked and nobody unlocked it.
    KeychainLocked,
    /// The keychain did not answer in time; it may be asking for a password.
    KeychainTimeout,
    /// The workspace has no credential.
    CredentialMissing,
    /// The history cannot be read or written.
    Storage,
    /// The history belongs to a key that is not in the keychain.
    HistoryKeyMissing,
    /// A page of the history cannot be read.
    HistoryDamaged,
    /// The person cancelled it.
    Cancelled,
    /// The demo's simulator is not up yet.
    DemoStarting,
    /// There is no such workspace or history entry.
    NoSuchThing,
    /// The token's body is not kept any more.
    TokenGone,
}

/// The field of a form an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the form's")]
pub enum Field {
    Name,
    ApiHost,
    WidgetHost,
    Key,
    Secret,
    OrganizationToken,
    Workflow,
    Subject,
    ParametersId,
    Lang,
    Label,
    Parameters,
    Minutes,
    Table,
    Fields,
    File,
    Email,
    Phone,
    PresetName,
    WorkflowName,
    Signature,
    Body,
    Port,
}

/// An error as a person reads it. Never holds a secret or a raw answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{title}: {detail}")]
pub struct AppError {
    /// Which case this is.
    #[ts(type = "string")]
    pub code: Code,
    /// One short line.
    pub title: String,
    /// What happened.
    pub detail: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// Whether the same again may well work.
    pub retryable: bool,
    /// The vendor's id of this error instance.
    pub fingerprint: Option<String>,
    /// The HTTP status, where an answer came.
    pub http_status: Option<u16>,
    /// The vendor's error code.
    pub api_code: Option<String>,
    /// The form field it belongs to.
    pub field: Option<Field>,
    /// How long the server asks to wait, in milliseconds.
    #[serde(default)]
    pub retry_after_ms: Option<u32>,
    /// The attempt in the history that this is about.
    #[serde(default)]
    pub entry_id: Option<String>,
}

impl AppError {
    /// An error with title, detail and hint.
    pub fn new(code: Code, title: &str, detail: impl Into<String>, hint: &str) -> Self {
        Self {
            code,
            title: title.to_owned(),
            detail: detail.into(),
            hint: hint.to_owned(),
            retryable: false,
            fingerprint: None,
            http_status: None,
            api_code: None,
            field: None,
            retry_after_ms: None,
            entry_id: None,
        }
    }

    /// A field that cannot be right.
    pub fn invalid(field: Field, title: &str, detail: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            ..Self::new(Code::InvalidInput, title, detail, "")
        }
    }

    /// The same error, marked as worth another try.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The history's file is damaged; why that is thought.
    pub(crate) fn history_damaged(why: &str) -> Self {
        Self::new(
            Code::HistoryDamaged,
            "The history is damaged",
            format!("{why}. Nothing more is written to it."),
            "Try again, or start again: what can be read is kept in a new file, and the damaged one \
             is set aside as it is.",
        )
        .retryable()
    }

    /// A failure of the database.
    pub fn storage(error: &rusqlite::Error) -> Self {
        if crate::storage::is_unreadable(error) {
            return Self::history_damaged(&format!("The encrypted database answered: {error}"));
        }
        Self::new(
            Code::Storage,
            "The history could not be used",
            format!("The encrypted database answered: {error}."),
            "Try again. If it stays, see Settings for the data folder.",
        )
        .retryable()
    }
}

impl From<rusqlite::Error> for AppError {
    fn from(error: rusqlite::Error) -> Self {
        Self::storage(&error)
    }
}
