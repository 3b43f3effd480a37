//! Workspaces of one's own, against a simulator that is another process.

use fantoccini::Locator;
use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring},
    simulator::SimulatorProcess,
    web::Web,
};

const WORKFLOW: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";
const CASE: &str = "11111111-2222-3333-4444-555555555555";

async fn open_dialog(app: &Web, name: &str, simulator: &SimulatorProcess) {
    app.click("nav-workspaces").await;
    app.click("workspace-add").await;
    app.fill("workspace-name", name).await;
    app.click("workspace-hosts").await;
    app.fill("workspace-api-host", &simulator.origin).await;
    app.fill("workspace-widget-host", &simulator.origin).await;
}

async fn issue(app: &Web, api: &str, subject: &str) {
    app.click("nav-issue").await;
    app.click(&format!("field-api-{api}")).await;
    app.fill("field-workflow", WORKFLOW).await;
    app.fill("field-subject", subject).await;
    app.click("issue-submit").await;
}

/// Turns to a workspace by its name.
pub async fn switch_to(app: &Web, name: &str) {
    app.click("workspace-switcher").await;
    let item = format!("//*[@data-testid='switch-to'][contains(., '{name}')]");
    let item = app.client.wait().for_element(Locator::XPath(&item)).await;
    item.unwrap().click().await.unwrap();
    app.says("workspace-switcher", name).await;
}

/// The menu of the last workspace; the demo's is the first.
async fn open_menu(app: &Web) {
    let css = "[data-testid=workspace-row]:last-of-type [data-testid=workspace-menu]";
    app.see_css(css).await.click().await.unwrap();
}

#[tokio::test]
async fn key_and_secret_from_the_dialog_to_the_token() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let app = Web::app(&desktop).await;
    open_dialog(&app, "Acme", &simulator).await;
    app.click("workspace-auth-keySecret").await;
    app.says("workspace-keeping", "GNOME Keyring").await;
    app.fill("workspace-key", &simulator.key).await;
    app.fill("workspace-secret", "wrong").await;
    app.click("workspace-test").await;
    app.says("test-report", "refused").await;
    app.fill("workspace-secret", &simulator.secret).await;
    app.click("workspace-test").await;
    app.until("the test passes", async || {
        app.script(
            "return document.querySelector('[data-testid=test-report]')?.innerText ?? ''",
            vec![],
        )
        .await
        .as_str()
        .is_some_and(|text| !text.contains("refused") && text.contains("ms"))
    })
    .await;
    app.click("workspace-save").await;
    app.gone("workspace-dialog").await;
    app.says("workspace-switcher", "Acme").await;
    app.gone("demo-strip").await;

    issue(&app, "v1", CASE).await;
    app.says("token-status", "Active").await;
    app.says("token-card", "Case").await;
    issue(&app, "v2", "").await;
    app.gone("error-block").await;
    app.until("the card is of the second", async || {
        !app.text("token-card").await.contains("Case")
    })
    .await;

    issue(&app, "v1", "00000000-2222-3333-4444-555555555555").await;
    app.see_css("[data-testid=error-block][data-code=not_found]")
        .await;
    app.says("attempt-failed", "see Case id").await;

    // Another process at the same address knows none of the access tokens of the first.
    let address = simulator.address().to_owned();
    drop(simulator);
    issue(&app, "v2", "").await;
    app.see_css("[data-testid=error-block][data-code=connect_failed]")
        .await;
    let _again = SimulatorProcess::start(&desktop, &address, &[]);
    app.click("issue-submit").await;
    app.gone("error-block").await;
    app.click("nav-history").await;
    app.until("five attempts", async || {
        app.count("history-row").await == 5
    })
    .await;
    app.close().await;
}

#[tokio::test]
async fn an_organization_token_and_its_rotation() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let app = Web::app(&desktop).await;
    open_dialog(&app, "Modern", &simulator).await;
    app.click("workspace-save").await;
    app.says(
        "workspace-organizationToken-fault",
        "Paste the organization token",
    )
    .await;
    app.fill("workspace-organization-token", "tot_of_somebody_else")
        .await;
    app.click("workspace-save").await;
    app.gone("workspace-dialog").await;
    issue(&app, "v2", "").await;
    app.see_css("[data-testid=error-block][data-code=unauthorized]")
        .await;

    app.click("nav-workspaces").await;
    open_menu(&app).await;
    app.click("workspace-rotate").await;
    app.fill(
        "workspace-organization-token",
        &simulator.organization_token,
    )
    .await;
    app.click("workspace-save").await;
    app.gone("workspace-dialog").await;
    issue(&app, "v2", "").await;
    app.says("token-status", "Active").await;
    assert_eq!(desktop.keychain_items(), 2, "the old one was replaced");

    app.click("nav-workspaces").await;
    open_menu(&app).await;
    app.click("workspace-forget").await;
    app.click("confirm-yes").await;
    app.says("workspace-switcher", "Demo").await;
    assert_eq!(
        desktop.keychain_items(),
        1,
        "only the history's key is left"
    );
    app.close().await;
}

#[tokio::test]
async fn a_keychain_that_refuses_changes_nothing() {
    let mut desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let app = Web::app(&desktop).await;
    open_dialog(&app, "Acme", &simulator).await;
    app.fill(
        "workspace-organization-token",
        &simulator.organization_token,
    )
    .await;
    app.click("workspace-save").await;
    app.gone("workspace-dialog").await;
    app.says("workspace-switcher", "Acme").await;
    let before = app.invoke("app_state", json!({})).await.unwrap()["workspaces"][1].clone();

    open_menu(&app).await;
    app.click("workspace-edit").await;
    app.fill("workspace-name", "Acme elsewhere").await;
    app.fill("workspace-api-host", "api.elsewhere.example")
        .await;
    app.fill("workspace-organization-token", "tot_of_elsewhere")
        .await;
    desktop.lock_keyring();
    // The window sees it go; then there is nowhere to keep what was entered.
    app.says("workspace-keeping", "No keychain").await;
    app.click("workspace-save").await;
    app.says("workspace-keeping", "Keep for this session only")
        .await;
    let after = app.invoke("app_state", json!({})).await.unwrap()["workspaces"][1].clone();
    for part in ["name", "apiHost", "authKind"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    app.click("workspace-cancel").await;
    app.click("confirm-yes").await;

    open_menu(&app).await;
    app.click("workspace-forget").await;
    app.click("confirm-yes").await;
    app.says("toast", "eychain").await;
    let names = app.text("workspace-list").await;
    assert!(
        names.contains("Acme"),
        "it is not forgotten while its credential cannot be: {names}"
    );
    app.close().await;
}
