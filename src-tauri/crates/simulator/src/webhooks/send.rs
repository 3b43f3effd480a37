//! Sending a webhook: signed, and again where it fails.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, Url, header::CONTENT_TYPE, redirect::Policy};
use serde::Serialize;
use tokio::time::sleep;
use uuid::Uuid;

use crate::{
    answers::Refusal,
    shared::{Shared, iso, lock},
    workflows::{Run, Status},
};

/// An attempt that has no answer by then has failed (documented).
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// So often a webhook is sent again (documented).
const RETRIES: usize = 5;

/// What a webhook says. The documentation has identifiers and the workflow's reference name; the
/// fields and their names are invented.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    event_type: &'static str,
    workflow_id: Uuid,
    workflow_definition_id: String,
    workflow_name: &'static str,
    status: Status,
    occurred_at: String,
}

impl Event {
    /// What there is to tell of a run.
    pub(crate) fn of(run: &Run, now_ms: u64) -> Self {
        Self {
            event_type: match run.status {
                Status::Completed => "WORKFLOW_COMPLETED",
                Status::Awaiting => "WORKFLOW_AWAITING",
                _ => "WORKFLOW_STATUS",
            },
            workflow_id: run.id,
            workflow_definition_id: run.workflow_definition_id.clone(),
            workflow_name: run.scenario.name,
            status: run.status,
            occurred_at: iso(now_ms),
        }
    }
}

impl Shared {
    /// Sends an event to where webhooks go to, if they go anywhere.
    pub(crate) fn announce(self: &Arc<Self>, event: Event) {
        let Some(url) = lock(&self.webhooks.url).clone() else {
            return;
        };
        let shared = self.clone();
        self.later(async move {
            // Nobody is left to tell that it was not taken.
            let _ = shared.deliver(url, &event).await;
        });
    }

    /// Whether the event was taken, at the first attempt or a later one.
    async fn deliver(&self, url: Url, event: &Event) -> Result<bool, Refusal> {
        let body = serde_json::to_vec(event).map_err(|_| Refusal::broken("an event"))?;
        let signature = self.webhooks.key.detached(&body).await?;
        let http = self.webhooks.http.get_or_try_init(|| async { client() });
        let http = http.await?;
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                sleep(self.options.webhook_pause).await;
            }
            let sent = http
                .post(url.clone())
                .header(CONTENT_TYPE, "application/json")
                .header("JWS-SIGNATURE", &signature)
                .body(body.clone())
                .send()
                .await;
            if sent.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn client() -> Result<Client, Refusal> {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .timeout(ANSWER_WITHIN)
        .build()
        .map_err(|_| Refusal::broken("no webhook can be sent"))
}
