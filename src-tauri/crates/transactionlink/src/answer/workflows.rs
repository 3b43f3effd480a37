//! Answers about runs of workflows.

use std::{fmt, time::SystemTime};

use secrecy::SecretString;
use serde_json::{Map, Value, value::RawValue};

use super::{Timings, exact, is_visible, moment, object, raw, short, some_secret, web_address};
use crate::error::Error;

/// A run that was started.
#[derive(Debug, Clone)]
pub struct Run {
    /// The run's id (documented).
    pub id: String,
    /// Its status; `RUNNING` and `COMPLETED` are documented, what others there are is not.
    pub status: Option<String>,
    /// `BACKGROUND` (documented); what an interactive run has is not documented.
    pub execution_type: Option<String>,
    /// The workflow's name (documented).
    pub name: Option<String>,
    /// When the run ends (documented).
    pub expires_at: Option<SystemTime>,
    /// The widget token (seen), of interactive runs only. Where it stands in the link alone (seen),
    /// it is the link's.
    pub token: Option<SecretString>,
    /// The hosted page (seen), of interactive runs only; a web address.
    pub link: Option<SecretString>,
    /// How long it took.
    pub timings: Timings,
    /// The HTTP status.
    pub http_status: u16,
    /// The server's time, from its `Date` header.
    pub server_time: Option<SystemTime>,
    /// When the answer was whole.
    pub received_at: SystemTime,
}

/// How far a run is.
#[derive(Clone, PartialEq, Eq)]
pub struct RunState {
    /// The run's id (documented).
    pub id: String,
    /// Its status, as [`Run::status`].
    pub status: Option<String>,
    /// The case (version 1) or record (version 2) it is for (documented).
    pub subject: Option<String>,
    /// The server's time.
    pub server_time: Option<SystemTime>,
}

impl fmt::Debug for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunState")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The fields of the answer to a start.
pub(crate) struct RunFields {
    pub(crate) id: String,
    pub(crate) status: Option<String>,
    pub(crate) execution_type: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) expires_at: Option<SystemTime>,
    pub(crate) token: Option<SecretString>,
    pub(crate) link: Option<SecretString>,
}

pub(crate) fn run(body: &[u8]) -> Result<RunFields, Error> {
    let object = object(body)?;
    // The run has begun, so a link that is none of the web does not make its answer malformed.
    let (link, in_link) = match web_address(&object, "link") {
        Ok((link, url)) => {
            let mut pairs = url.query_pairs();
            let token = pairs.find(|(name, value)| name == "token" && is_visible(value));
            (Some(link), token.map(|(_, token)| token.into_owned()))
        }
        Err(_) => (None, None),
    };
    Ok(RunFields {
        id: exact(&object, "id")?,
        status: short(&object, "status"),
        execution_type: short(&object, "executionType"),
        name: short(&object, "name"),
        expires_at: moment(&object, "expiresAt"),
        token: some_secret(&object, "token").or(in_link.map(SecretString::from)),
        link,
    })
}

pub(crate) fn run_state(body: &[u8]) -> Result<RunState, Error> {
    let object = object(body)?;
    Ok(RunState {
        id: exact(&object, "id")?,
        status: short(&object, "status"),
        subject: subject(&object),
        server_time: None,
    })
}

fn subject(object: &Map<String, Value>) -> Option<String> {
    let of = |name| exact(object, name).ok();
    of("caseId").or_else(|| of("recordId"))
}

/// A result, which is whatever the workflow makes it.
pub(crate) fn result(body: &[u8]) -> Result<Box<RawValue>, Error> {
    raw(body)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn shown(secret: Option<&SecretString>) -> Option<&str> {
        secret.map(ExposeSecret::expose_secret)
    }

    #[test]
    fn the_token_is_the_field_else_the_links() {
        for (body, token, link) in [
            (
                r#"{"id":"i","token":"t","link":"https://a.io/?token=u"}"#,
                Some("t"),
                Some("https://a.io/?token=u"),
            ),
            (
                r#"{"id":"i","link":"https://a.io?x=1&token=u%2Bv"}"#,
                Some("u+v"),
                Some("https://a.io?x=1&token=u%2Bv"),
            ),
            (
                r#"{"id":"i","token":null,"link":"https://a.io/?token="}"#,
                None,
                Some("https://a.io/?token="),
            ),
            (r#"{"id":"i","link":"javascript:alert(1)"}"#, None, None),
            (r#"{"id":"i","token":7,"link":7}"#, None, None),
        ] {
            let fields = run(body.as_bytes()).unwrap();
            assert_eq!(shown(fields.token.as_ref()), token, "{body}");
            assert_eq!(shown(fields.link.as_ref()), link, "{body}");
        }
    }

    #[test]
    fn an_id_must_be_there() {
        for (body, detail) in [
            (r#"{"status":"RUNNING"}"#, "The answer has no `id`."),
            (r#"{"id":7}"#, "The answer's `id` is not a text."),
            (r#"{"id":""}"#, "The answer's `id` is not a text."),
            (
                r#"{"id":"a\nb"}"#,
                "The answer's `id` is too long or not of one line.",
            ),
        ] {
            assert_eq!(run(body.as_bytes()).map(|_| ()).unwrap_err().detail, detail);
            assert_eq!(run_state(body.as_bytes()).unwrap_err().detail, detail);
        }
    }

    #[test]
    fn the_subject_is_a_case_or_a_record() {
        let subject = |body: &str| run_state(body.as_bytes()).unwrap().subject;
        assert_eq!(subject(r#"{"id":"i","caseId":"c"}"#).as_deref(), Some("c"));
        assert_eq!(
            subject(r#"{"id":"i","caseId":null,"recordId":"r"}"#).as_deref(),
            Some("r")
        );
        assert_eq!(subject(r#"{"id":"i"}"#), None);
    }
}
