//! Without a keychain, and with a locked one.

use std::time::{Duration, Instant};

use crate::{
    desktop::{Desktop, Keyring},
    web::Web,
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
    app.click("keychain-retry").await;
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
