//! Looking into a webhook: who signed it, and what it says.

use serde::{Deserialize, Serialize};
use transactionlink::{SignatureError, WebhookKey, WebhookSignature};
use ts_rs::TS;

use crate::{error::AppError, json::Tree};

/// How much of a body is shown as text, in bytes.
const SHOWN: usize = 64 * 1024;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The vendor signed exactly these bytes.
    Valid,
    /// Not so.
    Invalid,
    /// The vendor knows no key of this id.
    UnknownKey,
    /// The key could not be fetched.
    Unchecked,
}

/// A webhook and what a check of it found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookReport {
    /// The outcome.
    pub verdict: Verdict,
    /// The outcome in a line.
    pub reason: String,
    /// The signature's header.
    pub header: Option<Tree>,
    /// The same as JSON.
    pub header_text: String,
    /// The id of the key it names.
    pub kid: Option<String>,
    /// The algorithm it names.
    pub algorithm: Option<String>,
    /// The start of the key's SHA-256.
    pub key_fingerprint: Option<String>,
    /// The body, where it is JSON.
    pub body: Option<Tree>,
    /// The body as text, cut at 64 KiB.
    pub body_text: String,
    /// The length of the body in bytes.
    pub bytes: u32,
    /// Why the key could not be fetched.
    pub error: Option<AppError>,
}

crate::hidden_debug!(WebhookReport);

impl WebhookReport {
    /// What can be said before any key is there.
    pub(crate) fn of(body: &[u8], signature: Option<&WebhookSignature>) -> Self {
        let header = signature.map(|s| serde_json::Value::Object(s.header().clone()));
        let header_text = header.as_ref().map(ToString::to_string).unwrap_or_default();
        let named = |name: &str| {
            let value = header.as_ref()?.get(name)?;
            Some(
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
            )
        };
        Self {
            verdict: Verdict::Invalid,
            reason: String::new(),
            header: Tree::read(&header_text),
            kid: named("kid"),
            algorithm: named("alg"),
            header_text,
            key_fingerprint: None,
            body: std::str::from_utf8(body).ok().and_then(Tree::read),
            body_text: String::from_utf8_lossy(&body[..body.len().min(SHOWN)]).into_owned(),
            bytes: u32::try_from(body.len()).unwrap_or(u32::MAX),
            error: None,
        }
    }

    pub(crate) fn with(self, verdict: Verdict, reason: impl Into<String>) -> Self {
        Self {
            verdict,
            reason: reason.into(),
            ..self
        }
    }

    pub(crate) fn unchecked(self, error: AppError) -> Self {
        Self {
            error: Some(error),
            ..self.with(Verdict::Unchecked, "The key could not be fetched.")
        }
    }

    /// The outcome with the key at hand.
    pub(crate) fn checked(
        self,
        signature: &WebhookSignature,
        body: &[u8],
        key: &WebhookKey,
    ) -> Self {
        let report = Self {
            key_fingerprint: Some(key.fingerprint()),
            ..self
        };
        match signature.verify(body, key) {
            Ok(()) => report.with(
                Verdict::Valid,
                "Signed with this key, and not changed since.",
            ),
            Err(error) => report.with(Verdict::Invalid, why(&error)),
        }
    }
}

/// Whether nothing was given as a signature, be it the header's name alone.
pub(crate) fn is_missing(signature: &str) -> bool {
    let text = signature.trim();
    let value = match text.split_once(':') {
        Some((name, value)) if name.trim_end().eq_ignore_ascii_case("jws-signature") => value,
        _ => text,
    };
    value.trim().is_empty() || text.eq_ignore_ascii_case("jws-signature")
}

/// Why a signature is none, in a person's words.
pub(crate) fn why(error: &SignatureError) -> String {
    match error {
        SignatureError::Malformed(what) => format!("The signature cannot be read: {what}."),
        SignatureError::Algorithm(name) => {
            format!("The signature says it is made with {name}; only RS256 is accepted.")
        }
        SignatureError::Critical => {
            "The signature demands extensions that TransactionLink does not use.".to_owned()
        }
        SignatureError::KeyId => "The signature names no key.".to_owned(),
        SignatureError::Mismatch => {
            "The signature does not belong to this body: body, header or signature was changed, \
             or another key signed it."
                .to_owned()
        }
    }
}
