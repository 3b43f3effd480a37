//! Cases, records and their files.

use tokendesk_core::{
    Code, Field, history::ApiGeneration, subjects::CaseDraft, workspace::DEMO_ID,
};
use tokendesk_simulator::{Options, scenarios};

use crate::fixture::fixture;

const TABLE: &str = "customers";

#[tokio::test]
async fn a_case_is_created_with_documents_and_a_token_issued_for_it() {
    let fixture = fixture(Options::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pass port.pdf");
    std::fs::write(&file, b"%PDF-1.7 ...").unwrap();
    let missing = folder.path().join("missing.pdf");
    let files = [file, missing];
    let uploaded = fixture.desk.upload_documents(DEMO_ID, &files).await;
    assert_eq!(uploaded.error.unwrap().field, Some(Field::File));
    let document = uploaded.documents.into_iter().next().unwrap();
    assert_eq!(
        (document.name.as_str(), document.bytes),
        ("pass port.pdf", 12)
    );
    let draft = CaseDraft {
        first_name: "Zo\u{eb}".to_owned(),
        email: "zoe@example.org".to_owned(),
        phone_country_code: "48".to_owned(),
        phone_number: "600100200".to_owned(),
        documents: vec![document],
        ..CaseDraft::default()
    };
    let case = fixture.desk.create_case(DEMO_ID, &draft).await.unwrap();
    let found = fixture.desk.look_up_case(DEMO_ID, &case.id).await.unwrap();
    let texts: Vec<&str> = found.tree.nodes.iter().map(|n| n.text.as_str()).collect();
    for wanted in ["Zo\u{eb}", "zoe@example.org", "600100200", "pass port.pdf"] {
        assert!(texts.contains(&wanted), "{wanted}: {texts:?}");
    }
    let workflow = scenarios()[0].workflow_definition_id;
    let issued = fixture.issue(workflow, ApiGeneration::V1, &case.id).await;
    assert_eq!(issued.unwrap().subject, Some(case.id));
    let unknown = "00000000-0000-4000-8000-000000000001";
    let missing = fixture
        .desk
        .look_up_case(DEMO_ID, unknown)
        .await
        .unwrap_err();
    assert_eq!(missing.code, Code::NotFound);
}

#[tokio::test]
async fn a_record_keeps_its_numbers_and_its_files() {
    let fixture = fixture(Options::default()).await;
    let desk = &fixture.desk;
    let fields =
        r#"{"text":"Acme","number":1.10,"checkbox":true,"multiselect":["a"],"json":{"b":1}}"#;
    let made = desk.create_record(DEMO_ID, TABLE, fields).await.unwrap();
    let found = desk.look_up_record(DEMO_ID, TABLE, &made.id).await.unwrap();
    assert_eq!(found.version, Some(1));
    assert!(
        found
            .tree
            .nodes
            .iter()
            .any(|n| n.name == "text" && n.text == "Acme")
    );
    let wrong = desk.create_record(DEMO_ID, TABLE, r#"{"text":7}"#).await;
    assert_eq!(wrong.unwrap_err().code, Code::InvalidRequest);
    let wrong = desk.create_record(DEMO_ID, TABLE, "[]").await.unwrap_err();
    assert_eq!(wrong.field, Some(Field::Fields));

    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (
        folder.path().join("a b.bin"),
        folder.path().join("copy.bin"),
    );
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&file, &bytes).unwrap();
    let tags = ["passport".to_owned()];
    let sent = desk
        .attach(DEMO_ID, TABLE, &made.id, &file, &tags)
        .await
        .unwrap();
    let listed = desk.attachments(DEMO_ID, TABLE, &made.id).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&sent));
    assert_eq!(
        (sent.size, sent.tags.as_slice()),
        (Some(200_000), &tags[..])
    );
    let saved = desk
        .save_attachment(DEMO_ID, TABLE, &made.id, &sent, &copy)
        .await;
    assert_eq!(saved.unwrap(), 200_000);
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    let large = folder.path().join("large");
    std::fs::write(&large, vec![0; 6 * 1024 * 1024]).unwrap();
    let refused = desk
        .attach(DEMO_ID, TABLE, &made.id, &large, &[])
        .await
        .unwrap_err();
    assert_eq!(refused.http_status, Some(413));
    let nothing = folder.path().join("nothing");
    let refused = desk
        .attach(DEMO_ID, TABLE, &made.id, &nothing, &[])
        .await
        .unwrap_err();
    assert_eq!(refused.field, Some(Field::File));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 3, "no part of a file is left");
}
