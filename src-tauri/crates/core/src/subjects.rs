//! Subjects: the cases and records that tokens are for, and their files.

use serde::{Deserialize, Serialize};
use transactionlink::{Attachment as Attached, Case, CaseDocument, NewCase, Phone, Record};
use ts_rs::TS;

use crate::{
    clock::{Millis, millis},
    error::{AppError, Field},
    json::Tree,
};

/// The largest file that is sent, in bytes. The vendor documents that there is a limit (413), not
/// which.
pub const LARGEST_FILE: u64 = 50 * 1024 * 1024;
/// The longest text of a field, in characters.
const LONGEST_TEXT: usize = 500;

/// A case as it is typed; empty fields are not sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs, reason = "the vendor's names")]
pub struct CaseDraft {
    pub first_name: String,
    pub last_name: String,
    pub personal_number: String,
    pub email: String,
    pub phone_country_code: String,
    pub phone_number: String,
    pub company_name: String,
    pub company_number: String,
    pub company_address: String,
    pub documents: Vec<Document>,
}

/// A file that was uploaded to be part of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// The vendor's id of it.
    pub resource_id: String,
    /// Its name.
    pub name: String,
    /// The vendor's path of it.
    pub path: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What became of files that were to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UploadedDocuments {
    /// Those that were, in their order.
    pub documents: Vec<Document>,
    /// Why the next one was not.
    pub error: Option<AppError>,
}

/// A case at the vendor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundCase {
    /// Its id.
    pub id: String,
    /// When it was made.
    #[ts(type = "number | null")]
    pub created_at: Option<Millis>,
    /// The vendor's id of the party.
    pub party_id: Option<String>,
    /// The whole of it.
    pub tree: Tree,
    /// The same as the JSON that came, to the last digit. It is not for the window.
    #[serde(skip)]
    #[ts(skip)]
    pub whole: String,
}

/// A record at the vendor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundRecord {
    /// Its id.
    pub id: String,
    /// How often it was changed.
    #[ts(type = "number | null")]
    pub version: Option<u64>,
    /// When it was made.
    #[ts(type = "number | null")]
    pub created_at: Option<Millis>,
    /// When it was last changed.
    #[ts(type = "number | null")]
    pub updated_at: Option<Millis>,
    /// The whole of it.
    pub tree: Tree,
    /// The same as the JSON that came, to the last digit. It is not for the window.
    #[serde(skip)]
    #[ts(skip)]
    pub whole: String,
}

/// A file at a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The vendor's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its MIME type.
    pub media_type: Option<String>,
    /// Its size in bytes.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// When it was added.
    #[ts(type = "number | null")]
    pub created_at: Option<Millis>,
    /// What it was marked with.
    pub tags: Vec<String>,
}

impl Attachment {
    /// Its name as one of a file here. The name is the vendor's: it must lead into no other
    /// folder, nor hide in one. Empty for one that cannot be used.
    #[must_use]
    pub fn file_name(&self) -> &str {
        // Windows' separators are none elsewhere, and a colon is one of its.
        let own = self
            .name
            .rsplit(['/', '\\', ':'])
            .next()
            .unwrap_or_default();
        if own.starts_with('.') || own.chars().any(char::is_control) {
            return "";
        }
        own
    }
}

/// How far a file has come on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The file's name.
    pub name: String,
    /// How many bytes.
    pub done: u64,
    /// Of how many, where that is known.
    pub total: Option<u64>,
}

crate::hidden_debug!(CaseDraft, FoundCase, FoundRecord);

impl CaseDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// The first field that cannot be right. All of them may be empty (documented).
    pub(crate) fn accept(&self) -> Result<NewCase, AppError> {
        let email = text(&self.email, Field::Email)?;
        if email.as_deref().is_some_and(|email| !is_like_email(email)) {
            return Err(AppError::invalid(
                Field::Email,
                "Not an e-mail address",
                "An address looks like name@example.org.",
            ));
        }
        let of = |value: &str| text(value, Field::Fields);
        let phone = Phone {
            country_code: text(&self.phone_country_code, Field::Phone)?,
            number: text(&self.phone_number, Field::Phone)?,
        };
        if phone.country_code.is_some() && phone.number.is_none() {
            return Err(AppError::invalid(
                Field::Phone,
                "Number missing",
                "A country code goes with a number.",
            ));
        }
        let documents = self.documents.iter().map(|document| CaseDocument {
            resource_id: document.resource_id.clone(),
            resource_name: document.name.clone(),
            resource_path: document.path.clone(),
        });
        Ok(NewCase {
            first_name: of(&self.first_name)?,
            last_name: of(&self.last_name)?,
            personal_number: of(&self.personal_number)?,
            email,
            phone: phone.number.is_some().then_some(phone),
            company_name: of(&self.company_name)?,
            company_number: of(&self.company_number)?,
            company_address: of(&self.company_address)?,
            documents: documents.collect(),
        })
    }
}

fn text(value: &str, field: Field) -> Result<Option<String>, AppError> {
    let value = crate::pasted::trimmed(value);
    if value.chars().count() > LONGEST_TEXT {
        return Err(AppError::invalid(
            field,
            "Too long",
            "A field has up to 500 characters.",
        ));
    }
    Ok((!value.is_empty()).then(|| value.to_owned()))
}

/// Something before an @ and a host after it; the server knows best.
fn is_like_email(text: &str) -> bool {
    let host = text.rsplit_once('@').filter(|(name, _)| !name.is_empty());
    host.is_some_and(|(_, host)| !host.is_empty() && !text.contains(char::is_whitespace))
}

/// Whether it can be the id of a table, a case or a record: the vendor promises no form.
///
/// # Errors
/// It is empty or has spaces.
pub(crate) fn needed_id(text: &str, field: Field, title: &str) -> Result<String, AppError> {
    crate::issuing::id(text, field, title)?
        .ok_or_else(|| AppError::invalid(field, title, "Paste its id."))
}

impl From<Case> for FoundCase {
    fn from(case: Case) -> Self {
        Self {
            id: case.id,
            created_at: case.created.map(millis),
            party_id: case.party_id,
            tree: Tree::read(case.whole.get()).unwrap_or_default(),
            whole: case.whole.get().to_owned(),
        }
    }
}

impl From<Record> for FoundRecord {
    fn from(record: Record) -> Self {
        Self {
            id: record.id,
            version: record.version,
            created_at: record.created.map(millis),
            updated_at: record.updated.map(millis),
            tree: Tree::read(record.fields.get()).unwrap_or_default(),
            whole: record.fields.get().to_owned(),
        }
    }
}

impl From<Attached> for Attachment {
    fn from(attached: Attached) -> Self {
        Self {
            id: attached.id,
            name: attached.name,
            media_type: attached.media_type,
            size: attached.size,
            created_at: attached.created.map(millis),
            tags: attached.tags,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachments_name_leads_nowhere() {
        let named = |name: &str| Attachment {
            id: "a".to_owned(),
            name: name.to_owned(),
            media_type: None,
            size: None,
            created_at: None,
            tags: Vec::new(),
        };
        for (name, wanted) in [
            ("Zdj\u{119}cie 1.pdf", "Zdj\u{119}cie 1.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\x\evil.exe", "evil.exe"),
            ("../../.bashrc", ""),
            ("a\nb", ""),
            ("..", ""),
        ] {
            assert_eq!(named(name).file_name(), wanted, "{name}");
        }
    }

    #[test]
    fn what_is_known_of_a_person_is_in_no_debug_text() {
        let draft = CaseDraft {
            first_name: "Zo\u{eb}".to_owned(),
            ..CaseDraft::default()
        };
        assert_eq!(format!("{draft:?}"), "CaseDraft(hidden)");
    }

    #[test]
    fn an_empty_case_is_one_and_faults_are_told_at_their_field() {
        assert!(CaseDraft::default().accept().is_ok());
        type Fault = fn(&mut CaseDraft);
        let faults: [(Fault, Field); 4] = [
            (|c| c.email = "jan".to_owned(), Field::Email),
            (|c| c.email = "jan@".to_owned(), Field::Email),
            (|c| c.phone_country_code = "48".to_owned(), Field::Phone),
            (|c| c.first_name = "x".repeat(501), Field::Fields),
        ];
        for (break_it, field) in faults {
            let mut draft = CaseDraft::default();
            break_it(&mut draft);
            assert_eq!(draft.accept().map(|_| ()).unwrap_err().field, Some(field));
        }
    }
}
