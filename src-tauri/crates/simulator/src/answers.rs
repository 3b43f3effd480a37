//! The answers: JSON, and the documented error body with invented codes.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use uuid::Uuid;

/// One entry of the error body. No code is documented, so every code here is invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// A refusal in the documented form.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) errors: Vec<Problem>,
    retry_after: Option<u32>,
}

#[derive(Serialize)]
struct ErrorBody {
    fingerprint: String,
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
        }
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
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

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorBody {
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
