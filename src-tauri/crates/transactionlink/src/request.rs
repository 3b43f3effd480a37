//! What is asked of `POST /token`, byte for byte as documented.

use serde::Serialize;
use uuid::Uuid;

/// A token for a case: `POST /token`, version 1 (documented).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequestV1 {
    /// The case.
    pub case_id: Uuid,
    /// The workflow. Documented as a string of no given format.
    pub workflow_definition_id: String,
    /// Parameters made beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters_id: Option<String>,
    /// The widget's language; only `en` is proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A token for a record, or for none: `POST /token`, version 2 (documented; what is required of
/// it is inferred from its siblings).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequestV2 {
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<Uuid>,
    /// The workflow. Documented as a string of no given format.
    pub workflow_definition_id: String,
    /// Parameters made beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters_id: Option<String>,
    /// The widget's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A request as it goes out, with the credential hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPreview {
    /// The HTTP method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// The path tokens are issued at.
pub(crate) const TOKEN_PATH: &str = "/token";
/// How version 1 is asked for (documented as the default).
pub(crate) const ACCEPT_V1: &str = "application/json";
/// How version 2 is asked for (documented).
pub(crate) const ACCEPT_V2: &str = "application/json;version=2";

impl TokenRequestV1 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        preview(ACCEPT_V1, body(self))
    }
}

impl TokenRequestV2 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        preview(ACCEPT_V2, body(self))
    }
}

/// The compact JSON that is sent; strings and ids always serialise.
pub(crate) fn body(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

fn preview(accept: &str, body: String) -> RequestPreview {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    RequestPreview {
        method: "POST",
        path: TOKEN_PATH,
        headers: vec![
            header("Authorization", "\u{2022}\u{2022}\u{2022}\u{2022}"),
            header("Accept", accept),
            header("Content-Type", "application/json"),
        ],
        body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(lang: Option<&str>) -> TokenRequestV1 {
        TokenRequestV1 {
            case_id: Uuid::try_parse("11111111-2222-3333-4444-555555555555").unwrap(),
            workflow_definition_id: "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c".to_owned(),
            parameters_id: Some("4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302".to_owned()),
            lang: lang.map(str::to_owned),
        }
    }

    #[test]
    fn the_documented_samples_have_the_documented_lengths() {
        assert_eq!(body(&sample(None)).len(), 165);
        assert_eq!(body(&sample(Some("en"))).len(), 177);
    }

    #[test]
    fn what_is_not_there_is_not_sent() {
        let request = TokenRequestV2 {
            record_id: None,
            workflow_definition_id: "w".to_owned(),
            parameters_id: None,
            lang: None,
        };
        assert_eq!(body(&request), r#"{"workflowDefinitionId":"w"}"#);
    }
}
