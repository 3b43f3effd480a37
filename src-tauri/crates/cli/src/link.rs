//! `tokendesk link`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError, Code,
    handover::Qr,
    history::EntryKind,
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::Link,
    demo, history, issue, opened,
    output::{ago, note, say_json, say_secret},
    workspace::by_name,
};

pub(crate) async fn run(options: Link) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.inputs.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let request = IssueRequest {
        kind: EntryKind::Link,
        send: options.send,
        ..issue::request(options.inputs, options.api, workspace.id.clone())?
    };
    let before = desk.link_in_force(&workspace.id, &request.subject).await?;
    if let Some(before) = before {
        let ago = ago(now() - before.requested_at);
        if !options.replace {
            return Err(AppError::new(
                Code::InvalidInput,
                "There is a link already",
                format!("A new link ends the one made {ago} for the same subject."),
                "Use --replace if that is meant.",
            ));
        }
        note(format_args!("This ends the link made {ago}."));
    }
    let Fresh { entry, .. } = desk.issue_fresh(&request).await?;
    let link = desk.link(&entry.id).await?;
    demo::note_dead_link(&workspace);
    if options.json {
        let mut object = history::object(&entry, now());
        object.set("link", link.expose_secret());
        issue::or_way_to_it(say_json(object), &desk, &entry).await?;
        return issue::written_down(&entry);
    }
    issue::or_way_to_it(say_secret(&link), &desk, &entry).await?;
    if options.qr {
        Qr::for_terminal(link.expose_secret())?
            .lines()
            .for_each(note);
    }
    if options.send {
        note("TransactionLink was asked to send it.");
    }
    issue::written_down(&entry)
}
