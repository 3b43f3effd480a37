//! Reading the history by filter, by page and by count.

use rusqlite::{Connection, OptionalExtension, ToSql, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    EntryKind, HistoryEntry,
    row::{COLUMNS, entry},
    write::word,
};
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
    /// Expired or superseded.
    Expired,
    /// Failed, or a run that ended otherwise.
    Failed,
    Unknown,
    /// Runs that go on without their token.
    Running,
    /// Runs that have not ended, whether or not somebody still has to come.
    Open,
    Completed,
}

/// What to show; the parts combine by AND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryFilter {
    /// Part of a label, workflow, subject, fingerprint, run id or workspace name.
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
    /// Only this kind.
    pub kind: Option<EntryKind>,
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
    pub running: u32,
    pub completed: u32,
    pub open: u32,
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

/// The most entries of one page: a window draws no more, and reads the next page when it needs it.
const MOST_PER_PAGE: u32 = 1000;

/// A page of entries, newest first; at most [`MOST_PER_PAGE`].
pub(crate) fn page(
    db: &Connection,
    filter: &HistoryFilter,
    offset: u32,
    limit: u32,
    now: Millis,
) -> Result<Vec<HistoryEntry>, AppError> {
    entries(db, filter, offset, limit.min(MOST_PER_PAGE), now)
}

/// The newest entries, however many are asked for. One statement reads them all, so that what is
/// written meanwhile neither repeats one nor leaves one out.
pub(crate) fn newest(
    db: &Connection,
    filter: &HistoryFilter,
    limit: u32,
    now: Millis,
) -> Result<Vec<HistoryEntry>, AppError> {
    entries(db, filter, 0, limit, now)
}

fn entries(
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
            running: row.get(7)?,
            completed: row.get(8)?,
            open: row.get(9)?,
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

/// What still lets somebody in, and the runs that go on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveEntries {
    /// Up to 50 of them: what ends soonest first, then the runs that need no token, newest first.
    pub entries: Vec<HistoryEntry>,
    /// The ends of all that let somebody in, soonest first.
    #[ts(type = "Array<number>")]
    pub ends: Vec<Millis>,
    /// Those of runs among them.
    #[ts(type = "Array<number>")]
    pub run_ends: Vec<Millis>,
    /// How many runs go on that need no token.
    pub running: u32,
}

/// How many live entries are listed: what counts them counts all.
const MOST_LIVE: u32 = 50;

/// What is live, soonest end first, and how much of it there is.
pub(crate) fn live(db: &Connection, now: Millis) -> Result<LiveEntries, AppError> {
    let order = format!(
        "ORDER BY {RUNNING}, CASE WHEN {RUNNING} THEN -requested_at ELSE expires_at END, number DESC"
    );
    let sql = format!(
        "SELECT {COLUMNS} FROM entries WHERE number IN (
            SELECT number FROM entries WHERE forgotten_at IS NULL AND ({LIVE} OR {RUNNING})
            {order} LIMIT {MOST_LIVE}) {order}"
    );
    let now = named_params! { ":now": now };
    let mut statement = db.prepare_cached(&sql)?;
    let entries = statement.query_map(now, entry)?;
    let entries = entries.collect::<Result<_, _>>()?;

    let sql = format!(
        "SELECT expires_at, kind = 'run' FROM entries WHERE forgotten_at IS NULL AND {LIVE}
         ORDER BY expires_at"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let ends = statement.query_map(now, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let ends: Vec<(Millis, bool)> = ends.collect::<Result<_, _>>()?;

    let sql = format!("SELECT count(*) FROM entries WHERE forgotten_at IS NULL AND {RUNNING}");
    let running = db.prepare_cached(&sql)?.query_row(now, |row| row.get(0))?;
    let of_runs = ends.iter().filter(|(_, is_run)| *is_run);
    Ok(LiveEntries {
        entries,
        run_ends: of_runs.map(|(end, _)| *end).collect(),
        ends: ends.into_iter().map(|(end, _)| end).collect(),
        running,
    })
}

// What `HistoryEntry::status` says, in SQL. Each entry is of one status, and open besides while its
// run has not ended; a test holds them together.
const LIVE: &str = "(state = 'issued' AND used_at IS NULL AND superseded_at IS NULL \
    AND expires_at > :now AND coalesce(run_state, 'open') = 'open')";
const USED: &str = "(state = 'issued' AND used_at IS NOT NULL AND run_state IS NULL)";
const RUNNING: &str = "(state = 'issued' AND run_state = 'open' \
    AND (used_at IS NOT NULL OR expires_at IS NULL OR expires_at <= :now))";
const OPEN: &str = "(state = 'issued' AND run_state = 'open')";
const COMPLETED: &str = "(state = 'issued' AND run_state = 'completed')";
const FAILED: &str = "(state = 'failed' OR (state = 'issued' AND run_state = 'ended'))";
const EXPIRED: &str = "(state = 'issued' AND used_at IS NULL AND run_state IS NULL \
    AND (superseded_at IS NOT NULL OR expires_at <= :now))";

/// A filter on its way to SQL. All of its values are parameters.
struct Wanted<'a> {
    filter: &'a HistoryFilter,
    kind: Option<String>,
    now: Millis,
    search: Option<Search>,
}

enum Search {
    /// Three characters and more go through the trigram index.
    Index(String),
    /// Fewer are looked for row by row: a JSON list of every way to write them.
    Scan(String),
}

/// A text in capitals and small letters of any script, in every mixture: SQLite's `lower` knows
/// those of ASCII alone, the index those of all.
fn in_any_case(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in text.chars() {
        let mut ways = vec![c.to_ascii_lowercase()];
        for other in [c.to_lowercase().to_string(), c.to_uppercase().to_string()] {
            let mut other = other.chars();
            if let (Some(one), None) = (other.next(), other.next())
                && !one.is_ascii()
                && !ways.contains(&one)
            {
                ways.push(one);
            }
        }
        all = all
            .iter()
            .flat_map(|start| ways.iter().map(move |way| format!("{start}{way}")))
            .collect();
    }
    all
}

impl<'a> Wanted<'a> {
    fn of(filter: &'a HistoryFilter, now: Millis) -> Self {
        // The index cannot look for control characters, and nobody means them.
        let text = filter.search.replace(char::is_control, "");
        let text = text.trim();
        let search = match text.chars().count() {
            0 => None,
            1 | 2 => Some(Search::Scan(
                serde_json::to_string(&in_any_case(text)).unwrap_or_default(),
            )),
            _ => Some(Search::Index(format!("\"{}\"", text.replace('"', "\"\"")))),
        };
        Self {
            filter,
            kind: filter.kind.map(word),
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
                ORDER BY requested_at DESC, number DESC LIMIT {limit} OFFSET {offset})
             ORDER BY requested_at DESC, number DESC",
            self.base(),
            self.status()
        )
    }

    fn counts(&self) -> String {
        format!(
            "SELECT count(*),
                count(*) FILTER (WHERE {LIVE}), count(*) FILTER (WHERE {USED}),
                count(*) FILTER (WHERE {EXPIRED}), count(*) FILTER (WHERE {FAILED}),
                count(*) FILTER (WHERE state = 'unknown'),
                count(*) FILTER (WHERE purpose = 'preview'),
                count(*) FILTER (WHERE {RUNNING}), count(*) FILTER (WHERE {COMPLETED}),
                count(*) FILTER (WHERE {OPEN}),
                :now, :since, :workspace, :search, :kind
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
             AND (:workspace IS NULL OR workspace_id = :workspace)
             AND (:kind IS NULL OR kind = :kind)",
        );
        match self.search {
            None => sql.push_str(" AND :search IS NULL"),
            Some(Search::Index(_)) => sql.push_str(
                " AND number IN (SELECT rowid FROM entries_text WHERE entries_text MATCH :search)",
            ),
            Some(Search::Scan(_)) => sql.push_str(
                " AND EXISTS (SELECT 1 FROM json_each(:search) AS way
                    WHERE instr(lower(concat_ws(' ', label, workflow_id, workflow_name, subject,
                        token_fingerprint, workspace_name, run_id)), way.value) > 0)",
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
            StatusFilter::Failed => FAILED,
            StatusFilter::Running => RUNNING,
            StatusFilter::Open => OPEN,
            StatusFilter::Completed => COMPLETED,
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

    fn parameters(&self) -> [(&'static str, &dyn ToSql); 5] {
        let search: &dyn ToSql = match &self.search {
            Some(Search::Index(text) | Search::Scan(text)) => text,
            None => &rusqlite::types::Null,
        };
        [
            (":now", &self.now),
            (":since", &self.filter.since),
            (":workspace", &self.filter.workspace_id),
            (":search", search),
            (":kind", &self.kind),
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
