//! The preview: a window of its own, and the widget in it walked to its end.

use fantoccini::Locator;
use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring, wait_for},
    web::Web,
};

/// The titles of the windows on the display.
fn windows(desktop: &Desktop) -> String {
    let listed = desktop
        .command("xwininfo")
        .args(["-root", "-tree"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&listed.stdout).into_owned()
}

/// Does something in the widget's shadow root.
async fn widget(browser: &Web, script: &str) -> serde_json::Value {
    let script = format!(
        "const widget = document.querySelector('transactionlink-widget').shadowRoot;
         const find = id => widget.querySelector(`[data-testid=${{id}}]`);
         {script}"
    );
    browser.script(&script, vec![]).await
}

async fn step(browser: &Web, ready: &str, act: &str) {
    browser
        .until(ready, async || {
            widget(browser, &format!("return find('{ready}') !== null")).await == true
        })
        .await;
    widget(browser, act).await;
}

/// Opens the preview of what the card shows, and gives the address of its page.
pub async fn opened(app: &Web) -> String {
    let card = app.see("token-card").await;
    let entry = card.attr("data-entry").await.unwrap().unwrap();
    let opening = json!({ "entryId": entry, "useThisToken": false });
    let opened = app.invoke("open_preview", opening).await.unwrap();
    opened["address"].as_str().unwrap().to_owned()
}

/// Issues a token, opens its preview, and waits until the window has started the widget, which
/// uses the preview's token up. Gives the address of the preview's page.
pub async fn started(app: &Web) -> String {
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    let address = opened(app).await;
    app.click("nav-history").await;
    app.until("its token is used", async || {
        app.text("history-table").await.contains("Used")
    })
    .await;
    address
}

/// Walks through the widget on the preview's page, as an end user does.
pub async fn walk(browser: &Web) {
    browser.client.enter_frame(0).await.unwrap();
    let on = "find('widget-continue').click()";
    step(
        browser,
        "widget-consent",
        &format!("find('widget-consent').click(); {on}"),
    )
    .await;
    let names = format!(
        "for (const id of ['widget-first-name', 'widget-last-name']) {{
            find(id).value = 'Nowak'; find(id).dispatchEvent(new Event('input', {{ bubbles: true }}));
         }}
         {on}"
    );
    step(browser, "widget-first-name", &names).await;
    step(
        browser,
        "widget-document-passport",
        &format!("find('widget-document-passport').click(); {on}"),
    )
    .await;
    step(browser, "widget-done", "").await;
    browser.client.enter_parent_frame().await.unwrap();
    browser.says("preview-log", "workflow-finished").await;
}

#[tokio::test]
async fn the_button_opens_a_window_that_uses_a_token_of_its_own() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.fill("field-label", "for the customer").await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("preview").await;
    wait_for("the preview's window", || {
        windows(&desktop).contains("Poland \u{2013} Preview")
    });
    app.click("nav-history").await;
    app.until("its token is used", async || {
        app.text("history-table").await.contains("Used")
    })
    .await;
    app.until("two rows", async || app.count("history-row").await == 2)
        .await;
    let rows = app.text("history-table").await;
    assert!(
        rows.contains("Active"),
        "the customer's token is not used up: {rows}"
    );
    app.click("filter-previews").await;
    app.until("one of them is the preview's", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.close().await;
    wait_for("the end of the preview's window", || {
        !windows(&desktop).contains("Preview")
    });
}

#[tokio::test]
async fn the_widget_is_walked_to_its_end() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    let address = started(&app).await;

    // The driver does not see the preview's window, so the same page is walked in a browser; it
    // gets a token of its own there.
    let browser = Web::browser(&desktop).await;
    browser.client.goto(&address).await.unwrap();
    browser.says("preview-log", "widget-opened").await;
    walk(&browser).await;

    for mode in ["inline", "hosted"] {
        browser.click(&format!("preview-mode-{mode}")).await;
        let line = if mode == "inline" {
            "inline: true"
        } else {
            "Hosted page"
        };
        browser.says("preview-log", line).await;
    }
    let frames = browser
        .client
        .find_all(Locator::Css("iframe"))
        .await
        .unwrap();
    assert_eq!(frames.len(), 1);
    browser.close().await;
    app.close().await;
}

#[tokio::test]
async fn showing_the_token_itself_asks_first_and_uses_it_up() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("entry-menu").await;
    app.click("preview-this-token").await;
    app.says("confirm", "uses up").await;
    app.click("confirm-yes").await;
    app.says("token-status", "Used").await;
    app.click("nav-history").await;
    app.until("no other was issued", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.close().await;
}
