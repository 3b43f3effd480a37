//! `POST /token`, version 1 and 2, and its scenarios.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::Bytes,
    extract::{ConnectInfo, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use uuid::{Builder, Uuid};

use crate::{
    Outcome, Scenario, UNKNOWN_SUBJECT_PREFIX,
    answers::{self, Refusal},
    connection::Cut,
    incoming::{Fields, Version, object, says_json, version},
    scenarios,
    shared::{Shared, WORKSPACE_ID, WidgetToken, lock, now_ms, unauthorized},
    signing::WidgetClaims,
};

/// How long a widget token lives (documented).
const LIFETIME_SECONDS: u32 = 3600;

/// What `POST /token` is asked for, both versions.
struct TokenRequest {
    version: Version,
    subject: Option<Uuid>,
    workflow_definition_id: String,
    parameters_id: Option<String>,
    lang: Option<String>,
}

/// The documented answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenAnswer {
    token: String,
    expiry_duration: u32,
    token_type: &'static str,
}

pub(crate) async fn token(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    shared.admit(&headers, now_ms())?;
    let request = read(&headers, body, shared.options.lenient)?;
    let scenario = known(&request)?;
    match scenario.outcome {
        Outcome::Success => issue(&shared, &request, scenario, LIFETIME_SECONDS).await,
        Outcome::ShortLived(seconds) => issue(&shared, &request, scenario, seconds).await,
        Outcome::Slow(seconds) => {
            wait(seconds).await;
            issue(&shared, &request, scenario, LIFETIME_SECONDS).await
        }
        Outcome::NotFound => Err(subject_not_found(&request)),
        Outcome::BadRequest => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "simulator.invalid_request",
            match request.parameters_id {
                Some(_) => "`parametersId` does not belong to this workflow definition.",
                None => "`parametersId` is required by this workflow definition.",
            },
        )),
        Outcome::Unauthorized => Err(unauthorized(
            "This workflow definition refuses every credential.",
        )),
        Outcome::RateLimited(seconds) => Err(Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "simulator.rate_limited",
            format!("Too many requests; try again after {seconds} s."),
        )
        .retry_after(seconds)),
        Outcome::ServerError => Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "simulator.server_error",
            "This workflow definition always fails.",
        )),
        Outcome::Dropped => {
            connection.now();
            // Never arrives: the connection is cut.
            Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Outcome::Malformed => Ok((
            StatusCode::CREATED,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            "<html><body>A proxy says hello</body></html>",
        )
            .into_response()),
    }
}

fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    lenient: bool,
) -> Result<TokenRequest, Refusal> {
    if !says_json(headers, lenient) {
        // 415 is documented for /auth alone.
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "simulator.wrong_content_type",
            "`Content-Type` is not application/json.",
        ));
    }
    let version = version(headers)?;
    let mut fields = Fields::new(object(body)?);
    let subject = match version {
        Version::V1 => fields.required_id("caseId"),
        Version::V2 => fields.optional_id("recordId"),
    };
    let request = TokenRequest {
        version,
        subject,
        workflow_definition_id: fields.required("workflowDefinitionId"),
        parameters_id: fields.optional("parametersId"),
        lang: fields.optional("lang"),
    };
    fields.check()?;
    Ok(request)
}

/// The scenario of a request whose workflow definition and subject exist.
fn known(request: &TokenRequest) -> Result<&'static Scenario, Refusal> {
    let asked = request.workflow_definition_id.as_str();
    let scenario = scenarios()
        .iter()
        .find(|s| s.workflow_definition_id.eq_ignore_ascii_case(asked));
    let Some(scenario) = scenario else {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "simulator.workflow_definition_not_found",
            "Workflow definition not found: `workflowDefinitionId` is none of the simulator's.",
        ));
    };
    let unknown = |id: Uuid| id.to_string().starts_with(UNKNOWN_SUBJECT_PREFIX);
    if request.subject.is_some_and(unknown) {
        return Err(subject_not_found(request));
    }
    Ok(scenario)
}

fn subject_not_found(request: &TokenRequest) -> Refusal {
    let (subject, field) = match request.version {
        Version::V1 => ("Case", "caseId"),
        Version::V2 => ("Record", "recordId"),
    };
    Refusal::new(
        StatusCode::NOT_FOUND,
        "simulator.subject_not_found",
        format!("{subject} not found: `{field}` is unknown in this workspace."),
    )
}

async fn wait(seconds: u32) {
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
}

async fn issue(
    shared: &Shared,
    request: &TokenRequest,
    scenario: &Scenario,
    seconds: u32,
) -> Result<Response, Refusal> {
    let now_ms = now_ms();
    let iat = now_ms / 1000;
    let exp = iat + u64::from(seconds);
    let token = shared
        .widget_key
        .sign(&WidgetClaims {
            customer_id: Uuid::new_v4().to_string(),
            party_id: party(request.subject).to_string(),
            workspace_id: WORKSPACE_ID.to_owned(),
            iat,
            exp,
        })
        .await?;
    let given = WidgetToken {
        workflow: scenario.name,
        lang: request.lang.clone(),
        used: false,
    };
    lock(&shared.widget_tokens).put(&token, given, exp * 1000, now_ms);
    Ok(answers::secret(
        StatusCode::CREATED,
        TokenAnswer {
            token,
            expiry_duration: seconds,
            token_type: "Bearer",
        },
    ))
}

/// The party behind a subject: always the same one for the same subject.
fn party(subject: Option<Uuid>) -> Uuid {
    let Some(subject) = subject else {
        return Uuid::new_v4();
    };
    let mut bytes = [0; 16];
    let digest = digest(&SHA256, subject.as_bytes());
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn slow_waits_as_long_as_it_says() {
        let begun = Instant::now();
        wait(12).await;
        assert_eq!(begun.elapsed().as_secs(), 12);
    }

    #[test]
    fn a_subject_has_one_party() {
        let subject = Uuid::new_v4();
        assert_eq!(party(Some(subject)), party(Some(subject)));
        assert_ne!(party(Some(subject)), subject);
        assert_ne!(party(None), party(None));
    }
}
