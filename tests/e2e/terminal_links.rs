//! `tokendesk link` and `tokendesk webhook`.

use std::{fs, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::terminal_setting::{CASE, RECORD, Recorder, Terminal, WORKFLOW, http, scenario};

async fn opens(link: &str) -> u16 {
    http().get(link).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_warns_before_a_link_ends_another() {
    let terminal = Terminal::new(&[]);
    let recorder = Recorder::before(&terminal.simulator).await;
    terminal.add_modern("Recorded", &recorder.origin);
    let base = ["link", "--workspace", "Recorded", "--workflow", WORKFLOW];
    let with = |more: &[&'static str]| [&base[..], more].concat();

    let first = terminal.done(&with(&["--record", RECORD]));
    let first = first.line();
    assert!(first.starts_with(&terminal.simulator.origin), "{first}");
    assert_eq!(opens(first).await, 200);
    let refused = terminal.fails(2, &with(&["--record", RECORD]));
    for says in ["made just now", "--replace"] {
        assert!(refused.contains(says), "{refused}");
    }
    assert_eq!(opens(first).await, 200, "nothing was sent");
    assert_eq!(recorder.bodies("POST /link").len(), 1);

    let second = terminal.done(&with(&["--record", RECORD, "--replace", "--json"]));
    assert!(second.err.contains("This ends the link"), "{}", second.err);
    let second = second.json();
    let link = second["link"].as_str().unwrap();
    assert_eq!((opens(first).await, opens(link).await), (410, 200));
    let kept = terminal.done(&["history", "--json"]).json();
    let statuses: Vec<&Value> = kept
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["status"])
        .collect();
    assert_eq!(statuses[1], "superseded", "{kept}");
    assert_ne!(statuses[0], "superseded");
    let rows = terminal.done(&["history"]).out;
    let rows: Vec<&str> = rows.lines().collect();
    assert!(
        rows[0].contains(" d "),
        "a link lives for days: {}",
        rows[0]
    );
    let superseded = rows[1].split_whitespace().nth(1).unwrap();
    assert!(superseded.ends_with('Z'), "no time is left: {}", rows[1]);
    assert!(!kept.to_string().contains(link), "a list has no links");
    terminal.play_link(link).await;
    assert_eq!(opens(link).await, 410, "it opens the widget once");

    // Without a subject no link ends another.
    let sent = terminal.done(&with(&["--send"]));
    assert_eq!(opens(sent.line()).await, 200);
    assert!(sent.err.contains("asked to send"), "{}", sent.err);
    assert_eq!(recorder.bodies("POST /link/send").len(), 1);
    let shown = terminal.done(&with(&["--qr"]));
    assert_eq!(
        opens(shown.line()).await,
        200,
        "the code is beside the link"
    );
    assert_square(&shown.err);
    terminal.done(&with(&["--api", "v1", "--case", CASE]));

    terminal.fails(2, &with(&["--qr", "--json"]));
    terminal.fails(2, &with(&["--case", CASE]));
    terminal.fails(2, &with(&["--api", "v1"]));
    let forbidden = scenario("0e");
    let forbidden = ["link", "--workspace", "Acme", "--workflow", &forbidden];
    let said = terminal.fails(4, &forbidden);
    assert!(said.contains("HTTP 403"), "{said}");
    let demo = terminal.done(&["link", "--workspace", "demo", "--workflow", WORKFLOW]);
    assert!(demo.err.contains("The demo ends"), "{}", demo.err);
}

/// A QR code of two modules a character: half as many lines as characters in each.
fn assert_square(code: &str) {
    let blocks = [' ', '\u{2580}', '\u{2584}', '\u{2588}'];
    let lines: Vec<&str> = code.lines().collect();
    let side = lines[0].chars().count();
    assert!(side > 20 && side.div_ceil(2) == lines.len(), "{code}");
    for line in lines {
        assert_eq!(line.chars().count(), side, "{code}");
        assert!(line.chars().all(|c| blocks.contains(&c)), "{code}");
    }
}

/// What a listener for webhooks gets.
pub struct Heard {
    pub signature: String,
    pub body: Bytes,
}

pub async fn listen() -> (String, mpsc::UnboundedReceiver<Heard>) {
    let (heard, hearing) = mpsc::unbounded_channel();
    let hear = move |headers: HeaderMap, body: Bytes| {
        let signature = headers["jws-signature"].to_str().unwrap().to_owned();
        heard.send(Heard { signature, body }).unwrap();
        async { StatusCode::OK }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(hear));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, hearing)
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_verifies_the_webhook_of_a_run() {
    let (url, mut hearing) = listen().await;
    let terminal = Terminal::new(&["--webhook", &url]);
    let workflow = scenario("0b");
    let mut arguments = vec!["run", "--workspace", "Modern", "--workflow", &*workflow];
    arguments.push("--background");
    let run = terminal.done(&arguments);
    let heard = tokio::time::timeout(Duration::from_secs(30), hearing.recv()).await;
    let Heard { signature, body } = heard.unwrap().unwrap();
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told["workflowId"], run.line());

    let verify = |path: &str, signature: &str, more: &[&str]| {
        let mut arguments = vec!["webhook", "verify", "--workspace", "Modern"];
        arguments.extend(["--body", path, "--signature", signature]);
        arguments.extend(more);
        terminal.run(&arguments)
    };
    let file = |name: &str, bytes: &[u8]| fs::write(terminal.folder().join(name), bytes).unwrap();
    file("body.json", &body);
    let valid = verify("body.json", &signature, &[]);
    assert_eq!(valid.code, 0, "{}", valid.err);
    assert!(valid.line().starts_with("valid: "), "{}", valid.out);
    let report = verify("body.json", &signature, &["--json"]).json();
    assert_eq!(
        (&report["verdict"], &report["algorithm"]),
        (&json!("valid"), &json!("RS256"))
    );
    let mut piped = vec!["webhook", "verify", "--workspace", "Acme", "--body", "-"];
    piped.extend(["--signature", &signature]);
    let text = std::str::from_utf8(&body).unwrap();
    let piped = terminal.with_input(&piped, text);
    assert_eq!(
        piped.code, 0,
        "either credential fetches the key: {}",
        piped.err
    );

    for at in [0, body.len() / 2, body.len() - 1] {
        let mut changed = body.to_vec();
        changed[at] ^= 1;
        file("changed.json", &changed);
        let invalid = verify("changed.json", &signature, &[]);
        assert_eq!(invalid.code, 4, "byte {at}: {}", invalid.out);
        assert!(invalid.line().starts_with("invalid: "), "{}", invalid.out);
    }
    file("longer.json", &[&body[..], b"\n"].concat());
    assert_eq!(
        verify("longer.json", &signature, &[]).code,
        4,
        "not even a line end more"
    );

    let (header, rest) = signature.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let forged = |name: &str, value: &str| {
        let mut header = header.clone();
        header[name] = value.into();
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
    };
    for (forgery, verdict) in [
        (
            forged("kid", "12345678-1234-4234-8234-123456789012"),
            "unknownKey",
        ),
        (forged("alg", "none"), "invalid"),
        (forged("alg", "HS256"), "invalid"),
        (forged("alg", "\u{1b}[2J"), "invalid"),
        ("no signature".to_owned(), "invalid"),
    ] {
        let said = verify("body.json", &forgery, &[]);
        assert_eq!(said.code, 4, "{}", said.err);
        assert!(
            said.line().starts_with(&format!("{verdict}: ")),
            "{}",
            said.out
        );
        assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'));
        let report = verify("body.json", &forgery, &["--json"]);
        assert_eq!(
            (report.code, &report.json()["verdict"]),
            (4, &json!(verdict))
        );
    }
    assert_eq!(verify("no-such-file.json", &signature, &[]).code, 2);

    let Terminal { desktop, simulator } = terminal;
    drop(simulator);
    let mut away = vec!["webhook", "verify", "--workspace", "Modern", "--json"];
    away.extend(["--body", "body.json", "--signature", &signature]);
    let away = crate::terminal_setting::run(&desktop, &away, "");
    assert_eq!(
        (away.code, &away.json()["verdict"]),
        (5, &json!("unchecked")),
        "{}",
        away.err
    );
}
