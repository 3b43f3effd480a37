//! A webhook's signature.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::WebhookKey;

const HEADER_NAME: &str = "JWS-SIGNATURE";
const ALGORITHM: &str = "RS256";
const LONGEST: usize = 64 * 1024;
const LONGEST_ALGORITHM: usize = 40;

/// A detached JWS, `header..signature`, as it is pasted or received. Until [`Self::verify`] has said
/// so, nothing in it is to be believed.
#[derive(Clone)]
pub struct WebhookSignature {
    /// The first part as received: it is what is signed.
    signed_header: String,
    header: Map<String, Value>,
    signature: Vec<u8>,
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is not a detached JWS. Says what is wrong.
    #[error("this is not the signature of a webhook: {0}")]
    Malformed(&'static str),
    /// Its algorithm is another one than RS256, and so may be one that anybody can sign with.
    #[error("it is signed with {0}, and only RS256 is accepted")]
    Algorithm(String),
    /// Its header demands what is not known here (`crit`, `b64`).
    #[error("its header has `crit` or `b64`, which change what is signed")]
    Critical,
    /// Its `kid` is not a uuid, as documented.
    #[error("its `kid` is not a uuid")]
    KeyId,
    /// Header or body have been changed, or another key has signed them.
    #[error("it does not fit this body and key")]
    Mismatch,
}

impl WebhookSignature {
    /// Reads a signature. Space around it and the name of a pasted header line are let pass.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`]. What its header says is left to [`Self::check`], so that it
    /// can be shown.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        use SignatureError::Malformed;

        let text = value(text);
        if text.len() > LONGEST {
            return Err(Malformed("it is too long"));
        }
        let parts: Vec<_> = text.split('.').collect();
        let [signed_header, payload, signature] = parts[..] else {
            return Err(Malformed("it does not have three parts"));
        };
        if !payload.is_empty() {
            return Err(Malformed("it is not detached, it holds a body of its own"));
        }
        // Strict: no padding, and no bits beyond the last byte.
        let decode = |part: &str, what| URL_SAFE_NO_PAD.decode(part).map_err(|_| Malformed(what));
        let header = decode(signed_header, "its header is not base64url")?;
        let signature = decode(signature, "its signature is not base64url")?;
        match serde_json::from_slice(&header) {
            Ok(Value::Object(header)) => Ok(Self {
                signed_header: signed_header.to_owned(),
                header,
                signature,
            }),
            _ => Err(Malformed("its header is not a JSON object")),
        }
    }

    /// The decoded header, which is not verified by being read.
    #[must_use]
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The id of the key to fetch; `None` where there is none, or none that is a uuid.
    #[must_use]
    pub fn kid(&self) -> Option<Uuid> {
        Uuid::try_parse(self.header.get("kid")?.as_str()?).ok()
    }

    /// What can be said without the key. Worth asking before one is fetched.
    ///
    /// # Errors
    /// The algorithm is not exactly RS256, the header changes what is signed, or `kid` is there and
    /// no uuid.
    pub fn check(&self) -> Result<(), SignatureError> {
        match self.header.get("alg") {
            Some(Value::String(name)) if name == ALGORITHM => {}
            Some(Value::String(name)) => return Err(SignatureError::Algorithm(shown(name))),
            Some(_) => return Err(SignatureError::Malformed("its `alg` is not a text")),
            None => return Err(SignatureError::Malformed("its header has no `alg`")),
        }
        // RFC 7515: who does not know what is critical refuses it. RFC 7797: `b64` must be critical.
        if self.header.contains_key("crit") || self.header.contains_key("b64") {
            return Err(SignatureError::Critical);
        }
        if self.header.contains_key("kid") && self.kid().is_none() {
            return Err(SignatureError::KeyId);
        }
        Ok(())
    }

    /// Verifies header and body, byte for byte as received (how is inferred from "detached", by
    /// RFC 7515, appendix F).
    ///
    /// # Errors
    /// As [`Self::check`], or [`SignatureError::Mismatch`].
    pub fn verify(&self, body: &[u8], key: &WebhookKey) -> Result<(), SignatureError> {
        self.check()?;
        let mut signed = self.signed_header.clone();
        signed.push('.');
        URL_SAFE_NO_PAD.encode_string(body, &mut signed);
        if key.verifies(signed.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(SignatureError::Mismatch)
        }
    }
}

impl fmt::Debug for WebhookSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSignature")
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

/// The value of a pasted header line, or the text itself.
fn value(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(':') {
        Some((name, value)) if name.trim_end().eq_ignore_ascii_case(HEADER_NAME) => value.trim(),
        _ => text,
    }
}

/// A name that a stranger chose, short and without what a terminal would obey.
fn shown(name: &str) -> String {
    name.chars()
        .take(LONGEST_ALGORITHM)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
