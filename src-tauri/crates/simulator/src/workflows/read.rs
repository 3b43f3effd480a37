//! `GET /workflows/{workflowId}`: where a run stands.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};
use uuid::Uuid;

use super::{Run, RunPath, Status, run_not_found, start::RunDetails};
use crate::{
    Outcome,
    answers::{Refusal, Refuses},
    incoming::{Admitted, In, Version, version},
    shared::{Shared, now_ms},
};

/// Where a run stands. `id`, `status` and the subject are documented; that a run of
/// `POST /workflows` tells the rest too is invented.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowExecutionQueryDto {
    /// The run.
    id: Uuid,
    /// The case it is for, in version 1.
    #[schema(nullable = false, example = "11111111-2222-3333-4444-555555555555")]
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<Uuid>,
    /// The record it is for, in version 2.
    #[schema(nullable = false, example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    #[serde(skip_serializing_if = "Option::is_none")]
    record_id: Option<Uuid>,
    status: Status,
    /// `INTERACTIVE` or `BACKGROUND`, of a run of `POST /workflows`.
    #[schema(nullable = false, example = "INTERACTIVE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_type: Option<&'static str>,
    #[serde(flatten)]
    details: MaybeDetails,
}

/// The details, each of them optional.
#[derive(Serialize)]
#[serde(transparent)]
struct MaybeDetails(Option<RunDetails>);

impl PartialSchema for MaybeDetails {
    fn schema() -> RefOr<Schema> {
        let mut schema = RunDetails::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
        }
        schema
    }
}

impl ToSchema for MaybeDetails {
    fn name() -> std::borrow::Cow<'static, str> {
        "OptionalRunDetails".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        RunDetails::schemas(schemas);
    }
}

impl WorkflowExecutionQueryDto {
    pub(super) fn of(run: &Run, version: Version, now_ms: u64) -> Self {
        let details = RunDetails::of(run);
        let (case_id, record_id) = match version {
            Version::V1 => (run.subject, None),
            Version::V2 => (None, run.subject),
        };
        let execution_type = if run.scenario.outcome == Outcome::Background {
            "BACKGROUND"
        } else {
            "INTERACTIVE"
        };
        Self {
            id: run.id,
            case_id,
            record_id,
            status: run.status_at(now_ms),
            execution_type: details.is_some().then_some(execution_type),
            details: MaybeDetails(details),
        }
    }
}

/// Says where a run stands.
#[utoipa::path(
    get, path = "/workflows/{workflowId}", tag = "workflows",
    operation_id = "get-workflow",
    params(RunPath),
    responses(
        (status = 200, description = "Where it stands", body = WorkflowExecutionQueryDto),
        Refuses<400>, Refuses<401>, Refuses<404>, Refuses<406>,
    ),
)]
pub(crate) async fn read(
    _: Admitted,
    In(path): In<RunPath>,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Json<WorkflowExecutionQueryDto>, Refusal> {
    let version = version(&headers)?;
    let now_ms = now_ms();
    let run = shared.run(path.workflow_id, now_ms);
    let run = run.ok_or_else(run_not_found)?;
    Ok(Json(WorkflowExecutionQueryDto::of(&run, version, now_ms)))
}
