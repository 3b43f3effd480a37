//! What a token, a run or a link is handed over as.

mod curl;
mod embed;
mod postman;
mod qr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use embed::widget_script;
pub use qr::Qr;

pub(crate) use curl::curl;
pub(crate) use embed::embed;
pub(crate) use postman::postman;

/// What to copy of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CopyKind {
    /// The token.
    Token,
    /// A page that runs the widget with it.
    Embed,
    /// The request behind it, the credential as a placeholder.
    Curl,
    /// The address of the link, or of a run's hosted page.
    Link,
}
