//! What a run leaves behind: nothing secret in clear.

use crate::{
    desktop::{Desktop, Keyring},
    simulator::SimulatorProcess,
    web::Web,
};

const SUBJECT: &str = "7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f";

#[tokio::test]
async fn no_secret_is_on_disk_in_clear() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let added = desktop.tokendesk(
        &[
            "workspace",
            "add",
            "Acme",
            "--auth",
            "key-secret",
            "--api-host",
            &simulator.origin,
            "--widget-host",
            &simulator.origin,
        ],
        &format!("{}\n{}\n", simulator.key, simulator.secret),
    );
    assert!(added.status.success());
    let app = Web::app(&desktop).await;
    app.click("workspace-switcher").await;
    app.see_css("[data-testid=switch-to]:nth-of-type(2)")
        .await
        .click()
        .await
        .unwrap();
    app.fill("field-workflow", "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c")
        .await;
    app.fill("field-subject", SUBJECT).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("reveal-token").await;
    let token = app.text("token-text").await;
    assert!(token.starts_with("eyJ"), "{token}");
    app.click("copy-token").await;
    app.click("preview").await;
    app.click("nav-history").await;
    app.until("the preview used its own", async || {
        app.text("history-table").await.contains("Used")
    })
    .await;
    app.close().await;

    for (path, bytes) in desktop.files() {
        let name = path.display();
        for secret in [&simulator.key, &simulator.secret, &token, SUBJECT] {
            let there = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!there, "{name} holds {secret}");
        }
        // Access tokens and widget tokens of this run, whatever they were.
        assert!(!holds_a_jwt(&bytes), "{name} holds a token");
    }
    let database = desktop.data().join("history.db");
    let read = desktop
        .command("sqlite3")
        .arg(&database)
        .arg("SELECT count(*) FROM entries")
        .output()
        .unwrap();
    assert!(!read.status.success(), "sqlite3 reads the history");
    assert!(String::from_utf8_lossy(&read.stderr).contains("not a database"));
    assert_eq!(
        desktop.keychain_items(),
        2,
        "one for the workspace, one for the history's key"
    );
}

/// Whether there is `eyJ…`, a dot and `eyJ…`: the two JSON parts of a JWT.
fn holds_a_jwt(bytes: &[u8]) -> bool {
    bytes.windows(4).enumerate().any(|(at, four)| {
        four == b".eyJ"
            && at > 10
            && bytes[at - 10..at]
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
    })
}
