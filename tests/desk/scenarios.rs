//! Every scenario of the simulator, as the history tells it afterwards.

use std::time::Duration;

use tokendesk_core::{
    AppError, Code, Field,
    history::{ApiGeneration, EntryState},
};
use tokendesk_simulator::{
    Options, Outcome, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, UNKNOWN_SUBJECT_PREFIX, scenarios,
};

use crate::fixture::fixture;

#[tokio::test]
async fn every_scenario_ends_as_it_says() {
    let fixture = fixture(Options::default()).await;
    for scenario in scenarios() {
        let issued = fixture
            .issue(scenario.workflow_definition_id, ApiGeneration::V2, "")
            .await;
        let name = scenario.name;
        let wanted = match scenario.outcome {
            Outcome::Success | Outcome::Slow(_) | Outcome::TwoStep | Outcome::Failing => Ok(3600),
            Outcome::Background => Err((Code::InvalidRequest, Some(400))),
            Outcome::Forbidden => Err((Code::Forbidden, Some(403))),
            Outcome::ShortLived(seconds) => Ok(seconds),
            Outcome::NotFound => Err((Code::NotFound, Some(404))),
            Outcome::BadRequest => Err((Code::InvalidRequest, Some(400))),
            Outcome::Unauthorized => Err((Code::Unauthorized, Some(401))),
            Outcome::RateLimited(_) => Err((Code::RateLimited, Some(429))),
            Outcome::ServerError => Err((Code::ServerError, Some(500))),
            Outcome::Dropped => Err((Code::ConnectionLost, None)),
            Outcome::Malformed => Err((Code::MalformedAnswer, Some(201))),
        };
        let kept = fixture.newest().await;
        assert_eq!(kept.workflow_id, scenario.workflow_definition_id);
        match (wanted, issued) {
            (Ok(seconds), Ok(entry)) => {
                assert_eq!(entry.lifetime_ms, Some(i64::from(seconds) * 1000), "{name}");
                assert_eq!(kept.state, EntryState::Issued, "{name}");
                assert_eq!(kept.claims.len(), 5, "{name}");
            }
            (Err((code, status)), Err(error)) => {
                assert_eq!(
                    (error.code, error.http_status),
                    (code, status),
                    "{name}: {error:?}"
                );
                assert_eq!(
                    error.fingerprint.is_some(),
                    status.is_some_and(|s| s >= 400),
                    "{name}"
                );
                assert_eq!(kept.state, EntryState::Failed, "{name}");
                assert_eq!(error.entry_id.as_ref(), Some(&kept.id), "{name}");
                let told = AppError {
                    entry_id: None,
                    ..error
                };
                assert_eq!(kept.error, Some(told), "{name}");
            }
            (wanted, issued) => panic!("{name}: {wanted:?}, got {issued:?}"),
        }
        if matches!(scenario.outcome, Outcome::RateLimited(_)) {
            assert!(
                kept.error.unwrap().hint.contains("8 s"),
                "Retry-After is told"
            );
        }
    }
}

#[tokio::test]
async fn subjects_of_both_generations() {
    let fixture = fixture(Options::default()).await;
    let workflow = scenarios()[0].workflow_definition_id;
    let unknown = format!("{UNKNOWN_SUBJECT_PREFIX}2222-3333-4444-555555555555");
    for (api, known) in [
        (ApiGeneration::V1, SAMPLE_CASE_ID),
        (ApiGeneration::V2, SAMPLE_RECORD_ID),
    ] {
        assert!(fixture.issue(workflow, api, known).await.is_ok(), "{api:?}");
        let refused = fixture.issue(workflow, api, &unknown).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.field),
            (Code::NotFound, Some(Field::Subject)),
            "{api:?}"
        );
    }
    let refused = fixture
        .issue("no-such-workflow", ApiGeneration::V2, "")
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.field),
        (Code::NotFound, Some(Field::Workflow))
    );
}

#[tokio::test]
async fn an_access_token_that_ends_is_renewed_unnoticed() {
    let options = Options {
        access_token_seconds: 1,
        ..Options::default()
    };
    let fixture = fixture(options).await;
    let workflow = scenarios()[0].workflow_definition_id;
    for _ in 0..3 {
        fixture
            .issue(workflow, ApiGeneration::V2, "")
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
}
