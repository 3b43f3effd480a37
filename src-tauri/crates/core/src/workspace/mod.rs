//! Workspaces: named connections to TransactionLink.

pub(crate) mod connection;
pub(crate) mod draft;
pub(crate) mod rows;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use transactionlink::{Credential, Host};
use ts_rs::TS;

use crate::{
    clock::Millis,
    error::{AppError, Code},
};

pub use connection::{TestOutcome, TestReport, TestStep};
pub use draft::WorkspaceDraft;

/// The id of the built-in workspace.
pub const DEMO_ID: &str = "demo";
/// The name of the built-in workspace.
pub const DEMO_NAME: &str = "Demo";

/// Whether a workspace is the built-in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WorkspaceKind {
    /// Built in, simulated on this computer.
    Demo,
    /// The real API, or whatever stands at its host.
    Live,
}

/// How a workspace authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AuthKind {
    /// An organization token (`tot_…`).
    OrganizationToken,
    /// API key and secret, exchanged at `/auth/authorize`.
    KeySecret,
}

/// What is known of a workspace's credential. Never the credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum CredentialState {
    /// It is there.
    #[serde(rename_all = "camelCase")]
    Present {
        /// The end of the secret or token.
        last_four: String,
        /// Where it lives.
        kept_in: String,
        /// Since when.
        #[ts(type = "number")]
        since: Millis,
        /// Gone with the app.
        session_only: bool,
    },
    /// There is none.
    Missing,
    /// The keychain is being asked.
    Loading,
    /// The keychain is locked.
    Locked,
    /// There is no keychain.
    Unavailable {
        /// Why.
        detail: String,
    },
}

/// How the last connection test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestSummary {
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// Whether it worked.
    pub ok: bool,
}

/// A named connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// Its id on this computer.
    pub id: String,
    /// Its name, unique on this computer.
    pub name: String,
    /// Demo or live.
    pub kind: WorkspaceKind,
    /// Where the API answers.
    pub api_host: String,
    /// Where the widget's script comes from.
    pub widget_host: String,
    /// How it authenticates.
    pub auth_kind: AuthKind,
    /// When it was added.
    #[ts(type = "number")]
    pub created_at: Millis,
    /// How the last test ended.
    pub last_test: Option<TestSummary>,
    /// Hosts that a preview may call beyond the vendor's.
    pub allowed_hosts: Vec<String>,
    /// What is known of its credential.
    pub credential: CredentialState,
}

/// A name as it is compared: however it is written in Unicode, whatever its case.
#[must_use]
pub fn folded(name: &str) -> String {
    let composed = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc();
    let lower = composed.normalize(name).to_lowercase();
    composed.normalize(&lower).into_owned()
}

/// The credential as one keychain item holds it: small, for Windows keeps 2,560 bytes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Item {
    #[serde(rename_all = "camelCase")]
    Token {
        organization_token: String,
    },
    Pair {
        key: String,
        secret: String,
    },
}

/// Writes a credential the way its keychain item holds it.
pub(crate) fn to_item(credential: &Credential) -> SecretString {
    use secrecy::ExposeSecret;
    let item = match credential {
        Credential::KeySecret { key, secret } => Item::Pair {
            key: key.expose_secret().to_owned(),
            secret: secret.expose_secret().to_owned(),
        },
        Credential::OrganizationToken(token) => Item::Token {
            organization_token: token.expose_secret().to_owned(),
        },
    };
    // Two strings always serialise.
    SecretString::from(serde_json::to_string(&item).unwrap_or_default())
}

/// Reads a keychain item back.
pub(crate) fn from_item(item: &SecretString) -> Result<Credential, AppError> {
    use secrecy::ExposeSecret;
    match serde_json::from_str(item.expose_secret()) {
        Ok(Item::Token { organization_token }) => {
            Ok(Credential::OrganizationToken(organization_token.into()))
        }
        Ok(Item::Pair { key, secret }) => Ok(Credential::KeySecret {
            key: key.into(),
            secret: secret.into(),
        }),
        Err(_) => Err(AppError::new(
            Code::CredentialMissing,
            "Credential not readable",
            "The keychain's item of this workspace is not in TokenDesk's form.",
            "Enter the credential again under Workspaces.",
        )),
    }
}

/// The last four characters of what identifies a credential to its owner.
pub(crate) fn last_four(credential: &Credential) -> String {
    use secrecy::ExposeSecret;
    let secret = match credential {
        Credential::KeySecret { secret, .. } => secret,
        Credential::OrganizationToken(token) => token,
    }
    .expose_secret();
    let length = secret.chars().count();
    // Four characters of a short secret would tell too much of it.
    if length < 12 {
        return String::new();
    }
    secret.chars().skip(length - 4).collect()
}

/// The address the vendor's hosted page has for this workspace: `link.` beside `widget.` as in
/// the vendor's examples, else the widget host itself, which is what the simulator does.
#[must_use]
pub fn hosted_page(widget_host: &Host) -> String {
    widget_host.as_str().replacen("://widget.", "://link.", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keychain_item_gives_back_what_was_put_in() {
        let pair = Credential::KeySecret {
            key: "k-1".into(),
            secret: "a-long-secret-9f2c".into(),
        };
        assert_eq!(last_four(&pair), "9f2c");
        let Credential::KeySecret { key, .. } = from_item(&to_item(&pair)).unwrap() else {
            panic!("another kind came back");
        };
        assert_eq!(secrecy::ExposeSecret::expose_secret(&key), "k-1");
        assert!(from_item(&"garbage".to_owned().into()).is_err());
    }

    #[test]
    fn a_short_secret_shows_nothing_of_itself() {
        assert_eq!(
            last_four(&Credential::OrganizationToken("tot_abc".into())),
            ""
        );
    }

    #[test]
    fn names_are_the_same_in_any_case_and_form() {
        for (one, other) in [
            ("\u{141}\u{f3}d\u{17a}", "\u{141}\u{d3}D\u{179}"),
            ("\u{141}\u{f3}d\u{17a}", "\u{142}o\u{301}dz\u{301}"),
            ("\u{130}stanbul", "I\u{307}STANBUL"),
            ("\u{fb01}rma", "FIRMA"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("Lodz"), folded("\u{141}\u{f3}d\u{17a}"));
    }

    #[test]
    fn the_hosted_page_is_beside_the_widget() {
        let host = Host::parse("https://widget.transactionlink.io").unwrap();
        assert_eq!(
            hosted_page(&host).trim_end_matches('/'),
            "https://link.transactionlink.io"
        );
    }
}
