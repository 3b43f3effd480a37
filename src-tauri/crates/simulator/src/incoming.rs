//! Reading requests: media types, the version asked for, JSON, what stands in the path.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequestParts, RawPathParams, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    answers::Refusal,
    shape::shaped,
    shared::{Shared, now_ms},
};

/// A body as it came, or why it did not.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// The generation of an endpoint asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// The version that `Accept` names, else the one that `Content-Type` names, else the first.
pub(crate) fn version(headers: &HeaderMap) -> Result<Version, Refusal> {
    let named = |name: HeaderName| {
        let values = headers.get_all(name).into_iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .filter(|media_type| is_json(media_type))
            .find_map(parameter_version)
    };
    match named(header::ACCEPT)
        .or_else(|| named(header::CONTENT_TYPE))
        .as_deref()
    {
        None | Some("1") => Ok(Version::V1),
        Some("2") => Ok(Version::V2),
        Some(_) => Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            "simulator.unknown_version",
            "The simulator knows the versions 1 and 2.",
        )),
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parameter_version(media_type: &str) -> Option<String> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_version = name.trim().eq_ignore_ascii_case("version");
        is_version.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Whether the body is said to be JSON. Where it is not said at all, `unsaid` decides.
fn says_json(headers: &HeaderMap, unsaid: bool) -> bool {
    match headers.get(header::CONTENT_TYPE) {
        Some(value) => value.to_str().is_ok_and(is_json),
        None => unsaid,
    }
}

/// The body as a JSON object.
pub(crate) fn object(body: Body) -> Result<Map<String, Value>, Refusal> {
    let bytes = body.map_err(|rejection| {
        let status = rejection.status();
        let (code, message) = if status == StatusCode::PAYLOAD_TOO_LARGE {
            ("simulator.body_too_large", "The body is too large.")
        } else {
            ("simulator.unreadable_body", "The body did not come whole.")
        };
        Refusal::new(status, code, message)
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "simulator.invalid_json",
            "The body is not a JSON object.",
        )),
    }
}

/// Whether the body is said to be JSON, the body itself, and whether it has the shape of a `T`.
/// A wrong content type is refused by `wrong_type`: 415 is documented for `/auth` alone.
pub(crate) fn read<T: ToSchema + DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    lenient: bool,
    wrong_type: StatusCode,
) -> Result<T, Refusal> {
    must_be_json(headers, lenient, wrong_type)?;
    shaped(object(body)?)
}

/// Refuses a body that is not said to be JSON.
pub(crate) fn must_be_json(
    headers: &HeaderMap,
    lenient: bool,
    wrong_type: StatusCode,
) -> Result<(), Refusal> {
    if says_json(headers, lenient) {
        return Ok(());
    }
    Err(Refusal::new(
        wrong_type,
        "simulator.wrong_content_type",
        "`Content-Type` is not application/json.",
    ))
}

/// Lets a caller with a good credential through; the first argument of a handler.
pub(crate) struct Admitted;

impl FromRequestParts<Arc<Shared>> for Admitted {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        shared.admit(&parts.headers, now_ms()).map(|()| Self)
    }
}

/// What stands in the path, held against the shape of a `T` as a body is.
pub(crate) struct In<T>(pub(crate) T);

impl<T: ToSchema + DeserializeOwned> FromRequestParts<Arc<Shared>> for In<T> {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let named = RawPathParams::from_request_parts(parts, shared).await;
        let named = named.map_err(|_| {
            Refusal::new(
                StatusCode::BAD_REQUEST,
                "simulator.invalid_request",
                "The path is not UTF-8.",
            )
        })?;
        let text = |(name, value): (&str, &str)| (name.to_owned(), Value::from(value));
        shaped(named.iter().map(text).collect()).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(accept: Option<&'static str>, content_type: Option<&'static str>) -> Option<Version> {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::ACCEPT, accept),
            (header::CONTENT_TYPE, content_type),
        ] {
            if let Some(value) = value {
                headers.append(name, HeaderValue::from_static(value));
            }
        }
        version(&headers).ok()
    }

    #[test]
    fn accept_says_the_version_then_the_content_type() {
        use Version::{V1, V2};
        let v2 = Some("application/json;version=2");
        assert_eq!(asked(None, None), Some(V1));
        assert_eq!(asked(Some("application/json"), None), Some(V1));
        assert_eq!(asked(Some("*/*"), None), Some(V1));
        assert_eq!(asked(v2, None), Some(V2));
        assert_eq!(
            asked(Some("text/html, Application/JSON; Version=\"2\""), None),
            Some(V2)
        );
        assert_eq!(asked(Some("*/*"), v2), Some(V2));
        assert_eq!(asked(Some("application/json;version=1"), v2), Some(V1));
        assert_eq!(asked(Some("text/html;version=2"), None), Some(V1));
        assert_eq!(asked(Some("application/json;version=3"), None), None);
    }
}
