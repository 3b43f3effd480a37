//! Keychain and database coming up, beside the window and never in its way.

use std::time::Duration;

use super::{Desk, DeskEvent, closing::is_closing};
use crate::{
    clock::now,
    error::{AppError, Code},
    history::{erase, write},
    keychain::{KeychainError, KeychainState},
    storage::{
        Database, OPENING_WAIT, Occupancy, OpeningTurn, StorageState, begin_anew, carry_over,
        is_there, new_key, no_key_for,
    },
};

/// The keychain item that holds the database's key.
const KEY_ITEM: &str = "history-key";
/// The history in the data folder.
const FILE: &str = "history.db";

impl Desk {
    /// Asks the keychain and opens the history. Without a keychain the history lives in memory;
    /// what came to be there goes into the file once a later call finds the keychain.
    ///
    /// # Errors
    /// Why there is no encrypted history; the states of keychain and storage say so too.
    pub async fn open(&self) -> Result<(), AppError> {
        let _one_at_a_time = self.inner.opening.lock().await;
        let seen = self.see_keychain().await;
        let opened = match (self.storage_state(), seen) {
            // Its state is what was wanted; the history is open already.
            (StorageState::Encrypted { .. }, seen) => return Ok(seen?),
            (_, Ok(())) => {
                let opened = self.open_file().await;
                // It can be read, and there is no keyring to write the history's key to.
                if let (Err(_), KeychainState::Unavailable { detail, .. }) =
                    (&opened, self.keychain_state())
                {
                    self.open_in_memory(&detail);
                }
                if opened.is_ok() {
                    self.state().session_chosen = false;
                }
                opened
            }
            (_, Err(KeychainError::Unavailable(detail))) => {
                self.open_in_memory(&detail);
                Err(KeychainError::Unavailable(detail).into())
            }
            (before, Err(error)) => {
                if !matches!(before, StorageState::SessionOnly { .. }) {
                    self.state().storage = StorageState::Waiting;
                }
                Err(error.into())
            }
        };
        self.tell(DeskEvent::State);
        self.tell(DeskEvent::History);
        opened
    }

    /// Sets a history aside whose key is not in the keychain, and begins a new one. One that the
    /// keychain's key opens is opened as always.
    ///
    /// # Errors
    /// The keychain does not answer, another TokenDesk uses the history, or it cannot be moved.
    pub async fn begin_new_history(&self) -> Result<(), AppError> {
        {
            let _one_at_a_time = self.inner.opening.lock().await;
            let folder = self.inner.folder.path().to_owned();
            let _alone_until_done = self.opening_turn().await?;
            let key = self.inner.keychain.get(KEY_ITEM).await?;
            let notice =
                in_background(move || begin_anew(&folder.join(FILE), &folder, key.as_ref()))
                    .await?;
            self.state().history_notice = notice;
        }
        self.open().await
    }

    /// Goes on without the keychain until the app ends.
    pub fn use_session_only(&self) {
        self.state().session_chosen = true;
        self.open_in_memory("you chose to keep nothing on this computer");
        self.tell(DeskEvent::State);
    }

    /// Erases what is due, for as long as the desk lives. Run it once, as a task.
    pub async fn keep_tidy(&self) {
        tokio::select! {
            () = self.inner.closing.cancelled() => {}
            () = self.tidy_again_and_again() => {}
        }
    }

    async fn tidy_again_and_again(&self) {
        loop {
            {
                let mut state = self.state();
                state.bodies.retain(|_, body| body.until > now());
                state.results.retain(|_, found| found.is_fresh());
            }
            let next = match self.database() {
                Ok(database) => database
                    .run(|db| {
                        let now = now();
                        let changed = erase::expired_bodies(db, now)? + erase::purge(db, now)?;
                        Ok((changed, erase::next_expiry(db)?))
                    })
                    .await
                    .ok(),
                Err(_) => None,
            };
            if let Some((1.., _)) = next {
                self.tell(DeskEvent::History);
            }
            let until = next.and_then(|(_, at)| at).map_or(10_000, |at| at - now());
            let millis = u64::try_from(until.clamp(500, 10_000)).unwrap_or(10_000);
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }

    /// Asks the keychain for what it holds. Nothing is written to find out whether it answers:
    /// some keychains ask the person about each item that is deleted again.
    pub(super) async fn see_keychain(&self) -> Result<(), KeychainError> {
        let seen = self.inner.keychain.get(KEY_ITEM).await.map(drop);
        self.tell(DeskEvent::State);
        seen
    }

    async fn open_file(&self) -> Result<(), AppError> {
        let opened = self.try_open_file().await;
        if let Err(error) = &opened {
            let mut state = self.state();
            // A session in memory stays in use.
            if state.database.is_none() {
                state.storage = match error.code {
                    Code::KeychainTimeout | Code::KeychainLocked => StorageState::Waiting,
                    _ => StorageState::Failed {
                        error: error.clone(),
                    },
                };
            }
        }
        opened
    }

    async fn try_open_file(&self) -> Result<(), AppError> {
        let folder = self.inner.folder.path().to_owned();
        let path = folder.join(FILE);
        make_private(&folder).map_err(|e| no_folder(&e))?;
        self.leave_damaged();
        // Another process that starts now must not make a second key, or a second schema.
        let _alone_until_open = self.opening_turn().await?;
        let keychain = &self.inner.keychain;
        let key = if let Some(key) = keychain.get(KEY_ITEM).await? {
            key
        } else if is_there(&path) {
            // A second key would make the first one's history look damaged.
            return Err(no_key_for(&path));
        } else {
            let key = new_key().map_err(|e| no_folder(&e))?;
            keychain.set(KEY_ITEM, key.clone()).await?;
            key
        };
        let kept_in = path.display().to_string();
        let before = self.state().database.clone();
        let before = before.filter(|database| !database.is_in_file());
        let (opened, occupancy) = in_background(move || {
            let occupancy = Occupancy::enter(&folder).map_err(|e| no_folder(&e))?;
            let alone = occupancy.alone;
            let opened = Database::open_tidied(&path, &key, alone, |db| {
                let now = now();
                write::settle_pending(db, alone, now)?;
                erase::expired_bodies(db, now)?;
                erase::purge(db, now).map(drop)
            })?;
            if let Some(before) = before {
                carry_over(&before.lock(), &mut opened.database.lock())?;
            }
            Ok((opened, occupancy))
        })
        .await?;
        let mut state = self.state();
        if self.inner.closing.is_cancelled() {
            // The database first: while it is open others must see that.
            drop(opened);
            drop(occupancy);
            return Err(is_closing());
        }
        state.database = Some(opened.database);
        state.occupancy = Some(occupancy);
        if opened.notice.is_some() {
            state.history_notice = opened.notice;
        }
        state.storage = StorageState::Encrypted { kept_in };
        drop(state);
        self.inner.bell.ring();
        Ok(())
    }

    /// Waits for the turn to open the history, but never for long: a program that hangs, or a
    /// network home without locks, must not hold up a window or a terminal.
    async fn opening_turn(&self) -> Result<OpeningTurn, AppError> {
        let folder = self.inner.folder.path().to_owned();
        let turn = in_background(move || {
            OpeningTurn::wait(&folder, OPENING_WAIT).map_err(|error| match error.kind() {
                std::io::ErrorKind::TimedOut => in_use(&error.to_string()),
                _ => no_folder(&error),
            })
        });
        tokio::time::timeout(OPENING_WAIT * 2, turn)
            .await
            .unwrap_or_else(|_| Err(in_use("The lock beside the history does not answer")))
    }

    /// Lets go of a file that turned out to be damaged, so that it can be looked after.
    fn leave_damaged(&self) {
        let mut state = self.state();
        if state.database.as_ref().is_some_and(Database::is_damaged) {
            state.database = None;
            state.occupancy = None;
        }
    }

    fn open_in_memory(&self, reason: &str) {
        let mut state = self.state();
        if state.database.is_some() || self.inner.closing.is_cancelled() {
            return;
        }
        match Database::in_memory() {
            Ok(database) => {
                state.database = Some(database);
                state.storage = StorageState::SessionOnly {
                    reason: reason.to_owned(),
                };
            }
            Err(error) => state.storage = StorageState::Failed { error },
        }
    }
}

/// Runs what may block for long where that holds up nobody.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| no_folder(&std::io::Error::other(e.to_string())))?
}

/// Makes the folder, readable by nobody else.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn in_use(what: &str) -> AppError {
    AppError::new(
        Code::Storage,
        "The history is in use",
        format!("{what}."),
        "Close or end the other one, then try again. Nothing was changed.",
    )
    .retryable()
}

fn no_folder(error: &std::io::Error) -> AppError {
    AppError::new(
        Code::Storage,
        "The data folder cannot be used",
        format!("{error}."),
        "Check the folder named in Settings, then try again.",
    )
    .retryable()
}
