//! `POST /resources`: files that the documents of a case are.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answers::{Refusal, Refuses},
    incoming::Admitted,
    shared::{REMEMBERED_MS, Shared, WORKSPACE_ID, lock, now_ms},
    uploads::{FileForm, upload},
};

/// A document of a case: a resource (documented).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentDto {
    /// Of `POST /resources`.
    resource_id: Uuid,
    #[schema(example = "File name.pdf")]
    resource_name: String,
    #[schema(
        example = "resources/1f9d28bb-7494-4531-b50e-fc5a9a11b483/4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302/File name.pdf"
    )]
    resource_path: String,
}

/// A resource (documented).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateResourceResponse {
    #[schema(example = "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302")]
    resource_id: String,
    #[schema(example = "File name.pdf")]
    resource_name: String,
    #[schema(
        example = "resources/1f9d28bb-7494-4531-b50e-fc5a9a11b483/4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302/File name.pdf"
    )]
    resource_path: String,
}

/// Uploads a file.
///
/// The form's field and the status are invented.
#[utoipa::path(
    post, path = "/resources", tag = "resources", operation_id = "create-resource",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The resource", body = CreateResourceResponse),
        Refuses<400>, Refuses<401>, Refuses<413>,
    ),
)]
pub(crate) async fn create(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<CreateResourceResponse>), Refusal> {
    let file = upload(form, false).await?;
    let now_ms = now_ms();
    let resource_id = Uuid::new_v4().to_string();
    let ends_at_ms = now_ms.saturating_add(REMEMBERED_MS);
    // The file itself is asked for by nobody.
    lock(&shared.resources).put(&resource_id, (), ends_at_ms, now_ms);
    let answer = CreateResourceResponse {
        resource_path: format!("resources/{WORKSPACE_ID}/{resource_id}/{}", file.name),
        resource_id,
        resource_name: file.name,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

impl Shared {
    /// Refuses documents that are no resources of this workspace (invented).
    pub(crate) fn must_exist(&self, documents: &[DocumentDto], now_ms: u64) -> Result<(), Refusal> {
        let mut resources = lock(&self.resources);
        for (i, document) in documents.iter().enumerate() {
            let id = document.resource_id.to_string();
            if resources.get(&id, now_ms).is_none() {
                let at = format!("documents[{i}].resourceId");
                return Err(Refusal::field(&at, "is no resource of this workspace"));
            }
        }
        Ok(())
    }
}
