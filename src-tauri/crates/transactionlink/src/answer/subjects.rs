//! Answers about cases and records.

use std::{fmt, time::SystemTime};

use serde_json::{Value, value::RawValue};

use super::{exact, moment, object, raw};
use crate::error::Error;

/// A case (documented).
#[derive(Clone)]
pub struct Case {
    /// The case's id.
    pub id: String,
    /// The party's id.
    pub party_id: Option<String>,
    /// When it was made.
    pub created: Option<SystemTime>,
    /// The answer as it came, number by number.
    pub whole: Box<RawValue>,
}

/// A record of a table (documented).
#[derive(Clone)]
pub struct Record {
    /// The record's id.
    pub id: String,
    /// How often it was written, from 1.
    pub version: Option<u64>,
    /// When it was made.
    pub created: Option<SystemTime>,
    /// When it was last written.
    pub updated: Option<SystemTime>,
    /// The answer as it came: the table's own columns, and the fields above.
    pub fields: Box<RawValue>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Case(hidden)")
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record(hidden)")
    }
}

pub(crate) fn case(body: &[u8]) -> Result<Case, Error> {
    let object = object(body)?;
    Ok(Case {
        id: exact(&object, "caseId")?,
        party_id: exact(&object, "partyId").ok(),
        created: moment(&object, "createdDate"),
        whole: raw(body)?,
    })
}

pub(crate) fn record(body: &[u8]) -> Result<Record, Error> {
    let object = object(body)?;
    Ok(Record {
        id: exact(&object, "id")?,
        version: object.get("version").and_then(Value::as_u64),
        created: moment(&object, "createdAt"),
        updated: moment(&object, "updatedAt"),
        fields: raw(body)?,
    })
}
