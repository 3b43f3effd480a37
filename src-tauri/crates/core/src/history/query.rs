//! Reading the history by filter, by page and by count.

use rusqlite::{Connection, OptionalExtension, Row, ToSql};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use ts_rs::TS;

use super::HistoryEntry;
use crate::{
    clock::Millis,
    error::{AppError, Code},
};

/// Which statuses to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the statuses' own names")]
pub enum StatusFilter {
    #[default]
    All,
    /// Active and expiring.
    Live,
    Used,
    Expired,
    Failed,
    Unknown,
}

/// What to show; the parts combine by AND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryFilter {
    /// Part of a label, workflow, subject, fingerprint or workspace name.
    pub search: String,
    /// The status.
    pub status: StatusFilter,
    /// Only tokens issued for a preview.
    pub previews_only: bool,
    /// Only this workspace.
    pub workspace_id: Option<String>,
    /// Only what was asked for since.
    #[ts(type = "number | null")]
    pub since: Option<Millis>,
}

/// How many entries there are of each status, under the other filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the statuses' own names")]
pub struct StatusCounts {
    pub all: u32,
    pub live: u32,
    pub used: u32,
    pub expired: u32,
    pub failed: u32,
    pub unknown: u32,
    pub previews: u32,
}

/// The entries of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayGroup {
    /// The local day, `YYYY-MM-DD`.
    pub day: String,
    /// How many.
    pub count: u32,
}

/// What a list needs to know before it loads a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistorySummary {
    /// Per status, under search, workspace and period.
    pub counts: StatusCounts,
    /// How many entries the whole filter leaves.
    pub total: u32,
    /// The same by day, newest first.
    pub days: Vec<DayGroup>,
}

const COLUMNS: &str = "id, workspace_id, workspace_name, workspace_kind, api, workflow_id, \
    workflow_name, subject, parameters_id, lang, label, purpose, state, requested_at, issued_at, \
    expires_at, lifetime, expiry_source, used_at, copied_at, http_status, authorized_ms, \
    authorized_from_cache, request_ms, token_masked, token_length, token IS NOT NULL, \
    token_fingerprint, claims, error";

fn known<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(word.into()).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let claims: String = row.get(28)?;
    let error: Option<String> = row.get(29)?;
    let source: Option<String> = row.get(17)?;
    Ok(HistoryEntry {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        workspace_name: row.get(2)?,
        workspace_kind: known(row, 3)?,
        api: known(row, 4)?,
        workflow_id: row.get(5)?,
        workflow_name: row.get(6)?,
        subject: row.get(7)?,
        parameters_id: row.get(8)?,
        lang: row.get(9)?,
        label: row.get(10)?,
        purpose: known(row, 11)?,
        state: known(row, 12)?,
        requested_at: row.get(13)?,
        issued_at: row.get(14)?,
        expires_at: row.get(15)?,
        lifetime_ms: row.get(16)?,
        expiry_source: source.and_then(|s| serde_json::from_value(s.into()).ok()),
        used_at: row.get(18)?,
        copied_at: row.get(19)?,
        http_status: row.get(20)?,
        authorized_ms: row.get(21)?,
        authorized_from_cache: row.get(22)?,
        request_ms: row.get(23)?,
        token_masked: row.get::<_, Option<String>>(24)?.filter(|m| !m.is_empty()),
        token_length: row.get(25)?,
        has_token: row.get(26)?,
        token_fingerprint: row.get(27)?,
        claims: serde_json::from_str(&claims).unwrap_or_default(),
        error: error.and_then(|e| serde_json::from_str(&e).ok()),
    })
}

/// One entry.
pub(crate) fn one(db: &Connection, id: &str) -> Result<HistoryEntry, AppError> {
    let sql = format!("SELECT {COLUMNS} FROM entries WHERE id = ?1");
    db.query_row(&sql, [id], entry).optional()?.ok_or_else(|| {
        AppError::new(
            Code::NoSuchThing,
            "Not in the history",
            "This entry is not in the history any more.",
            "",
        )
    })
}

/// A page of entries, newest first.
pub(crate) fn page(
    db: &Connection,
    filter: &HistoryFilter,
    offset: u32,
    limit: u32,
    now: Millis,
) -> Result<Vec<HistoryEntry>, AppError> {
    let wanted = Wanted::of(filter, now);
    let sql = wanted.page(offset, limit);
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(wanted.parameters().as_slice(), entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts and days of a filter.
pub(crate) fn summary(
    db: &Connection,
    filter: &HistoryFilter,
    now: Millis,
) -> Result<HistorySummary, AppError> {
    let wanted = Wanted::of(filter, now);
    let sql = wanted.counts();
    let counts = db.query_row(&sql, wanted.parameters().as_slice(), |row| {
        Ok(StatusCounts {
            all: row.get(0)?,
            live: row.get(1)?,
            used: row.get(2)?,
            expired: row.get(3)?,
            failed: row.get(4)?,
            unknown: row.get(5)?,
            previews: row.get(6)?,
        })
    })?;
    let sql = wanted.days();
    let mut statement = db.prepare(&sql)?;
    let days = statement.query_map(wanted.parameters().as_slice(), |row| {
        Ok(DayGroup {
            day: row.get(0)?,
            count: row.get(1)?,
        })
    })?;
    let days: Vec<DayGroup> = days.collect::<Result<_, _>>()?;
    Ok(HistorySummary {
        counts,
        total: days.iter().map(|d| d.count).sum(),
        days,
    })
}

/// The tokens that still work, next to expire first.
pub(crate) fn live(db: &Connection, now: Millis) -> Result<Vec<HistoryEntry>, AppError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries WHERE forgotten_at IS NULL AND state = 'issued'
            AND used_at IS NULL AND expires_at > ?1 ORDER BY requested_at DESC LIMIT 50"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([now], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The workflows of a workspace, last used first, with the name they had.
pub(crate) fn workflows(
    db: &Connection,
    workspace_id: &str,
) -> Result<Vec<(String, Option<String>)>, AppError> {
    let mut statement = db.prepare(
        "SELECT workflow_id, max(workflow_name) FROM entries
         WHERE workspace_id = ?1 AND forgotten_at IS NULL
         GROUP BY workflow_id ORDER BY max(number) DESC LIMIT 30",
    )?;
    let rows = statement.query_map([workspace_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const LIVE: &str = "(state = 'issued' AND used_at IS NULL AND expires_at > :now)";
const USED: &str = "(state = 'issued' AND used_at IS NOT NULL)";
const EXPIRED: &str = "(state = 'issued' AND used_at IS NULL AND expires_at <= :now)";

/// A filter on its way to SQL. All of its values are parameters.
struct Wanted<'a> {
    filter: &'a HistoryFilter,
    now: Millis,
    search: Option<Search>,
}

enum Search {
    /// Three characters and more go through the trigram index.
    Index(String),
    /// Fewer are looked for row by row.
    Scan(String),
}

impl<'a> Wanted<'a> {
    fn of(filter: &'a HistoryFilter, now: Millis) -> Self {
        // The index cannot look for control characters, and nobody means them.
        let text = filter.search.replace(char::is_control, "");
        let text = text.trim();
        let search = match text.chars().count() {
            0 => None,
            1 | 2 => Some(Search::Scan(text.to_owned())),
            _ => Some(Search::Index(format!("\"{}\"", text.replace('"', "\"\"")))),
        };
        Self {
            filter,
            now,
            search,
        }
    }

    /// A page's rows. The inner query walks an index that holds all it asks for, so that only a
    /// page's rows are read.
    fn page(&self, offset: u32, limit: u32) -> String {
        format!(
            "SELECT {COLUMNS} FROM entries WHERE number IN (
                SELECT number FROM entries WHERE {} AND {}
                ORDER BY requested_at DESC, number DESC LIMIT {} OFFSET {offset})
             ORDER BY requested_at DESC, number DESC",
            self.base(),
            self.status(),
            limit.min(1000)
        )
    }

    fn counts(&self) -> String {
        format!(
            "SELECT count(*),
                count(*) FILTER (WHERE {LIVE}), count(*) FILTER (WHERE {USED}),
                count(*) FILTER (WHERE {EXPIRED}), count(*) FILTER (WHERE state = 'failed'),
                count(*) FILTER (WHERE state = 'unknown'),
                count(*) FILTER (WHERE purpose = 'preview'),
                :now, :since, :workspace, :search
             FROM entries WHERE {}",
            self.base()
        )
    }

    fn days(&self) -> String {
        format!(
            "SELECT date(requested_at / 1000, 'unixepoch', 'localtime') AS day, count(*)
             FROM entries WHERE {} AND {} GROUP BY day ORDER BY day DESC",
            self.base(),
            self.status()
        )
    }

    fn base(&self) -> String {
        let mut sql = String::from(
            "forgotten_at IS NULL AND (:since IS NULL OR requested_at >= :since)
             AND (:workspace IS NULL OR workspace_id = :workspace)",
        );
        match self.search {
            None => sql.push_str(" AND :search IS NULL"),
            Some(Search::Index(_)) => sql.push_str(
                " AND number IN (SELECT rowid FROM entries_text WHERE entries_text MATCH :search)",
            ),
            Some(Search::Scan(_)) => sql.push_str(
                " AND instr(lower(concat_ws(' ', label, workflow_id, workflow_name, subject,
                    token_fingerprint, workspace_name)), lower(:search)) > 0",
            ),
        }
        sql
    }

    fn status(&self) -> String {
        let status = match self.filter.status {
            StatusFilter::All => "1",
            StatusFilter::Live => LIVE,
            StatusFilter::Used => USED,
            StatusFilter::Expired => EXPIRED,
            StatusFilter::Failed => "state = 'failed'",
            StatusFilter::Unknown => "state = 'unknown'",
        };
        let previews = if self.filter.previews_only {
            " AND purpose = 'preview'"
        } else {
            ""
        };
        // Naming :now keeps the parameters the same for every status.
        format!("{status}{previews} AND :now IS NOT NULL")
    }

    fn parameters(&self) -> [(&'static str, &dyn ToSql); 4] {
        let search: &dyn ToSql = match &self.search {
            Some(Search::Index(text) | Search::Scan(text)) => text,
            None => &rusqlite::types::Null,
        };
        [
            (":now", &self.now),
            (":since", &self.filter.since),
            (":workspace", &self.filter.workspace_id),
            (":search", search),
        ]
    }
}

/// How the database means to go about a list and its counts.
#[cfg(test)]
pub(super) fn plans(db: &Connection, filter: &HistoryFilter, now: Millis) -> Vec<String> {
    let wanted = Wanted::of(filter, now);
    [wanted.page(0, 100), wanted.counts(), wanted.days()]
        .into_iter()
        .map(|sql| {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = plan
                .query_map(wanted.parameters().as_slice(), |row| {
                    row.get::<_, String>(3)
                })
                .unwrap();
            steps.map(|step| step.unwrap() + "\n").collect()
        })
        .collect()
}
