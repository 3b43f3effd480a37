//! The widget's side: one use of a token, foreign pages, the script and the hosted page.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokendesk_simulator::{Options, Outcome, Simulator, scenarios};

use crate::call::{Answer, Caller, start};

const EXCHANGE: &str = "/simulator/widget/exchange";
const FINISH: &str = "/simulator/widget/finish";

async fn ready() -> (Simulator, Caller) {
    let (simulator, caller) = start(Options::default()).await;
    (simulator, caller.with_organization_token().v2())
}

async fn token(caller: &Caller, outcome: Outcome) -> String {
    let scenario = scenarios().iter().find(|s| s.outcome == outcome).unwrap();
    let answer = caller.token_for(scenario.workflow_definition_id).await;
    answer.field("token")
}

async fn finish(caller: &Caller, session: &str) -> Answer {
    let body = json!({ "session": session }).to_string();
    caller.post(FINISH, &body).await
}

#[tokio::test]
async fn a_token_opens_the_widget_once_and_the_session_finishes_once() {
    let (_simulator, caller) = ready().await;
    let token = token(&caller, Outcome::Success).await;
    // The page of the widget has no credential.
    let caller = caller.without("authorization");
    let answer = caller.exchange(&token).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.field("workflow"), scenarios()[0].name);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let session = answer.field("session");
    let second = caller.exchange(&token).await;
    second.refused(409, "simulator.token_used");
    assert!(!second.text.contains(&token));

    let finished = finish(&caller, &session).await;
    assert_eq!(finished.field("status"), "COMPLETED");
    let again = finish(&caller, &session).await;
    again.refused(401, "simulator.unknown_session");
}

#[tokio::test]
async fn of_many_at_once_one_gets_in() {
    let (_simulator, caller) = ready().await;
    let token = token(&caller, Outcome::Success).await;
    let tries = tokio::join!(
        caller.exchange(&token),
        caller.exchange(&token),
        caller.exchange(&token),
        caller.exchange(&token),
    );
    let tries = [tries.0, tries.1, tries.2, tries.3];
    let let_in = tries.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn a_token_that_was_never_given_out_is_refused() {
    let (_simulator, caller) = ready().await;
    caller
        .exchange("a.b.c")
        .await
        .refused(401, "simulator.token_unknown");
    let (_other, stranger) = ready().await;
    let foreign = token(&stranger, Outcome::Success).await;
    let own = token(&caller, Outcome::Success).await;
    let answer = caller.exchange(&foreign).await;
    answer.refused(401, "simulator.token_unknown");
    let (start, signature) = own.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{start}.{other}{}", &signature[1..]);
    let answer = caller.exchange(&changed).await;
    answer.refused(401, "simulator.token_unknown");
    for body in [r#"{"token":7}"#, "{}"] {
        let answer = caller.post(EXCHANGE, body).await;
        answer.refused(400, "simulator.invalid_field");
    }
}

#[tokio::test]
async fn a_token_expires_by_the_real_clock() {
    let (_simulator, caller) = ready().await;
    let token = token(&caller, Outcome::ShortLived(5)).await;
    tokio::time::sleep(Duration::from_millis(5100)).await;
    let answer = caller.exchange(&token).await;
    answer.refused(410, "simulator.token_expired");
}

#[tokio::test]
async fn the_language_of_the_token_reaches_the_widget() {
    let (_simulator, caller) = ready().await;
    let workflow = scenarios()[0].workflow_definition_id;
    let body = json!({ "workflowDefinitionId": workflow, "lang": "pl" });
    let token = caller
        .post("/token", &body.to_string())
        .await
        .field("token");
    assert_eq!(caller.exchange(&token).await.field("lang"), "pl");
}

#[tokio::test]
async fn pages_of_loopback_origins_may_call_and_no_others() {
    let (_simulator, mut caller) = ready().await;
    let allowed = "access-control-allow-origin";
    for (origin, near) in [
        ("http://localhost:43127", true),
        ("http://127.0.0.1:8100", true),
        ("null", true),
        ("http://localhost.example.org", false),
        ("https://example.org", false),
    ] {
        caller = caller.with("origin", origin);
        let expected = near.then_some(origin);
        for path in [EXCHANGE, FINISH] {
            let preflight = caller.http.request(Method::OPTIONS, caller.url(path));
            let answer = caller.read(preflight).await;
            assert_eq!(answer.status, 204);
            assert_eq!(answer.header(allowed), expected, "{origin}");
            assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
            let headers = answer.header("access-control-allow-headers");
            assert_eq!(headers, Some("content-type"));
            // A refusal has to be readable too.
            let answer = caller.post(path, "{}").await;
            assert_eq!(answer.status, 400);
            assert_eq!(answer.header(allowed), expected, "{origin}");
            assert_eq!(answer.header("vary"), Some("origin"));
        }
    }
    // A page that does not ask first can only send what is no JSON.
    let caller = caller.with("content-type", "text/plain");
    let answer = caller.exchange("any").await;
    answer.refused(415, "simulator.wrong_content_type");
}

#[tokio::test]
async fn the_script_is_one_and_whole() {
    let (_simulator, caller) = ready().await;
    let answer = caller.get("/transactionlink-widget.umd.js?v=18f").await;
    assert_eq!(answer.status, 200);
    let content_type = answer.header("content-type").unwrap();
    assert!(
        content_type.starts_with("text/javascript"),
        "{content_type}"
    );
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    for part in [
        "transactionlink-widget",
        "transactionlink_ready",
        "setOptions",
        "setContext",
        "unmountWidget",
        EXCHANGE,
        FINISH,
    ] {
        assert!(answer.text.contains(part), "{part}");
    }
    // What the policy of the preview's host page forbids.
    for forbidden in ["eval(", "new Function", "innerHTML", "document.write"] {
        assert!(!answer.text.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn the_hosted_page_keeps_and_tells_nothing() {
    let (_simulator, caller) = ready().await;
    let token = token(&caller, Outcome::Success).await;
    let answer = caller.get(&format!("/?token={token}")).await;
    assert_eq!(answer.status, 200);
    assert!(
        !answer.text.contains(&token),
        "the token stays in the address"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'self' http://localhost:*"));
    assert_eq!(answer.header("x-frame-options"), None);
    for path in ["/simulator/hosted.js", "/simulator/hosted.css"] {
        assert!(answer.text.contains(path), "{path}");
        assert_eq!(caller.get(path).await.status, 200);
    }
    // Looking at the page uses nothing up; the widget's exchange does.
    assert_eq!(caller.exchange(&token).await.status, 201);
}
