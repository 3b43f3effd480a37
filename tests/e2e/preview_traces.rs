//! What a preview leaves behind when its window is closed: no process, no storage, no folder.

use std::{fs, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::header,
    response::Html,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    desktop::{Desktop, Keyring, wait_for},
    display::{CONTROL, Display},
    preview::opened,
    processes::tree,
    terminal_setting::{Terminal, WORKFLOW},
    web::Web,
};

const W: u32 = 0x77;
const TITLE: &str = "Preview";

/// A process and all it started, by their names.
fn names(root: u32) -> Vec<String> {
    let name = |id: u32| fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
    let mut names: Vec<_> = tree(root).into_iter().map(name).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_leave_no_process_and_no_folder() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let display = Display::open(None);
    let app = Web::app(&desktop).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;

    // What the first one starts for good is no part of the question.
    let mut before = Vec::new();
    for round in 0..20 {
        let address = opened(&app).await;
        wait_for("the preview's window", || {
            !display.windows(TITLE).is_empty()
        });
        if round == 0 {
            only_built_files_are_served(&address).await;
        }
        let window = display.windows(TITLE)[0];
        if round % 2 == 0 {
            display.close(window);
        } else {
            display.press(window, &[CONTROL, W]);
        }
        wait_for("the end of the preview's window", || {
            display.windows(TITLE).is_empty()
        });
        if round == 0 {
            wait_for("its page's process to end", || {
                before = names(app.program());
                let pages = before.iter().filter(|name| name.starts_with("WebKitWeb"));
                pages.count() == 1
            });
        }
    }
    wait_for("as many processes as before", || {
        names(app.program()) == before
    });
    let networks = before
        .iter()
        .filter(|name| name.starts_with("WebKitNetwork"));
    assert_eq!(networks.count(), 1, "{before:?}");
    let folder = desktop.cache().join("io.tokendesk.desktop/previews");
    assert!(!folder.exists(), "nothing of it is on the disk");
    app.close().await;
}

/// The frame has its own files and no other page, whatever a path looks like.
async fn only_built_files_are_served(address: &str) {
    let at = |path: &str| format!("{address}{path}");
    let page = reqwest::get(address).await.unwrap().text().await.unwrap();
    let script = page.split("./assets/").nth(1).unwrap();
    let script = script.split('"').next().unwrap();
    let known = reqwest::get(at(&format!("assets/{script}"))).await.unwrap();
    assert_eq!(known.status(), 200);
    for unknown in [
        "nothing",
        "INDEX.HTML",
        "index",
        "index.html",
        "preview",
        "assets",
        "assets/",
        "assets/%00",
        "assets/nothing.js",
        "%2e%2e/index.html",
        "assets%2Fnothing",
    ] {
        let answer = reqwest::get(at(unknown)).await.unwrap();
        assert_eq!(answer.status(), 404, "{unknown}");
    }
}

/// A page that says what it finds stored, stores something everywhere, and does so twice.
const STORING_PAGE: &str = r"<!doctype html><script>
const database = () => new Promise(done => {
  const opening = indexedDB.open('left');
  let made = false;
  opening.onupgradeneeded = () => { made = true; };
  opening.onsuccess = () => { opening.result.close(); done(!made); };
  opening.onerror = () => done('refused');
});
const attempt = async what => { try { return await what(); } catch (error) { return 'refused'; } };
(async () => {
  const found = {
    cookie: await attempt(() => document.cookie.includes('left')),
    local: await attempt(() => localStorage.getItem('left') !== null),
    session: await attempt(() => sessionStorage.getItem('left') !== null),
    database: await attempt(database),
    cache: await attempt(() => caches.has('left')),
  };
  await attempt(() => { document.cookie = 'left=1; path=/; max-age=3600'; });
  await attempt(() => localStorage.setItem('left', '1'));
  await attempt(() => sessionStorage.setItem('left', '1'));
  await attempt(() => caches.open('left'));
  await fetch('/found', { method: 'POST', body: JSON.stringify(found) });
  if (location.hash !== '#again') { location.hash = '#again'; location.reload(); }
})();
</script>";

/// Serves a widget that shows that page in a frame, and takes what it finds.
async fn storing_widget() -> (String, mpsc::Receiver<Value>) {
    let (told, findings) = mpsc::channel(8);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let script = Arc::new(format!(
        "const frame = document.createElement('iframe'); frame.src = '{origin}/page';
         document.body.append(frame);"
    ));
    let router = Router::new()
        .route(
            "/transactionlink-widget.umd.js",
            get(async move || {
                (
                    [(header::CONTENT_TYPE, "text/javascript")],
                    script.to_string(),
                )
            }),
        )
        .route("/page", get(async || Html(STORING_PAGE)))
        .route(
            "/found",
            post(
                async |State(told): State<mpsc::Sender<Value>>, body: String| {
                    told.send(serde_json::from_str(&body).unwrap())
                        .await
                        .unwrap();
                },
            ),
        )
        .with_state(told);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, findings)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_preview_stores_the_next_does_not_find() {
    let terminal = Terminal::new(&[]);
    let (origin, mut findings) = storing_widget().await;
    let token = format!("{}\n", terminal.simulator.organization_token);
    let hosts = [
        "--api-host",
        &terminal.simulator.origin,
        "--widget-host",
        &origin,
    ];
    let add = [&["workspace", "add", "Storing"], &hosts[..]].concat();
    assert!(terminal.desktop.tokendesk(&add, &token).status.success());

    let app = Web::app(&terminal.desktop).await;
    let state = app.invoke("app_state", json!({})).await.unwrap();
    let workspaces = state["workspaces"].as_array().unwrap();
    let storing = workspaces.iter().find(|w| w["name"] == "Storing").unwrap();
    let request = json!({
        "workspaceId": storing["id"], "api": "v2", "workflowId": WORKFLOW, "subject": "",
        "parametersId": "", "lang": "", "label": "", "purpose": "handOver",
    });
    let issued = app
        .invoke("issue_token", json!({ "request": request }))
        .await
        .unwrap();
    let mut next = async || {
        let found = tokio::time::timeout(std::time::Duration::from_secs(60), findings.recv());
        found.await.expect("the page tells what it finds").unwrap()
    };
    let display = Display::open(None);
    // The third beside the second: neither a closed preview's storage nor an open one's is found.
    for closes in [true, false, true] {
        let opening = json!({ "entryId": issued["id"], "useThisToken": false });
        app.invoke("open_preview", opening).await.unwrap();
        let first = next().await;
        for (what, found) in first.as_object().unwrap() {
            assert_ne!(*found, true, "{what} of another preview was found: {first}");
        }
        let again = next().await;
        assert_eq!(again["local"], true, "it does store: {again}");
        if closes {
            let window = *display.windows(TITLE).last().unwrap();
            display.close(window);
        }
    }
    app.close().await;
    for (path, bytes) in terminal.desktop.files() {
        let port = origin.rsplit(':').next().unwrap();
        let site = format!("127.0.0.1_{port}");
        let there = bytes.windows(site.len()).any(|w| w == site.as_bytes());
        let named = path.display().to_string().contains(&site);
        assert!(!there && !named, "{} is of a preview", path.display());
    }
}
