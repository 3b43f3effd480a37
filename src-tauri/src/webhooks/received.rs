//! What came: the last hundred webhooks, in memory only.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use serde_json::Value;
use tokendesk_core::{
    Millis,
    webhooks::{Verdict, WebhookReport},
};
use ts_rs::TS;

/// How many are kept.
pub(super) const KEPT: usize = 100;
/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 60;

/// A webhook that came to the listener.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedWebhook {
    /// Its number since the app was started.
    #[ts(type = "number")]
    pub id: u64,
    /// When it came.
    #[ts(type = "number")]
    pub at: Millis,
    /// What its signature says.
    pub report: WebhookReport,
    /// The how-manieth delivery of the same it is, from 1.
    pub attempt: u32,
    /// The event it tells of; empty where the body does not say.
    pub summary: String,
    /// The history entry of the run it tells of, if that is ours.
    pub run_entry_id: Option<String>,
}

/// What tells whether two deliveries are the same. The payload is not documented: the names are
/// those of the simulator (invented), with the likeliest others beside them.
#[derive(Default)]
struct Said {
    run_id: Option<String>,
    event: Option<String>,
    status: Option<String>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return Self::default();
        };
        let text = |names: &[&str]| {
            let mut all = names.iter().filter_map(|name| body.get(name)?.as_str());
            all.find(|text| !text.is_empty()).map(str::to_owned)
        };
        Self {
            run_id: text(&["workflowId", "id"]),
            event: text(&["eventType", "event", "type"]),
            status: text(&["status"]),
        }
    }

    /// The same event of the same run. Two statuses are two events, under whatever name.
    fn is_same(&self, other: &Self) -> bool {
        self.run_id.is_some()
            && self.event.is_some()
            && self.run_id == other.run_id
            && self.event == other.event
            && self.status == other.status
    }
}

struct Row {
    id: u64,
    at: Millis,
    said: Said,
    fingerprint: u64,
    attempt: u32,
    /// None while it is being verified.
    report: Option<WebhookReport>,
    run_entry_id: Option<String>,
}

#[derive(Default)]
struct Rows {
    /// The oldest first.
    all: VecDeque<Row>,
    last: u64,
}

/// The last hundred, the list of which the window shows.
#[derive(Default)]
pub(crate) struct Received {
    rows: Mutex<Rows>,
    /// With a key of its own, so that no sender can make two bodies look the same.
    hasher: RandomState,
}

impl Received {
    /// Notes one that came, before it is verified: attempts count in the order they came in.
    pub(super) fn arrived(&self, body: &[u8], signature: &str, at: Millis) -> u64 {
        let said = Said::read(body);
        let fingerprint = self.hasher.hash_one((body, signature));
        let mut rows = self.rows();
        let earlier = rows
            .all
            .iter()
            .filter(|row| row.fingerprint == fingerprint || row.said.is_same(&said))
            .count();
        rows.last += 1;
        let id = rows.last;
        if rows.all.len() >= KEPT {
            rows.all.pop_front();
        }
        rows.all.push_back(Row {
            id,
            at,
            said,
            fingerprint,
            attempt: u32::try_from(earlier + 1).unwrap_or(u32::MAX),
            report: None,
            run_entry_id: None,
        });
        id
    }

    /// Puts the verdict to it. Gives the run that a valid one names; the others are not believed.
    pub(super) fn verified(&self, id: u64, report: WebhookReport) -> Option<String> {
        let mut rows = self.rows();
        // It may have been cleared meanwhile.
        let row = rows.all.iter_mut().find(|row| row.id == id)?;
        let valid = report.verdict == Verdict::Valid;
        row.report = Some(report);
        row.said.run_id.clone().filter(|_| valid)
    }

    pub(super) fn belongs(&self, id: u64, entry_id: String) {
        let mut rows = self.rows();
        if let Some(row) = rows.all.iter_mut().find(|row| row.id == id) {
            row.run_entry_id = Some(entry_id);
        }
    }

    /// Those that have their verdict, the newest first.
    pub(super) fn list(&self) -> Vec<ReceivedWebhook> {
        let rows = self.rows();
        let shown = rows.all.iter().rev().filter_map(|row| {
            Some(ReceivedWebhook {
                id: row.id,
                at: row.at,
                report: row.report.clone()?,
                attempt: row.attempt,
                summary: summary(&row.said),
                run_entry_id: row.run_entry_id.clone(),
            })
        });
        shown.collect()
    }

    pub(super) fn clear(&self) {
        self.rows().all.clear();
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn summary(said: &Said) -> String {
    let event = said.event.as_deref().unwrap_or_default();
    event.chars().take(LONGEST_SUMMARY).collect()
}

#[cfg(test)]
#[path = "received_tests.rs"]
pub(super) mod tests;
