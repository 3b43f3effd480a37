//! `POST /token`, version 1 and 2.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answers::{self, Refusal, Refuses},
    asked::{Asked, CreateWorkflowTokenV2Dto, TokenBody},
    connection::Cut,
    incoming::{Admitted, Body},
    shared::{Shared, WidgetToken},
};

/// The documented answer of version 1; that version 2 answers the same is invented.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowTokenDto {
    /// The widget token.
    #[schema(example = "eyJhbGciOiJSUzUxMiJ9.e30.c2lnbmF0dXJl")]
    #[schema(pattern = "^[!-~]+$")]
    token: String,
    /// How long it lives, in seconds.
    #[schema(example = 3600)]
    expiry_duration: u32,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
}

/// Issues a widget token.
///
/// Version 1 is for a case, version 2 for a record or none. It opens the widget once.
#[utoipa::path(
    post, path = "/token", tag = "token",
    operation_id = "create-token",
    request_body(content(
        (TokenBody = "application/json"),
        (CreateWorkflowTokenV2Dto = "application/json;version=2"),
    )),
    responses(
        (status = 201, description = "Token has been generated", body = WorkflowTokenDto),
        Refuses<400>, Refuses<401>, Refuses<403>, Refuses<404>, Refuses<406>, Refuses<413>,
        Refuses<429>, Refuses<500>,
    ),
)]
pub(crate) async fn token(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let asked = Asked::read(&headers, body, shared.options.lenient)?;
    let scenario = asked.settle_for_end_user(&shared, &connection).await?;
    let seconds = scenario.outcome.token_seconds();
    let given = WidgetToken {
        workflow: scenario.name,
        lang: asked.lang,
        run: None,
        used: false,
    };
    let token = shared.widget_token(asked.subject, given, seconds).await?;
    Ok(answers::secret(
        StatusCode::CREATED,
        WorkflowTokenDto {
            token,
            expiry_duration: seconds,
            token_type: "Bearer",
        },
    ))
}
