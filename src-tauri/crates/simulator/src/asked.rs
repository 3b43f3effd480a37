//! What `/token`, `/link`, `/workflows` and `/workflows/run` are asked for, and what the scenario
//! of the workflow definition makes of it.

use std::{borrow::Cow, marker::PhantomData, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};
use uuid::{Builder, Uuid};

use crate::{
    Outcome, Scenario, UNKNOWN_SUBJECT_PREFIX,
    answers::Refusal,
    connection::Cut,
    incoming::{Body, Version, must_be_json, object, version},
    scenarios,
    shape::shaped,
    shared::{Shared, WORKSPACE_ID, WidgetToken, lock, now_ms, unauthorized},
    signing::WidgetClaims,
};

/// The body of version 1 of `/token`, `/link` and `/link/send` (documented; `lang` in some copies).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateCaseWorkflowTokenDto {
    /// The case it is for.
    #[schema(example = "11111111-2222-3333-4444-555555555555")]
    case_id: Uuid,
    /// The workflow definition to run.
    #[schema(min_length = 1, example = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c")]
    workflow_definition_id: String,
    /// The parameters to run it with.
    #[schema(min_length = 1, example = "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302")]
    parameters_id: Option<String>,
    /// The language of the widget.
    #[schema(min_length = 1, example = "en")]
    lang: Option<String>,
}

/// The body of version 2 of the same (its fields but `recordId` are inferred).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateWorkflowTokenV2Dto {
    /// The record it is for.
    #[schema(example = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8")]
    record_id: Option<Uuid>,
    /// The workflow definition to run.
    #[schema(min_length = 1, example = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c")]
    workflow_definition_id: String,
    /// The parameters to run it with.
    #[schema(min_length = 1, example = "4b6ffcb6-ab6d-44b9-b5ab-4b5147b0b302")]
    parameters_id: Option<String>,
    /// The language of the widget.
    #[schema(min_length = 1, example = "en")]
    lang: Option<String>,
}

/// A body of either version, for the description: an `Accept` decides which, and a description
/// knows content types only.
pub(crate) struct EitherVersion<V1, V2>(PhantomData<(V1, V2)>);

impl<V1: ToSchema, V2: ToSchema> PartialSchema for EitherVersion<V1, V2> {
    fn schema() -> RefOr<Schema> {
        AnyOfBuilder::new()
            .item(Ref::from_schema_name(V1::name()))
            .item(Ref::from_schema_name(V2::name()))
            .into()
    }
}

impl<V1: ToSchema, V2: ToSchema> ToSchema for EitherVersion<V1, V2> {
    fn name() -> Cow<'static, str> {
        format!("{}Or{}", V1::name(), V2::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((V1::name().into(), V1::schema()));
        schemas.push((V2::name().into(), V2::schema()));
        V1::schemas(schemas);
        V2::schemas(schemas);
    }
}

/// The body of `/token`, `/link` and `/link/send`.
pub(crate) type TokenBody = EitherVersion<CreateCaseWorkflowTokenDto, CreateWorkflowTokenV2Dto>;

/// What is asked for, in whatever form.
pub(crate) struct Asked {
    pub(crate) version: Version,
    pub(crate) subject: Option<Uuid>,
    pub(crate) workflow_definition_id: String,
    pub(crate) lang: Option<String>,
    /// What [`Outcome::BadRequest`] finds wrong with it.
    pub(crate) fault: &'static str,
}

impl Asked {
    /// Of version 1 or 2, as the headers say.
    pub(crate) fn read(headers: &HeaderMap, body: Body, lenient: bool) -> Result<Self, Refusal> {
        must_be_json(headers, lenient, StatusCode::BAD_REQUEST)?;
        let version = version(headers)?;
        let object = object(body)?;
        Ok(match version {
            Version::V1 => shaped::<CreateCaseWorkflowTokenDto>(object)?.into(),
            Version::V2 => shaped::<CreateWorkflowTokenV2Dto>(object)?.into(),
        })
    }

    /// Whether workflow definition and subject exist, and what comes of them: the scenario, if it
    /// goes on. A good answer would have the status `success`.
    pub(crate) async fn settle(
        &self,
        shared: &Shared,
        connection: &Cut,
        success: StatusCode,
    ) -> Result<Scenario, Refusal> {
        let scenario = self.known(shared)?;
        match scenario.outcome {
            Outcome::Slow(seconds) => wait(seconds).await,
            Outcome::Success
            | Outcome::ShortLived(_)
            | Outcome::Background
            | Outcome::TwoStep
            | Outcome::Failing => {}
            Outcome::NotFound => return Err(subject_not_found(self.version)),
            Outcome::BadRequest => {
                return Err(Refusal::new(
                    StatusCode::BAD_REQUEST,
                    "simulator.invalid_request",
                    self.fault,
                ));
            }
            Outcome::Unauthorized => {
                return Err(unauthorized(
                    "This workflow definition refuses every credential.",
                ));
            }
            Outcome::Forbidden => {
                return Err(Refusal::new(
                    StatusCode::FORBIDDEN,
                    "simulator.forbidden",
                    "The permission can_run is missing on this workflow definition.",
                ));
            }
            Outcome::RateLimited(seconds) => {
                return Err(Refusal::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "simulator.rate_limited",
                    format!("Too many requests; try again after {seconds} s."),
                )
                .retry_after(seconds));
            }
            Outcome::ServerError => {
                return Err(Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "simulator.server_error",
                    "This workflow definition always fails.",
                ));
            }
            Outcome::Dropped => {
                connection.now();
                return Err(Refusal::broken("this never arrives: the connection is cut"));
            }
            Outcome::Malformed => return Err(Refusal::malformed(success)),
        }
        Ok(scenario)
    }

    /// The same where an end user takes part: a workflow in the background has no token and no link.
    pub(crate) async fn settle_for_end_user(
        &self,
        shared: &Shared,
        connection: &Cut,
    ) -> Result<Scenario, Refusal> {
        let scenario = self.settle(shared, connection, StatusCode::CREATED).await?;
        if scenario.outcome == Outcome::Background {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "simulator.no_end_user",
                "`workflowDefinitionId` names a workflow without an end user: run it by POST /workflows or /workflows/run.",
            ));
        }
        Ok(scenario)
    }

    /// The scenario of a request whose workflow definition and subject exist.
    fn known(&self, shared: &Shared) -> Result<Scenario, Refusal> {
        let asked = self.workflow_definition_id.as_str();
        let mut all = scenarios().iter();
        let scenario = if shared.options.extra_workflow.as_deref() == Some(asked) {
            all.next()
        } else {
            all.find(|s| s.workflow_definition_id.eq_ignore_ascii_case(asked))
        };
        let Some(scenario) = scenario else {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "simulator.workflow_definition_not_found",
                "Workflow definition not found: `workflowDefinitionId` is none of the simulator's.",
            ));
        };
        if self.subject.is_some_and(is_unknown) {
            return Err(subject_not_found(self.version));
        }
        Ok(*scenario)
    }
}

impl From<CreateCaseWorkflowTokenDto> for Asked {
    fn from(body: CreateCaseWorkflowTokenDto) -> Self {
        Self {
            version: Version::V1,
            subject: Some(body.case_id),
            workflow_definition_id: body.workflow_definition_id,
            lang: body.lang,
            fault: fault(body.parameters_id.is_some()),
        }
    }
}

impl From<CreateWorkflowTokenV2Dto> for Asked {
    fn from(body: CreateWorkflowTokenV2Dto) -> Self {
        Self {
            version: Version::V2,
            subject: body.record_id,
            workflow_definition_id: body.workflow_definition_id,
            lang: body.lang,
            fault: fault(body.parameters_id.is_some()),
        }
    }
}

pub(crate) fn fault(has_parameters: bool) -> &'static str {
    if has_parameters {
        "`parametersId` does not belong to this workflow definition."
    } else {
        "`parametersId` is required by this workflow definition."
    }
}

/// Whether the simulator has no such case, record or table, whatever was created.
pub(crate) fn is_unknown(id: Uuid) -> bool {
    id.to_string().starts_with(UNKNOWN_SUBJECT_PREFIX)
}

pub(crate) fn subject_not_found(version: Version) -> Refusal {
    let (subject, field) = match version {
        Version::V1 => ("Case", "caseId"),
        Version::V2 => ("Record", "recordId"),
    };
    Refusal::new(
        StatusCode::NOT_FOUND,
        "simulator.subject_not_found",
        format!("{subject} not found: `{field}` is unknown in this workspace."),
    )
}

async fn wait(seconds: u32) {
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
}

impl Shared {
    /// A widget token for a subject that lives for so many seconds, and is remembered.
    pub(crate) async fn widget_token(
        &self,
        subject: Option<Uuid>,
        token: WidgetToken,
        seconds: u32,
    ) -> Result<String, Refusal> {
        let now_ms = now_ms();
        let iat = now_ms / 1000;
        let exp = iat + u64::from(seconds);
        let text = self
            .widget_key
            .sign(&WidgetClaims {
                customer_id: Uuid::new_v4().to_string(),
                party_id: party(subject).to_string(),
                workspace_id: WORKSPACE_ID.to_owned(),
                iat,
                exp,
            })
            .await?;
        lock(&self.widget_tokens).put(&text, token, exp * 1000, now_ms);
        Ok(text)
    }
}

/// The party behind a subject: always the same one for the same subject.
pub(crate) fn party(subject: Option<Uuid>) -> Uuid {
    let Some(subject) = subject else {
        return Uuid::new_v4();
    };
    let mut bytes = [0; 16];
    let digest = digest(&SHA256, subject.as_bytes());
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn slow_waits_as_long_as_it_says() {
        let begun = Instant::now();
        wait(12).await;
        assert_eq!(begun.elapsed().as_secs(), 12);
    }

    #[test]
    fn a_subject_has_one_party() {
        let subject = Uuid::new_v4();
        assert_eq!(party(Some(subject)), party(Some(subject)));
        assert_ne!(party(Some(subject)), subject);
        assert_ne!(party(None), party(None));
    }
}
