//! The keys of webhooks.

use uuid::Uuid;

use super::{Call, Client, UNWATCHED};
use crate::{
    error::{Error, ErrorKind, ErrorPhase},
    webhook::WebhookKey,
};

impl Client {
    /// Fetches the public key that signs webhooks: `GET /auth/webhooks/key/{keyId}` (documented).
    /// Whether it needs `Authorization` is not documented; it is sent.
    ///
    /// # Errors
    /// There is no such key, no answer came, or it is no key.
    pub async fn webhook_key(&self, kid: Uuid) -> Result<WebhookKey, Error> {
        let call = Call {
            // The key is text, errors are JSON (documented).
            accept: "text/plain, application/json",
            ..Call::get(format!("/auth/webhooks/key/{kid}"))
        };
        let called = self.call(&call, UNWATCHED).await?;
        called.read(|body| {
            let key = std::str::from_utf8(body).map(WebhookKey::parse);
            let detail = match key {
                Ok(Ok(key)) => return Ok(key),
                Ok(Err(error)) => format!("The answer is not a key: {error}."),
                Err(_) => "The answer is not a text.".to_owned(),
            };
            Err(Error::new(
                ErrorKind::MalformedAnswer,
                ErrorPhase::Answer,
                detail,
            ))
        })
    }
}
