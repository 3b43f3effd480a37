//! `tokendesk case` and `tokendesk record`

use std::path::{Path, PathBuf};

use tokendesk_core::{
    AppError, Code, Desk,
    json::Tree,
    subjects::{Attachment, CaseDraft},
    workspace::Workspace,
};
use tokendesk_simulator::Simulator;

use crate::{
    arguments::{Case, NewCase, Record, RecordAt},
    demo, opened,
    output::{note, say},
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
}

pub(crate) async fn case(action: Case) -> Result<(), AppError> {
    match action {
        Case::Create(new) => create_case(new).await,
        Case::Show { id, workspace } => {
            let at = Counter::at(&workspace).await?;
            show(&at.desk.look_up_case(&at.workspace.id, &id).await?.tree);
            Ok(())
        }
    }
}

async fn create_case(new: NewCase) -> Result<(), AppError> {
    let at = Counter::at(&new.workspace).await?;
    let mut draft = CaseDraft {
        first_name: new.first_name,
        last_name: new.last_name,
        personal_number: new.personal_number,
        email: new.email,
        phone_country_code: new.phone_country_code,
        phone_number: new.phone_number,
        company_name: new.company_name,
        company_number: new.company_number,
        company_address: new.company_address,
        documents: Vec::new(),
    };
    for file in new.document {
        let document = at.desk.upload_document(&at.workspace.id, &file).await?;
        draft.documents.push(document);
    }
    let case = at.desk.create_case(&at.workspace.id, &draft).await?;
    say(case.id);
    Ok(())
}

pub(crate) async fn record(action: Record) -> Result<(), AppError> {
    match action {
        Record::Create {
            workspace,
            table,
            fields,
        } => {
            let at = Counter::at(&workspace).await?;
            let made = at.desk.create_record(&at.workspace.id, &table, &fields);
            say(made.await?.id);
            Ok(())
        }
        Record::Show(RecordAt {
            id,
            workspace,
            table,
        }) => {
            let at = Counter::at(&workspace).await?;
            let found = at.desk.look_up_record(&at.workspace.id, &table, &id);
            show(&found.await?.tree);
            Ok(())
        }
        Record::Attachments(of) => {
            let at = Counter::at(&of.workspace).await?;
            let found = at.desk.attachments(&at.workspace.id, &of.table, &of.id);
            for file in found.await? {
                say(line(&file));
            }
            Ok(())
        }
        Record::Attach { at: of, file, tag } => {
            let at = Counter::at(&of.workspace).await?;
            let sent = at
                .desk
                .attach(&at.workspace.id, &of.table, &of.id, &file, &tag);
            say(line(&sent.await?));
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
    let Some(file) = all.await?.into_iter().find(|file| file.id == id) else {
        return Err(AppError::new(
            Code::NoSuchThing,
            "No such file",
            "The record has no attachment of this id.",
            "List them with `tokendesk record attachments`.",
        ));
    };
    // A name of the vendor's must not lead out of this folder, nor over what is there.
    let own = Path::new(&file.name).file_name().unwrap_or_default();
    let to = out.clone().unwrap_or_else(|| PathBuf::from(own));
    if out.is_none() && (own.is_empty() || to.exists()) {
        return Err(AppError::new(
            Code::InvalidInput,
            "Where to?",
            format!("{} cannot be written here.", to.display()),
            "Say where with --out.",
        ));
    }
    let bytes = at
        .desk
        .save_attachment(&at.workspace.id, &of.table, &of.id, &file, &to)
        .await?;
    note(format_args!("{} ({bytes} bytes)", to.display()));
    Ok(())
}

fn line(file: &Attachment) -> String {
    let size = file.size.map(|size| size.to_string()).unwrap_or_default();
    format!("{}  {:>10}  {}", file.id, size, file.name)
}

/// A tree as indented lines.
fn show(tree: &Tree) {
    for node in &tree.nodes {
        let indent = "  ".repeat(usize::try_from(node.depth).unwrap_or_default());
        say(format_args!("{indent}{}: {}", node.name, node.text));
    }
    if tree.truncated {
        note("There is more of it than is shown.");
    }
}
