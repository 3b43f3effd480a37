//! The server: where it listens, how it starts and stops.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use crate::{
    Accounts, answers,
    connection::{Cut, CuttableListener},
    hosted, openapi,
    shared::Shared,
    signing::AccessKey,
};

/// The largest body that is read, unless an endpoint takes more; the documented ones are far
/// smaller.
const BODY_LIMIT: usize = 16 * 1024;
/// How long stopping waits for answers under way.
const STOP_LIMIT: Duration = Duration::from_secs(1);

/// How a simulator runs.
#[derive(Clone)]
pub struct Options {
    /// Where it listens, on loopback; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Who may call it.
    pub accounts: Accounts,
    /// Takes what integrators send although the vendor's specification does not: a body without
    /// `Content-Type`, an organization token after `Bearer`, and `POST /workflows` without
    /// `parameters`, as the vendor's Node example sends it.
    pub lenient: bool,
    /// How long an access token lives, in seconds.
    pub access_token_seconds: u32,
    /// Wrong credentials are 400, as the newer documentation has it, and not 401, as the older.
    pub wrong_credentials_are_bad_requests: bool,
    /// One more workflow definition id, which does what the successful scenario does.
    pub extra_workflow: Option<String>,
    /// Where webhooks go to: `http` on loopback. [`Simulator::set_webhook`] changes it.
    pub webhook_url: Option<String>,
    /// How long it waits before it sends a webhook again; 5 seconds are documented.
    pub webhook_pause: Duration,
    /// How long the background tasks of a run take (invented).
    pub background_time: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            accounts: Accounts::random(),
            lenient: false,
            access_token_seconds: 3600,
            wrong_credentials_are_bad_requests: false,
            extra_workflow: None,
            webhook_url: None,
            webhook_pause: Duration::from_secs(5),
            background_time: Duration::from_secs(3),
        }
    }
}

/// A running simulator; it stops when dropped.
pub struct Simulator {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts one.
    ///
    /// # Errors
    /// It cannot listen at the address, or the address is not a loopback one, or that of the
    /// webhooks is not.
    pub async fn start(options: Options) -> io::Result<Self> {
        if !options.listen.ip().to_canonical().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the simulator listens on loopback only, such as 127.0.0.1",
            ));
        }
        let access_key = AccessKey::random()
            .ok_or_else(|| io::Error::other("the system has no random numbers"))?;
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let origin = format!("http://{address}");
        let shared = Arc::new(Shared::new(options, origin, access_key));
        shared.webhooks.set(shared.options.webhook_url.as_deref())?;
        let service = router(shared.clone()).into_make_service_with_connect_info::<Cut>();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let served = axum::serve(CuttableListener(listener), service)
                .with_graceful_shutdown(async move {
                    let _ = stopped.await;
                })
                .await;
            drop(served);
        });
        Ok(Self {
            address,
            shared,
            stop: Some(stop),
            task: Some(task),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin: `http://` and the address.
    #[must_use]
    pub fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// Sends webhooks there from now on, or nowhere.
    ///
    /// # Errors
    /// It is no `http` address on loopback.
    pub fn set_webhook(&self, url: Option<&str>) -> io::Result<()> {
        self.shared.webhooks.set(url)
    }

    /// The public key that its widget tokens verify with: an `RSAPublicKey` of PKCS#1 in DER.
    ///
    /// # Errors
    /// No key could be made.
    pub async fn public_key(&self) -> io::Result<Vec<u8>> {
        let key = self.shared.widget_key.public().await;
        key.map_err(|_| io::Error::other("no key could be made"))
    }

    /// Stops it and waits for it. Answers that take too long are not waited for.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(mut task) = self.task.take()
            && timeout(STOP_LIMIT, &mut task).await.is_err()
        {
            task.abort();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.end_tasks();
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let (described, description) = openapi::described().split_for_parts();
    described
        .route(
            "/openapi.json",
            get(move || async move { axum::Json(description) }),
        )
        .merge(hosted::routes())
        .method_not_allowed_fallback(answers::other_method)
        .fallback(answers::nothing_here)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(shared)
}
