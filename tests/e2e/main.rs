//! The app as people have it: its real window, a real keyring, a real simulator over HTTP.
//!
//! Run by `cargo xtask test`, which gives it a display.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod desktop;
mod first_start;
mod hostile;
mod keychain;
mod preview;
mod screenshots;
mod simulator;
mod terminal;
mod traces;
mod web;
mod workspaces;
