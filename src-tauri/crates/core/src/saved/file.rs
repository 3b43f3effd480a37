//! Presets as a file for others. Subjects and labels stay here; parameters go along, for they are
//! the workflow's and not a customer's (the vendor advises against personal data in them).

use serde::{Deserialize, Serialize};

use super::{Preset, name};
use crate::{
    error::{AppError, Code, Field},
    files::without_mark,
    issuing::IssueRequest,
};

/// The version of the file's form.
const VERSION: u32 = 1;
/// How many presets a file may hold.
const MOST: usize = 1000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PresetsFile {
    /// What the file is.
    tokendesk_presets: u32,
    presets: Vec<Saved>,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    name: String,
    #[serde(flatten)]
    request: IssueRequest,
}

/// The file of these presets.
pub(crate) fn write(presets: Vec<Preset>) -> String {
    let presets = presets.into_iter().map(|preset| Saved {
        name: preset.name,
        request: shareable(preset.request),
    });
    let file = PresetsFile {
        tokendesk_presets: VERSION,
        presets: presets.collect(),
    };
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

fn shareable(request: IssueRequest) -> IssueRequest {
    IssueRequest {
        workspace_id: String::new(),
        ..request.without_subject()
    }
}

/// The presets of a file.
///
/// # Errors
/// It is no file of presets, or of a newer TokenDesk.
pub(crate) fn read(text: &str) -> Result<Vec<(String, IssueRequest)>, AppError> {
    let file: PresetsFile = serde_json::from_str(without_mark(text))
        .map_err(|error| not_presets(format!("It was read up to here: {error}.")))?;
    if file.tokendesk_presets != VERSION {
        return Err(not_presets(
            "It is from a newer TokenDesk; update this one.".to_owned(),
        ));
    }
    if file.presets.len() > MOST {
        return Err(not_presets(format!("It holds more than {MOST} presets.")));
    }
    file.presets
        .into_iter()
        .map(|saved| {
            let name = name(&saved.name, Field::File)?;
            Ok((name, shareable(saved.request)))
        })
        .collect()
}

fn not_presets(detail: String) -> AppError {
    AppError {
        field: Some(Field::File),
        ..AppError::new(
            Code::InvalidInput,
            "Not a file of presets",
            detail,
            "Choose a file that TokenDesk exported. Nothing was changed.",
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::history::{ApiGeneration, EntryKind};

    fn preset() -> Preset {
        Preset {
            id: "p".to_owned(),
            name: "Poland".to_owned(),
            workspace_id: "w".to_owned(),
            request: IssueRequest {
                workspace_id: "w".to_owned(),
                api: ApiGeneration::Workflows,
                kind: EntryKind::Run,
                workflow_id: "f".to_owned(),
                subject: "11111111-2222-3333-4444-555555555555".to_owned(),
                label: "Jan Kowalski".to_owned(),
                parameters: r#"{"limit":1.10}"#.to_owned(),
                minutes: Some(60),
                ..IssueRequest::default()
            },
            with_subject: true,
            created_at: 1,
        }
    }

    #[test]
    fn a_file_keeps_the_form_and_nobody_in_it() {
        let text = write(vec![preset()]);
        for secret in ["11111111", "Kowalski", "\"w\""] {
            assert!(!text.contains(secret), "{text}");
        }
        for text in [text.clone(), format!("\u{feff}{text}")] {
            let read = read(&text).unwrap();
            assert_eq!(read[0].0, "Poland");
            assert_eq!(read[0].1, shareable(preset().request));
        }
    }

    #[test]
    fn what_is_no_file_of_presets_says_so() {
        for (text, says) in [
            ("", "EOF"),
            ("{\"presets\":[]}", "tokendeskPresets"),
            ("{\"tokendeskPresets\":2,\"presets\":[]}", "newer"),
            (
                "{\"tokendeskPresets\":1,\"presets\":[{\"name\":\"a\",\"api\":\"v9\"}]}",
                "v9",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.detail.contains(says), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_file_makes_it_fail(text in "\\PC{0,200}") {
            let _ = read(&text).is_ok();
        }
    }
}
