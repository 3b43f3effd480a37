//! Authorising, refreshing and being let in.

use std::time::Duration;

use serde_json::json;
use tokendesk_simulator::{Options, scenarios};

use crate::call::start;

fn good() -> &'static str {
    scenarios()[0].workflow_definition_id
}

#[tokio::test]
async fn key_and_secret_give_an_access_token_that_is_let_in() {
    let (_simulator, caller) = start(Options::default()).await;
    let accounts = caller.accounts.clone();
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let json = answer.json();
    assert_eq!(json.as_object().unwrap().len(), 4, "{json}");
    assert_eq!(json["expiryDuration"], 3600);
    assert_eq!(json["tokenType"], "Bearer");
    assert_eq!(answer.field("refreshToken").split('.').count(), 3);
    let bearer = format!("Bearer {}", answer.field("accessToken"));
    let caller = caller.v2().with("authorization", &bearer);
    assert_eq!(caller.token_for(good()).await.status, 201);
}

#[tokio::test]
async fn the_vendors_example_server_is_let_in() {
    let (_simulator, caller) = start(Options::default()).await;
    let accounts = caller.accounts.clone();
    // As its Node example sends it.
    let caller = caller.v2();
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    assert!(!answer.field("accessToken").is_empty());
    let caller = caller.with("content-type", "application/json;version=2");
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn wrong_credentials_are_refused_by_the_chosen_status() {
    for (newer, status) in [(false, 401), (true, 400)] {
        let (_simulator, caller) = start(Options {
            wrong_credentials_are_bad_requests: newer,
            ..Options::default()
        })
        .await;
        let accounts = caller.accounts.clone();
        for (key, secret) in [
            (accounts.key.as_str(), "wrong"),
            ("wrong", accounts.secret.as_str()),
            (accounts.secret.as_str(), accounts.key.as_str()),
        ] {
            let answer = caller.authorize(key, secret).await;
            answer.refused(status, "simulator.wrong_credentials");
            for secret in [&accounts.key, &accounts.secret] {
                assert!(!answer.text.contains(secret), "it repeats no credential");
            }
        }
    }
}

#[tokio::test]
async fn a_faulty_authorize_request_is_told_apart() {
    let (_simulator, caller) = start(Options::default()).await;
    let message = caller
        .post("/auth/authorize", r#"{"key":"k"}"#)
        .await
        .refused(400, "simulator.invalid_field");
    assert!(message.contains("`secret`"), "{message}");
    for body in ["", "[]", "{", "\"key\""] {
        let answer = caller.post("/auth/authorize", body).await;
        answer.refused(400, "simulator.invalid_json");
    }
    let accounts = caller.accounts.clone();
    let caller = caller.with("content-type", "text/plain");
    for path in ["/auth/authorize", "/auth/refresh"] {
        let answer = caller.post(path, "{}").await;
        answer.refused(415, "simulator.wrong_content_type");
    }
    let caller = caller.without("content-type");
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    answer.refused(415, "simulator.wrong_content_type");
}

#[tokio::test]
async fn an_access_token_expires_and_a_refresh_token_gives_another() {
    let (_simulator, caller) = start(Options {
        access_token_seconds: 1,
        ..Options::default()
    })
    .await;
    let accounts = caller.accounts.clone();
    let first = caller.authorize(&accounts.key, &accounts.secret).await;
    assert_eq!(first.json()["expiryDuration"], 1);
    let bearer = format!("Bearer {}", first.field("accessToken"));
    let caller = caller.v2().with("authorization", &bearer);
    assert_eq!(caller.token_for(good()).await.status, 201);

    tokio::time::sleep(Duration::from_millis(1050)).await;
    let answer = caller.token_for(good()).await;
    answer.refused(401, "simulator.unauthorized");

    let body = json!({ "refreshToken": first.field("refreshToken") }).to_string();
    let second = caller.post("/auth/refresh", &body).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.field("accessToken"), first.field("accessToken"));
    let bearer = format!("Bearer {}", second.field("accessToken"));
    let caller = caller.with("authorization", &bearer);
    assert_eq!(caller.token_for(good()).await.status, 201);

    let again = caller.post("/auth/refresh", &body).await;
    again.refused(401, "simulator.wrong_refresh_token");
}

#[tokio::test]
async fn only_good_credentials_are_let_in_and_only_in_their_form() {
    let (_simulator, caller) = start(Options::default()).await;
    let mut caller = caller.v2();
    let accounts = caller.accounts.clone();
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    let access = answer.field("accessToken");
    let refresh = answer.field("refreshToken");
    caller
        .token_for(good())
        .await
        .refused(401, "simulator.unauthorized");
    let organization = &accounts.organization_token;
    for (value, let_in) in [
        (organization.clone(), true),
        (format!("Bearer {access}"), true),
        (format!("bearer {access}"), true),
        (format!("Bearer {organization}"), false),
        (access, false),
        (format!("Bearer {refresh}"), false),
        ("tot_wrong".to_owned(), false),
        ("Bearer ".to_owned(), false),
        (String::new(), false),
    ] {
        caller = caller.with("authorization", &value);
        let status = caller.token_for(good()).await.status.as_u16();
        assert_eq!(status, if let_in { 201 } else { 401 }, "{value}");
    }
}

#[tokio::test]
async fn lenient_takes_what_integrators_send() {
    let (_simulator, caller) = start(Options {
        lenient: true,
        ..Options::default()
    })
    .await;
    let accounts = caller.accounts.clone();
    let bearer = format!("Bearer {}", accounts.organization_token);
    let caller = caller.v2().with("authorization", &bearer);
    assert_eq!(caller.token_for(good()).await.status, 201);
    let caller = caller.without("content-type");
    let answer = caller.authorize(&accounts.key, &accounts.secret).await;
    assert_eq!(answer.status, 200);
}
