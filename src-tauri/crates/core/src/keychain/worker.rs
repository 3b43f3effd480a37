//! The thread that talks to the keychain.

use std::{sync::mpsc, thread};

use keyring_core::{Entry, Error as StoreError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::{KeychainError, meaning};

type Answer<T> = oneshot::Sender<Result<T, KeychainError>>;

/// One thing to do, and where its answer goes.
pub(super) enum Job {
    Prove(Answer<()>),
    Get(String, Answer<Option<SecretString>>),
    Set(String, SecretString, Answer<()>),
    Delete(String, Answer<()>),
}

/// Starts the thread. It ends when the last handle is gone.
pub(super) fn spawn(service: String) -> mpsc::Sender<Job> {
    let (jobs, todo) = mpsc::channel();
    // Without a thread the channel is closed, and every call says that the keychain is not there.
    let _ = thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            for job in todo {
                run(&service, job);
            }
        });
    jobs
}

fn run(service: &str, job: Job) {
    // Nobody listening any more is fine: the caller gave up waiting.
    match job {
        Job::Prove(answer) => drop(answer.send(prove(service).map_err(|e| meaning(&e)))),
        Job::Get(item, answer) => drop(answer.send(get(service, &item).map_err(|e| meaning(&e)))),
        Job::Set(item, secret, answer) => {
            change(service, &item, answer, || set(service, &item, &secret));
        }
        Job::Delete(item, answer) => {
            change(service, &item, answer, || delete(service, &item));
        }
    }
}

/// Changes an item. Whoever gave up waiting was told that nothing changed, so then it is put back.
fn change(
    service: &str,
    item: &str,
    answer: Answer<()>,
    work: impl FnOnce() -> Result<(), StoreError>,
) {
    if answer.is_closed() {
        return;
    }
    let before = get(service, item);
    let done = work().map_err(|e| meaning(&e));
    if let Err(Ok(())) = answer.send(done) {
        // There is nobody to tell if this fails too.
        let _ = match before {
            Ok(Some(secret)) => set(service, item, &secret),
            Ok(None) => delete(service, item),
            Err(error) => Err(error),
        };
    }
}

/// Makes sure there is a store to ask. `keyring` tries once in a process, so a service that comes
/// up later is looked for here.
fn entry(service: &str, item: &str) -> Result<Entry, StoreError> {
    if keyring::Entry::store_status().is_err() && keyring_core::get_default_store().is_none() {
        #[cfg(all(unix, not(target_os = "macos")))]
        keyring_core::set_default_store(zbus_secret_service_keyring_store::Store::new()?);
    }
    Entry::new(service, item)
}

fn prove(service: &str) -> Result<(), StoreError> {
    // An item of its own: another process may be proving it at the same time.
    let probe = uuid::Uuid::new_v4().to_string();
    let item = format!("probe:{probe}");
    set(service, &item, &SecretString::from(probe))?;
    delete(service, &item)
}

fn get(service: &str, item: &str) -> Result<Option<SecretString>, StoreError> {
    match entry(service, item)?.get_password() {
        Ok(secret) => Ok(Some(SecretString::from(secret))),
        Err(StoreError::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

fn set(service: &str, item: &str, secret: &SecretString) -> Result<(), StoreError> {
    let entry = entry(service, item)?;
    entry.set_password(secret.expose_secret())?;
    let kept = SecretString::from(entry.get_password()?);
    if kept.expose_secret() == secret.expose_secret() {
        Ok(())
    } else {
        Err(StoreError::BadStoreFormat(
            "it answered with something else than was written".to_owned(),
        ))
    }
}

fn delete(service: &str, item: &str) -> Result<(), StoreError> {
    match entry(service, item)?.delete_credential() {
        Ok(()) | Err(StoreError::NoEntry) => Ok(()),
        Err(error) => Err(error),
    }
}
