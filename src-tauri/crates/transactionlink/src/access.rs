//! The access token: cached until shortly before its end, asked for once however many wait.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::sync::Mutex;

use crate::{
    answer::{self, AccessFields, Authorized},
    error::{Error, ErrorPhase},
    request::{ACCEPT_V1, JSON},
    transport::{Answer, Bound, Outgoing, Payload, Transport},
};

/// An access token is not used any more this long before its end.
const MARGIN: Duration = Duration::from_secs(60);
/// Seen as `exp - iat` of the vendor's samples, for answers that do not say it.
const ASSUMED_LIFETIME: Duration = Duration::from_secs(3600);

/// A bearer, in memory only.
#[derive(Clone)]
pub(crate) struct Bearer {
    value: Arc<SecretString>,
}

struct Held {
    bearer: Bearer,
    refresh_token: Option<SecretString>,
    good_until: Instant,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// The last failure, for those who were waiting when it happened.
    failed: Option<(Instant, Error)>,
}

/// The access token of one key and secret.
pub(crate) struct Access {
    key: SecretString,
    secret: SecretString,
    state: Mutex<State>,
}

/// A bearer and how it came.
pub(crate) struct Obtained {
    pub(crate) bearer: Bearer,
    /// How long it took; `None` from the cache.
    pub(crate) took: Option<Duration>,
}

impl Bearer {
    pub(crate) fn secret(&self) -> SecretString {
        (*self.value).clone()
    }

    pub(crate) fn header(&self) -> SecretString {
        SecretString::from(format!("Bearer {}", self.value.expose_secret()))
    }
}

impl Access {
    pub(crate) fn new(key: SecretString, secret: SecretString) -> Self {
        Self {
            key,
            secret,
            state: Mutex::default(),
        }
    }

    /// The bearer to use now. All callers wait for one authorisation.
    pub(crate) async fn obtain(&self, transport: &Transport) -> Result<Obtained, Error> {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        if let Some(held) = state
            .held
            .as_ref()
            .filter(|h| Instant::now() < h.good_until)
        {
            return Ok(Obtained {
                bearer: held.bearer.clone(),
                took: None,
            });
        }
        if let Some((at, error)) = &state.failed
            && *at >= asked
        {
            return Err(error.clone());
        }
        let begun = Instant::now();
        let refresh_token = state.held.take().and_then(|h| h.refresh_token);
        match self.renew(transport, refresh_token).await {
            Ok(fields) => {
                let held = hold(fields);
                let bearer = held.bearer.clone();
                state.held = Some(held);
                Ok(Obtained {
                    bearer,
                    took: Some(begun.elapsed()),
                })
            }
            Err(error) => {
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn renew(
        &self,
        transport: &Transport,
        refresh_token: Option<SecretString>,
    ) -> Result<AccessFields, Error> {
        // Key and secret are at hand, so no failure of the short way is a failure.
        if let Some(token) = refresh_token
            && let Ok(fields) = self.refresh(transport, &token).await
        {
            return Ok(AccessFields {
                refresh_token: fields.refresh_token.or(Some(token)),
                ..fields
            });
        }
        self.authorize(transport).await.map(|(_, fields)| fields)
    }

    /// Throws a refused bearer away, unless another caller has a newer one already.
    pub(crate) async fn discard(&self, refused: &Bearer) {
        let mut state = self.state.lock().await;
        if state
            .held
            .as_ref()
            .is_some_and(|h| Arc::ptr_eq(&h.bearer.value, &refused.value))
        {
            state.held = None;
        }
    }

    /// Authorises anew, whatever is cached.
    pub(crate) async fn fresh(&self, transport: &Transport) -> Result<Authorized, Error> {
        let mut state = self.state.lock().await;
        let (answer, fields) = self.authorize(transport).await?;
        let authorized = Authorized {
            elapsed: answer.elapsed,
            http_status: answer.status.as_u16(),
            server_time: answer.server_time,
            expires_in: fields.expires_in.unwrap_or(ASSUMED_LIFETIME),
        };
        state.held = Some(hold(fields));
        Ok(authorized)
    }

    async fn authorize(&self, transport: &Transport) -> Result<(Answer, AccessFields), Error> {
        let body = json!({
            "key": self.key.expose_secret(),
            "secret": self.secret.expose_secret(),
        });
        let secrets = vec![self.key.clone(), self.secret.clone()];
        exchange(transport, "/auth/authorize", body.to_string(), secrets).await
    }

    async fn refresh(
        &self,
        transport: &Transport,
        token: &SecretString,
    ) -> Result<AccessFields, Error> {
        let body = json!({ "refreshToken": token.expose_secret() });
        let secrets = vec![token.clone()];
        let (_, fields) = exchange(transport, "/auth/refresh", body.to_string(), secrets).await?;
        Ok(fields)
    }
}

async fn exchange(
    transport: &Transport,
    path: &str,
    body: String,
    secrets: Vec<SecretString>,
) -> Result<(Answer, AccessFields), Error> {
    let authorizing = |error: Error| Error {
        phase: if error.phase == ErrorPhase::Connect {
            ErrorPhase::Connect
        } else {
            ErrorPhase::Authorize
        },
        ..error
    };
    let outgoing = Outgoing {
        method: &Method::POST,
        path,
        accept: ACCEPT_V1,
        authorization: None,
        payload: &Payload::Json {
            content_type: JSON,
            text: body,
        },
        bound: Bound::Usual,
        secrets,
    };
    let answer = transport.send(&outgoing).await.map_err(authorizing)?;
    if !answer.status.is_success() {
        return Err(answer.refusal(ErrorPhase::Authorize));
    }
    let fields =
        answer::access(&answer.body).map_err(|error| answer.misread(authorizing(error)))?;
    Ok((answer, fields))
}

fn hold(fields: AccessFields) -> Held {
    let lifetime = fields.expires_in.unwrap_or(ASSUMED_LIFETIME);
    // One that lives shorter than the margin is used for the half of its life.
    let good_for = lifetime
        .checked_sub(MARGIN)
        .filter(|d| !d.is_zero())
        .unwrap_or(lifetime / 2);
    let now = Instant::now();
    Held {
        bearer: Bearer {
            value: Arc::new(fields.access_token),
        },
        refresh_token: fields.refresh_token,
        good_until: now.checked_add(good_for).unwrap_or(now),
    }
}
