//! What happens when the other side misbehaves.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use transactionlink::{Error, ErrorKind, ErrorPhase};

use super::{
    ACCESS_BODY, AUTHORIZE, TOKEN, TOKEN_BODY, issue,
    server::{Say, Server, client, key_secret, say},
};

async fn failing(answer: Say) -> (Error, Server) {
    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(TOKEN, [answer]);
    let error = issue(&server.key_secret()).await.unwrap_err();
    assert_eq!(server.count(TOKEN), 1, "a token request was sent again");
    (error, server)
}

#[tokio::test]
async fn surfaces_how_long_to_wait() {
    for (status, kind) in [(429, ErrorKind::RateLimited), (503, ErrorKind::Unavailable)] {
        let (error, _) = failing(say(status, "{}").header("retry-after", "7")).await;
        assert_eq!(error.kind, kind);
        assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
        assert!(!error.may_have_been_issued());
    }
}

#[tokio::test]
async fn maps_refusals() {
    let body = r#"{"fingerprint":"f-1","errors":[{"code":"c","message":"no such case"}]}"#;
    for (status, kind) in [
        (400, ErrorKind::InvalidRequest),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (415, ErrorKind::InvalidRequest),
        (500, ErrorKind::ServerError),
    ] {
        let (error, _) = failing(say(status, body)).await;
        assert_eq!((error.kind, error.http_status), (kind, Some(status)));
        assert_eq!(error.phase, ErrorPhase::Request);
        assert_eq!(error.fingerprint.as_deref(), Some("f-1"));
        assert_eq!(error.problems[0].message, "no such case");
        assert!(error.server_time.is_some());
    }
}

#[tokio::test]
async fn a_time_out_may_have_issued() {
    let (error, _) = failing(say(201, TOKEN_BODY).after(Duration::from_secs(5))).await;
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::TimedOut, ErrorPhase::Request)
    );
    assert!(error.may_have_been_issued());
}

#[tokio::test]
async fn a_gateway_does_not_know_whether_it_was_issued() {
    for (status, unknown) in [(502, true), (504, true), (500, false), (503, false)] {
        let (error, _) = failing(say(status, "")).await;
        assert_eq!(error.may_have_been_issued(), unknown, "{status}");
    }
}

#[tokio::test]
async fn a_time_out_of_authorising_has_not() {
    let server = Server::start().await;
    server.on(
        AUTHORIZE,
        [say(200, ACCESS_BODY).after(Duration::from_secs(5))],
    );
    let error = issue(&server.key_secret()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::TimedOut, ErrorPhase::Authorize)
    );
    assert!(!error.may_have_been_issued());
}

#[tokio::test]
async fn malformed_answers_may_have_issued() {
    for (body, detail) in [
        ("<html>", "The answer is not a JSON object."),
        ("", "The answer is not a JSON object."),
        (r#"{"expiryDuration":3600}"#, "The answer has no `token`."),
    ] {
        let (error, _) = failing(say(201, body)).await;
        assert_eq!(
            (error.kind, error.phase),
            (ErrorKind::MalformedAnswer, ErrorPhase::Answer)
        );
        assert_eq!(error.detail, detail);
        assert!(error.may_have_been_issued());
    }
}

#[tokio::test]
async fn an_oversize_answer_is_not_read() {
    let (error, _) = failing(say(201, "x".repeat(5000))).await;
    assert_eq!(error.kind, ErrorKind::AnswerTooLarge);
    assert!(error.may_have_been_issued());
}

#[tokio::test]
async fn no_redirect_is_followed_with_a_token_request() {
    let other = Server::start().await;
    for status in [301, 302, 303, 307, 308] {
        let (error, _) =
            failing(say(status, "").header("location", format!("{}/token", other.url))).await;
        assert_eq!(error.kind, ErrorKind::RedirectRefused);
        let (error, server) = failing(say(status, "").header("location", "/elsewhere")).await;
        assert_eq!(error.kind, ErrorKind::RedirectRefused);
        assert_eq!(server.lines(), [AUTHORIZE, TOKEN]);
    }
    assert!(other.lines().is_empty());
}

/// Serves raw bytes: the access token first, then `last` to the token request, then hangs up.
async fn raw(last: &'static str) -> (Error, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut tokens = 0;
        while let Ok(Ok((mut stream, _))) =
            tokio::time::timeout(Duration::from_secs(1), listener.accept()).await
        {
            let mut buffer = vec![0; 8192];
            let read = stream.read(&mut buffer).await.unwrap();
            if buffer[..read].starts_with(b"POST /auth") {
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{ACCESS_BODY}",
                    ACCESS_BODY.len()
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            } else {
                tokens += 1;
                stream.write_all(last.as_bytes()).await.unwrap();
            }
        }
        tokens
    });
    let error = issue(&client(&url, key_secret())).await.unwrap_err();
    (error, serving.await.unwrap())
}

#[tokio::test]
async fn a_dropped_connection_may_have_issued_and_is_not_repeated() {
    let (error, tokens) = raw("").await;
    assert_eq!((error.kind, tokens), (ErrorKind::ConnectionLost, 1));
    assert_eq!(error.phase, ErrorPhase::Request);
    assert!(error.may_have_been_issued());

    let (error, tokens) = raw("HTTP/1.1 201 Created\r\nContent-Length: 60\r\n\r\n{\"tok").await;
    assert_eq!((error.kind, tokens), (ErrorKind::ConnectionLost, 1));
    assert_eq!(error.phase, ErrorPhase::Answer);
    assert!(error.may_have_been_issued());

    // An unannounced length is bounded as well.
    const ENDLESS: &str = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n";
    let (error, _) = raw(ENDLESS).await;
    assert_eq!(error.kind, ErrorKind::ConnectionLost);
}

#[tokio::test]
async fn nobody_listening() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = issue(&client(&url, key_secret())).await.unwrap_err();
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::ConnectFailed, ErrorPhase::Connect)
    );
    assert!(!error.may_have_been_issued());
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let body = r#"{"fingerprint":"f","errors":[{"code":"c","message":"refused"}]}"#;
    let (error, server) = failing(say(400, body)).await;
    let mut shown = format!("{error:?} {error} {:?}", server.key_secret());
    let authorize = Server::start().await;
    authorize.on(AUTHORIZE, [say(400, body)]);
    let error = authorize.key_secret().authorize().await.unwrap_err();
    shown += &format!(
        "{error:?} {:?} {:?}",
        authorize.organization(),
        key_secret()
    );
    assert!(!shown.contains("hidden-value"), "{shown}");
    let (error, _) = failing(say(400, body)).await;
    assert!(!format!("{error:?}").contains("access-1"));

    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(TOKEN, [say(201, TOKEN_BODY)]);
    let issued = issue(&server.key_secret()).await.unwrap();
    assert!(!format!("{issued:?}").contains("widget"));
}

#[tokio::test]
async fn reading_follows_no_redirect_to_another_host() {
    let id = "11111111-2222-3333-4444-555555555555";
    let (server, other) = (Server::start().await, Server::start().await);
    let away = format!("{}/x", other.url);
    server.on(
        &format!("GET /workflows/{id}"),
        [say(302, "").header("location", away)],
    );
    let client = server.organization();
    let probe = client.probe_workflow(id.parse().unwrap());
    assert_eq!(probe.await.unwrap_err().kind, ErrorKind::RedirectRefused);
    assert!(other.lines().is_empty());
}

#[tokio::test]
async fn who_waited_for_a_failed_authorisation_shares_the_failure() {
    let server = Server::start().await;
    server.on(
        AUTHORIZE,
        [say(401, "{}").after(Duration::from_millis(200))],
    );
    let client = server.key_secret();
    let calls = (0..5).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { issue(&client).await.unwrap_err().kind })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), ErrorKind::WrongCredentials);
    }
    assert_eq!(server.count(AUTHORIZE), 1, "a wrong key is tried once");
}
