//! Workspaces, keychain, issuing, runs, subjects, history and expiry of TokenDesk.
//!
//! Everything the app can do without a window. The desktop shell and the command line are
//! both thin layers over [`Desk`]; neither tauri nor a web server is known here.

pub mod claims;
mod clock;
mod desk;
mod error;
pub mod expiry;
pub mod following;
pub mod handover;
pub mod history;
pub mod issuing;
pub mod json;
pub mod keychain;
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
pub use storage::StorageState;
