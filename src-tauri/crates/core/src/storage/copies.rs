//! Copies of a history, to try what would change it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::file::{self, beside};

/// A copy of a file and its logs, in a folder of its own beside it that goes with this.
pub(super) struct Copy {
    folder: PathBuf,
    pub(super) path: PathBuf,
}

/// What the folder of a copy is named after the history.
const COPY: &str = ".checked-";

/// Removes copies of a process that was ended while it checked: they hold what is erased later.
pub(super) fn remove_copies(path: &Path) {
    let Some((folder, name)) = path.parent().zip(path.file_name().and_then(|n| n.to_str())) else {
        return;
    };
    let start = format!("{name}{COPY}");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(&start))
        {
            // The next start tries again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Copy {
    /// Makes one.
    ///
    /// # Errors
    /// There is no room for it, or no right to.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let folder = beside(path, &format!("{COPY}{}", std::process::id()));
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let copy = Self {
            path: folder.join("history.db"),
            folder,
        };
        if path.is_file() {
            fs::copy(path, &copy.path)?;
        }
        for end in file::LOGS {
            let log = beside(path, end);
            if log.is_file() {
                fs::copy(log, beside(&copy.path, end))?;
            }
        }
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // It is encrypted as the file is; the next check takes another name.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
