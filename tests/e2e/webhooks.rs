//! The webhook inspector: what a run of the demo sends, and what is pasted or comes as a file.

use std::{fs, time::Duration};

use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring},
    terminal_links::{Heard, listen},
    terminal_setting::{Terminal, scenario},
    web::Web,
    workspaces::switch_to,
};

async fn verdict_is(app: &Web, verdict: &str) {
    app.see_css(&format!(
        "[data-testid=verdict][data-verdict={verdict}][data-stale=false]"
    ))
    .await;
}

async fn verify(app: &Web, verdict: &str) {
    app.click("webhook-verify").await;
    verdict_is(app, verdict).await;
}

#[tokio::test]
async fn the_listener_receives_what_a_run_of_the_demo_sends() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("nav-webhooks").await;
    app.click("webhooks-tab-received").await;
    app.see_css("[data-testid=listener][data-state=off]").await;
    app.click("listener-switch").await;
    app.see_css("[data-testid=listener][data-state=on]").await;
    app.click("nav-issue").await;
    app.click("field-api-workflows").await;
    app.fill("field-workflow", "Background check").await;
    app.click("issue-submit").await;
    let run = "[data-testid=token-card] [data-testid=run-id]";
    let run = app.see_css(run).await.attr("title").await.unwrap().unwrap();

    app.click("nav-webhooks").await;
    app.see_css("[data-testid=received-row][data-verdict=valid]")
        .await;
    app.says("received-row", "WORKFLOW_COMPLETED").await;
    verdict_is(&app, "valid").await;
    app.says("verdict-facts", "RS256").await;
    app.click("verdict-view-raw").await;
    app.says("verdict-raw", &run).await;
    app.click("webhook-run").await;
    app.says("token-status", "Completed").await;

    // What somebody else sends there is taken, and seen through.
    app.click("nav-webhooks").await;
    let address = app.text("listener-address").await;
    let forged = crate::terminal_setting::http()
        .post(&address)
        .header("JWS-SIGNATURE", "e30..AAAA")
        .body(json!({ "eventType": "WORKFLOW_COMPLETED", "workflowId": run }).to_string());
    assert_eq!(forged.send().await.unwrap().status(), 204);
    app.see_css("[data-testid=received-row][data-verdict=invalid]")
        .await;
    assert_eq!(app.count("received-row").await, 2);
    app.click("listener-switch").await;
    app.see_css("[data-testid=listener][data-state=off]").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_checked_as_pasted_chosen_and_dropped() {
    let (url, mut hearing) = listen().await;
    let terminal = Terminal::new(&["--webhook", &url]);
    let workflow = scenario("0b");
    terminal.done(&["run", "--workspace", "Modern", "--workflow", &workflow]);
    let heard = tokio::time::timeout(Duration::from_secs(30), hearing.recv()).await;
    let Heard { signature, body } = heard.unwrap().unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let changed = body.replace("COMPLETED", "COMPLETEE");

    let app = Web::app(&terminal.desktop).await;
    switch_to(&app, "Modern").await;
    app.click("nav-webhooks").await;
    app.fill("webhook-text", &body).await;
    app.click("webhook-verify").await;
    app.says("webhook-signature-fault", "JWS-SIGNATURE").await;
    app.fill("webhook-signature", &signature).await;
    verify(&app, "valid").await;
    app.fill("webhook-text", &changed).await;
    app.see("verdict-stale").await;
    verify(&app, "invalid").await;
    let mut other = signature.clone();
    let last = if other.pop() == Some('A') { 'Q' } else { 'A' };
    other.push(last);
    app.fill("webhook-text", &body).await;
    app.fill("webhook-signature", &other).await;
    verify(&app, "invalid").await;
    app.fill("webhook-signature", &signature).await;
    verify(&app, "valid").await;

    let file = |name: &str, bytes: &str| {
        let path = terminal.folder().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    for (name, bytes, verdict) in [
        // A line end more, as an editor would add it: other bytes, though it looks the same.
        ("longer.json", format!("{body}\n"), "invalid"),
        ("body.json", body.clone(), "valid"),
    ] {
        let picker = app.see("webhook-picker").await;
        picker.send_keys(&file(name, &bytes)).await.unwrap();
        app.says("webhook-file", name).await;
        app.says("webhook-file-bytes", &bytes.len().to_string())
            .await;
        verify(&app, verdict).await;
    }

    app.click("webhook-file-remove").await;
    drop_file(&app, "dropped.json", &changed).await;
    app.says("webhook-file", "dropped.json").await;
    verify(&app, "invalid").await;
    app.close().await;
}

/// Drops a file on the form as the web view does. The driver has no drag of its own.
async fn drop_file(app: &Web, name: &str, text: &str) {
    let script = "const carried = new DataTransfer();
        carried.items.add(new File([arguments[1]], arguments[0]));
        const form = document.querySelector('[data-testid=webhooks-check]');
        for (const type of ['dragenter', 'dragover', 'drop'])
            form.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));";
    app.script(script, vec![json!(name), json!(text)]).await;
}
