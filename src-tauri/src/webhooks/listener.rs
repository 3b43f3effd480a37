//! The loopback server that webhooks come to: one port, one secret path, POST only.

use std::{
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use tokendesk_core::{now, webhooks::WebhookReport};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::timeout,
};

use super::received::Received;
use crate::loopback::{close, secret, serve};

/// The longest body, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;
/// The sender gives up after 10 seconds (documented), so a body that takes longer is of no use.
const BODY_TIME: Duration = Duration::from_secs(10);
/// How many may wait for their verdict. The sender tries again later when there are more.
const WAITING_LIMIT: usize = 32;
/// Carries the signature (documented).
const SIGNATURE: &str = "jws-signature";

/// An answer that comes later.
pub(super) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the listener asks of the app.
pub(super) trait Inspect: Send + Sync + 'static {
    /// Verifies a webhook; whatever comes of it is a report.
    fn verify<'a>(&'a self, body: &'a [u8], signature: &'a str) -> Later<'a, WebhookReport>;
    /// Looks at the run a valid webhook names. Its history entry, if it is ours.
    fn look<'a>(&'a self, run_id: &'a str) -> Later<'a, Option<String>>;
    /// The list is not what it was.
    fn changed(&self);
}

struct Shared {
    inspect: Arc<dyn Inspect>,
    received: Arc<Received>,
    waiting: Arc<Semaphore>,
}

/// A port that receives. Dropping it closes the port.
pub(super) struct Listener {
    address: SocketAddr,
    secret: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<io::Result<()>>,
}

impl Listener {
    /// Opens a port of its own.
    ///
    /// # Errors
    /// No port can be opened, or the system has no random numbers.
    pub(super) async fn start(
        inspect: Arc<dyn Inspect>,
        received: Arc<Received>,
    ) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = port.local_addr()?;
        let secret = secret()?;
        let (stop, stopping) = watch::channel(false);
        let shared = Shared {
            inspect,
            received,
            waiting: Arc::new(Semaphore::new(WAITING_LIMIT)),
        };
        // The name of the host is not checked: behind a tunnel it is another one. Nothing can be
        // read here, and nobody writes who does not know the path.
        let router = Router::new()
            .route(&format!("/{secret}/"), post(receive))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(Arc::new(shared));
        Ok(Self {
            address,
            secret,
            stop,
            task: serve(port, router, stopping),
        })
    }

    /// The whole address, for the sender.
    pub(super) fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.secret)
    }

    /// Closes the port and waits until it is. What came before still gets its verdict.
    pub(super) async fn stop(mut self) {
        self.stop.send_replace(true);
        close(&mut self.task).await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Takes a webhook in and answers at once: whether it is valid is not the sender's to know.
async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let Ok(place) = shared.waiting.clone().try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let signature = signature(request.headers());
    let body = match timeout(BODY_TIME, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(refused)) => return refused.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let id = shared.received.arrived(&body, &signature, now());
    tokio::spawn(async move {
        let report = shared.inspect.verify(&body, &signature).await;
        let run = shared.received.verified(id, report);
        shared.inspect.changed();
        if let Some(run_id) = run
            && let Some(entry_id) = shared.inspect.look(&run_id).await
        {
            shared.received.belongs(id, entry_id);
            shared.inspect.changed();
        }
        drop(place);
    });
    StatusCode::NO_CONTENT.into_response()
}

/// The signature as it came; what is no text, or is there twice, verifies as none.
fn signature(headers: &HeaderMap) -> String {
    let mut all = headers.get_all(SIGNATURE).iter();
    match (all.next(), all.next()) {
        (Some(one), None) => one.to_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
