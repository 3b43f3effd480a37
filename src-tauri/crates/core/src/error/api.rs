//! From the API client's errors to what a person reads.

use transactionlink::{Error, ErrorKind, ErrorPhase};

use super::{
    AppError, Code, Field,
    foreign::{self, origin},
};

/// How much of the reasons is shown.
const LONGEST_REASONS: usize = 2000;

/// What a call was about, which decides what its 404 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A token, a link or a run, and whether for a case or a record.
    Issuing { subject: bool },
    /// A case that is looked up.
    Case,
    /// A record that is looked up, or its files.
    Record,
    /// A record that is made.
    Table,
    /// A file that is sent.
    Upload,
    /// A file that is fetched.
    Download,
    /// A run that is followed.
    Run,
    /// Anything else.
    Other,
}

/// Code, title, what happened, what to do, and whether the same again may work.
pub(super) struct Words(
    pub(super) Code,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) bool,
);

fn words(kind: ErrorKind, about: About) -> Words {
    use ErrorKind as K;
    match kind {
        K::WrongCredentials => Words(
            Code::WrongCredentials,
            "Key or secret refused",
            "TransactionLink does not accept this key and secret.",
            "Check them in the dashboard, then enter them again under Workspaces.",
            false,
        ),
        K::Unauthorized => Words(
            Code::Unauthorized,
            "Credential refused",
            "The API refused the credential of this workspace.",
            "Test the connection under Workspaces, and enter the credential again if it fails.",
            false,
        ),
        K::Forbidden => Words(
            Code::Forbidden,
            "Not allowed",
            "The credential lacks the permission for this.",
            "Ask the owner of the TransactionLink workspace.",
            false,
        ),
        K::InvalidRequest => Words(
            Code::InvalidRequest,
            "Request refused",
            "The API found the request invalid.",
            "Check the workflow and the ids.",
            false,
        ),
        K::NotFound => not_found(about),
        K::NotTheApi => foreign::NOT_THE_API,
        K::LinkExpired => Words(
            Code::NotFound,
            "File not given",
            "The address that the API gave for the file is not good any more, or the file is gone.",
            "Try again: the API gives a new address each time.",
            true,
        ),
        K::RateLimited => Words(
            Code::RateLimited,
            "Too many requests",
            "The API asks to slow down. Nothing was done.",
            "Wait a moment and try again.",
            true,
        ),
        K::ServerError => Words(
            Code::ServerError,
            "TransactionLink failed",
            "The API reported a failure of its own.",
            "Try again; if it stays, give their support the fingerprint.",
            true,
        ),
        K::Unavailable => Words(
            Code::Unavailable,
            "TransactionLink is away",
            "The API is not available at the moment.",
            "Try again in a while.",
            true,
        ),
        K::ConnectFailed => Words(
            Code::ConnectFailed,
            "No connection",
            "The API host could not be reached. Nothing was sent.",
            "Check the network, the proxy and the API host.",
            true,
        ),
        K::Tls => Words(
            Code::Tls,
            "Connection not trusted",
            "The host and this computer did not come to terms on a secure connection. Nothing was sent.",
            "Check the host's name, this computer's clock and its certificates, and that the host \
             knows TLS 1.2.",
            false,
        ),
        K::TimedOut => Words(
            Code::TimedOut,
            "No answer in time",
            "The API did not answer in time.",
            "Try again.",
            true,
        ),
        K::ConnectionLost => Words(
            Code::ConnectionLost,
            "Connection lost",
            "The connection broke before the answer came.",
            "Try again.",
            true,
        ),
        K::MalformedAnswer | K::AnswerTooLarge | K::UnexpectedStatus => Words(
            Code::MalformedAnswer,
            "Answer not understood",
            "The API answered in a form that it does not document.",
            "Check the API host; a proxy may have answered in its place.",
            true,
        ),
        K::RedirectRefused => Words(
            Code::ConnectFailed,
            "Redirect refused",
            "The host sent us elsewhere; the credential was not taken there.",
            "Check the API host of the workspace. Some networks want to be signed in to in a browser \
             first.",
            false,
        ),
        K::NotWritten => Words(
            Code::Storage,
            "Not written",
            "The file could not be written where it was to go.",
            "Choose another place.",
            false,
        ),
        K::InsecureHost => Words(
            Code::InvalidInput,
            "Host not allowed",
            "Only https is used, except to this computer itself.",
            "Change the API host of the workspace.",
            false,
        ),
    }
}

/// What a 404 in the documented form means.
fn not_found(about: About) -> Words {
    let (told, hint) = match about {
        About::Issuing { subject: true } | About::Other => (
            "The API knows no such case, record or workflow, so nothing was done.",
            "Ids belong to one workspace: check the id and the workspace.",
        ),
        About::Issuing { subject: false } => (
            "The API knows no such workflow, so nothing was done.",
            "Ids belong to one workspace: check the workflow and the workspace.",
        ),
        About::Case => (
            "The API knows no such case.",
            "Ids belong to one workspace: check the id and the workspace.",
        ),
        About::Record => (
            "The API knows no such record in this table.",
            "Ids belong to one workspace: check the table, the id and the workspace.",
        ),
        About::Table => (
            "The API knows no such table, so nothing was done.",
            "Ids belong to one workspace: check the table and the workspace.",
        ),
        About::Upload => (
            "The API knows no such place for the file, so nothing was kept.",
            "Ids belong to one workspace: check the table, the id and the workspace.",
        ),
        About::Download => (
            "The API does not know this file any more.",
            "Look the record up again to see its files.",
        ),
        About::Run => (
            "The API does not know this run, or not any more.",
            "Check the run's id and the workspace. A run may be forgotten some time after its end.",
        ),
    };
    Words(Code::NotFound, "Not found", told, hint, false)
}

/// The field that a 404 belongs to where its words name none.
fn not_found_field(about: About) -> Option<Field> {
    match about {
        About::Issuing { subject: false } => Some(Field::Workflow),
        About::Issuing { .. } | About::Case | About::Record => Some(Field::Subject),
        About::Table => Some(Field::Table),
        About::Upload | About::Download | About::Run | About::Other => None,
    }
}

impl AppError {
    /// The error of a call to the API.
    #[must_use]
    pub fn api(error: &Error) -> Self {
        Self::about(About::Other, error)
    }

    /// The error of a call to the API that was about this.
    #[must_use]
    pub(crate) fn about(about: About, error: &Error) -> Self {
        if let Some(own) = own_refusal(about, error) {
            return own;
        }
        let Words(code, title, told, hint, retryable) = match (error.phase, error.kind) {
            (ErrorPhase::Authorize, ErrorKind::NotFound | ErrorKind::InvalidRequest) => {
                foreign::NO_SIGN_IN
            }
            (_, ErrorKind::TimedOut) if error.http_status == Some(408) => foreign::NOT_WHOLE,
            (_, kind) => match &error.undocumented {
                Some(undocumented) => foreign::words(error, undocumented, words(kind, about)),
                None => words(kind, about),
            },
        };
        let mut detail = told.to_owned();
        if let Some(undocumented) = &error.undocumented {
            detail = format!("{} {}", origin(undocumented), detail)
                .trim()
                .to_owned();
        }
        let reasons = reasons(error);
        if !reasons.is_empty() {
            detail = format!("{detail} It says: {reasons}");
        }
        if matches!(
            error.kind,
            ErrorKind::MalformedAnswer
                | ErrorKind::AnswerTooLarge
                | ErrorKind::Tls
                | ErrorKind::ConnectFailed
                | ErrorKind::RedirectRefused
                | ErrorKind::NotWritten
        ) && !error.detail.is_empty()
        {
            detail = format!("{detail} {}", sentence(&error.detail));
        }
        if error.may_have_been_issued() {
            detail.push_str(" It may have been carried out all the same.");
        }
        let hint = match error.retry_after {
            Some(wait) => format!("Wait {} s, then try again.", wait.as_secs().max(1)),
            None => hint.to_owned(),
        };
        let codes = error.problems.iter().map(|problem| &problem.code);
        Self {
            hint,
            retryable,
            fingerprint: error.fingerprint.clone(),
            http_status: error.http_status,
            api_code: codes.clone().find(|code| !code.is_empty()).cloned(),
            field: match code {
                Code::NotFound if error.kind == ErrorKind::NotFound => {
                    named(error).or(not_found_field(about))
                }
                Code::InvalidRequest => named(error),
                _ => None,
            },
            retry_after_ms: error
                .retry_after
                .map(|wait| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX)),
            ..Self::new(code, title, detail, "")
        }
    }
}

/// What we did not send: the fault is in what was entered, and no server has said a word.
fn own_refusal(about: About, error: &Error) -> Option<AppError> {
    if error.phase != ErrorPhase::Connect {
        return None;
    }
    let (code, title, hint) = match error.kind {
        ErrorKind::InvalidRequest => (Code::InvalidInput, "Not sent", ""),
        ErrorKind::WrongCredentials => (
            Code::WrongCredentials,
            "Credential not sent",
            "Enter it again under Workspaces.",
        ),
        _ => return None,
    };
    Some(AppError {
        field: (code == Code::InvalidInput && about == About::Upload).then_some(Field::File),
        ..AppError::new(code, title, error.detail.clone(), hint)
    })
}

/// Every reason that was given.
fn reasons(error: &Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for problem in &error.problems {
        let reason = match (problem.message.trim(), problem.code.as_str()) {
            ("", "") => continue,
            ("", code) => format!("code {code}"),
            (message, _) => message.to_owned(),
        };
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    let all = told.join("; ");
    match all.char_indices().nth(LONGEST_REASONS) {
        Some((end, _)) => format!("{}\u{2026}", &all[..end]),
        None => all,
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    let text: String = first.into_iter().flatten().chain(letters).collect();
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        text + "."
    }
}

/// The field that one of the reasons names, if one does. How they read is not documented.
fn named(error: &Error) -> Option<Field> {
    error.problems.iter().find_map(|problem| {
        [
            ("workflowDefinitionId", Field::Workflow),
            ("caseId", Field::Subject),
            ("recordId", Field::Subject),
            ("parametersId", Field::ParametersId),
            ("`lang`", Field::Lang),
            ("lang:", Field::Lang),
            ("`locale`", Field::Lang),
            ("locale:", Field::Lang),
            ("`parameters`", Field::Parameters),
            ("`expiresAt`", Field::Minutes),
            ("tableId", Field::Table),
            ("`file`", Field::File),
            ("`email`", Field::Email),
            ("`phone", Field::Phone),
        ]
        .into_iter()
        .find_map(|(name, field)| problem.message.contains(name).then_some(field))
    })
}
