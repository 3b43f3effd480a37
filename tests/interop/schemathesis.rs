//! schemathesis makes requests up from the description that the simulator serves, valid ones and
//! others, and holds every answer against it.

use std::time::Duration;

use axum::{Router, http::HeaderMap};
use serde_json::{Value, json, value::RawValue};
use tokendesk_simulator::{Accounts, Options, Outcome, SAMPLE_RECORD_ID, Simulator, scenarios};
use tokio::{net::TcpListener, process::Command, sync::mpsc, time::timeout};
use transactionlink::{Client, Credential, Host, RunRequest, Upload, WebhookSignature};

use crate::tools::installed;

const TABLE: &str = "customers";

/// Waits for the webhook of a run and gives the id of the key that signed it.
async fn key_id(simulator: &Simulator, client: &Client) -> String {
    let (heard, mut hearing) = mpsc::unbounded_channel();
    let hear = async move |headers: HeaderMap| {
        let signature = headers["jws-signature"].to_str().unwrap().to_owned();
        heard.send(signature).unwrap();
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = Router::new().fallback(hear);
    tokio::spawn(async move { axum::serve(listener, app).await });
    simulator.set_webhook(Some(&url)).unwrap();
    let background = scenarios()
        .iter()
        .find(|s| s.outcome == Outcome::Background)
        .unwrap();
    let run = RunRequest {
        workflow_definition_id: background.workflow_definition_id.to_owned(),
        locale: "en".to_owned(),
        parameters: RawValue::from_string("{}".to_owned()).unwrap(),
        expires_at: None,
        record_id: None,
    };
    client.run(&run, &|_| {}).await.unwrap();
    let signature = timeout(Duration::from_secs(30), hearing.recv()).await;
    let signature = signature.unwrap().unwrap();
    simulator.set_webhook(None).unwrap();
    let kid = WebhookSignature::parse(&signature).unwrap().kid();
    kid.unwrap().to_string()
}

/// Attaches a file and gives the name that its link ends with.
async fn file_name(simulator: &Simulator, client: &Client, token: &str) -> String {
    let upload = Upload {
        name: "a.txt".to_owned(),
        content_type: Some("text/plain".to_owned()),
        bytes: b"text".to_vec(),
    };
    let file = client.attach(TABLE, SAMPLE_RECORD_ID, upload, &[]).await;
    let path = format!("/tables/{TABLE}/records/{SAMPLE_RECORD_ID}/attachments");
    let address = format!("{}{path}/{}", simulator.origin(), file.unwrap().id);
    let request = reqwest::Client::new()
        .get(address)
        .header("Authorization", token);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let (_, name) = answer["link"].as_str().unwrap().rsplit_once('/').unwrap();
    name.to_owned()
}

struct Fixture {
    simulator: Simulator,
    token: String,
    description: Value,
    folder: tempfile::TempDir,
}

/// A simulator and the description it serves, with examples of what no request leads to.
async fn fixture() -> Fixture {
    let accounts = Accounts::random();
    let token = accounts.organization_token.clone();
    let simulator = Simulator::start(Options {
        accounts,
        background_time: Duration::ZERO,
        ..Options::default()
    })
    .await
    .unwrap();
    let host = Host::parse(&simulator.origin()).unwrap();
    let credential = Credential::OrganizationToken(token.as_str().into());
    let client = Client::new(host, credential).unwrap();
    let served = reqwest::get(format!("{}/openapi.json", simulator.origin())).await;
    let mut description: Value = served.unwrap().json().await.unwrap();
    for (path, example) in [
        (
            "/auth/webhooks/key/{keyId}",
            key_id(&simulator, &client).await,
        ),
        (
            "/simulator/files/{name}",
            file_name(&simulator, &client, &token).await,
        ),
    ] {
        let parameter = &mut description["paths"][path]["get"]["parameters"][0];
        assert_eq!(parameter["in"], "path");
        parameter["example"] = json!(example);
    }
    Fixture {
        simulator,
        token,
        description,
        folder: tempfile::tempdir().unwrap(),
    }
}

impl Fixture {
    /// Whether schemathesis finds nothing, and its words.
    async fn run(&self, options: &[&str]) -> (bool, String) {
        let file = self.folder.path().join("openapi.json");
        std::fs::write(&file, self.description.to_string()).unwrap();
        let output = Command::new(installed("target/schemathesis/bin/schemathesis"))
            .current_dir(self.folder.path())
            .env("TOKENDESK_ORGANIZATION_TOKEN", &self.token)
            .arg("--config-file")
            .arg(installed("tests/interop/schemathesis.toml"))
            .args(["run", "--no-color", "--url", &self.simulator.origin()])
            .args(options)
            .arg(&file)
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        let words = [output.stdout, output.stderr].concat();
        let words = String::from_utf8_lossy(&words).into_owned();
        (output.status.success(), words)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_comes_that_is_not_described() {
    let fixture = fixture().await;
    let (sound, words) = fixture.run(&[]).await;
    assert!(sound, "{words}");
    let operations = fixture.description["paths"].as_object().unwrap();
    let operations: usize = operations
        .values()
        .map(|p| p.as_object().unwrap().len())
        .sum();
    let all = format!("Tested: {operations}\n");
    assert!(words.contains(&all), "each one is tested: {words}");
}

/// Else a sound simulator would say nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_described_is_found() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 2] = [
        ("Undocumented status code", |d| {
            let responses = &mut d["paths"]["/cases/{caseId}"]["get"]["responses"];
            responses.as_object_mut().unwrap().remove("404");
        }),
        ("Response violates schema", |d| {
            let case = &mut d["components"]["schemas"]["CaseDto"]["properties"];
            case["caseId"] = json!({ "type": "integer" });
        }),
    ];
    for (finding, change) in changes {
        let mut fixture = fixture().await;
        change(&mut fixture.description);
        let options = ["--include-operation-id", "get-case"];
        let (sound, words) = fixture.run(&options).await;
        assert!(!sound && words.contains(finding), "{finding}: {words}");
    }
}
