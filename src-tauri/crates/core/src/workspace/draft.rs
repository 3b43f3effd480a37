//! A workspace as it is typed, and what may be wrong with it.

use secrecy::SecretString;
use serde::Deserialize;
use transactionlink::{Credential, Host};
use ts_rs::TS;

use super::AuthKind;
use crate::{
    error::{AppError, Field},
    pasted,
};

/// What the dialog holds. Empty secret fields keep the credential there was.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceDraft {
    /// The name to be.
    pub name: String,
    /// Where the API answers.
    pub api_host: String,
    /// Where the widget's script comes from.
    pub widget_host: String,
    /// How to authenticate.
    pub auth_kind: AuthKind,
    /// The API key.
    #[ts(type = "string")]
    pub key: SecretString,
    /// The API secret.
    #[ts(type = "string")]
    pub secret: SecretString,
    /// The organization token.
    #[ts(type = "string")]
    pub organization_token: SecretString,
    /// Do not write the credential to the keychain.
    pub session_only: bool,
}

/// A draft with everything in order.
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) api_host: Host,
    pub(crate) widget_host: Host,
    pub(crate) auth_kind: AuthKind,
    pub(crate) credential: Option<Credential>,
    pub(crate) session_only: bool,
}

impl WorkspaceDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// The first field that cannot be right.
    pub(crate) fn check(&self) -> Result<Checked, AppError> {
        let name = pasted::trimmed(&self.name);
        if name.is_empty() || name.chars().count() > 80 {
            return Err(AppError::invalid(
                Field::Name,
                "Give it a name",
                "A name has between 1 and 80 characters.",
            ));
        }
        if super::folded(name) == super::folded(super::DEMO_NAME) {
            return Err(AppError::invalid(
                Field::Name,
                "Another name, please",
                "\u{201c}Demo\u{201d} is the built-in workspace.",
            ));
        }
        Ok(Checked {
            name: name.to_owned(),
            api_host: host(&self.api_host, Field::ApiHost)?,
            widget_host: host(&self.widget_host, Field::WidgetHost)?,
            auth_kind: self.auth_kind,
            credential: self.credential()?,
            session_only: self.session_only,
        })
    }

    fn credential(&self) -> Result<Option<Credential>, AppError> {
        match self.auth_kind {
            AuthKind::OrganizationToken => {
                let token = secret(&self.organization_token, Field::OrganizationToken)?;
                Ok(token.map(Credential::OrganizationToken))
            }
            AuthKind::KeySecret => {
                let key = secret(&self.key, Field::Key)?;
                let secret = secret(&self.secret, Field::Secret)?;
                match (key, secret) {
                    (Some(key), Some(secret)) => Ok(Some(Credential::KeySecret { key, secret })),
                    (None, None) => Ok(None),
                    (None, Some(_)) => Err(missing(Field::Key, "Enter the key")),
                    (Some(_), None) => Err(missing(Field::Secret, "Enter the secret")),
                }
            }
        }
    }
}

pub(crate) fn missing(field: Field, title: &str) -> AppError {
    AppError::invalid(field, title, "It is in the TransactionLink dashboard.")
}

fn host(text: &str, field: Field) -> Result<Host, AppError> {
    let name = pasted::unquoted(text);
    Host::parse(name).map_err(|error| {
        let detail = match pasted::odd_character(text, name) {
            Some(odd) => format!("It has {odd}; no host does."),
            None => format!("{error}."),
        };
        AppError::invalid(field, "Not a host", detail)
    })
}

fn secret(secret: &SecretString, field: Field) -> Result<Option<SecretString>, AppError> {
    use secrecy::ExposeSecret;
    let given = secret.expose_secret();
    let text = pasted::credential(given);
    if text.is_empty() {
        return Ok(None);
    }
    let odd = if field == Field::OrganizationToken {
        // It goes into a header as it is.
        pasted::non_ascii_character(given, text)
    } else {
        pasted::odd_character(given, text)
    };
    if let Some(odd) = odd {
        let detail = format!("It has {odd}, which no credential has. Copy it anew.");
        return Err(AppError::invalid(field, "Not a credential", detail));
    }
    // Two of them in JSON must fit the 2,560 bytes of a Windows credential.
    if text.len() > 1200 {
        let detail = "It is longer than 1,200 characters.";
        return Err(AppError::invalid(field, "Not a credential", detail));
    }
    if field == Field::OrganizationToken && !text.starts_with("tot_") {
        return Err(AppError::invalid(
            field,
            "Not an organization token",
            "Organization tokens start with tot_.",
        ));
    }
    Ok(Some(SecretString::from(text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> WorkspaceDraft {
        WorkspaceDraft {
            name: "Velmora".to_owned(),
            api_host: "api.transactionlink.io".to_owned(),
            widget_host: "https://widget.transactionlink.io".to_owned(),
            auth_kind: AuthKind::KeySecret,
            key: "k".into(),
            secret: "s".into(),
            organization_token: "".into(),
            session_only: false,
        }
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        type Fault = fn(&mut WorkspaceDraft);
        let faults: [(Fault, Field); 7] = [
            (|d| d.name = " ".to_owned(), Field::Name),
            (|d| d.name = "demo".to_owned(), Field::Name),
            (
                |d| d.api_host = "http://api.example.com".to_owned(),
                Field::ApiHost,
            ),
            (
                |d| d.widget_host = "not a host".to_owned(),
                Field::WidgetHost,
            ),
            (|d| d.key = "".into(), Field::Key),
            (|d| d.secret = "".into(), Field::Secret),
            (
                |d| {
                    d.auth_kind = AuthKind::OrganizationToken;
                    d.organization_token = "eyJ".into();
                },
                Field::OrganizationToken,
            ),
        ];
        for (break_it, field) in faults {
            let mut draft = draft();
            break_it(&mut draft);
            let error = draft.check().map(|_| ()).unwrap_err();
            assert_eq!(error.field, Some(field), "{error}");
        }
        assert!(draft().check().is_ok());
    }

    #[test]
    fn what_windows_pipes_and_people_paste_is_the_credential_it_holds() {
        use secrecy::ExposeSecret;
        for given in [
            "\u{feff}tot_abc\r\n",
            "Bearer tot_abc",
            "authorization:bearer tot_abc\n",
            "\u{201e}tot_abc\u{201d}",
        ] {
            let draft = WorkspaceDraft {
                auth_kind: AuthKind::OrganizationToken,
                organization_token: given.into(),
                ..draft()
            };
            let Ok(Some(Credential::OrganizationToken(token))) = draft.credential() else {
                panic!("{given:?} is refused");
            };
            assert_eq!(token.expose_secret(), "tot_abc", "{given:?}");
        }
        let hidden = WorkspaceDraft {
            secret: "a-sec\u{200b}ret".into(),
            ..draft()
        };
        let error = hidden.check().map(|_| ()).unwrap_err();
        assert_eq!(error.field, Some(Field::Secret));
        assert!(
            error
                .detail
                .contains("U+200B zero width space at position 6"),
            "{error}"
        );
    }
}
