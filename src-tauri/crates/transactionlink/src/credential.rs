//! What a workspace authenticates with.

use std::fmt;

use secrecy::SecretString;

/// An API credential.
#[derive(Clone)]
pub enum Credential {
    /// Key and secret, exchanged at `POST /auth/authorize` (documented; deprecated by the vendor).
    KeySecret {
        /// The key.
        key: SecretString,
        /// The secret.
        secret: SecretString,
    },
    /// An organization token (`tot_…`), sent bare in `Authorization` (documented).
    OrganizationToken(SecretString),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeySecret { .. } => "Credential::KeySecret(hidden)",
            Self::OrganizationToken(_) => "Credential::OrganizationToken(hidden)",
        })
    }
}
