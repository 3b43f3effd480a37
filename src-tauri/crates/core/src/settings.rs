//! What a person may choose about how tokens are kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
