//! What the endpoints share.

use std::{
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    Options,
    answers::Refusal,
    attachments::Attachments,
    cases::Case,
    kept::Kept,
    links::Links,
    records::Record,
    signing::{AccessKey, WidgetKey},
    webhooks::Webhooks,
    workflows::Run,
};

/// The one workspace of the simulator: the id in the documentation's sample token.
pub(crate) const WORKSPACE_ID: &str = "1f9d28bb-7494-4531-b50e-fc5a9a11b483";

/// A widget token that was given out.
#[derive(Debug, Clone)]
pub(crate) struct WidgetToken {
    pub(crate) workflow: &'static str,
    pub(crate) lang: Option<String>,
    /// The run it belongs to; a token of `POST /token` belongs to none.
    pub(crate) run: Option<Uuid>,
    pub(crate) used: bool,
}

/// How long subjects, resources and runs are remembered, in milliseconds: as long as a run may
/// live at most.
pub(crate) const REMEMBERED_MS: u64 = 31 * 24 * 3600 * 1000;

/// The state of a simulator.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) origin: String,
    pub(crate) access_key: AccessKey,
    pub(crate) widget_key: WidgetKey,
    pub(crate) access_tokens: Mutex<Kept<()>>,
    pub(crate) refresh_tokens: Mutex<Kept<()>>,
    pub(crate) widget_tokens: Mutex<Kept<WidgetToken>>,
    /// The open widgets, each with its run.
    pub(crate) sessions: Mutex<Kept<Option<Uuid>>>,
    pub(crate) runs: Mutex<Kept<Run>>,
    pub(crate) links: Mutex<Links>,
    pub(crate) cases: Mutex<Kept<Case>>,
    pub(crate) resources: Mutex<Kept<()>>,
    pub(crate) records: Mutex<Kept<Record>>,
    pub(crate) attachments: Mutex<Attachments>,
    /// The attachments that links were given out for.
    pub(crate) files: Mutex<Kept<Uuid>>,
    pub(crate) webhooks: Webhooks,
    tasks: Mutex<JoinSet<()>>,
}

impl Shared {
    pub(crate) fn new(options: Options, origin: String, access_key: AccessKey) -> Self {
        Self {
            options,
            origin,
            access_key,
            widget_key: WidgetKey::default(),
            access_tokens: Mutex::default(),
            refresh_tokens: Mutex::default(),
            widget_tokens: Mutex::default(),
            sessions: Mutex::default(),
            runs: Mutex::new(Kept::at_most(1024)),
            links: Mutex::default(),
            cases: Mutex::default(),
            resources: Mutex::default(),
            records: Mutex::default(),
            attachments: Mutex::default(),
            files: Mutex::default(),
            webhooks: Webhooks::default(),
            tasks: Mutex::default(),
        }
    }

    /// Goes on with something after the answer, until the simulator stops.
    pub(crate) fn later(&self, what: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(what);
    }

    /// Ends whatever goes on.
    pub(crate) fn end_tasks(&self) {
        lock(&self.tasks).abort_all();
    }

    /// Lets a caller with a good access token (`Bearer …`) or organization token (bare) through.
    pub(crate) fn admit(&self, headers: &HeaderMap, now_ms: u64) -> Result<(), Refusal> {
        let value = headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok()).unwrap_or("");
        let bearer = value
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim_start());
        let organization = match bearer {
            Some(token) if self.options.lenient && token.starts_with("tot_") => token,
            Some(token) => {
                return match lock(&self.access_tokens).get(token, now_ms) {
                    Some(()) => Ok(()),
                    None => Err(unauthorized("The access token is unknown or has expired.")),
                };
            }
            None => value,
        };
        if same(organization, &self.options.accounts.organization_token) {
            return Ok(());
        }
        Err(unauthorized(
            "`Authorization` holds neither `Bearer` with an access token nor a known organization token.",
        ))
    }
}

pub(crate) fn unauthorized(message: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "simulator.unauthorized", message)
}

/// Compares a secret without telling by the time it takes where it differs.
pub(crate) fn same(given: &str, secret: &str) -> bool {
    verify_slices_are_equal(given.as_bytes(), secret.as_bytes()).is_ok()
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The wall clock, in milliseconds since 1970; read once per request.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
}

/// A time as the vendor's samples have it, in UTC with microseconds.
pub(crate) fn iso(ms: u64) -> String {
    let at = i64::try_from(ms).ok();
    let at = at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    format!("{:.6}", at.unwrap_or(Timestamp::MAX))
}
