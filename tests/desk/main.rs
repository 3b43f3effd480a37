//! The client and the core against the simulator, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod closing;
mod fixture;
mod handing_over;
mod runs;
mod scenarios;
mod subjects;
mod webhooks;
mod workspaces;
