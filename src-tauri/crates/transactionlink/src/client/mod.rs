//! The client of one credential at one host.

mod files;
mod links;
mod subjects;
mod tokens;
mod webhooks;
mod workflows;

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{Method, StatusCode};
use secrecy::SecretString;

use crate::{
    access::{Access, Bearer},
    answer::{Authorized, Timings},
    credential::Credential,
    error::{Error, ErrorKind, ErrorPhase},
    host::Host,
    request::{ACCEPT_V1, JSON},
    transport::{Answer, Bound, Limits, Outgoing, Payload, Transport},
};

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// An access token is being asked for, or looked up.
    Authorizing,
    /// It is there.
    Authorized {
        /// How long it took.
        elapsed: Duration,
        /// Whether it was there already.
        from_cache: bool,
    },
    /// The request is on its way.
    Sending,
}

/// A client of the API. Clones share connections and access token.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    sign_in: SignIn,
}

enum SignIn {
    Access(Box<Access>),
    Token(SecretString),
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client(hidden)")
    }
}

impl Client {
    /// A client with the usual bounds.
    ///
    /// # Errors
    /// The system's certificates cannot be used.
    pub fn new(host: Host, credential: Credential) -> Result<Self, Error> {
        Self::with_limits(host, credential, Limits::default())
    }

    /// A client with bounds of its own.
    ///
    /// # Errors
    /// The system's certificates cannot be used.
    pub fn with_limits(host: Host, credential: Credential, limits: Limits) -> Result<Self, Error> {
        let sign_in = match credential {
            Credential::KeySecret { key, secret } => {
                SignIn::Access(Box::new(Access::new(key, secret)))
            }
            Credential::OrganizationToken(token) => SignIn::Token(token),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                transport: Transport::new(host, limits)?,
                sign_in,
            }),
        })
    }

    /// Authorises anew at `POST /auth/authorize` (documented), to test a key and secret.
    ///
    /// # Errors
    /// They are refused, or no answer came; also for an organization token, which has nothing
    /// to authorise.
    pub async fn authorize(&self) -> Result<Authorized, Error> {
        match &self.inner.sign_in {
            SignIn::Access(access) => access.fresh(&self.inner.transport).await,
            SignIn::Token(_) => Err(Error::new(
                ErrorKind::InvalidRequest,
                ErrorPhase::Authorize,
                "An organization token is not exchanged.",
            )),
        }
    }

    /// Makes a call: authorises, sends, and after a 401 authorises anew and sends again, once. What
    /// was refused so has done nothing.
    async fn call(&self, call: &Call, on: On<'_>) -> Result<Called, Error> {
        let reads = call.method == Method::GET;
        let called = self.called(call, on).await;
        called.map_err(|error| if reads { error.reading() } else { error })
    }

    async fn called(&self, call: &Call, on: On<'_>) -> Result<Called, Error> {
        let (mut authorization, mut took) = self.authorization(on).await?;
        let mut answer = self.send(call, &authorization, on).await?;
        if answer.status == StatusCode::UNAUTHORIZED
            && let (SignIn::Access(access), Some(bearer)) =
                (&self.inner.sign_in, &authorization.bearer)
        {
            access.discard(bearer).await;
            let again;
            (authorization, again) = self.authorization(on).await?;
            took = again.or(took);
            answer = self.send(call, &authorization, on).await?;
        }
        Ok(Called {
            reads: call.method == Method::GET,
            answer,
            took,
        })
    }

    async fn send(
        &self,
        call: &Call,
        authorization: &Authorization,
        on: On<'_>,
    ) -> Result<Answer, Error> {
        on(Phase::Sending);
        let outgoing = Outgoing {
            method: &call.method,
            path: &call.path,
            accept: call.accept,
            authorization: Some(authorization.header.clone()),
            payload: &call.payload,
            bound: call.bound,
            secrets: authorization.secrets(),
        };
        self.inner.transport.send(&outgoing).await
    }

    async fn authorization(&self, on: On<'_>) -> Result<(Authorization, Option<Duration>), Error> {
        let access = match &self.inner.sign_in {
            SignIn::Token(token) => {
                let header = token.clone();
                return Ok((
                    Authorization {
                        header,
                        bearer: None,
                    },
                    None,
                ));
            }
            SignIn::Access(access) => access,
        };
        on(Phase::Authorizing);
        let obtained = access.obtain(&self.inner.transport).await?;
        on(Phase::Authorized {
            elapsed: obtained.took.unwrap_or_default(),
            from_cache: obtained.took.is_none(),
        });
        let authorization = Authorization {
            header: obtained.bearer.header(),
            bearer: Some(obtained.bearer),
        };
        Ok((authorization, obtained.took))
    }
}

/// What is told how far a call has come.
type On<'a> = &'a (dyn Fn(Phase) + Send + Sync);

/// For calls that nobody watches.
const UNWATCHED: On<'static> = &|_| {};

/// A request, but for its authorisation.
struct Call {
    method: Method,
    path: String,
    accept: &'static str,
    payload: Payload,
    bound: Bound,
}

impl Call {
    fn get(path: String) -> Self {
        Self {
            method: Method::GET,
            path,
            accept: ACCEPT_V1,
            payload: Payload::None,
            bound: Bound::Usual,
        }
    }

    fn post(path: impl Into<String>, accept: &'static str, text: String) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            accept,
            payload: Payload::Json {
                content_type: JSON,
                text,
            },
            bound: Bound::Usual,
        }
    }
}

/// An answer of any status, and how the call was authorised.
struct Called {
    reads: bool,
    answer: Answer,
    took: Option<Duration>,
}

impl Called {
    /// Reads a 2xx answer; any other is a refusal.
    fn read<T>(&self, reader: impl FnOnce(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        let answer = &self.answer;
        let read = if answer.status.is_success() {
            reader(&answer.body).map_err(|error| answer.misread(error))
        } else {
            Err(answer.refusal(ErrorPhase::Request))
        };
        read.map_err(|error| if self.reads { error.reading() } else { error })
    }

    fn timings(&self) -> Timings {
        Timings {
            authorised: self.took,
            from_cache: self.took.is_none(),
            request: self.answer.elapsed,
        }
    }
}

/// The header that goes out, and the bearer it was made of.
struct Authorization {
    header: SecretString,
    bearer: Option<Bearer>,
}

impl Authorization {
    fn secrets(&self) -> Vec<SecretString> {
        let bare = self.bearer.as_ref().map(Bearer::secret);
        vec![bare.unwrap_or_else(|| self.header.clone())]
    }
}
