//! The client and the core against the simulator, over real HTTP: every scenario, as the history
//! tells it afterwards.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::Duration;

use tokendesk_core::{
    AppError, Code, Demo, Desk, Field, Folder,
    history::{ApiGeneration, EntryState, HistoryEntry, HistoryFilter, Purpose},
    issuing::IssueRequest,
    keychain::Keychain,
    workspace::DEMO_ID,
};
use tokendesk_simulator::{
    Options, Outcome, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, Simulator, UNKNOWN_SUBJECT_PREFIX,
    scenarios,
};

struct Fixture {
    desk: Desk,
    _simulator: Simulator,
    _folder: tempfile::TempDir,
}

/// A desk in memory with the demo workspace.
async fn fixture(options: Options) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let keychain = Keychain::of_this_computer("io.tokendesk.scenarios-test");
    let desk = Desk::new(Folder::at(folder.path()), keychain);
    desk.use_session_only();
    let (simulator, demo): (Simulator, Demo) =
        tokendesk_cli::demo::start_with(options).await.unwrap();
    desk.set_demo(demo);
    Fixture {
        desk,
        _simulator: simulator,
        _folder: folder,
    }
}

fn request(workflow_id: &str, api: ApiGeneration, subject: &str) -> IssueRequest {
    IssueRequest {
        workspace_id: DEMO_ID.to_owned(),
        api,
        workflow_id: workflow_id.to_owned(),
        subject: subject.to_owned(),
        parameters_id: String::new(),
        lang: "pl".to_owned(),
        label: String::new(),
        purpose: Purpose::HandOver,
    }
}

impl Fixture {
    async fn issue(
        &self,
        workflow_id: &str,
        api: ApiGeneration,
        subject: &str,
    ) -> Result<HistoryEntry, AppError> {
        self.desk.issue(&request(workflow_id, api, subject)).await
    }

    async fn newest(&self) -> HistoryEntry {
        let page = self
            .desk
            .page(HistoryFilter::default(), 0, 1)
            .await
            .unwrap();
        page.into_iter().next().unwrap()
    }
}

#[tokio::test]
async fn every_scenario_ends_as_it_says() {
    let fixture = fixture(Options::default()).await;
    for scenario in scenarios() {
        let issued = fixture
            .issue(scenario.workflow_definition_id, ApiGeneration::V2, "")
            .await;
        let name = scenario.name;
        let wanted = match scenario.outcome {
            Outcome::Success | Outcome::Slow(_) => Ok(3600),
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
                assert_eq!(kept.error, Some(error), "{name}");
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
