//! The signatures of webhooks: a detached JWS in the header `JWS-SIGNATURE`, RS256 (documented).
//! Nothing here uses the network.

mod key;
mod signature;

pub use self::{
    key::{WebhookKey, WebhookKeyError},
    signature::{SignatureError, WebhookSignature},
};
