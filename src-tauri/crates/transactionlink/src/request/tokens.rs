//! What is asked of `POST /token`, `POST /link` and `POST /link/send`, byte for byte as documented.

use serde::Serialize;
use uuid::Uuid;

use super::{ACCEPT_V1, ACCEPT_V2, JSON, RequestPreview, body};

/// A token for a case: `POST /token`, version 1 (documented). A link is asked for with the same.
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
/// it is inferred from its siblings). A link is asked for with the same (inferred).
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

/// What is to become of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkCall {
    /// It is answered only: `POST /link` (documented).
    Make,
    /// It is also sent to the subject: `POST /link/send` (documented; how is not).
    Send,
}

impl LinkCall {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Make => "/link",
            Self::Send => "/link/send",
        }
    }
}

/// The path tokens are issued at.
pub(crate) const TOKEN_PATH: &str = "/token";

impl TokenRequestV1 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        RequestPreview::post(TOKEN_PATH, ACCEPT_V1, JSON, body(self))
    }

    /// The request for a link as it goes out.
    #[must_use]
    pub fn link_preview(&self, call: LinkCall) -> RequestPreview {
        RequestPreview::post(call.path(), ACCEPT_V1, JSON, body(self))
    }
}

impl TokenRequestV2 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        RequestPreview::post(TOKEN_PATH, ACCEPT_V2, JSON, body(self))
    }

    /// The request for a link as it goes out.
    #[must_use]
    pub fn link_preview(&self, call: LinkCall) -> RequestPreview {
        RequestPreview::post(call.path(), ACCEPT_V2, JSON, body(self))
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
