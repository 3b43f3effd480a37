//! What the preview needs from the app, and nothing more.

use std::{fmt, future::Future, pin::Pin};

use secrecy::SecretString;
use serde::Serialize;

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a preview shows and where its widget comes from. Asked anew for each page.
#[derive(Clone)]
pub struct PreviewContext {
    /// The workspace's name.
    pub workspace_name: String,
    /// Whether everything here is made up.
    pub demo: bool,
    /// The workflow's name, or its id where there is none.
    pub workflow_name: String,
    /// Address of the widget's script.
    pub widget_script_url: String,
    /// Origin of the widget's script.
    pub widget_origin: String,
    /// Address of the hosted page, without a token.
    pub hosted_url: Option<String>,
    /// Origin of the API.
    pub api_origin: String,
    /// Hosts the person allowed for this workspace.
    pub allowed_hosts: Vec<String>,
    /// Language to start with.
    pub lang: Option<String>,
    /// A token to show first; only read when the server starts.
    pub first_token: Option<PreviewToken>,
}

/// A token the widget is started with.
#[derive(Clone)]
pub struct PreviewToken {
    /// Its entry in the history.
    pub entry_id: String,
    /// The token itself.
    pub token: SecretString,
    /// When it expires, in milliseconds of Unix time.
    pub expires_at_ms: i64,
    /// How long it lives as a whole.
    pub lifetime_ms: i64,
    /// How long issuing took.
    pub elapsed_ms: u64,
    /// Whether it was issued for this preview, and not shown from the history.
    pub own: bool,
}

/// Why a token was refused, in words for a person.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewError {
    /// What happened.
    pub title: String,
    /// What exactly.
    pub detail: String,
    /// What to do.
    pub hint: String,
    /// A stable code.
    pub code: String,
}

impl PreviewError {
    /// An error of the preview itself.
    pub fn new(code: &str, title: &str, detail: &str, hint: &str) -> Self {
        Self {
            title: title.into(),
            detail: detail.into(),
            hint: hint.into(),
            code: code.into(),
        }
    }
}

impl fmt::Display for PreviewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl std::error::Error for PreviewError {}

/// The app, as the preview sees it. It holds what was asked for, and the credential stays there.
pub trait PreviewSource: Send + Sync {
    /// What to show.
    fn context(&self) -> PreviewContext;
    /// Issues a new token from the same inputs, marked "preview" in the history.
    fn new_token(&self) -> BoxFuture<'_, Result<PreviewToken, PreviewError>>;
    /// The widget opened with this entry's token, so it counts as used.
    fn widget_opened(&self, entry_id: &str);
    /// Allows calls to a host for this workspace, from the next page on.
    ///
    /// # Errors
    /// When the choice cannot be kept.
    fn allow_host(&self, host: &str) -> Result<(), PreviewError>;
    /// Opens an address in the system browser.
    ///
    /// # Errors
    /// When no browser could be started.
    fn open_in_browser(&self, url: &str) -> Result<(), PreviewError>;
}
