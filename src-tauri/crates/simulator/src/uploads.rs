//! Files that come as multipart forms.

use axum::{
    extract::{
        Multipart,
        multipart::{Field, MultipartRejection},
    },
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answers::Refusal;

/// The largest file that is taken (invented).
pub(crate) const FILE_LIMIT: usize = 5 * 1024 * 1024;
/// What goes beyond is read on to here, so that the caller gets the refusal and no broken pipe.
const READ_LIMIT: usize = 64 * 1024 * 1024;
const TAG_LIMIT: usize = 256;
const MOST_TAGS: usize = 32;

/// A file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "for the description; a form is read part by part")]
pub(crate) struct FileForm {
    /// The file, of up to 5 MiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// A file and its tags.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "for the description; a form is read part by part")]
pub(crate) struct TaggedFileForm {
    /// The file, of up to 5 MiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Words to find it by: a part each.
    #[schema(nullable = false, max_items = 32)]
    tags: Option<Vec<String>>,
}

/// A file that was uploaded.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) tags: Vec<String>,
}

/// Reads the form, which has tags or has not.
pub(crate) async fn upload(
    form: Result<Multipart, MultipartRejection>,
    tagged: bool,
) -> Result<Upload, Refusal> {
    let mut form = form.map_err(|_| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "simulator.wrong_content_type",
            "`Content-Type` is not multipart/form-data with a boundary.",
        )
    })?;
    let mut read = 0;
    let mut file = None;
    let mut tags = Vec::new();
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name() {
            Some("file") => {
                let name = part.file_name().unwrap_or("file").to_owned();
                let media_type = part.content_type().unwrap_or(OCTETS).to_owned();
                let bytes = whole(&mut part, FILE_LIMIT, &mut read).await?;
                file = Some((name, media_type, bytes));
            }
            Some("tags") if tagged => {
                let text = whole(&mut part, TAG_LIMIT, &mut read).await?;
                let tag = text.and_then(|text| String::from_utf8(text).ok());
                let Some(tag) = tag.filter(|_| tags.len() < MOST_TAGS) else {
                    return Err(Refusal::field("tags", "are too many, too long or no UTF-8"));
                };
                tags.push(tag);
            }
            other => {
                let name = other.unwrap_or("").to_owned();
                return Err(Refusal::field(&name, "is no part of this form"));
            }
        }
    }
    let Some((name, media_type, bytes)) = file else {
        return Err(Refusal::field("file", "is required"));
    };
    Ok(Upload {
        name,
        media_type,
        bytes: bytes.ok_or_else(too_large)?,
        tags,
    })
}

const OCTETS: &str = "application/octet-stream";

/// A part, unless it is longer than that; it is read to its end all the same.
async fn whole(
    part: &mut Field<'_>,
    limit: usize,
    read: &mut usize,
) -> Result<Option<Vec<u8>>, Refusal> {
    let mut bytes = Some(Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(|_| unreadable())? {
        *read += chunk.len();
        if *read > READ_LIMIT {
            return Err(too_large());
        }
        bytes = bytes.filter(|bytes| bytes.len() + chunk.len() <= limit);
        if let Some(bytes) = &mut bytes {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

fn unreadable() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "simulator.unreadable_body",
        "The body is no whole multipart form.",
    )
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "simulator.body_too_large",
        "`file` is larger than 5 MiB.",
    )
}
