//! What the UI may call: thin adapters over the desk, a file per screen.
//!
//! The list of them is in [`crate::ipc`].

mod files;
pub mod handover;
pub mod history;
pub mod issue;
pub mod preview;
pub mod runs;
pub mod saved;
pub mod state;
pub mod subjects;
pub mod webhooks;
pub mod workspaces;

/// The desk, as a command gets it.
pub(crate) type TheDesk<'a> = tauri::State<'a, tokendesk_core::Desk>;
/// A command's answer.
pub(crate) type Answer<T> = Result<T, tokendesk_core::AppError>;
