//! The keychain on stores that fail in the ways seen with real ones.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use keyring_core::{
    Credential, CredentialStore, Entry, Error as StoreError,
    api::{CredentialApi, CredentialStoreApi},
};
use secrecy::{ExposeSecret, SecretString};

use super::*;

type Done<T> = Result<T, StoreError>;

/// A keyring daemon: what it keeps, and how its sessions end.
#[derive(Default)]
struct Daemon {
    items: Mutex<HashMap<String, Vec<u8>>>,
    /// Sessions of an earlier run do not exist any more.
    run: AtomicUsize,
    connections: AtomicUsize,
    calls: AtomicUsize,
    /// Calls that may not end, and what wakes them.
    held: Mutex<bool>,
    freed: Condvar,
}

impl Daemon {
    fn restart(&self) {
        self.run.fetch_add(1, Ordering::SeqCst);
    }

    fn hold(&self, held: bool) {
        *self.held.lock().unwrap() = held;
        self.freed.notify_all();
    }

    fn holds(&self, item: &str) -> Option<String> {
        let items = self.items.lock().unwrap();
        items
            .get(item)
            .map(|secret| String::from_utf8(secret.clone()).unwrap())
    }

    fn keychain(self: &Arc<Self>, stuck_after: Duration) -> Keychain {
        let daemon = self.clone();
        let connect = move || {
            daemon.connections.fetch_add(1, Ordering::SeqCst);
            let run = daemon.run.load(Ordering::SeqCst);
            let daemon = daemon.clone();
            Ok(Arc::new(Store { daemon, run }) as Arc<CredentialStore>)
        };
        let patience = Duration::from_millis(200);
        Keychain::on("test", Arc::new(connect), patience, stuck_after)
    }
}

#[derive(Clone)]
struct Store {
    daemon: Arc<Daemon>,
    run: usize,
}

impl CredentialStoreApi for Store {
    fn vendor(&self) -> String {
        "test".to_owned()
    }
    fn id(&self) -> String {
        "test".to_owned()
    }
    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Done<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Item {
            store: self.clone(),
            name: user.to_owned(),
        })))
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Item {
    store: Store,
    name: String,
}

impl Item {
    fn items(&self) -> Done<std::sync::MutexGuard<'_, HashMap<String, Vec<u8>>>> {
        let daemon = &self.store.daemon;
        daemon.calls.fetch_add(1, Ordering::SeqCst);
        let mut held = daemon.held.lock().unwrap();
        while *held {
            held = daemon.freed.wait(held).unwrap();
        }
        if daemon.run.load(Ordering::SeqCst) != self.store.run {
            return Err(no_session());
        }
        Ok(daemon.items.lock().unwrap())
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn no_session() -> StoreError {
    let why = "The session wrapping the secret does not exist".to_owned();
    StoreError::PlatformFailure(Box::new(secret_service::Error::ZbusFdo(
        zbus::fdo::Error::Failed(why),
    )))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn no_session() -> StoreError {
    StoreError::PlatformFailure("no session".into())
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Done<()> {
        self.items()?.insert(self.name.clone(), secret.to_vec());
        Ok(())
    }
    fn get_secret(&self) -> Done<Vec<u8>> {
        let found = self.items()?.get(&self.name).cloned();
        found.ok_or(StoreError::NoEntry)
    }
    fn delete_credential(&self) -> Done<()> {
        let gone = self.items()?.remove(&self.name);
        gone.map(drop).ok_or(StoreError::NoEntry)
    }
    fn get_credential(&self) -> Done<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

const NEVER: Duration = Duration::from_secs(3600);

async fn read(keychain: &Keychain, item: &str) -> Result<Option<String>, KeychainError> {
    let found = keychain.get(item).await?;
    Ok(found.map(|secret| secret.expose_secret().to_owned()))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_restarted_daemon_is_connected_to_anew_and_the_call_repeated() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(NEVER);
    keychain.set("a", "1".into()).await.unwrap();
    daemon.restart();
    assert_eq!(read(&keychain, "a").await.unwrap().as_deref(), Some("1"));
    daemon.restart();
    keychain.set("a", "2".into()).await.unwrap();
    assert_eq!(daemon.holds("a").as_deref(), Some("2"));
    daemon.restart();
    keychain.delete("a").await.unwrap();
    assert_eq!(daemon.holds("a"), None);
    assert_eq!(
        daemon.connections.load(Ordering::SeqCst),
        4,
        "one connection, and one more for each restart"
    );
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(NEVER);
    for _ in 0..20 {
        assert_eq!(read(&keychain, "a").await.unwrap(), None);
    }
    assert_eq!(daemon.connections.load(Ordering::SeqCst), 1);
    assert_eq!(keychain.state(), KeychainState::ready());
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_not_made() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(NEVER);
    daemon.hold(true);
    for _ in 0..4 {
        assert_eq!(read(&keychain, "a").await, Err(KeychainError::Waiting));
    }
    assert_eq!(
        keychain.set("a", "1".into()).await,
        Err(KeychainError::Waiting)
    );
    daemon.hold(false);
    assert_eq!(read(&keychain, "a").await.unwrap(), None);
    assert_eq!(
        daemon.calls.load(Ordering::SeqCst),
        2,
        "only the first one, which was under way, and the last one"
    );
}

#[tokio::test]
async fn a_stuck_call_gets_out_of_the_way_and_its_late_answer_changes_nothing() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(Duration::ZERO);
    keychain.set("a", "before".into()).await.unwrap();
    daemon.hold(true);
    let late = keychain.set("a", "late".into()).await;
    assert_eq!(late, Err(KeychainError::Waiting));
    assert!(matches!(keychain.state(), KeychainState::Locked { .. }));
    daemon.restart();
    daemon.hold(false);
    keychain.set("a", SecretString::from("now")).await.unwrap();
    assert_eq!(keychain.state(), KeychainState::ready());
    assert_eq!(daemon.holds("a").as_deref(), Some("now"));
}

#[tokio::test]
async fn no_more_than_a_few_threads_are_given_up_on() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(Duration::ZERO);
    daemon.hold(true);
    for _ in 0..MOST_GIVEN_UP * 2 {
        assert_eq!(read(&keychain, "a").await, Err(KeychainError::Waiting));
    }
    assert_eq!(
        keychain.inner.shared.given_up.load(Ordering::SeqCst),
        MOST_GIVEN_UP
    );
    daemon.hold(false);
    while keychain.inner.shared.given_up.load(Ordering::SeqCst) > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(read(&keychain, "a").await.unwrap(), None);
}

#[tokio::test]
async fn a_call_ends_at_once_when_its_thread_is_given_up_on() {
    let daemon = Arc::new(Daemon::default());
    let keychain = daemon.keychain(NEVER);
    daemon.hold(true);
    let asking = tokio::spawn({
        let keychain = keychain.clone();
        async move { read(&keychain, "a").await }
    });
    while keychain.inner.worker().waiting_since().is_none() {
        tokio::task::yield_now().await;
    }
    keychain.inner.replace_if_waiting_since(Instant::now());
    assert_eq!(
        asking.await.unwrap(),
        Err(KeychainError::Unavailable(state::STOPPED.to_owned()))
    );
    daemon.hold(false);
}

#[cfg(target_os = "linux")]
#[test]
fn no_text_of_the_bus_is_a_sentence_for_a_person() {
    use secret_service::Error as ServiceError;
    let raw = "org.freedesktop.DBus.Error.X: zbus says";
    for error in [
        ServiceError::Zbus(zbus::Error::Failure(raw.to_owned())),
        ServiceError::Zbus(zbus::Error::Handshake(raw.to_owned())),
        ServiceError::ZbusFdo(zbus::fdo::Error::ServiceUnknown(raw.to_owned())),
        ServiceError::ZbusFdo(zbus::fdo::Error::NoReply(raw.to_owned())),
        ServiceError::ZbusFdo(zbus::fdo::Error::LimitsExceeded(raw.to_owned())),
        ServiceError::Crypto("bad padding, zbus"),
        ServiceError::PromptDisconnected,
        ServiceError::Unavailable,
    ] {
        let KeychainError::Unavailable(said) =
            store::meaning(&StoreError::PlatformFailure(Box::new(error)))
        else {
            panic!("all of them are about the service");
        };
        assert!(!said.contains("zbus") && !said.contains("org."), "{said}");
    }
    for error in [ServiceError::Locked, ServiceError::Prompt] {
        // An item that is made under a locked keyring fails this way.
        let error = StoreError::PlatformFailure(Box::new(error));
        assert_eq!(store::meaning(&error), KeychainError::Locked);
        assert!(!store::is_connection_lost(&error));
    }
}
