//! The side panel: a case and a record made and looked up beside a form that stays what it is.

use crate::{
    desktop::{Desktop, Keyring},
    web::Web,
};

/// Fills the rows of an editor of typed values: key, type and value.
pub async fn type_rows(app: &Web, editor: &str, rows: &[(&str, &str, &str)]) {
    for (nth, (key, kind, value)) in (1..).zip(rows) {
        app.click(&format!("{editor}-add")).await;
        let cell = |part| {
            format!("[data-testid={editor}-row]:nth-child({nth}) [data-testid={editor}-{part}]")
        };
        app.fill_css(&cell("key"), key).await;
        app.choose_css(&cell("type"), kind).await;
        match (*kind, *value) {
            ("null", _) | ("boolean", "false") => {}
            ("boolean", _) => app.click_css(&cell("value")).await,
            (_, text) => app.fill_css(&cell("value"), text).await,
        }
    }
}

/// Waits until a tree shows a value under a name. A branch shows how much is in it.
pub async fn tree_says(app: &Web, within: &str, name: &str, value: &str) {
    let css = format!("[data-testid={within}] [data-testid=tree-row][data-name='{name}']");
    app.until(&format!("{name} is {value}"), async || {
        let script = "return document.querySelector(arguments[0])
            ?.querySelector('.value, .count')?.textContent ?? ''";
        app.script(script, vec![css.clone().into()]).await == value
    })
    .await;
}

#[tokio::test]
async fn a_case_is_made_beside_the_form_and_issued_for() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.says("connection", "Simulator running").await;
    app.click("field-api-v1").await;
    app.fill("field-parameters", "params-7").await;
    app.fill("field-label", "ticket #1").await;
    let before = app.value("field-subject").await;
    app.click("subject-create").await;
    for (field, text) in [
        ("firstName", "Jan"),
        ("lastName", "\u{017b}ak"),
        ("personalNumber", "44051401359"),
        ("email", "jan at example.com"),
        ("phoneCountryCode", "+48"),
        ("phoneNumber", "600 100 200"),
        ("companyName", "Velmora sp. z o.o."),
        ("companyNumber", "0000123456"),
        ("companyAddress", "ul. Prosta 1, 00-838 Warszawa"),
    ] {
        app.fill(&format!("case-{field}"), text).await;
    }
    app.click("subject-submit").await;
    app.see("case-email-fault").await;
    assert_eq!(app.value("field-subject").await, before, "nothing was made");
    // The form is in use all the while.
    app.fill("field-label", "ticket #2").await;
    app.fill("case-email", "jan@example.com").await;
    app.click("subject-submit").await;
    app.gone("subject-panel").await;

    let id = app.value("field-subject").await;
    assert_ne!(id, before);
    assert_eq!(id.len(), 36, "{id}");
    assert_eq!(app.value("field-label").await, "ticket #2");
    assert_eq!(app.value("field-parameters").await, "params-7");
    let chosen = app.see("field-api-v1").await;
    assert_eq!(
        chosen.attr("aria-checked").await.unwrap().as_deref(),
        Some("true")
    );
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.says("token-card", "Case").await;
    app.says("token-card", &id[..8]).await;
    assert_eq!(app.text("token-label").await, "ticket #2");

    app.click("subject-look-up").await;
    assert_eq!(
        app.value("find-id").await,
        id,
        "what is in the form is looked up"
    );
    app.click("find-submit").await;
    app.see_css(&format!("[data-testid=found][data-id='{id}']"))
        .await;
    for (name, value) in [
        ("firstName", "Jan"),
        ("lastName", "\u{017b}ak"),
        ("personalNumber", "44051401359"),
        ("email", "jan@example.com"),
        ("companyName", "Velmora sp. z o.o."),
        ("companyNumber", "0000123456"),
    ] {
        tree_says(&app, "found", name, value).await;
    }
    app.click("subject-close").await;
    app.gone("subject-panel").await;
    app.close().await;
}
