//! Refusals in whatever form they come, and whose word they are.

use transactionlink::{AnswerForm, Error, ErrorKind, ErrorPhase};

use super::{
    ACCESS_BODY, AUTHORIZE, TOKEN,
    calls::{each, post},
    issue,
    server::{Say, Server, say},
};

const WAF: &str = "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head>\
    <body>Sorry, you have been blocked. Ray ID: 9e8116df4823e2c5</body></html>";
const NGINX: &str = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found\
    </h1></center><hr><center>nginx</center></body></html>";
const F5: &str = "<html><head><title>Request Rejected</title></head><body>The requested URL was \
    rejected. Your support ID is: 1234567890</body></html>";

async fn refused(answer: Say) -> Error {
    let server = Server::start().await;
    server.on(TOKEN, [answer]);
    let error = issue(&server.organization()).await.unwrap_err();
    assert_eq!(server.count(TOKEN), 1);
    error
}

fn page(status: u16, body: &str) -> Say {
    say(status, body).header("content-type", "text/html; charset=UTF-8")
}

#[tokio::test]
async fn a_web_page_is_not_the_apis_word() {
    for (status, body, title) in [
        (403, WAF, "Attention Required! | Cloudflare"),
        (404, NGINX, "404 Not Found"),
        (401, F5, "Request Rejected"),
        (400, F5, "Request Rejected"),
    ] {
        let marked = page(status, body)
            .header("server", "cloudflare")
            .header("cf-ray", "9e8116df4823e2c5-WAW");
        let error = refused(marked).await;
        assert_eq!(
            (error.kind, error.http_status),
            (ErrorKind::NotTheApi, Some(status))
        );
        let came = error.undocumented.unwrap();
        assert_eq!(
            (came.form, came.title.as_deref()),
            (AnswerForm::Page, Some(title))
        );
        assert_eq!(
            came.marks,
            ["Server cloudflare", "Ray ID 9e8116df4823e2c5-WAW"]
        );
        assert!(!error.problems.is_empty());
    }
}

#[tokio::test]
async fn a_web_page_is_told_apart_at_every_call() {
    each(|call| async move {
        let server = Server::start().await;
        let line = call.trim_end_matches(" v2");
        let expected = [
            (403, ErrorKind::NotTheApi),
            (404, ErrorKind::NotTheApi),
            (200, ErrorKind::MalformedAnswer),
            (503, ErrorKind::Unavailable),
        ];
        server
            .on(AUTHORIZE, [say(200, ACCESS_BODY)])
            .on(line, expected.map(|(status, _)| page(status, WAF)));
        let client = server.key_secret();
        for (_, kind) in expected {
            let error = post(&client, call).await.unwrap_err();
            assert_eq!(error.kind, kind, "{call}");
            let title = error.undocumented.unwrap().title;
            assert_eq!(title.as_deref(), Some("Attention Required! | Cloudflare"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_web_page_is_told_apart_when_authorising_and_reading() {
    for status in [200, 400, 401, 403, 404] {
        let server = Server::start().await;
        server.on(AUTHORIZE, [page(status, F5)]);
        let error = server.key_secret().authorize().await.unwrap_err();
        let kind = match status {
            200 => ErrorKind::MalformedAnswer,
            _ => ErrorKind::NotTheApi,
        };
        assert_eq!((error.kind, error.phase), (kind, ErrorPhase::Authorize));
        assert_eq!(
            error.undocumented.unwrap().title.as_deref(),
            Some("Request Rejected")
        );
    }
    let server = Server::start().await;
    for line in [
        "GET /workflows/r",
        "GET /workflows/r/result",
        "GET /cases/r",
        "GET /tables/t/records/r",
        "GET /tables/t/records/r/attachments",
    ] {
        server.on(line, [page(404, NGINX)]);
    }
    let client = server.organization();
    for error in [
        client.run_state("r").await.unwrap_err(),
        client.run_result("r").await.unwrap_err(),
        client.case("r").await.unwrap_err(),
        client.record("t", "r").await.unwrap_err(),
        client.attachments("t", "r").await.unwrap_err(),
    ] {
        assert_eq!(error.kind, ErrorKind::NotTheApi, "{error}");
        assert!(!error.may_have_been_issued());
    }
}

#[tokio::test]
async fn a_reason_is_told_in_whatever_form_it_came() {
    for (content_type, body, reasons) in [
        (
            "application/json",
            r#"{"errors":["workflowDefinitionId must be a UUID","lang must be one of en, pl"]}"#,
            &[
                "workflowDefinitionId must be a UUID",
                "lang must be one of en, pl",
            ][..],
        ),
        (
            "application/problem+json",
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"archived"}"#,
            &["archived"],
        ),
        (
            "application/json",
            r#"{"timestamp":"2026-11-27","status":400,"error":"Bad Request","path":"/token",
                "errors":[{"field":"lang","defaultMessage":"must not be blank","code":"NotBlank"}]}"#,
            &["lang: must not be blank"],
        ),
        ("text/plain", "archived\n", &["archived"]),
        (
            "application/xml",
            "<error><message>archived</message></error>",
            &["archived"],
        ),
        (
            "application/json",
            r#"{"message":"archived"}"#,
            &["archived"],
        ),
    ] {
        let error = refused(say(400, body).header("content-type", content_type)).await;
        assert_eq!(error.kind, ErrorKind::NotTheApi);
        let told: Vec<_> = error
            .problems
            .iter()
            .map(|one| one.message.as_str())
            .collect();
        assert_eq!(told, reasons, "{body}");
        assert!(!error.may_have_been_issued());
    }
    let polish = say(400, b"\xbf\xf3\xb3w".as_slice())
        .header("content-type", "text/plain; charset=iso-8859-2");
    assert_eq!(refused(polish).await.problems[0].message, "żółw");
}

#[tokio::test]
async fn a_credential_that_is_repeated_is_hidden_in_every_form() {
    for echo in [
        "tot_hidden-value",
        "TOT_HIDDEN-VALUE",
        // `tot_hidden-value` and `x:tot_hidden-value` in base64.
        "dG90X2hpZGRlbi12YWx1ZQ==",
        "eDp0b3RfaGlkZGVuLXZhbHVl",
        "746f745f68696464656e2d76616c7565",
    ] {
        for body in [
            format!(
                r#"{{"fingerprint":"{echo}","errors":[{{"code":"{echo}","message":"no {echo}"}}]}}"#
            ),
            format!("<html><title>{echo}</title>{echo}</html>"),
            format!("no {echo}"),
        ] {
            let error = refused(say(403, body)).await;
            assert!(!format!("{error:?}").contains(echo), "{error:?}");
            assert!(format!("{error:?}").contains("(hidden)"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn only_where_waiting_helps_a_wait_is_told() {
    for (status, wait) in [
        (401, false),
        (403, false),
        (404, false),
        (429, true),
        (503, true),
    ] {
        let error = refused(say(status, "{}").header("retry-after", "0")).await;
        assert_eq!(error.retry_after.is_some(), wait, "{status}");
    }
    let late = refused(say(408, "")).await;
    assert_eq!(late.kind, ErrorKind::TimedOut);
    assert!(!late.may_have_been_issued(), "the request was not whole");
}

#[tokio::test]
async fn a_redirect_names_the_host_it_leads_to_and_no_more() {
    for (location, detail) in [
        (
            "https://login.example.com/?next=secret",
            "HTTP 302 leads to https://login.example.com.",
        ),
        (
            "/portal",
            "HTTP 302 leads to another place of the same host.",
        ),
        ("javascript:alert(1)", "HTTP 302 leads nowhere."),
        ("", "HTTP 302 leads to another place of the same host."),
    ] {
        let error = refused(say(302, "").header("location", location)).await;
        assert_eq!(error.kind, ErrorKind::RedirectRefused);
        assert_eq!(error.detail, detail);
    }
}
