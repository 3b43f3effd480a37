//! The record of every attempt to issue a token, start a run or make a link.

pub(crate) mod erase;
pub mod export;
mod facts;
pub(crate) mod links;
pub(crate) mod query;
mod row;
pub(crate) mod runs;
pub(crate) mod seed;
pub(crate) mod write;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    claims::Claim, clock::Millis, error::AppError, expiry::ExpirySource, workspace::WorkspaceKind,
};

pub use facts::{EntryKind, LinkFacts, RunFacts, RunSeen, RunState};
pub use query::{DayGroup, HistoryFilter, HistorySummary, LiveEntries, StatusCounts, StatusFilter};

/// The generation of the API a token was asked of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ApiGeneration {
    /// `POST /token` with a case.
    V1,
    /// `POST /token` with an optional record.
    #[default]
    V2,
    /// `POST /workflows` with an optional record; the way of accounts of 2026.
    Workflows,
}

/// What a token was issued for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To be handed to a customer.
    #[default]
    HandOver,
    /// To be used up by a preview.
    Preview,
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EntryState {
    /// The request may be on its way.
    Pending,
    /// A token, a run or a link came.
    Issued,
    /// None came.
    Failed,
    /// The app stopped before the answer came.
    Unknown,
}

/// What an entry amounts to at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// The request may be on its way.
    Pending,
    /// Five minutes or more are left.
    Active,
    /// Less than five minutes are left.
    Expiring,
    /// Its time is over.
    Expired,
    /// A widget has opened with it, or a person said so.
    Used,
    /// Its run goes on, and its token is used, over, or never was.
    Running,
    /// Its run is completed.
    Completed,
    /// Its run ended otherwise.
    Ended,
    /// A newer link ended this one.
    Superseded,
    /// No token came.
    Failed,
    /// Nobody knows whether a token was issued.
    Unknown,
}

/// One attempt, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// Its id on this computer.
    pub id: String,
    /// The workspace it was issued in.
    pub workspace_id: String,
    /// The workspace's name at that time.
    pub workspace_name: String,
    /// Demo or live.
    pub workspace_kind: WorkspaceKind,
    /// The API generation.
    pub api: ApiGeneration,
    /// `workflowDefinitionId`.
    pub workflow_id: String,
    /// Its name, where one is known.
    pub workflow_name: Option<String>,
    /// The case or record.
    pub subject: Option<String>,
    /// `parametersId`.
    pub parameters_id: Option<String>,
    /// `lang`.
    pub lang: Option<String>,
    /// A person's own words.
    pub label: Option<String>,
    /// What for.
    pub purpose: Purpose,
    /// How far it came.
    pub state: EntryState,
    /// When it was asked for.
    #[ts(type = "number")]
    pub requested_at: Millis,
    /// When the token came.
    #[ts(type = "number | null")]
    pub issued_at: Option<Millis>,
    /// When it ends.
    #[ts(type = "number | null")]
    pub expires_at: Option<Millis>,
    /// Its whole life in milliseconds.
    #[ts(type = "number | null")]
    pub lifetime_ms: Option<Millis>,
    /// Who says so.
    pub expiry_source: Option<ExpirySource>,
    /// When it was used.
    #[ts(type = "number | null")]
    pub used_at: Option<Millis>,
    /// When it was last copied.
    #[ts(type = "number | null")]
    pub copied_at: Option<Millis>,
    /// The HTTP status of the answer.
    pub http_status: Option<u16>,
    /// Milliseconds authorising took.
    #[ts(type = "number | null")]
    pub authorized_ms: Option<Millis>,
    /// Whether the access token was there already.
    pub authorized_from_cache: bool,
    /// Milliseconds the request itself took.
    #[ts(type = "number | null")]
    pub request_ms: Option<Millis>,
    /// The token's ends, with the middle hidden.
    pub token_masked: Option<String>,
    /// The token's length in characters.
    pub token_length: Option<u32>,
    /// Whether its body is still kept.
    pub has_token: bool,
    /// The start of its SHA-256, to recognise it by.
    pub token_fingerprint: Option<String>,
    /// What it says about itself, unverified.
    pub claims: Vec<Claim>,
    /// Why it failed.
    pub error: Option<AppError>,
    /// What was asked for.
    pub kind: EntryKind,
    /// The parameters of a run as they were sent: a JSON object.
    pub parameters: Option<String>,
    /// How long its run was asked to take, in minutes.
    pub minutes: Option<u32>,
    /// Whether the vendor was asked to send the link.
    pub send: bool,
    /// The run it started.
    pub run: Option<RunFacts>,
    /// The link it is.
    pub link: Option<LinkFacts>,
    /// Whether a link is still kept, its own or its run's.
    pub has_link: bool,
}

impl HistoryEntry {
    /// What the entry amounts to at `now`.
    #[must_use]
    pub fn status(&self, now: Millis) -> Status {
        match self.state {
            EntryState::Pending => Status::Pending,
            EntryState::Failed => Status::Failed,
            EntryState::Unknown => Status::Unknown,
            EntryState::Issued => self.issued_status(now),
        }
    }

    fn issued_status(&self, now: Millis) -> Status {
        // The run is what matters from then on: it may go on for long after its token.
        let no_token_needed =
            self.used_at.is_some() || self.expires_at.is_none_or(|end| end <= now);
        match self.run.as_ref().map(|run| run.state) {
            Some(RunState::Completed) => return Status::Completed,
            Some(RunState::Ended) => return Status::Ended,
            Some(RunState::Open) if no_token_needed => return Status::Running,
            _ => {}
        }
        if self.used_at.is_some() {
            return Status::Used;
        }
        if self
            .link
            .as_ref()
            .is_some_and(|l| l.superseded_at.is_some())
        {
            return Status::Superseded;
        }
        match self.expires_at.map_or(0, |end| end - now) {
            ..=0 => Status::Expired,
            left if left < crate::expiry::EXPIRING => Status::Expiring,
            _ => Status::Active,
        }
    }
}

#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod tests;
