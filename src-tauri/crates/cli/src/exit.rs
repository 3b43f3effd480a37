//! Exit codes, and errors as a terminal shows them.

use tokendesk_core::{AppError, Code};

use crate::output::{note, tell_usage};

pub(crate) const DONE: u8 = 0;
const USAGE: u8 = 2;
const CREDENTIAL: u8 = 3;
const REFUSED: u8 = 4;
const NETWORK: u8 = 5;
const KEYCHAIN: u8 = 6;
const STORAGE: u8 = 7;
/// What Rust itself ends with after a panic.
pub(crate) const PANICKED: u8 = 101;

/// The exit code of an error.
pub(crate) fn code(error: &AppError) -> u8 {
    match error.code {
        Code::InvalidInput | Code::NoSuchThing | Code::TokenGone | Code::Cancelled => USAGE,
        Code::WrongCredentials | Code::Unauthorized | Code::CredentialMissing => CREDENTIAL,
        Code::Forbidden
        | Code::InvalidRequest
        | Code::NotFound
        | Code::RateLimited
        | Code::ServerError
        | Code::Unavailable
        | Code::MalformedAnswer
        | Code::NotTheApi => REFUSED,
        Code::ConnectFailed
        | Code::Tls
        | Code::TimedOut
        | Code::ConnectionLost
        | Code::DemoStarting => NETWORK,
        Code::KeychainUnavailable
        | Code::KeychainLocked
        | Code::KeychainTimeout
        | Code::HistoryKeyMissing => KEYCHAIN,
        Code::Storage | Code::HistoryDamaged => STORAGE,
    }
}

/// Says how the command is used, and gives the exit code that goes with it.
pub(crate) fn after_usage(usage: &clap::Error) -> u8 {
    match tell_usage(usage) {
        Ok(()) if usage.use_stderr() => USAGE,
        Ok(()) => DONE,
        Err(error) => {
            tell(&error);
            code(&error)
        }
    }
}

/// Says what went wrong and what to do.
pub(crate) fn tell(error: &AppError) {
    let status = error
        .http_status
        .map(|s| format!(" (HTTP {s})"))
        .unwrap_or_default();
    note(format_args!("{}{status}", error.title));
    note(format_args!("  {}", error.detail));
    if !error.hint.is_empty() {
        note(format_args!("  {}", error.hint));
    }
    if let Some(fingerprint) = &error.fingerprint {
        note(format_args!("  fingerprint {fingerprint}"));
    }
}
