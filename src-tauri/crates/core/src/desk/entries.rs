//! The history as the window and the terminal use it.

use secrecy::SecretString;
use transactionlink::Host;

use super::{Desk, DeskEvent};
use crate::{
    clock::now,
    error::{AppError, Code},
    history::{
        HistoryEntry, HistoryFilter, HistorySummary, LiveEntries, Status, erase, links, query,
        seed, write,
    },
};

impl Desk {
    /// Counts and days of a filter.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn summary(&self, filter: HistoryFilter) -> Result<HistorySummary, AppError> {
        self.database()?
            .run(move |db| query::summary(db, &filter, now()))
            .await
    }

    /// A page of entries, newest first; at most 1,000.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn page(
        &self,
        filter: HistoryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, AppError> {
        let page = self
            .database()?
            .run(move |db| query::page(db, &filter, offset, limit, now()))
            .await?;
        Ok(self.with_bodies(page))
    }

    /// The newest entries, however many are asked for: for a terminal or a file, not for a window.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn newest(
        &self,
        filter: HistoryFilter,
        limit: u32,
    ) -> Result<Vec<HistoryEntry>, AppError> {
        let entries = self
            .database()?
            .run(move |db| query::newest(db, &filter, limit, now()))
            .await?;
        Ok(self.with_bodies(entries))
    }

    /// One entry.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn entry(&self, id: &str) -> Result<HistoryEntry, AppError> {
        let id = id.to_owned();
        let entry = self.database()?.run(move |db| query::one(db, &id)).await?;
        Ok(self.with_body(entry))
    }

    /// What still lets somebody in, soonest end first, and the runs that go on.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn live(&self) -> Result<LiveEntries, AppError> {
        let live = self.database()?.run(|db| query::live(db, now())).await?;
        Ok(LiveEntries {
            entries: self.with_bodies(live.entries),
            ..live
        })
    }

    /// The token's body.
    ///
    /// # Errors
    /// It is not kept, or not any more.
    pub async fn token(&self, id: &str) -> Result<SecretString, AppError> {
        self.body(id, |body| body.token.clone(), write::token).await
    }

    /// The address of a link or of a run's hosted page.
    ///
    /// # Errors
    /// It is not kept, or not any more.
    pub async fn link(&self, id: &str) -> Result<SecretString, AppError> {
        self.body(id, |body| body.link.clone(), write::link).await
    }

    async fn body(
        &self,
        id: &str,
        in_memory: fn(&super::Body) -> Option<SecretString>,
        on_disk: fn(&rusqlite::Connection, &str) -> Result<Option<SecretString>, AppError>,
    ) -> Result<SecretString, AppError> {
        let remembered = {
            let state = self.state();
            let body = state.bodies.get(id).filter(|body| body.until > now());
            body.and_then(in_memory)
        };
        // What could not be written down is in memory alone, and given all the same.
        let entry = match (self.entry(id).await, remembered) {
            (Ok(entry), Some(_)) if entry.status(now()) == Status::Superseded => entry,
            (_, Some(body)) => return Ok(body),
            (entry, None) => entry?,
        };
        let status = entry.status(now());
        let over = entry.expires_at.is_none_or(|end| end <= now()) || status == Status::Superseded;
        if !over {
            let id = id.to_owned();
            let kept = self.database()?.run(move |db| on_disk(db, &id)).await?;
            if let Some(body) = kept {
                return Ok(body);
            }
        }
        Err(AppError::new(
            Code::TokenGone,
            "Not kept any more",
            if status == Status::Superseded {
                "A newer link ended this one."
            } else if over {
                "Tokens and links are erased when they expire."
            } else {
                "Tokens and links are not kept on disk."
            },
            "Issue a new one with the same inputs.",
        ))
    }

    /// Changes an entry's label; empty takes it away.
    ///
    /// # Errors
    /// There is no such entry.
    pub async fn set_label(&self, id: &str, label: &str) -> Result<HistoryEntry, AppError> {
        let (id, label) = (id.to_owned(), label.to_owned());
        let entry = self.change(move |db| write::label(db, &id, &label)).await?;
        Ok(self.with_body(entry))
    }

    /// Writes down that the token was used.
    ///
    /// # Errors
    /// There is no such entry.
    pub async fn mark_used(&self, id: &str) -> Result<HistoryEntry, AppError> {
        let id = id.to_owned();
        let entry = self.change(move |db| write::used(db, &id, now())).await?;
        Ok(self.with_body(entry))
    }

    /// Takes entries out of the history; for half a minute they can be restored.
    ///
    /// # Errors
    /// The history cannot be written.
    pub async fn forget(&self, ids: Vec<String>) -> Result<usize, AppError> {
        self.change(move |db| erase::forget(db, &ids, now())).await
    }

    /// Brings forgotten entries back.
    ///
    /// # Errors
    /// The history cannot be written.
    pub async fn restore(&self, ids: Vec<String>) -> Result<usize, AppError> {
        self.change(move |db| erase::restore(db, &ids)).await
    }

    /// Forgets every expired token, and says which, so that they can be restored.
    ///
    /// # Errors
    /// The history cannot be written.
    pub async fn clear_expired(&self) -> Result<Vec<String>, AppError> {
        self.change(|db| erase::forget_expired(db, now())).await
    }

    /// Writes made-up entries, to see a long history; the newest `live` are active for an hour.
    ///
    /// # Errors
    /// The history cannot be written.
    pub async fn seed(&self, count: u32, live: u32) -> Result<u32, AppError> {
        self.change(move |db| seed::seed(db, count, live, now()))
            .await
    }

    fn with_bodies(&self, entries: Vec<HistoryEntry>) -> Vec<HistoryEntry> {
        entries
            .into_iter()
            .map(|entry| self.with_body(entry))
            .collect()
    }

    /// Where no bodies are kept on disk, those of this session are still in memory.
    pub(super) fn with_body(&self, mut entry: HistoryEntry) -> HistoryEntry {
        {
            let state = self.state();
            let body = state.bodies.get(&entry.id);
            if let Some(body) = body.filter(|body| body.until > now()) {
                let superseded = entry.status(now()) == Status::Superseded;
                entry.has_token |= body.token.is_some();
                entry.has_link |= body.link.is_some() && !superseded;
            }
        }
        self.with_following(&mut entry);
        entry
    }

    /// The link that a new one for the same subject would end.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn link_in_force(
        &self,
        workspace_id: &str,
        subject: &str,
    ) -> Result<Option<HistoryEntry>, AppError> {
        // The history has ids as they are sent, in one spelling.
        let Ok(subject) = uuid::Uuid::try_parse(subject.trim()) else {
            return Ok(None);
        };
        let (workspace, subject) = (workspace_id.to_owned(), subject.to_string());
        self.database()?
            .run(move |db| links::in_force(db, &workspace, &subject, now()))
            .await
    }

    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut rusqlite::Connection) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let changed = self.database()?.run(work).await?;
        self.tell(DeskEvent::History);
        Ok(changed)
    }
}

pub(super) fn parsed(host: &str) -> Result<Host, AppError> {
    Host::parse(host).map_err(|error| {
        AppError::new(
            Code::InvalidInput,
            "The workspace's host cannot be used",
            format!("{error}."),
            "Correct it under Workspaces.",
        )
    })
}
