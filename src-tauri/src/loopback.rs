//! Servers on this computer's own addresses: how they start, stop and are kept to who knows them.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub(crate) const STOP_LIMIT: Duration = Duration::from_secs(2);

/// 128 random bits as text for an address.
pub(crate) fn secret() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// A free port of `localhost`, on every address that name has: whoever connects by name tries one
/// after the other, and another user of this computer must not be the one to answer.
///
/// # Errors
/// No port is free on all of them.
pub(crate) async fn localhost_port() -> io::Result<(u16, Vec<TcpListener>)> {
    const TRIES: u32 = 50;
    let mut taken = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = first.local_addr()?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => return Ok((port, vec![first, second])),
            Err(error) if is_taken(&error) => taken = error,
            // Without IPv6 there is no such address, for nobody.
            Err(_) => return Ok((port, vec![first])),
        }
    }
    Err(taken)
}

/// Windows says "denied" of a port that another program has for itself.
fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied
    )
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
