//! A typed client for the TransactionLink API.
//!
//! Facts on the vendor's API are marked "documented" (the vendor's documentation says so), "seen"
//! (in the vendor's own examples) or "inferred". Secrets never appear in `Debug` output or errors.

mod access;
mod answer;
mod client;
mod credential;
mod error;
mod host;
mod request;
mod transport;

pub use answer::{Authorized, Issued, Probe, Timings};
pub use client::{Client, Phase};
pub use credential::Credential;
pub use error::{Error, ErrorKind, ErrorPhase, Problem};
pub use host::{Host, HostError};
pub use request::{RequestPreview, TokenRequestV1, TokenRequestV2};
pub use transport::Limits;
