//! Keychain and database coming up, beside the window and never in its way.

use std::time::Duration;

use super::{Desk, DeskEvent};
use crate::{
    clock::now,
    error::{AppError, Code},
    history::{erase, write},
    keychain::{Keychain, KeychainError, KeychainState},
    storage::{Database, Occupancy, StorageState, new_key},
};

/// The keychain item that holds the database's key.
const KEY_ITEM: &str = "history-key";

impl Desk {
    /// Asks the keychain and opens the history. Without a keychain the history lives in memory.
    pub async fn open(&self) {
        let _one_at_a_time = self.inner.opening.lock().await;
        if matches!(self.storage_state(), StorageState::Encrypted { .. }) {
            // Its state is what was wanted; the history is open already.
            let _ = self.see_keychain().await;
            return;
        }
        match self.see_keychain().await {
            Ok(()) => self.open_file().await,
            Err(KeychainError::Unavailable(detail)) => self.open_in_memory(&detail),
            Err(KeychainError::Locked | KeychainError::Waiting) => {
                if !matches!(self.storage_state(), StorageState::SessionOnly { .. }) {
                    self.state().storage = StorageState::Waiting;
                }
            }
        }
        self.tell(DeskEvent::State);
        self.tell(DeskEvent::History);
    }

    /// Goes on without the keychain until the app ends.
    pub fn use_session_only(&self) {
        self.open_in_memory("you chose to keep nothing on this computer");
        self.tell(DeskEvent::State);
    }

    /// Erases what is due, for as long as the desk lives. Run it once, as a task.
    pub async fn keep_tidy(&self) {
        loop {
            self.state().bodies.retain(|_, body| body.until > now());
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

    async fn see_keychain(&self) -> Result<(), KeychainError> {
        let proven = self.inner.keychain.prove().await;
        self.state().keychain = match &proven {
            Ok(()) => KeychainState::Ready {
                name: Keychain::name().to_owned(),
            },
            Err(error) => error.state(),
        };
        self.tell(DeskEvent::State);
        proven
    }

    async fn open_file(&self) {
        match self.try_open_file().await {
            Ok(()) => {}
            Err(error) if error.code == Code::KeychainTimeout => {
                self.state().storage = StorageState::Waiting;
            }
            Err(error) => self.state().storage = StorageState::Failed { error },
        }
    }

    async fn try_open_file(&self) -> Result<(), AppError> {
        let folder = self.inner.folder.path().to_owned();
        let path = folder.join("history.db");
        make_private(&folder).map_err(|e| no_folder(&e))?;
        let keychain = &self.inner.keychain;
        let key = if let Some(key) = keychain.get(KEY_ITEM).await? {
            key
        } else {
            let key = new_key().map_err(|e| no_folder(&e))?;
            keychain.set(KEY_ITEM, key.clone()).await?;
            key
        };
        let kept_in = path.display().to_string();
        let (opened, occupancy) = tokio::task::spawn_blocking(move || {
            let occupancy = Occupancy::enter(&folder).map_err(|e| no_folder(&e))?;
            let opened = Database::open(&path, &key)?;
            let now = now();
            let db = opened.database.lock();
            write::settle_pending(&db, occupancy.alone, now)?;
            erase::expired_bodies(&db, now)?;
            erase::purge(&db, now)?;
            drop(db);
            Ok::<_, AppError>((opened, occupancy))
        })
        .await
        .map_err(|e| no_folder(&std::io::Error::other(e.to_string())))??;
        let mut state = self.state();
        state.database = Some(opened.database);
        state.occupancy = Some(occupancy);
        state.moved_aside = opened.moved_aside;
        state.storage = StorageState::Encrypted { kept_in };
        Ok(())
    }

    fn open_in_memory(&self, reason: &str) {
        let mut state = self.state();
        if state.database.is_some() {
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

/// Makes the folder, readable by nobody else.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
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
