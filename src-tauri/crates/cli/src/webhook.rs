//! `tokendesk webhook`

use tokendesk_core::{AppError, Code, webhooks::Verdict};

use crate::{
    arguments::Webhook,
    demo, input, opened,
    output::{note, say, say_json},
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
    let body = input::bytes(&body)?;
    let report = desk.verify_webhook(&workspace.id, &body, &signature).await;
    if json {
        let object = serde_json::to_value(&report).unwrap_or_default();
        say_json(format_args!("{object:#}"))?;
    } else {
        let verdict = crate::history::word(report.verdict);
        say(format_args!("{verdict}: {}", report.reason))?;
        if !report.header_text.is_empty() {
            note(format_args!("header {}", report.header_text));
        }
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
