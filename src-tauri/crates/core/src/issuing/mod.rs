//! From what a form holds to a request, and what to make of the token.

pub mod snippets;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use transactionlink::{Client, Error, Issued, Phase, TokenRequestV1, TokenRequestV2};
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    error::{AppError, Field},
    history::{ApiGeneration, HistoryEntry, Purpose},
};

/// The form as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssueRequest {
    /// The workspace to issue in.
    pub workspace_id: String,
    /// The API generation.
    pub api: ApiGeneration,
    /// `workflowDefinitionId`.
    pub workflow_id: String,
    /// The case (v1) or the record (v2, optional).
    pub subject: String,
    /// `parametersId`; empty for none.
    pub parameters_id: String,
    /// `lang`; empty for none.
    pub lang: String,
    /// A person's own words; empty for none.
    pub label: String,
    /// What for.
    pub purpose: Purpose,
}

/// A request with every field in order. Only [`IssueRequest::accept`] makes one.
#[derive(Clone)]
pub(crate) struct Accepted {
    pub(crate) api: ApiGeneration,
    pub(crate) workflow_id: String,
    pub(crate) workflow_name: Option<String>,
    pub(crate) subject: Option<Uuid>,
    pub(crate) parameters_id: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) purpose: Purpose,
    call: Call,
}

#[derive(Clone)]
enum Call {
    V1(TokenRequestV1),
    V2(TokenRequestV2),
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
    /// Checks every field.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub(crate) fn accept(&self) -> Result<Accepted, AppError> {
        let workflow_id =
            id(&self.workflow_id, Field::Workflow, "Choose a workflow")?.ok_or_else(|| {
                AppError::invalid(
                    Field::Workflow,
                    "Choose a workflow",
                    "Pick one or paste its id.",
                )
            })?;
        let subject = subject(&self.subject, self.api)?;
        let parameters_id = id(&self.parameters_id, Field::ParametersId, "Not an id")?;
        let lang = lang(&self.lang)?;
        let label = self.label.trim();
        if label.chars().count() > 200 {
            return Err(AppError::invalid(
                Field::Label,
                "Label too long",
                "A label has up to 200 characters.",
            ));
        }
        let call = match (self.api, subject) {
            (ApiGeneration::V1, Some(case_id)) => Call::V1(TokenRequestV1 {
                case_id,
                workflow_definition_id: workflow_id.clone(),
                parameters_id: parameters_id.clone(),
                lang: lang.clone(),
            }),
            (ApiGeneration::V1, None) => {
                return Err(AppError::invalid(
                    Field::Subject,
                    "Enter a case id",
                    "Token v1 is issued for a case.",
                ));
            }
            (ApiGeneration::V2, record_id) => Call::V2(TokenRequestV2 {
                record_id,
                workflow_definition_id: workflow_id.clone(),
                parameters_id: parameters_id.clone(),
                lang: lang.clone(),
            }),
        };
        Ok(Accepted {
            api: self.api,
            workflow_id,
            workflow_name: None,
            subject,
            parameters_id,
            lang,
            label: (!label.is_empty()).then(|| label.to_owned()),
            purpose: self.purpose,
            call,
        })
    }

    /// The same inputs as an earlier attempt.
    #[must_use]
    pub fn again(entry: &HistoryEntry, purpose: Purpose) -> Self {
        Self {
            workspace_id: entry.workspace_id.clone(),
            api: entry.api,
            workflow_id: entry.workflow_id.clone(),
            subject: entry.subject.clone().unwrap_or_default(),
            parameters_id: entry.parameters_id.clone().unwrap_or_default(),
            lang: entry.lang.clone().unwrap_or_default(),
            label: entry.label.clone().unwrap_or_default(),
            purpose,
        }
    }

    /// The request as it would go out, secrets hidden.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub fn preview(&self) -> Result<RequestPreview, AppError> {
        let shown = match self.accept()?.call {
            Call::V1(request) => request.preview(),
            Call::V2(request) => request.preview(),
        };
        Ok(RequestPreview {
            bytes: u32::try_from(shown.body.len()).unwrap_or(u32::MAX),
            method: shown.method.to_string(),
            path: shown.path.to_string(),
            headers: shown.headers.into_iter().collect(),
            body: shown.body,
        })
    }
}

impl Accepted {
    pub(crate) async fn send(
        &self,
        client: &Client,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Issued, Error> {
        match &self.call {
            Call::V1(request) => client.token_v1(request, on).await,
            Call::V2(request) => client.token_v2(request, on).await,
        }
    }
}

fn subject(text: &str, api: ApiGeneration) -> Result<Option<Uuid>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let what = match api {
        ApiGeneration::V1 => "A case id",
        ApiGeneration::V2 => "A record id",
    };
    Uuid::try_parse(text).map(Some).map_err(|_| {
        AppError::invalid(
            Field::Subject,
            if text.len() < 32 {
                "Too short for an id"
            } else {
                "Not an id"
            },
            format!("{what} looks like 7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f."),
        )
    })
}

/// An id whose form the vendor does not promise: anything printable of a sane length.
fn id(text: &str, field: Field, title: &str) -> Result<Option<String>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > 200 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(AppError::invalid(
            field,
            title,
            "An id has no spaces and up to 200 characters.",
        ));
    }
    Ok(Some(text.to_owned()))
}

fn lang(text: &str) -> Result<Option<String>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fits = text.len() <= 35
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if fits {
        Ok(Some(text.to_owned()))
    } else {
        Err(AppError::invalid(
            Field::Lang,
            "Not a language",
            "A language is a short code such as en or pl.",
        ))
    }
}

/// A fresh token for a preview: its entry and its body.
pub struct Fresh {
    /// The history entry.
    pub entry: HistoryEntry,
    /// The token itself.
    pub token: SecretString,
    /// What the answer calls it; documented is `Bearer`.
    pub token_type: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vendor's documented sample request.
    fn sample() -> IssueRequest {
        IssueRequest {
            workspace_id: "demo".to_owned(),
            api: ApiGeneration::V1,
            workflow_id: "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c".to_owned(),
            subject: "11111111-2222-3333-4444-555555555555".to_owned(),
            parameters_id: "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302".to_owned(),
            lang: String::new(),
            label: String::new(),
            purpose: Purpose::HandOver,
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
