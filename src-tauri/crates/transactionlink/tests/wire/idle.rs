//! Connections that were idle.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use transactionlink::{Client, Credential, Host, Limits};

use super::{TOKEN_BODY, issue};

/// Answers the first request of each connection and is silent on later ones, as a connection that
/// died in sleep is. Counts connections.
async fn freezing() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer_once(stream));
        }
    });
    (url, connections)
}

async fn answer_once(mut stream: TcpStream) {
    let mut buffer = [0; 8192];
    let _ = stream.read(&mut buffer).await;
    let answer = format!(
        "HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n{TOKEN_BODY}",
        TOKEN_BODY.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn a_post_takes_no_connection_that_was_idle() {
    let (url, connections) = freezing().await;
    let limits = Limits {
        request: Duration::from_millis(2500),
        // Whatever time passes between two requests is longer.
        idle: Duration::from_nanos(1),
        ..Limits::default()
    };
    let token = Credential::OrganizationToken("tot_hidden-value".into());
    let client = Client::with_limits(Host::parse(&url).unwrap(), token, limits).unwrap();
    for _ in 0..3 {
        issue(&client).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
    assert!(Limits::default().idle <= Duration::from_secs(5));
}
