//! What an entry knows beyond its token: the run it started, the link it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{clock::Millis, error::AppError};

/// What was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    /// A widget token: `POST /token`.
    #[default]
    Token,
    /// A workflow run: `POST /workflows`, or the older `POST /workflows/run`.
    Run,
    /// A hosted link: `POST /link` or `POST /link/send`.
    Link,
}

/// What a run's status amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It goes on, or its status is none we know.
    Open,
    /// `COMPLETED`: there is a result.
    Completed,
    /// It ended otherwise.
    Ended,
}

impl RunState {
    /// What a status amounts to. The vendor documents no list: `RUNNING` and `COMPLETED` are
    /// seen, the other ends are inferred from their words, and an unknown word keeps the run open.
    #[must_use]
    pub fn of(status: Option<&str>) -> Self {
        match status.unwrap_or_default().to_ascii_uppercase().as_str() {
            "COMPLETED" => Self::Completed,
            "FAILED" | "ERROR" | "CANCELLED" | "CANCELED" | "EXPIRED" | "TERMINATED"
            | "ABORTED" | "TIMED_OUT" => Self::Ended,
            _ => Self::Open,
        }
    }
}

/// A status and when it was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunSeen {
    /// The vendor's word.
    pub status: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
}

/// The run an entry started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunFacts {
    /// The vendor's id of it.
    pub run_id: String,
    /// Its status in the vendor's word.
    pub status: Option<String>,
    /// What that amounts to.
    pub state: RunState,
    /// Whether a person has to go through a widget.
    pub interactive: bool,
    /// When it was started.
    #[ts(type = "number")]
    pub started_at: Millis,
    /// When its status was first seen.
    #[ts(type = "number | null")]
    pub status_at: Option<Millis>,
    /// When it was last looked at.
    #[ts(type = "number | null")]
    pub checked_at: Option<Millis>,
    /// The end the vendor set it.
    #[ts(type = "number | null")]
    pub ends_at: Option<Millis>,
    /// Every status that was seen, the first one first.
    pub seen: Vec<RunSeen>,
    /// Whether it is looked at from time to time.
    pub following: bool,
    /// Why the last look failed.
    pub problem: Option<AppError>,
    /// Whether its result is kept with the entry.
    pub result_kept: bool,
}

/// The link an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkFacts {
    /// Its host, with the rest hidden.
    pub masked: String,
    /// When a newer link for the same subject ended it.
    #[ts(type = "number | null")]
    pub superseded_at: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_keeps_the_run_open() {
        assert_eq!(RunState::of(Some("COMPLETED")), RunState::Completed);
        assert_eq!(RunState::of(Some("failed")), RunState::Ended);
        for open in [None, Some("RUNNING"), Some("AWAITING_REVIEW"), Some("")] {
            assert_eq!(RunState::of(open), RunState::Open, "{open:?}");
        }
    }
}
