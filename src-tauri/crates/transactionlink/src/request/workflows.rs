//! What is asked of `POST /workflows` and `POST /workflows/run`.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{ACCEPT_V1, ACCEPT_V2, JSON, JSON_UTF8, RequestPreview, body};

/// The path runs are started at.
pub(crate) const RUN_PATH: &str = "/workflows";
/// The older path, for runs without an end user.
pub(crate) const RUN_BACKGROUND_PATH: &str = "/workflows/run";

/// A run of a workflow: `POST /workflows` (documented).
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunRequest {
    /// The workflow. Documented as a string of no given format.
    pub workflow_definition_id: String,
    /// The widget's language; `en`, `fr` and `uk` are in the documentation's samples.
    pub locale: String,
    /// Always sent: documented as required, though the vendor's Node example leaves it out.
    /// A JSON object, which goes out as it stands.
    pub parameters: Box<RawValue>,
    /// Between 30 minutes and 30 days from now (documented). Sent in milliseconds and UTC (seen).
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "instant")]
    pub expires_at: Option<SystemTime>,
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<Uuid>,
}

/// A run without an end user for a case: `POST /workflows/run`, version 1 (documented).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackgroundRequestV1 {
    /// The case.
    pub case_id: Uuid,
    /// The workflow, which may have no task that needs the end user.
    pub workflow_definition_id: String,
    /// Parameters made beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters_id: Option<String>,
}

/// The same for a record, or for none: version 2 (documented; `parametersId` is inferred).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackgroundRequestV2 {
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<Uuid>,
    /// The workflow, which may have no task that needs the end user.
    pub workflow_definition_id: String,
    /// Parameters made beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters_id: Option<String>,
}

impl RunRequest {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        RequestPreview::post(RUN_PATH, ACCEPT_V1, JSON_UTF8, body(self))
    }
}

impl BackgroundRequestV1 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        RequestPreview::post(RUN_BACKGROUND_PATH, ACCEPT_V1, JSON, body(self))
    }
}

impl BackgroundRequestV2 {
    /// The request as it goes out.
    #[must_use]
    pub fn preview(&self) -> RequestPreview {
        RequestPreview::post(RUN_BACKGROUND_PATH, ACCEPT_V2, JSON, body(self))
    }
}

impl fmt::Debug for RunRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunRequest")
            .field("workflow_definition_id", &self.workflow_definition_id)
            .field("locale", &self.locale)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BackgroundRequestV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundRequestV1")
            .field("workflow_definition_id", &self.workflow_definition_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BackgroundRequestV2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundRequestV2")
            .field("workflow_definition_id", &self.workflow_definition_id)
            .finish_non_exhaustive()
    }
}

fn instant<S: Serializer>(at: &Option<SystemTime>, to: S) -> Result<S::Ok, S::Error> {
    // A time beyond what can be written is far beyond what is allowed, and is refused as that.
    let written = at.map(|at| {
        Timestamp::try_from(at).unwrap_or(if at < UNIX_EPOCH {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    });
    match written {
        Some(at) => to.collect_str(&format_args!("{at:.3}")),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run(expires_at: Option<SystemTime>) -> RunRequest {
        RunRequest {
            workflow_definition_id: "w".to_owned(),
            locale: "uk".to_owned(),
            parameters: RawValue::from_string("{}".to_owned()).unwrap(),
            expires_at,
            record_id: None,
        }
    }

    #[test]
    fn parameters_are_sent_even_if_there_are_none() {
        assert_eq!(
            body(&run(None)),
            r#"{"workflowDefinitionId":"w","locale":"uk","parameters":{}}"#
        );
    }

    #[test]
    fn the_expiry_has_the_form_of_the_vendors_example() {
        let sent = |at| body(&run(Some(at)));
        let at = UNIX_EPOCH + Duration::from_micros(1_795_536_000_000_999);
        assert!(sent(at).contains(r#""expiresAt":"2026-11-24T16:00:00.000Z""#));
        let half = UNIX_EPOCH + Duration::from_millis(1_795_536_000_500);
        assert!(sent(half).contains(r#""expiresAt":"2026-11-24T16:00:00.500Z""#));
        let never = UNIX_EPOCH + Duration::from_secs(1 << 50);
        assert!(sent(never).contains(r#""expiresAt":"9999-12-30T22:00:00.999Z""#));
    }

    #[test]
    fn what_is_not_there_is_not_sent() {
        let request = BackgroundRequestV2 {
            record_id: None,
            workflow_definition_id: "w".to_owned(),
            parameters_id: None,
        };
        let shown = request.preview();
        assert_eq!(shown.body, r#"{"workflowDefinitionId":"w"}"#);
        assert_eq!(shown.path, "/workflows/run");
    }
}
