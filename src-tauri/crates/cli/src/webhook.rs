//! `tokendesk webhook`

use std::{
    io::{Read, stdin},
    path::Path,
};

use tokendesk_core::{AppError, Code, webhooks::Verdict};

use crate::{
    arguments::Webhook,
    demo, opened,
    output::{note, say},
    workspace::by_name,
};

pub(crate) async fn run(action: Webhook) -> Result<(), AppError> {
    let Webhook::Verify {
        workspace,
        body,
        signature,
        json,
    } = action;
    let desk = opened().await?;
    let workspace = by_name(&desk, &workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let body = read(&body)?;
    let report = desk
        .verify_webhook(&workspace.id, &body, &signature)
        .await?;
    if json {
        let object = serde_json::to_value(&report).unwrap_or_default();
        say(format_args!("{object:#}"));
    } else {
        let verdict = crate::history::word(report.verdict);
        say(format_args!("{verdict}: {}", report.reason));
        note(format_args!("header {}", report.header_text));
    }
    if let Some(error) = report.error {
        return Err(error);
    }
    if report.verdict == Verdict::Valid {
        return Ok(());
    }
    Err(AppError::new(
        Code::InvalidRequest,
        "Not a webhook to trust",
        report.reason,
        "",
    ))
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| {
        AppError::new(
            Code::InvalidInput,
            "The body could not be read",
            format!("{}: {error}.", path.display()),
            "",
        )
    })
}
