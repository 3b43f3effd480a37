//! Answers in another form than is asked for: coded, marked, in another charset, too deep.

use std::io::Write as _;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use transactionlink::{ErrorKind, LinkCall};

use super::{
    ACCESS_BODY, AUTHORIZE, TOKEN, TOKEN_BODY, issue,
    secrecy_text::text,
    server::{Say, Server, say},
    v1,
    workflows::RUN,
};

const LINK_BODY: &str = r#"{"link":"https://link.transactionlink.io/0df7e442"}"#;
const RUN_BODY: &str = r#"{"id":"r","status":"RUNNING","token":"widget"}"#;
const REFUSAL: &str = r#"{"fingerprint":"f-1","errors":[{"code":"c","message":"no żółw"}]}"#;

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut coder = GzEncoder::new(Vec::new(), Compression::default());
    coder.write_all(body).unwrap();
    coder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut coder = ZlibEncoder::new(Vec::new(), Compression::default());
    coder.write_all(body).unwrap();
    coder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut coder = DeflateEncoder::new(Vec::new(), Compression::default());
    coder.write_all(body).unwrap();
    coder.finish().unwrap()
}

fn utf16(body: &str, mark: &[u8]) -> Vec<u8> {
    let units = body.encode_utf16().flat_map(u16::to_le_bytes);
    mark.iter().copied().chain(units).collect()
}

/// The forms that a gateway or a server may give a body.
type Form = (&'static str, fn(&str) -> Say);

const FORMS: [Form; 13] = [
    ("gzip", |body| {
        say(200, gzip(body.as_bytes())).header("content-encoding", "gzip")
    }),
    ("GZIP", |body| {
        say(200, gzip(body.as_bytes())).header("content-encoding", "GZIP")
    }),
    ("gzip, not said", |body| say(200, gzip(body.as_bytes()))),
    ("gzip twice", |body| {
        say(200, gzip(&gzip(body.as_bytes()))).header("content-encoding", "gzip, gzip")
    }),
    ("gzip, cut", |body| {
        let whole = gzip(body.as_bytes());
        say(200, &whole[..whole.len() - 8]).header("content-encoding", "gzip")
    }),
    ("gzip, said only", |body| {
        say(200, body).header("content-encoding", "gzip")
    }),
    ("zlib", |body| {
        say(200, zlib(body.as_bytes())).header("content-encoding", "deflate")
    }),
    ("deflate", |body| {
        say(200, deflate(body.as_bytes())).header("content-encoding", "deflate")
    }),
    ("a charset as coding", |body| {
        say(200, body).header("content-encoding", "utf-8")
    }),
    ("mark", |body| say(200, format!("\u{feff}{body}"))),
    ("two marks", |body| {
        say(200, format!("\u{feff}\u{feff}\r\n{body}"))
    }),
    ("UTF-16", |body| say(200, utf16(body, &[0xff, 0xfe]))),
    ("UTF-16, no mark", |body| say(200, utf16(body, &[]))),
];

#[tokio::test]
async fn no_form_of_an_answer_loses_what_is_in_it() {
    for (name, form) in FORMS {
        let server = Server::start().await;
        server
            .on(AUTHORIZE, [form(ACCESS_BODY)])
            .on(TOKEN, [form(TOKEN_BODY)])
            .on("POST /link", [form(LINK_BODY)])
            .on(RUN, [form(RUN_BODY)])
            .on("GET /workflows/r", [form(r#"{"id":"r","status":"żółw"}"#)])
            .on("GET /workflows/r/result", [form(r#"[1.50,"żółw"]"#)])
            .on("GET /cases/c", [form(r#"{"caseId":"c","n":1.50}"#)]);
        let client = server.key_secret();
        let issued = issue(&client)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(text(&issued.token), "widget", "{name}");
        let link = client.link_v1(LinkCall::Make, &v1(), &|_| {}).await;
        assert!(text(&link.unwrap().link).ends_with("0df7e442"), "{name}");
        let run = client.run(&super::workflows::request(), &|_| {}).await;
        assert_eq!(text(&run.unwrap().token.unwrap()), "widget", "{name}");
        let state = client.run_state("r").await.unwrap();
        assert_eq!(state.status.as_deref(), Some("żółw"), "{name}");
        let result = client.run_result("r").await.unwrap();
        assert_eq!(result.get(), r#"[1.50,"żółw"]"#, "{name}");
        assert!(client.case("c").await.unwrap().whole.get().contains("1.50"));
        assert_eq!(server.seen()[1].header("accept-encoding"), "identity");
    }
}

#[tokio::test]
async fn no_form_of_a_refusal_loses_its_reason() {
    for (name, form) in FORMS {
        let server = Server::start().await;
        let refused = Say {
            status: 400,
            ..form(REFUSAL)
        };
        server.on(TOKEN, [refused]);
        let error = issue(&server.organization()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest, "{name}");
        assert_eq!(error.problems[0].message, "no żółw", "{name}");
        assert_eq!(error.fingerprint.as_deref(), Some("f-1"), "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_swells_is_bounded() {
    let bomb = gzip(&vec![b' '; 4_000_000]);
    let twice = gzip(&gzip(&vec![b' '; 40_000_000]));
    for (body, coding) in [(bomb, "gzip"), (twice, "gzip, gzip")] {
        assert!(body.len() < 4096);
        let server = Server::start().await;
        let swelling = say(201, body.clone()).header("content-encoding", coding);
        let refusing = say(400, body).header("content-encoding", coding);
        server.on(TOKEN, [swelling, refusing]);
        let client = server.organization();
        let error = issue(&client).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::AnswerTooLarge);
        assert!(error.may_have_been_issued());
        let error = issue(&client).await.unwrap_err();
        assert_eq!(
            (error.kind, error.http_status),
            (ErrorKind::NotTheApi, Some(400))
        );
    }
}

#[tokio::test]
async fn a_coding_that_cannot_be_undone_is_named() {
    let server = Server::start().await;
    server.on(
        TOKEN,
        [say(201, [0x1f, 0x9d, 0x90, 1, 2]).header("content-encoding", "compress")],
    );
    let error = issue(&server.organization()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::MalformedAnswer);
    assert!(error.detail.contains("compress"), "{}", error.detail);
}

#[tokio::test]
async fn a_field_that_cannot_be_read_loses_no_token() {
    let deep = format!("{}{}", "[".repeat(1500), "]".repeat(1500));
    let long = "9".repeat(3000);
    for odd in [deep.as_str(), long.as_str(), "1e99999", r#""\ud800""#] {
        let server = Server::start().await;
        let body = format!(r#"{{"odd":{odd},"token":"widget","expiryDuration":600}}"#);
        let run = format!(r#"{{"odd":{odd},"id":"r","token":"widget"}}"#);
        server.on(TOKEN, [say(201, body)]).on(RUN, [say(200, run)]);
        let client = server.organization();
        let issued = issue(&client).await.unwrap();
        assert_eq!(text(&issued.token), "widget");
        assert_eq!(issued.expiry_duration.unwrap().as_secs(), 600);
        let run = client.run(&super::workflows::request(), &|_| {}).await;
        assert_eq!(text(&run.unwrap().token.unwrap()), "widget");
    }
}

#[tokio::test]
async fn a_token_that_is_not_visible_ascii_is_no_token() {
    for odd in [
        r"a\u001b]0;x\u0007b",
        r"a\r\nb",
        r"a\u0000b",
        r"a\u202eb",
        "a b",
        "żółw",
    ] {
        let server = Server::start().await;
        server.on(TOKEN, [say(201, format!(r#"{{"token":"{odd}"}}"#))]);
        let error = issue(&server.organization()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::MalformedAnswer, "{odd}");
        assert!(error.may_have_been_issued(), "{odd}");
        assert!(error.detail.contains("`token`"), "{}", error.detail);
        assert!(error.detail.is_ascii() && !error.detail.contains('\n'));
    }
}

#[tokio::test]
async fn a_coded_file_is_written_decoded_and_bounded() {
    for (body, expected) in [
        (gzip(b"%PDF"), Ok(4)),
        (gzip(&vec![0; 30_000]), Err(ErrorKind::AnswerTooLarge)),
        (b"%PDF".to_vec(), Err(ErrorKind::MalformedAnswer)),
    ] {
        let server = Server::start().await;
        let link = format!(r#"{{"link":"{}/file"}}"#, server.url);
        server
            .on("GET /tables/t/records/r/attachments/a", [say(200, link)])
            .on(
                "GET /file",
                [say(200, body).header("content-encoding", "gzip")],
            );
        let mut to = Vec::new();
        let done = server
            .organization()
            .download_attachment("t", "r", "a", &mut to, &|_, _| {})
            .await;
        assert_eq!(done.map_err(|error| error.kind), expected);
        assert!(expected.is_err() || to == b"%PDF");
    }
}
