//! What to do about the files that are found at a start. Nothing is changed before it is proven
//! what they are, and nothing that cannot be used is ever overwritten: it gets a name of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    copies::{Copy, remove_copies},
    file::{self, Proof, beside, key_id, rename_all, rename_neighbours},
    locks::Occupancy,
    marks::{forget_marks, is_marked_damaged, known_key, mark_damaged, remember_key},
    salvage,
};
use crate::{
    clock,
    error::{AppError, Code},
};

/// Something about the history's file that a person is told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryNotice {
    /// What happened and what was done, in a sentence or two.
    pub text: String,
    /// Where the old file is now.
    pub path: Option<String>,
}

impl HistoryNotice {
    fn new(text: impl Into<String>, path: Option<&Path>) -> Self {
        Self {
            text: text.into(),
            path: path.map(|path| path.display().to_string()),
        }
    }

    /// Both, in the order in which they happened.
    fn and(self, later: Self) -> Self {
        Self {
            text: format!("{} {}", self.text, later.text),
            path: later.path.or(self.path),
        }
    }
}

/// Whether something lies at the history's place that a key is needed for.
pub(crate) fn is_there(path: &Path) -> bool {
    let file = fs::metadata(path).map_or_else(
        // A link that leads nowhere was put there by somebody.
        |_| fs::symlink_metadata(path).is_ok(),
        |file| !file.is_file() || file.len() > 0,
    );
    file || file::has_log(path) || file::odd_neighbours(path).next().is_some()
}

/// Makes sure that what lies at the history's place can be used with this key, or that nothing
/// does. Only for who is alone with it.
///
/// # Errors
/// The file belongs to another key, or cannot be moved. Nothing was changed then.
pub(super) fn put_in_order(
    path: &Path,
    key: &SecretString,
) -> Result<Option<HistoryNotice>, AppError> {
    remove_copies(path);
    let back = bring_back(path, key)?;
    if !is_there(path) {
        return begin_where_one_was(path);
    }
    if let Some(error) = no_plain_file(path) {
        return Err(error);
    }
    let odd = set_odd_neighbours_aside(path, key)?;
    // What came back may have come back with a log that is not its own.
    let checked = check_log(path, key)?;
    let notices = [back, odd, checked].into_iter().flatten();
    Ok(notices.reduce(HistoryNotice::and))
}

/// Sets aside what lies in the place of a log and is none, beside a file that this key opens.
fn set_odd_neighbours_aside(
    path: &Path,
    key: &SecretString,
) -> Result<Option<HistoryNotice>, AppError> {
    let odd: Vec<_> = file::odd_neighbours(path).collect();
    if odd.is_empty() || file::prove(path, key, Proof::Key).is_err() {
        return Ok(None);
    }
    let aside = name_aside(path, "unreadable");
    for end in &odd {
        fs::rename(beside(path, end), beside(&aside, end))
            .map_err(|error| cannot_move(path, &error))?;
    }
    Ok(Some(HistoryNotice::new(
        "Beside the history lay something that is no file, in the place of its log. It was set \
         aside.",
        odd.first().map(|end| beside(&aside, end)).as_deref(),
    )))
}

/// Makes sure that the file and the log beside it can be used together.
fn check_log(path: &Path, key: &SecretString) -> Result<Option<HistoryNotice>, AppError> {
    // SQLite takes a file that is shorter than a page for a new one, and throws its log away.
    let empty = fs::metadata(path).map_or(true, |file| file.len() < file::PAGE);
    let log = file::has_log(path);
    if log && !empty && !is_marked_damaged(path) {
        // Opening would bring the log into the file. First it is proven, on a copy, that the two
        // belong together. A file whose first page was being written when the power went needs it.
        let copy = Copy::of(path).map_err(|error| cannot_copy(&error))?;
        // SQLite would begin a log anew of which it can read nothing.
        if let Ok(true) = file::prove_with_log(&copy.path, key) {
            return Ok(None);
        }
    }
    if empty || file::prove(path, key, Proof::Key).is_err() {
        return set_aside_unreadable(path, key, empty);
    }
    if is_marked_damaged(path) {
        return salvage_file(path, key).map(Some);
    }
    if !log {
        return Ok(None);
    }
    if file::prove(path, key, Proof::Whole).is_ok() {
        let aside = name_aside(path, "unreadable");
        rename_neighbours(path, &aside).map_err(|error| cannot_move(path, &error))?;
        return Ok(Some(HistoryNotice::new(
            "Beside the history lay a log that is not its own or cannot be read, as after restoring \
             an older file. The history is as it was in its file; the log was set aside.",
            Some(&beside(&aside, "-wal")),
        )));
    }
    salvage_file(path, key).map(Some)
}

/// Takes a file back that was set aside and belongs to this key, unless the one that is there does.
fn bring_back(path: &Path, key: &SecretString) -> Result<Option<HistoryNotice>, AppError> {
    let here = is_there(path);
    if here && fs::metadata(path).is_ok() && file::prove(path, key, Proof::Key).is_ok() {
        return Ok(None);
    }
    // A file that is damaged is not another key's: it stays until it was looked after.
    if here && known_key(path).as_deref() == Some(&key_id(key)) {
        return Ok(None);
    }
    let Some(old) = find_aside(path, key) else {
        return Ok(None);
    };
    let mut away = None;
    if here {
        let aside = name_of_key(path);
        rename_all(path, &aside).map_err(|error| cannot_move(path, &error))?;
        away = Some(aside);
    }
    rename_all(&old, path).map_err(|error| cannot_move(&old, &error))?;
    remember_key(path, key);
    Ok(Some(HistoryNotice::new(
        if away.is_some() {
            "The key of an earlier history is back in the keychain, and so is that history. The \
             one in between was set aside; it comes back with its own key."
        } else {
            "The key of an earlier history is back in the keychain, and so is that history."
        },
        away.as_deref(),
    )))
}

/// The newest file beside the history that opens with this key.
fn find_aside(path: &Path, key: &SecretString) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let mine = format!("{name}.of-{}-", key_id(key));
    let unreadable = format!("{name}.unreadable-");
    let mut found: Vec<PathBuf> = fs::read_dir(path.parent()?)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| {
            let name = file.file_name().and_then(|name| name.to_str());
            let neighbour = |name: &str| file::NEIGHBOURS.iter().any(|end| name.ends_with(end));
            name.is_some_and(|name| {
                (name.starts_with(&mine) || name.starts_with(&unreadable)) && !neighbour(name)
            })
        })
        // One that is damaged further on is looked after when it is in its place.
        .filter(|file| file::prove(file, key, Proof::Key).is_ok())
        .collect();
    found.sort_by_key(|file| stamp_of(file));
    found.pop()
}

/// The milliseconds since 1970 at the end of a name.
fn stamp_of(file: &Path) -> u64 {
    let name = file.to_str().unwrap_or_default();
    let digits = name.rsplit('-').next().unwrap_or_default();
    digits.parse().unwrap_or_default()
}

/// There is nothing to open. Where a history was, that is told.
fn begin_where_one_was(path: &Path) -> Result<Option<HistoryNotice>, AppError> {
    // Nothing at all is a first start; an empty file was one with something in it.
    if known_key(path).is_none() && fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    forget_marks(path).map_err(|error| cannot_move(path, &error))?;
    Ok(Some(HistoryNotice::new(
        "The file of the history was empty or gone, so a new one was begun. If you have a copy of \
         it, close TokenDesk and put it back.",
        None,
    )))
}

/// The first page cannot be read with this key.
fn set_aside_unreadable(
    path: &Path,
    key: &SecretString,
    empty: bool,
) -> Result<Option<HistoryNotice>, AppError> {
    // Without a file there is only a log, or a link to nowhere: no key could read those.
    let own = empty || known_key(path).as_deref() == Some(&key_id(key));
    if !own {
        return Err(other_key(path));
    }
    let aside = name_aside(path, "unreadable");
    rename_all(path, &aside).map_err(|error| cannot_move(path, &error))?;
    forget_marks(path).map_err(|error| cannot_move(path, &error))?;
    Ok(Some(HistoryNotice::new(
        "The history could not be read: its file is damaged or cut off. It was moved aside as it \
         was, and a new one begun.",
        Some(&aside),
    )))
}

/// Sets the history aside under the name of the key it belongs to, unless this key opens it.
///
/// # Errors
/// Another process uses it, or it cannot be moved.
pub(crate) fn begin_anew(
    path: &Path,
    folder: &Path,
    key: Option<&SecretString>,
) -> Result<Option<HistoryNotice>, AppError> {
    let fits = |key| file::prove(path, key, Proof::Key).is_ok();
    if !is_there(path) || key.is_some_and(fits) {
        return Ok(None);
    }
    let occupancy = Occupancy::enter(folder).map_err(|error| cannot_open(&error.to_string()))?;
    if !occupancy.alone {
        return Err(cannot_open("Another TokenDesk has it open"));
    }
    let aside = name_of_key(path);
    rename_all(path, &aside).map_err(|error| cannot_move(path, &error))?;
    forget_marks(path).map_err(|error| cannot_move(path, &error))?;
    Ok(Some(HistoryNotice::new(
        "A new history was begun. The old one is kept as it is, and comes back by itself when its \
         key is in the keychain again.",
        Some(&aside),
    )))
}

/// Moves a damaged file aside and copies what can be read of it into a new one.
///
/// # Errors
/// It cannot be moved, or the new one cannot be written.
pub(super) fn salvage_file(path: &Path, key: &SecretString) -> Result<HistoryNotice, AppError> {
    let aside = name_aside(path, "damaged");
    rename_all(path, &aside).map_err(|error| cannot_move(path, &error))?;
    forget_marks(path).map_err(|error| cannot_move(path, &error))?;
    let kept = Copy::of(&aside)
        .map_err(|error| cannot_copy(&error))
        .and_then(|copy| salvage::salvage(&copy.path, path, key));
    match kept {
        Ok(kept) => Ok(HistoryNotice::new(
            format!(
                "The history was damaged. {kept}; the damaged file is kept as it was.",
                kept = kept.words()
            ),
            Some(&aside),
        )),
        Err(error) => {
            // Half of a new one is worth less than all of the old one.
            let _ = remove_all(path);
            rename_all(&aside, path).map_err(|error| cannot_move(&aside, &error))?;
            mark_damaged(path);
            remember_key(path, key);
            Err(error)
        }
    }
}

fn remove_all(path: &Path) -> io::Result<()> {
    for file in std::iter::once(path.to_owned()).chain(file::NEIGHBOURS.map(|n| beside(path, n))) {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn name_aside(path: &Path, why: &str) -> PathBuf {
    beside(path, &format!(".{why}-{}", clock::now()))
}

/// The name under which a file waits for its key.
fn name_of_key(path: &Path) -> PathBuf {
    known_key(path).map_or_else(
        || name_aside(path, "unreadable"),
        |id| name_aside(path, &format!("of-{id}")),
    )
}

/// Something that holds no history lies at its place.
fn no_plain_file(path: &Path) -> Option<AppError> {
    let what = || cannot_open(&format!("{} is not a plain file", path.display()));
    fs::metadata(path)
        .is_ok_and(|file| !file.is_file())
        .then(what)
}

/// Why what lies at the history's place cannot be opened while the keychain holds no key.
pub(crate) fn no_key_for(path: &Path) -> AppError {
    no_plain_file(path).unwrap_or_else(|| other_key(path))
}

/// The history belongs to a key that is not in the keychain.
pub(super) fn other_key(path: &Path) -> AppError {
    AppError::new(
        Code::HistoryKeyMissing,
        "The key of your history is missing",
        format!(
            "{} is locked with a key that this keychain does not hold, as after a new or another \
             keyring. Nothing was changed.",
            path.display()
        ),
        "Restore the keyring it was made with, then try again. Or begin a new history: the old one \
         is kept, and comes back with its key.",
    )
    .retryable()
}

pub(super) fn cannot_open(why: &str) -> AppError {
    AppError::new(
        Code::Storage,
        "The history cannot be opened",
        format!("{why}. Nothing was changed."),
        "Look at the data folder named in Settings, then try again.",
    )
    .retryable()
}

fn cannot_copy(error: &io::Error) -> AppError {
    cannot_open(&format!(
        "Its file and its log are checked on a copy first, and that could not be made: {error}"
    ))
}

fn cannot_move(path: &Path, error: &io::Error) -> AppError {
    AppError::new(
        Code::Storage,
        "The history cannot be opened",
        format!(
            "{} cannot be used and could not be moved aside: {error}.",
            path.display()
        ),
        "Move the file away yourself, then try again. Nothing was overwritten.",
    )
    .retryable()
}

#[cfg(test)]
#[path = "order_tests.rs"]
pub(super) mod tests;
