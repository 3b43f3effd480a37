//! Checking webhooks.

use transactionlink::{ErrorKind, WebhookSignature};

use super::Desk;
use crate::{
    error::AppError,
    webhooks::{Verdict, WebhookReport, is_missing, why},
};

/// How many keys are remembered; a forger may name any number of them.
const MOST_KEYS: usize = 64;

impl Desk {
    /// Checks a webhook's signature over the exact bytes of its body. The key is fetched once;
    /// why it could not be is in the report.
    pub async fn verify_webhook(
        &self,
        workspace_id: &str,
        body: &[u8],
        signature: &str,
    ) -> WebhookReport {
        if is_missing(signature) {
            return WebhookReport::of(body, None).with(
                Verdict::Invalid,
                "The JWS-SIGNATURE header is missing, or stands there more than once. \
                 TransactionLink sends one with every webhook.",
            );
        }
        let signature = match WebhookSignature::parse(signature) {
            Ok(signature) => signature,
            Err(error) => {
                return WebhookReport::of(body, None).with(Verdict::Invalid, why(&error));
            }
        };
        let report = WebhookReport::of(body, Some(&signature));
        if let Err(error) = signature.check() {
            return report.with(Verdict::Invalid, why(&error));
        }
        let Some(kid) = signature.kid() else {
            return report.with(Verdict::Invalid, "The signature names no key.");
        };
        let place = (workspace_id.to_owned(), kid);
        let known = self.state().webhook_keys.get(&place).cloned();
        if let Some(key) = known {
            return report.checked(&signature, body, &key);
        }
        let client = match self.client(workspace_id).await {
            Ok(client) => client,
            Err(error) => return report.unchecked(error),
        };
        match client.webhook_key(kid).await {
            Ok(key) => {
                let report = report.checked(&signature, body, &key);
                let keys = &mut self.state().webhook_keys;
                if keys.len() >= MOST_KEYS {
                    keys.clear();
                }
                keys.insert(place, key);
                report
            }
            Err(error) if error.kind == ErrorKind::NotFound => report.with(
                Verdict::UnknownKey,
                "The API knows no key of this id. Another workspace or host may.",
            ),
            Err(error) => report.unchecked(AppError::api(&error)),
        }
    }
}
