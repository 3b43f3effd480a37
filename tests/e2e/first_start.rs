//! The first start: the demo workspace, ready to issue, and all of it there after a restart.

use fantoccini::key::Key;

use crate::{
    desktop::{Desktop, Keyring},
    web::Web,
};

#[tokio::test]
async fn the_demo_issues_at_once_and_remembers() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.see("demo-strip").await;
    app.see("demo-banner").await;
    app.says("connection", "Simulator running").await;
    app.see("no-token").await;

    app.fill("field-label", "ticket #48213").await;
    app.keys(&format!("{}{}{}", Key::Control, Key::Enter, Key::Null))
        .await;
    app.see("token-card").await;
    app.says("token-status", "Active").await;
    app.says("time-left", "59:5").await;
    assert_eq!(app.text("token-label").await, "ticket #48213");
    app.says("claims", "customerId").await;
    app.says("live-tokens", "ticket #48213").await;

    app.click("field-api-v1").await;
    app.click("issue-submit").await;
    app.says("token-card", "Case").await;
    app.says("token-card", "11111111").await;
    app.click("nav-history").await;
    app.until("both are in the history", async || {
        app.count("history-row").await == 2
    })
    .await;
    app.says("history-total", "2 entries").await;
    app.close().await;

    let app = Web::app(&desktop).await;
    app.until("both are still there", async || {
        app.count("history-row").await == 2
    })
    .await;
    app.says("history-row", "ticket #48213").await;
    app.click("history-row").await;
    app.see("history-drawer").await;
    app.says("drawer-timeline", "HTTP 201").await;
    app.click("drawer-issue-again").await;
    app.see("token-card").await;
    app.click("nav-history").await;
    app.until("a third", async || app.count("history-row").await == 3)
        .await;
    app.close().await;
}

#[tokio::test]
async fn a_token_expires_before_ones_eyes() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.fill("field-workflow", "Very short-lived token").await;
    app.click("issue-submit").await;
    app.says("token-status", "Expiring").await;
    app.see("reveal-token").await;
    app.says("token-status", "Expired").await;
    app.gone("reveal-token").await;
    app.gone("copy-token").await;
    app.click("nav-history").await;
    app.says("history-row", "Expired").await;
    app.click("clear-expired").await;
    app.click("confirm-yes").await;
    app.until("it is gone", async || app.count("history-row").await == 0)
        .await;
    app.click("toast-action").await;
    app.until("undo brings it back", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.close().await;
}

#[tokio::test]
async fn each_failing_scenario_says_so_where_it_belongs() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    for (scenario, code) in [
        ("Record not found", "not_found"),
        ("Invalid request", "invalid_request"),
        ("Credential refused", "unauthorized"),
        ("Rate limit", "rate_limited"),
        ("Server error", "server_error"),
        ("Dropped connection", "connection_lost"),
        ("Malformed answer", "malformed_answer"),
    ] {
        app.fill("field-workflow", scenario).await;
        app.click("issue-submit").await;
        app.see_css(&format!("[data-testid=error-block][data-code={code}]"))
            .await;
        let kept = app
            .script(
                "return document.querySelector('[data-testid=field-workflow]').value",
                vec![],
            )
            .await;
        assert_eq!(kept, scenario, "what was typed stays");
    }
    app.fill("field-workflow", "Slow answer").await;
    app.click("issue-submit").await;
    app.see("issue-cancel").await;
    app.keys(&Key::Escape.to_string()).await;
    app.gone("issue-cancel").await;
    app.click("nav-history").await;
    app.until("every attempt is written down", async || {
        app.count("history-row").await == 8
    })
    .await;
    app.close().await;
}

#[tokio::test]
async fn a_crash_while_issuing_leaves_a_trace() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.fill("field-workflow", "Slow answer").await;
    app.click("issue-submit").await;
    app.see("issue-cancel").await;
    app.click("nav-history").await;
    app.says("history-row", "Pending").await;
    app.crash();
    let app = Web::app(&desktop).await;
    app.click("nav-history").await;
    app.says("history-row", "Unknown").await;
    app.close().await;
}
