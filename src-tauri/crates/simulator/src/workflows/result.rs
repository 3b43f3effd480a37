//! `GET /workflows/{workflowId}/result`: what a completed run found out.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Run, RunPath, Status, run_not_found};
use crate::{
    answers::{self, Refusal, Refuses},
    asked::party,
    cases::PartyDetails,
    incoming::{Admitted, In, Version, version},
    shared::{Shared, iso, now_ms},
};

/// The documented sample's shape; `recordId` in version 2 is inferred, `output` is invented.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowResult {
    /// When the run was started.
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    created_date: String,
    /// The case it was for, in version 1.
    #[schema(nullable = false, example = "11111111-2222-3333-4444-555555555555")]
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<Uuid>,
    /// The record it was for, in version 2.
    #[schema(nullable = false, example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    #[serde(skip_serializing_if = "Option::is_none")]
    record_id: Option<Uuid>,
    /// The party behind the subject.
    party_id: Uuid,
    party_details: PartyDetails,
    output: Output,
}

/// What a process may put out, with every kind of value (invented).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Output {
    /// The name of the workflow definition.
    #[schema(example = "KYC individual – Poland")]
    workflow: &'static str,
    /// Whether everything was found good.
    approved: bool,
    /// Between 0 and 1.
    #[schema(example = 0.97)]
    score: f64,
    /// Who looked at it; nobody.
    #[schema(example = json!(null))]
    reviewer: Option<String>,
    /// The checks, one by one.
    checks: Vec<OutputCheck>,
    /// The parameters of the run, as they were given.
    #[schema(value_type = Object, example = json!({}))]
    parameters: serde_json::Map<String, serde_json::Value>,
}

/// One check of [`Output`].
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OutputCheck {
    #[schema(example = "document")]
    name: &'static str,
    passed: bool,
    /// What was compared.
    #[schema(value_type = Object, example = json!({ "country": "PL", "sides": 2 }))]
    details: serde_json::Value,
}

/// Gives what a completed run found out.
///
/// Only available after completion.
#[utoipa::path(
    get, path = "/workflows/{workflowId}/result", tag = "workflows",
    operation_id = "get-workflow-result",
    params(RunPath),
    responses(
        (status = 200, description = "The result", body = WorkflowResult),
        Refuses<400>, Refuses<401>, Refuses<404>, Refuses<406>,
    ),
)]
pub(crate) async fn result(
    _: Admitted,
    In(path): In<RunPath>,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let version = version(&headers)?;
    let now_ms = now_ms();
    let run = shared.run(path.workflow_id, now_ms);
    let run = run.ok_or_else(run_not_found)?;
    if run.status_at(now_ms) != Status::Completed {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "simulator.result_not_available",
            "The result is only available after completion.",
        ));
    }
    let details = shared.party_details(run.subject, now_ms);
    // Of a person: nobody on the way may keep it.
    Ok(answers::secret(
        StatusCode::OK,
        found_out(run, version, details),
    ))
}

fn found_out(run: Run, version: Version, party_details: PartyDetails) -> WorkflowResult {
    let (case_id, record_id) = match version {
        Version::V1 => (run.subject, None),
        Version::V2 => (None, run.subject),
    };
    WorkflowResult {
        created_date: iso(run.started_at_ms),
        case_id,
        record_id,
        party_id: party(Some(run.subject.unwrap_or(run.id))),
        party_details,
        output: Output {
            workflow: run.scenario.name,
            approved: true,
            score: 0.97,
            reviewer: None,
            checks: vec![
                OutputCheck {
                    name: "document",
                    passed: true,
                    details: json!({ "country": "PL", "kind": "identity-card", "sides": 2 }),
                },
                OutputCheck {
                    name: "watch-lists",
                    passed: true,
                    details: json!({ "lists": ["sanctions", "politically exposed"], "hits": 0 }),
                },
            ],
            parameters: run.details.map(|d| d.parameters).unwrap_or_default(),
        },
    }
}
