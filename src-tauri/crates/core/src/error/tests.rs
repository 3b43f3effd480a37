//! What a person reads of a server's words, from a real socket on.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use transactionlink::{Client, Credential, Error, Host, TokenRequestV2};

use super::{About, AppError, Code, Field};

const ISSUING: About = About::Issuing { subject: true };
const WAF: &str = "<html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you \
    have been blocked. Ray ID: 9e8116df4823e2c5</body></html>";

/// A server that answers every request so.
fn server(status: u16, headers: &str, body: &str) -> Host {
    let answer = format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Host::parse(&host).unwrap()
}

fn client(host: Host) -> Client {
    let credential = Credential::OrganizationToken("tot_hidden-value".into());
    Client::new(host, credential).unwrap()
}

async fn refusal(status: u16, headers: &str, body: &str) -> Error {
    let request = TokenRequestV2 {
        record_id: None,
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
        lang: None,
    };
    let client = client(server(status, headers, body));
    client.token_v2(&request, &|_| {}).await.unwrap_err()
}

async fn told(status: u16, headers: &str, body: &str) -> AppError {
    AppError::about(ISSUING, &refusal(status, headers, body).await)
}

fn whole(error: &AppError) -> String {
    format!("{} {} {}", error.title, error.detail, error.hint)
}

/// What only the API can know.
const VERDICTS: [&str; 6] = [
    "lacks the permission",
    "knows no such",
    "nothing was done",
    "Ask the owner",
    "The API found",
    "The API refused",
];

#[tokio::test]
async fn a_web_page_is_never_told_as_the_apis_verdict() {
    for status in [400, 401, 403, 404, 407, 409, 410, 413, 451, 500, 502, 503] {
        let marks = "Content-Type: text/html\r\nServer: cloudflare\r\nCF-RAY: 9e81-WAW\r\n";
        let error = told(status, marks, WAF).await;
        let shown = whole(&error);
        assert!(
            shown.contains("\u{201c}Attention Required! | Cloudflare\u{201d}"),
            "{shown}"
        );
        assert!(
            shown.contains("Ray ID 9e81-WAW") && shown.contains("Server cloudflare"),
            "{shown}"
        );
        assert!(shown.contains("you have been blocked"), "{shown}");
        for verdict in VERDICTS {
            assert!(!shown.contains(verdict), "{status}: {shown}");
        }
        assert_eq!(error.code == Code::NotTheApi, status < 500, "{status}");
        assert_eq!(error.field, None);
    }
}

#[tokio::test]
async fn a_refusal_of_another_form_is_no_verdict_and_gives_its_reasons() {
    for status in [400, 401, 403, 404, 422, 429, 500, 503] {
        for body in [
            r#"{"message":"archived"}"#,
            r#"{"detail":"archived","title":"t"}"#,
            r#"{"errors":["archived","x"]}"#,
            r#"{"fault":{"faultstring":"archived"}}"#,
            "archived",
        ] {
            let shown = whole(&told(status, "", body).await);
            assert!(
                shown.contains("It says: archived"),
                "{status} {body}: {shown}"
            );
            for verdict in VERDICTS {
                assert!(!shown.contains(verdict), "{status} {body}: {shown}");
            }
        }
    }
    for body in ["", "{}"] {
        let shown = whole(&told(404, "", body).await);
        assert!(!shown.contains("knows no such"), "{shown}");
    }
}

#[tokio::test]
async fn every_reason_is_told_and_its_field_found() {
    let body =
        r#"{"errors":["something","lang: one of en, pl","workflowDefinitionId must be a UUID"]}"#;
    let error = told(400, "", body).await;
    assert_eq!(error.code, Code::InvalidRequest);
    assert!(
        error.detail.ends_with(
            "It says: something; lang: one of en, pl; workflowDefinitionId must be a UUID"
        )
    );
    assert_eq!(error.field, Some(Field::Lang));
    let body = r#"{"fingerprint":"f","errors":[{"code":4041,"message":""},{"code":"x","message":"caseId"}]}"#;
    let error = told(400, "", body).await;
    assert!(
        error
            .detail
            .ends_with("The API found the request invalid. It says: caseId"),
        "{}",
        error.detail
    );
    assert_eq!(error.field, Some(Field::Subject));
}

#[tokio::test]
async fn the_documented_form_is_the_apis_verdict() {
    let body = r#"{"fingerprint":"f-1","errors":[{"code":4041,"message":"no case"}]}"#;
    let error = refusal(404, "", body).await;
    for (about, words, field) in [
        (
            ISSUING,
            "no such case, record or workflow",
            Some(Field::Subject),
        ),
        (
            About::Issuing { subject: false },
            "no such workflow",
            Some(Field::Workflow),
        ),
        (About::Case, "no such case", Some(Field::Subject)),
        (About::Record, "no such record", Some(Field::Subject)),
        (About::Table, "no such table", Some(Field::Table)),
        (About::Run, "not any more", None),
        (About::Download, "any more", None),
    ] {
        let told = AppError::about(about, &error);
        assert!(told.detail.contains(words), "{}", told.detail);
        assert!(told.detail.ends_with("It says: no case"));
        assert_eq!((told.code, told.field), (Code::NotFound, field));
        assert_eq!(told.api_code.as_deref(), Some("4041"));
        assert_eq!(told.fingerprint.as_deref(), Some("f-1"));
    }
}

#[tokio::test]
async fn a_page_of_success_is_told_as_a_page() {
    let error = told(
        200,
        "Content-Type: text/html\r\n",
        "<html><title>Wi-Fi sign-in</title></html>",
    )
    .await;
    assert_eq!(error.code, Code::MalformedAnswer);
    assert!(
        error.detail.contains("\u{201c}Wi-Fi sign-in\u{201d}"),
        "{}",
        error.detail
    );
}

#[tokio::test]
async fn a_redirect_is_told_with_the_host_it_leads_to() {
    let error = told(302, "Location: https://login.example.com/?a=b\r\n", "").await;
    assert!(
        error.detail.contains("https://login.example.com."),
        "{}",
        error.detail
    );
    assert!(!error.detail.contains("a=b"));
}

#[tokio::test]
async fn a_wait_is_told_where_waiting_helps() {
    let body = r#"{"fingerprint":"f","errors":[]}"#;
    let error = told(429, "Retry-After: 300\r\n", body).await;
    assert_eq!(error.retry_after_ms, Some(300_000));
    assert!(error.hint.starts_with("Wait 300 s"));
    let error = told(401, "Retry-After: 0\r\n", body).await;
    assert_eq!(error.retry_after_ms, None);
    assert!(!error.hint.contains("Wait"), "{}", error.hint);
    let error = told(408, "", "").await;
    assert_eq!(error.code, Code::TimedOut);
    assert!(!whole(&error).contains("invalid") && !whole(&error).contains("may have been"));
}

#[tokio::test]
async fn what_we_did_not_send_is_told_with_its_own_reason() {
    let host = Host::parse("http://127.0.0.1:9").unwrap();
    let error = client(host.clone()).run_state("..").await.unwrap_err();
    let told = AppError::about(About::Run, &error);
    assert_eq!(told.code, Code::InvalidInput);
    assert_eq!(told.detail, "An id is empty, or consists of dots only.");
    let upload = transactionlink::Upload {
        name: "a\nb".to_owned(),
        content_type: None,
        bytes: Vec::new(),
    };
    let error = client(host.clone())
        .create_resource(upload)
        .await
        .unwrap_err();
    let told = AppError::about(About::Upload, &error);
    assert_eq!(
        (told.code, told.field),
        (Code::InvalidInput, Some(Field::File))
    );
    assert!(told.detail.contains("not of one line"), "{}", told.detail);
    let odd = Credential::OrganizationToken("tot_\u{1}".into());
    let error = Client::new(host, odd)
        .unwrap()
        .run_state("r")
        .await
        .unwrap_err();
    let told = AppError::about(About::Run, &error);
    assert!(told.detail.contains("cannot be sent"), "{}", told.detail);
}

#[test]
fn an_older_error_is_still_read() {
    let error = AppError::invalid(Field::Key, "t", "d");
    let mut old = serde_json::to_value(&error).unwrap();
    old.as_object_mut().unwrap().remove("retryAfterMs");
    assert_eq!(serde_json::from_value::<AppError>(old).unwrap(), error);
}
