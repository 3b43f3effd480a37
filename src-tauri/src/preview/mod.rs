//! The isolated preview: a loopback server with two origins, and the window that shows them.
//!
//! The frame (countdown, sizes, event log) and the host page with the vendor's widget live on
//! two ports, so that the widget can read and call nothing of the frame. Neither of them can
//! reach the app's commands: they are remote origins, and the window is in no capability.

mod api;
pub mod log;
pub mod page;
pub mod server;
pub mod source;
pub mod window;

pub use server::PreviewServer;
pub use source::{BoxFuture, PreviewContext, PreviewError, PreviewSource, PreviewToken};
