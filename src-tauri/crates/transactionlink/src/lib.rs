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
mod webhook;

pub use answer::{
    Attachment, Authorized, Case, Issued, Link, Probe, Record, Resource, Run, RunState, Timings,
};
pub use client::{Client, Phase};
pub use credential::Credential;
pub use error::{AnswerForm, Error, ErrorKind, ErrorPhase, Problem, Undocumented};
pub use host::{Host, HostError};
pub use request::{
    BackgroundRequestV1, BackgroundRequestV2, CaseDocument, LinkCall, NewCase, Phone,
    RequestPreview, RunRequest, TokenRequestV1, TokenRequestV2, Upload,
};
pub use transport::Limits;
pub use webhook::{SignatureError, WebhookKey, WebhookKeyError, WebhookSignature};
