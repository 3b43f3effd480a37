//! From the demo's simulator to the list: real requests, real signatures.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tauri::{
    Builder, Listener as _,
    test::{MockRuntime, mock_builder},
};
use tokendesk_core::{
    Folder,
    history::{ApiGeneration, EntryKind, HistoryEntry, Purpose},
    issuing::IssueRequest,
    keychain::Keychain,
    webhooks::Verdict,
};

use super::*;
use crate::demo::{self, DemoState};

struct Fixture {
    app: tauri::App<MockRuntime>,
    told: Arc<AtomicUsize>,
    _folder: tempfile::TempDir,
}

impl Fixture {
    /// The app without its window, with the demo running.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keychain = Keychain::of_this_computer("io.tokendesk.webhooks-test");
        let desk = Desk::new(Folder::at(folder.path()), keychain);
        desk.use_session_only();
        let builder: Builder<MockRuntime> = mock_builder();
        let app = crate::build(builder, desk).unwrap();
        let told = Arc::new(AtomicUsize::new(0));
        let counted = told.clone();
        app.listen_any("webhooks-changed", move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        Self {
            app,
            told,
            _folder: folder,
        }
    }

    async fn with_demo() -> Self {
        let fixture = Self::new().await;
        demo::start(fixture.app.handle());
        let status = fixture.app.state::<DemoStatus>();
        until("the demo runs", || {
            matches!(status.state(), DemoState::Running { .. })
        })
        .await;
        fixture
    }

    fn webhooks(&self) -> tauri::State<'_, Webhooks> {
        self.app.state()
    }

    async fn listen(&self) -> String {
        let started = self.webhooks().start(self.app.handle(), "demo").await;
        match started.unwrap() {
            ListenerState::On { address, .. } => address,
            ListenerState::Off => panic!("it listens"),
        }
    }

    /// Starts a run that completes by itself.
    async fn run(&self) -> HistoryEntry {
        let scenarios = tokendesk_simulator::scenarios();
        let background = scenarios.iter().find(|s| s.name == "Background check");
        let request = IssueRequest {
            workspace_id: "demo".to_owned(),
            api: ApiGeneration::Workflows,
            kind: EntryKind::Run,
            workflow_id: background.unwrap().workflow_definition_id.to_owned(),
            subject: String::new(),
            parameters_id: String::new(),
            parameters: String::new(),
            minutes: None,
            lang: "en".to_owned(),
            send: false,
            label: String::new(),
            purpose: Purpose::HandOver,
        };
        self.app.state::<Desk>().issue(&request).await.unwrap()
    }

    async fn received(&self, count: usize) -> Vec<ReceivedWebhook> {
        let webhooks = self.webhooks();
        until("enough came", || webhooks.received().len() >= count).await;
        webhooks.received()
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("in 15 seconds it did not come about that {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_the_demo_tells_of_its_end() {
    let fixture = Fixture::with_demo().await;
    let address = fixture.listen().await;
    let entry = fixture.run().await;
    let webhooks = fixture.webhooks();
    until("its run is known", || {
        let list = webhooks.received();
        list.iter()
            .any(|row| row.run_entry_id.as_ref() == Some(&entry.id))
    })
    .await;
    let row = fixture.received(1).await.remove(0);
    assert_eq!(row.report.verdict, Verdict::Valid, "{}", row.report.reason);
    assert_eq!(row.summary, "WORKFLOW_COMPLETED");
    assert_eq!(row.attempt, 1);
    let desk = fixture.app.state::<Desk>();
    let status = desk.entry(&entry.id).await.unwrap().run.unwrap().status;
    assert_eq!(status.as_deref(), Some("COMPLETED"), "it was looked at");
    assert!(fixture.told.load(Ordering::SeqCst) >= 2);

    // What somebody else sends there is taken, and seen through.
    let forged = reqwest::Client::new()
        .post(&address)
        .body(row.report.body_text.replace("COMPLETED", "FAILED"))
        .header("JWS-SIGNATURE", "e30..AAAA");
    assert_eq!(forged.send().await.unwrap().status(), 204);
    let forged = fixture.received(2).await.remove(0);
    assert_eq!(forged.report.verdict, Verdict::Invalid);
    assert_eq!(forged.run_entry_id, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_again_moves_the_demo_and_stopping_ends_it() {
    let fixture = Fixture::with_demo().await;
    let first = fixture.listen().await;
    let second = fixture.listen().await;
    assert_ne!(first, second);
    assert!(reqwest::get(&first).await.is_err(), "its port is closed");
    fixture.run().await;
    assert_eq!(
        fixture.received(1).await[0].report.verdict,
        Verdict::Valid,
        "the demo sends to the second"
    );
    let off = fixture.webhooks().stop(fixture.app.handle()).await;
    assert_eq!(off, ListenerState::Off);
    assert_eq!(fixture.webhooks().state().await, ListenerState::Off);
    assert!(reqwest::get(&second).await.is_err(), "its port is closed");
    assert_eq!(fixture.received(1).await.len(), 1, "what came stays");
    fixture.webhooks().clear();
    assert!(fixture.webhooks().received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_demo_or_workspace_nothing_listens() {
    let fixture = Fixture::new().await;
    let (webhooks, app) = (fixture.webhooks(), fixture.app.handle());
    let starting = webhooks.start(app, "demo").await.unwrap_err();
    assert_eq!(starting.code, Code::DemoStarting);
    assert!(starting.retryable);
    let unknown = webhooks.start(app, "nobody").await.unwrap_err();
    assert_eq!(unknown.code, Code::NoSuchThing);
    assert_eq!(webhooks.state().await, ListenerState::Off);
}
