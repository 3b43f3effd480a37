use std::time::Duration;

use secrecy::SecretString;

use super::*;
use crate::{
    loopback::STOP_LIMIT,
    preview::source::{BoxFuture, PreviewContext},
};

const TOKEN: &str = "eyJ.</script><b>.sig";

#[derive(Default)]
struct Fake {
    used: Mutex<Vec<String>>,
    browser: Mutex<Vec<String>>,
    allowed: Mutex<Vec<String>>,
    refuse: bool,
}

impl PreviewSource for Fake {
    fn context(&self) -> PreviewContext {
        PreviewContext {
            workspace_name: "Demo".into(),
            demo: true,
            workflow_name: "KYC".into(),
            widget_script_url: "http://127.0.0.1:1/widget.js".into(),
            widget_origin: "http://127.0.0.1:1".into(),
            hosted_url: Some("http://127.0.0.1:1/hosted".into()),
            api_origin: "http://127.0.0.1:1".into(),
            allowed_hosts: self.allowed.lock().unwrap().clone(),
            lang: None,
            first_token: None,
        }
    }
    fn new_token(&self) -> BoxFuture<'_, Result<PreviewToken, PreviewError>> {
        Box::pin(async {
            if self.refuse {
                return Err(PreviewError::new(
                    "no_record",
                    "No such record",
                    "404",
                    "Check it",
                ));
            }
            Ok(PreviewToken {
                entry_id: "e1".into(),
                token: SecretString::from(TOKEN),
                expires_at_ms: 10,
                lifetime_ms: 10,
                elapsed_ms: 203,
                own: true,
            })
        })
    }
    fn widget_opened(&self, entry_id: &str) {
        self.used.lock().unwrap().push(entry_id.into());
    }
    fn allow_host(&self, host: &str) -> Result<(), PreviewError> {
        self.allowed.lock().unwrap().push(host.into());
        Ok(())
    }
    fn open_in_browser(&self, url: &str) -> Result<(), PreviewError> {
        self.browser.lock().unwrap().push(url.into());
        Ok(())
    }
}

async fn started(fake: &Arc<Fake>) -> PreviewServer {
    let assets: Assets = Arc::new(|name| {
        let html = b"<script src=\"/assets/p.js\"></script>".to_vec();
        (name == "preview.html").then(|| (html, "text/html".into()))
    });
    PreviewServer::start(fake.clone(), assets).await.unwrap()
}

async fn post(server: &PreviewServer, path: &str, body: &str) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{}api/{path}", server.frame_url()))
        .header("origin", server.frame_origin())
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn strangers_get_nothing() {
    let server = started(&Arc::default()).await;
    let http = reqwest::Client::new();
    for url in [server.shared.frame.url(), server.shared.host.url()] {
        let rebound = http
            .get(&url)
            .header("host", "evil.example")
            .send()
            .await
            .unwrap();
        assert_eq!(rebound.status(), 403);
        let ip = http
            .get(url.replace("localhost", "127.0.0.1"))
            .send()
            .await
            .unwrap();
        assert_eq!(ip.status(), 403);
        let origin = url.rsplitn(3, '/').last().unwrap();
        for path in ["/", "/x/", "/x/api/state", "/api/state"] {
            let answer = http.get(format!("{origin}{path}")).send().await.unwrap();
            assert_eq!(answer.status(), 404, "{path}");
            assert!(answer.headers().contains_key("content-security-policy"));
        }
    }
    let secrets = (&server.shared.frame.secret, &server.shared.host.secret);
    assert_ne!(secrets.0, secrets.1);
    assert_eq!(secrets.0.len(), 32);
    let same_site = http
        .get(format!("{}api/state", server.frame_url()))
        .header("sec-fetch-site", "same-site")
        .send()
        .await
        .unwrap();
    assert_eq!(same_site.status(), 403);
}

#[tokio::test]
async fn posts_need_the_frames_own_origin_and_json() {
    let fake = Arc::new(Fake::default());
    let server = started(&fake).await;
    let url = format!("{}api/token", server.frame_url());
    let http = reqwest::Client::new();
    let json = "application/json";
    for (origin, mime, status) in [
        (None, json, 403),
        (Some(server.host_origin()), json, 403),
        (Some("null".into()), json, 403),
        (Some(server.frame_origin()), "text/plain", 415),
    ] {
        let mut request = http.post(&url).header("content-type", mime).body("{}");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    assert!(server.shared.current().is_none());
    assert_eq!(
        post(&server, "token", &" ".repeat(BODY_LIMIT + 1))
            .await
            .status(),
        413
    );
    for host in ["*", "a.b;script-src *"] {
        let body = serde_json::json!({ "host": host }).to_string();
        assert_eq!(post(&server, "allow-host", &body).await.status(), 400);
    }
    assert_eq!(
        post(&server, "allow-host", r#"{"host":"id.example.org"}"#)
            .await
            .status(),
        204
    );
    assert_eq!(
        post(&server, "open", r#"{"what":"link","id":1}"#)
            .await
            .status(),
        400
    );
    assert!(fake.browser.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_token_is_only_in_the_page_body() {
    let fake = Arc::new(Fake::default());
    let server = started(&fake).await;
    let http = reqwest::Client::new();
    let page = server.shared.host.url();
    assert_eq!(http.get(&page).send().await.unwrap().status(), 409);
    let state = post(&server, "token", "{}").await;
    assert_eq!(state.status(), 200);
    assert!(!state.text().await.unwrap().contains("eyJ"));
    for _reload in 0..2 {
        let answer = http
            .get(format!("{page}?mode=inline&lang=pl"))
            .send()
            .await
            .unwrap();
        let headers = answer.headers().clone();
        let policy = headers["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("default-src 'none'"));
        assert!(policy.contains(&format!("frame-ancestors {}", server.frame_origin())));
        assert!(
            !policy.contains("transactionlink.io"),
            "a demo calls nobody"
        );
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(!format!("{headers:?}").contains("eyJ"));
        let body = answer.text().await.unwrap();
        assert!(body.contains("eyJ.\\u003c/script\\u003e\\u003cb\\u003e.sig"));
        assert!(!body.contains(TOKEN));
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap();
        assert!(body.contains(&format!("<script nonce=\"{nonce}\">")));
    }
    assert_eq!(
        post(&server, "open", r#"{"what":"page","mode":"modal"}"#)
            .await
            .status(),
        200
    );
    // The address stands on a command line, where others can read it: it works for the first only.
    let opened = fake.browser.lock().unwrap().remove(0);
    assert!(
        !opened.contains(&page) && !opened.contains("eyJ"),
        "{opened}"
    );
    assert_eq!(reqwest::get(&opened).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(&opened).await.unwrap().status(), 410);
    assert_eq!(*fake.used.lock().unwrap(), ["e1"]);
    let (lines, _) = server.log().follow(0);
    assert!(!format!("{lines:?}").contains("eyJ"));
}

#[tokio::test]
async fn the_frame_has_its_policy_and_says_why_a_token_was_refused() {
    let fake = Arc::new(Fake {
        refuse: true,
        ..Fake::default()
    });
    let server = started(&fake).await;
    let frame = reqwest::get(server.frame_url()).await.unwrap();
    let policy = frame.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.contains(&format!("frame-src {};", server.host_origin())));
    assert!(frame.text().await.unwrap().contains("\"./assets/p.js\""));
    let refused = post(&server, "token", "{}").await;
    assert_eq!(refused.status(), 502);
    assert!(refused.text().await.unwrap().contains("No such record"));
}

#[tokio::test]
async fn stopping_closes_both_ports_even_with_a_listener() {
    for by_drop in [false, true] {
        let server = started(&Arc::default()).await;
        server
            .log()
            .push(Level::Info, Icon::Page, "Run status", None);
        let mut events = reqwest::get(format!("{}api/events", server.frame_url()))
            .await
            .unwrap();
        let first = events.chunk().await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&first).contains("Run status"));
        let ports = [
            server.shared.frame.authority.clone(),
            server.shared.host.authority.clone(),
        ];
        if by_drop {
            drop(server);
        } else {
            tokio::time::timeout(STOP_LIMIT, server.stop())
                .await
                .unwrap();
        }
        while events.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
        for port in ports {
            let address = port.replace("localhost", "127.0.0.1");
            for _ in 0..50 {
                if tokio::net::TcpStream::connect(&address).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            assert!(tokio::net::TcpStream::connect(&address).await.is_err());
        }
    }
}

#[tokio::test]
async fn nobody_else_can_answer_for_localhost() {
    let server = started(&Arc::default()).await;
    for site in [&server.shared.frame, &server.shared.host] {
        let port: u16 = site.authority.rsplit(':').next().unwrap().parse().unwrap();
        let same = format!("http://[::1]:{port}/{}/api/state", site.secret);
        match tokio::net::TcpListener::bind(("::1", port)).await {
            Ok(_) => panic!("[::1]:{port} is free for the taking"),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            // A computer without IPv6: then localhost has no such address.
            Err(_) => continue,
        }
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let by_name = http.get(&same).header("host", &site.authority).send();
        let by_name = by_name.await.unwrap().status();
        let by_number = http.get(&same).send().await.unwrap().status();
        let known = if std::ptr::eq(site, &raw const server.shared.frame) {
            200
        } else {
            404
        };
        assert_eq!((by_name.as_u16(), by_number.as_u16()), (known, 403));
    }
    let (port, first) = crate::loopback::localhost_port().await.unwrap();
    assert!(!first.is_empty() && port > 0);
}
