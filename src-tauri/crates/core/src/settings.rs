//! What a person may choose about how tokens are kept.

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::AppError;

/// Choices that change what is written to disk or the clipboard, kept in the encrypted database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Whether a token's body is written to disk at all, until it expires.
    pub keep_tokens: bool,
    /// Seconds until a copied token is cleared from the clipboard; 0 keeps it there.
    pub clipboard_clear_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keep_tokens: true,
            clipboard_clear_seconds: 60,
        }
    }
}

impl Settings {
    /// Of each of two choices the one that keeps less.
    pub(crate) fn stricter(&self, other: &Self) -> Self {
        let seconds = match (self.clipboard_clear_seconds, other.clipboard_clear_seconds) {
            (0, seconds) | (seconds, 0) => seconds,
            (one, other) => one.min(other),
        };
        Self {
            keep_tokens: self.keep_tokens && other.keep_tokens,
            clipboard_clear_seconds: seconds,
        }
    }
}

/// What a person chose; `None` where nobody has chosen anything.
pub(crate) fn saved(db: &Connection) -> Result<Option<Settings>, AppError> {
    let body: Option<String> = db
        .query_row("SELECT body FROM settings", [], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|b| serde_json::from_str(&b).ok()))
}

/// Saves a choice. Where no bodies are to be kept, those on disk are erased now.
pub(crate) fn save(db: &Connection, settings: &Settings) -> Result<(), AppError> {
    let body = serde_json::to_string(settings).unwrap_or_default();
    db.execute(
        "INSERT INTO settings (one, body) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET body = ?1",
        [body],
    )?;
    if !settings.keep_tokens {
        db.execute(
            "UPDATE entries SET token = NULL, link = NULL
             WHERE token IS NOT NULL OR link IS NOT NULL",
            [],
        )?;
    }
    Ok(())
}
