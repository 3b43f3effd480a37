//! Without a keychain, and with a locked one.

use std::{
    io::Write,
    process::Stdio,
    time::{Duration, Instant},
};

use crate::{
    desktop::{Desktop, Keyring, TOKENDESK, wait_for},
    simulator::SimulatorProcess,
    terminal_setting::{Said, WORKFLOW, run},
    web::Web,
    workspaces::switch_to,
};

async fn started(desktop: &Desktop) -> Web {
    let begun = Instant::now();
    let app = Web::app(desktop).await;
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "the window waits for no keychain"
    );
    app
}

async fn issues(app: &Web) {
    app.says("connection", "Simulator running").await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
}

#[tokio::test]
async fn without_a_service_the_demo_works_for_the_session() {
    for keyring in [Keyring::NoService, Keyring::NoBus] {
        let desktop = Desktop::new(keyring);
        let app = started(&desktop).await;
        app.says("keychain-banner", "No keychain").await;
        issues(&app).await;
        app.click("keychain-session").await;
        app.gone("keychain-banner").await;
        app.click("nav-history").await;
        app.says("history-status", "session").await;
        app.click("nav-settings").await;
        app.says("settings-keychain", "Secret Service").await;
        app.close().await;
        assert!(
            !desktop.data().join("history.db").exists(),
            "nothing is written without a keychain"
        );
    }
}

#[tokio::test]
async fn a_locked_keychain_is_named_and_the_session_offered() {
    let desktop = Desktop::new(Keyring::Locked);
    let app = started(&desktop).await;
    app.says("keychain-banner", "keychain").await;
    app.says("keychain-banner", "locked").await;
    app.click("keychain-session").await;
    app.gone("keychain-banner").await;
    issues(&app).await;
    app.close().await;
    assert!(
        !desktop.data().join("history.db").exists(),
        "nothing is written behind a lock"
    );
}

#[tokio::test]
async fn a_keychain_that_comes_up_later_keeps_what_was_issued_before() {
    let mut desktop = Desktop::new(Keyring::NoService);
    let app = started(&desktop).await;
    app.says("keychain-banner", "No keychain").await;
    issues(&app).await;
    desktop.bring_keyring();
    app.gone("keychain-banner").await;
    app.click("nav-history").await;
    app.says("history-status", "Encrypted").await;
    app.until("its row is there", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.close().await;

    let app = started(&desktop).await;
    app.click("nav-history").await;
    app.until("after a restart too", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.close().await;
}

const ISSUE: [&str; 7] = [
    "issue",
    "--workspace",
    "Acme",
    "--workflow",
    WORKFLOW,
    "--api",
    "v2",
];

/// A desktop whose keyring can go away: nothing on its bus starts another one.
fn desktop_with_a_workspace() -> (Desktop, SimulatorProcess) {
    let mut desktop = Desktop::new(Keyring::NoService);
    desktop.bring_keyring();
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let added = add_workspace(&desktop, "Acme", &simulator);
    assert_eq!(added.code, 0, "{}", added.err);
    (desktop, simulator)
}

fn add_workspace(desktop: &Desktop, name: &str, simulator: &SimulatorProcess) -> Said {
    let arguments = [
        "workspace",
        "add",
        name,
        "--auth",
        "organization-token",
        "--api-host",
        &simulator.origin,
        "--widget-host",
        &simulator.origin,
    ];
    run(
        desktop,
        &arguments,
        &format!("{}\n", simulator.organization_token),
    )
}

/// The state of the credential of the last workspace in the list.
async fn has_credential(app: &Web, state: &str) {
    let script = "return [...document.querySelectorAll('[data-testid=workspace-row]')]
        .at(-1)?.dataset.credential ?? ''";
    app.until(state, async || {
        app.script(script, vec![]).await.as_str() == Some(state)
    })
    .await;
}

#[tokio::test]
async fn a_keyring_that_goes_and_comes_back_is_seen_without_a_click() {
    let (mut desktop, simulator) = desktop_with_a_workspace();
    let app = started(&desktop).await;
    app.click("nav-workspaces").await;
    has_credential(&app, "present").await;

    for _ in 0..2 {
        desktop.end_keyring();
        app.says("keychain-banner", "does not answer").await;
        app.says("keychain-banner", "It has stopped").await;
        has_credential(&app, "unavailable").await;
        for arguments in [&["history"][..], &ISSUE] {
            let said = run(&desktop, arguments, "");
            assert_eq!(said.code, 6, "{arguments:?}: {}", said.err);
            assert!(said.err.contains("Secret Service"), "{}", said.err);
            assert!(!said.err.contains("zbus"), "{}", said.err);
        }
        let refused = add_workspace(&desktop, "Later", &simulator);
        assert_eq!(refused.code, 6, "{}", refused.err);

        desktop.bring_keyring();
        app.gone("keychain-banner").await;
        has_credential(&app, "present").await;
        assert_eq!(app.count("workspace-row").await, 2, "nothing was added");
    }

    switch_to(&app, "Acme").await;
    app.click("nav-issue").await;
    app.fill("field-workflow", WORKFLOW).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.close().await;
    let history = run(&desktop, &["history"], "");
    assert_eq!(history.code, 0, "{}", history.err);
    assert!(history.out.contains("Acme"), "{}", history.out);
    assert_eq!(desktop.keychain_items(), 2, "no item is left of the asking");
}

#[tokio::test]
async fn what_was_kept_is_there_again_once_the_keyring_is() {
    let (mut desktop, _simulator) = desktop_with_a_workspace();
    let issued = run(&desktop, &ISSUE, "");
    assert_eq!(issued.code, 0, "{}", issued.err);
    desktop.end_keyring();
    let before = std::fs::read(desktop.data().join("history.db")).unwrap();

    let app = started(&desktop).await;
    app.says("keychain-banner", "No keychain").await;
    app.says("workspace-switcher", "Demo").await;
    app.gone("live-tokens").await;
    assert_eq!(
        std::fs::read(desktop.data().join("history.db")).unwrap(),
        before,
        "without its key the history is left alone"
    );

    desktop.bring_keyring();
    app.gone("keychain-banner").await;
    app.says("live-tokens", "1").await;
    app.click("nav-history").await;
    app.says("history-status", "Encrypted").await;
    app.until("its row is there", async || {
        app.count("history-row").await == 1
    })
    .await;
    app.click("nav-workspaces").await;
    has_credential(&app, "present").await;
    app.close().await;
}

#[tokio::test]
async fn a_prompt_that_died_with_its_keyring_holds_nothing_up() {
    let (mut desktop, _simulator) = desktop_with_a_workspace();
    desktop.end_keyring();
    desktop.bring_locked_keyring();
    let app = started(&desktop).await;
    wait_for("the prompt", || desktop.has_prompt());
    app.says("keychain-banner", "locked").await;
    desktop.end_keyring();
    app.says("keychain-banner", "No keychain").await;
    desktop.bring_keyring();
    app.gone("keychain-banner").await;
    app.click("nav-workspaces").await;
    has_credential(&app, "present").await;
    app.close().await;
}

#[tokio::test]
async fn a_keyring_that_restarts_under_a_call_of_the_terminal_is_asked_again() {
    let (mut desktop, simulator) = desktop_with_a_workspace();
    let mut adding = desktop
        .command(TOKENDESK)
        .args(["workspace", "add", "Later", "--auth", "organization-token"])
        .args(["--api-host", &simulator.origin])
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It has read the history's key by the time that it has the history open.
    let files = format!("/proc/{}/fd", adding.id());
    wait_for("the history", || {
        std::fs::read_dir(&files)
            .unwrap()
            .flatten()
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .any(|file| file.ends_with("history.db"))
    });
    desktop.end_keyring();
    desktop.bring_keyring();
    let mut input = adding.stdin.take().unwrap();
    writeln!(input, "{}", simulator.organization_token).unwrap();
    drop(input);
    let added = adding.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&added.stderr);
    assert!(added.status.success(), "{said}");
    assert!(said.contains("Added Later"), "{said}");
}

#[tokio::test]
async fn a_keyring_that_comes_up_takes_nothing_that_was_for_the_session_only() {
    let mut desktop = Desktop::new(Keyring::NoService);
    let app = started(&desktop).await;
    app.says("keychain-banner", "No keychain").await;
    app.click("keychain-session").await;
    issues(&app).await;
    app.click("nav-settings").await;
    app.says("settings-keychain", "Secret Service").await;
    desktop.bring_keyring();
    app.until("the keychain is seen", async || {
        !app.text("settings-keychain")
            .await
            .contains("Secret Service")
    })
    .await;
    app.click("nav-history").await;
    app.says("history-status", "session").await;
    assert!(
        !desktop.data().join("history.db").exists(),
        "nothing is written unasked"
    );
    app.click("nav-settings").await;
    app.click("keychain-use").await;
    app.gone("keychain-use").await;
    app.click("nav-history").await;
    app.says("history-status", "Encrypted").await;
    app.close().await;
}
