//! `tokendesk case` and `tokendesk record`

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokendesk_core::{
    AppError, Code, Desk, Field,
    history::export,
    json::{Tree, pretty},
    subjects::{Attachment, CaseDraft},
    workspace::Workspace,
};
use tokendesk_simulator::Simulator;

use crate::{
    arguments::{Case, NewCase, Record, RecordAt},
    demo, input, opened,
    output::{note, notes_are_seen, plain, say, say_json},
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
            show(&found.tree, &found.whole, json)
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
    made("case", &case.id, &case.whole, new.json)
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

/// Prints what was answered, as lines or as the JSON that came.
fn show(tree: &Tree, whole: &str, json: bool) -> Result<(), AppError> {
    if json {
        return say_json(pretty(whole));
    }
    for node in &tree.nodes {
        let indent = "  ".repeat(usize::try_from(node.depth).unwrap_or_default());
        say(format_args!("{indent}{}: {}", node.name, node.text))?;
    }
    if tree.truncated {
        note("There is more of it than is shown. With --json it is all there.");
    }
    Ok(())
}

/// Prints the id of what was made, or all that was answered.
fn made(what: &str, id: &str, whole: &str, json: bool) -> Result<(), AppError> {
    let printed = if json {
        say_json(pretty(whole))
    } else {
        say(id)
    };
    printed.map_err(|error| {
        // Only a person may be shown whose it is; a log may not.
        let hint = if notes_are_seen() {
            format!("The {what} was created. Its id is {id}.")
        } else {
            format!("The {what} was created. Look it up at TransactionLink before you repeat this.")
        };
        AppError { hint, ..error }
    })
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
            made("record", &record.id, &record.whole, json)
        }
        Record::Show(of) => {
            let at = Counter::at(&of.workspace).await?;
            let found = at.desk.look_up_record(&at.workspace.id, &of.table, &of.id);
            let found = at.got(found).await?;
            show(&found.tree, &found.whole, of.json)
        }
        Record::Attachments(of) => {
            let at = Counter::at(&of.workspace).await?;
            let found = at.desk.attachments(&at.workspace.id, &of.table, &of.id);
            let files = at.got(found).await?;
            if of.json {
                let list: Vec<Value> = files.iter().map(object).collect();
                return say_json(format_args!("{:#}", Value::from(list)));
            }
            if files.is_empty() {
                note("No files.");
            }
            files.iter().try_for_each(|file| say(line(file)))
        }
        Record::Attach { at: of, file, tag } => {
            let at = Counter::at(&of.workspace).await?;
            let sent = at
                .desk
                .attach(&at.workspace.id, &of.table, &of.id, &file, &tag);
            let sent = at.got(sent).await?;
            let printed = if of.json {
                say_json(format_args!("{:#}", object(&sent)))
            } else {
                say(line(&sent))
            };
            printed.map_err(|error| AppError {
                hint: "The file was sent. `tokendesk record attachments` lists it.".to_owned(),
                ..error
            })
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
    let printed = if of.json {
        let object = json!({ "path": to.display().to_string(), "bytes": bytes });
        say_json(format_args!("{object:#}"))
    } else {
        say(to.display())
    };
    printed.map_err(|error| AppError {
        hint: format!("The file was written: {}.", to.display()),
        ..error
    })?;
    if !of.json {
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
    format!("{}  {size:>10}  {}", file.id, file.name)
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
