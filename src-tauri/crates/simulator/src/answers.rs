//! The answers: JSON, and the documented error body with invented codes.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder},
};
use uuid::Uuid;

/// One entry of the error body. No code is documented, so every code here is invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Problem {
    /// The kind of error.
    #[schema(example = "simulator.invalid_field")]
    pub(crate) code: &'static str,
    /// What is wrong, starting with the field if it is one.
    #[schema(example = "`caseId` is not a uuid.")]
    pub(crate) message: String,
}

/// A refusal in the documented form.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) errors: Vec<Problem>,
    retry_after: Option<u32>,
    malformed: bool,
}

/// The documented error body.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorResponse {
    /// The id of this one error.
    #[schema(example = "1627a09b-d2b1-4f5a-82f0-0ff7610ba2b1")]
    fingerprint: String,
    /// What is wrong, in at least one entry.
    errors: Vec<Problem>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::all(status, vec![Problem { code, message }])
    }

    pub(crate) fn all(status: StatusCode, errors: Vec<Problem>) -> Self {
        Self {
            status,
            errors,
            retry_after: None,
            malformed: false,
        }
    }

    /// A field that cannot be taken.
    pub(crate) fn field(name: &str, what: &str) -> Self {
        Self::all(StatusCode::BAD_REQUEST, vec![Problem::at(name, what)])
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// What a proxy in between may answer: a good status, and no JSON.
    pub(crate) fn malformed(status: StatusCode) -> Self {
        Self {
            malformed: true,
            ..Self::all(status, Vec::new())
        }
    }

    /// The simulator itself could not do its work.
    pub(crate) fn broken(what: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "simulator.broken",
            format!("The simulator failed: {what}."),
        )
    }
}

impl Problem {
    /// What is wrong with a field; the message starts with its name.
    pub(crate) fn at(name: &str, what: &str) -> Self {
        Self {
            code: "simulator.invalid_field",
            message: format!("`{name}` {what}."),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if self.malformed {
            return (
                self.status,
                [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
                "<html><body>A proxy says hello</body></html>",
            )
                .into_response();
        }
        let body = ErrorResponse {
            fingerprint: Uuid::new_v4().to_string(),
            errors: self.errors,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A status that an endpoint refuses with, for the description.
pub(crate) struct Refuses<const STATUS: u16>;

impl<const STATUS: u16> IntoResponses for Refuses<STATUS> {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let description = match STATUS {
            400 => "The request is invalid.",
            401 => "The credential is missing, unknown or has expired.",
            403 => "A permission is missing.",
            404 => "What was asked for does not exist.",
            406 => "The version asked for is unknown.",
            409 => "It was used before.",
            410 => "It has ended.",
            413 => "The body is too large.",
            415 => "The content type is wrong.",
            429 => "Too many requests.",
            _ => "The server failed.",
        };
        let body = Ref::from_schema_name(ErrorResponse::name());
        let content = ContentBuilder::new().schema(Some(body)).build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/json", content);
        [(STATUS.to_string(), response.build().into())].into()
    }
}

/// An answer with a token in it, which nobody on the way may keep.
pub(crate) fn secret(status: StatusCode, body: impl Serialize) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Whatever is not built.
pub(crate) async fn nothing_here() -> Refusal {
    no_endpoint()
}

pub(crate) fn no_endpoint() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "simulator.no_such_endpoint",
        "The simulator has no such endpoint.",
    )
}

/// An endpoint that is there, with a method that is not; `Allow` names those that are.
pub(crate) async fn other_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "simulator.no_such_method",
        "The simulator's endpoint does not take this method.",
    )
}
