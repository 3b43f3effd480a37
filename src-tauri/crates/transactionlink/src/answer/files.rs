//! Answers about resources and attachments.

use std::{fmt, time::SystemTime};

use secrecy::SecretString;
use serde_json::{Map, Value, value::RawValue};

use super::{cut, exact, fields, malformed, moment, object, secret, short};
use crate::error::Error;

/// A file that a case can name as its document (documented).
#[derive(Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where the API keeps it.
    pub path: String,
}

/// A file of a record (documented).
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// Its name, as the server gives it: no safe file name. The id where there is none.
    pub name: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// When it was made.
    pub created: Option<SystemTime>,
    /// Its tags, which the older documentation does not have.
    pub tags: Vec<String>,
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resource(hidden)")
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attachment(hidden)")
    }
}

pub(crate) fn resource(body: &[u8]) -> Result<Resource, Error> {
    let object = object(body)?;
    Ok(Resource {
        id: exact(&object, "resourceId")?,
        name: exact(&object, "resourceName")?,
        path: exact(&object, "resourcePath")?,
    })
}

pub(crate) fn attachments(body: &[u8]) -> Result<Vec<Attachment>, Error> {
    let Ok(all) = serde_json::from_slice::<Vec<&RawValue>>(body) else {
        return Err(malformed("The answer is not a JSON list."));
    };
    all.into_iter()
        .map(|one| match fields(one.get().as_bytes()) {
            Some(object) => read(&object),
            None => Err(malformed("The answer's list has more than JSON objects.")),
        })
        .collect()
}

pub(crate) fn attachment(body: &[u8]) -> Result<Attachment, Error> {
    read(&object(body)?)
}

fn read(object: &Map<String, Value>) -> Result<Attachment, Error> {
    let id = exact(object, "id")?;
    let tags = object.get("tags").and_then(Value::as_array);
    Ok(Attachment {
        name: short(object, "name").unwrap_or_else(|| id.clone()),
        media_type: short(object, "type"),
        size: object.get("size").and_then(bytes),
        created: moment(object, "createdDateTime"),
        tags: tags
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(cut)
            .collect(),
        id,
    })
}

/// A size, which is documented as a number: `12.0` is one too.
fn bytes(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let size = value.as_f64()?;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within what a float can hold exactly"
        )]
        ((0.0..9e15).contains(&size) && size.fract() == 0.0).then_some(size as u64)
    })
}

/// Where an attachment can be fetched for a while (documented). A secret: it is signed.
pub(crate) fn download_link(body: &[u8]) -> Result<SecretString, Error> {
    secret(&object(body)?, "link")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_needs_an_id_only() {
        let all = attachments(
            br#"[{"id":"a"},{"id":"b","name":"n.pdf","type":"application/pdf","size":12.0,
                "createdDateTime":"2025-06-21T10:00:00Z","tags":["x",7]}]"#,
        )
        .unwrap();
        assert_eq!((all[0].name.as_str(), all[0].size), ("a", None));
        assert_eq!((all[1].name.as_str(), all[1].size), ("n.pdf", Some(12)));
        assert_eq!(all[1].tags, ["x"]);
        assert!(all[1].created.is_some());
        assert_eq!(attachments(b"[]").unwrap(), []);
        for (body, detail) in [
            ("{}", "The answer is not a JSON list."),
            (r#"[{"name":"n"}]"#, "The answer has no `id`."),
            ("[1]", "The answer's list has more than JSON objects."),
        ] {
            assert_eq!(attachments(body.as_bytes()).unwrap_err().detail, detail);
        }
    }

    #[test]
    fn a_size_is_a_whole_number() {
        for odd in ["-1", "1.5", "1e300", "\"12\"", "null"] {
            assert_eq!(bytes(&serde_json::from_str(odd).unwrap()), None, "{odd}");
        }
    }
}
