//! A TransactionLink stand-in over real HTTP on loopback, with a stand-in widget.
//!
//! Facts the vendor does not document are invented here and only here; the crate's README lists them.

mod accounts;
mod answers;
mod asked;
mod attachments;
mod auth;
mod cases;
mod connection;
mod hosted;
mod incoming;
mod kept;
mod links;
mod openapi;
mod records;
mod resources;
mod scenarios;
mod server;
mod shape;
mod shared;
mod signing;
mod token;
mod uploads;
mod webhooks;
mod widget;
mod workflows;

pub use accounts::Accounts;
pub use openapi::openapi;
pub use scenarios::{
    Outcome, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, Scenario, UNKNOWN_SUBJECT_PREFIX, scenarios,
};
pub use server::{Options, Simulator};
