//! Links, and what an entry is handed over as.

use secrecy::ExposeSecret;
use tokendesk_core::{
    Code,
    handover::CopyKind,
    history::{ApiGeneration, EntryKind, Status},
    issuing::IssueRequest,
    now,
    workspace::DEMO_ID,
};
use tokendesk_simulator::{Options, SAMPLE_RECORD_ID, scenarios};

use crate::fixture::{fixture, request};

fn link(subject: &str) -> IssueRequest {
    let workflow = scenarios()[0].workflow_definition_id;
    IssueRequest {
        kind: EntryKind::Link,
        ..request(workflow, ApiGeneration::V2, subject)
    }
}

#[tokio::test]
async fn a_second_link_ends_the_first() {
    let fixture = fixture(Options::default()).await;
    let desk = &fixture.desk;
    let in_force = async || desk.link_in_force(DEMO_ID, SAMPLE_RECORD_ID).await.unwrap();
    assert!(in_force().await.is_none());
    let first = desk.issue(&link(SAMPLE_RECORD_ID)).await.unwrap();
    assert_eq!(first.status(now()), Status::Active);
    assert_eq!(in_force().await.unwrap().id, first.id);
    let old = desk.link(&first.id).await.unwrap();
    let sent = IssueRequest {
        send: true,
        ..link(SAMPLE_RECORD_ID)
    };
    let second = desk.issue(&sent).await.unwrap();
    assert!(second.send);
    assert_eq!(in_force().await.unwrap().id, second.id);
    let first = desk.entry(&first.id).await.unwrap();
    assert_eq!(first.status(now()), Status::Superseded);
    assert!(!first.has_link);
    let gone = desk.link(&first.id).await.unwrap_err();
    assert_eq!(
        (gone.code, gone.detail.as_str()),
        (Code::TokenGone, "A newer link ended this one.")
    );
    let other = desk.issue(&link("")).await.unwrap();
    assert_eq!(
        other.status(now()),
        Status::Active,
        "without a subject nothing ends"
    );
    let page = reqwest::get(old.expose_secret()).await.unwrap();
    assert_eq!(page.status(), 410, "the vendor's page says so too");
}

#[tokio::test]
async fn an_entry_is_handed_over_without_a_secret_but_the_one_that_is_meant() {
    let fixture = fixture(Options::default()).await;
    let desk = &fixture.desk;
    let entry = desk.issue(&link(SAMPLE_RECORD_ID)).await.unwrap();
    let address = desk.copy_text(&entry.id, CopyKind::Link).await.unwrap();
    let text = desk
        .text_with_link(&entry.id, "Hello, {link} is yours")
        .await
        .unwrap();
    let wanted = format!("Hello, {} is yours", address.expose_secret());
    assert_eq!(text.expose_secret(), wanted);
    assert!(desk.entry(&entry.id).await.unwrap().copied_at.is_some());
    assert!(desk.qr(&entry.id).await.unwrap().size > 21);
    let collection = desk.postman(&entry.id).await.unwrap();
    assert!(collection.contains("{{apiHost}}/link") && collection.contains("{{subject}}"));
    assert!(!collection.contains(SAMPLE_RECORD_ID), "{collection}");
}
