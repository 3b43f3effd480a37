//! The OS keychain, used from a thread of its own and never waited for without a bound.
//!
//! A locked keychain blocks its caller for as long as the person looks at the password prompt,
//! so no async worker ever calls it.

mod worker;

use std::{sync::mpsc, time::Duration};

use keyring_core::Error as StoreError;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use ts_rs::TS;

use crate::error::{AppError, Code};

/// How long a call waits for the keychain before it says that it waits.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What the person is told about the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum KeychainState {
    /// It is being asked.
    Loading,
    /// It keeps what it is given: proven by write, read, delete.
    Ready {
        /// The name people know it by.
        name: String,
    },
    /// It is there and locked, or asking for its password.
    Locked {
        /// What to do.
        hint: String,
    },
    /// It is not there.
    Unavailable {
        /// Why.
        detail: String,
        /// What to do.
        hint: String,
    },
}

/// Why a keychain call did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// No service, or none that keeps anything.
    #[error("{0}")]
    Unavailable(String),
    /// Locked, and nobody could be asked.
    #[error("the keychain is locked")]
    Locked,
    /// No answer in time; most likely it asks for its password.
    #[error("the keychain has not answered yet")]
    Waiting,
}

const UNLOCK: &str = "Unlock it (the password of your login keyring), then try again. \
    Or keep credentials for this session only.";
const START: &str = "Start a Secret Service such as GNOME Keyring or KWallet, then try again. \
    Or keep credentials for this session only.";
const NO_KEYRING: &str = "Create a login keyring (Passwords and Keys does it), then try again. \
    Or keep credentials for this session only.";

impl KeychainError {
    /// The state the error stands for.
    #[must_use]
    pub fn state(&self) -> KeychainState {
        match self {
            Self::Unavailable(detail) => KeychainState::Unavailable {
                detail: detail.clone(),
                hint: if detail.contains("no keyring") {
                    NO_KEYRING
                } else {
                    START
                }
                .to_owned(),
            },
            Self::Locked | Self::Waiting => KeychainState::Locked {
                hint: UNLOCK.to_owned(),
            },
        }
    }
}

impl From<KeychainError> for AppError {
    fn from(error: KeychainError) -> Self {
        match &error {
            KeychainError::Unavailable(detail) => Self::new(
                Code::KeychainUnavailable,
                "No keychain",
                format!("This computer's keychain cannot be used: {detail}."),
                START,
            ),
            KeychainError::Locked => Self::new(
                Code::KeychainLocked,
                "Keychain locked",
                "The keychain is locked.",
                UNLOCK,
            ),
            KeychainError::Waiting => Self::new(
                Code::KeychainTimeout,
                "Waiting for your keychain",
                "The keychain has not answered; it may be asking for its password.",
                UNLOCK,
            ),
        }
        .retryable()
    }
}

/// A handle to the keychain's thread. Clones share it.
#[derive(Clone)]
pub struct Keychain {
    jobs: mpsc::Sender<worker::Job>,
    patience: Duration,
}

impl Keychain {
    /// The keychain of this computer; `service` is the name its items are filed under.
    #[must_use]
    pub fn of_this_computer(service: &str) -> Self {
        Self::with_patience(service, PATIENCE)
    }

    /// The same with another bound on each call.
    #[must_use]
    pub fn with_patience(service: &str, patience: Duration) -> Self {
        Self {
            jobs: worker::spawn(service.to_owned()),
            patience,
        }
    }

    /// The name people know this platform's keychain by. On Linux it is whatever the desktop
    /// brings; the Secret Service itself does not say.
    #[must_use]
    pub fn name() -> &'static str {
        if cfg!(target_os = "macos") {
            "macOS Keychain"
        } else if cfg!(windows) {
            "Windows Credential Manager"
        } else if std::env::var("XDG_CURRENT_DESKTOP").is_ok_and(|name| name.contains("KDE")) {
            "KWallet"
        } else {
            "GNOME Keyring"
        }
    }

    /// Proves that the keychain keeps what it is given, by write, read and delete.
    ///
    /// # Errors
    /// Says whether it is locked or not there.
    pub async fn prove(&self) -> Result<(), KeychainError> {
        self.ask(worker::Job::Prove).await
    }

    /// Reads an item; `None` where there is none.
    ///
    /// # Errors
    /// The keychain cannot be read.
    pub async fn get(&self, item: &str) -> Result<Option<SecretString>, KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| worker::Job::Get(item, answer)).await
    }

    /// Writes an item and reads it back.
    ///
    /// # Errors
    /// It was not kept.
    pub async fn set(&self, item: &str, secret: SecretString) -> Result<(), KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| worker::Job::Set(item, secret, answer))
            .await
    }

    /// Deletes an item; one that is not there is fine.
    ///
    /// # Errors
    /// The keychain cannot be used.
    pub async fn delete(&self, item: &str) -> Result<(), KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| worker::Job::Delete(item, answer)).await
    }

    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, KeychainError>>) -> worker::Job,
    ) -> Result<T, KeychainError> {
        let (answer, answered) = oneshot::channel();
        let gone = || KeychainError::Unavailable("its thread has stopped".to_owned());
        self.jobs.send(job(answer)).map_err(|_| gone())?;
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(gone()),
            Err(_) => Err(KeychainError::Waiting),
        }
    }
}

/// What a failure of the store means; measured with gnome-keyring on Linux.
fn meaning(error: &StoreError) -> KeychainError {
    match error {
        StoreError::NoStorageAccess(why) => {
            let why = format!("{why:?} {why}");
            if why.contains("NoResult") {
                KeychainError::Unavailable("there is no keyring to write to".to_owned())
            } else {
                KeychainError::Locked
            }
        }
        StoreError::NoDefaultStore => match keyring::Entry::store_status() {
            Err(why) => KeychainError::Unavailable(why.to_string()),
            Ok(()) => KeychainError::Unavailable("no keychain service answers".to_owned()),
        },
        other => KeychainError::Unavailable(other.to_string()),
    }
}
