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
mod display;
mod ends;
mod first_start;
mod hostile;
mod idle;
mod keychain;
mod links;
mod place;
mod preview;
mod preview_traces;
mod processes;
mod runs;
mod saved;
mod screenshots;
mod simulator;
mod subjects;
mod terminal;
mod terminal_links;
mod terminal_output;
mod terminal_runs;
mod terminal_setting;
mod terminal_subjects;
mod traces;
mod web;
mod webhooks;
mod workspaces;
