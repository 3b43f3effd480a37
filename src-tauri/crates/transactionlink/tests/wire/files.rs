//! Resources and attachments.

use std::{
    io,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
    time::Duration,
};

use serde_json::json;
use tokio::io::AsyncWrite;
use transactionlink::{Client, Error, ErrorKind, ErrorPhase, Upload};

use super::{
    ACCESS_BODY, AUTHORIZE,
    calls::file,
    server::{Say, Seen, Server, say},
};

const ONE: &str = "GET /tables/t/records/r/attachments/a";

/// The parts of a form: heads and contents.
fn parts(seen: &Seen) -> Vec<(String, Vec<u8>)> {
    let boundary = seen
        .header("content-type")
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let text = &seen.bytes;
    assert_eq!(seen.header("content-length"), text.len().to_string());
    let (mut parts, mut rest) = (Vec::new(), &text[..]);
    let find = |in_: &[u8], what: &[u8]| in_.windows(what.len()).position(|w| w == what);
    let mark = format!("--{boundary}");
    loop {
        rest = rest.strip_prefix(mark.as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return parts;
        }
        rest = rest.strip_prefix(b"\r\n").unwrap();
        let head = find(rest, b"\r\n\r\n").unwrap();
        let end = find(rest, format!("\r\n{mark}").as_bytes()).unwrap();
        parts.push((
            String::from_utf8(rest[..head].to_vec()).unwrap(),
            rest[head + 4..end].to_vec(),
        ));
        rest = &rest[end + 2..];
    }
}

#[tokio::test]
async fn a_resource_is_a_form_with_a_file() {
    let server = Server::start().await;
    let body = r#"{"resourceId":"i","resourceName":"a.pdf","resourcePath":"resources/x/i/a.pdf"}"#;
    server.on("POST /resources", [say(201, body)]);
    let resource = server.organization().create_resource(file()).await.unwrap();
    assert_eq!(
        (resource.id.as_str(), resource.name.as_str()),
        ("i", "a.pdf")
    );
    assert_eq!(resource.path, "resources/x/i/a.pdf");
    let seen = &server.seen()[0];
    assert_eq!(seen.header("accept"), "application/json");
    assert_eq!(
        parts(seen),
        [(
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\
             Content-Type: application/pdf"
                .to_owned(),
            file().bytes
        )]
    );
    assert!(!format!("{:?} {resource:?}", file()).contains("a.pdf"));
}

#[tokio::test]
async fn an_attachment_carries_tags_and_any_bytes() {
    let server = Server::start().await;
    let line = "POST /tables/t/records/r/attachments";
    let body = json!({"id": "a", "recordId": "r", "name": "ü \"q\".bin", "type": "x/y", "size": 256,
        "createdDateTime": "2025-06-21T10:00:00Z", "tags": ["one"]});
    server.on(line, [say(201, body.to_string())]);
    let upload = Upload {
        name: "ü \"q\".bin".to_owned(),
        content_type: None,
        bytes: (0..=255).collect(),
    };
    let tags = ["one".to_owned(), "zwei ü".to_owned()];
    let made = server
        .organization()
        .attach("t", "r", upload.clone(), &tags)
        .await
        .unwrap();
    assert_eq!((made.id.as_str(), made.size), ("a", Some(256)));
    assert_eq!(made.tags, ["one"]);
    let parts = parts(&server.seen()[0]);
    assert_eq!(
        parts[0].0,
        r#"Content-Disposition: form-data; name="file"; filename="ü \"q\".bin""#
    );
    assert_eq!(parts[0].1, upload.bytes);
    for (part, tag) in parts[1..].iter().zip(&tags) {
        assert_eq!(part.0, r#"Content-Disposition: form-data; name="tags""#);
        assert_eq!(part.1, tag.as_bytes());
    }
    assert_eq!(parts.len(), 3);
}

#[tokio::test]
async fn a_file_that_no_form_can_carry_is_not_sent() {
    let server = Server::start().await;
    let client = server.organization();
    for (name, content_type) in [
        ("", None),
        ("a\r\nX: y", None),
        ("a", Some("nonsense")),
        ("a", Some("a/b\r\nX: y")),
    ] {
        let upload = Upload {
            name: name.to_owned(),
            content_type: content_type.map(str::to_owned),
            bytes: Vec::new(),
        };
        let error = client.create_resource(upload).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest, "{name}");
        assert!(!error.may_have_been_issued());
    }
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn an_upload_may_take_longer_than_another_call() {
    let server = Server::start().await;
    let body = r#"{"resourceId":"i","resourceName":"n","resourcePath":"p"}"#;
    let late = say(201, body).after(Duration::from_millis(2700));
    server.on("POST /resources", [late]);
    server.organization().create_resource(file()).await.unwrap();
}

#[tokio::test]
async fn attachments_are_listed() {
    let server = Server::start().await;
    server.on(
        "GET /tables/t/records/r/attachments",
        [say(200, r#"[{"id":"a","name":"n"},{"id":"b"}]"#)],
    );
    let client = server.organization();
    let all = client.attachments("t", "r").await.unwrap();
    let ids: Vec<_> = all.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let error = client.attachments("t", "s").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

/// Fetches the attachment that this address is answered for.
async fn fetch(client: &Client) -> (Result<u64, Error>, Vec<u8>) {
    let mut to = Vec::new();
    let done = client
        .download_attachment("t", "r", "a", &mut to, &|_, _| {})
        .await;
    (done, to)
}

async fn linked(link: &str) -> Server {
    let server = Server::start().await;
    let body = json!({ "link": link }).to_string();
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(ONE, [say(200, body)]);
    server
}

async fn stored(file: Say) -> (Server, Server) {
    let store = Server::start().await;
    store.on("GET /bucket/a?signature=hidden-value", [file]);
    let api = linked(&format!("{}/bucket/a?signature=hidden-value", store.url)).await;
    (api, store)
}

#[tokio::test]
async fn a_file_comes_from_another_origin_without_our_credential() {
    let bytes: Vec<u8> = (0..20_000_u32).map(|n| (n % 251) as u8).collect();
    let (api, store) = stored(say(200, bytes.clone())).await;
    let (mut to, told) = (Vec::new(), Mutex::new(Vec::new()));
    let client = api.key_secret();
    let done = client
        .download_attachment("t", "r", "a", &mut to, &|done, of| {
            told.lock().unwrap().push((done, of));
        })
        .await;
    assert_eq!(done.unwrap(), 20_000);
    assert!(to == bytes, "the bytes differ");
    let told = told.into_inner().unwrap();
    assert_eq!(told.first(), Some(&(0, Some(20_000))));
    assert_eq!(told.last(), Some(&(20_000, Some(20_000))));
    assert!(told.windows(2).all(|two| two[0].0 <= two[1].0));
    assert_eq!(api.lines(), [AUTHORIZE, ONE]);
    let seen = store.seen();
    assert_eq!(seen.len(), 1);
    for name in ["authorization", "cookie", "referer"] {
        assert_eq!(seen[0].header(name), "", "{name}");
    }
    // Nor does the API's own origin get it, where that is what the address names.
    let api = Server::start().await;
    let link = json!({ "link": format!("{}/files/a", api.url) });
    api.on(ONE, [say(200, link.to_string())])
        .on("GET /files/a", [say(200, "x")]);
    assert_eq!(fetch(&api.organization()).await.0.unwrap(), 1);
    assert_eq!(api.seen()[1].header("authorization"), "");
}

#[tokio::test]
async fn a_download_is_bounded() {
    let (api, _store) = stored(say(200, vec![0; 20_001])).await;
    let (done, to) = fetch(&api.organization()).await;
    assert_eq!(done.unwrap_err().kind, ErrorKind::AnswerTooLarge);
    assert!(to.is_empty(), "what announces too much is not begun");
}

/// A store that answers with these bytes of HTTP, then waits or hangs up.
async fn raw_store(answer: Vec<u8>, wait: Duration) -> Server {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 8192];
        let _ = stream.read(&mut buffer).await.unwrap();
        let _ = stream.write_all(&answer).await;
        tokio::time::sleep(wait).await;
    });
    linked(&url).await
}

#[tokio::test]
async fn a_download_of_no_announced_length_is_bounded_and_must_be_whole() {
    let chunked = |pieces: usize| {
        let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..pieces {
            answer.extend_from_slice(b"1000\r\n");
            answer.extend_from_slice(&[7; 0x1000]);
            answer.extend_from_slice(b"\r\n");
        }
        answer
    };
    let api = raw_store(chunked(5), Duration::ZERO).await;
    let (done, to) = fetch(&api.organization()).await;
    assert_eq!(done.unwrap_err().kind, ErrorKind::AnswerTooLarge);
    assert!(to.len() <= 20_000);

    let api = raw_store(chunked(1), Duration::ZERO).await;
    let error = fetch(&api.organization()).await.0.unwrap_err();
    assert_eq!(
        (error.kind, error.phase),
        (ErrorKind::ConnectionLost, ErrorPhase::Reading)
    );

    let api = raw_store(chunked(1), Duration::from_secs(5)).await;
    let error = fetch(&api.organization()).await.0.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TimedOut);
    assert_eq!(error.detail, "The file stopped coming.");

    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_vec();
    let api = raw_store(cut, Duration::ZERO).await;
    let error = fetch(&api.organization()).await.0.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ConnectionLost);
}

#[tokio::test]
async fn a_store_that_redirects_or_refuses_gives_nothing() {
    let (api, store) = stored(say(302, "").header("location", "/elsewhere")).await;
    let error = fetch(&api.organization()).await.0.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RedirectRefused);
    assert_eq!(store.lines().len(), 1);
    for (status, kind) in [
        (401, ErrorKind::LinkExpired),
        (403, ErrorKind::LinkExpired),
        (404, ErrorKind::LinkExpired),
        (500, ErrorKind::ServerError),
    ] {
        let (api, _store) = stored(say(status, "<Error>hidden-value</Error>")).await;
        let (done, to) = fetch(&api.organization()).await;
        let error = done.unwrap_err();
        assert_eq!((error.kind, error.http_status), (kind, Some(status)));
        assert_eq!(error.phase, ErrorPhase::Reading);
        assert!(to.is_empty());
        assert!(!format!("{error:?}").contains("hidden-value"), "{error:?}");
    }
}

#[tokio::test]
async fn an_address_must_be_https_or_this_computers() {
    for (link, kind) in [
        ("http://files.example/a", ErrorKind::InsecureHost),
        ("ftp://127.0.0.1/a", ErrorKind::InsecureHost),
        ("file:///etc/hostname", ErrorKind::InsecureHost),
        ("a/b", ErrorKind::MalformedAnswer),
        ("", ErrorKind::MalformedAnswer),
    ] {
        let api = linked(link).await;
        let (done, to) = fetch(&api.organization()).await;
        let error = done.unwrap_err();
        assert_eq!(error.kind, kind, "{link}");
        assert!(to.is_empty() && !error.may_have_been_issued());
    }
}

/// A disk that is full.
struct Full;

impl AsyncWrite for Full {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::StorageFull.into()))
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_full_disk_is_told() {
    let (api, _store) = stored(say(200, "x")).await;
    let client = api.organization();
    let done = client
        .download_attachment("t", "r", "a", &mut Full, &|_, _| {})
        .await;
    let error = done.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotWritten);
    assert_eq!(error.detail, io::ErrorKind::StorageFull.to_string());
}
