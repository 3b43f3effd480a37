//! A hostile widget gets nothing: a script that calls every command by every route known, in the
//! real preview window.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::header,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    desktop::{Desktop, Keyring},
    simulator::SimulatorProcess,
    web::Web,
};

const SCRIPT: &str = include_str!("hostile.js");

/// What the script found, by what it tried.
type Found = BTreeMap<String, Value>;

/// Serves the script as a workspace's widget host would, and takes its report.
async fn widget_host() -> (String, mpsc::Receiver<Found>) {
    let names: Vec<&str> = tokendesk_lib::ipc::commands(&ts_rs::Config::default())
        .iter()
        .map(|command| command.name)
        .collect();
    let script = Arc::new(SCRIPT.replace("COMMANDS", &serde_json::to_string(&names).unwrap()));
    let (report, reports) = mpsc::channel(2);
    let router = Router::new()
        .route(
            "/transactionlink-widget.umd.js",
            get(async move || {
                (
                    [(header::CONTENT_TYPE, "text/javascript")],
                    script.to_string(),
                )
            }),
        )
        .route(
            "/report",
            post(
                async |State(report): State<mpsc::Sender<Found>>, body: String| {
                    report
                        .send(serde_json::from_str(&body).unwrap())
                        .await
                        .unwrap();
                    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")]
                },
            ),
        )
        .with_state(report);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, reports)
}

#[tokio::test]
async fn a_hostile_widget_gets_nothing() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let (origin, mut reports) = widget_host().await;
    let added = desktop.tokendesk(
        &[
            "workspace",
            "add",
            "Hostile",
            "--api-host",
            &simulator.origin,
            "--widget-host",
            &origin,
        ],
        &format!("{}\n", simulator.organization_token),
    );
    assert!(added.status.success());

    let app = Web::app(&desktop).await;
    let state = app.invoke("app_state", json!({})).await.unwrap();
    let workspace = state["workspaces"]
        .as_array()
        .unwrap()
        .iter()
        .find(|w| w["name"] == "Hostile")
        .unwrap();
    let request = json!({
        "workspaceId": workspace["id"], "api": "v2", "workflowId": "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c",
        "subject": "", "parametersId": "", "lang": "", "label": "", "purpose": "handOver",
    });
    let entry = app
        .invoke("issue_token", json!({ "request": request }))
        .await
        .unwrap();
    app.script("window.untouched = true", vec![]).await;
    let opened = app
        .invoke(
            "open_preview",
            json!({ "entryId": entry["id"], "useThisToken": false }),
        )
        .await
        .unwrap();

    let mut next = async || {
        let report = tokio::time::timeout(Duration::from_secs(60), reports.recv());
        report.await.expect("the script reports").unwrap()
    };
    let found = next().await;
    assert!(found.len() > 100, "it tried {} things", found.len());
    for (tried, outcome) in &found {
        assert!(outcome.get("refused").is_some(), "{tried}: {outcome}");
    }
    assert_eq!(
        next().await,
        found,
        "it could not leave for the app's own page"
    );
    let address = opened["address"].as_str().unwrap();
    assert!(
        reqwest::get(address).await.unwrap().status().is_success(),
        "the frame is still served"
    );

    assert_eq!(
        app.script("return window.untouched === true", vec![]).await,
        true
    );
    app.see("issue-submit").await;
    let after = app.invoke("app_state", json!({})).await.unwrap();
    assert_eq!(
        after["workspaces"], state["workspaces"],
        "it changed no workspace"
    );
    let history = app
        .invoke("history_summary", json!({ "filter": {} }))
        .await
        .unwrap();
    assert_eq!(
        history["counts"]["all"], 2,
        "the token and the preview's own, and nothing else"
    );
    app.close().await;
}
