//! Workspaces and their credentials, on a simulator. The credentials stay in memory: there is no
//! keychain here.

use secrecy::SecretString;
use tokendesk_core::{
    AppError, Code, Field,
    workspace::{AuthKind, DEMO_ID, TestOutcome, Workspace, WorkspaceDraft},
};
use tokendesk_simulator::{Accounts, Options};

use crate::fixture::{Fixture, fixture};

/// A desk, and the credentials that its simulator takes.
async fn desk() -> (Fixture, Accounts) {
    let accounts = Accounts::random();
    let options = Options {
        accounts: accounts.clone(),
        ..Options::default()
    };
    (fixture(options).await, accounts)
}

fn draft(fixture: &Fixture, name: &str, token: &str) -> WorkspaceDraft {
    let host = fixture.desk.demo_workspace().api_host;
    WorkspaceDraft {
        name: name.to_owned(),
        api_host: host.clone(),
        widget_host: host,
        auth_kind: AuthKind::OrganizationToken,
        key: SecretString::default(),
        secret: SecretString::default(),
        organization_token: token.into(),
        session_only: true,
    }
}

async fn added(fixture: &Fixture, accounts: &Accounts, name: &str) -> Workspace {
    let draft = draft(fixture, name, &accounts.organization_token);
    fixture.desk.add_workspace(&draft).await.unwrap()
}

#[tokio::test]
async fn a_kept_credential_is_sent_to_no_other_host() {
    let (fixture, accounts) = desk().await;
    let workspace = added(&fixture, &accounts, "Acme").await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut moved = draft(&fixture, "Acme", "");
    moved.api_host = listener.local_addr().unwrap().to_string();
    let id = workspace.id.as_str();
    for refused in [
        fixture.desk.test_draft(&moved, Some(id)).await.map(drop),
        fixture.desk.update_workspace(id, &moved).await.map(drop),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.field, Some(Field::OrganizationToken), "{error}");
        assert!(error.detail.contains(&workspace.api_host), "{error}");
    }
    assert!(listener.accept().is_err(), "nobody called the other host");
    let kept = fixture.desk.workspace(id).await.unwrap();
    assert_eq!(kept.api_host, workspace.api_host);

    // The same host written in another way keeps it.
    let bare = workspace.api_host.trim_start_matches("http://");
    moved.api_host = format!("  {bare}/ ");
    let report = fixture.desk.test_draft(&moved, Some(id)).await.unwrap();
    assert!(report.ok, "{report:?}");
    fixture.desk.update_workspace(id, &moved).await.unwrap();
}

#[tokio::test]
async fn a_test_in_the_dialog_stays_with_what_is_saved_and_with_nothing_else() {
    let (fixture, accounts) = desk().await;
    let desk = &fixture.desk;
    let wrong = draft(&fixture, "Acme", "tot_wrong_but_long_enough");
    assert!(!desk.test_draft(&wrong, None).await.unwrap().ok);
    let saved = desk.add_workspace(&wrong).await.unwrap();
    assert_eq!(saved.last_test.map(|test| test.ok), Some(false));

    let id = saved.id.as_str();
    let right = draft(&fixture, "Acme", &accounts.organization_token);
    let report = desk.test_draft(&right, Some(id)).await.unwrap();
    assert!(report.ok);
    let saved = desk.update_workspace(id, &right).await.unwrap();
    let last = saved.last_test.unwrap();
    assert_eq!((last.ok, last.at), (true, report.at));

    // Only the name changes: what was tested is what there is.
    let renamed = draft(&fixture, "Acme Ltd", "");
    let saved = desk.update_workspace(id, &renamed).await.unwrap();
    assert_eq!(saved.last_test.map(|test| test.at), Some(last.at));

    // Another credential than the tested one is not tested.
    assert!(desk.test_draft(&right, Some(id)).await.unwrap().ok);
    let saved = desk.update_workspace(id, &wrong).await.unwrap();
    assert_eq!(saved.last_test, None);
}

#[tokio::test]
async fn names_that_differ_in_case_or_form_alone_are_one() {
    let (fixture, accounts) = desk().await;
    let first = added(&fixture, &accounts, "\u{141}\u{f3}d\u{17a}").await;
    for same in [
        "\u{141}\u{d3}D\u{179}",
        "\u{142}o\u{301}dz\u{301}",
        "\u{feff}\u{141}\u{f3}d\u{17a}\u{200b}",
    ] {
        let draft = draft(&fixture, same, &accounts.organization_token);
        let error = fixture.desk.add_workspace(&draft).await.unwrap_err();
        assert_eq!(error.field, Some(Field::Name), "{same}");
    }
    added(&fixture, &accounts, "Lodz").await;
    // Its own name in another case is no other's.
    let renamed = draft(&fixture, "\u{141}\u{d3}D\u{179}", "");
    let renamed = fixture.desk.update_workspace(&first.id, &renamed).await;
    assert_eq!(renamed.unwrap().name, "\u{141}\u{d3}D\u{179}");
}

#[tokio::test]
async fn the_demo_cannot_be_forgotten() {
    let (fixture, _) = desk().await;
    let desk = &fixture.desk;
    desk.save_workflow(DEMO_ID, "3d8a51f6", "Mine")
        .await
        .unwrap();
    let error: AppError = desk.forget_workspace(DEMO_ID).await.unwrap_err();
    assert_eq!(error.code, Code::InvalidInput);
    assert!(
        desk.known_workflows(DEMO_ID)
            .await
            .unwrap()
            .iter()
            .any(|workflow| workflow.name.as_deref() == Some("Mine")),
        "what is saved in the demo stays"
    );
}

#[tokio::test]
async fn a_test_says_which_address_it_tried() {
    let (fixture, accounts) = desk().await;
    let mut tried = draft(&fixture, "Acme", &accounts.organization_token);
    let bare = tried.api_host.trim_start_matches("http://").to_owned();
    tried.api_host.clone_from(&bare);
    let report = fixture.desk.test_draft(&tried, None).await.unwrap();
    assert!(report.ok, "{report:?}");
    assert_eq!(report.steps[0].name, "Plain http assumed on this computer");
    assert_eq!(report.steps[0].detail, format!("http://{bare}"));

    // TLS asked of something that speaks none: it did answer.
    tried.api_host = format!("https://{bare}");
    let report = fixture.desk.test_draft(&tried, None).await.unwrap();
    let last = report.steps.last().unwrap();
    assert_eq!(last.outcome, TestOutcome::Failed);
    assert_eq!(last.name, "Host answers, but not over TLS", "{report:?}");
    assert_eq!(last.detail, tried.api_host);
    let error = report.error.unwrap();
    assert!(!error.detail.contains("certificate"), "{error}");

    // Nobody there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    tried.api_host = free.local_addr().unwrap().to_string();
    drop(free);
    let report = fixture.desk.test_draft(&tried, None).await.unwrap();
    assert_eq!(report.steps.last().unwrap().name, "Host does not answer");
}
