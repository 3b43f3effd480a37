//! `POST /workflows`: starts a run, interactive or in the background.

use std::sync::Arc;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Run, Status, run::Details};
use crate::{
    Outcome,
    answers::{self, Refusal, Refuses},
    asked::Asked,
    connection::Cut,
    incoming::{Admitted, Body, Version, must_be_json, object},
    shape::shaped,
    shared::{Shared, WORKSPACE_ID, WidgetToken, iso, now_ms},
};

/// How long a run lives where nothing is said (inferred from the vendor's samples).
const LIFE_MS: u64 = 3600 * 1000;
/// Between 30 minutes and 30 days (documented).
const SHORTEST_MS: u64 = 30 * 60 * 1000;
const LONGEST_MS: u64 = 30 * 24 * 3600 * 1000;
/// The caller's clock, and the way here, may be off by this much.
const TOLERANCE_MS: u64 = 5000;

/// The documented request.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InitialiseWorkflowRequest {
    /// The workflow definition to run.
    #[schema(min_length = 1, example = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c")]
    workflow_definition_id: String,
    /// The language.
    #[schema(min_length = 1, example = "en")]
    locale: String,
    /// Keys and values that the workflow definition takes; may be `{}`.
    #[schema(value_type = Object, example = json!({}))]
    parameters: Map<String, Value>,
    /// When it expires: between 30 minutes and 30 days from now.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The record it is for.
    #[schema(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Option<Uuid>,
}

/// What a run of `POST /workflows` tells of itself (documented; `origin` is a string by invention).
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunDetails {
    /// The workspace it runs in.
    #[schema(example = "1f9d28bb-7494-4531-b50e-fc5a9a11b483")]
    workspace_id: Uuid,
    /// The workflow definition that runs.
    #[schema(example = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c")]
    workflow_definition_id: String,
    /// As they were given.
    #[schema(value_type = Object, example = json!({}))]
    parameters: Map<String, Value>,
    /// The workflow's reference name.
    #[schema(example = "KYC individual – Poland")]
    name: &'static str,
    /// The revision that runs.
    #[schema(example = "abc")]
    revision: &'static str,
    /// As it was given.
    #[schema(example = "en")]
    locale: String,
    /// When it expires.
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    expires_at: String,
    /// How the widget looks.
    #[schema(value_type = Object, example = json!({}))]
    ui_options: Map<String, Value>,
    /// The version of its execution.
    #[schema(example = 1)]
    execution_version: u32,
    /// Where it was started from.
    #[schema(example = "API")]
    origin: &'static str,
}

impl RunDetails {
    /// `None` for a run that `POST /workflows/run` started.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let details = run.details.as_ref()?;
        Some(Self {
            workspace_id: Uuid::try_parse(WORKSPACE_ID).unwrap_or_default(),
            workflow_definition_id: run.workflow_definition_id.clone(),
            parameters: details.parameters.clone(),
            name: run.scenario.name,
            revision: "abc",
            locale: details.locale.clone(),
            expires_at: iso(details.expires_at_ms),
            ui_options: Map::new(),
            execution_version: 1,
            origin: "API",
        })
    }
}

/// A run without an end user (documented).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InitialiseWorkflowBackgroundResponse {
    /// The run.
    id: Uuid,
    status: Status,
    execution_type: Background,
    #[serde(flatten)]
    details: RunDetails,
}

/// A run with an end user (seen; its name and `INTERACTIVE` are inferred).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InitialiseWorkflowInteractiveResponse {
    /// The run.
    id: Uuid,
    status: Status,
    execution_type: Interactive,
    #[serde(flatten)]
    details: RunDetails,
    /// The widget token.
    #[schema(example = "eyJhbGciOiJSUzUxMiJ9.e30.c2lnbmF0dXJl")]
    #[schema(pattern = "^[!-~]+$")]
    token: String,
    /// The hosted page with that token.
    #[schema(
        example = "https://link.transactionlink.io/?token=eyJhbGciOiJSUzUxMiJ9.e30.c2lnbmF0dXJl"
    )]
    link: String,
}

/// A run without an end user.
#[derive(Serialize, ToSchema)]
pub(crate) enum Background {
    /// Documented.
    #[serde(rename = "BACKGROUND")]
    Background,
}

/// A run with an end user.
#[derive(Serialize, ToSchema)]
pub(crate) enum Interactive {
    /// Inferred.
    #[serde(rename = "INTERACTIVE")]
    Interactive,
}

/// One of both.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum InitialiseWorkflowResponse {
    Interactive(Box<InitialiseWorkflowInteractiveResponse>),
    Background(Box<InitialiseWorkflowBackgroundResponse>),
}

/// Starts a run.
///
/// One with an end user comes with a widget token and a link. Needs `can_run` on the definition.
#[utoipa::path(
    post, path = "/workflows", tag = "workflows",
    operation_id = "initialise-workflow",
    request_body = InitialiseWorkflowRequest,
    responses(
        (status = 200, description = "The run has started", body = InitialiseWorkflowResponse),
        Refuses<400>, Refuses<401>, Refuses<403>, Refuses<404>, Refuses<413>, Refuses<429>,
        Refuses<500>,
    ),
)]
pub(crate) async fn start(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let request = read(&headers, body, shared.options.lenient)?;
    let now_ms = now_ms();
    let expires_at_ms = match request.expires_at {
        Some(asked) => in_time(asked, now_ms)?,
        None => now_ms.saturating_add(LIFE_MS),
    };
    let asked = Asked {
        version: Version::V2,
        subject: request.record_id,
        workflow_definition_id: request.workflow_definition_id,
        lang: Some(request.locale.clone()),
        fault: "`parameters` are not those of this workflow definition.",
    };
    let scenario = asked.settle(&shared, &connection, StatusCode::OK).await?;
    let expires_at_ms = match scenario.outcome {
        Outcome::ShortLived(seconds) => now_ms.saturating_add(u64::from(seconds) * 1000),
        _ => expires_at_ms,
    };
    let run = Run::new(
        asked.workflow_definition_id,
        scenario,
        asked.subject,
        Some(Details {
            locale: request.locale,
            parameters: request.parameters,
            expires_at_ms,
        }),
        now_ms,
    );
    let Some(details) = RunDetails::of(&run) else {
        return Err(Refusal::broken("a run lost its details"));
    };
    let (id, status) = (run.id, run.status);
    if scenario.outcome == Outcome::Background {
        shared.begin(run);
        let answer = InitialiseWorkflowBackgroundResponse {
            id,
            status,
            execution_type: Background::Background,
            details,
        };
        let answer = InitialiseWorkflowResponse::Background(answer.into());
        return Ok(Json(answer).into_response());
    }
    let token = WidgetToken {
        workflow: scenario.name,
        lang: asked.lang,
        run: Some(id),
        used: false,
    };
    let left = expires_at_ms.saturating_sub(now_ms) / 1000;
    let left = u32::try_from(left).unwrap_or(u32::MAX);
    let seconds = left.min(scenario.outcome.token_seconds());
    let token = shared.widget_token(asked.subject, token, seconds).await?;
    shared.begin(run);
    let answer = InitialiseWorkflowInteractiveResponse {
        id,
        status,
        execution_type: Interactive::Interactive,
        details,
        link: format!("{}/?token={token}", shared.origin),
        token,
    };
    let answer = InitialiseWorkflowResponse::Interactive(answer.into());
    Ok(answers::secret(StatusCode::OK, answer))
}

fn read(
    headers: &HeaderMap,
    body: Body,
    lenient: bool,
) -> Result<InitialiseWorkflowRequest, Refusal> {
    must_be_json(headers, lenient, StatusCode::BAD_REQUEST)?;
    let mut object = object(body)?;
    if lenient {
        // The vendor's Node example leaves them out, though they are required.
        object.entry("parameters").or_insert_with(|| json!({}));
    }
    shaped(object)
}

/// The time asked for in milliseconds, if a run may live so long.
fn in_time(asked: Timestamp, now_ms: u64) -> Result<u64, Refusal> {
    let asked_ms = u64::try_from(asked.as_millisecond()).unwrap_or(0);
    let earliest = now_ms.saturating_add(SHORTEST_MS - TOLERANCE_MS);
    let latest = now_ms.saturating_add(LONGEST_MS + TOLERANCE_MS);
    if (earliest..=latest).contains(&asked_ms) {
        return Ok(asked_ms);
    }
    Err(Refusal::field(
        "expiresAt",
        "is not between 30 minutes and 30 days from now",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_lives_between_30_minutes_and_30_days() {
        let now = 1_700_000_000_000_u64;
        for (after_ms, good) in [
            (0, false),
            (SHORTEST_MS - TOLERANCE_MS - 1, false),
            (SHORTEST_MS - TOLERANCE_MS, true),
            (SHORTEST_MS, true),
            (LIFE_MS, true),
            (LONGEST_MS + TOLERANCE_MS, true),
            (LONGEST_MS + TOLERANCE_MS + 1, false),
        ] {
            let asked = i64::try_from(now + after_ms).unwrap();
            let asked = Timestamp::from_millisecond(asked).unwrap();
            assert_eq!(in_time(asked, now).is_ok(), good, "{after_ms}");
        }
        assert!(in_time(Timestamp::MIN, now).is_err());
    }
}
