//! Reading: what a GET may do that a POST may not, and the ids in its path.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use transactionlink::{ErrorKind, ErrorPhase};

use super::{
    ACCESS_BODY, AUTHORIZE,
    server::{Server, client, key_secret, say},
};

const ODD: &str = r#"{"partyId":"p","output":[1.50,{"b":null,"a":12345678901234567890123}]}"#;
const STATE: &str = r#"{"id":"r","recordId":"s-1","status":"COMPLETED"}"#;

#[tokio::test]
async fn a_run_is_followed() {
    let server = Server::start().await;
    server
        .on("GET /workflows/r", [say(200, STATE)])
        .on("GET /workflows/q", [say(200, r#"{"id":"q"}"#)]);
    let client = server.organization();
    let state = client.run_state("r").await.unwrap();
    assert_eq!(
        (state.id.as_str(), state.status.as_deref()),
        ("r", Some("COMPLETED"))
    );
    assert_eq!(state.subject.as_deref(), Some("s-1"));
    assert!(state.server_time.is_some());
    assert!(!format!("{state:?}").contains("s-1"));
    assert_eq!(client.run_state("q").await.unwrap().status, None);
    let seen = &server.seen()[0];
    assert_eq!(seen.header("accept"), "application/json");
    assert_eq!(seen.header("content-type"), "");
    assert!(seen.bytes.is_empty());
}

#[tokio::test]
async fn a_result_is_any_json_within_its_own_bound() {
    let server = Server::start().await;
    let long = format!("[\"{}\"]", "x".repeat(8000));
    let longer = format!("[\"{}\"]", "x".repeat(8200));
    for (id, body) in [
        ("a", ODD),
        ("b", "null"),
        ("c", long.as_str()),
        ("d", longer.as_str()),
        ("e", ""),
        ("f", "{"),
    ] {
        server.on(&format!("GET /workflows/{id}/result"), [say(200, body)]);
        server.on(&format!("GET /workflows/{id}"), [say(200, body)]);
    }
    let client = server.organization();
    let result = client.run_result("a").await.unwrap();
    assert_eq!(result.get(), ODD, "numbers and order are the vendor's");
    assert_eq!(client.run_result("b").await.unwrap().get(), "null");
    assert_eq!(client.run_result("c").await.unwrap().get(), long);
    for (id, kind) in [
        ("d", ErrorKind::AnswerTooLarge),
        ("e", ErrorKind::MalformedAnswer),
        ("f", ErrorKind::MalformedAnswer),
        ("g", ErrorKind::NotFound),
    ] {
        let error = client.run_result(id).await.unwrap_err();
        assert_eq!((error.kind, error.phase), (kind, ErrorPhase::Reading));
        assert!(!error.may_have_been_issued());
    }
    let error = client.run_state("c").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::AnswerTooLarge);
}

#[tokio::test]
async fn an_id_stays_one_segment_of_the_path() {
    let server = Server::start().await;
    let client = server.organization();
    let odd = "../a/..%2f?x=1#y \\";
    let encoded = "..%2Fa%2F..%252f%3Fx%3D1%23y%20%5C";
    let _ = client.run_state(odd).await;
    let _ = client.run_result(odd).await;
    let _ = client.case(odd).await;
    let _ = client.record(odd, odd).await;
    let _ = client
        .create_record(odd, &super::workflows::raw("{}"))
        .await;
    let _ = client.attachments(odd, odd).await;
    let _ = client
        .download_attachment(odd, odd, odd, &mut Vec::new(), &|_, _| {})
        .await;
    let record = format!("/tables/{encoded}/records/{encoded}");
    assert_eq!(
        server.lines(),
        [
            format!("GET /workflows/{encoded}"),
            format!("GET /workflows/{encoded}/result"),
            format!("GET /cases/{encoded}"),
            format!("GET {record}"),
            format!("POST /tables/{encoded}/records"),
            format!("GET {record}/attachments"),
            format!("GET {record}/attachments/{encoded}"),
        ]
    );
}

#[tokio::test]
async fn an_id_that_no_path_can_hold_is_not_sent() {
    let server = Server::start().await;
    let client = server.key_secret();
    for id in ["", ".", ".."] {
        let errors = [
            client.run_state(id).await.map(|_| ()),
            client.run_result(id).await.map(|_| ()),
            client.case(id).await.map(|_| ()),
            client.record("t", id).await.map(|_| ()),
            client.attachments(id, "r").await.map(|_| ()),
        ];
        for error in errors {
            let error = error.unwrap_err();
            assert_eq!(error.kind, ErrorKind::InvalidRequest);
            assert!(!error.may_have_been_issued());
        }
    }
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn a_refused_access_token_is_renewed_once() {
    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on("GET /workflows/r", [say(401, "{}"), say(200, STATE)]);
    server.key_secret().run_state("r").await.unwrap();
    assert_eq!(
        server.lines(),
        [AUTHORIZE, "GET /workflows/r", AUTHORIZE, "GET /workflows/r"]
    );
    let server = Server::start().await;
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on("GET /workflows/r", [say(401, "{}")]);
    let error = server.key_secret().run_state("r").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(server.count("GET /workflows/r"), 2);
    assert_eq!(server.count(AUTHORIZE), 2);
}

#[tokio::test]
async fn a_time_out_of_reading_has_done_nothing() {
    let server = Server::start().await;
    let late = say(200, STATE).after(Duration::from_secs(5));
    server.on("GET /workflows/r", [late]);
    let error = server.organization().run_state("r").await.unwrap_err();
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::TimedOut, ErrorPhase::Reading)
    );
    assert!(!error.may_have_been_issued());
    assert_eq!(server.lines().len(), 1, "a time-out is not tried again");
}

/// Hangs up on so many requests, answers the next one, and counts them all.
async fn flaky(drops: usize) -> (String, JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut requests = 0;
        while let Ok(Ok((mut stream, _))) =
            tokio::time::timeout(Duration::from_secs(1), listener.accept()).await
        {
            let mut buffer = vec![0; 8192];
            let read = stream.read(&mut buffer).await.unwrap();
            let body = if buffer[..read].starts_with(b"POST /auth") {
                ACCESS_BODY
            } else {
                requests += 1;
                if requests <= drops {
                    continue;
                }
                STATE
            };
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        requests
    });
    (url, serving)
}

#[tokio::test]
async fn reading_is_tried_once_more_where_the_connection_is_lost() {
    let (url, serving) = flaky(1).await;
    let state = client(&url, key_secret()).run_state("r").await.unwrap();
    assert_eq!(state.status.as_deref(), Some("COMPLETED"));
    assert_eq!(serving.await.unwrap(), 2);

    let (url, serving) = flaky(9).await;
    let error = client(&url, key_secret()).run_state("r").await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::ConnectionLost, ErrorPhase::Reading)
    );
    assert!(!error.may_have_been_issued());
    assert_eq!(serving.await.unwrap(), 2);
}

#[tokio::test]
async fn writing_is_not_tried_again_where_the_connection_is_lost() {
    super::calls::each(|call| async move {
        let (url, serving) = flaky(9).await;
        let error = super::calls::post(&client(&url, key_secret()), call).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ConnectionLost, "{call}");
        assert!(error.may_have_been_issued(), "{call}");
        assert_eq!(serving.await.unwrap(), 1, "{call}");
    })
    .await;
}
