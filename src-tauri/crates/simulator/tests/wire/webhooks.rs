//! Webhooks: sent, signed, and sent again.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use reqwest::Method;
use serde_json::{Value, json};
use tokendesk_simulator::{Options, Outcome, Simulator};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::call::{Caller, start, workflow};

struct Received {
    signature: String,
    body: Bytes,
}

type Heard = UnboundedReceiver<Received>;

/// Listens for webhooks, and answers each with the next of these statuses, the last one for ever.
async fn listen(statuses: &'static [u16]) -> (String, Heard) {
    let (heard, hearing) = unbounded_channel();
    let state = Arc::new((heard, std::sync::Mutex::new(statuses)));
    let router = Router::new().route("/hook", post(hear)).with_state(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, hearing)
}

type Hearer = (UnboundedSender<Received>, std::sync::Mutex<&'static [u16]>);

async fn hear(State(state): State<Arc<Hearer>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["jws-signature"].to_str().unwrap().to_owned();
    let _ = state.0.send(Received { signature, body });
    let mut left = state.1.lock().unwrap();
    let status = left[0];
    if left.len() > 1 {
        *left = &left[1..];
    }
    StatusCode::from_u16(status).unwrap()
}

async fn next(heard: &mut Heard) -> Received {
    let next = timeout(Duration::from_secs(20), heard.recv()).await;
    next.unwrap().unwrap()
}

async fn silent(heard: &mut Heard) {
    let next = timeout(Duration::from_millis(400), heard.recv()).await;
    assert!(next.is_err(), "nothing more is sent");
}

async fn ready(url: Option<String>) -> (Simulator, Caller) {
    let (simulator, caller) = start(Options {
        webhook_url: url,
        webhook_pause: Duration::from_millis(20),
        background_time: Duration::from_millis(200),
        ..Options::default()
    })
    .await;
    (simulator, caller.with_organization_token())
}

async fn begin(caller: &Caller, outcome: Outcome) -> Value {
    let id = workflow(outcome);
    let body = json!({ "workflowDefinitionId": id, "locale": "en", "parameters": {} });
    caller.post_json("/workflows", &body).await.gave(200)
}

async fn finish(caller: &Caller, run: &Value) {
    let opened = caller.exchange(run["token"].as_str().unwrap()).await;
    let body = json!({ "session": opened.field("session") });
    caller
        .post_json("/simulator/widget/finish", &body)
        .await
        .gave(200);
}

fn event(received: &Received) -> Value {
    serde_json::from_slice(&received.body).unwrap()
}

#[tokio::test]
async fn a_completed_run_is_told_and_the_signature_verifies_with_the_served_key() {
    let (url, mut heard) = listen(&[200]).await;
    let (_simulator, caller) = ready(Some(url)).await;
    let run = begin(&caller, Outcome::Success).await;
    silent(&mut heard).await;
    finish(&caller, &run).await;
    let received = next(&mut heard).await;
    let told = event(&received);
    assert_eq!(told["eventType"], "WORKFLOW_COMPLETED");
    assert_eq!(told["workflowId"], run["id"]);
    assert_eq!(told["workflowName"], run["name"]);
    assert_eq!(told["status"], "COMPLETED");

    let (head, signature) = received.signature.split_once("..").unwrap();
    let header = URL_SAFE_NO_PAD.decode(head).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["typ"], "JWT");
    let caller = caller.without("authorization");
    let path = format!("/auth/webhooks/key/{}", header["kid"].as_str().unwrap());
    let plain = caller.get(&format!("{path}?pem=false")).await;
    assert_eq!(plain.status, 200);
    let der = STANDARD.decode(&plain.text).unwrap();
    for path in [path.clone(), format!("{path}?pem=true")] {
        let pem = caller.get(&path).await;
        let content_type = pem.header("content-type").unwrap();
        assert!(content_type.starts_with("text/plain"), "{content_type}");
        let pem = pem::parse(&pem.text).unwrap();
        assert_eq!(pem.tag(), "PUBLIC KEY");
        assert_eq!(pem.contents(), der);
    }
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki_key(&der));
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signed = |body: &[u8]| format!("{head}.{}", URL_SAFE_NO_PAD.encode(body));
    key.verify(signed(&received.body).as_bytes(), &signature)
        .unwrap();
    let mut changed = received.body.to_vec();
    changed[0] ^= 1;
    assert!(key.verify(signed(&changed).as_bytes(), &signature).is_err());
    silent(&mut heard).await;
}

/// The `RSAPublicKey` in a `SubjectPublicKeyInfo` of RSA: what follows its fixed beginning.
fn spki_key(der: &[u8]) -> &[u8] {
    let algorithm = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    assert_eq!(&der[4..19], algorithm);
    &der[24..]
}

#[tokio::test]
async fn awaiting_failing_and_background_runs_are_told() {
    let (url, mut heard) = listen(&[204]).await;
    let (simulator, caller) = ready(None).await;
    simulator.set_webhook(Some(&url)).unwrap();
    let run = begin(&caller, Outcome::TwoStep).await;
    finish(&caller, &run).await;
    assert_eq!(
        event(&next(&mut heard).await)["eventType"],
        "WORKFLOW_AWAITING"
    );
    assert_eq!(
        event(&next(&mut heard).await)["eventType"],
        "WORKFLOW_COMPLETED"
    );
    let run = begin(&caller, Outcome::Failing).await;
    finish(&caller, &run).await;
    let told = event(&next(&mut heard).await);
    assert_eq!(
        (&told["eventType"], &told["status"]),
        (&json!("WORKFLOW_STATUS"), &json!("FAILED"))
    );
    let run = begin(&caller, Outcome::Background).await;
    let told = event(&next(&mut heard).await);
    assert_eq!(told["workflowId"], run["id"]);
    assert_eq!(told["eventType"], "WORKFLOW_COMPLETED");
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_five_times() {
    let (url, mut heard) = listen(&[500, 302, 200]).await;
    let (simulator, caller) = ready(Some(url)).await;
    begin(&caller, Outcome::Background).await;
    let first = next(&mut heard).await;
    for _ in 0..2 {
        let again = next(&mut heard).await;
        assert_eq!(again.body, first.body);
        assert_eq!(again.signature, first.signature);
    }
    silent(&mut heard).await;

    let (url, mut heard) = listen(&[503]).await;
    simulator.set_webhook(Some(&url)).unwrap();
    begin(&caller, Outcome::Background).await;
    for _ in 0..6 {
        next(&mut heard).await;
    }
    silent(&mut heard).await;
}

#[tokio::test]
async fn where_webhooks_go_to_is_set_by_who_may() {
    let (url, mut heard) = listen(&[200]).await;
    let (simulator, caller) = ready(None).await;
    let put = |caller: &Caller, url: Value| {
        let request = caller
            .http
            .request(Method::PUT, caller.url("/simulator/webhook"));
        request.body(json!({ "url": url }).to_string())
    };
    let answer = caller.read(put(&caller, json!(url))).await.gave(200);
    assert_eq!(answer, json!({ "url": url }));
    begin(&caller, Outcome::Background).await;
    next(&mut heard).await;
    let answer = caller.read(put(&caller, json!(null))).await.gave(200);
    assert_eq!(answer, json!({ "url": null }));
    begin(&caller, Outcome::Background).await;
    silent(&mut heard).await;
    let far = json!("http://192.0.2.1/");
    let message = caller.read(put(&caller, far)).await;
    let message = message.refused(400, "simulator.invalid_field");
    assert!(message.starts_with("`url` "), "{message}");
    assert!(simulator.set_webhook(Some("https://example.org/")).is_err());
    let refused = Simulator::start(Options {
        webhook_url: Some("http://example.org/".into()),
        ..Options::default()
    });
    assert!(refused.await.is_err());
    let caller = caller.without("authorization");
    let answer = caller.read(put(&caller, json!(null))).await;
    answer.refused(401, "simulator.unauthorized");
}

#[tokio::test]
async fn only_its_own_key_is_served() {
    let (_simulator, caller) = ready(None).await;
    let foreign = "/auth/webhooks/key/070725bf-7dac-4712-b61a-420ba3701263";
    caller
        .get(foreign)
        .await
        .refused(404, "simulator.key_not_found");
    let answer = caller.get(&format!("{foreign}?pem=maybe")).await;
    assert_eq!(
        answer.refused(400, "simulator.invalid_field"),
        "`pem` is not a boolean."
    );
    let answer = caller.get("/auth/webhooks/key/x").await;
    assert_eq!(
        answer.refused(400, "simulator.invalid_field"),
        "`keyId` is not a uuid."
    );
}
