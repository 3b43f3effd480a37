//! What the terminal's tests share: a person's terminal, a standing simulator, and what stands
//! between the two or beside them.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    response::Response,
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    desktop::{Desktop, Keyring, TOKENDESK},
    simulator::SimulatorProcess,
};

pub const WORKFLOW: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";
pub const CASE: &str = "11111111-2222-3333-4444-555555555555";
pub const RECORD: &str = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8";

/// A scenario of the simulator's by the end of its id.
pub fn scenario(end: &str) -> String {
    format!("7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f{end}")
}

/// What a call printed and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }

    /// The one line it printed.
    pub fn line(&self) -> &str {
        let line = self.out.strip_suffix('\n').unwrap_or(&self.out);
        assert!(!line.is_empty() && !line.contains('\n'), "{line}");
        line
    }
}

pub fn run(desktop: &Desktop, arguments: &[&str], input: &str) -> Said {
    let done = desktop.tokendesk(arguments, input);
    Said {
        code: done
            .status
            .code()
            .unwrap_or_else(|| panic!("{arguments:?}: {}", done.status)),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// A terminal with two workspaces on a simulator that stands: `Acme` with key and secret,
/// `Modern` with an organization token.
pub struct Terminal {
    pub desktop: Desktop,
    pub simulator: SimulatorProcess,
}

impl Terminal {
    pub fn new(simulator: &[&str]) -> Self {
        let desktop = Desktop::new(Keyring::Unlocked);
        let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", simulator);
        let terminal = Self { desktop, simulator };
        let both = format!(
            "{}\n{}\n",
            terminal.simulator.key, terminal.simulator.secret
        );
        let origin = terminal.simulator.origin.clone();
        terminal.add("Acme", "key-secret", &origin, &both);
        terminal.add_modern("Modern", &origin);
        terminal
    }

    /// Adds a workspace with the organization token, whose API answers at an origin.
    pub fn add_modern(&self, name: &str, origin: &str) {
        let token = format!("{}\n", self.simulator.organization_token);
        self.add(name, "organization-token", origin, &token);
    }

    fn add(&self, name: &str, auth: &str, origin: &str, input: &str) {
        let mut arguments = vec!["workspace", "add", name, "--auth", auth];
        arguments.extend(["--api-host", origin, "--widget-host", origin]);
        let added = self.with_input(&arguments, input);
        assert_eq!(added.code, 0, "{}", added.err);
    }

    /// Runs a command. No secret may ever reach standard error, which ends up in logs.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.with_input(arguments, "")
    }

    pub fn with_input(&self, arguments: &[&str], input: &str) -> Said {
        let said = run(&self.desktop, arguments, input);
        let link = format!("{}/", self.simulator.origin);
        for secret in [
            &*self.simulator.secret,
            &*self.simulator.organization_token,
            "eyJ",
            &*link,
        ] {
            assert!(!said.err.contains(secret), "{arguments:?}: {}", said.err);
        }
        said
    }

    /// The same for what has to work.
    pub fn done(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said
    }

    /// The same for what has to fail so, and so prints nothing.
    pub fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}", said.err);
        assert_eq!(said.out, "", "{arguments:?}");
        said.err
    }

    /// Starts a command that waits for something.
    pub fn start(&self, arguments: &[&str]) -> Waiting {
        let mut child = self
            .desktop
            .command(TOKENDESK)
            .args(arguments)
            .env_remove("DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Waiting {
            lines: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// The folder the commands run in.
    pub fn folder(&self) -> PathBuf {
        let command = self.desktop.command(TOKENDESK);
        command.get_current_dir().unwrap().to_owned()
    }

    /// Walks through the widget as an end user does, and says where the run stands then.
    pub async fn play(&self, token: &str) -> String {
        let opened = self.widget("exchange", json!({ "token": token })).await;
        self.finish(&opened).await
    }

    /// The same from a hosted link.
    pub async fn play_link(&self, link: &str) -> String {
        let id = link.rsplit('/').next().unwrap();
        let opened = self.widget("open", json!({ "link": id })).await;
        self.finish(&opened).await
    }

    async fn finish(&self, opened: &Value) -> String {
        let session = json!({ "session": opened["session"] });
        let finished = self.widget("finish", session).await;
        finished["status"].as_str().unwrap_or("none").to_owned()
    }

    async fn widget(&self, step: &str, body: Value) -> Value {
        let url = format!("{}/simulator/widget/{step}", self.simulator.origin);
        let answer = http().post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{step}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// What the API itself says at a path.
    pub async fn api(&self, path: &str) -> Value {
        let answer = http()
            .get(format!("{}{path}", self.simulator.origin))
            .header("Authorization", &self.simulator.organization_token)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }
}

/// A command under way.
pub struct Waiting {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Waiting {
    /// The next line it prints; empty at its end.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub fn code(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn http() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// What went over the wire.
#[derive(Clone)]
pub struct Sent {
    /// Method and path.
    pub what: String,
    pub body: String,
}

/// Stands between the terminal and the simulator and writes down what goes by.
pub struct Recorder {
    pub origin: String,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Recorder {
    pub async fn before(simulator: &SimulatorProcess) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = (simulator.origin.clone(), sent.clone());
        let router = Router::new().fallback(pass).with_state(state);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, sent }
    }

    /// The bodies sent so far by this method to this path.
    pub fn bodies(&self, what: &str) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        let such = sent.iter().filter(|sent| sent.what == what);
        such.map(|sent| sent.body.clone()).collect()
    }
}

async fn pass(
    State((origin, sent)): State<(String, Arc<Mutex<Vec<Sent>>>)>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    sent.lock().unwrap().push(Sent {
        what: format!("{} {}", parts.method, parts.uri.path()),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    parts.headers.remove("host");
    let answer = http()
        .request(parts.method, format!("{origin}{}", parts.uri))
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != "transfer-encoding" {
            response = response.header(name, value);
        }
    }
    let body: Bytes = answer.bytes().await.unwrap();
    response.body(Body::from(body)).unwrap()
}
