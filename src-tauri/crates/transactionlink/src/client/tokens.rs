//! Issuing tokens, and trying a credential out.

use std::time::SystemTime;

use uuid::Uuid;

use super::{Call, Client, On, Phase, UNWATCHED};
use crate::{
    answer::{self, Issued, Probe},
    error::{Error, ErrorKind, ErrorPhase},
    request::{ACCEPT_V1, ACCEPT_V2, TOKEN_PATH, TokenRequestV1, TokenRequestV2, body},
};

impl Client {
    /// Issues a token for a case: `POST /token`, version 1 (documented).
    ///
    /// # Errors
    /// See [`ErrorKind`]; [`Error::may_have_been_issued`] says when the outcome is open.
    pub async fn token_v1(
        &self,
        request: &TokenRequestV1,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Issued, Error> {
        self.token(Call::post(TOKEN_PATH, ACCEPT_V1, body(request)), on)
            .await
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
        self.token(Call::post(TOKEN_PATH, ACCEPT_V2, body(request)), on)
            .await
    }

    /// Reads `GET /workflows/{id}` (documented) to see whether the credential is accepted.
    ///
    /// # Errors
    /// No answer came, or one that says nothing about the credential.
    pub async fn probe_workflow(&self, id: Uuid) -> Result<Probe, Error> {
        let call = Call::get(format!("/workflows/{id}"));
        let called = self.call(&call, UNWATCHED).await;
        let answer = called.map_err(testing)?.answer;
        let (elapsed, server_time) = (answer.elapsed, answer.server_time);
        let http_status = answer.status.as_u16();
        let accepted = Probe::Accepted {
            elapsed,
            server_time,
            http_status,
        };
        match http_status {
            401 if answer.refusal(ErrorPhase::Request).kind == ErrorKind::Unauthorized => {
                Ok(Probe::Refused {
                    elapsed,
                    server_time,
                    http_status,
                })
            }
            // A page of a captive portal is one of success as well.
            200..=299 => answer::object_only(&answer.body)
                .map(|()| accepted)
                .map_err(|error| testing(answer.misread(error))),
            403 | 404 => {
                // Any server may answer so; the API's own refusals have a documented form.
                let refusal = answer.refusal(ErrorPhase::Request);
                match refusal.undocumented {
                    None => Ok(accepted),
                    Some(_) => Err(testing(refusal)),
                }
            }
            _ => Err(testing(answer.refusal(ErrorPhase::Request))),
        }
    }

    async fn token(&self, call: Call, on: On<'_>) -> Result<Issued, Error> {
        let called = self.call(&call, on).await?;
        let fields = called.read(answer::token)?;
        Ok(Issued {
            token: fields.token,
            expiry_duration: fields.expiry_duration,
            token_type: fields.token_type,
            timings: called.timings(),
            http_status: called.answer.status.as_u16(),
            server_time: called.answer.server_time,
            received_at: SystemTime::now(),
        })
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
