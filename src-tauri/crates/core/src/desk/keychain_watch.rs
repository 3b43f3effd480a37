//! Following the keychain as it goes away and comes back.

use super::{Desk, DeskEvent};
use crate::{keychain::KeychainState, storage::StorageState};

impl Desk {
    /// Opens the history by itself once the keychain is back, for as long as the desk lives. Run
    /// it once, as a task; it sleeps while nothing changes.
    pub async fn watch_keychain(&self) {
        let keychain = &self.inner.keychain;
        let mut states = keychain.states();
        // An answer may have come late between the opening and here.
        states.mark_changed();
        keychain.watch_service();
        while states.changed().await.is_ok() {
            let state = states.borrow_and_update().clone();
            self.tell(DeskEvent::State);
            match state {
                KeychainState::Loading => self.ask_keychain_again().await,
                // An answer that nobody waited for any more, such as after a long look at the
                // password prompt.
                KeychainState::Ready { .. } if self.lacks_its_history().await => {
                    self.ask_keychain_again().await;
                }
                _ => {}
            }
        }
    }

    async fn ask_keychain_again(&self) {
        // What came of it is in the desk's state.
        if self.state().session_chosen {
            // Nothing goes to disk by itself that the person wanted to keep off it.
            let _ = self.see_keychain().await;
        } else {
            let _ = self.open().await;
        }
    }

    async fn lacks_its_history(&self) -> bool {
        // An opening under way finds out by itself.
        let _opened = self.inner.opening.lock().await;
        let state = self.state();
        !state.session_chosen && !matches!(state.storage, StorageState::Encrypted { .. })
    }
}
