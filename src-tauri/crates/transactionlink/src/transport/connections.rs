//! The connections to one host: which are made, how, and which are used again.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use reqwest::{redirect::Policy, retry};

use super::{Limits, failure::chain};
use crate::{
    error::{Error, ErrorKind, ErrorPhase},
    host::Host,
};

/// How often a connection of HTTP/2 that waits for an answer is asked whether it is there.
const PING: Duration = Duration::from_secs(10);
/// How long it may take to say so.
const PONG: Duration = Duration::from_secs(10);
/// By so much the clock of the wall may run apart from the one that stands still in sleep.
const APART: Duration = Duration::from_secs(2);

/// A pool of connections, which is left behind when the computer has slept: what it holds is dead
/// then, and what is sent on a dead connection may never be answered.
pub(super) struct Connections {
    host: Host,
    limits: Limits,
    pool: Mutex<Pool>,
}

struct Pool {
    http: reqwest::Client,
    used: Now,
}

/// A moment on both clocks. The first one counts no sleep on Linux and macOS.
#[derive(Debug, Clone, Copy)]
struct Now(Instant, SystemTime);

impl Now {
    fn read() -> Self {
        Self(Instant::now(), SystemTime::now())
    }

    /// Whether the computer slept since then, or its clock was set: nothing tells these apart.
    fn slept_since(self, then: Self) -> bool {
        let awake = self.0.saturating_duration_since(then.0);
        let passed = self.1.duration_since(then.1).unwrap_or_default();
        passed.abs_diff(awake) > APART
    }
}

impl Connections {
    pub(super) fn new(host: Host, limits: Limits) -> Result<Self, Error> {
        let pool = Pool {
            http: client(&host, limits)?,
            used: Now::read(),
        };
        Ok(Self {
            host,
            limits,
            pool: Mutex::new(pool),
        })
    }

    /// The connections to use now.
    pub(super) fn http(&self) -> Result<reqwest::Client, Error> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Now::read();
        if now.slept_since(pool.used) {
            pool.http = client(&self.host, self.limits)?;
        }
        pool.used = now;
        Ok(pool.http.clone())
    }
}

/// A client that never sends again by itself: over HTTP/2 the library would, where a server says
/// that it has not processed a request, and what is sent twice may be done twice.
fn client(host: &Host, limits: Limits) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(limits.connect)
        .timeout(limits.request)
        .pool_idle_timeout(limits.idle)
        .http2_keep_alive_interval(PING)
        .http2_keep_alive_timeout(PONG)
        .retry(retry::never())
        .redirect(Policy::none())
        .user_agent(concat!("TokenDesk/", env!("CARGO_PKG_VERSION")));
    if host.is_loopback() {
        builder = builder.no_proxy();
    } else {
        builder = builder.https_only(true);
    }
    builder.build().map_err(|error| {
        Error::new(
            ErrorKind::Tls,
            ErrorPhase::Connect,
            chain(&error.without_url()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_told_from_time_that_passed() {
        let then = Now::read();
        let later = |awake, passed| Now(then.0 + awake, then.1 + passed);
        let (short, hour) = (Duration::from_secs(1), Duration::from_secs(3600));
        assert!(!later(short, short).slept_since(then));
        assert!(!later(hour, hour).slept_since(then), "it was idle");
        assert!(later(short, hour).slept_since(then));
    }
}
