//! Pictures of runs, links, subjects and webhooks.

use super::{MAIN, picture};
use crate::{
    desktop::{Desktop, Keyring},
    web::Web,
};

const RECORD: &str = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8";

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_runs() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("nav-runs").await;
    app.see("runs-to-issue").await;
    picture(&app, "runs-empty", MAIN).await;
    app.click("nav-webhooks").await;
    picture(&app, "webhooks-empty", MAIN).await;
    app.click("webhooks-tab-received").await;
    app.click("listener-switch").await;
    app.see("listener-address").await;
    picture(&app, "webhooks-listening", MAIN).await;
    app.click("nav-issue").await;
    app.click("field-api-workflows").await;
    app.click("parameters-mode").await;
    app.fill(
        "parameters-json",
        r#"{"segment":"private","limit":1.10,"strict":true,"limits":{"day":5}}"#,
    )
    .await;
    picture(&app, "run-form-json", MAIN).await;
    app.click("parameters-mode").await;
    app.fill("field-label", "ticket #48213").await;
    app.click("request-preview").await;
    picture(&app, "run-form", MAIN).await;
    app.click("issue-submit").await;
    app.see_css("[data-testid=run-status][data-status=RUNNING]")
        .await;
    picture(&app, "run-card", MAIN).await;
    app.click("link-qr").await;
    app.see("qr-code").await;
    picture(&app, "run-qr", MAIN).await;
    app.click("link-dialog-close").await;
    app.fill("field-workflow", "Background check").await;
    app.click("issue-submit").await;
    app.see_css("[data-testid=run-status][data-status=COMPLETED]")
        .await;
    picture(&app, "run-completed", MAIN).await;
    app.click("nav-runs").await;
    app.click("runs-row").await;
    app.see("tree").await;
    picture(&app, "run-result", MAIN).await;
    app.click("nav-webhooks").await;
    app.click("received-row").await;
    app.see("verdict-title").await;
    picture(&app, "webhook-valid", MAIN).await;
    app.click("webhooks-tab-check").await;
    app.fill("webhook-text", r#"{"eventType":"WORKFLOW_COMPLETED"}"#)
        .await;
    app.fill("webhook-signature", "eyJhbGciOiJub25lIn0..").await;
    app.click("webhook-verify").await;
    app.see("verdict-title").await;
    picture(&app, "webhook-invalid", MAIN).await;
    app.close().await;
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_links_and_subjects() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("field-give-link").await;
    app.fill("field-subject", RECORD).await;
    app.click("field-send").await;
    app.click("issue-submit").await;
    app.see("link-sent").await;
    picture(&app, "link-card", MAIN).await;
    app.see("link-ends").await;
    app.click("issue-submit").await;
    app.see("confirm-yes").await;
    picture(&app, "link-confirm", MAIN).await;
    app.click("confirm-yes").await;
    app.says("link-ends", "ends").await;
    app.click("entry-menu").await;
    picture(&app, "entry-menu", MAIN).await;
    app.click("entry-hand-over").await;
    for tab in ["text", "postman", "curl", "embed"] {
        app.click(&format!("hand-over-tab-{tab}")).await;
        picture(&app, &format!("hand-over-{tab}"), MAIN).await;
    }
    app.keys("\u{e00c}").await;
    app.click("presets").await;
    picture(&app, "presets-menu", MAIN).await;
    app.click("preset-save").await;
    app.fill("preset-name", "Poland, private").await;
    picture(&app, "preset-name", MAIN).await;
    app.click("preset-name-save").await;
    app.click("presets").await;
    app.click("preset-manage").await;
    app.see("preset-row").await;
    picture(&app, "presets", MAIN).await;
    app.click("presets-close").await;
    app.click("subject-create").await;
    app.see("subject-panel").await;
    app.fill("record-table", "customers").await;
    picture(&app, "record-panel", MAIN).await;
    app.click("subject-close").await;
    app.click("field-api-v1").await;
    app.click("subject-create").await;
    app.fill("case-firstName", "Anna").await;
    picture(&app, "case-panel", MAIN).await;
    app.click("subject-submit").await;
    app.click("subject-look-up").await;
    app.fill("find-id", "11111111-2222-3333-4444-555555555555")
        .await;
    app.click("find-submit").await;
    app.see("found").await;
    picture(&app, "case-found", MAIN).await;
    app.close().await;
}
