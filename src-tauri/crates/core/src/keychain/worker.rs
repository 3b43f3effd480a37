//! The thread that talks to the keychain.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use keyring_core::{CredentialStore, Entry, Error as StoreError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::{
    KeychainError, KeychainState,
    store::{is_connection_lost, meaning},
};

type Answer<T> = oneshot::Sender<Result<T, KeychainError>>;

/// How a connection to the store is made.
pub(super) type Connect =
    Arc<dyn Fn() -> Result<Arc<CredentialStore>, StoreError> + Send + Sync + 'static>;

/// One thing to do, and where its answer goes.
pub(super) enum Job {
    Get(String, Answer<Option<SecretString>>),
    Set(String, SecretString, Answer<()>),
    Delete(String, Answer<()>),
}

impl Job {
    /// Whether whoever asked gave up waiting. Doing it all the same could open a prompt that
    /// nobody asked for any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Get(_, answer) => answer.is_closed(),
            Self::Set(_, _, answer) | Self::Delete(_, answer) => answer.is_closed(),
        }
    }
}

/// What all workers of one keychain share.
pub(super) struct Shared {
    pub(super) service: String,
    pub(super) connect: Connect,
    pub(super) state: watch::Sender<KeychainState>,
    /// Threads that were given up on and have not ended yet.
    pub(super) given_up: AtomicUsize,
    /// The latest change of each item. Only the latest one may put back what was there before.
    changes: Mutex<HashMap<String, u64>>,
}

impl Shared {
    pub(super) fn new(service: &str, connect: Connect) -> Self {
        Self {
            service: service.to_owned(),
            connect,
            state: watch::Sender::new(KeychainState::Loading),
            given_up: AtomicUsize::new(0),
            changes: Mutex::default(),
        }
    }

    /// Notes what an answer says of the keychain.
    pub(super) fn note(&self, state: Option<KeychainState>) {
        let Some(new) = state else { return };
        self.state.send_if_modified(|old| {
            let differs = *old != new;
            *old = new;
            differs
        });
    }

    fn begin_change(&self, item: &str) -> u64 {
        let mut changes = lock(&self.changes);
        let change = changes.entry(item.to_owned()).or_default();
        *change += 1;
        *change
    }

    fn is_latest_change(&self, item: &str, change: u64) -> bool {
        lock(&self.changes).get(item) == Some(&change)
    }
}

/// A handle to one thread and its connection.
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
    /// Since when the call under way waits for the store.
    waiting_since: Arc<Mutex<Option<Instant>>>,
    /// Cancelled when it is given up on: its answers do not count from then on.
    pub(super) given_up: CancellationToken,
}

impl Worker {
    /// Starts the thread. It ends when the handle is gone and its work is done.
    pub(super) fn start(shared: &Arc<Shared>) -> Self {
        let (jobs, todo) = mpsc::channel();
        let worker = Self {
            jobs,
            waiting_since: Arc::default(),
            given_up: CancellationToken::new(),
        };
        let mut connection = Connection {
            shared: shared.clone(),
            store: None,
            waiting_since: worker.waiting_since.clone(),
            given_up: worker.given_up.clone(),
        };
        // Without a thread the channel is closed, and every call says that there is no keychain.
        let _ = thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                for job in todo {
                    connection.run(job);
                    if connection.given_up.is_cancelled() {
                        break;
                    }
                }
            });
        worker
    }

    /// Hands a job over; gives it back where the thread has ended.
    pub(super) fn send(&self, job: Job) -> Result<(), Job> {
        self.jobs.send(job).map_err(|mpsc::SendError(job)| job)
    }

    /// Since when the store has not answered the call under way.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        *lock(&self.waiting_since)
    }

    /// Ends what can be ended of it. A thread that is stuck in a call goes on waiting there.
    pub(super) fn give_up(&self, shared: &Shared) {
        shared.given_up.fetch_add(1, Ordering::Relaxed);
        self.given_up.cancel();
    }
}

/// The thread's side of a worker.
struct Connection {
    shared: Arc<Shared>,
    store: Option<Arc<CredentialStore>>,
    waiting_since: Arc<Mutex<Option<Instant>>>,
    given_up: CancellationToken,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.given_up.is_cancelled() {
            self.shared.given_up.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Connection {
    fn run(&mut self, job: Job) {
        if job.is_abandoned() || self.given_up.is_cancelled() {
            return;
        }
        match job {
            Job::Get(item, answer) => {
                let found = self.get(&item);
                // Whoever gave up waiting learns it from the state.
                let _ = answer.send(found);
            }
            Job::Set(item, secret, answer) => {
                self.change(&item, answer, |connection| connection.set(&item, &secret));
            }
            Job::Delete(item, answer) => {
                self.change(&item, answer, |connection| connection.delete(&item));
            }
        }
    }

    /// Changes an item. Whoever gave up waiting was told that nothing changed, so then it is put
    /// back.
    fn change(
        &mut self,
        item: &str,
        answer: Answer<()>,
        work: impl FnOnce(&mut Self) -> Result<(), KeychainError>,
    ) {
        let change = self.shared.begin_change(item);
        let before = match self.get(item) {
            Ok(before) => before,
            Err(error) => return drop(answer.send(Err(error))),
        };
        // Reading may have waited for a password, for longer than anybody waited for the answer.
        if answer.is_closed() || self.given_up.is_cancelled() {
            return;
        }
        let done = work(self);
        if let Err(Ok(())) = answer.send(done)
            && self.shared.is_latest_change(item, change)
        {
            // There is nobody to tell if this fails too.
            let _ = match before {
                Some(secret) => self.set(item, &secret),
                None => self.delete(item),
            };
        }
    }

    fn get(&mut self, item: &str) -> Result<Option<SecretString>, KeychainError> {
        self.call(item, |entry| match entry.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(StoreError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&mut self, item: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.call(item, |entry| {
            entry.set_password(secret.expose_secret())?;
            let kept = SecretString::from(entry.get_password()?);
            if kept.expose_secret() == secret.expose_secret() {
                Ok(())
            } else {
                let why = "it answered with something else than was written";
                Err(StoreError::BadStoreFormat(why.to_owned()))
            }
        })
    }

    fn delete(&mut self, item: &str) -> Result<(), KeychainError> {
        self.call(item, |entry| match entry.delete_credential() {
            Ok(()) | Err(StoreError::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    /// Does something with an item. Where the connection turns out to be lost it is made anew and
    /// the work is repeated once: to read, to write the same and to delete may all be done twice.
    fn call<T>(
        &mut self,
        item: &str,
        work: impl Fn(&Entry) -> Result<T, StoreError>,
    ) -> Result<T, KeychainError> {
        let had_connection = self.store.is_some();
        let mut done = self.attempt(item, &work);
        if had_connection && self.store.is_none() {
            done = self.attempt(item, &work);
        }
        let done = done.map_err(|error| meaning(&error));
        if !self.given_up.is_cancelled() {
            self.shared.note(match &done {
                Ok(_) => Some(KeychainState::ready()),
                Err(error) => error.state(),
            });
        }
        done
    }

    fn attempt<T>(
        &mut self,
        item: &str,
        work: &impl Fn(&Entry) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        *lock(&self.waiting_since) = Some(Instant::now());
        let done = self
            .store()
            .and_then(|store| store.build(&self.shared.service, item, None))
            .and_then(|entry| work(&entry));
        *lock(&self.waiting_since) = None;
        if done.as_ref().is_err_and(is_connection_lost) {
            self.store = None;
        }
        done
    }

    fn store(&mut self) -> Result<Arc<CredentialStore>, StoreError> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let store = (self.shared.connect)()?;
        self.store = Some(store.clone());
        Ok(store)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
