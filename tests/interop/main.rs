//! The client and the simulator against tools that others wrote: newman runs the collections that
//! are handed over, prism answers the client, schemathesis calls the simulator.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod postman;
mod prism;
mod schemathesis;
mod tools;
