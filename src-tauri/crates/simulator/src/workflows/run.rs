//! A run and how its status moves.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Outcome, Scenario,
    answers::Refusal,
    shared::{REMEMBERED_MS, Shared, lock, now_ms},
    webhooks::Event,
};

/// Where a run stands. RUNNING and COMPLETED are documented, the others invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = WorkflowStatus, example = "RUNNING")]
pub(crate) enum Status {
    /// It waits for the end user, or works in the background.
    Running,
    /// The end user is done, background tasks are left.
    Awaiting,
    /// It is done, and there is a result.
    Completed,
    /// It is done, without a result.
    Failed,
    /// The end user was not done in time.
    Expired,
}

/// A run that was started.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) id: Uuid,
    pub(crate) workflow_definition_id: String,
    pub(crate) scenario: Scenario,
    pub(crate) subject: Option<Uuid>,
    pub(crate) started_at_ms: u64,
    /// What a run of `POST /workflows` has and an older one has not.
    pub(crate) details: Option<Details>,
    pub(crate) status: Status,
}

/// What `POST /workflows` was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Details {
    pub(crate) locale: String,
    pub(crate) parameters: Map<String, Value>,
    pub(crate) expires_at_ms: u64,
}

impl Run {
    /// A run that starts now.
    pub(crate) fn new(
        workflow_definition_id: String,
        scenario: Scenario,
        subject: Option<Uuid>,
        details: Option<Details>,
        now_ms: u64,
    ) -> Self {
        Self {
            id: Uuid::new_v4(),
            workflow_definition_id,
            scenario,
            subject,
            started_at_ms: now_ms,
            details,
            status: Status::Running,
        }
    }

    /// Where it stands then: what still runs when its time is up has expired.
    pub(crate) fn status_at(&self, now_ms: u64) -> Status {
        let ends = self.details.as_ref().map(|details| details.expires_at_ms);
        match (self.status, ends) {
            (Status::Running, Some(ends)) if ends <= now_ms => Status::Expired,
            (status, _) => status,
        }
    }
}

impl Shared {
    /// Remembers a run; one in the background goes on by itself.
    pub(crate) fn begin(self: &Arc<Self>, run: Run) {
        let (id, outcome) = (run.id, run.scenario.outcome);
        let now_ms = run.started_at_ms;
        let ends_at_ms = now_ms.saturating_add(REMEMBERED_MS);
        lock(&self.runs).put(&id.to_string(), run, ends_at_ms, now_ms);
        if outcome == Outcome::Background {
            self.complete_later(id);
        }
    }

    /// A run that was started here.
    pub(crate) fn run(&self, id: Uuid, now_ms: u64) -> Option<Run> {
        lock(&self.runs).get(&id.to_string(), now_ms).cloned()
    }

    /// Where a run stands once the end user is done with it.
    ///
    /// # Errors
    /// It has expired.
    pub(crate) fn end_user_is_done(self: &Arc<Self>, id: Uuid) -> Result<Status, Refusal> {
        let now_ms = now_ms();
        let run = self.run(id, now_ms);
        let run = run.filter(|run| run.status_at(now_ms) == Status::Running);
        let Some(run) = run else {
            return Err(Refusal::new(
                StatusCode::GONE,
                "simulator.run_ended",
                "The run has expired or is not known any more.",
            ));
        };
        let status = match run.scenario.outcome {
            Outcome::TwoStep => Status::Awaiting,
            Outcome::Failing => Status::Failed,
            _ => Status::Completed,
        };
        self.move_to(id, status);
        if status == Status::Awaiting {
            self.complete_later(id);
        }
        Ok(status)
    }

    fn complete_later(self: &Arc<Self>, id: Uuid) {
        let shared = self.clone();
        self.later(async move {
            tokio::time::sleep(shared.options.background_time).await;
            shared.move_to(id, Status::Completed);
        });
    }

    /// Moves a run on, and tells the webhook.
    fn move_to(self: &Arc<Self>, id: Uuid, status: Status) {
        let event = {
            let now_ms = now_ms();
            let mut runs = lock(&self.runs);
            let Some(run) = runs.get(&id.to_string(), now_ms) else {
                return;
            };
            run.status = status;
            Event::of(run, now_ms)
        };
        self.announce(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios;

    #[test]
    fn what_runs_when_its_time_is_up_has_expired() {
        let details = Details {
            locale: "en".into(),
            parameters: Map::new(),
            expires_at_ms: 1000,
        };
        let mut run = Run::new("w".into(), scenarios()[0], None, Some(details), 0);
        assert_eq!(run.status_at(999), Status::Running);
        assert_eq!(run.status_at(1000), Status::Expired);
        for status in [Status::Awaiting, Status::Completed, Status::Failed] {
            run.status = status;
            assert_eq!(run.status_at(1000), status, "the end user was in time");
        }
        run.details = None;
        run.status = Status::Running;
        assert_eq!(run.status_at(u64::MAX), Status::Running);
    }
}
