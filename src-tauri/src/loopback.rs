//! Servers on this computer's own addresses: how they start, stop and are kept to who knows them.

use std::{io, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub(crate) const STOP_LIMIT: Duration = Duration::from_secs(2);

/// 128 random bits as text for an address.
pub(crate) fn secret() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Serves a port until it is told to stop.
pub(crate) fn serve(
    port: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> JoinHandle<io::Result<()>> {
    tokio::spawn(async move {
        let stopped = async move {
            // An error means that the server itself is gone: stop as well.
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        axum::serve(port, router)
            .with_graceful_shutdown(stopped)
            .await
    })
}

/// Waits until a port that was told to stop is closed; what takes too long is cut off.
pub(crate) async fn close(task: &mut JoinHandle<io::Result<()>>) {
    if tokio::time::timeout(STOP_LIMIT, &mut *task).await.is_err() {
        task.abort();
    }
}
