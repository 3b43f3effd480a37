//! The client against a real server on loopback.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test fail as the test does"
)]

mod calls;
mod coded;
mod faults;
mod files;
mod idle;
mod reading;
mod refusals;
mod server;
mod subjects;
#[cfg(target_os = "linux")]
mod tls;
mod workflows;

use std::{sync::Mutex, time::Duration};

use secrecy_text::text;
use server::{Server, say};
use transactionlink::{
    Client, Credential, ErrorKind, ErrorPhase, Issued, Phase, Probe, TokenRequestV1, TokenRequestV2,
};

/// Reads a secret in a test.
mod secrecy_text {
    use secrecy::{ExposeSecret, SecretString};

    pub fn text(secret: &SecretString) -> &str {
        secret.expose_secret()
    }
}

pub(crate) const AUTHORIZE: &str = "POST /auth/authorize";
pub(crate) const REFRESH: &str = "POST /auth/refresh";
pub(crate) const TOKEN: &str = "POST /token";
pub(crate) const ACCESS_BODY: &str = r#"{"accessToken":"access-1","refreshToken":"refresh-1","expiryDuration":3600,"tokenType":"Bearer"}"#;
pub(crate) const TOKEN_BODY: &str =
    r#"{"token":"widget","expiryDuration":3600,"tokenType":"Bearer"}"#;

pub(crate) fn v1() -> TokenRequestV1 {
    TokenRequestV1 {
        case_id: "11111111-2222-3333-4444-555555555555".parse().unwrap(),
        workflow_definition_id: "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c".to_owned(),
        parameters_id: Some("4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302".to_owned()),
        lang: None,
    }
}

pub(crate) async fn issue(client: &Client) -> Result<Issued, transactionlink::Error> {
    client.token_v1(&v1(), &|_| {}).await
}

fn access(value: &str, seconds: u64) -> String {
    format!(
        r#"{{"accessToken":"{value}","refreshToken":"refresh-{value}","expiryDuration":{seconds}}}"#
    )
}

#[tokio::test]
async fn sends_the_previewed_bytes() {
    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(TOKEN, [say(201, TOKEN_BODY)]);
    let client = server.key_secret();
    let phases = Mutex::new(Vec::new());
    let issued = client
        .token_v1(&v1(), &|phase| phases.lock().unwrap().push(phase))
        .await
        .unwrap();
    assert_eq!(text(&issued.token), "widget");
    assert_eq!(issued.expiry_duration, Some(Duration::from_secs(3600)));
    assert_eq!(issued.http_status, 201);
    assert!(issued.server_time.is_some());
    assert!(issued.timings.authorised.is_some() && !issued.timings.from_cache);

    let seen = server.seen();
    assert_eq!(
        seen[0].body,
        r#"{"key":"key-hidden-value","secret":"secret-hidden-value"}"#
    );
    assert_eq!(seen[0].header("authorization"), "");
    assert_eq!(seen[1].body, v1().preview().body);
    assert_eq!(seen[1].header("content-length"), "165");
    assert_eq!(seen[1].header("accept"), "application/json");
    assert_eq!(seen[1].header("content-type"), "application/json");
    assert_eq!(seen[1].header("authorization"), "Bearer access-1");
    let phases = phases.into_inner().unwrap();
    assert!(matches!(
        phases[..],
        [
            Phase::Authorizing,
            Phase::Authorized {
                from_cache: false,
                ..
            },
            Phase::Sending
        ]
    ));

    let again = issue(&client).await.unwrap();
    assert!(again.timings.from_cache && again.timings.authorised.is_none());
    assert_eq!(server.count(AUTHORIZE), 1);
}

#[tokio::test]
async fn organization_token_goes_bare_and_v2_asks_for_version_2() {
    let server = Server::start().await;
    server.on(TOKEN, [say(200, TOKEN_BODY)]);
    let request = TokenRequestV2 {
        record_id: None,
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
        lang: Some("en".to_owned()),
    };
    let issued = server.organization().token_v2(&request, &|_| {}).await;
    assert!(issued.unwrap().timings.authorised.is_none());
    let seen = &server.seen()[0];
    assert_eq!(seen.header("authorization"), "tot_hidden-value");
    assert_eq!(seen.header("accept"), "application/json;version=2");
    assert_eq!(seen.body, r#"{"workflowDefinitionId":"w","lang":"en"}"#);
}

#[tokio::test]
async fn twenty_callers_authorise_once() {
    let server = Server::start().await;
    server
        .on(
            AUTHORIZE,
            [say(200, ACCESS_BODY).after(Duration::from_millis(100))],
        )
        .on(TOKEN, [say(201, TOKEN_BODY)]);
    let client = server.key_secret();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { issue(&client).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.count(AUTHORIZE), 1);
    assert_eq!(server.count(TOKEN), 20);
}

#[tokio::test]
async fn replaces_a_refused_access_token_once() {
    let server = Server::start().await;
    server
        .on(
            AUTHORIZE,
            [say(200, access("a", 3600)), say(200, access("b", 3600))],
        )
        .on(TOKEN, [say(401, "{}"), say(201, TOKEN_BODY)]);
    issue(&server.key_secret()).await.unwrap();
    assert_eq!(server.lines(), [AUTHORIZE, TOKEN, AUTHORIZE, TOKEN]);
    assert_eq!(server.seen()[3].header("authorization"), "Bearer b");

    let stubborn = Server::start().await;
    stubborn
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(TOKEN, [say(401, "{}")]);
    let error = issue(&stubborn.key_secret()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert!(!error.may_have_been_issued());
    assert_eq!(stubborn.lines(), [AUTHORIZE, TOKEN, AUTHORIZE, TOKEN]);
}

#[tokio::test]
async fn organization_token_is_not_retried_on_401() {
    let server = Server::start().await;
    server.on(TOKEN, [say(401, "{}")]);
    let error = issue(&server.organization()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(server.lines(), [TOKEN]);
}

#[tokio::test]
async fn testing_a_connection_always_authorises() {
    let server = Server::start().await;
    server.on(AUTHORIZE, [say(200, ACCESS_BODY)]);
    let client = server.key_secret();
    client.authorize().await.unwrap();
    let done = client.authorize().await.unwrap();
    assert_eq!(done.expires_in, Duration::from_secs(3600));
    assert_eq!(server.count(AUTHORIZE), 2);
    for status in [400, 401] {
        let server = Server::start().await;
        server.on(AUTHORIZE, [say(status, "{}")]);
        let error = server.key_secret().authorize().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::WrongCredentials);
        assert_eq!(error.phase, ErrorPhase::Authorize);
    }
    let error = server.organization().authorize().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn probes_an_organization_token() {
    let id = "11111111-2222-3333-4444-555555555555";
    let line = format!("GET /workflows/{id}");
    let refusal = r#"{"fingerprint":"f-1","errors":[{"code":"c","message":"m"}]}"#;
    for (status, accepted) in [(200, true), (403, true), (404, true), (401, false)] {
        let server = Server::start().await;
        server.on(&line, [say(status, refusal)]);
        let probe = server
            .organization()
            .probe_workflow(id.parse().unwrap())
            .await;
        assert_eq!(matches!(probe.unwrap(), Probe::Accepted { .. }), accepted);
        assert_eq!(server.seen()[0].header("authorization"), "tot_hidden-value");
    }
    // Any web server answers 404 to an address it does not know.
    for (status, body, kind) in [
        (500, "", ErrorKind::ServerError),
        (404, "<html>", ErrorKind::NotTheApi),
        (403, "{}", ErrorKind::NotTheApi),
        (401, "<html>", ErrorKind::NotTheApi),
        (200, "<html>", ErrorKind::MalformedAnswer),
    ] {
        let server = Server::start().await;
        server.on(&line, [say(status, body)]);
        let error = server
            .organization()
            .probe_workflow(id.parse().unwrap())
            .await;
        assert_eq!(error.unwrap_err().kind, kind);
    }
}

/// Lets an access token of one second come near its end.
async fn age() {
    tokio::time::sleep(Duration::from_millis(1100)).await;
}

#[tokio::test]
async fn refreshes_an_ending_token() {
    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, access("a", 1))])
        .on(REFRESH, [say(200, access("r", 3600))])
        .on(TOKEN, [say(201, TOKEN_BODY)]);
    let client = server.key_secret();
    issue(&client).await.unwrap();
    age().await;
    issue(&client).await.unwrap();
    assert_eq!(server.lines(), [AUTHORIZE, TOKEN, REFRESH, TOKEN]);
    assert_eq!(server.seen()[2].body, r#"{"refreshToken":"refresh-a"}"#);
    assert_eq!(server.seen()[3].header("authorization"), "Bearer r");
}

#[tokio::test]
async fn authorises_where_refreshing_fails() {
    let answers = [400, 401, 403, 404, 429, 500, 503].map(|status| say(status, "{}"));
    let more = [
        say(302, "").header("location", "/elsewhere"),
        say(200, "<html>"),
        say(200, ACCESS_BODY).after(Duration::from_secs(5)),
    ];
    for answer in answers.into_iter().chain(more) {
        let server = Server::start().await;
        server
            .on(AUTHORIZE, [say(200, access("a", 1))])
            .on(REFRESH, [answer])
            .on(TOKEN, [say(201, TOKEN_BODY)]);
        let client = server.key_secret();
        issue(&client).await.unwrap();
        age().await;
        issue(&client).await.unwrap();
        assert_eq!(
            server.lines(),
            [AUTHORIZE, TOKEN, REFRESH, AUTHORIZE, TOKEN]
        );
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_not_sent() {
    let server = Server::start().await;
    let token = Credential::OrganizationToken("tot_a\nb".into());
    let error = issue(&server::client(&server.url, token))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::WrongCredentials);
    assert!(!format!("{error:?}").contains("tot_a"));
    assert!(server.lines().is_empty());
}
