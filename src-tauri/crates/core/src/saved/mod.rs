//! What a person saves of the form: workflows by name, and presets.

mod file;
pub(crate) mod presets;
pub(crate) mod workflows;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    clock::Millis,
    error::{AppError, Field},
    issuing::IssueRequest,
    pasted,
};

pub(crate) use file::{read, write};

/// The longest name, in characters.
pub(crate) const LONGEST_NAME: usize = 80;

/// A workflow to pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownWorkflow {
    /// Its id.
    pub workflow_id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Whether a person named it.
    pub saved: bool,
}

/// Saved inputs of the form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Its id on this computer.
    pub id: String,
    /// Its name, unique in its workspace.
    pub name: String,
    /// The workspace it is for.
    pub workspace_id: String,
    /// The form. Unless it was saved with its subject, case or record and label are empty.
    pub request: IssueRequest,
    /// Whether it was saved with case or record and label, as a person asked for.
    pub with_subject: bool,
    /// When it was saved.
    #[ts(type = "number")]
    pub created_at: Millis,
}

crate::hidden_debug!(Preset);

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresetsImported {
    /// How many presets.
    pub added: u32,
    /// Their names here; one that was taken got a number.
    pub names: Vec<String>,
}

/// A name without space around it.
///
/// # Errors
/// It is empty, too long, or no line of text.
pub(crate) fn name(text: &str, field: Field) -> Result<String, AppError> {
    let text = pasted::trimmed(text);
    let fault = if text.is_empty() {
        "A name has at least one character."
    } else if text.chars().count() > LONGEST_NAME {
        "A name has up to 80 characters."
    } else if text.chars().any(char::is_control) {
        "A name is one line of text."
    } else {
        return Ok(text.to_owned());
    };
    Err(AppError::invalid(field, "Not a name", fault))
}
