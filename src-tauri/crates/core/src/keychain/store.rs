//! The connection to the platform's store, and what its failures mean.

use std::sync::Arc;

use keyring_core::{CredentialStore, Error as StoreError};

use super::KeychainError;

/// Makes a connection to the store. On Linux each one is a D-Bus session of its own.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// Makes a connection to the store, which lives as long as the process.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    // Asking for the status makes the store.
    if let Err(why) = keyring::Entry::store_status() {
        return Err(StoreError::PlatformFailure(why.to_string().into()));
    }
    keyring_core::get_default_store().ok_or(StoreError::NoDefaultStore)
}

#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service_errors {
    use secret_service::Error as ServiceError;
    use zbus::{DBusError, Error as BusError};

    use super::{KeychainError, StoreError};
    use crate::keychain::state::{NO_KEYRING, STOPPED};

    fn service_error(error: &StoreError) -> Option<&ServiceError> {
        match error {
            StoreError::PlatformFailure(why) | StoreError::NoStorageAccess(why) => {
                why.downcast_ref::<ServiceError>()
            }
            _ => None,
        }
    }

    /// Whether a new connection may do better. The keyring's session ends with its daemon.
    pub(in crate::keychain) fn is_connection_lost(error: &StoreError) -> bool {
        match service_error(error) {
            Some(ServiceError::Locked | ServiceError::Prompt | ServiceError::NoResult) => false,
            Some(_) => true,
            None => matches!(error, StoreError::PlatformFailure(_)),
        }
    }

    pub(super) fn meaning(error: &StoreError) -> Option<KeychainError> {
        let unavailable = |why: &str| KeychainError::Unavailable(why.to_owned());
        Some(match service_error(error)? {
            ServiceError::Locked | ServiceError::Prompt => KeychainError::Locked,
            ServiceError::NoResult => unavailable(NO_KEYRING),
            ServiceError::Unavailable => unavailable("there is no session bus to find it on"),
            ServiceError::PromptDisconnected => unavailable(STOPPED),
            ServiceError::Zbus(error) => bus_error(error),
            ServiceError::ZbusFdo(error) => named(&error.name()),
            _ => unavailable("its answer cannot be read"),
        })
    }

    fn bus_error(error: &BusError) -> KeychainError {
        match error {
            BusError::MethodError(name, ..) => named(name),
            BusError::FDO(error) => named(&error.name()),
            _ => KeychainError::Unavailable("the session bus does not answer".to_owned()),
        }
    }

    /// The meaning of an error by its name on the bus. Its text is written for programmers.
    fn named(name: &str) -> KeychainError {
        let last = name.rsplit('.').next().unwrap_or(name);
        let why = match last {
            "IsLocked" => return KeychainError::Locked,
            "ServiceUnknown" | "NameHasNoOwner" => "no Secret Service is running",
            "AccessDenied" | "AuthFailed" => "this app may not talk to it",
            _ if name.contains(".Spawn.") => "the Secret Service could not be started",
            "TimedOut" | "Timeout" => "it does not answer",
            "NoSession" | "NoReply" | "Disconnected" | "UnknownObject" | "UnknownMethod"
            | "UnknownInterface" | "NoSuchObject" => STOPPED,
            other => {
                return KeychainError::Unavailable(format!("it answers with the error {other}"));
            }
        };
        KeychainError::Unavailable(why.to_owned())
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use secret_service_errors::is_connection_lost;

/// Whether a new connection may do better; there is only ever one.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn is_connection_lost(_error: &StoreError) -> bool {
    false
}

/// What a failure of the store means; measured with gnome-keyring on Linux.
pub(super) fn meaning(error: &StoreError) -> KeychainError {
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Some(meaning) = secret_service_errors::meaning(error) {
        return meaning;
    }
    match error {
        StoreError::NoStorageAccess(_) => KeychainError::Locked,
        StoreError::Ambiguous(_) => {
            KeychainError::Refused("it holds more than one item of the same name".to_owned())
        }
        StoreError::BadEncoding(_) | StoreError::BadDataFormat(..) => {
            KeychainError::Refused("the item it holds is not text".to_owned())
        }
        StoreError::BadStoreFormat(why) => KeychainError::Refused(why.clone()),
        StoreError::TooLong(what, most) => {
            KeychainError::Refused(format!("the item's {what} is longer than {most}"))
        }
        StoreError::NoDefaultStore => {
            KeychainError::Unavailable("no keychain service answers".to_owned())
        }
        // Only off Linux does the platform's own text come here, and that is made for people.
        StoreError::PlatformFailure(why) => {
            KeychainError::Unavailable(why.to_string().trim_end_matches('.').to_owned())
        }
        other => KeychainError::Refused(other.to_string()),
    }
}
