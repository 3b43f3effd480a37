//! The public key that a webhook's signature is checked with.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rsa::PublicEncryptingKey,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD_PAD_INDIFFERENT};

const LONGEST: usize = 64 * 1024;

/// An RSA public key of 2048 to 8192 bits.
#[derive(Clone)]
pub struct WebhookKey {
    key: ParsedPublicKey,
    /// Its `SubjectPublicKeyInfo` in DER, in whatever form it came.
    info: Vec<u8>,
}

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookKeyError {
    /// Neither PEM nor base64.
    #[error("it is neither PEM nor base64")]
    NotAKey,
    /// More than one block of PEM.
    #[error("it holds more than one key")]
    SeveralKeys,
    /// A private key. It belongs nowhere near a webhook's receiver.
    #[error("it is a private key, and the public one is needed")]
    PrivateKey,
    /// PEM of something else.
    #[error("it is not a public key but a PEM of another kind")]
    OtherPem,
    /// Not RSA, or broken.
    #[error("it is not an RSA public key")]
    NotRsa,
    /// Shorter than 2048 or longer than 8192 bits.
    #[error("its length is not between 2048 and 8192 bits")]
    Length,
}

impl WebhookKey {
    /// Reads a key: PEM with `PUBLIC KEY` or `RSA PUBLIC KEY`, or the base64 of either (that the API
    /// gives PEM or plain base64 is documented; what is in it is inferred).
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, WebhookKeyError> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Err(WebhookKeyError::NotAKey);
        }
        let der = if text.contains("-----BEGIN") {
            of_pem(text)?
        } else {
            let bare: String = text.split_ascii_whitespace().collect();
            STANDARD_PAD_INDIFFERENT
                .decode(bare)
                .map_err(|_| WebhookKeyError::NotAKey)?
        };
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der)
            .map_err(|_| WebhookKeyError::NotRsa)?;
        let info: PublicKeyX509Der<'_> = key.as_der().map_err(|_| WebhookKeyError::NotRsa)?;
        let info = info.as_ref().to_vec();
        // Verifying holds the key to the same bounds, but says no more than that nothing fits.
        let bits = PublicEncryptingKey::from_der(&info)
            .map_err(|_| WebhookKeyError::Length)?
            .key_size_bits();
        if (2048..=8192).contains(&bits) {
            Ok(Self { key, info })
        } else {
            Err(WebhookKeyError::Length)
        }
    }

    /// The SHA-256 of the key's `SubjectPublicKeyInfo` in DER, in hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = digest(&SHA256, &self.info);
        hash.as_ref().iter().map(|b| format!("{b:02x}")).collect()
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookKey({})", self.fingerprint())
    }
}

fn of_pem(text: &str) -> Result<Vec<u8>, WebhookKeyError> {
    let blocks = pem::parse_many(text).map_err(|_| WebhookKeyError::NotAKey)?;
    let [block] = &blocks[..] else {
        return Err(if blocks.is_empty() {
            WebhookKeyError::NotAKey
        } else {
            WebhookKeyError::SeveralKeys
        });
    };
    match block.tag() {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Ok(block.contents().to_vec()),
        tag if tag.ends_with("PRIVATE KEY") => Err(WebhookKeyError::PrivateKey),
        _ => Err(WebhookKeyError::OtherPem),
    }
}
