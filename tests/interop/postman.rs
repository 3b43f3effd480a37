//! What is handed over as a Postman collection runs in newman, once a person has filled it in.

use std::{collections::BTreeMap, path::Path, time::Duration};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokendesk_core::{
    Desk, Folder,
    history::{ApiGeneration, EntryKind, HistoryEntry},
    issuing::IssueRequest,
    keychain::Keychain,
    workspace::{AuthKind, WorkspaceDraft},
};
use tokendesk_simulator::{
    Accounts, Options, Outcome, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, Simulator, scenarios,
};

use crate::tools::npm_program;

/// Parameters of every type; the last ones look like what the collection is made of.
const PARAMETERS: &str = r#"{"text":"Zażółć \"gęślą\" jaźń","number":-1.5e3,"boolean":true,
    "object":{"a":{"b":null}},"list":[1,"2",[]],"expiresAt":"tomorrow",
    "template":"{{apiHost}} {{$guid}}"}"#;
const MINUTES: u32 = 45;
/// The name of a request that has an answer only once its run is completed.
const RESULT: &str = "Result, once it is COMPLETED";

struct Fixture {
    desk: Desk,
    accounts: Accounts,
    workspace_id: String,
    auth_kind: AuthKind,
    _simulator: Simulator,
    folder: tempfile::TempDir,
}

/// A desk in memory with a workspace of the simulator's.
async fn fixture(auth_kind: AuthKind) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let keychain = Keychain::of_this_computer("io.tokendesk.interop-test");
    let desk = Desk::new(Folder::at(folder.path()), keychain);
    desk.use_session_only();
    let accounts = Accounts::random();
    let simulator = Simulator::start(Options {
        accounts: accounts.clone(),
        background_time: Duration::ZERO,
        ..Options::default()
    })
    .await
    .unwrap();
    let of_kind = |kind, value: &str| {
        let value = if kind == auth_kind { value } else { "" };
        SecretString::from(value)
    };
    let draft = WorkspaceDraft {
        name: "Interop".to_owned(),
        api_host: simulator.origin(),
        widget_host: simulator.origin(),
        auth_kind,
        key: of_kind(AuthKind::KeySecret, &accounts.key),
        secret: of_kind(AuthKind::KeySecret, &accounts.secret),
        organization_token: of_kind(AuthKind::OrganizationToken, &accounts.organization_token),
        session_only: true,
    };
    Fixture {
        workspace_id: desk.add_workspace(&draft).await.unwrap().id,
        desk,
        accounts,
        auth_kind,
        _simulator: simulator,
        folder,
    }
}

fn workflow(outcome: Outcome) -> String {
    let found = scenarios().iter().find(|s| s.outcome == outcome).unwrap();
    found.workflow_definition_id.to_owned()
}

/// Every request a collection is made of, by what it is called in a failure.
fn requests(workspace_id: &str) -> Vec<(&'static str, IssueRequest)> {
    let background = || IssueRequest {
        workflow_id: workflow(Outcome::Background),
        ..IssueRequest::default()
    };
    let v1 = || IssueRequest {
        api: ApiGeneration::V1,
        subject: SAMPLE_CASE_ID.to_owned(),
        lang: "pl".to_owned(),
        ..IssueRequest::default()
    };
    let v2 = || IssueRequest {
        api: ApiGeneration::V2,
        subject: SAMPLE_RECORD_ID.to_owned(),
        parameters_id: "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302".to_owned(),
        ..IssueRequest::default()
    };
    let run = || IssueRequest {
        api: ApiGeneration::Workflows,
        parameters: PARAMETERS.to_owned(),
        ..IssueRequest::default()
    };
    let link = EntryKind::Link;
    let all = [
        ("a token for a case", v1()),
        ("a token for a record", v2()),
        (
            "a token for nobody",
            IssueRequest {
                subject: String::new(),
                ..v2()
            },
        ),
        ("a link for a case", IssueRequest { kind: link, ..v1() }),
        (
            "a link sent for a record",
            IssueRequest {
                kind: link,
                send: true,
                ..v2()
            },
        ),
        (
            "a run",
            IssueRequest {
                subject: SAMPLE_RECORD_ID.to_owned(),
                minutes: Some(MINUTES),
                lang: "uk".to_owned(),
                ..run()
            },
        ),
        (
            "a run without an end user",
            IssueRequest {
                workflow_id: workflow(Outcome::Background),
                ..run()
            },
        ),
        (
            "an old run for a case",
            IssueRequest {
                kind: EntryKind::Run,
                lang: String::new(),
                workflow_id: background().workflow_id,
                ..v1()
            },
        ),
        (
            "an old run for nobody",
            IssueRequest {
                kind: EntryKind::Run,
                api: ApiGeneration::V2,
                ..background()
            },
        ),
    ];
    let mut all = Vec::from(all);
    for (_, request) in &mut all {
        workspace_id.clone_into(&mut request.workspace_id);
        if request.workflow_id.is_empty() {
            request.workflow_id = workflow(Outcome::Success);
        }
    }
    all
}

impl Fixture {
    /// What stands in no collection: the credential, and what was issued to whom.
    async fn secrets(&self, entry: &HistoryEntry) -> Vec<String> {
        let accounts = &self.accounts;
        let credentials = [
            &accounts.key,
            &accounts.secret,
            &accounts.organization_token,
        ];
        let mut secrets: Vec<String> = credentials.into_iter().cloned().collect();
        secrets.extend(entry.subject.clone());
        secrets.extend(entry.run.as_ref().map(|run| run.run_id.clone()));
        for body in [
            self.desk.token(&entry.id).await,
            self.desk.link(&entry.id).await,
        ] {
            secrets.extend(body.map(|body| body.expose_secret().to_owned()));
        }
        secrets
    }

    /// What a person fills in.
    fn values(&self, entry: &HistoryEntry) -> BTreeMap<&'static str, String> {
        let accounts = &self.accounts;
        let mut values = match self.auth_kind {
            AuthKind::KeySecret => BTreeMap::from([
                ("apiKey", accounts.key.clone()),
                ("apiSecret", accounts.secret.clone()),
            ]),
            AuthKind::OrganizationToken => {
                BTreeMap::from([("organizationToken", accounts.organization_token.clone())])
            }
        };
        values.extend(entry.subject.clone().map(|subject| ("subject", subject)));
        values
    }

    /// The names of the requests that a collection of this kind has, in order.
    fn names(&self, kind: EntryKind) -> Vec<&'static str> {
        let sign_in = (self.auth_kind == AuthKind::KeySecret).then_some("Sign in");
        let asked: &[&str] = match kind {
            EntryKind::Token => &["Issue a token"],
            EntryKind::Link => &["Make a link"],
            EntryKind::Run => &["Start a run", "Status of the run", RESULT],
        };
        sign_in.into_iter().chain(asked.iter().copied()).collect()
    }
}

/// Fills a collection's variables in, each of which has to be there and empty.
fn fill(collection: &mut Value, values: &BTreeMap<&str, String>) {
    let variables = collection["variable"].as_array_mut().unwrap();
    for (name, value) in values {
        let variable = variables.iter_mut().find(|v| v["key"] == *name);
        let variable = variable.unwrap_or_else(|| panic!("there is no variable {name}"));
        assert_eq!(variable["value"], "", "{name} is empty in the file");
        variable["value"] = json!(value);
    }
}

/// Runs a collection in newman: whether it is green, and its report.
async fn newman(collection: &Value, folder: &Path) -> (bool, Value) {
    let file = folder.join("collection.json");
    let report = folder.join("report.json");
    std::fs::write(&file, collection.to_string()).unwrap();
    let output = npm_program("newman/bin/newman.js")
        .arg("run")
        .arg(&file)
        .args(["--reporters", "json", "--reporter-json-export"])
        .arg(&report)
        .output()
        .await
        .unwrap();
    let report = std::fs::read(&report).unwrap_or_else(|_| {
        let words = String::from_utf8_lossy(&output.stderr);
        panic!("newman wrote no report: {words}")
    });
    (
        output.status.success(),
        serde_json::from_slice(&report).unwrap(),
    )
}

/// The status of the answer to a request of a report, and its body.
fn answer(report: &Value, name: &str) -> (Value, Value) {
    let executions = report["run"]["executions"].as_array().unwrap();
    let execution = executions.iter().find(|e| e["item"]["name"] == name);
    let response = &execution.unwrap()["response"];
    let body: Vec<u8> = serde_json::from_value(response["stream"]["data"].clone()).unwrap();
    (
        response["code"].clone(),
        serde_json::from_slice(&body).unwrap(),
    )
}

async fn every_collection_is_green(auth_kind: AuthKind) {
    let fixture = fixture(auth_kind).await;
    for (case, request) in requests(&fixture.workspace_id) {
        let entry = fixture.desk.issue(&request).await;
        let entry = entry.unwrap_or_else(|error| panic!("{case}: {error:?}"));
        let text = fixture.desk.postman(&entry.id).await.unwrap();
        let secrets = fixture.secrets(&entry).await;
        for (number, secret) in secrets.iter().enumerate() {
            assert!(!text.contains(secret), "{case}: it holds secret {number}");
        }
        let mut collection: Value = serde_json::from_str(&text).unwrap();
        fill(&mut collection, &fixture.values(&entry));

        let (green, report) = newman(&collection, fixture.folder.path()).await;
        assert!(green, "{case}: {}", report["run"]["failures"]);
        let names = fixture.names(entry.kind);
        let executions = report["run"]["executions"].as_array().unwrap();
        let ran: Vec<_> = executions.iter().map(|e| &e["item"]["name"]).collect();
        assert_eq!(ran, names, "{case}");
        for execution in executions {
            let tests = execution["assertions"].as_array();
            assert!(
                tests.is_some_and(|tests| !tests.is_empty()),
                "{case}: {} is tested by nothing",
                execution["item"]["name"]
            );
        }
        if entry.kind == EntryKind::Run {
            let (status, _) = answer(&report, RESULT);
            let completed = request.workflow_id == workflow(Outcome::Background);
            assert_eq!(status, if completed { 200 } else { 404 }, "{case}");
        }
        if request.api == ApiGeneration::Workflows {
            let (_, run) = answer(&report, "Start a run");
            let sent: Value = serde_json::from_str(PARAMETERS).unwrap();
            assert_eq!(run["parameters"], sent, "{case}: as they were typed");
            if request.minutes.is_some() {
                is_minutes_from_now(&run["expiresAt"]);
            }
        }
    }
}

/// The end is counted from when newman sent the request.
fn is_minutes_from_now(at: &Value) {
    let at: Timestamp = at.as_str().unwrap().parse().unwrap();
    let seconds = at.as_second() - Timestamp::now().as_second();
    let off = i64::from(MINUTES) * 60 - seconds;
    assert!((0..30).contains(&off), "off by {off} s");
}

#[tokio::test]
async fn with_key_and_secret() {
    every_collection_is_green(AuthKind::KeySecret).await;
}

#[tokio::test]
async fn with_an_organization_token() {
    every_collection_is_green(AuthKind::OrganizationToken).await;
}

/// Else a green run would say nothing.
#[tokio::test]
async fn what_is_not_filled_in_fails() {
    let fixture = fixture(AuthKind::KeySecret).await;
    let (_, request) = requests(&fixture.workspace_id).swap_remove(0);
    let entry = fixture.desk.issue(&request).await.unwrap();
    let text = fixture.desk.postman(&entry.id).await.unwrap();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let (green, report) = newman(&collection, fixture.folder.path()).await;
    assert!(!green);
    let failed = &report["run"]["stats"]["assertions"]["failed"];
    assert!(
        failed.as_u64().is_some_and(|failed| failed >= 2),
        "{failed}"
    );
}
