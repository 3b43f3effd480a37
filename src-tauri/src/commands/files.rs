//! Files that a person chooses. The window never names a path itself.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokendesk_core::{
    AppError, Code,
    files::{decode_text, read_plain_file},
};
use tokio::sync::oneshot;

/// Asks where to write a file; `None` when the person thinks better of it. Without a `kind` any
/// ending will do.
pub(super) async fn ask_where<R: Runtime>(
    app: &AppHandle<R>,
    name: &str,
    kind: &str,
) -> Result<Option<PathBuf>, AppError> {
    let mut dialog = app.dialog().file().set_file_name(name);
    if !kind.is_empty() {
        dialog = dialog.add_filter(kind.to_uppercase(), &[kind]);
    }
    let chosen = answer(dialog, FileDialogBuilder::save_file).await;
    chosen.map(path).transpose()
}

/// Asks for a file; `None` when the person thinks better of it.
pub(super) async fn ask_which<R: Runtime>(
    app: &AppHandle<R>,
    kinds: &[&str],
) -> Result<Option<PathBuf>, AppError> {
    let mut dialog = app.dialog().file();
    if !kinds.is_empty() {
        dialog = dialog.add_filter(kinds.join(", ").to_uppercase(), kinds);
    }
    let chosen = answer(dialog, FileDialogBuilder::pick_file).await;
    chosen.map(path).transpose()
}

/// Asks for any number of files.
pub(super) async fn ask_for_several<R: Runtime>(
    app: &AppHandle<R>,
) -> Result<Vec<PathBuf>, AppError> {
    let chosen = answer(app.dialog().file(), FileDialogBuilder::pick_files).await;
    chosen.unwrap_or_default().into_iter().map(path).collect()
}

/// Writes a file that was asked for.
pub(super) async fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), AppError> {
    tokio::fs::write(path, text).await.map_err(|error| {
        AppError::new(
            Code::Storage,
            "Not written",
            format!("The file could not be written: {error}."),
            "Choose another place.",
        )
    })
}

/// Reads a file that was chosen, which has to be text of a sane size.
pub(super) async fn read(path: &Path) -> Result<String, AppError> {
    const LARGEST: u64 = 10 * 1024 * 1024;
    let path = path.to_owned();
    let text = move || decode_text(&read_plain_file(&path, LARGEST)?);
    tokio::task::spawn_blocking(text)
        .await
        .unwrap_or_else(|lost| Err(std::io::Error::other(lost).into()))
        .map_err(|error| unusable(&format!("The file could not be read: {error}.")))
}

/// Runs a dialog, which answers on a thread of its own.
async fn answer<R: Runtime, T: Send + 'static>(
    dialog: FileDialogBuilder<R>,
    ask: impl FnOnce(FileDialogBuilder<R>, Box<dyn FnOnce(Option<T>) + Send>),
) -> Option<T> {
    let (chosen, choice) = oneshot::channel();
    let tell = move |answer| {
        // The window may be gone by then.
        let _ = chosen.send(answer);
    };
    ask(dialog, Box::new(tell));
    choice.await.ok().flatten()
}

fn path(chosen: FilePath) -> Result<PathBuf, AppError> {
    chosen
        .into_path()
        .map_err(|error| unusable(&format!("{error}.")))
}

fn unusable(why: &str) -> AppError {
    AppError::new(
        Code::Storage,
        "The file could not be used",
        why,
        "Choose another one.",
    )
}
