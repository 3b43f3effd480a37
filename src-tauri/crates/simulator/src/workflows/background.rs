//! `POST /workflows/run`, version 1 and 2: the older way to start a run, without an end user.

use std::sync::Arc;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Run, read::WorkflowExecutionQueryDto};
use crate::{
    Outcome,
    answers::{Refusal, Refuses},
    asked::{Asked, EitherVersion, fault},
    connection::Cut,
    incoming::{Admitted, Body, Version, must_be_json, object, version},
    shape::shaped,
    shared::{Shared, now_ms},
};

/// The body of version 1 (documented).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateWorkflowExecutionDto {
    /// The case it is for.
    #[schema(example = "11111111-2222-3333-4444-555555555555")]
    case_id: Uuid,
    /// The workflow definition to run.
    #[schema(min_length = 1, example = "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0b")]
    workflow_definition_id: String,
    /// The parameters to run it with.
    #[schema(min_length = 1, example = "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302")]
    parameters_id: Option<String>,
}

/// The body of version 2 (documented; that it takes `parametersId` is inferred).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateWorkflowExecutionV2Dto {
    /// The record it is for.
    #[schema(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Option<Uuid>,
    /// The workflow definition to run.
    #[schema(min_length = 1, example = "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0b")]
    workflow_definition_id: String,
    /// The parameters to run it with.
    #[schema(min_length = 1, example = "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302")]
    parameters_id: Option<String>,
}

type RunBody = EitherVersion<CreateWorkflowExecutionDto, CreateWorkflowExecutionV2Dto>;

/// Starts a run without an end user.
///
/// A workflow with a task that needs the end user is refused.
#[utoipa::path(
    post, path = "/workflows/run", tag = "workflows",
    operation_id = "run-workflow",
    request_body(content(
        (RunBody = "application/json"),
        (CreateWorkflowExecutionV2Dto = "application/json;version=2"),
    )),
    responses(
        (status = 200, description = "Workflow has been run", body = WorkflowExecutionQueryDto),
        Refuses<400>, Refuses<401>, Refuses<403>, Refuses<404>, Refuses<406>, Refuses<413>,
        Refuses<429>, Refuses<500>,
    ),
)]
pub(crate) async fn run(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<WorkflowExecutionQueryDto>, Refusal> {
    let asked = read(&headers, body, shared.options.lenient)?;
    let scenario = asked.settle(&shared, &connection, StatusCode::OK).await?;
    if scenario.outcome != Outcome::Background {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "simulator.needs_end_user",
            "`workflowDefinitionId` names a workflow that needs the end user: run it by POST /workflows.",
        ));
    }
    let now_ms = now_ms();
    let workflow = asked.workflow_definition_id;
    let run = Run::new(workflow, scenario, asked.subject, None, now_ms);
    let answer = WorkflowExecutionQueryDto::of(&run, asked.version, now_ms);
    shared.begin(run);
    Ok(Json(answer))
}

fn read(headers: &HeaderMap, body: Body, lenient: bool) -> Result<Asked, Refusal> {
    must_be_json(headers, lenient, StatusCode::BAD_REQUEST)?;
    let version = version(headers)?;
    let object = object(body)?;
    let (subject, workflow_definition_id, parameters_id) = match version {
        Version::V1 => {
            let body: CreateWorkflowExecutionDto = shaped(object)?;
            let workflow = body.workflow_definition_id;
            (Some(body.case_id), workflow, body.parameters_id)
        }
        Version::V2 => {
            let body: CreateWorkflowExecutionV2Dto = shaped(object)?;
            let workflow = body.workflow_definition_id;
            (body.record_id, workflow, body.parameters_id)
        }
    };
    Ok(Asked {
        version,
        subject,
        workflow_definition_id,
        lang: None,
        fault: fault(parameters_id.is_some()),
    })
}
