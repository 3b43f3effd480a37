//! What is asked of the API, byte for byte as documented, by subject.

mod files;
mod subjects;
mod tokens;
mod workflows;

use serde::Serialize;
use url::form_urlencoded;

pub use self::{
    files::Upload,
    subjects::{CaseDocument, NewCase, Phone},
    tokens::{LinkCall, TokenRequestV1, TokenRequestV2},
    workflows::{BackgroundRequestV1, BackgroundRequestV2, RunRequest},
};
pub(crate) use self::{
    tokens::TOKEN_PATH,
    workflows::{RUN_BACKGROUND_PATH, RUN_PATH},
};
use crate::error::{Error, ErrorKind, ErrorPhase};

/// How version 1 is asked for (documented as the default).
pub(crate) const ACCEPT_V1: &str = "application/json";
/// How version 2 is asked for (documented).
pub(crate) const ACCEPT_V2: &str = "application/json;version=2";
/// What a body is said to be.
pub(crate) const JSON: &str = "application/json";
/// The same, as the newer documentation has it.
pub(crate) const JSON_UTF8: &str = "application/json;charset=UTF-8";

/// A request as it goes out, with the credential hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPreview {
    /// The HTTP method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl RequestPreview {
    fn post(path: &'static str, accept: &str, content_type: &str, body: String) -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: "POST",
            path,
            headers: vec![
                header("Authorization", "\u{2022}\u{2022}\u{2022}\u{2022}"),
                header("Accept", accept),
                header("Content-Type", content_type),
            ],
            body,
        }
    }
}

/// The compact JSON that is sent; everything that is asked always serialises.
pub(crate) fn body(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

/// An id as exactly one segment of a path, whatever it consists of.
pub(crate) fn segment(id: &str) -> Result<String, Error> {
    // No address can hold these three: dots mean folders, encoded ones too.
    if matches!(id, "" | "." | "..") {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            ErrorPhase::Connect,
            "An id is empty, or consists of dots only.",
        ));
    }
    let encoded: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    Ok(encoded.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    #[test]
    fn an_id_is_one_segment() {
        for (id, encoded) in [
            ("3b2d8a4f-579f", "3b2d8a4f-579f"),
            ("../token", "..%2Ftoken"),
            ("a b+c", "a%20b%2Bc"),
            ("a?b#c%2f\\", "a%3Fb%23c%252f%5C"),
            ("...", "..."),
        ] {
            assert_eq!(segment(id).unwrap(), encoded);
        }
        for none in ["", ".", ".."] {
            assert_eq!(segment(none).unwrap_err().kind, ErrorKind::InvalidRequest);
        }
    }

    proptest! {
        #[test]
        fn no_id_leaves_its_segment(id in "\\PC*|[./%\\\\?#\\t\\n ]{1,8}") {
            prop_assume!(!matches!(id.as_str(), "" | "." | ".."));
            let url = Url::parse(&format!("https://a.io/x/{}/y", segment(&id).unwrap())).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            prop_assert_eq!((segments[0], segments[2]), ("x", "y"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
            let pair = format!("{}=", segments[1]);
            let (read, _) = form_urlencoded::parse(pair.as_bytes()).next().unwrap();
            prop_assert_eq!(read, id);
        }
    }
}
