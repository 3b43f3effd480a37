//! What came of a request, whichever it was.

use std::time::{Duration, SystemTime};

use secrecy::SecretString;
use transactionlink::{Issued, Link, Run, Timings};

use crate::clock::{Millis, millis};

/// A token, a run or a link, and how it came.
#[derive(Clone)]
pub(crate) struct Came {
    pub(crate) token: Option<SecretString>,
    /// What the answer calls the token; documented is `Bearer`.
    pub(crate) token_type: Option<String>,
    pub(crate) expiry_duration: Option<Duration>,
    pub(crate) link: Option<SecretString>,
    pub(crate) run: Option<RunCame>,
    pub(crate) timings: Timings,
    pub(crate) http_status: u16,
    pub(crate) server_time: Option<SystemTime>,
    pub(crate) received_at: SystemTime,
}

/// A run that has started.
#[derive(Clone)]
pub(crate) struct RunCame {
    pub(crate) id: String,
    pub(crate) status: Option<String>,
    pub(crate) ends_at: Option<Millis>,
}

impl From<Issued> for Came {
    fn from(issued: Issued) -> Self {
        Self {
            token: Some(issued.token),
            token_type: issued.token_type,
            expiry_duration: issued.expiry_duration,
            link: None,
            run: None,
            timings: issued.timings,
            http_status: issued.http_status,
            server_time: issued.server_time,
            received_at: issued.received_at,
        }
    }
}

impl From<Run> for Came {
    fn from(run: Run) -> Self {
        Self {
            token: run.token,
            token_type: None,
            expiry_duration: None,
            link: run.link,
            run: Some(RunCame {
                id: run.id,
                status: run.status,
                ends_at: run.expires_at.map(millis),
            }),
            timings: run.timings,
            http_status: run.http_status,
            server_time: run.server_time,
            received_at: run.received_at,
        }
    }
}

impl From<Link> for Came {
    fn from(link: Link) -> Self {
        Self {
            token: None,
            token_type: None,
            expiry_duration: None,
            link: Some(link.link),
            run: None,
            timings: link.timings,
            http_status: link.http_status,
            server_time: link.server_time,
            received_at: link.received_at,
        }
    }
}
