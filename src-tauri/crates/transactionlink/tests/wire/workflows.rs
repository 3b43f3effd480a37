//! Runs, links and the keys of webhooks.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{json, value::RawValue};
use transactionlink::{
    BackgroundRequestV1, BackgroundRequestV2, Client, Error, ErrorKind, ErrorPhase, LinkCall, Run,
    RunRequest, TokenRequestV2,
};
use uuid::Uuid;

use super::{
    ACCESS_BODY, AUTHORIZE,
    secrecy_text::text,
    server::{Say, Server, say},
    v1,
};

pub(crate) const RUN: &str = "POST /workflows";
pub(crate) const BACKGROUND: &str = "POST /workflows/run";
pub(crate) const ID: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";

/// Neither sorted nor written as a program would: it goes out as it was typed.
const PARAMETERS: &str =
    r#"{"name":"Zo\u00eb \"x\"","amount":12.50,"n":12345678901234567890123,"tags":["a",null]}"#;

pub(crate) fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

pub(crate) fn uuid() -> Uuid {
    Uuid::try_parse("11111111-2222-3333-4444-555555555555").unwrap()
}

pub(crate) fn request() -> RunRequest {
    RunRequest {
        workflow_definition_id: ID.to_owned(),
        locale: "uk".to_owned(),
        parameters: raw(PARAMETERS),
        expires_at: Some(UNIX_EPOCH + Duration::from_millis(1_795_536_000_000)),
        record_id: Some(uuid()),
    }
}

pub(crate) fn background_v1() -> BackgroundRequestV1 {
    BackgroundRequestV1 {
        case_id: uuid(),
        workflow_definition_id: "w".to_owned(),
        parameters_id: Some("p".to_owned()),
    }
}

pub(crate) fn background_v2() -> BackgroundRequestV2 {
    BackgroundRequestV2 {
        record_id: Some(uuid()),
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
    }
}

pub(crate) fn v2() -> TokenRequestV2 {
    TokenRequestV2 {
        record_id: None,
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
        lang: None,
    }
}

async fn run(client: &Client) -> Result<Run, Error> {
    client.run(&request(), &|_| {}).await
}

async fn answered(answer: Say) -> Result<Run, Error> {
    let server = Server::start().await;
    server.on(RUN, [answer]);
    run(&server.organization()).await
}

#[tokio::test]
async fn a_run_is_asked_for_as_previewed() {
    let server = Server::start().await;
    server.on(RUN, [say(200, r#"{"id":"r-1"}"#)]);
    run(&server.organization()).await.unwrap();
    let seen = &server.seen()[0];
    let body = r#"{"workflowDefinitionId":"3b2d8a4f-579f-4e2e-a51c-f859e532fe8c","locale":"uk","parameters":{"name":"Zo\u00eb \"x\"","amount":12.50,"n":12345678901234567890123,"tags":["a",null]},"expiresAt":"2026-11-24T16:00:00.000Z","recordId":"11111111-2222-3333-4444-555555555555"}"#;
    assert_eq!(seen.body, body);
    assert_eq!(seen.header("authorization"), "tot_hidden-value");
    let preview = request().preview();
    assert_eq!(
        (preview.method, preview.path, preview.body.as_str()),
        ("POST", "/workflows", body)
    );
    for (name, value) in &preview.headers[1..] {
        assert_eq!(seen.header(name), value, "{name}");
    }
    assert_eq!(
        seen.header("content-type"),
        "application/json;charset=UTF-8"
    );
}

#[tokio::test]
async fn the_documented_background_answer_has_no_token() {
    let body = json!({
        "id": "r-1", "workspaceId": ID, "workflowDefinitionId": ID, "parameters": {"a": 1},
        "name": "workflow-name", "revision": "abc", "status": "RUNNING", "locale": "uk",
        "expiresAt": "2025-09-01T15:42:12.820469Z", "uiOptions": {},
        "executionType": "BACKGROUND", "executionVersion": 1, "origin": "api",
    });
    let run = answered(say(200, body.to_string())).await.unwrap();
    assert_eq!(run.id, "r-1");
    assert_eq!(run.status.as_deref(), Some("RUNNING"));
    assert_eq!(run.execution_type.as_deref(), Some("BACKGROUND"));
    assert_eq!(run.name.as_deref(), Some("workflow-name"));
    assert_eq!(
        run.expires_at,
        Some(UNIX_EPOCH + Duration::from_micros(1_756_741_332_820_469))
    );
    assert!(run.token.is_none() && run.link.is_none());
    assert_eq!(run.http_status, 200);
    assert!(run.server_time.is_some() && run.timings.from_cache);
}

#[tokio::test]
async fn an_interactive_answer_has_a_token_and_a_link_with_any_2xx() {
    for (status, body) in [
        (
            200,
            r#"{"id":"r","token":"widget","link":"https://l.io/?token=widget"}"#,
        ),
        (201, r#"{"id":"r","link":"https://l.io/?token=widget"}"#),
    ] {
        let run = answered(say(status, body)).await.unwrap();
        assert_eq!(text(run.token.as_ref().unwrap()), "widget");
        let link = text(run.link.as_ref().unwrap());
        assert_eq!(link, "https://l.io/?token=widget");
        assert!(!format!("{run:?}").contains("widget"), "{run:?}");
    }
}

#[tokio::test]
async fn an_answer_without_an_id_is_malformed_and_may_have_run() {
    for (body, detail) in [
        (r#"{"token":"t"}"#, "The answer has no `id`."),
        ("<html>", "The answer is not a JSON object."),
    ] {
        let error = answered(say(200, body)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.phase),
            (ErrorKind::MalformedAnswer, ErrorPhase::Answer)
        );
        assert_eq!(
            (error.detail.as_str(), error.http_status),
            (detail, Some(200))
        );
        assert!(error.may_have_been_issued());
    }
}

#[tokio::test]
async fn a_missing_permission_is_told() {
    let body = r#"{"fingerprint":"f","errors":[{"code":"c","message":"can_run is missing"}]}"#;
    let error = answered(say(403, body)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Forbidden);
    assert_eq!(error.problems[0].message, "can_run is missing");
    assert!(!error.may_have_been_issued());
}

#[tokio::test]
async fn background_runs_name_the_version() {
    let server = Server::start().await;
    server.on(
        BACKGROUND,
        [say(200, r#"{"id":"r","caseId":"c","status":"RUNNING"}"#)],
    );
    let client = server.organization();
    let run = client.run_background_v1(&background_v1(), &|_| {}).await;
    assert_eq!(run.unwrap().status.as_deref(), Some("RUNNING"));
    let run = client.run_background_v2(&background_v2(), &|_| {}).await;
    assert!(run.unwrap().token.is_none());
    let seen = server.seen();
    assert_eq!(
        seen[0].body,
        r#"{"caseId":"11111111-2222-3333-4444-555555555555","workflowDefinitionId":"w","parametersId":"p"}"#
    );
    assert_eq!(seen[0].header("accept"), "application/json");
    assert_eq!(
        seen[1].body,
        r#"{"recordId":"11111111-2222-3333-4444-555555555555","workflowDefinitionId":"w"}"#
    );
    assert_eq!(seen[1].header("accept"), "application/json;version=2");
    for (seen, preview) in seen
        .iter()
        .zip([background_v1().preview(), background_v2().preview()])
    {
        assert_eq!(seen.line, format!("{} {}", preview.method, preview.path));
        assert_eq!(seen.body, preview.body);
        for (name, value) in &preview.headers[1..] {
            assert_eq!(seen.header(name), value, "{name}");
        }
    }
}

#[tokio::test]
async fn links_are_made_and_sent_with_the_body_of_a_token() {
    let server = Server::start().await;
    let body = r#"{"link":"https://link.transactionlink.io/0df7e442"}"#;
    server
        .on("POST /link", [say(201, body)])
        .on("POST /link/send", [say(201, body)]);
    let client = server.organization();
    for call in [LinkCall::Make, LinkCall::Send] {
        let link = client.link_v1(call, &v1(), &|_| {}).await.unwrap();
        assert_eq!(text(&link.link), "https://link.transactionlink.io/0df7e442");
        assert_eq!(link.http_status, 201);
        assert!(!format!("{link:?}").contains("0df7e442"));
        client.link_v2(call, &v2(), &|_| {}).await.unwrap();
    }
    let previews = [
        v1().link_preview(LinkCall::Make),
        v2().link_preview(LinkCall::Make),
        v1().link_preview(LinkCall::Send),
        v2().link_preview(LinkCall::Send),
    ];
    let seen = server.seen();
    assert_eq!(seen[0].body, v1().preview().body);
    assert_eq!(seen.len(), previews.len());
    for (seen, preview) in seen.iter().zip(previews) {
        assert_eq!(seen.line, format!("POST {}", preview.path));
        assert_eq!(seen.body, preview.body);
        for (name, value) in &preview.headers[1..] {
            assert_eq!(seen.header(name), value, "{name}");
        }
    }
}

#[tokio::test]
async fn a_link_that_is_none_is_malformed_and_may_have_been_made() {
    let server = Server::start().await;
    server.on("POST /link", [say(201, r#"{"link":"javascript:x"}"#)]);
    let client = server.organization();
    let error = client.link_v1(LinkCall::Make, &v1(), &|_| {}).await;
    let error = error.unwrap_err();
    assert_eq!(error.detail, "The answer's `link` is not an address.");
    assert!(error.may_have_been_issued());
}

#[tokio::test]
async fn the_key_of_webhooks_is_fetched_as_text() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../webhook/vectors.json")).unwrap();
    let line = format!("GET /auth/webhooks/key/{}", uuid());
    for form in ["pem", "base64"] {
        let server = Server::start().await;
        let key = vectors["key"][form].as_str().unwrap();
        server
            .on(AUTHORIZE, [say(200, ACCESS_BODY)])
            .on(&line, [say(200, key)]);
        let key = server.key_secret().webhook_key(uuid()).await.unwrap();
        assert_eq!(key.fingerprint(), vectors["key"]["fingerprint"]);
        let seen = &server.seen()[1];
        assert_eq!(seen.header("accept"), "text/plain, application/json");
        assert_eq!(seen.header("authorization"), "Bearer access-1");
    }
    for (status, body, kind) in [
        (
            404,
            r#"{"fingerprint":"f","errors":[]}"#,
            ErrorKind::NotFound,
        ),
        (404, "{}", ErrorKind::NotTheApi),
        (200, "{}", ErrorKind::MalformedAnswer),
        (200, "", ErrorKind::MalformedAnswer),
    ] {
        let server = Server::start().await;
        server.on(&line, [say(status, body)]);
        let error = server.organization().webhook_key(uuid()).await.unwrap_err();
        assert_eq!((error.kind, error.phase), (kind, ErrorPhase::Reading));
    }
}
