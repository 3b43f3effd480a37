//! The clipboard, with what we put there taken back.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokendesk_core::{AppError, Code};

/// The clipboard and what of ours it may still hold. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Clipboard {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// Kept open: on X11 what was copied is gone with it.
    board: Option<arboard::Clipboard>,
    ours: Option<SecretString>,
    copies: u64,
}

impl Clipboard {
    /// Copies a secret, kept out of the clipboard's history, and clears it after `seconds`
    /// (0: on quit only).
    pub(crate) fn copy_secret(&self, text: SecretString, seconds: u32) -> Result<(), AppError> {
        self.put(text.expose_secret())?;
        let copy = {
            let mut inner = self.inner();
            inner.ours = Some(text);
            inner.copies += 1;
            inner.copies
        };
        if seconds > 0 {
            let clipboard = self.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(Duration::from_secs(seconds.into())).await;
                if clipboard.inner().copies == copy {
                    clipboard.clear();
                }
            });
        }
        Ok(())
    }

    /// Copies what is no secret.
    pub(crate) fn copy(&self, text: &str) -> Result<(), AppError> {
        self.put(text)?;
        self.inner().ours = None;
        Ok(())
    }

    /// Clears the clipboard if it still holds what we put there.
    pub(crate) fn clear(&self) {
        let mut inner = self.inner();
        let Some(ours) = inner.ours.take() else {
            return;
        };
        let Some(board) = inner.board.as_mut() else {
            return;
        };
        if board
            .get_text()
            .is_ok_and(|text| text == ours.expose_secret())
        {
            // It may have been taken by another program in between; then it is theirs.
            let _ = board.clear();
        }
    }

    fn put(&self, text: &str) -> Result<(), AppError> {
        let mut inner = self.inner();
        if inner.board.is_none() {
            inner.board = Some(arboard::Clipboard::new().map_err(|e| refused(&e))?);
        }
        let Some(board) = inner.board.as_mut() else {
            return Ok(());
        };
        secret_set(board).text(text).map_err(|e| refused(&e))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn secret_set(board: &mut arboard::Clipboard) -> arboard::Set<'_> {
    #[cfg(target_os = "linux")]
    return arboard::SetExtLinux::exclude_from_history(board.set());
    #[cfg(target_os = "macos")]
    return arboard::SetExtApple::exclude_from_history(board.set());
    #[cfg(windows)]
    return arboard::SetExtWindows::exclude_from_history(board.set());
}

fn refused(error: &arboard::Error) -> AppError {
    AppError::new(
        Code::InvalidInput,
        "Not copied",
        format!("The clipboard refused: {error}."),
        "Reveal the token and copy it by hand.",
    )
}
