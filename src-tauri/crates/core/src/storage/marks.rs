//! Small files beside the history that say something about it.

use std::{fs, io, path::Path};

use secrecy::SecretString;

use super::file::{self, beside, is_plain, key_id};

/// The file beside the history that says which key it belongs to.
pub(super) const KEY_ID: &str = ".key-id";
/// The file that says that a page of the history could not be read while it was in use.
pub(super) const DAMAGED: &str = ".damaged";

/// Writes down which key the history belongs to.
pub(super) fn remember_key(path: &Path, key: &SecretString) {
    let id = key_id(key);
    if known_key(path).as_deref() != Some(&id) {
        // Without it a damaged file is told like one of another key: with a choice.
        let place = beside(path, KEY_ID);
        if is_free(&place) {
            let _ = fs::write(&place, id).and_then(|()| file::make_private(&place));
        }
    }
}

/// The id of the key that the history belongs to, where it is known.
pub(super) fn known_key(path: &Path) -> Option<String> {
    let place = beside(path, KEY_ID);
    if !is_plain(&place) {
        return None;
    }
    let id = fs::read_to_string(place).ok()?;
    let id = id.trim();
    let plain = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| id.to_owned())
}

/// Says for the next start that the file is damaged.
pub(super) fn mark_damaged(path: &Path) {
    let place = beside(path, DAMAGED);
    if is_free(&place) {
        // A start that does not know of it finds the damage again.
        let _ = fs::write(place, "");
    }
}

/// Whether it was damaged the last time it was in use.
pub(super) fn is_marked_damaged(path: &Path) -> bool {
    is_plain(&beside(path, DAMAGED))
}

/// Whether a mark can be written here: nothing is in its place that is no file. A pipe would wait.
fn is_free(place: &Path) -> bool {
    is_plain(place) || fs::symlink_metadata(place).is_err()
}

/// Removes them, when their history has gone to another name.
pub(super) fn forget_marks(path: &Path) -> io::Result<()> {
    for mark in [KEY_ID, DAMAGED].map(|mark| beside(path, mark)) {
        if !is_plain(&mark) {
            continue;
        }
        match fs::remove_file(mark) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
