//! The attachments of a record: listed, uploaded, downloaded by a link that lives shortly, deleted.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    answers::{self, Refusal, Refuses, no_endpoint},
    incoming::{Admitted, In},
    shared::{Shared, iso, lock, now_ms},
    uploads::{TaggedFileForm, upload},
};

/// All attachments together; beyond that the oldest are forgotten.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// And so many at most.
const MOST: usize = 1024;
/// How long a link to a file lives (invented).
const LINK_MS: u64 = 5 * 60 * 1000;

/// An attachment (documented).
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttachmentDto {
    /// The attachment.
    id: Uuid,
    /// The record it belongs to.
    #[schema(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Uuid,
    /// The file's name.
    #[schema(example = "File name.pdf")]
    name: String,
    /// The file's media type.
    #[schema(example = "application/pdf")]
    r#type: String,
    /// The file's size in bytes.
    #[schema(example = 12345)]
    size: usize,
    /// When it was uploaded.
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    created_date_time: String,
    /// Words to find it by.
    #[schema(example = json!(["contract"]))]
    tags: Vec<String>,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(
    dead_code,
    reason = "for the description; a file is answered as its bytes"
)]
struct FileBytes(Vec<u8>);

/// Where a file is (documented).
#[derive(Serialize, ToSchema)]
pub(crate) struct AttachmentLink {
    /// Needs no credential, and lives for 5 minutes.
    #[schema(example = "http://127.0.0.1:8130/simulator/files/0df7e442720c4afb8fedc2664d6cb803")]
    link: String,
}

/// Attachments in the order they came.
#[derive(Default)]
pub(crate) struct Attachments(Vec<Attachment>);

#[derive(Clone)]
struct Attachment {
    about: AttachmentDto,
    bytes: Arc<[u8]>,
}

impl Attachments {
    fn put(&mut self, attachment: Attachment) {
        self.0.push(attachment);
        let mut bytes: usize = self.0.iter().map(|a| a.bytes.len()).sum();
        while self.0.len() > MOST || bytes > MOST_BYTES {
            bytes -= self.0.remove(0).bytes.len();
        }
    }

    fn of(&self, record: Uuid) -> impl Iterator<Item = &Attachment> {
        self.0.iter().filter(move |a| a.about.record_id == record)
    }

    fn get(&self, record: Uuid, id: Uuid) -> Option<&Attachment> {
        self.of(record).find(|a| a.about.id == id)
    }
}

/// The record in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct AttachmentsPath {
    /// The table.
    #[param(min_length = 1, example = "customers")]
    table_id: String,
    /// The record.
    #[param(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Uuid,
}

/// The attachment in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct AttachmentPath {
    /// The table.
    #[param(min_length = 1, example = "customers")]
    table_id: String,
    /// The record.
    #[param(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Uuid,
    /// The attachment.
    attachment_id: Uuid,
}

/// Lists the attachments of a record.
#[utoipa::path(
    get, path = "/tables/{tableId}/records/{recordId}/attachments", tag = "attachments",
    operation_id = "list-attachments",
    params(AttachmentsPath),
    responses(
        (status = 200, description = "The attachments", body = Vec<AttachmentDto>),
        Refuses<400>, Refuses<401>, Refuses<404>,
    ),
)]
pub(crate) async fn list(
    _: Admitted,
    In(path): In<AttachmentsPath>,
    State(shared): State<Arc<Shared>>,
) -> Result<Json<Vec<AttachmentDto>>, Refusal> {
    shared.record(path.table_id, path.record_id, now_ms())?;
    let attachments = lock(&shared.attachments);
    let listed = attachments.of(path.record_id).map(|a| a.about.clone());
    Ok(Json(listed.collect()))
}

/// Adds an attachment to a record.
#[utoipa::path(
    post, path = "/tables/{tableId}/records/{recordId}/attachments", tag = "attachments",
    operation_id = "create-attachment",
    params(AttachmentsPath),
    request_body(content = TaggedFileForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The attachment", body = AttachmentDto),
        Refuses<400>, Refuses<401>, Refuses<404>, Refuses<413>,
    ),
)]
pub(crate) async fn create(
    _: Admitted,
    In(path): In<AttachmentsPath>,
    State(shared): State<Arc<Shared>>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<AttachmentDto>), Refusal> {
    let file = upload(form, true).await?;
    let now_ms = now_ms();
    shared.record(path.table_id, path.record_id, now_ms)?;
    let about = AttachmentDto {
        id: Uuid::new_v4(),
        record_id: path.record_id,
        name: file.name,
        r#type: file.media_type,
        size: file.bytes.len(),
        created_date_time: iso(now_ms),
        tags: file.tags,
    };
    lock(&shared.attachments).put(Attachment {
        about: about.clone(),
        bytes: file.bytes.into(),
    });
    Ok((StatusCode::CREATED, Json(about)))
}

/// Gives a link to the file of an attachment.
#[utoipa::path(
    get, path = "/tables/{tableId}/records/{recordId}/attachments/{attachmentId}",
    tag = "attachments", operation_id = "get-attachment",
    params(AttachmentPath),
    responses(
        (status = 200, description = "Where the file is", body = AttachmentLink),
        Refuses<400>, Refuses<401>, Refuses<404>,
    ),
)]
pub(crate) async fn link(
    _: Admitted,
    In(path): In<AttachmentPath>,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, Refusal> {
    let now_ms = now_ms();
    shared.record(path.table_id, path.record_id, now_ms)?;
    let found = lock(&shared.attachments)
        .get(path.record_id, path.attachment_id)
        .is_some();
    if !found {
        return Err(attachment_not_found());
    }
    let name = Uuid::new_v4().simple().to_string();
    let ends_at_ms = now_ms.saturating_add(LINK_MS);
    lock(&shared.files).put(&name, path.attachment_id, ends_at_ms, now_ms);
    let link = format!("{}/simulator/files/{name}", shared.origin);
    Ok(answers::secret(StatusCode::OK, AttachmentLink { link }))
}

/// Deletes an attachment.
///
/// Only older documentation has it.
#[utoipa::path(
    delete, path = "/tables/{tableId}/records/{recordId}/attachments/{attachmentId}",
    tag = "attachments", operation_id = "delete-attachment",
    params(AttachmentPath),
    responses(
        (status = 204, description = "It is gone"),
        Refuses<400>, Refuses<401>, Refuses<404>,
    ),
)]
pub(crate) async fn delete(
    _: Admitted,
    In(path): In<AttachmentPath>,
    State(shared): State<Arc<Shared>>,
) -> Result<StatusCode, Refusal> {
    shared.record(path.table_id, path.record_id, now_ms())?;
    let mut attachments = lock(&shared.attachments);
    let before = attachments.0.len();
    attachments
        .0
        .retain(|a| (a.about.record_id, a.about.id) != (path.record_id, path.attachment_id));
    if attachments.0.len() == before {
        return Err(attachment_not_found());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The file in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Path)]
pub(crate) struct FilePath {
    /// The last part of the link.
    name: String,
}

/// Gives the file of an attachment, to whoever has the link.
#[utoipa::path(
    get, path = "/simulator/files/{name}", tag = "invented", security(()),
    operation_id = "get-file",
    params(FilePath),
    responses(
        (status = 200, description = "The file", body = FileBytes, content_type = "*/*"),
        Refuses<400>, Refuses<404>,
    ),
)]
pub(crate) async fn file(
    In(path): In<FilePath>,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, Refusal> {
    let id = lock(&shared.files).get(&path.name, now_ms()).copied();
    let attachment = id.and_then(|id| {
        let attachments = lock(&shared.attachments);
        attachments.0.iter().find(|a| a.about.id == id).cloned()
    });
    let Some(attachment) = attachment else {
        return Err(no_endpoint());
    };
    let mut response = attachment.bytes.to_vec().into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_str(&attachment.about.r#type);
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, media_type.unwrap_or(octets));
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._- ".contains(c) {
            c
        } else {
            '_'
        }
    };
    let name: String = attachment.about.name.chars().map(plain).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    // Whatever the file is, it is no page of this origin.
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn attachment_not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "simulator.attachment_not_found",
        "Attachment not found: `attachmentId` is unknown for this record.",
    )
}
