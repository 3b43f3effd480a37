//! The OS keychain, used from a thread of its own and never waited for without a bound.
//!
//! A locked keychain blocks its caller for as long as the person looks at the password prompt,
//! so no async worker ever calls it. A thread whose call is never answered is given up on and
//! replaced.

#[cfg(all(unix, not(target_os = "macos")))]
mod service_watch;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod worker;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use secrecy::SecretString;
use tokio::sync::{oneshot, watch};

pub use state::{KeychainError, KeychainState};
use worker::{Connect, Job, Shared, Worker};

/// How long a call waits for the keychain before it says that it waits.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long a call may go unanswered before the next one gets a thread of its own. A person who
/// types a password is faster.
const STUCK_AFTER: Duration = Duration::from_secs(60);

/// How many threads may hang in calls that are never answered. Each call of a locked keychain
/// may open a prompt, so this bounds the prompts too.
const MOST_GIVEN_UP: usize = 8;

/// A handle to the keychain's thread. Clones share it.
#[derive(Clone)]
pub struct Keychain {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    worker: Mutex<Worker>,
    patience: Duration,
    stuck_after: Duration,
}

impl Keychain {
    /// The keychain of this computer; `service` is the name its items are filed under.
    #[must_use]
    pub fn of_this_computer(service: &str) -> Self {
        Self::on(service, Arc::new(store::connect), PATIENCE, STUCK_AFTER)
    }

    fn on(service: &str, connect: Connect, patience: Duration, stuck_after: Duration) -> Self {
        let shared = Arc::new(Shared::new(service, connect));
        let worker = Mutex::new(Worker::start(&shared));
        Self {
            inner: Arc::new(Inner {
                shared,
                worker,
                patience,
                stuck_after,
            }),
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

    /// What the last answer said of it.
    #[must_use]
    pub fn state(&self) -> KeychainState {
        self.inner.shared.state.borrow().clone()
    }

    /// Its state from now on. [`KeychainState::Loading`] means that it is worth asking again.
    #[must_use]
    pub fn states(&self) -> watch::Receiver<KeychainState> {
        self.inner.shared.state.subscribe()
    }

    /// Watches the service come, go and be unlocked, for as long as the keychain lives. Costs
    /// nothing while nothing happens. Only Linux's Secret Service goes away under an app.
    pub fn watch_service(&self) {
        #[cfg(all(unix, not(target_os = "macos")))]
        service_watch::start(Arc::downgrade(&self.inner));
    }

    /// Reads an item; `None` where there is none.
    ///
    /// # Errors
    /// The keychain cannot be read.
    pub async fn get(&self, item: &str) -> Result<Option<SecretString>, KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| Job::Get(item, answer)).await
    }

    /// Writes an item and reads it back.
    ///
    /// # Errors
    /// It was not kept.
    pub async fn set(&self, item: &str, secret: SecretString) -> Result<(), KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| Job::Set(item, secret, answer)).await
    }

    /// Deletes an item; one that is not there is fine.
    ///
    /// # Errors
    /// The keychain cannot be used.
    pub async fn delete(&self, item: &str) -> Result<(), KeychainError> {
        let item = item.to_owned();
        self.ask(|answer| Job::Delete(item, answer)).await
    }

    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, KeychainError>>) -> Job,
    ) -> Result<T, KeychainError> {
        let (answer, answered) = oneshot::channel();
        let given_up = self.inner.hand_over(job(answer))?;
        let stopped = || KeychainError::Unavailable(state::STOPPED.to_owned());
        let result = tokio::select! {
            biased;
            result = answered => result.unwrap_or_else(|_| Err(stopped())),
            () = given_up.cancelled() => Err(stopped()),
            () = tokio::time::sleep(self.inner.patience) => Err(KeychainError::Waiting),
        };
        if matches!(result, Err(KeychainError::Waiting)) {
            self.inner.shared.note(KeychainError::Waiting.state());
        }
        result
    }
}

impl Inner {
    /// Gives a job to a thread that can do it.
    fn hand_over(&self, job: Job) -> Result<tokio_util::sync::CancellationToken, KeychainError> {
        let mut worker = self.worker();
        let stuck = worker
            .waiting_since()
            .is_some_and(|since| since.elapsed() > self.stuck_after);
        if stuck && !self.replace(&mut worker) {
            return Err(KeychainError::Waiting);
        }
        if let Err(job) = worker.send(job) {
            // The thread has ended on a fault in the platform's library.
            *worker = Worker::start(&self.shared);
            let gone = |_| KeychainError::Unavailable("no thread could be started".to_owned());
            worker.send(job).map_err(gone)?;
        }
        Ok(worker.given_up.clone())
    }

    /// Gives up on the thread if its call has been waiting since before `then`.
    #[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
    fn replace_if_waiting_since(&self, then: Instant) {
        let mut worker = self.worker();
        if worker.waiting_since().is_some_and(|since| since < then) {
            self.replace(&mut worker);
        }
    }

    /// Puts a new thread in a stuck one's place, within bounds.
    fn replace(&self, worker: &mut Worker) -> bool {
        if self.shared.given_up.load(Ordering::Relaxed) >= MOST_GIVEN_UP {
            return false;
        }
        worker.give_up(&self.shared);
        *worker = Worker::start(&self.shared);
        true
    }

    fn worker(&self) -> MutexGuard<'_, Worker> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
