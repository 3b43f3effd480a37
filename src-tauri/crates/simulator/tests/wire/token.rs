//! `POST /token`: what it takes and what it gives.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokendesk_simulator::{
    Options, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, UNKNOWN_SUBJECT_PREFIX, scenarios,
};

use crate::call::{Answer, Caller, start};

/// The documented sample of version 1.
fn sample() -> Value {
    json!({
        "caseId": SAMPLE_CASE_ID,
        "workflowDefinitionId": scenarios()[0].workflow_definition_id,
        "parametersId": "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302",
        "lang": "en",
    })
}

/// The sample, with these fields instead.
fn sample_with(changes: Value) -> String {
    let mut body = sample();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}

async fn post(caller: &Caller, body: &str) -> Answer {
    caller.post("/token", body).await
}

fn unknown() -> String {
    format!("{UNKNOWN_SUBJECT_PREFIX}2222-3333-4444-555555555555")
}

fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

/// How long a token lives, in seconds, as its claims say.
pub(crate) fn life(token: &str) -> u64 {
    let claims = claims(token);
    let [iat, exp] = ["iat", "exp"].map(|name| claims[name].as_u64().unwrap());
    exp - iat
}

#[tokio::test]
async fn a_token_is_signed_as_the_documented_sample_is() {
    let (simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token();
    let answer = post(&caller, &sample().to_string()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    assert_eq!(json.as_object().unwrap().len(), 3, "{json}");
    assert_eq!(json["expiryDuration"], 3600);
    assert_eq!(json["tokenType"], "Bearer");

    let token = answer.field("token");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.decode(header).unwrap(),
        br#"{"alg":"RS512"}"#
    );
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    assert_eq!(signature.len(), 256);
    let key = simulator.public_key().await.unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, key);
    key.verify(signed.as_bytes(), &signature).unwrap();
    assert!(key.verify(payload.as_bytes(), &signature).is_err());

    let claims = claims(&token);
    let names: Vec<_> = claims.as_object().unwrap().keys().collect();
    let documented = ["customerId", "exp", "iat", "partyId", "workspaceId"];
    assert_eq!(names, documented);
    let (iat, exp) = (
        claims["iat"].as_u64().unwrap(),
        claims["exp"].as_u64().unwrap(),
    );
    assert_eq!(exp - iat, 3600);
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(iat) < 5, "{iat} is not now");
}

#[tokio::test]
async fn no_two_tokens_are_the_same_but_one_subject_is_one_party() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token();
    let first = post(&caller, &sample().to_string()).await.field("token");
    let second = post(&caller, &sample().to_string()).await.field("token");
    assert_ne!(first, second);
    let (first, second) = (claims(&first), claims(&second));
    assert_eq!(first["partyId"], second["partyId"]);
    assert_ne!(first["customerId"], second["customerId"]);
}

#[tokio::test]
async fn version_1_needs_a_case_and_version_2_takes_a_record_or_none() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token();
    let workflow = scenarios()[0].workflow_definition_id;
    let bare = json!({ "workflowDefinitionId": workflow, "new": [1] }).to_string();
    let record = json!({ "workflowDefinitionId": workflow, "recordId": SAMPLE_RECORD_ID });

    let message = post(&caller, &bare)
        .await
        .refused(400, "simulator.invalid_field");
    assert!(message.contains("`caseId`"), "{message}");
    let caller = caller.with("accept", "application/json;version=1");
    assert_eq!(post(&caller, &record.to_string()).await.status, 400);

    let caller = caller.v2();
    assert_eq!(post(&caller, &bare).await.status, 201);
    assert_eq!(post(&caller, &record.to_string()).await.status, 201);
    let null = json!({ "workflowDefinitionId": workflow, "recordId": null });
    assert_eq!(post(&caller, &null.to_string()).await.status, 201);

    // Where Accept leaves it open, the content type decides.
    let caller = caller
        .without("accept")
        .with("content-type", "application/json;version=2");
    assert_eq!(post(&caller, &bare).await.status, 201);
    let caller = caller.with("accept", "application/json;version=7");
    post(&caller, &bare)
        .await
        .refused(406, "simulator.unknown_version");
}

#[tokio::test]
async fn an_invalid_request_names_its_field() {
    let (_simulator, caller) = start(Options::default()).await;
    let mut caller = caller.with_organization_token();
    for (accept, changes, field) in [
        ("1", json!({ "caseId": "not-a-uuid" }), "caseId"),
        ("1", json!({ "caseId": 7 }), "caseId"),
        ("1", json!({ "caseId": null }), "caseId"),
        ("1", json!({ "caseId": "" }), "caseId"),
        ("2", json!({ "recordId": "11111111" }), "recordId"),
        (
            "1",
            json!({ "workflowDefinitionId": null }),
            "workflowDefinitionId",
        ),
        (
            "1",
            json!({ "workflowDefinitionId": "" }),
            "workflowDefinitionId",
        ),
        ("1", json!({ "parametersId": 7 }), "parametersId"),
        ("1", json!({ "lang": ["en"] }), "lang"),
    ] {
        caller = caller.with("accept", &format!("application/json;version={accept}"));
        let answer = post(&caller, &sample_with(changes)).await;
        let message = answer.refused(400, "simulator.invalid_field");
        assert!(message.starts_with(&format!("`{field}` ")), "{message}");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 1);
    }
    let answer = post(
        &caller,
        &sample_with(json!({ "lang": 1, "parametersId": 1 })),
    )
    .await;
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2);
    let answer = post(&caller, "not json").await;
    answer.refused(400, "simulator.invalid_json");
    let caller = caller.with("content-type", "text/plain");
    let answer = post(&caller, &sample().to_string()).await;
    answer.refused(400, "simulator.wrong_content_type");
}

#[tokio::test]
async fn unknown_case_record_and_workflow_are_told_apart() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller = caller.with_organization_token();
    let body = sample_with(json!({ "caseId": unknown() }));
    let message = post(&caller, &body)
        .await
        .refused(404, "simulator.subject_not_found");
    assert!(message.contains("`caseId`"), "{message}");

    let body = sample_with(json!({ "workflowDefinitionId": SAMPLE_RECORD_ID }));
    let message = post(&caller, &body)
        .await
        .refused(404, "simulator.workflow_definition_not_found");
    assert!(message.contains("`workflowDefinitionId`"), "{message}");

    let caller = caller.v2();
    let body = sample_with(json!({ "recordId": unknown() }));
    let message = post(&caller, &body)
        .await
        .refused(404, "simulator.subject_not_found");
    assert!(message.contains("`recordId`"), "{message}");
}

#[tokio::test]
async fn no_page_of_another_origin_may_read_it() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller = caller
        .with_organization_token()
        .with("origin", "http://localhost:8100");
    let allowed = "access-control-allow-origin";
    for path in ["/token", "/auth/authorize", "/auth/refresh"] {
        let answer = caller.post(path, &sample().to_string()).await;
        assert_eq!(answer.header(allowed), None, "{path}");
        let preflight = caller
            .http
            .request(reqwest::Method::OPTIONS, caller.url(path));
        let answer = caller.read(preflight).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header(allowed), None, "{path}");
    }
}
