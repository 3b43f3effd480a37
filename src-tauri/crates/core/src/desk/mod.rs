//! The desk: everything the app can do, for the window and the terminal alike.

mod closing;
mod entries;
mod handover;
mod issue;
mod keychain_watch;
mod opening;
mod results;
mod runs;
mod saved;
mod subjects;
mod webhooks;
mod workspaces;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use secrecy::SecretString;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use transactionlink::{Client, Credential, Host, Phase, WebhookKey};
use uuid::Uuid;

use crate::{
    clock::Millis,
    error::{AppError, Code},
    keychain::{Keychain, KeychainState},
    storage::{Database, HistoryNotice, Occupancy, StorageState},
    subjects::Transfer,
};

pub use results::RunResult;
pub use runs::RunStatus;

/// Where the app keeps its files.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// This folder.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The platform's folder for TokenDesk's data on this computer, or what `TOKENDESK_DATA` names.
    /// The key stays in this computer's keychain, so the data must not roam to another.
    ///
    /// # Errors
    /// The platform names no home folder.
    pub fn of_this_person() -> Result<Self, AppError> {
        if let Some(path) = std::env::var_os("TOKENDESK_DATA").filter(|p| !p.is_empty()) {
            return Ok(Self(path.into()));
        }
        directories::ProjectDirs::from("io", "tokendesk", "TokenDesk")
            .map(|dirs| Self(dirs.data_local_dir().to_owned()))
            .ok_or_else(|| {
                AppError::new(
                    Code::Storage,
                    "No data folder",
                    "This account has no home folder.",
                    "Set TOKENDESK_DATA to a folder.",
                )
            })
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// The demo workspace's simulator, as the desk reaches it.
#[derive(Clone)]
pub struct Demo {
    /// Where it answers; API and widget in one.
    pub host: Host,
    /// Its credential, made up at each start.
    pub credential: Credential,
    /// Its workflows, id and name.
    pub workflows: Vec<(String, String)>,
}

/// Something a window may want to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskEvent {
    /// Keychain, storage, demo or workspaces changed.
    State,
    /// Entries changed.
    History,
    /// The run of an entry was looked at and nothing about it is new.
    RunChecked {
        /// The entry.
        entry_id: String,
        /// When, in milliseconds since 1970.
        checked_at: Millis,
    },
    /// An issue has come this far.
    Issuing(Phase),
    /// A file has come this far.
    Transfer(Transfer),
}

/// Everything the app can do. Clones share it.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Folder,
    keychain: Keychain,
    events: broadcast::Sender<DeskEvent>,
    bell: runs::Bell,
    state: Mutex<State>,
    opening: tokio::sync::Mutex<()>,
    /// Cancelled when the desk closes: from then on nothing is opened or begun.
    closing: CancellationToken,
    /// Read by each answer on its way into the history; the end waits to write it.
    answers: tokio::sync::RwLock<()>,
}

struct State {
    storage: StorageState,
    database: Option<Database>,
    occupancy: Option<Occupancy>,
    history_notice: Option<HistoryNotice>,
    /// The person chose to keep nothing on this computer until they ask for the keychain.
    session_chosen: bool,
    /// The last test of what the workspace dialog holds.
    draft_test: Option<workspaces::DraftTest>,
    demo: Option<Demo>,
    clients: HashMap<String, Client>,
    /// Credentials kept for this session only, as keychain items.
    session: HashMap<String, SecretString>,
    /// Bodies of this session's tokens, for when none are kept on disk.
    bodies: HashMap<String, Body>,
    issuing: Option<CancellationToken>,
    /// Stops every file under way.
    transfers: CancellationToken,
    following: runs::Following,
    /// Results of runs that were just fetched.
    results: HashMap<String, results::Found>,
    /// Whether the result of an entry is to be kept, while that is under way.
    keeping: HashMap<String, bool>,
    /// Keys that webhooks are signed with, by workspace and id.
    webhook_keys: HashMap<(String, Uuid), WebhookKey>,
    clock_offset: i64,
}

impl State {
    /// Forgets what was made or fetched with a workspace's host and credential.
    fn forget_client(&mut self, id: &str) {
        self.clients.remove(id);
        self.webhook_keys
            .retain(|(workspace, _), _| workspace != id);
    }
}

/// A token and its link in memory, until their end.
struct Body {
    token: Option<SecretString>,
    link: Option<SecretString>,
    until: Millis,
}

/// The name the keychain's items are filed under.
const KEYCHAIN_SERVICE: &str = "io.tokendesk.desktop";

impl Desk {
    /// The desk of whoever runs this: their data folder, their keychain.
    ///
    /// # Errors
    /// The platform names no home folder.
    pub fn of_this_person() -> Result<Self, AppError> {
        let keychain = Keychain::of_this_computer(KEYCHAIN_SERVICE);
        Ok(Self::new(Folder::of_this_person()?, keychain))
    }

    /// A desk that has opened nothing yet; [`Desk::open`] does.
    #[must_use]
    pub fn new(folder: Folder, keychain: Keychain) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder,
                keychain,
                events: broadcast::Sender::new(64),
                bell: runs::Bell::default(),
                state: Mutex::new(State {
                    storage: StorageState::Opening,
                    database: None,
                    occupancy: None,
                    history_notice: None,
                    session_chosen: false,
                    draft_test: None,
                    demo: None,
                    clients: HashMap::new(),
                    session: HashMap::new(),
                    bodies: HashMap::new(),
                    issuing: None,
                    transfers: CancellationToken::new(),
                    following: runs::Following::default(),
                    results: HashMap::new(),
                    keeping: HashMap::new(),
                    webhook_keys: HashMap::new(),
                    clock_offset: 0,
                }),
                opening: tokio::sync::Mutex::new(()),
                closing: CancellationToken::new(),
                answers: tokio::sync::RwLock::new(()),
            }),
        }
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.inner.events.subscribe()
    }

    /// Where the files are.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.inner.folder
    }

    /// The keychain's state.
    #[must_use]
    pub fn keychain_state(&self) -> KeychainState {
        self.inner.keychain.state()
    }

    /// Where the history is kept.
    #[must_use]
    pub fn storage_state(&self) -> StorageState {
        let state = self.state();
        if state.database.as_ref().is_some_and(Database::is_damaged) {
            return StorageState::Failed {
                error: AppError::history_damaged("A page of it could not be read"),
            };
        }
        state.storage.clone()
    }

    /// What was done about the history's file since the start, where a person has to know.
    #[must_use]
    pub fn history_notice(&self) -> Option<HistoryNotice> {
        self.state().history_notice.clone()
    }

    /// How far the last answer's server was ahead of this computer, in milliseconds; 0 within
    /// the tolerance.
    #[must_use]
    pub fn clock_offset(&self) -> i64 {
        self.state().clock_offset
    }

    /// Says where the demo's simulator is.
    pub fn set_demo(&self, demo: Demo) {
        {
            let mut state = self.state();
            state.forget_client(crate::workspace::DEMO_ID);
            state.following.wake();
            state.demo = Some(demo);
        }
        self.inner.bell.ring();
        self.tell(DeskEvent::State);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is left half done in there between two statements.
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: DeskEvent) {
        // With no window open nobody listens.
        let _ = self.inner.events.send(event);
    }

    fn database(&self) -> Result<Database, AppError> {
        let state = self.state();
        match (&state.database, &state.storage) {
            (Some(database), _) => Ok(database.clone()),
            (None, _) if self.inner.closing.is_cancelled() => Err(closing::is_closing()),
            (None, StorageState::Failed { error }) => Err(error.clone()),
            (None, _) => Err(AppError::new(
                Code::KeychainLocked,
                "Waiting for your keychain",
                "The history is locked with a key in your keychain, which has not answered yet.",
                "Unlock the keychain and try again, or go on for this session only.",
            )
            .retryable()),
        }
    }
}
