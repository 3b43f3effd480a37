//! Making links.

use std::time::SystemTime;

use super::{Call, Client, On, Phase};
use crate::{
    answer::{self, Link},
    error::Error,
    request::{ACCEPT_V1, ACCEPT_V2, LinkCall, TokenRequestV1, TokenRequestV2, body},
};

impl Client {
    /// Makes a link for a case: `POST /link` or `POST /link/send`, version 1 (documented). It ends
    /// the one before.
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn link_v1(
        &self,
        link: LinkCall,
        request: &TokenRequestV1,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Link, Error> {
        self.link(Call::post(link.path(), ACCEPT_V1, body(request)), on)
            .await
    }

    /// The same for a record or for none: version 2 (documented).
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn link_v2(
        &self,
        link: LinkCall,
        request: &TokenRequestV2,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Link, Error> {
        self.link(Call::post(link.path(), ACCEPT_V2, body(request)), on)
            .await
    }

    async fn link(&self, call: Call, on: On<'_>) -> Result<Link, Error> {
        let called = self.call(&call, on).await?;
        Ok(Link {
            link: called.read(answer::link)?,
            timings: called.timings(),
            http_status: called.answer.status.as_u16(),
            server_time: called.answer.server_time,
            received_at: SystemTime::now(),
        })
    }
}
