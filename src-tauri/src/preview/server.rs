//! The loopback server: one port for the frame, one for the host page, a secret path on each.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use tokio::{sync::watch, task::JoinHandle};

use super::{
    api,
    log::{Icon, Level, PreviewLog},
    page::{self, Mode},
    source::{PreviewError, PreviewSource, PreviewToken},
};
use crate::loopback::{close, localhost_port, secret, serve};

const BODY_LIMIT: usize = 16 * 1024;

/// Finds a built asset by its name: its bytes and its MIME type.
pub type Assets = Arc<dyn Fn(&str) -> Option<(Vec<u8>, String)> + Send + Sync>;

/// A token in use, and whether a widget was already started with it.
#[derive(Clone)]
pub(super) struct Current {
    pub(super) token: PreviewToken,
    pub(super) opened: bool,
}

/// An address of the host page that works for the first who asks.
struct Once {
    key: String,
    mode: Mode,
    lang: Option<String>,
}

/// What both ports share.
pub(super) struct Shared {
    pub(super) source: Arc<dyn PreviewSource>,
    pub(super) assets: Assets,
    pub(super) log: PreviewLog,
    pub(super) frame: Site,
    pub(super) host: Site,
    pub(super) stopping: watch::Receiver<bool>,
    current: Mutex<Option<Current>>,
    once: Mutex<Option<Once>>,
    issuing: tokio::sync::Mutex<()>,
}

/// One port with its secret.
pub(super) struct Site {
    authority: String,
    secret: String,
}

impl Site {
    fn new(port: u16) -> io::Result<Self> {
        Ok(Self {
            authority: format!("localhost:{port}"),
            secret: secret()?,
        })
    }

    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.authority)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/{}/", self.authority, self.secret)
    }
}

impl Shared {
    pub(super) fn current(&self) -> Option<Current> {
        self.lock().clone()
    }

    /// Notes that a widget was started with this token. True the first time.
    pub(super) fn mark_opened(&self, entry_id: &str) -> bool {
        let mut current = self.lock();
        match current.as_mut() {
            Some(current) if current.token.entry_id == entry_id && !current.opened => {
                current.opened = true;
                true
            }
            _ => false,
        }
    }

    /// A new address of the host page that works once; the one before does not any more.
    pub(super) fn once(&self, mode: Mode, lang: Option<String>) -> io::Result<String> {
        let key = secret()?;
        let url = format!("{}/once/{key}", self.host.origin());
        *self.lock_once() = Some(Once { key, mode, lang });
        Ok(url)
    }

    fn lock_once(&self) -> MutexGuard<'_, Option<Once>> {
        self.once.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn issue(&self) -> Result<(), PreviewError> {
        let _one_at_a_time = self.issuing.lock().await;
        match self.source.new_token().await {
            Ok(token) => {
                self.show(token);
                Ok(())
            }
            Err(error) => {
                self.log
                    .push(Level::Error, Icon::Token, &error.title, Some(&error.detail));
                Err(error)
            }
        }
    }

    fn show(&self, token: PreviewToken) {
        if token.own {
            let detail = format!("{} ms, marked in History", token.elapsed_ms);
            self.log.push(
                Level::Info,
                Icon::Token,
                "Token issued for this preview",
                Some(&detail),
            );
        } else {
            let detail = "This preview uses it up.";
            self.log.push(
                Level::Warn,
                Icon::Token,
                "Showing a token issued before",
                Some(detail),
            );
        }
        *self.lock() = Some(Current {
            token,
            opened: false,
        });
    }

    fn lock(&self) -> MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running preview. Dropping it closes both ports.
pub struct PreviewServer {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl PreviewServer {
    /// Opens both ports.
    ///
    /// # Errors
    /// When no port can be opened or the system has no random numbers.
    pub async fn start(source: Arc<dyn PreviewSource>, assets: Assets) -> io::Result<Self> {
        let (frame_port, frame_listeners) = localhost_port().await?;
        let (host_port, host_listeners) = localhost_port().await?;
        let (stop, stopping) = watch::channel(false);
        let first = source.context().first_token;
        let shared = Arc::new(Shared {
            source,
            assets,
            log: PreviewLog::default(),
            frame: Site::new(frame_port)?,
            host: Site::new(host_port)?,
            stopping,
            current: Mutex::new(None),
            once: Mutex::new(None),
            issuing: tokio::sync::Mutex::new(()),
        });
        if let Some(token) = first {
            shared.show(token);
        }
        let frame = guarded(api::routes(&shared.frame.secret), &shared, |s| &s.frame);
        let path = format!("/{}/", shared.host.secret);
        let pages = Router::new()
            .route(&path, get(host_page))
            .route("/once/{key}", get(host_page_once));
        let host = guarded(pages, &shared, |s| &s.host);
        let mut tasks = Vec::new();
        for (listeners, pages) in [(frame_listeners, frame), (host_listeners, host)] {
            let pages = pages.with_state(shared.clone());
            for listener in listeners {
                tasks.push(serve(listener, pages.clone(), shared.stopping.clone()));
            }
        }
        Ok(Self {
            shared,
            stop,
            tasks,
        })
    }

    /// The frame's address, for the window.
    pub fn frame_url(&self) -> String {
        self.shared.frame.url()
    }

    /// Origin of the frame.
    pub fn frame_origin(&self) -> String {
        self.shared.frame.origin()
    }

    /// Origin of the host page.
    pub fn host_origin(&self) -> String {
        self.shared.host.origin()
    }

    /// The event log, to add lines to.
    pub fn log(&self) -> PreviewLog {
        self.shared.log.clone()
    }

    /// Closes both ports and waits until they are.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // Beside each other, so that one limit holds for all.
        let mut closing = tokio::task::JoinSet::new();
        for mut task in std::mem::take(&mut self.tasks) {
            closing.spawn(async move { close(&mut task).await });
        }
        closing.join_all().await;
    }
}

impl Drop for PreviewServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Adds the checks and headers that hold for every answer of a port.
fn guarded(
    router: Router<Arc<Shared>>,
    shared: &Arc<Shared>,
    site: fn(&Shared) -> &Site,
) -> Router<Arc<Shared>> {
    let state = shared.clone();
    let guard = move |request: Request, next: Next| {
        let shared = state.clone();
        async move {
            let host = request.headers().get(header::HOST);
            let known = host.is_some_and(|host| host == site(&shared).authority.as_str());
            let response = if known {
                next.run(request).await
            } else {
                StatusCode::FORBIDDEN.into_response()
            };
            with_headers(response)
        }
    };
    router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(guard))
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    response
}

/// Sets a header of a page; a value that is no header ends in the strictest policy.
pub(super) fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[derive(Deserialize)]
struct HostQuery {
    #[serde(default)]
    mode: Mode,
    lang: Option<String>,
}

async fn host_page(State(shared): State<Arc<Shared>>, Query(query): Query<HostQuery>) -> Response {
    page_of(&shared, query.mode, query.lang.as_deref())
}

async fn host_page_once(State(shared): State<Arc<Shared>>, Path(key): Path<String>) -> Response {
    let once = {
        let mut once = shared.lock_once();
        once.take_if(|once| once.key == key)
    };
    match once {
        Some(once) => page_of(&shared, once.mode, once.lang.as_deref()),
        None => {
            let told = "This address worked once. Open the page from the preview again.";
            (StatusCode::GONE, told).into_response()
        }
    }
}

fn page_of(shared: &Shared, mode: Mode, lang: Option<&str>) -> Response {
    let Some(current) = shared.current() else {
        return (StatusCode::CONFLICT, "There is no token to show yet.").into_response();
    };
    let Ok(nonce) = secret() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let context = shared.source.context();
    let frame = shared.frame.origin();
    let lang = lang.filter(|lang| page::is_lang(lang));
    let html = page::host_page(&context, &current.token, &frame, &nonce, mode, lang);
    shared.log.push(
        Level::Info,
        Icon::Page,
        "Page served",
        Some(&shared.host.authority),
    );
    let mut response = Html(html).into_response();
    let policy = page::host_policy(&context, &frame, &nonce);
    set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
    response
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
