//! Words for what has not the API's form: a firewall, a gateway, a proxy or a wrong host may have
//! answered, so nothing of it is told as the API's word.

use transactionlink::{AnswerForm, Error, ErrorKind, Undocumented};

use super::{Code, api::Words};

const WHO: &str = "Check the API host of the workspace. A firewall, a gateway or a proxy may have \
    answered in its place; whoever runs it can say why.";

/// A refusal that is not known to be the API's.
pub(super) const NOT_THE_API: Words =
    Words(Code::NotTheApi, "Not the API's answer", "", WHO, false);

/// What answers at the host signs nobody in.
pub(super) const NO_SIGN_IN: Words = Words(
    Code::NotTheApi,
    "Not the TransactionLink API",
    "What answers at the API host does not know how to sign in.",
    "Check the API host of the workspace; a proxy may have answered in its place.",
    false,
);

/// 408 says that the request did not come whole.
pub(super) const NOT_WHOLE: Words = Words(
    Code::TimedOut,
    "Request too slow",
    "The request did not reach the server whole in time, so nothing was done.",
    "Check the network, then try again.",
    true,
);

/// The words for an answer of another form; `usual` are those of the documented one.
pub(super) fn words(error: &Error, came: &Undocumented, usual: Words) -> Words {
    let Words(code, title, told, hint, retryable) = usual;
    let reasons = error.problems.iter().any(|one| !one.message.is_empty());
    let machine = matches!(came.form, AnswerForm::Json | AnswerForm::Text);
    match (error.kind, error.http_status) {
        (ErrorKind::NotTheApi, Some(407)) => Words(
            Code::NotTheApi,
            "A proxy wants a sign-in",
            "A proxy between this computer and the API wants to be signed in to.",
            "Put the proxy's user and password into the address in HTTPS_PROXY.",
            false,
        ),
        // Whoever checks a request so knows what it is about.
        (ErrorKind::NotTheApi, Some(400 | 409 | 413 | 415 | 422)) if machine && reasons => Words(
            Code::InvalidRequest,
            "Request refused",
            "",
            "Check the workflow and the ids. If they are right, a gateway may have refused it.",
            false,
        ),
        (ErrorKind::NotTheApi, _) => NOT_THE_API,
        (ErrorKind::WrongCredentials, _) => Words(
            code,
            "Sign-in refused",
            "",
            "Check key and secret in the dashboard, and the API host of the workspace.",
            false,
        ),
        (ErrorKind::Unauthorized, _) => Words(code, title, "", hint, retryable),
        (ErrorKind::RateLimited | ErrorKind::Unavailable, _) => {
            Words(code, title, "", "Wait a moment and try again.", retryable)
        }
        (ErrorKind::ServerError, _) => Words(
            code,
            "The server failed",
            "",
            "Try again. If it stays, a gateway in front of the API may be the cause.",
            retryable,
        ),
        (ErrorKind::MalformedAnswer, _) => Words(code, title, "", hint, retryable),
        _ => Words(code, title, told, hint, retryable),
    }
}

/// What came and from whom, as far as that can be told.
pub(super) fn origin(came: &Undocumented) -> String {
    let what = match (came.form, &came.title) {
        (AnswerForm::Page, Some(title)) => {
            format!(
                "A web page titled \u{201c}{title}\u{201d} came in place of an answer of the API"
            )
        }
        (AnswerForm::Page, None) => "A web page came in place of an answer of the API".to_owned(),
        (AnswerForm::Empty, _) => "The answer is empty, which the API does not document".to_owned(),
        (AnswerForm::Json | AnswerForm::Text | AnswerForm::Documented, _) => {
            "The answer has not the form that the API documents, so a gateway may have given it"
                .to_owned()
        }
    };
    if came.marks.is_empty() {
        format!("{what}.")
    } else {
        format!("{what} ({}).", came.marks.join(", "))
    }
}
