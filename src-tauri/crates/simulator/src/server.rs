//! The server: where it listens, how it starts and stops.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, post},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use crate::{
    Accounts, answers, auth,
    connection::{Cut, CuttableListener},
    hosted,
    shared::Shared,
    signing::AccessKey,
    token, widget, workflows,
};

/// The largest body that is read; the documented ones are far smaller.
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
    /// `Content-Type`, and an organization token after `Bearer`.
    pub lenient: bool,
    /// How long an access token lives, in seconds.
    pub access_token_seconds: u32,
    /// Wrong credentials are 400, as the newer documentation has it, and not 401, as the older.
    pub wrong_credentials_are_bad_requests: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            accounts: Accounts::random(),
            lenient: false,
            access_token_seconds: 3600,
            wrong_credentials_are_bad_requests: false,
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
    /// It cannot listen at the address, or the address is not a loopback one.
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
        let shared = Arc::new(Shared::new(options, access_key));
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
        format!("http://{}", self.address)
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

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/auth/authorize", post(auth::authorize))
        .route("/auth/refresh", post(auth::refresh))
        .route("/token", post(token::token))
        .route("/workflows", any(workflows::workflows))
        .route("/workflows/{*rest}", any(workflows::workflows))
        .merge(widget::routes())
        .merge(hosted::routes())
        .method_not_allowed_fallback(answers::nothing_here)
        .fallback(answers::nothing_here)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(shared)
}
