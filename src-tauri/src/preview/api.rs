//! The frame's page, its assets, and what it may ask of the app.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response, Sse, sse},
    routing::{get, post},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::{
    log::{Icon, Level, Line, now_ms},
    page::{self, Mode},
    server::{Shared, set},
    source::PreviewError,
};

const ENTRY: &str = "preview.html";
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

type App = State<Arc<Shared>>;
type Answer = Result<Response, Refusal>;

/// The routes below the frame's secret.
pub(super) fn routes(secret: &str) -> Router<Arc<Shared>> {
    let api = Router::new()
        .route("/state", get(state))
        .route("/events", get(events))
        .route("/token", post(token))
        .route("/opened", post(opened))
        .route("/allow-host", post(allow_host))
        .route("/open", post(open))
        .layer(middleware::from_fn(own_pages_only));
    Router::new()
        .route(&format!("/{secret}/"), get(frame))
        .route(&format!("/{secret}/{{*path}}"), get(asset))
        .nest(&format!("/{secret}/api"), api)
}

/// A refusal with its status.
struct Refusal(StatusCode, PreviewError);

impl Refusal {
    fn request(detail: &str) -> Self {
        let error = PreviewError::new(
            "preview_request",
            "The preview could not do that",
            detail,
            "",
        );
        Self(StatusCode::BAD_REQUEST, error)
    }
}

impl From<PreviewError> for Refusal {
    fn from(error: PreviewError) -> Self {
        Self(StatusCode::BAD_GATEWAY, error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// Another page on localhost is another site to the browser only by its port: say no to it.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let site = request.headers().get(SEC_FETCH_SITE);
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Reads the body of a POST that the frame itself sent.
fn sent<T: DeserializeOwned>(
    shared: &Shared,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, Refusal> {
    let own = shared.frame.origin();
    if headers
        .get(header::ORIGIN)
        .is_none_or(|origin| origin != own.as_str())
    {
        let error = PreviewError::new(
            "preview_origin",
            "Refused",
            "The request came from another page.",
            "",
        );
        return Err(Refusal(StatusCode::FORBIDDEN, error));
    }
    let mime = headers
        .get(header::CONTENT_TYPE)
        .and_then(|mime| mime.to_str().ok())
        .unwrap_or("");
    if mime.split(';').next().map(str::trim) != Some("application/json") {
        let error = PreviewError::new("preview_type", "Refused", "The request is not JSON.", "");
        return Err(Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    serde_json::from_slice(body).map_err(|_| Refusal::request("The request was not understood."))
}

async fn frame(State(shared): App) -> Response {
    match (shared.assets)(ENTRY) {
        Some((html, _)) => {
            // The build may name its assets from the root; here the root is the secret path.
            let html = String::from_utf8_lossy(&html).replace("=\"/assets/", "=\"./assets/");
            page_response(&shared, html.into_bytes(), "text/html; charset=utf-8")
        }
        None => (
            StatusCode::NOT_FOUND,
            "The preview's page is not in this build.",
        )
            .into_response(),
    }
}

async fn asset(State(shared): App, Path(path): Path<String>) -> Response {
    if path
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.'))
        || path.ends_with(".html")
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    match (shared.assets)(&path) {
        Some((bytes, mime)) => page_response(&shared, bytes, &mime),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn page_response(shared: &Shared, bytes: Vec<u8>, mime: &str) -> Response {
    let mut response = bytes.into_response();
    set(&mut response, header::CONTENT_TYPE, mime);
    set(
        &mut response,
        header::CONTENT_SECURITY_POLICY,
        &page::frame_policy(&shared.host.origin()),
    );
    set(
        &mut response,
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        &mut response,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    response
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenView {
    entry_id: String,
    expires_at_ms: i64,
    lifetime_ms: i64,
    elapsed_ms: u64,
    own: bool,
    opened: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateView {
    workspace_name: String,
    workflow_name: String,
    demo: bool,
    lang: Option<String>,
    host_url: String,
    host_origin: String,
    hosted: bool,
    allowed_hosts: Vec<String>,
    now_ms: i64,
    token: Option<TokenView>,
}

fn view(shared: &Shared) -> Response {
    let context = shared.source.context();
    let token = shared.current().map(|current| TokenView {
        entry_id: current.token.entry_id,
        expires_at_ms: current.token.expires_at_ms,
        lifetime_ms: current.token.lifetime_ms,
        elapsed_ms: current.token.elapsed_ms,
        own: current.token.own,
        opened: current.opened,
    });
    Json(StateView {
        workspace_name: context.workspace_name,
        workflow_name: context.workflow_name,
        demo: context.demo,
        lang: context.lang,
        host_url: shared.host.url(),
        host_origin: shared.host.origin(),
        hosted: context.hosted_url.is_some(),
        allowed_hosts: context.allowed_hosts,
        now_ms: now_ms(),
        token,
    })
    .into_response()
}

async fn state(State(shared): App) -> Response {
    view(&shared)
}

async fn events(State(shared): App, headers: HeaderMap) -> Response {
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    Sse::new(lines(&shared, last.unwrap_or(0)))
        .keep_alive(sse::KeepAlive::default())
        .into_response()
}

/// The lines after `seq`, then each new one, until the server stops or the frame goes away.
fn lines(shared: &Shared, mut seq: u64) -> ReceiverStream<Result<sse::Event, Infallible>> {
    let (to_frame, stream) = mpsc::channel(16);
    let log = shared.log.clone();
    let mut stopping = shared.stopping.clone();
    tokio::spawn(async move {
        let (mut past, mut live) = log.follow(seq);
        loop {
            for line in past.drain(..) {
                seq = line.seq;
                if to_frame.send(Ok(event(&line))).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return,
                () = to_frame.closed() => return,
                line = live.recv() => match line {
                    Ok(line) => past.push_back(line),
                    Err(RecvError::Lagged(_)) => (past, live) = log.follow(seq),
                    Err(RecvError::Closed) => return,
                },
            }
        }
    });
    ReceiverStream::new(stream)
}

fn event(line: &Line) -> sse::Event {
    let event = sse::Event::default().id(line.seq.to_string());
    event.json_data(line).unwrap_or_default()
}

#[derive(Deserialize)]
struct Nothing {}

async fn token(State(shared): App, headers: HeaderMap, body: Bytes) -> Answer {
    let Nothing {} = sent(&shared, &headers, &body)?;
    shared.issue().await?;
    Ok(view(&shared))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    entry_id: String,
}

async fn opened(State(shared): App, headers: HeaderMap, body: Bytes) -> Answer {
    let Opened { entry_id } = sent(&shared, &headers, &body)?;
    if shared.mark_opened(&entry_id) {
        shared.source.widget_opened(&entry_id);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct AllowHost {
    host: String,
}

async fn allow_host(State(shared): App, headers: HeaderMap, body: Bytes) -> Answer {
    let AllowHost { host } = sent(&shared, &headers, &body)?;
    let host = host.to_ascii_lowercase();
    if !page::is_host(&host) {
        return Err(Refusal::request("That is not the name of a host."));
    }
    shared.source.allow_host(&host)?;
    shared.log.push(
        Level::Info,
        Icon::Window,
        "Host allowed for this workspace",
        Some(&host),
    );
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "lowercase")]
enum Open {
    Page { mode: Mode, lang: Option<String> },
    Link { id: u64 },
}

async fn open(State(shared): App, headers: HeaderMap, body: Bytes) -> Answer {
    match sent(&shared, &headers, &body)? {
        Open::Page { mode, lang } => open_page(&shared, mode, lang.as_deref()).await?,
        Open::Link { id } => {
            let url = shared
                .log
                .link(id)
                .ok_or_else(|| Refusal::request("That link is gone."))?;
            shared.source.open_in_browser(&url)?;
        }
    }
    Ok(view(&shared))
}

/// Opens the page outside, with a token of its own where this one was already started. The
/// address stands on a command line on its way there, so it holds no token and works once.
async fn open_page(shared: &Shared, mode: Mode, lang: Option<&str>) -> Result<(), Refusal> {
    if shared.current().is_none_or(|current| current.opened) {
        shared.issue().await?;
    }
    let Some(current) = shared.current() else {
        return Err(Refusal::request("There is no token to show yet."));
    };
    if mode == Mode::Hosted && shared.source.context().hosted_url.is_none() {
        return Err(Refusal::request("This workspace has no hosted page."));
    }
    let lang = lang.filter(|lang| page::is_lang(lang)).map(str::to_owned);
    let url = shared
        .once(mode, lang)
        .map_err(|error| Refusal::request(&error.to_string()))?;
    shared.source.open_in_browser(&url)?;
    let entry_id = &current.token.entry_id;
    if shared.mark_opened(entry_id) {
        shared.source.widget_opened(entry_id);
    }
    shared
        .log
        .push(Level::Info, Icon::Window, "Opened in the browser", None);
    Ok(())
}
