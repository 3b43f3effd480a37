//! Every scenario, by what really happens.

use std::time::Duration;

use serde_json::json;
use tokendesk_simulator::{Options, Outcome, scenarios};

use crate::call::{Answer, Caller, start};

/// Far shorter than the slow answer takes, far longer than any other.
const IMPATIENT: Duration = Duration::from_secs(2);

#[tokio::test]
async fn every_scenario_happens() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token().v2();
    for scenario in scenarios() {
        let id = scenario.workflow_definition_id;
        match scenario.outcome {
            Outcome::Success | Outcome::TwoStep | Outcome::Failing => {
                lives(&caller.token_for(id).await, 3600);
            }
            Outcome::ShortLived(seconds) => lives(&caller.token_for(id).await, seconds),
            Outcome::NotFound => {
                let answer = caller.token_for(id).await;
                answer.refused(404, "simulator.subject_not_found");
            }
            Outcome::BadRequest => {
                let answer = caller.token_for(id).await;
                let message = answer.refused(400, "simulator.invalid_request");
                assert!(message.contains("`parametersId`"), "{message}");
            }
            Outcome::Unauthorized => {
                let answer = caller.token_for(id).await;
                answer.refused(401, "simulator.unauthorized");
            }
            Outcome::RateLimited(seconds) => {
                let answer = caller.token_for(id).await;
                answer.refused(429, "simulator.rate_limited");
                let wait = seconds.to_string();
                assert_eq!(answer.header("retry-after"), Some(wait.as_str()));
            }
            Outcome::ServerError => {
                let answer = caller.token_for(id).await;
                answer.refused(500, "simulator.server_error");
            }
            Outcome::Slow(_) => {
                let error = impatiently(&caller, id).await.unwrap_err();
                assert!(error.is_timeout(), "{error:?}");
            }
            Outcome::Dropped => {
                let error = impatiently(&caller, id).await.unwrap_err();
                assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
            }
            Outcome::Malformed => {
                let answer = caller.token_for(id).await;
                assert_eq!(answer.status, 201);
                assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
            }
            Outcome::Background => {
                let answer = caller.token_for(id).await;
                answer.refused(400, "simulator.no_end_user");
            }
            Outcome::Forbidden => {
                let answer = caller.token_for(id).await;
                answer.refused(403, "simulator.forbidden");
            }
        }
    }
}

#[track_caller]
fn lives(answer: &Answer, seconds: u32) {
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json()["expiryDuration"], seconds);
}

async fn impatiently(caller: &Caller, workflow: &str) -> reqwest::Result<reqwest::Response> {
    let token = &caller.accounts.organization_token;
    let request = caller.http.post(caller.url("/token"));
    let request = request
        .header("authorization", token)
        .header("accept", "application/json;version=2");
    let body = json!({ "workflowDefinitionId": workflow });
    request.json(&body).timeout(IMPATIENT).send().await
}

#[tokio::test]
async fn a_dropped_connection_sends_not_one_byte_and_harms_no_other() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let (simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token().v2();
    let dropped = scenarios().iter().find(|s| s.outcome == Outcome::Dropped);
    let body = json!({ "workflowDefinitionId": dropped.unwrap().workflow_definition_id });
    let body = body.to_string();
    let request = format!(
        "POST /token HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\naccept: application/json;version=2\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        caller.accounts.organization_token,
        body.len(),
    );
    let mut stream = tokio::net::TcpStream::connect(simulator.address())
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Closed or reset, both are a connection without an answer.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    let good = scenarios()[0].workflow_definition_id;
    assert_eq!(caller.token_for(good).await.status, 201);
}

#[test]
fn every_scenario_has_an_id_of_its_own() {
    let mut ids: Vec<_> = scenarios()
        .iter()
        .map(|s| s.workflow_definition_id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), scenarios().len());
}

#[test]
fn the_readme_lists_every_scenario() {
    let readme = include_str!("../../README.md");
    for scenario in scenarios() {
        let row = format!("| `{}` |", scenario.workflow_definition_id);
        assert!(readme.contains(&row), "{}", scenario.name);
    }
}
