//! Cases and records.

use serde_json::value::RawValue;

use super::{Call, Client, UNWATCHED};
use crate::{
    answer::{self, Case, Record},
    error::Error,
    request::{ACCEPT_V1, NewCase, body, segment},
};

impl Client {
    /// Makes a case: `POST /cases` (documented; deprecated by the vendor).
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn create_case(&self, case: &NewCase) -> Result<Case, Error> {
        let call = Call::post("/cases", ACCEPT_V1, body(case));
        self.call(&call, UNWATCHED).await?.read(answer::case)
    }

    /// Reads a case: `GET /cases/{caseId}` (documented; the path is inferred).
    ///
    /// # Errors
    /// No case has this id, or no answer came.
    pub async fn case(&self, id: &str) -> Result<Case, Error> {
        let call = Call::get(format!("/cases/{}", segment(id)?));
        self.call(&call, UNWATCHED).await?.read(answer::case)
    }

    /// Makes a record: `POST /tables/{tableId}/records` (documented). The fields are the table's
    /// own columns. Needs `can_edit_data`.
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn create_record(&self, table: &str, fields: &RawValue) -> Result<Record, Error> {
        let path = format!("/tables/{}/records", segment(table)?);
        let call = Call::post(path, ACCEPT_V1, body(&fields));
        self.call(&call, UNWATCHED).await?.read(answer::record)
    }

    /// Reads a record: `GET /tables/{tableId}/records/{id}` (documented).
    ///
    /// # Errors
    /// The table has no such record, or no answer came.
    pub async fn record(&self, table: &str, id: &str) -> Result<Record, Error> {
        let call = Call::get(record_path(table, id)?);
        self.call(&call, UNWATCHED).await?.read(answer::record)
    }
}

pub(super) fn record_path(table: &str, record: &str) -> Result<String, Error> {
    Ok(format!(
        "/tables/{}/records/{}",
        segment(table)?,
        segment(record)?
    ))
}
