//! The installers of this platform.

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, npx, run},
};

/// Builds them into `target/release/bundle`; which ones is said in `tauri.conf.json`, which also
/// builds the UI. What is given goes to `tauri build`.
pub fn bundle(options: &[&str]) -> Done {
    setup::ready(&[Purpose::Build])?;
    run(npx().args(["--no-install", "tauri", "build"]).args(options))
}
