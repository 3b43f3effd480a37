//! Workflow runs: from a record and typed parameters to the result, and over a restart.

use std::collections::HashSet;

use fantoccini::Locator;

use crate::{
    preview,
    subjects::{tree_says, type_rows},
    terminal_setting::{Recorder, Terminal, WORKFLOW},
    web::Web,
    workspaces::switch_to,
};

const TABLE: &str = "9a1f3c52-6d0e-4b7a-8c21-5e4f7a9b0c13";

/// A status on the card, beside the list or in it.
async fn run_is(app: &Web, within: &str, status: &str) {
    app.see_css(&format!(
        "[data-testid={within}] [data-testid=run-status][data-status={status}]"
    ))
    .await;
}

/// The entries of the list of runs, the newest first.
async fn listed(app: &Web) -> Vec<String> {
    let rows = Locator::Css("[data-testid=runs-row]");
    let mut ids = Vec::new();
    for row in app.client.find_all(rows).await.unwrap() {
        ids.extend(row.attr("data-entry").await.unwrap());
    }
    ids
}

async fn rows_are(app: &Web, count: usize) {
    app.until(&format!("{count} runs"), async || {
        app.count("runs-row").await == count
    })
    .await;
}

/// Opens or closes a branch of the result.
async fn turn(app: &Web, name: &str, open: bool) {
    let row = format!("[data-testid=run-result] [data-testid=tree-row][data-name={name}]");
    let row = |is: bool| format!("{row}[aria-expanded={is}]");
    app.see_css(&format!("{}, {}", row(true), row(false))).await;
    if app.client.find(Locator::Css(&row(open))).await.is_err() {
        app.click_css(&row(!open)).await;
        app.see_css(&row(open)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_from_its_record_to_its_result() {
    let terminal = Terminal::new(&[]);
    let recorder = Recorder::before(&terminal.simulator).await;
    terminal.add_modern("Recorded", &recorder.origin);
    let app = Web::app(&terminal.desktop).await;
    switch_to(&app, "Recorded").await;
    app.see_css("[data-testid=field-api-workflows][aria-checked=true]")
        .await;
    app.fill("field-workflow", WORKFLOW).await;

    app.click("subject-create").await;
    app.fill("record-table", TABLE).await;
    let columns = [
        ("name", "string", "Jan \u{017b}ak"),
        ("limit", "number", "1.10"),
        ("vip", "boolean", "true"),
        ("seen", "null", ""),
        ("tags", "list", r#"["a", 2]"#),
    ];
    type_rows(&app, "columns", &columns).await;
    app.click("subject-submit").await;
    app.gone("subject-panel").await;
    let made = recorder.bodies(&format!("POST /tables/{TABLE}/records"));
    let exact = "{\"name\":\"Jan \u{017b}ak\",\"limit\":1.10,\"vip\":true,\"seen\":null,\"tags\":[\"a\",2]}";
    assert_eq!(made, [exact]);
    let record = app.value("field-subject").await;
    assert_eq!(record.len(), 36, "{record}");

    let parameters = [
        ("code", "string", "007"),
        ("limit", "number", "1.10"),
        ("strict", "boolean", "true"),
        ("address", "object", r#"{"city": "Gdynia", "flat": null}"#),
        ("languages", "list", r#"["pl", "en", 3.0]"#),
    ];
    type_rows(&app, "parameters", &parameters).await;
    let exact = r#""parameters":{"code":"007","limit":1.10,"strict":true,"address":{"city":"Gdynia","flat":null},"languages":["pl","en",3.0]}"#;
    app.click("request-preview").await;
    app.says("request-preview-body", "POST /workflows").await;
    app.says("request-preview-body", exact).await;
    let shown = app.text("request-preview-body").await;
    app.click("issue-submit").await;
    run_is(&app, "token-card", "RUNNING").await;
    app.says("token-status", "Active").await;
    let sent = recorder.bodies("POST /workflows");
    assert_eq!(sent.len(), 1, "a run is started once");
    assert!(sent[0].contains(exact), "{}", sent[0]);
    assert!(
        shown.trim_end().ends_with(&sent[0]),
        "it was shown what is sent: {shown}"
    );

    // The preview's window starts a run of its own, and the same page in a browser another.
    let address = preview::opened(&app).await;
    app.click("nav-runs").await;
    rows_are(&app, 2).await;
    app.until("the window's is under way", async || {
        app.text("runs-table").await.contains("Running")
    })
    .await;
    let before: HashSet<String> = listed(&app).await.into_iter().collect();
    let browser = Web::browser(&terminal.desktop).await;
    browser.client.goto(&address).await.unwrap();
    browser.says("preview-log", "widget-opened").await;
    rows_are(&app, 3).await;
    let mut ids = listed(&app).await;
    ids.retain(|id| !before.contains(id));
    let row = format!("[data-testid=runs-row][data-entry='{}']", ids[0]);
    app.click_css(&row).await;
    run_is(&app, "runs-drawer", "RUNNING").await;
    assert_eq!(app.count("run-result").await, 0, "there is none yet");

    preview::walk(&browser).await;
    browser.close().await;
    run_is(&app, "runs-drawer", "COMPLETED").await;
    // Version 1 of a result, the only documented one, calls every subject a case.
    tree_says(&app, "run-result", "caseId", &record).await;
    app.see_css(&format!("{row}[data-status=completed]")).await;
    // Only what is in view is in the page.
    turn(&app, "partyDetails", false).await;
    turn(&app, "checks", false).await;
    turn(&app, "parameters", true).await;
    tree_says(&app, "run-result", "code", "007").await;
    tree_says(&app, "run-result", "strict", "true").await;
    app.says("drawer-parameters", "\"limit\": 1.10").await;
    app.click("runs-filter-completed").await;
    rows_are(&app, 1).await;
    let sent = recorder.bodies("POST /workflows");
    assert_eq!(sent.len(), 3);
    for body in sent {
        assert!(body.contains(exact) && body.contains(&record), "{body}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_run_is_followed_again_after_a_restart() {
    let terminal = Terminal::new(&[]);
    let app = Web::app(&terminal.desktop).await;
    switch_to(&app, "Modern").await;
    app.fill("field-workflow", WORKFLOW).await;
    app.choose_css("[data-testid=field-duration]", "240").await;
    app.click("issue-submit").await;
    run_is(&app, "token-card", "RUNNING").await;
    app.click("reveal-token").await;
    let token = app.text("token-text").await;
    app.close().await;

    let app = Web::app(&terminal.desktop).await;
    app.click("nav-runs").await;
    rows_are(&app, 1).await;
    app.click("runs-row").await;
    run_is(&app, "runs-drawer", "RUNNING").await;
    app.see_css("[data-testid=runs-drawer] [data-testid=run-row][data-following=true]")
        .await;
    assert_eq!(terminal.play(&token).await, "COMPLETED");
    run_is(&app, "runs-drawer", "COMPLETED").await;
    app.see_css("[data-testid=run-result] [data-testid=tree]")
        .await;
    app.says("drawer-timeline", "Run COMPLETED").await;
    app.close().await;
}
