//! Pictures of every screen, to look at: `cargo xtask screenshots`.

mod runs;

use std::{path::PathBuf, time::Duration};

use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring},
    preview,
    web::Web,
};

/// The size a window opens with, and the smallest.
const MAIN: [(u32, u32); 2] = [(1280, 800), (880, 600)];
const PREVIEW: [(u32, u32); 2] = [(1100, 800), (720, 560)];
const THEMES: [&str; 2] = ["light", "dark"];

fn file(name: &str, theme: &str, (width, height): (u32, u32)) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    folder.join(format!("{name}-{theme}-{width}x{height}.png"))
}

/// Takes one picture in each theme and size.
async fn picture(web: &Web, name: &str, sizes: [(u32, u32); 2]) {
    for theme in THEMES {
        let script = "document.documentElement.dataset.theme = arguments[0]";
        web.script(script, vec![json!(theme)]).await;
        for size in sizes {
            web.size(size.0, size.1).await;
            tokio::time::sleep(Duration::from_millis(350)).await;
            web.painted().await;
            web.picture(&file(name, theme, size)).await;
        }
    }
    web.size(sizes[0].0, sizes[0].1).await;
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_the_demo() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    picture(&app, "first-run", MAIN).await;
    app.click("nav-history").await;
    app.see("history-to-issue").await;
    picture(&app, "history-empty", MAIN).await;
    app.click("nav-issue").await;
    app.fill("field-subject", "7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f")
        .await;
    app.fill("field-label", "ticket #48213").await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("request-preview").await;
    picture(&app, "issue", MAIN).await;
    app.click("copy-token").await;
    picture(&app, "issue-copied", MAIN).await;
    app.fill("field-workflow", "Record not found").await;
    app.click("issue-submit").await;
    app.see("error-block").await;
    picture(&app, "issue-error", MAIN).await;
    app.fill("field-subject", "7c1e").await;
    picture(&app, "issue-fault", MAIN).await;
    app.click("issue-reset").await;
    app.click("field-workflow").await;
    picture(&app, "issue-workflows", MAIN).await;
    app.fill("field-workflow", "Slow answer").await;
    app.click("issue-submit").await;
    app.see("issue-cancel").await;
    picture(&app, "issue-busy", MAIN).await;
    app.click("issue-cancel").await;
    app.fill("field-workflow", "Very short-lived token").await;
    app.click("issue-submit").await;
    app.says("token-status", "Expired").await;
    picture(&app, "issue-expired", MAIN).await;
    app.close().await;
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_history_workspaces_and_settings() {
    let desktop = Desktop::new(Keyring::Unlocked);
    assert!(
        desktop
            .tokendesk(&["seed-history", "--count", "248"], "")
            .status
            .success()
    );
    for (name, token) in [
        ("Vistula Bank", "tot_1f47c9e285b04d6a"),
        ("Test Team", "tot_9e2d4a7c85b0"),
    ] {
        assert!(
            desktop
                .tokendesk(&["workspace", "add", name], &format!("{token}\n"))
                .status
                .success()
        );
    }
    let app = Web::app(&desktop).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("nav-history").await;
    app.see("history-row").await;
    picture(&app, "history", MAIN).await;
    app.click("history-row").await;
    app.see("history-drawer").await;
    picture(&app, "history-drawer", MAIN).await;
    app.click("filter-failed").await;
    app.click("history-row").await;
    app.says("history-drawer", "Failed").await;
    picture(&app, "history-failed", MAIN).await;
    app.fill("history-search", "nothing has this text").await;
    app.see("clear-filters").await;
    picture(&app, "history-nothing-found", MAIN).await;
    app.click("clear-filters").await;
    app.click("nav-workspaces").await;
    app.see("workspace-row").await;
    picture(&app, "workspaces", MAIN).await;
    app.click("workspace-add").await;
    app.fill("workspace-name", "Oder Insurance").await;
    picture(&app, "workspace-dialog", MAIN).await;
    app.click("workspace-auth-keySecret").await;
    app.click("workspace-hosts").await;
    app.fill("workspace-key", "a key").await;
    app.fill("workspace-api-host", "not a host").await;
    app.click("workspace-save").await;
    picture(&app, "workspace-dialog-faults", MAIN).await;
    app.click("workspace-cancel").await;
    app.click("confirm-yes").await;
    app.click("nav-settings").await;
    app.see("settings-version").await;
    picture(&app, "settings", MAIN).await;
    app.click("settings-shortcuts").await;
    app.see("shortcuts").await;
    picture(&app, "shortcuts", MAIN).await;
    app.close().await;
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_a_long_history() {
    let desktop = Desktop::new(Keyring::Unlocked);
    assert!(
        desktop
            .tokendesk(&["seed-history", "--count", "100000"], "")
            .status
            .success()
    );
    let app = Web::app(&desktop).await;
    app.click("nav-history").await;
    app.see("history-row").await;
    app.click("filter-period").await;
    app.see_css("[role=menu] [role=menuitem]:last-of-type")
        .await
        .click()
        .await
        .unwrap();
    app.says("history-total", "100,000").await;
    picture(&app, "history-long", MAIN).await;
    let script = "const list = document.querySelector('[data-testid=history-table]');
        const scroller = [list, ...list.querySelectorAll('*')].find(e => e.scrollHeight > e.clientHeight + 1000);
        scroller.scrollTop = scroller.scrollHeight / 2";
    app.script(script, vec![]).await;
    picture(&app, "history-long-middle", MAIN).await;
    app.fill("history-search", "ticket #77777").await;
    app.says("history-total", "1 entry").await;
    picture(&app, "history-long-found", MAIN).await;
    app.close().await;
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_keychain_trouble() {
    for (keyring, name) in [
        (Keyring::Locked, "keychain-locked"),
        (Keyring::NoService, "keychain-missing"),
    ] {
        let desktop = Desktop::new(keyring);
        let app = Web::app(&desktop).await;
        app.says("connection", "Simulator running").await;
        tokio::time::sleep(Duration::from_secs(6)).await;
        picture(&app, name, MAIN).await;
        app.click("nav-settings").await;
        picture(&app, &format!("{name}-settings"), MAIN).await;
        app.close().await;
    }
}

#[tokio::test]
#[ignore = "makes pictures to look at; nothing in it can fail but the app"]
async fn screenshots_of_the_preview() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    let address = preview::started(&app).await;
    let browser = Web::browser(&desktop).await;
    browser.client.goto(&address).await.unwrap();
    browser.says("preview-log", "widget-opened").await;
    for device in ["phone", "tablet", "desktop"] {
        browser.click(&format!("preview-size-{device}")).await;
        picture(&browser, &format!("preview-{device}"), PREVIEW).await;
    }
    browser.click("preview-mode-inline").await;
    browser.says("preview-log", "inline: true").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    picture(&browser, "preview-inline", PREVIEW).await;
    browser.close().await;
    app.close().await;
}
