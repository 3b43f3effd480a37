//! `tokendesk case` and `tokendesk record`

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokendesk_core::{
    AppError, Code, Desk, Field,
    history::export,
    json::Tree,
    subjects::{Attachment, CaseDraft},
    workspace::Workspace,
};
use tokendesk_simulator::Simulator;

use crate::{
    arguments::{Case, NewCase, Record, RecordAt},
    demo, input, opened,
    output::{note, plain, say},
    tree,
    workspace::by_name,
};

/// The desk, the workspace, and the simulator where that is the demo's.
struct Counter {
    desk: Desk,
    workspace: Workspace,
    _simulator: Option<Simulator>,
}

impl Counter {
    async fn at(name: &str) -> Result<Self, AppError> {
        let desk = opened().await?;
        let workspace = by_name(&desk, name).await?;
        Ok(Self {
            _simulator: demo::for_workspace(&desk, &workspace).await?,
            desk,
            workspace,
        })
    }

    /// What was asked for by its id.
    async fn got<T>(
        &self,
        asked: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        asked
            .await
            .map_err(|error| demo::forgetful(&self.workspace, error))
    }
}

pub(crate) async fn case(action: Case) -> Result<(), AppError> {
    match action {
        Case::Create(new) => create_case(*new).await,
        Case::Show {
            id,
            workspace,
            json,
        } => {
            let at = Counter::at(&workspace).await?;
            let found = at.got(at.desk.look_up_case(&at.workspace.id, &id)).await?;
            tree::show(&found.tree, json)
        }
    }
}

async fn create_case(new: NewCase) -> Result<(), AppError> {
    let at = Counter::at(&new.workspace).await?;
    let mut draft = draft(&new)?;
    let uploaded = at.desk.upload_documents(&at.workspace.id, &new.document);
    let uploaded = uploaded.await;
    if let Some(error) = uploaded.error {
        return Err(error);
    }
    draft.documents = uploaded.documents;
    let case = at.desk.create_case(&at.workspace.id, &draft).await?;
    made(&case.id, &case.tree, new.json)
}

/// The fields that were given as JSON, and over them those given one by one.
fn draft(new: &NewCase) -> Result<CaseDraft, AppError> {
    let given = match new.fields.clone().map(input::text).transpose()? {
        None => CaseDraft::default(),
        Some(text) => serde_json::from_str(&text).map_err(|error| {
            AppError::invalid(
                Field::Fields,
                "Not the fields of a case",
                format!("{error}."),
            )
        })?,
    };
    let or = |one: &Option<String>, of_all: String| one.clone().unwrap_or(of_all);
    Ok(CaseDraft {
        first_name: or(&new.first_name, given.first_name),
        last_name: or(&new.last_name, given.last_name),
        personal_number: or(&new.personal_number, given.personal_number),
        email: or(&new.email, given.email),
        phone_country_code: or(&new.phone_country_code, given.phone_country_code),
        phone_number: or(&new.phone_number, given.phone_number),
        company_name: or(&new.company_name, given.company_name),
        company_number: or(&new.company_number, given.company_number),
        company_address: or(&new.company_address, given.company_address),
        documents: Vec::new(),
    })
}

/// The id of what was made, or all that was answered.
fn made(id: &str, answer: &Tree, json: bool) -> Result<(), AppError> {
    if !json {
        say(id);
        return Ok(());
    }
    if answer.truncated {
        // It is made, so its id must not be lost.
        note("The answer is too large to print; this is its id only.");
        say(format_args!("{:#}", json!({ "id": id })));
        return Ok(());
    }
    tree::show(answer, true)
}

pub(crate) async fn record(action: Record) -> Result<(), AppError> {
    match action {
        Record::Create {
            workspace,
            table,
            fields,
            json,
        } => {
            let fields = input::text(fields)?;
            let at = Counter::at(&workspace).await?;
            let record = at.desk.create_record(&at.workspace.id, &table, &fields);
            let record = record.await?;
            made(&record.id, &record.tree, json)
        }
        Record::Show(of) => {
            let at = Counter::at(&of.workspace).await?;
            let found = at.desk.look_up_record(&at.workspace.id, &of.table, &of.id);
            tree::show(&at.got(found).await?.tree, of.json)
        }
        Record::Attachments(of) => {
            let at = Counter::at(&of.workspace).await?;
            let found = at.desk.attachments(&at.workspace.id, &of.table, &of.id);
            let files = at.got(found).await?;
            if of.json {
                let list: Vec<Value> = files.iter().map(object).collect();
                say(format_args!("{:#}", Value::from(list)));
            } else if files.is_empty() {
                note("No files.");
            } else {
                files.iter().for_each(|file| say(line(file)));
            }
            Ok(())
        }
        Record::Attach { at: of, file, tag } => {
            let at = Counter::at(&of.workspace).await?;
            let sent = at
                .desk
                .attach(&at.workspace.id, &of.table, &of.id, &file, &tag);
            let sent = at.got(sent).await?;
            if of.json {
                say(format_args!("{:#}", object(&sent)));
            } else {
                say(line(&sent));
            }
            Ok(())
        }
        Record::Download {
            at: of,
            attachment,
            out,
        } => download(of, &attachment, out).await,
    }
}

async fn download(of: RecordAt, id: &str, out: Option<PathBuf>) -> Result<(), AppError> {
    let at = Counter::at(&of.workspace).await?;
    let all = at.desk.attachments(&at.workspace.id, &of.table, &of.id);
    let Some(file) = at.got(all).await?.into_iter().find(|file| file.id == id) else {
        return Err(AppError::new(
            Code::NoSuchThing,
            "No such file",
            "The record has no attachment of this id.",
            "List them with `tokendesk record attachments`.",
        ));
    };
    let to = match out {
        Some(out) => out,
        None => own_place(file.file_name())?,
    };
    let bytes = at
        .desk
        .save_attachment(&at.workspace.id, &of.table, &of.id, &file, &to)
        .await?;
    if of.json {
        let object = json!({ "path": to, "bytes": bytes });
        say(format_args!("{object:#}"));
    } else {
        say(to.display());
        note(format_args!("{bytes} bytes"));
    }
    Ok(())
}

/// Where a file of this name goes by itself, if nothing is there.
fn own_place(own: &str) -> Result<PathBuf, AppError> {
    let where_to = |detail: String| {
        AppError::new(
            Code::InvalidInput,
            "Where to?",
            detail,
            "Say where with --out.",
        )
    };
    if own.is_empty() || plain(own) != own {
        return Err(where_to("The file's own name cannot be used.".to_owned()));
    }
    if taken(Path::new(own)) {
        return Err(where_to(format!("{own} is there already.")));
    }
    Ok(PathBuf::from(own))
}

/// Whether something is there, be it a link to nowhere.
fn taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn line(file: &Attachment) -> String {
    let size = file.size.map(|size| size.to_string()).unwrap_or_default();
    format!("{}  {:>10}  {}", plain(&file.id), size, plain(&file.name))
}

fn object(file: &Attachment) -> Value {
    json!({
        "id": file.id,
        "name": file.name,
        "mediaType": file.media_type,
        "size": file.size,
        "createdAt": file.created_at.map(|at| export::iso(Some(at))),
        "tags": file.tags,
    })
}

#[cfg(test)]
mod tests {
    use super::own_place;

    #[test]
    fn a_file_goes_over_nothing_that_is_there() {
        assert!(own_place("Zdj\u{119}cie 1.pdf").is_ok());
        for none in ["", "a\u{1b}[2Jb", "a\u{202e}b"] {
            assert!(own_place(none).is_err(), "{none:?}");
        }
        let there = own_place("Cargo.toml").unwrap_err();
        assert!(there.detail.contains("already"), "{there}");
    }
}
