//! Calling the simulator as a client would.

use reqwest::{
    Client, Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use tokendesk_simulator::{Accounts, Options, Outcome, Simulator, scenarios};

/// The workflow definition with this outcome.
pub(crate) fn workflow(outcome: Outcome) -> &'static str {
    let scenario = scenarios().iter().find(|s| s.outcome == outcome).unwrap();
    scenario.workflow_definition_id
}

/// A caller and the headers it sends.
pub(crate) struct Caller {
    pub(crate) http: Client,
    pub(crate) accounts: Accounts,
    origin: String,
    headers: HeaderMap,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Starts a simulator and a caller that sends JSON.
pub(crate) async fn start(options: Options) -> (Simulator, Caller) {
    let accounts = options.accounts.clone();
    let simulator = Simulator::start(options).await.unwrap();
    let caller = Caller {
        http: Client::builder().no_proxy().build().unwrap(),
        accounts,
        origin: simulator.origin(),
        headers: HeaderMap::new(),
    };
    (simulator, caller.with("content-type", "application/json"))
}

impl Caller {
    /// Sends this header from now on.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Sends this header no more.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn with_organization_token(self) -> Self {
        let token = self.accounts.organization_token.clone();
        self.with("authorization", &token)
    }

    pub(crate) fn v2(self) -> Self {
        self.with("accept", "application/json;version=2")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.read(self.http.get(self.url(path))).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.read(self.http.post(self.url(path)).body(body.to_owned()))
            .await
    }

    pub(crate) async fn send(&self, method: Method, path: &str) -> Answer {
        self.read(self.http.request(method, self.url(path))).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, &body.to_string()).await
    }

    /// Sends a form, in place of the JSON that is sent otherwise.
    pub(crate) async fn post_form(&self, path: &str, parts: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (disposition, content) in parts {
            let head = format!("content-disposition: form-data; {disposition}\r\n\r\n");
            body += &format!("--limit\r\n{head}{content}\r\n");
        }
        body += "--limit--\r\n";
        let mut headers = self.headers.clone();
        let value = HeaderValue::from_static("multipart/form-data; boundary=limit");
        headers.insert("content-type", value);
        let request = self.http.post(self.url(path)).headers(headers);
        Answer::read(request.body(body)).await
    }

    pub(crate) async fn authorize(&self, key: &str, secret: &str) -> Answer {
        let body = json!({ "key": key, "secret": secret }).to_string();
        self.post("/auth/authorize", &body).await
    }

    /// A token of version 2 for this workflow definition, and for no record.
    pub(crate) async fn token_for(&self, workflow: &str) -> Answer {
        let body = json!({ "workflowDefinitionId": workflow }).to_string();
        self.post("/token", &body).await
    }

    pub(crate) async fn exchange(&self, token: &str) -> Answer {
        let body = json!({ "token": token }).to_string();
        self.post("/simulator/widget/exchange", &body).await
    }

    pub(crate) async fn read(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::read(request.headers(self.headers.clone())).await
    }
}

impl Answer {
    async fn read(request: reqwest::RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        Self {
            status: answer.status(),
            headers: answer.headers().clone(),
            text: answer.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A text of the answer's JSON.
    pub(crate) fn field(&self, name: &str) -> String {
        let json = self.json();
        let text = json.get(name).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no `{name}` in {json}"))
            .to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Holds an answer against a status.
    #[track_caller]
    pub(crate) fn gave(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()
    }

    /// Holds a refusal against the documented error body; gives its first message.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let json = self.json();
        let object = json.as_object().unwrap();
        assert_eq!(object.len(), 2, "{json}");
        assert!(!json["fingerprint"].as_str().unwrap().is_empty());
        for error in json["errors"].as_array().unwrap() {
            assert_eq!(error.as_object().unwrap().len(), 2, "{json}");
            assert!(error["message"].is_string(), "{json}");
        }
        assert_eq!(json["errors"][0]["code"], code, "{json}");
        json["errors"][0]["message"].as_str().unwrap().to_owned()
    }
}
