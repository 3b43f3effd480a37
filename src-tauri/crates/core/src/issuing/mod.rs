//! From what a form holds to a request, and what came of it.

mod accept;
mod came;

use std::time::SystemTime;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::AppError,
    history::{ApiGeneration, EntryKind, HistoryEntry, Purpose},
};

pub(crate) use accept::{Accepted, id, life};
pub(crate) use came::{Came, RunCame};

/// The form as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssueRequest {
    /// The workspace to issue in.
    pub workspace_id: String,
    /// The API generation.
    pub api: ApiGeneration,
    /// What to ask for. `POST /workflows` starts a run whatever this says.
    #[serde(default)]
    pub kind: EntryKind,
    /// `workflowDefinitionId`.
    pub workflow_id: String,
    /// The case (v1) or the record (v2 and runs, optional).
    pub subject: String,
    /// `parametersId`; empty for none. Not for `POST /workflows`.
    pub parameters_id: String,
    /// The parameters of `POST /workflows`: a JSON object, empty for `{}`.
    #[serde(default)]
    pub parameters: String,
    /// How long a run of `POST /workflows` may take, in minutes; `None` leaves it to the vendor.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// `lang`, or the `locale` of a run; empty for none.
    pub lang: String,
    /// Whether the vendor is asked to send the link (`POST /link/send`).
    #[serde(default)]
    pub send: bool,
    /// A person's own words; empty for none.
    pub label: String,
    /// What for.
    pub purpose: Purpose,
}

/// The request as it would go out, secrets hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequestPreview {
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The headers, the credential as a placeholder.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: String,
    /// The length of the body in bytes.
    pub bytes: u32,
}

impl IssueRequest {
    /// The same inputs as an earlier attempt. A link is previewed with a token of the same inputs:
    /// a second link would end it.
    #[must_use]
    pub fn again(entry: &HistoryEntry, purpose: Purpose) -> Self {
        let kind = match (entry.kind, purpose) {
            (EntryKind::Link, Purpose::Preview) => EntryKind::Token,
            (kind, _) => kind,
        };
        Self {
            workspace_id: entry.workspace_id.clone(),
            api: entry.api,
            kind,
            workflow_id: entry.workflow_id.clone(),
            subject: entry.subject.clone().unwrap_or_default(),
            parameters_id: entry.parameters_id.clone().unwrap_or_default(),
            parameters: entry.parameters.clone().unwrap_or_default(),
            minutes: entry.minutes,
            lang: entry.lang.clone().unwrap_or_default(),
            send: entry.send,
            label: entry.label.clone().unwrap_or_default(),
            purpose,
        }
    }

    /// The same inputs for somebody else: without the case or record, and without the label.
    #[must_use]
    pub fn without_subject(self) -> Self {
        Self {
            subject: String::new(),
            label: String::new(),
            ..self
        }
    }

    /// The request as it would go out, secrets hidden.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub fn preview(&self) -> Result<RequestPreview, AppError> {
        let shown = self.accept()?.preview(SystemTime::now());
        Ok(RequestPreview {
            bytes: u32::try_from(shown.body.len()).unwrap_or(u32::MAX),
            method: shown.method.to_string(),
            path: shown.path.to_string(),
            headers: shown.headers.into_iter().collect(),
            body: shown.body,
        })
    }
}

/// A fresh token for a preview: its entry and its body.
pub struct Fresh {
    /// The history entry.
    pub entry: HistoryEntry,
    /// The token itself; none for a link or a run in the background.
    pub token: Option<SecretString>,
    /// What the answer calls it; documented is `Bearer`.
    pub token_type: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Field;

    /// The vendor's documented sample request.
    fn sample() -> IssueRequest {
        IssueRequest {
            workspace_id: "demo".to_owned(),
            api: ApiGeneration::V1,
            workflow_id: "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c".to_owned(),
            subject: "11111111-2222-3333-4444-555555555555".to_owned(),
            parameters_id: "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302".to_owned(),
            ..IssueRequest::default()
        }
    }

    #[test]
    fn the_documented_sample_is_165_bytes() {
        let shown = sample().preview().unwrap();
        assert_eq!((shown.bytes, shown.path.as_str()), (165, "/token"));
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        type Fault = fn(&mut IssueRequest);
        let faults: [(Fault, Field); 6] = [
            (|r| r.workflow_id.clear(), Field::Workflow),
            (|r| r.workflow_id = "a b".to_owned(), Field::Workflow),
            (|r| r.subject.clear(), Field::Subject),
            (|r| r.subject = "7c1e".to_owned(), Field::Subject),
            (|r| r.lang = "p l".to_owned(), Field::Lang),
            (|r| r.label = "x".repeat(201), Field::Label),
        ];
        for (break_it, field) in faults {
            let mut request = sample();
            break_it(&mut request);
            assert_eq!(request.preview().unwrap_err().field, Some(field));
        }
    }

    fn run() -> IssueRequest {
        IssueRequest {
            api: ApiGeneration::Workflows,
            subject: String::new(),
            ..sample()
        }
    }

    #[test]
    fn a_run_always_sends_its_parameters_as_they_were_written() {
        let shown = run().preview().unwrap();
        assert_eq!(
            (shown.method.as_str(), shown.path.as_str()),
            ("POST", "/workflows")
        );
        assert_eq!(
            shown.body,
            r#"{"workflowDefinitionId":"3b2d8a4f-579f-4e2e-a51c-f859e532fe8c","locale":"en","parameters":{}}"#
        );
        let request = IssueRequest {
            parameters: r#"{"z":1e400,"a":1.10}"#.to_owned(),
            minutes: Some(30),
            ..run()
        };
        let body = request.preview().unwrap().body;
        assert!(
            body.contains(r#""parameters":{"z":1e400,"a":1.10},"expiresAt":"2"#),
            "{body}"
        );
    }

    #[test]
    fn a_runs_faults_are_told_at_their_field() {
        type Fault = fn(&mut IssueRequest);
        let faults: [(Fault, Field); 4] = [
            (|r| r.parameters = "[1]".to_owned(), Field::Parameters),
            (|r| r.parameters = "{".to_owned(), Field::Parameters),
            (|r| r.minutes = Some(29), Field::Minutes),
            (|r| r.minutes = Some(30 * 24 * 60 + 1), Field::Minutes),
        ];
        for (break_it, field) in faults {
            let mut request = run();
            break_it(&mut request);
            assert_eq!(request.preview().unwrap_err().field, Some(field));
        }
    }

    #[test]
    fn each_kind_goes_to_its_own_path() {
        let path = |kind, send| {
            let request = IssueRequest {
                kind,
                send,
                ..sample()
            };
            request.preview().unwrap().path
        };
        assert_eq!(path(EntryKind::Token, true), "/token");
        assert_eq!(path(EntryKind::Link, false), "/link");
        assert_eq!(path(EntryKind::Link, true), "/link/send");
        assert_eq!(path(EntryKind::Run, false), "/workflows/run");
    }

    #[test]
    fn a_record_may_be_left_out() {
        let request = IssueRequest {
            api: ApiGeneration::V2,
            subject: String::new(),
            ..sample()
        };
        assert!(!request.preview().unwrap().body.contains("recordId"));
    }
}
