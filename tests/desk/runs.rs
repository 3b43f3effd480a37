//! Runs from their start to their result, and how they are followed.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokendesk_core::{
    Code, Desk, DeskEvent,
    history::{ApiGeneration, EntryKind, HistoryEntry, RunState, Status},
    issuing::{Fresh, IssueRequest},
    now,
};
use tokendesk_simulator::{Options, Outcome, Simulator, scenarios};

use crate::fixture::{Fixture, fixture, request};

fn workflow(outcome: Outcome) -> &'static str {
    let found = scenarios().iter().find(|s| s.outcome == outcome);
    found.unwrap().workflow_definition_id
}

fn run(outcome: Outcome) -> IssueRequest {
    IssueRequest {
        parameters: r#"{"limit":1.10,"deep":{"list":[true,null]}}"#.to_owned(),
        minutes: Some(30),
        ..request(workflow(outcome), ApiGeneration::Workflows, "")
    }
}

/// Goes through the widget, as a person does.
async fn finish_widget(simulator: &Simulator, token: &str) {
    let http = reqwest::Client::new();
    let post = async |path: &str, body: Value| -> Value {
        let address = format!("{}{path}", simulator.origin());
        let answer = http.post(address).json(&body).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    };
    let opened = post("/simulator/widget/exchange", json!({ "token": token })).await;
    let session = json!({ "session": opened["session"] });
    post("/simulator/widget/finish", session).await;
}

async fn until(desk: &Desk, id: &str, wanted: impl Fn(&HistoryEntry) -> bool) -> HistoryEntry {
    for _ in 0..200 {
        let entry = desk.entry(id).await.unwrap();
        if wanted(&entry) {
            return entry;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come to that: {:?}", desk.entry(id).await);
}

fn state(entry: &HistoryEntry) -> RunState {
    entry.run.as_ref().unwrap().state
}

/// Somebody looks, and the desk follows.
fn follow(fixture: &Fixture) -> tokio::task::JoinHandle<()> {
    fixture.desk.watch_runs(true, None);
    let desk = fixture.desk.clone();
    tokio::spawn(async move { desk.follow_runs().await })
}

#[tokio::test]
async fn an_interactive_run_goes_from_the_form_to_its_result() {
    let fixture = fixture(Options::default()).await;
    let Fresh { entry, token, .. } = fixture
        .desk
        .issue_fresh(&run(Outcome::Success))
        .await
        .unwrap();
    assert_eq!(entry.kind, EntryKind::Run);
    assert_eq!(entry.status(now()), Status::Active);
    let facts = entry.run.clone().unwrap();
    assert!(facts.interactive && entry.has_token && entry.has_link);
    let left = facts.ends_at.unwrap() - now();
    assert!((30 * 60_000..=31 * 60_000).contains(&left), "{left}");
    let early = fixture.desk.run_result(&entry.id).await.unwrap_err();
    assert_eq!(
        (early.code, early.title.as_str()),
        (Code::NotFound, "No result yet")
    );

    let following = follow(&fixture);
    finish_widget(&fixture.simulator, token.unwrap().expose_secret()).await;
    let done = until(&fixture.desk, &entry.id, |e| {
        state(e) == RunState::Completed
    })
    .await;
    assert_eq!(done.status(now()), Status::Completed);
    let result = fixture.desk.run_result(&entry.id).await.unwrap();
    assert!(!result.kept && !result.tree.nodes.is_empty());
    following.abort();

    // Stored only when that is asked for, and then there without the API.
    let id = &entry.id;
    assert!(
        !fixture
            .desk
            .entry(id)
            .await
            .unwrap()
            .run
            .unwrap()
            .result_kept
    );
    fixture.desk.keep_result(id, true).await.unwrap();
    assert!(
        fixture
            .desk
            .entry(id)
            .await
            .unwrap()
            .run
            .unwrap()
            .result_kept
    );
    fixture.simulator.stop().await;
    let kept = fixture.desk.run_result(id).await.unwrap();
    assert!(kept.kept);
    assert_eq!(kept.tree, result.tree);
    let json: Value = serde_json::from_str(&fixture.desk.result_json(id).await.unwrap()).unwrap();
    assert!(json["partyDetails"].is_object(), "{json}");
}

#[tokio::test]
async fn every_other_way_a_run_can_go() {
    let options = Options {
        background_time: Duration::from_millis(300),
        ..Options::default()
    };
    let fixture = fixture(options).await;
    let following = follow(&fixture);
    let background = fixture.desk.issue(&run(Outcome::Background)).await.unwrap();
    assert_eq!(background.status(now()), Status::Running);
    assert!(!background.has_token && !background.has_link);
    let old = IssueRequest {
        kind: EntryKind::Run,
        ..request(workflow(Outcome::Background), ApiGeneration::V2, "")
    };
    let old = fixture.desk.issue(&old).await.unwrap();
    let failing = fixture
        .desk
        .issue_fresh(&run(Outcome::Failing))
        .await
        .unwrap();
    finish_widget(&fixture.simulator, failing.token.unwrap().expose_secret()).await;
    for id in [&background.id, &old.id] {
        let done = until(&fixture.desk, id, |e| state(e) != RunState::Open).await;
        assert_eq!(done.status(now()), Status::Completed);
    }
    let failed = until(&fixture.desk, &failing.entry.id, |e| {
        state(e) != RunState::Open
    })
    .await;
    assert_eq!(failed.status(now()), Status::Ended);
    assert_eq!(failed.run.unwrap().status.as_deref(), Some("FAILED"));
    let two_step = fixture
        .desk
        .issue_fresh(&run(Outcome::TwoStep))
        .await
        .unwrap();
    finish_widget(&fixture.simulator, two_step.token.unwrap().expose_secret()).await;
    let done = until(&fixture.desk, &two_step.entry.id, |e| {
        state(e) != RunState::Open
    })
    .await;
    assert_eq!(state(&done), RunState::Completed);
    following.abort();

    let refused = fixture
        .desk
        .issue(&run(Outcome::Forbidden))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.http_status),
        (Code::Forbidden, Some(403))
    );
}

#[tokio::test]
async fn nobody_looks_and_nothing_is_asked() {
    let fixture = fixture(Options::default()).await;
    let desk = fixture.desk.clone();
    let following = tokio::spawn(async move { desk.follow_runs().await });
    let entry = fixture.desk.issue(&run(Outcome::Background)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    let run = fixture.desk.entry(&entry.id).await.unwrap().run.unwrap();
    assert_eq!((run.checked_at, run.following), (None, false));
    fixture.desk.watch_runs(true, Some(entry.id.clone()));
    until(&fixture.desk, &entry.id, |e| {
        state(e) == RunState::Completed
    })
    .await;
    following.abort();
}

#[tokio::test]
async fn a_look_without_news_makes_nobody_read_the_history_again() {
    let fixture = fixture(Options::default()).await;
    let entry = fixture.desk.issue(&run(Outcome::Success)).await.unwrap();
    fixture.desk.watch_runs(true, Some(entry.id.clone()));
    // The first look may bring the vendor's word for the status.
    fixture.desk.look_at_run(&entry.id).await.unwrap();
    let mut events = fixture.desk.events();
    let looked = fixture.desk.look_at_run(&entry.id).await.unwrap();
    let told: Vec<DeskEvent> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    let checked = DeskEvent::RunChecked {
        entry_id: entry.id,
        checked_at: looked.run.unwrap().checked_at.unwrap(),
    };
    assert_eq!(told, [checked]);
}

#[tokio::test]
async fn a_run_the_api_does_not_know_any_more_is_told_and_let_be() {
    let fixture = fixture(Options::default()).await;
    let entry = fixture.desk.issue(&run(Outcome::Success)).await.unwrap();
    let (other, demo) = tokendesk_cli::demo::start().await.unwrap();
    fixture.desk.set_demo(demo);
    let gone = fixture.desk.look_at_run(&entry.id).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
    let run = fixture.desk.entry(&entry.id).await.unwrap().run.unwrap();
    assert_eq!(
        run.state,
        RunState::Open,
        "that is not an end the vendor named"
    );
    assert_eq!(run.problem.unwrap().code, Code::NotFound);
    other.stop().await;
}
