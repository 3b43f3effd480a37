//! The record of every attempt to issue a token.

pub(crate) mod erase;
pub mod export;
pub(crate) mod query;
pub(crate) mod seed;
pub(crate) mod write;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    claims::Claim, clock::Millis, error::AppError, expiry::ExpirySource, workspace::WorkspaceKind,
};

pub use query::{DayGroup, HistoryFilter, HistorySummary, StatusCounts, StatusFilter};

/// The generation of the API a token was asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ApiGeneration {
    /// `POST /token` with a case.
    V1,
    /// `POST /token` with an optional record.
    V2,
}

/// What a token was issued for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// To be handed to a customer.
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
    /// A token came.
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
}

impl HistoryEntry {
    /// What the entry amounts to at `now`.
    #[must_use]
    pub fn status(&self, now: Millis) -> Status {
        match self.state {
            EntryState::Pending => Status::Pending,
            EntryState::Failed => Status::Failed,
            EntryState::Unknown => Status::Unknown,
            EntryState::Issued if self.used_at.is_some() => Status::Used,
            EntryState::Issued => match self.expires_at.map_or(0, |end| end - now) {
                ..=0 => Status::Expired,
                left if left < crate::expiry::EXPIRING => Status::Expiring,
                _ => Status::Active,
            },
        }
    }
}

#[cfg(test)]
mod tests;
