//! The client of one credential at one host.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    access::{Access, Bearer},
    answer::{self, Authorized, Issued, Probe, Timings},
    credential::Credential,
    error::{Error, ErrorKind, ErrorPhase},
    host::Host,
    request::{ACCEPT_V1, ACCEPT_V2, TOKEN_PATH, TokenRequestV1, TokenRequestV2, body},
    transport::{Answer, Limits, Outgoing, Transport},
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

    /// Issues a token for a case: `POST /token`, version 1 (documented).
    ///
    /// # Errors
    /// See [`ErrorKind`]; [`Error::may_have_been_issued`] says when the outcome is open.
    pub async fn token_v1(
        &self,
        request: &TokenRequestV1,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Issued, Error> {
        self.token(ACCEPT_V1, body(request), on).await
    }

    /// Issues a token for a record or none: `POST /token`, version 2 (documented).
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn token_v2(
        &self,
        request: &TokenRequestV2,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Issued, Error> {
        self.token(ACCEPT_V2, body(request), on).await
    }

    /// Reads `GET /workflows/{id}` (documented) to see whether the credential is accepted.
    ///
    /// # Errors
    /// No answer came, or one that says nothing about the credential.
    pub async fn probe_workflow(&self, id: Uuid) -> Result<Probe, Error> {
        let path = format!("/workflows/{id}");
        let (authorization, _) = self.authorization(&|_| {}).await?;
        let answer = self
            .inner
            .transport
            .send(&Outgoing {
                method: Method::GET,
                path: &path,
                accept: ACCEPT_V1,
                secrets: authorization.secrets(),
                authorization: Some(authorization.header),
                body: None,
            })
            .await
            .map_err(testing)?;
        let (elapsed, server_time) = (answer.elapsed, answer.server_time);
        let http_status = answer.status.as_u16();
        let accepted = Probe::Accepted {
            elapsed,
            server_time,
            http_status,
        };
        match http_status {
            401 => Ok(Probe::Refused {
                elapsed,
                server_time,
                http_status,
            }),
            200..=299 => Ok(accepted),
            403 | 404 => {
                let refusal = answer.refusal(ErrorPhase::Request);
                if refusal.fingerprint.is_some() || !refusal.problems.is_empty() {
                    return Ok(accepted);
                }
                // Any server may answer so; the API's own refusals have a documented form.
                Err(testing(Error {
                    kind: ErrorKind::UnexpectedStatus,
                    ..refusal
                }))
            }
            _ => Err(testing(answer.refusal(ErrorPhase::Request))),
        }
    }

    /// Sends a token request. It is not idempotent, so it is sent again only after a 401, once.
    async fn token(
        &self,
        accept: &str,
        body: String,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Issued, Error> {
        let (mut authorization, mut took) = self.authorization(on).await?;
        let mut answer = self.post(accept, &body, &authorization, on).await?;
        if answer.status == StatusCode::UNAUTHORIZED
            && let (SignIn::Access(access), Some(bearer)) =
                (&self.inner.sign_in, &authorization.bearer)
        {
            access.discard(bearer).await;
            let again;
            (authorization, again) = self.authorization(on).await?;
            took = again.or(took);
            answer = self.post(accept, &body, &authorization, on).await?;
        }
        if !answer.status.is_success() {
            return Err(answer.refusal(ErrorPhase::Request));
        }
        let fields = answer::token(&answer.body).map_err(|error| Error {
            http_status: Some(answer.status.as_u16()),
            server_time: answer.server_time,
            ..error
        })?;
        Ok(Issued {
            token: fields.token,
            expiry_duration: fields.expiry_duration,
            token_type: fields.token_type,
            timings: Timings {
                authorised: took,
                from_cache: took.is_none(),
                request: answer.elapsed,
            },
            http_status: answer.status.as_u16(),
            server_time: answer.server_time,
            received_at: SystemTime::now(),
        })
    }

    async fn post(
        &self,
        accept: &str,
        body: &str,
        authorization: &Authorization,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Answer, Error> {
        on(Phase::Sending);
        let outgoing = Outgoing {
            method: Method::POST,
            path: TOKEN_PATH,
            accept,
            authorization: Some(authorization.header.clone()),
            body: Some(body.to_owned()),
            secrets: authorization.secrets(),
        };
        self.inner.transport.send(&outgoing).await
    }

    async fn authorization(
        &self,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<(Authorization, Option<Duration>), Error> {
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

/// Nothing is issued by testing a credential, whatever becomes of it.
fn testing(error: Error) -> Error {
    let phase = match error.phase {
        ErrorPhase::Connect => ErrorPhase::Connect,
        _ => ErrorPhase::Authorize,
    };
    Error { phase, ..error }
}
