//! The simulator's webhooks, checked.

use std::sync::Arc;

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use tokendesk_core::{history::ApiGeneration, webhooks::Verdict, workspace::DEMO_ID};
use tokendesk_simulator::{Options, Outcome, scenarios};
use tokio::{net::TcpListener, sync::mpsc};

use crate::fixture::{fixture, request};

/// Receives webhooks at the address it gives.
async fn receiver() -> (String, mpsc::Receiver<(String, Bytes)>) {
    let (tell, told) = mpsc::channel(8);
    let tell = Arc::new(tell);
    let receive = async move |headers: HeaderMap, body: Bytes| {
        let signature = headers["JWS-SIGNATURE"].to_str().unwrap().to_owned();
        tell.send((signature, body)).await.unwrap();
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(receive));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, told)
}

#[tokio::test]
async fn the_simulators_webhook_is_valid_and_a_changed_one_is_not() {
    let (address, mut received) = receiver().await;
    let fixture = fixture(Options {
        webhook_url: Some(address),
        ..Options::default()
    })
    .await;
    let desk = &fixture.desk;
    let background = scenarios()
        .iter()
        .find(|s| s.outcome == Outcome::Background);
    let workflow = background.unwrap().workflow_definition_id;
    let run = request(workflow, ApiGeneration::Workflows, "");
    let run_id = desk.issue(&run).await.unwrap().run.unwrap().run_id;
    let (signature, body) = received.recv().await.unwrap();

    let check =
        async |body: &[u8], signature: &str| desk.verify_webhook(DEMO_ID, body, signature).await;
    let report = check(&body, &signature).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    assert_eq!(report.algorithm.as_deref(), Some("RS256"));
    assert!(
        report
            .body
            .unwrap()
            .nodes
            .iter()
            .any(|node| node.text == run_id)
    );

    let mut changed = body.to_vec();
    changed[3] ^= 1;
    assert_eq!(check(&changed, &signature).await.verdict, Verdict::Invalid);
    let (_, rest) = signature.split_once('.').unwrap();
    // {"alg":"RS256","kid":"00000000-0000-4000-8000-000000000000","typ":"JWT"}
    let foreign = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMCIsInR5cCI6IkpXVCJ9";
    let report = check(&body, &format!("{foreign}.{rest}")).await;
    assert_eq!(report.verdict, Verdict::UnknownKey);
    assert_eq!(check(&body, "nonsense").await.verdict, Verdict::Invalid);
    fixture.simulator.stop().await;
    assert_eq!(
        check(&body, &signature).await.verdict,
        Verdict::Valid,
        "the key is remembered"
    );
    let report = check(&body, &format!("{foreign}.{rest}")).await;
    assert_eq!(report.verdict, Verdict::Unchecked);
    assert!(report.error.is_some());
}
