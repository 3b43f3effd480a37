//! `POST /tables/{tableId}/records` and `GET /tables/{tableId}/records/{id}`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    SAMPLE_RECORD_ID, UNKNOWN_SUBJECT_PREFIX,
    answers::{self, Problem, Refusal, Refuses},
    asked::subject_not_found,
    incoming::{Admitted, Body, In, Version, read},
    shared::{REMEMBERED_MS, Shared, iso, lock, now_ms},
};

/// The columns of a table. Which there are is up to the table; those of the documented sample have
/// its types, all others take anything.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordColumns {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Value>>, example = json!(["one", "two"]))]
    multiselect: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025-09-01")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "A-1")]
    id_field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 1.5)]
    number: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025-09-01T15:42:12+02:00")]
    datetime: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Value>>, example = json!([]))]
    array: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    checkbox: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({}))]
    json: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "somebody@example.com")]
    assignee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "words")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, example = 7)]
    integer: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "one")]
    single_select: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// A record as it is answered (documented).
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordDetailsResponse {
    /// The record.
    #[schema(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    id: Uuid,
    /// 1: there is no way to change a record.
    #[schema(example = 1)]
    version: u32,
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    updated_at: String,
    #[serde(flatten)]
    columns: RecordColumns,
}

/// What the server sets by itself.
const OWN_COLUMNS: [&str; 4] = ["id", "version", "createdAt", "updatedAt"];

/// A record that was created here.
#[derive(Clone)]
pub(crate) struct Record {
    table: String,
    answer: RecordDetailsResponse,
}

/// The table in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct TablePath {
    /// The table; any, but those that start with `00000000-`.
    #[param(min_length = 1, example = "customers")]
    table_id: String,
}

/// The record in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct RecordPath {
    /// The table.
    #[param(min_length = 1, example = "customers")]
    table_id: String,
    /// The record.
    #[param(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    id: Uuid,
}

/// Creates a record.
///
/// Needs `can_edit_data`. The server sets `id`, `version`, `createdAt` and `updatedAt`; a column of
/// such a name is refused.
#[utoipa::path(
    post, path = "/tables/{tableId}/records", tag = "records",
    operation_id = "create-record",
    params(TablePath),
    request_body = RecordColumns,
    responses(
        (status = 201, description = "The record", body = RecordDetailsResponse, example = json!(sample())),
        Refuses<400>, Refuses<401>, Refuses<404>, Refuses<413>,
    ),
)]
pub(crate) async fn create(
    _: Admitted,
    In(path): In<TablePath>,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let lenient = shared.options.lenient;
    let columns: RecordColumns = read(&headers, body, lenient, StatusCode::BAD_REQUEST)?;
    let taken = OWN_COLUMNS
        .iter()
        .filter(|c| columns.more.contains_key(**c));
    let problems: Vec<_> = taken
        .map(|c| Problem::at(c, "is set by the server"))
        .collect();
    if !problems.is_empty() {
        return Err(Refusal::all(StatusCode::BAD_REQUEST, problems));
    }
    let table = table(path.table_id)?;
    let now_ms = now_ms();
    let answer = RecordDetailsResponse {
        id: Uuid::new_v4(),
        version: 1,
        created_at: iso(now_ms),
        updated_at: iso(now_ms),
        columns,
    };
    let id = answer.id.to_string();
    let record = Record {
        table,
        answer: answer.clone(),
    };
    let ends_at_ms = now_ms.saturating_add(REMEMBERED_MS);
    lock(&shared.records).put(&id, record, ends_at_ms, now_ms);
    Ok(answers::secret(StatusCode::CREATED, answer))
}

/// Gives a record.
#[utoipa::path(
    get, path = "/tables/{tableId}/records/{id}", tag = "records",
    operation_id = "get-record",
    params(RecordPath),
    responses(
        (status = 200, description = "The record", body = RecordDetailsResponse, example = json!(sample())),
        Refuses<400>, Refuses<401>, Refuses<404>,
    ),
)]
pub(crate) async fn get(
    _: Admitted,
    In(path): In<RecordPath>,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, Refusal> {
    let record = shared.record(path.table_id, path.id, now_ms())?;
    Ok(answers::secret(StatusCode::OK, record))
}

impl Shared {
    /// A record of a table: one that was created here, or the sample, which every table has.
    pub(crate) fn record(
        &self,
        table_id: String,
        id: Uuid,
        now_ms: u64,
    ) -> Result<RecordDetailsResponse, Refusal> {
        let table = table(table_id)?;
        let mut records = lock(&self.records);
        let record = records.get(&id.to_string(), now_ms);
        if let Some(record) = record.filter(|record| record.table == table) {
            return Ok(record.answer.clone());
        }
        if id.to_string() != SAMPLE_RECORD_ID {
            return Err(subject_not_found(Version::V2));
        }
        Ok(sample())
    }
}

/// The record that every table has (invented).
fn sample() -> RecordDetailsResponse {
    RecordDetailsResponse {
        id: Uuid::try_parse(SAMPLE_RECORD_ID).unwrap_or_default(),
        version: 1,
        created_at: iso(0),
        updated_at: iso(0),
        columns: RecordColumns {
            text: Some("Anna Example".into()),
            checkbox: Some(true),
            ..RecordColumns::default()
        },
    }
}

fn table(id: String) -> Result<String, Refusal> {
    if id.starts_with(UNKNOWN_SUBJECT_PREFIX) {
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "simulator.table_not_found",
            "Table not found: `tableId` is unknown in this workspace.",
        ));
    }
    Ok(id)
}
