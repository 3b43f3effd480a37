//! Workspaces, keychain, issuing, runs, subjects, history and expiry of TokenDesk.
//!
//! Everything the app can do without a window. The desktop shell and the command line are
//! both thin layers over [`Desk`]; neither tauri nor a web server is known here.

/// Keeps what people and their tokens are known by out of debug texts.
macro_rules! hidden_debug {
    ($($name:ident),*) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        })*
    };
}
pub(crate) use hidden_debug;

pub mod claims;
mod clock;
mod desk;
mod error;
pub mod expiry;
pub mod files;
pub mod following;
pub mod handover;
pub mod history;
pub mod issuing;
pub mod json;
pub mod keychain;
mod pasted;
pub mod process;
pub mod saved;
mod settings;
mod storage;
pub mod subjects;
pub mod webhooks;
pub mod workspace;

pub use clock::{Millis, now};
pub use desk::{Demo, Desk, DeskEvent, Folder, RunResult, RunStatus};
pub use error::{AppError, Code, Field};
pub use settings::Settings;
pub use storage::{HistoryNotice, StorageState};
