//! Workflow runs: started by `POST /workflows` and `POST /workflows/run`, read by
//! `GET /workflows/{workflowId}` and, when completed, `GET /workflows/{workflowId}/result`.

pub(crate) mod background;
pub(crate) mod read;
pub(crate) mod result;
mod run;
pub(crate) mod start;

pub(crate) use run::{Run, Status};

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answers::Refusal;

/// The run in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct RunPath {
    /// The run.
    workflow_id: Uuid,
}

fn run_not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "simulator.workflow_not_found",
        "Workflow not found: `workflowId` is no run of this workspace.",
    )
}
