//! Whether the Secret Service is there, and whether its keyring is locked: read from the bus's own
//! signals, by a thread that sleeps until there is one.

use std::{
    collections::HashMap,
    sync::Weak,
    thread,
    time::{Duration, Instant},
};

use zbus::{
    MatchRule,
    blocking::{Connection, MessageIterator, fdo::DBusProxy},
    message::{Message, Type},
    zvariant::{OwnedValue, Value},
};

use super::{Inner, KeychainError, KeychainState, state::STOPPED};

const SERVICE: &str = "org.freedesktop.secrets";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const DEFAULT_COLLECTION: &str = "/org/freedesktop/secrets/aliases/default";

/// How long a call has to notice by itself that the service it asked is gone. The bus answers
/// plain calls at once; only one that waits for a prompt is never told.
const NOTICE: Duration = Duration::from_millis(300);

/// Starts the thread. It ends with the bus, or with the first signal after the keychain is gone.
pub(super) fn start(keychain: Weak<Inner>) {
    // Without it the keychain is found again when somebody asks for it.
    let _ = thread::Builder::new()
        .name("keychain-watch".to_owned())
        .spawn(move || watch(&keychain));
}

fn watch(keychain: &Weak<Inner>) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let owner = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.DBus")?
        .interface("org.freedesktop.DBus")?
        .member("NameOwnerChanged")?
        .arg(0, SERVICE)?
        .build();
    let locked = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface("org.freedesktop.DBus.Properties")?
        .member("PropertiesChanged")?
        .path_namespace("/org/freedesktop/secrets/collection")?
        .arg(0, COLLECTION)?
        .build();
    let daemon = DBusProxy::new(&bus)?;
    daemon.add_match_rule(owner)?;
    daemon.add_match_rule(locked)?;
    let signals = MessageIterator::from(&bus);
    // It may have come between the first call and here.
    if let Some(keychain) = keychain.upgrade()
        && daemon.name_has_owner(SERVICE.try_into()?)?
    {
        appeared(&keychain, &bus);
    }
    for signal in signals {
        let Some(keychain) = keychain.upgrade() else {
            return Ok(());
        };
        let signal = signal?;
        if signal.message_type() == Type::Signal {
            read(&keychain, &bus, &signal);
        }
    }
    Ok(())
}

fn read(keychain: &Inner, bus: &Connection, signal: &Message) {
    let header = signal.header();
    match header.member().map(zbus::names::MemberName::as_str) {
        Some("NameOwnerChanged") => {
            let Ok((_, old, new)) = signal.body().deserialize::<(String, String, String)>() else {
                return;
            };
            if !old.is_empty() {
                disappeared(keychain);
            }
            if !new.is_empty() {
                appeared(keychain, bus);
            }
        }
        Some("PropertiesChanged") => {
            let body = signal.body();
            let changed = body.deserialize::<(String, HashMap<String, OwnedValue>, Vec<String>)>();
            let unlocked = changed.is_ok_and(|(_, changed, _)| {
                matches!(
                    changed.get("Locked").map(|value| &**value),
                    Some(Value::Bool(false))
                )
            });
            if unlocked {
                worth_asking(keychain);
            }
        }
        _ => {}
    }
}

/// The service has gone, and with it every session and every prompt.
fn disappeared(keychain: &Inner) {
    let then = Instant::now();
    keychain
        .shared
        .note(KeychainError::Unavailable(STOPPED.to_owned()).state());
    thread::sleep(NOTICE);
    keychain.replace_if_waiting_since(then);
}

/// A service is there. It is only asked for what needs no password, so that no prompt opens by
/// itself.
fn appeared(keychain: &Inner, bus: &Connection) {
    let locked = bus
        .call_method(
            Some(SERVICE),
            DEFAULT_COLLECTION,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(COLLECTION, "Locked"),
        )
        .ok()
        .and_then(|reply| reply.body().deserialize::<OwnedValue>().ok())
        .is_some_and(|value| matches!(&*value, Value::Bool(true)));
    if !locked {
        worth_asking(keychain);
    } else if !matches!(*keychain.shared.state.borrow(), KeychainState::Ready { .. }) {
        keychain.shared.note(KeychainError::Locked.state());
    }
}

fn worth_asking(keychain: &Inner) {
    keychain.shared.state.send_if_modified(|state| {
        let was_away = matches!(
            state,
            KeychainState::Locked { .. } | KeychainState::Unavailable { .. }
        );
        if was_away {
            *state = KeychainState::Loading;
        }
        was_away
    });
}
