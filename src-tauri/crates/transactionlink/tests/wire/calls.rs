//! What holds for every call that changes something.

use std::time::Duration;

use tokio::task::JoinSet;
use transactionlink::{Client, Error, ErrorKind, ErrorPhase, LinkCall, NewCase, Upload};

use super::{
    ACCESS_BODY, AUTHORIZE, TOKEN, issue,
    server::{Say, Server, say},
    v1,
    workflows::{BACKGROUND, RUN, background_v1, background_v2, raw, request, v2},
};

/// Every such call, by its method and path; `v2` where there are two of one path.
pub(crate) const POSTS: [&str; 12] = [
    TOKEN,
    "POST /token v2",
    RUN,
    BACKGROUND,
    "POST /workflows/run v2",
    "POST /link",
    "POST /link v2",
    "POST /link/send",
    "POST /cases",
    "POST /resources",
    "POST /tables/t/records",
    "POST /tables/t/records/r/attachments",
];

pub(crate) fn file() -> Upload {
    Upload {
        name: "a.pdf".to_owned(),
        content_type: Some("application/pdf".to_owned()),
        bytes: b"%PDF hidden-value".to_vec(),
    }
}

pub(crate) async fn post(client: &Client, call: &str) -> Result<(), Error> {
    let on = &|_| {};
    match call {
        TOKEN => issue(client).await.map(|_| ()),
        "POST /token v2" => client.token_v2(&v2(), on).await.map(|_| ()),
        RUN => client.run(&request(), on).await.map(|_| ()),
        BACKGROUND => client
            .run_background_v1(&background_v1(), on)
            .await
            .map(|_| ()),
        "POST /workflows/run v2" => client
            .run_background_v2(&background_v2(), on)
            .await
            .map(|_| ()),
        "POST /link" => client.link_v1(LinkCall::Make, &v1(), on).await.map(|_| ()),
        "POST /link v2" => client.link_v2(LinkCall::Make, &v2(), on).await.map(|_| ()),
        "POST /link/send" => client.link_v1(LinkCall::Send, &v1(), on).await.map(|_| ()),
        "POST /cases" => client.create_case(&NewCase::default()).await.map(|_| ()),
        "POST /resources" => client.create_resource(file()).await.map(|_| ()),
        "POST /tables/t/records" => client.create_record("t", &raw("{}")).await.map(|_| ()),
        "POST /tables/t/records/r/attachments" => {
            client.attach("t", "r", file(), &[]).await.map(|_| ())
        }
        other => unreachable!("{other}"),
    }
}

/// Tries every call at once: most of them wait for something.
pub(crate) async fn each<F: Future<Output = ()> + Send + 'static>(
    check: impl Fn(&'static str) -> F,
) {
    let mut all: JoinSet<()> = POSTS.into_iter().map(check).collect();
    while let Some(one) = all.join_next().await {
        one.unwrap();
    }
}

async fn failing(call: &str, answer: Say) -> Error {
    let server = Server::start().await;
    let line = call.trim_end_matches(" v2");
    server
        .on(AUTHORIZE, [say(200, ACCESS_BODY)])
        .on(line, [answer]);
    let error = post(&server.key_secret(), call).await.unwrap_err();
    assert_eq!(server.count(line), 1, "{call} was sent again");
    error
}

#[tokio::test]
async fn what_is_not_answered_or_not_understood_may_have_been_done() {
    each(|call| async move {
        let late = failing(call, say(201, "{}").after(Duration::from_secs(5))).await;
        assert_eq!(late.kind, ErrorKind::TimedOut, "{call}");
        assert!(late.may_have_been_issued(), "{call}");
        let odd = failing(call, say(201, "{}")).await;
        assert_eq!(
            (odd.kind, odd.phase),
            (ErrorKind::MalformedAnswer, ErrorPhase::Answer),
            "{call}"
        );
        assert!(odd.may_have_been_issued(), "{call}");
        let gateway = failing(call, say(504, "")).await;
        assert!(gateway.may_have_been_issued(), "{call}");
    })
    .await;
}

#[tokio::test]
async fn refusals_are_told_and_nothing_was_done() {
    let body = r#"{"fingerprint":"f","errors":[{"code":"c","message":"m access-1"}]}"#;
    each(|call| async move {
        let server = Server::start().await;
        let line = call.trim_end_matches(" v2");
        let expected = [
            (400, ErrorKind::InvalidRequest),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (410, ErrorKind::NotFound),
            (413, ErrorKind::InvalidRequest),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::ServerError),
        ];
        let away = say(307, "").header("location", "/elsewhere");
        let answers = expected.map(|(status, _)| say(status, body));
        server
            .on(AUTHORIZE, [say(200, ACCESS_BODY)])
            .on(line, answers.into_iter().chain([away]));
        let client = server.key_secret();
        for (sent, (status, kind)) in expected.into_iter().enumerate() {
            let error = post(&client, call).await.unwrap_err();
            assert_eq!((error.kind, error.http_status), (kind, Some(status)));
            assert_eq!(error.problems[0].message, "m (hidden)");
            assert!(!error.may_have_been_issued(), "{call} {status}");
            assert_eq!(server.count(line), sent + 1, "{call} was sent again");
        }
        let error = post(&client, call).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::RedirectRefused);
        assert_eq!(server.count(line), expected.len() + 1);
    })
    .await;
}

#[tokio::test]
async fn a_refused_access_token_is_renewed_once_and_the_same_is_sent() {
    each(|call| async move {
        let server = Server::start().await;
        let line = call.trim_end_matches(" v2");
        server
            .on(AUTHORIZE, [say(200, ACCESS_BODY)])
            .on(line, [say(401, "{}")]);
        let error = post(&server.key_secret(), call).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthorized, "{call}");
        assert!(!error.may_have_been_issued(), "{call}");
        assert_eq!(server.lines(), [AUTHORIZE, line, AUTHORIZE, line]);
        let seen = server.seen();
        let boundless = |body: &str| match body.strip_prefix("--") {
            Some(rest) => body.replace(rest.split("\r\n").next().unwrap(), ""),
            None => body.to_owned(),
        };
        assert_eq!(boundless(&seen[1].body), boundless(&seen[3].body), "{call}");
    })
    .await;
}
