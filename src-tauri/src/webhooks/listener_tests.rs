use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokendesk_core::webhooks::Verdict;
use tokio::sync::Notify;

use super::*;
use crate::webhooks::received::{ReceivedWebhook, tests::report};

/// Verifies nothing: says valid once it may, and writes down what it was asked.
struct Fake {
    asked: Mutex<Vec<(Vec<u8>, String)>>,
    looked: Mutex<Vec<String>>,
    changes: AtomicUsize,
    change: Notify,
    may: Semaphore,
}

impl Fake {
    fn that_lets(count: usize) -> Arc<Self> {
        Arc::new(Self {
            asked: Mutex::default(),
            looked: Mutex::default(),
            changes: AtomicUsize::new(0),
            change: Notify::new(),
            may: Semaphore::new(count),
        })
    }
}

impl Inspect for Fake {
    fn verify<'a>(&'a self, body: &'a [u8], signature: &'a str) -> Later<'a, WebhookReport> {
        Box::pin(async move {
            let asked = (body.to_vec(), signature.to_owned());
            self.asked.lock().unwrap().push(asked);
            self.may.acquire().await.unwrap().forget();
            report(Verdict::Valid)
        })
    }
    fn look<'a>(&'a self, run_id: &'a str) -> Later<'a, Option<String>> {
        Box::pin(async move {
            self.looked.lock().unwrap().push(run_id.to_owned());
            (run_id == "ours").then(|| "e1".to_owned())
        })
    }
    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.change.notify_one();
    }
}

async fn started(fake: &Arc<Fake>) -> (Listener, Arc<Received>) {
    let received = Arc::new(Received::default());
    let listener = Listener::start(fake.clone(), received.clone()).await;
    (listener.unwrap(), received)
}

async fn send(url: &str, body: impl Into<reqwest::Body>) -> u16 {
    let request = reqwest::Client::new().post(url).body(body);
    let answer = request.header("JWS-SIGNATURE", "h..s").send().await;
    answer.unwrap().status().as_u16()
}

async fn listed(received: &Received, count: usize) -> Vec<ReceivedWebhook> {
    for _ in 0..500 {
        let list = received.list();
        if list.len() >= count {
            return list;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    received.list()
}

#[tokio::test]
async fn a_webhook_is_taken_to_the_byte_and_answered_before_its_verdict() {
    let fake = Fake::that_lets(0);
    let (listener, received) = started(&fake).await;
    let body = b"{\"workflowId\":\"ours\",\r\n\"eventType\":\"WORKFLOW_COMPLETED\"}\n\xff".to_vec();
    assert_eq!(send(&listener.url(), body.clone()).await, 204);
    assert!(received.list().is_empty(), "it has no verdict yet");
    fake.may.add_permits(1);
    assert_eq!(listed(&received, 1).await.len(), 1);
    assert_eq!(*fake.asked.lock().unwrap(), [(body, "h..s".to_owned())]);
    assert!(
        fake.looked.lock().unwrap().is_empty(),
        "the body is no JSON"
    );
}

#[tokio::test]
async fn a_run_of_ours_is_looked_at_and_named() {
    let fake = Fake::that_lets(2);
    let (listener, received) = started(&fake).await;
    for run in ["ours", "theirs"] {
        let body = format!(r#"{{"workflowId":"{run}","eventType":"WORKFLOW_COMPLETED"}}"#);
        assert_eq!(send(&listener.url(), body).await, 204);
    }
    let named = async {
        while !received.list().iter().any(|row| row.run_entry_id.is_some())
            || fake.looked.lock().unwrap().len() < 2
        {
            fake.change.notified().await;
        }
    };
    timeout(Duration::from_secs(5), named).await.unwrap();
    let list = received.list();
    assert_eq!(list[0].run_entry_id, None);
    assert_eq!(list[1].run_entry_id.as_deref(), Some("e1"));
    assert_eq!(list[1].summary, "WORKFLOW_COMPLETED");
    assert!(fake.changes.load(Ordering::SeqCst) >= 3);
}

#[tokio::test]
async fn only_a_post_to_the_secret_path_gets_in() {
    let fake = Fake::that_lets(0);
    let (listener, _) = started(&fake).await;
    let url = listener.url();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let (origin, path) = url.trim_end_matches('/').rsplit_once('/').unwrap();
    assert_eq!(path.len(), 32, "128 bits");
    for other in ["/", "/x/", &format!("/{path}"), &format!("/{path}/x"), "//"] {
        assert_eq!(
            send(&format!("{origin}{other}"), "{}").await,
            404,
            "{other}"
        );
    }
    let got = reqwest::get(&url).await.unwrap();
    assert_eq!(got.status(), 405);
    assert!(fake.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_body_may_have_a_mebibyte_and_no_byte_more() {
    let fake = Fake::that_lets(1);
    let (listener, received) = started(&fake).await;
    assert_eq!(send(&listener.url(), vec![b' '; BODY_LIMIT + 1]).await, 413);
    assert_eq!(send(&listener.url(), vec![b' '; BODY_LIMIT]).await, 204);
    assert_eq!(listed(&received, 1).await.len(), 1);
    assert_eq!(fake.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn no_signature_or_two_verify_as_none() {
    let fake = Fake::that_lets(2);
    let (listener, received) = started(&fake).await;
    let http = reqwest::Client::new();
    let none = http.post(listener.url()).body("a").send().await.unwrap();
    assert_eq!(none.status(), 204);
    let two = http
        .post(listener.url())
        .header(SIGNATURE, "a..b")
        .header(SIGNATURE, "c..d");
    assert_eq!(two.body("b").send().await.unwrap().status(), 204);
    listed(&received, 2).await;
    let asked = fake.asked.lock().unwrap();
    assert!(asked.iter().all(|(_, signature)| signature.is_empty()));
}

#[tokio::test]
async fn more_than_can_wait_are_asked_to_come_again() {
    let fake = Fake::that_lets(0);
    let (listener, received) = started(&fake).await;
    for number in 0..WAITING_LIMIT {
        assert_eq!(send(&listener.url(), number.to_string()).await, 204);
    }
    assert_eq!(send(&listener.url(), "one more").await, 503);
    fake.may.add_permits(WAITING_LIMIT + 1);
    assert_eq!(listed(&received, WAITING_LIMIT).await.len(), WAITING_LIMIT);
    while send(&listener.url(), "one more").await == 503 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(
        listed(&received, WAITING_LIMIT + 1).await.len(),
        WAITING_LIMIT + 1
    );
}

#[tokio::test]
async fn stopping_closes_the_port_and_loses_no_verdict() {
    for by_drop in [false, true] {
        let fake = Fake::that_lets(0);
        let (listener, received) = started(&fake).await;
        let (url, address) = (listener.url(), listener.address);
        assert_eq!(send(&url, "{}").await, 204);
        if by_drop {
            drop(listener);
        } else {
            listener.stop().await;
        }
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(address).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
        fake.may.add_permits(1);
        assert_eq!(listed(&received, 1).await.len(), 1);
    }
}
