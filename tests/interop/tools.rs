//! The tools, at the versions that package.json and `cargo xtask` pin.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// A program of an npm package, as one process that can be ended.
pub fn npm_program(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(installed(Path::new("node_modules").join(script)));
    command.kill_on_drop(true);
    command
}

/// A file of this repository that an installation has put there.
pub fn installed(path: impl AsRef<Path>) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    assert!(
        path.is_file(),
        "{} is missing: `cargo xtask test` installs it",
        path.display()
    );
    path
}
