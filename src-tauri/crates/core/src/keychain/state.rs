//! What is known of the keychain, and why a call of it did not work.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Keychain;
use crate::error::{AppError, Code};

/// What the person is told about the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum KeychainState {
    /// It is being asked.
    Loading,
    /// It answers.
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

impl KeychainState {
    /// The keychain of this platform, answering.
    pub(super) fn ready() -> Self {
        Self::Ready {
            name: Keychain::name().to_owned(),
        }
    }
}

/// Why a keychain call did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// No service, or none that keeps anything.
    #[error("{0}")]
    Unavailable(String),
    /// The service answers, and refused this one call.
    #[error("{0}")]
    Refused(String),
    /// Locked, and nobody could be asked.
    #[error("the keychain is locked")]
    Locked,
    /// No answer in time; most likely it asks for its password.
    #[error("the keychain has not answered yet")]
    Waiting,
}

/// A service without a keyring to write to.
pub(super) const NO_KEYRING: &str = "there is no keyring to write to";
/// A service that went away while it was asked.
pub(super) const STOPPED: &str = "it has stopped";

const UNLOCK: &str = "Unlock it (the password of your login keyring), then try again. \
    Or keep credentials for this session only.";
const START: &str = "Start a Secret Service such as GNOME Keyring or KWallet, then try again. \
    Or keep credentials for this session only.";
const MAKE_KEYRING: &str = "Create a login keyring (Passwords and Keys does it), then try again. \
    Or keep credentials for this session only.";

/// What can be done where there is no keychain.
fn hint(detail: &str) -> &'static str {
    if detail == NO_KEYRING {
        MAKE_KEYRING
    } else {
        START
    }
}

impl KeychainError {
    /// The state the error stands for; a single refusal says nothing of the keychain.
    #[must_use]
    pub fn state(&self) -> Option<KeychainState> {
        match self {
            Self::Unavailable(detail) => Some(KeychainState::Unavailable {
                detail: detail.clone(),
                hint: hint(detail).to_owned(),
            }),
            Self::Refused(_) => None,
            Self::Locked | Self::Waiting => Some(KeychainState::Locked {
                hint: UNLOCK.to_owned(),
            }),
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
                hint(detail),
            ),
            KeychainError::Refused(detail) => Self::new(
                Code::KeychainUnavailable,
                "Not kept in the keychain",
                format!("The keychain refused: {detail}."),
                "Look at the items of TokenDesk in the keychain, then try again.",
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
