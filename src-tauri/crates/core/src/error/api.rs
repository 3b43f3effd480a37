//! From the API client's errors to what a person reads.

use transactionlink::{Error, ErrorKind, ErrorPhase};

use super::{AppError, Code, Field};

struct Words(Code, &'static str, &'static str, &'static str, bool);

/// What answers at the host signs nobody in.
const NOT_THE_API: Words = Words(
    Code::MalformedAnswer,
    "Not the TransactionLink API",
    "What answers at the API host does not know how to sign in.",
    "Check the API host of the workspace; a proxy may have answered in its place.",
    false,
);

fn words(kind: ErrorKind) -> Words {
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
        K::NotFound => Words(
            Code::NotFound,
            "Not found",
            "The API knows no such case, record or workflow, so nothing was done.",
            "Ids belong to one workspace: check the id and the workspace.",
            false,
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
            "The host's certificate was not accepted. Nothing was sent.",
            "Check the host's name, this computer's clock and its certificates.",
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
            "The host sent us to another host; the credential was not taken there.",
            "Check the API host of the workspace.",
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

impl AppError {
    /// The error of a call to the API.
    #[must_use]
    pub fn api(error: &Error) -> Self {
        let Words(code, title, told, hint, retryable) = match (error.phase, error.kind) {
            (ErrorPhase::Authorize, ErrorKind::NotFound | ErrorKind::InvalidRequest) => NOT_THE_API,
            (_, kind) => words(kind),
        };
        let mut detail = told.to_owned();
        if let Some(problem) = error.problems.first().filter(|p| !p.message.is_empty()) {
            detail = format!("{told} It says: {}", problem.message);
        } else if !error.detail.is_empty() && code == Code::MalformedAnswer {
            detail = format!("{told} {}", error.detail);
        }
        if error.may_have_been_issued() {
            detail.push_str(" It may have been carried out all the same.");
        }
        let hint = match error.retry_after {
            Some(wait) => format!("Wait {} s, then try again.", wait.as_secs().max(1)),
            None => hint.to_owned(),
        };
        Self {
            hint,
            retryable,
            fingerprint: error.fingerprint.clone(),
            http_status: error.http_status,
            api_code: error.problems.first().map(|p| p.code.clone()),
            field: match code {
                Code::NotFound => Some(named(error).unwrap_or(Field::Subject)),
                Code::InvalidRequest => named(error),
                _ => None,
            },
            ..Self::new(code, title, detail, "")
        }
    }
}

/// The field that the API's message names, if it names one. How messages read is not documented.
fn named(error: &Error) -> Option<Field> {
    let message = &error.problems.first()?.message;
    [
        ("workflowDefinitionId", Field::Workflow),
        ("caseId", Field::Subject),
        ("recordId", Field::Subject),
        ("parametersId", Field::ParametersId),
        ("`lang`", Field::Lang),
        ("`locale`", Field::Lang),
        ("`parameters`", Field::Parameters),
        ("`expiresAt`", Field::Minutes),
        ("tableId", Field::Table),
        ("`file`", Field::File),
        ("`email`", Field::Email),
        ("`phone", Field::Phone),
    ]
    .into_iter()
    .find_map(|(name, field)| message.contains(name).then_some(field))
}
