//! prism, which knows nothing but the simulator's description, holds the client's requests against
//! it and answers them, and the client is satisfied with every answer.

mod calls;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::Router;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokendesk_simulator::openapi;
use tokio::{net::TcpListener, process::Child};
use transactionlink::{Client, Credential, Host, LinkCall};

use calls::{Answers, CASE, RECORD, RUN, TABLE, ask, run, token_v1, token_v2, upload};

use crate::tools::npm_program;

const TOKEN: &str = "eyJhbGciOiJSUzUxMiJ9.e30.c2lnbmF0dXJl";
const FILE: &[u8] = b"what the link leads to";
/// An access token's life, of which the client uses the half and then refreshes.
const ACCESS_SECONDS: u64 = 1;
/// How long prism may take to start, on a computer that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

struct Prism {
    host: Host,
    log: PathBuf,
    _process: Child,
    _folder: tempfile::TempDir,
}

/// Starts prism with a description; `-d` and a seed make its answers up.
async fn prism(description: &Value, options: &[&str]) -> Prism {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    let log = folder.path().join("log");
    std::fs::write(&file, description.to_string()).unwrap();
    let process = npm_program("@stoplight/prism-cli/dist/index.js")
        .args(["mock", "--host", "127.0.0.1", "--port", "0"])
        .args(options)
        .arg(&file)
        .stdout(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let origin = |log: &str| {
        let (_, after) = log.split_once("Prism is listening on ")?;
        let (origin, _) = after.split_once('\n')?;
        Some(origin.trim().to_owned())
    };
    let origin = wait_for(&log, origin).await;
    Prism {
        host: Host::parse(&origin).unwrap(),
        log,
        _process: process,
        _folder: folder,
    }
}

/// Waits until the log says what is looked for in it.
async fn wait_for<T>(log: &Path, found: impl Fn(&str) -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        if let Some(found) = found(&text) {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "prism only says: {text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The simulator's description, as far as it can lead the client everywhere.
fn description(file_at: &str) -> Value {
    let mut description: Value = serde_json::from_str(&openapi().unwrap()).unwrap();
    for item in description["paths"].as_object_mut().unwrap().values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            // Both mean that no credential is needed; prism takes the first for that none may be
            // sent, and the client sends it where the vendor does not say.
            if operation["security"] == json!([{}]) {
                operation["security"] = json!([]);
            }
        }
    }
    let mut example = |schema: &str, property: &str, value: Value| {
        let property = &mut description["components"]["schemas"][schema]["properties"][property];
        assert!(property["example"] != Value::Null, "{schema} has it");
        property["example"] = value;
    };
    example("AttachmentLink", "link", json!(file_at));
    example(
        "AuthenticationResponse",
        "expiryDuration",
        json!(ACCESS_SECONDS),
    );
    description
}

/// Every endpoint of the vendor's that the client has a call for, as `get /cases/{caseId}`.
fn endpoints(description: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let invented = operation["tags"] == json!(["invented"]);
            // Nothing in the app deletes.
            if !invented && method != "delete" {
                all.insert(format!("{method} {path}"));
            }
        }
    }
    all
}

/// The endpoints that a log says were called.
fn called(log: &str, endpoints: &BTreeSet<String>) -> BTreeSet<String> {
    let same = |part: (&str, &str)| part.0 == part.1 || part.0.starts_with('{');
    let fits = |endpoint: &str, request: &str| {
        endpoint.split('/').count() == request.split('/').count()
            && endpoint.split('/').zip(request.split('/')).all(same)
    };
    let mut all = BTreeSet::new();
    for line in log.lines().filter(|l| l.ends_with("Request received")) {
        let (_, request) = line.split_once("[HTTP SERVER] ").unwrap();
        let words: Vec<_> = request.split(' ').take(2).collect();
        let request = words.join(" ");
        // A name before a placeholder: `/workflows/run` is no run.
        let of = endpoints.iter().filter(|e| fits(e, &request));
        all.extend(of.min_by_key(|e| e.matches('{').count()).cloned());
    }
    all
}

/// Serves the one file that attachments' links lead to, and gives its address.
async fn file_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().fallback(|| async { FILE });
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/file?signature=s")
}

fn key_and_secret() -> Credential {
    Credential::KeySecret {
        key: "k".into(),
        secret: "s".into(),
    }
}

/// Holds what was read against the examples of the description.
fn are_the_examples(answers: &Answers) {
    for token in &answers.tokens {
        assert_eq!(token.token.expose_secret(), TOKEN);
        assert_eq!(token.expiry_duration, Some(Duration::from_secs(3600)));
        assert_eq!(token.token_type.as_deref(), Some("Bearer"));
        assert_eq!(token.http_status, 201);
    }
    for (number, run) in answers.runs.iter().enumerate() {
        assert_eq!(run.id, RUN.to_string());
        assert_eq!(run.status.as_deref(), Some("RUNNING"));
        assert!(run.name.is_some() && run.expires_at.is_some());
        // The ways of starting one that give a token come first.
        let token = run.token.as_ref().map(ExposeSecret::expose_secret);
        assert_eq!(token, (number < 2).then_some(TOKEN));
        assert_eq!(run.link.is_some(), number < 2);
    }
    let state = &answers.state;
    assert_eq!(state.status.as_deref(), Some("RUNNING"));
    assert_eq!(state.subject.as_deref(), Some(CASE.to_string().as_str()));
    let result: Value = serde_json::from_str(answers.result.get()).unwrap();
    assert_eq!(result["output"]["approved"], true);
    for case in &answers.cases {
        assert_eq!(case.id, CASE.to_string());
        assert!(case.party_id.is_some() && case.created.is_some());
    }
    for record in &answers.records {
        assert_eq!(
            (record.id.as_str(), record.version),
            (&*RECORD.to_string(), Some(1))
        );
        assert!(record.created.is_some() && record.updated.is_some());
    }
    assert_eq!(answers.resource.name, "File name.pdf");
    for file in answers.attachments.iter().chain([&answers.attached]) {
        assert_eq!(
            (file.id.as_str(), file.size),
            (&*RUN.to_string(), Some(12345))
        );
        assert_eq!(file.media_type.as_deref(), Some("application/pdf"));
        assert_eq!(file.tags, ["contract"]);
    }
    assert_eq!(answers.attachments.len(), 1);
}

/// The path of the last call of all.
fn last_path() -> String {
    format!("/tables/{TABLE}/records/{RECORD}/attachments/{RUN}")
}

/// Makes the calls that are answered with addresses and keys.
async fn follow_addresses(client: &Client) {
    for call in [LinkCall::Make, LinkCall::Send] {
        let v1 = client.link_v1(call, &token_v1(), &|_| {}).await.unwrap();
        let v2 = client
            .link_v2(call, &token_v2(None), &|_| {})
            .await
            .unwrap();
        for link in [v1, v2] {
            let address = link.link.expose_secret();
            assert!(address.starts_with("https://link.transactionlink.io/"));
        }
    }
    client.webhook_key(RUN).await.unwrap();
    let (mut file, id) = (Vec::new(), RUN.to_string());
    let size = client
        .download_attachment(TABLE, &RECORD.to_string(), &id, &mut file, &|_, _| {})
        .await;
    assert_eq!((size.unwrap(), file.as_slice()), (22, FILE));
}

#[tokio::test]
async fn the_examples_of_the_description_satisfy_the_client() {
    let description = description(&file_server().await);
    let prism = prism(&description, &[]).await;

    let client = Client::new(prism.host.clone(), key_and_secret()).unwrap();
    let authorized = client.authorize().await.unwrap();
    let life = Duration::from_secs(ACCESS_SECONDS);
    assert_eq!(authorized.expires_in, life);
    tokio::time::sleep(life).await;
    are_the_examples(&ask(&client).await);
    follow_addresses(&client).await;

    let token = Credential::OrganizationToken("tot_t".into());
    let client = Client::new(prism.host.clone(), token).unwrap();
    are_the_examples(&ask(&client).await);
    follow_addresses(&client).await;

    // Its log is written a little later than its answers.
    let last = format!("get {}", last_path());
    let whole = |log: &str| (log.matches(&last).count() == 2).then(|| log.to_owned());
    let log = wait_for(&prism.log, whole).await;
    let endpoints = endpoints(&description);
    assert_eq!(called(&log, &endpoints), endpoints, "each one is called");
    let violations: Vec<_> = log.lines().filter(|l| l.contains("Violation")).collect();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn whatever_fits_the_description_satisfies_the_client() {
    let description = description("https://files.example.com/");
    for seed in ["1", "2", "3"] {
        let prism = prism(&description, &["--dynamic", "--seed", seed]).await;
        let client = Client::new(prism.host.clone(), key_and_secret()).unwrap();
        let answers = ask(&client).await;
        for run in &answers.runs {
            let background = run.execution_type.as_deref() != Some("INTERACTIVE");
            assert!(
                run.status.is_some() && (background || run.token.is_some()),
                "{seed}"
            );
        }
    }
}

/// Else a satisfied prism would say nothing.
#[tokio::test]
async fn what_does_not_fit_the_description_is_refused() {
    let prism = prism(&description("https://files.example.com/"), &[]).await;
    let client = Client::new(prism.host.clone(), key_and_secret()).unwrap();
    let odd = client.run(&run("[]", None), &|_| {}).await;
    assert_eq!(odd.unwrap_err().http_status, Some(400));
    let files = client.attach(TABLE, "no-uuid", upload(), &[]).await;
    assert_eq!(files.unwrap_err().http_status, Some(400));
}
