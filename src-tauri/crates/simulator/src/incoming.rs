//! Reading requests: media types, the version asked for, JSON fields.

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::answers::{Problem, Refusal};

/// The generation of `POST /token` asked for.
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
pub(crate) fn says_json(headers: &HeaderMap, unsaid: bool) -> bool {
    match headers.get(header::CONTENT_TYPE) {
        Some(value) => value.to_str().is_ok_and(is_json),
        None => unsaid,
    }
}

/// The body as a JSON object.
pub(crate) fn object(body: Result<Bytes, BytesRejection>) -> Result<Map<String, Value>, Refusal> {
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

/// Reads the fields of an object and collects what is wrong with them. Unknown fields do no harm.
pub(crate) struct Fields {
    object: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Fields {
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self {
            object,
            problems: Vec::new(),
        }
    }

    /// A text that has to be there.
    pub(crate) fn required(&mut self, name: &'static str) -> String {
        let text = self.optional(name);
        if text.is_none() && !self.is_faulty(name) {
            self.fault(name, "is required");
        }
        text.unwrap_or_default()
    }

    /// A text that may be missing, or null.
    pub(crate) fn optional(&mut self, name: &'static str) -> Option<String> {
        match self.object.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => {
                self.fault(name, "is empty");
                None
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.fault(name, "is not a string");
                None
            }
        }
    }

    /// An id that has to be there.
    pub(crate) fn required_id(&mut self, name: &'static str) -> Option<Uuid> {
        let text = self.required(name);
        self.id(name, &text)
    }

    /// An id that may be missing, or null.
    pub(crate) fn optional_id(&mut self, name: &'static str) -> Option<Uuid> {
        let text = self.optional(name)?;
        self.id(name, &text)
    }

    fn id(&mut self, name: &'static str, text: &str) -> Option<Uuid> {
        let id = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
        if id.is_none() && !self.is_faulty(name) {
            self.fault(name, "is not a uuid");
        }
        id
    }

    fn is_faulty(&self, name: &str) -> bool {
        let start = format!("`{name}`");
        self.problems.iter().any(|p| p.message.starts_with(&start))
    }

    fn fault(&mut self, name: &'static str, what: &str) {
        self.problems.push(Problem {
            code: "simulator.invalid_field",
            message: format!("`{name}` {what}."),
        });
    }

    /// Refuses the request if any field was wrong.
    pub(crate) fn check(self) -> Result<(), Refusal> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Refusal::all(StatusCode::BAD_REQUEST, self.problems))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

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

    fn faults(body: Value, read: impl Fn(&mut Fields)) -> Vec<String> {
        let mut fields = Fields::new(body.as_object().cloned().unwrap_or_default());
        read(&mut fields);
        let refused = fields.check().err();
        let problems = refused.into_iter().flat_map(|refusal| refusal.errors);
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn each_faulty_field_is_named_once() {
        let read = |fields: &mut Fields| {
            fields.required("a");
            fields.required_id("b");
            fields.optional_id("c");
            fields.optional("d");
        };
        let good = json!({
            "a": "x", "b": "11111111-2222-3333-4444-555555555555", "c": null, "more": [1],
        });
        assert!(faults(good, read).is_empty());
        assert_eq!(
            faults(
                json!({ "b": 7, "c": "11111111222233334444555555555555", "d": "" }),
                read
            ),
            [
                "`a` is required.",
                "`b` is not a string.",
                "`c` is not a uuid.",
                "`d` is empty.",
            ]
        );
    }
}
