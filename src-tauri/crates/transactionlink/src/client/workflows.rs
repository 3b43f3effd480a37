//! Running workflows, and following the runs.

use std::time::SystemTime;

use serde_json::value::RawValue;

use super::{Call, Client, On, Phase, UNWATCHED};
use crate::{
    answer::{self, Run, RunState},
    error::Error,
    request::{
        ACCEPT_V1, ACCEPT_V2, BackgroundRequestV1, BackgroundRequestV2, JSON_UTF8,
        RUN_BACKGROUND_PATH, RUN_PATH, RunRequest, body, segment,
    },
    transport::{Bound, Payload},
};

impl Client {
    /// Runs a workflow: `POST /workflows` (documented). Whether a token and a link come with it
    /// depends on the workflow.
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn run(
        &self,
        request: &RunRequest,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Run, Error> {
        let call = Call {
            payload: Payload::Json {
                content_type: JSON_UTF8,
                text: body(request),
            },
            ..Call::post(RUN_PATH, ACCEPT_V1, String::new())
        };
        self.start(call, on).await
    }

    /// Runs a workflow that needs no end user for a case: `POST /workflows/run`, version 1
    /// (documented).
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn run_background_v1(
        &self,
        request: &BackgroundRequestV1,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Run, Error> {
        let call = Call::post(RUN_BACKGROUND_PATH, ACCEPT_V1, body(request));
        self.start(call, on).await
    }

    /// The same for a record or for none: version 2 (documented).
    ///
    /// # Errors
    /// As [`Client::token_v1`].
    pub async fn run_background_v2(
        &self,
        request: &BackgroundRequestV2,
        on: &(dyn Fn(Phase) + Send + Sync),
    ) -> Result<Run, Error> {
        let call = Call::post(RUN_BACKGROUND_PATH, ACCEPT_V2, body(request));
        self.start(call, on).await
    }

    /// Reads how far a run is: `GET /workflows/{id}` (documented), the same for either way of
    /// starting it (inferred).
    ///
    /// # Errors
    /// No run has this id, or no answer came.
    pub async fn run_state(&self, id: &str) -> Result<RunState, Error> {
        let call = Call::get(format!("/workflows/{}", segment(id)?));
        let called = self.call(&call, UNWATCHED).await?;
        Ok(RunState {
            server_time: called.answer.server_time,
            ..called.read(answer::run_state)?
        })
    }

    /// Reads what came of a run: `GET /workflows/{id}/result` (documented), which is there only
    /// after completion, and is whatever JSON the workflow makes it.
    ///
    /// # Errors
    /// There is no result, or none yet: both are 404. The answer is larger than
    /// [`Limits::result_bytes`](crate::Limits::result_bytes).
    pub async fn run_result(&self, id: &str) -> Result<Box<RawValue>, Error> {
        let call = Call {
            bound: Bound::Result,
            ..Call::get(format!("/workflows/{}/result", segment(id)?))
        };
        self.call(&call, UNWATCHED).await?.read(answer::result)
    }

    async fn start(&self, call: Call, on: On<'_>) -> Result<Run, Error> {
        let called = self.call(&call, on).await?;
        let fields = called.read(answer::run)?;
        Ok(Run {
            id: fields.id,
            status: fields.status,
            execution_type: fields.execution_type,
            name: fields.name,
            expires_at: fields.expires_at,
            token: fields.token,
            link: fields.link,
            timings: called.timings(),
            http_status: called.answer.status.as_u16(),
            server_time: called.answer.server_time,
            received_at: SystemTime::now(),
        })
    }
}
