//! Cases and records.

use transactionlink::{CaseDocument, ErrorKind, NewCase, Phone};

use super::{
    server::{Server, say},
    workflows::{ID, raw},
};

const CASE: &str = r#"{"createdDate":"2025-06-21T10:00:00Z","caseId":"c-1","partyId":"p-1","partyDetails":{"personal":{"personalNumber":7.10,"a":{}}}}"#;

#[tokio::test]
async fn a_case_is_made_of_what_is_there() {
    let server = Server::start().await;
    server.on("POST /cases", [say(201, CASE)]);
    let client = server.organization();
    let some = |text: &str| Some(text.to_owned());
    let case = NewCase {
        first_name: some("Ann"),
        last_name: some("Öz"),
        personal_number: some("850101"),
        email: some("ann@example.com"),
        phone: Some(Phone {
            country_code: some("+48"),
            number: None,
        }),
        company_name: some("A"),
        company_number: some("1"),
        company_address: some("B 2"),
        documents: vec![CaseDocument {
            resource_id: ID.to_owned(),
            resource_name: "a.pdf".to_owned(),
            resource_path: format!("resources/x/{ID}/a.pdf"),
        }],
    };
    let made = client.create_case(&case).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.party_id.as_deref()),
        ("c-1", Some("p-1"))
    );
    assert!(made.created.is_some());
    assert_eq!(made.whole.get(), CASE);
    client.create_case(&NewCase::default()).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        seen[0].body,
        format!(
            r#"{{"firstName":"Ann","lastName":"Öz","personalNumber":"850101","email":"ann@example.com","phone":{{"countryCode":"+48"}},"companyName":"A","companyNumber":"1","companyAddress":"B 2","documents":[{{"resourceId":"{ID}","resourceName":"a.pdf","resourcePath":"resources/x/{ID}/a.pdf"}}]}}"#
        )
    );
    assert_eq!(seen[0].header("content-type"), "application/json");
    assert_eq!(seen[1].body, "{}");
    let shown = format!("{case:?} {made:?}");
    assert!(!shown.contains("Ann") && !shown.contains("c-1"), "{shown}");
}

#[tokio::test]
async fn a_case_is_read_and_needs_an_id() {
    let server = Server::start().await;
    server
        .on("GET /cases/c-1", [say(200, CASE)])
        .on("GET /cases/c-2", [say(200, r#"{"caseId":"c-2"}"#)])
        .on("GET /cases/c-3", [say(200, r#"{"partyId":"p"}"#)]);
    let client = server.organization();
    assert_eq!(client.case("c-1").await.unwrap().id, "c-1");
    assert_eq!(server.seen()[0].header("accept"), "application/json");
    let early = client.case("c-2").await.unwrap();
    assert!(early.party_id.is_none() && early.created.is_none());
    let error = client.case("c-3").await.unwrap_err();
    assert_eq!(error.detail, "The answer has no `caseId`.");
    let error = client.case("c-4").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_record_is_made_of_the_tables_columns() {
    let server = Server::start().await;
    let body = r#"{"text":"x","number":1.50,"id":"r-1","version":1,"createdAt":"2025-08-29T10:00:00+02:00","updatedAt":"2025-08-29T10:00:01+02:00"}"#;
    server
        .on("POST /tables/t-1/records", [say(201, body)])
        .on("GET /tables/t-1/records/r-1", [say(200, body)])
        .on("GET /tables/t-1/records/r-2", [say(200, r#"{"id":"r-2"}"#)])
        .on("GET /tables/t-1/records/r-3", [say(200, "[]")]);
    let client = server.organization();
    let fields = r#"{"text":"x","number":1.50,"checkbox":null,"json":{"b":[],"a":1e2}}"#;
    let made = client.create_record("t-1", &raw(fields)).await.unwrap();
    assert_eq!(server.seen()[0].body, fields, "it goes out as it was typed");
    assert_eq!((made.id.as_str(), made.version), ("r-1", Some(1)));
    let life = made.updated.unwrap().duration_since(made.created.unwrap());
    assert_eq!(life.unwrap().as_secs(), 1);
    assert_eq!(made.fields.get(), body);
    assert!(!format!("{made:?}").contains("r-1"));
    let read = client.record("t-1", "r-1").await.unwrap();
    assert_eq!((read.id, read.version), (made.id, made.version));
    assert_eq!(read.fields.get(), body);
    let least = client.record("t-1", "r-2").await.unwrap();
    assert_eq!((least.version, least.created), (None, None));
    let error = client.record("t-1", "r-3").await.unwrap_err();
    assert_eq!(error.detail, "The answer is not a JSON object.");
}
