//! A real server on a loopback port, which records what it was sent and answers from a script.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, Uri},
};
use transactionlink::{Client, Credential, Host, Limits};

/// What arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// What is answered to what no script is there for: a refusal in the documented form.
const UNKNOWN: &str = r#"{"fingerprint":"f-404","errors":[{"code":"c","message":"not here"}]}"#;

/// What is answered to one request.
#[derive(Clone, Default)]
pub(crate) struct Say {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) delay: Duration,
}

pub(crate) fn say(status: u16, body: impl Into<Vec<u8>>) -> Say {
    Say {
        status,
        body: body.into(),
        ..Say::default()
    }
}

impl Say {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// What to say to which method and path.
type Script = Vec<(String, VecDeque<Say>)>;

#[derive(Clone, Default)]
struct Shared {
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Mutex<Script>>,
}

pub(crate) struct Server {
    pub(crate) url: String,
    shared: Shared,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let shared = Shared::default();
        let app = Router::new().fallback(answer).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, shared }
    }

    /// Answers in this order; the last one stays.
    pub(crate) fn on(&self, line: &str, says: impl IntoIterator<Item = Say>) -> &Self {
        let says = says.into_iter().collect();
        self.shared
            .script
            .lock()
            .unwrap()
            .push((line.to_owned(), says));
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|seen| *seen == line).count()
    }

    pub(crate) fn key_secret(&self) -> Client {
        client(&self.url, key_secret())
    }

    pub(crate) fn organization(&self) -> Client {
        client(
            &self.url,
            Credential::OrganizationToken("tot_hidden-value".into()),
        )
    }
}

pub(crate) fn key_secret() -> Credential {
    Credential::KeySecret {
        key: "key-hidden-value".into(),
        secret: "secret-hidden-value".into(),
    }
}

pub(crate) fn client(url: &str, credential: Credential) -> Client {
    let limits = Limits {
        connect: Duration::from_secs(2),
        // Long enough for a busy computer, short of what the tests have a server wait.
        request: Duration::from_millis(2500),
        transfer: Duration::from_millis(4200),
        idle: Duration::from_secs(3),
        body_bytes: 4096,
        result_bytes: 8192,
        download_bytes: 20_000,
    };
    Client::with_limits(Host::parse(url).unwrap(), credential, limits).unwrap()
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let line = format!("{method} {uri}");
    shared.seen.lock().unwrap().push(Seen {
        line: line.clone(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body.to_vec(),
    });
    let chosen = {
        let mut script = shared.script.lock().unwrap();
        let says = script.iter_mut().find(|(on, _)| *on == line);
        says.and_then(|(_, says)| {
            if says.len() > 1 {
                says.pop_front()
            } else {
                says.front().cloned()
            }
        })
        .unwrap_or_else(|| say(404, UNKNOWN))
    };
    tokio::time::sleep(chosen.delay).await;
    let mut response = Response::builder().status(chosen.status);
    for (name, value) in chosen.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(chosen.body)).unwrap()
}
