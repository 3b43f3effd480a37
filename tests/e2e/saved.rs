//! What a person saves of the form: a workflow's name, and the whole of it as a preset.

use fantoccini::key::Key;

use crate::{
    desktop::{Desktop, Keyring},
    subjects::type_rows,
    web::Web,
};

const PASTED: &str = "0a9b8c7d-1234-4321-8abc-def012345678";
const RECORD: &str = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8";

#[tokio::test]
async fn a_pasted_workflow_is_named_and_picked_by_its_name() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.fill("field-workflow", PASTED).await;
    app.click("workflow-name-it").await;
    app.fill("workflow-name", "Onboarding, \u{0141}\u{00f3}d\u{017a}")
        .await;
    app.click("workflow-name-save").await;
    app.gone("workflow-name-dialog").await;
    app.until("the name stands for the id", async || {
        app.value("field-workflow").await == "Onboarding, \u{0141}\u{00f3}d\u{017a}"
    })
    .await;
    app.close().await;

    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.fill("field-workflow", "onboard").await;
    app.click_css(&format!(
        "[data-testid=field-workflow-option][data-value='{PASTED}']"
    ))
    .await;
    assert_eq!(
        app.value("field-workflow").await,
        "Onboarding, \u{0141}\u{00f3}d\u{017a}"
    );
    app.click("request-preview").await;
    app.says("request-preview-body", PASTED).await;

    app.click("workflow-menu").await;
    app.click("workflow-forget").await;
    app.until("the id stands there again", async || {
        app.value("field-workflow").await == PASTED
    })
    .await;
    app.click("toast-action").await;
    app.until("undo brings the name back", async || {
        app.value("field-workflow").await.starts_with("Onboarding")
    })
    .await;
    app.close().await;
}

/// All that the form holds, as it would go out, and the label, which stays here.
async fn form(app: &Web) -> (String, String) {
    (
        app.text("request-preview-body").await,
        app.value("field-label").await,
    )
}

async fn form_is(app: &Web, what: &str, wanted: &(String, String)) {
    app.until(what, async || form(app).await == *wanted).await;
}

#[tokio::test]
async fn a_preset_brings_the_whole_form_back() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("request-preview").await;
    app.click("field-api-workflows").await;
    app.fill("field-subject", RECORD).await;
    app.fill("field-lang", "pl").await;
    app.fill("field-label", "by phone").await;
    let parameters = [("limit", "number", "1.10"), ("strict", "boolean", "true")];
    type_rows(&app, "parameters", &parameters).await;
    let exact = r#""parameters":{"limit":1.10,"strict":true}"#;
    app.says("request-preview-body", exact).await;
    app.says("request-preview-body", RECORD).await;
    app.says("request-preview-body", "\"pl\"").await;
    let saved = form(&app).await;
    app.click("presets").await;
    app.click("preset-save").await;
    app.fill("preset-name", "KYC by phone").await;
    // Unless this is ticked, a preset names nobody.
    app.click("preset-with-subject").await;
    app.click("preset-name-save").await;
    app.gone("preset-name-dialog").await;
    app.close().await;

    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("request-preview").await;
    app.click("field-api-v1").await;
    app.click("field-give-link").await;
    app.fill("field-label", "something else").await;
    app.says("request-preview-body", "POST /link").await;
    let other = form(&app).await;
    app.click("presets").await;
    app.says("preset-apply", "Workflow run").await;
    app.click("preset-apply").await;
    form_is(&app, "the preset is in the form", &saved).await;
    app.says("toast", "Filled in from KYC by phone.").await;
    app.click("toast-action").await;
    form_is(&app, "undo brings back what was typed", &other).await;
    // The first preset has a key of its own.
    app.click("field-label").await;
    app.keys(&format!("{}1{}", Key::Alt, Key::Null)).await;
    form_is(&app, "the key fills it in too", &saved).await;
    app.click("issue-submit").await;
    app.see_css("[data-testid=token-card][data-kind=run]").await;
    assert_eq!(app.text("token-label").await, "by phone");
    app.close().await;
}
