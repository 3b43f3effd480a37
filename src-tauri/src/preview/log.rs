//! The lines of the event log that come from the app's side.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;
use tokio::sync::broadcast;

const KEPT: usize = 500;
const KEPT_LINKS: usize = 32;
const TEXT_LIMIT: usize = 300;

/// How serious a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to do.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
}

/// The sign beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Icon {
    /// A token was issued or refused.
    Token,
    /// A page was served.
    Page,
    /// A window, navigation or download.
    Window,
}

/// What a person can do about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Action {
    /// Open an address the widget asked for; `id` names it.
    Open {
        /// Names the address for `POST open`.
        id: u64,
    },
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Rises by one with each line.
    pub seq: u64,
    /// When, in milliseconds of Unix time.
    pub at: i64,
    /// How serious it is.
    pub level: Level,
    /// The sign beside it.
    pub icon: Icon,
    /// What happened.
    pub title: String,
    /// What exactly.
    pub detail: Option<String>,
    /// What can be done about it.
    pub action: Option<Action>,
}

#[derive(Default)]
struct Kept {
    seq: u64,
    lines: VecDeque<Line>,
    links: HashMap<u64, String>,
}

/// The log of one preview. Clones share it.
#[derive(Clone)]
pub struct PreviewLog {
    kept: Arc<Mutex<Kept>>,
    live: broadcast::Sender<Line>,
}

impl Default for PreviewLog {
    fn default() -> Self {
        Self {
            kept: Arc::default(),
            live: broadcast::Sender::new(256),
        }
    }
}

impl PreviewLog {
    /// Adds a line.
    pub fn push(&self, level: Level, icon: Icon, title: &str, detail: Option<&str>) {
        let mut kept = self.lock();
        self.add(&mut kept, level, icon, title, detail, None);
    }

    /// Adds a line for an address the widget wants to open outside; only https gets the action.
    pub fn push_link(&self, url: &url::Url) {
        let shown = format!(
            "{}{}",
            url.host_str().unwrap_or("an unnamed host"),
            url.path()
        );
        let title = "The widget wants to open a page";
        let mut kept = self.lock();
        if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
            let detail = format!("{shown}: refused, only https is opened");
            self.add(
                &mut kept,
                Level::Warn,
                Icon::Window,
                title,
                Some(&detail),
                None,
            );
            return;
        }
        let id = kept.seq + 1;
        kept.links.insert(id, url.to_string());
        if kept.links.len() > KEPT_LINKS
            && let Some(oldest) = kept.links.keys().min().copied()
        {
            kept.links.remove(&oldest);
        }
        let action = Some(Action::Open { id });
        self.add(
            &mut kept,
            Level::Warn,
            Icon::Window,
            title,
            Some(&shown),
            action,
        );
    }

    /// The address behind an action of this log.
    pub fn link(&self, id: u64) -> Option<String> {
        self.lock().links.get(&id).cloned()
    }

    /// The lines after `seq`, and those still to come.
    pub fn follow(&self, seq: u64) -> (VecDeque<Line>, broadcast::Receiver<Line>) {
        let kept = self.lock();
        let lines = kept
            .lines
            .iter()
            .filter(|line| line.seq > seq)
            .cloned()
            .collect();
        (lines, self.live.subscribe())
    }

    fn add(
        &self,
        kept: &mut Kept,
        level: Level,
        icon: Icon,
        title: &str,
        detail: Option<&str>,
        action: Option<Action>,
    ) {
        kept.seq += 1;
        let line = Line {
            seq: kept.seq,
            at: now_ms(),
            level,
            icon,
            title: cut(title),
            detail: detail.map(cut),
            action,
        };
        kept.lines.push_back(line.clone());
        if kept.lines.len() > KEPT {
            kept.lines.pop_front();
        }
        // An error only says that nobody listens; the line is kept for whoever comes next.
        let _ = self.live.send(line);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_LIMIT).collect()
}

/// Milliseconds of Unix time.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_https_links_can_be_opened() {
        let log = PreviewLog::default();
        for refused in [
            "http://example.org/a",
            "https://a:b@example.org/",
            "file:///etc/passwd",
        ] {
            log.push_link(&refused.parse().unwrap());
        }
        log.push_link(&"https://id.example.org/start?x=1".parse().unwrap());
        let (lines, _) = log.follow(0);
        assert_eq!(lines.iter().filter(|line| line.action.is_some()).count(), 1);
        assert_eq!(
            log.link(4).as_deref(),
            Some("https://id.example.org/start?x=1")
        );
        assert_eq!(log.link(1), None);
    }
}
