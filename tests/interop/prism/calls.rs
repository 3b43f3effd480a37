//! Every call of the client, and what it is asked with.

use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;
use transactionlink::{
    Attachment, BackgroundRequestV1, BackgroundRequestV2, Case, CaseDocument, Client, Issued,
    NewCase, Phone, Probe, Record, Resource, Run, RunRequest, RunState, TokenRequestV1,
    TokenRequestV2, Upload,
};
use uuid::{Uuid, uuid};

pub const CASE: Uuid = uuid!("11111111-2222-3333-4444-555555555555");
pub const RECORD: Uuid = uuid!("5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8");
pub const RUN: Uuid = uuid!("497f6eca-6276-4993-bfeb-53cbbbba6f08");
pub const TABLE: &str = "customers";

/// Every answer but addresses and keys, which a schema does not tell from other texts.
pub struct Answers {
    pub tokens: Vec<Issued>,
    pub runs: Vec<Run>,
    pub state: RunState,
    pub result: Box<RawValue>,
    pub cases: Vec<Case>,
    pub records: Vec<Record>,
    pub resource: Resource,
    pub attachments: Vec<Attachment>,
    pub attached: Attachment,
}

/// Makes every call with as much as it can carry, and with as little.
pub async fn ask(client: &Client) -> Answers {
    let (record, run_id) = (RECORD.to_string(), RUN.to_string());
    let fields = raw(r#"{"text":"Jaźń","number":1.5,"checkbox":true,"json":{"a":[]}}"#);
    let probe = client.probe_workflow(RUN).await.unwrap();
    assert!(matches!(
        probe,
        Probe::Accepted {
            http_status: 200,
            ..
        }
    ));
    let background_v1 = BackgroundRequestV1 {
        case_id: CASE,
        workflow_definition_id: "w".to_owned(),
        parameters_id: Some("p".to_owned()),
    };
    let background_v2 = BackgroundRequestV2 {
        record_id: None,
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
    };
    let no_tags = &[];
    Answers {
        tokens: vec![
            client.token_v1(&token_v1(), &|_| {}).await.unwrap(),
            client
                .token_v2(&token_v2(Some(RECORD)), &|_| {})
                .await
                .unwrap(),
            client.token_v2(&token_v2(None), &|_| {}).await.unwrap(),
        ],
        runs: vec![
            client.run(&run("{}", None), &|_| {}).await.unwrap(),
            client
                .run(&run(r#"{"a":[1,{"b":null}]}"#, Some(RECORD)), &|_| {})
                .await
                .unwrap(),
            client
                .run_background_v1(&background_v1, &|_| {})
                .await
                .unwrap(),
            client
                .run_background_v2(&background_v2, &|_| {})
                .await
                .unwrap(),
        ],
        state: client.run_state(&run_id).await.unwrap(),
        result: client.run_result(&run_id).await.unwrap(),
        cases: vec![
            client.create_case(&NewCase::default()).await.unwrap(),
            client.create_case(&new_case()).await.unwrap(),
            client.case(&CASE.to_string()).await.unwrap(),
        ],
        records: vec![
            client.create_record(TABLE, &fields).await.unwrap(),
            client.record(TABLE, &record).await.unwrap(),
        ],
        resource: client.create_resource(upload()).await.unwrap(),
        attachments: client.attachments(TABLE, &record).await.unwrap(),
        // prism keeps one text for each name of a form, and so refuses every list.
        attached: client
            .attach(TABLE, &record, upload(), no_tags)
            .await
            .unwrap(),
    }
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

pub fn upload() -> Upload {
    Upload {
        name: "Umowa – ąę.pdf".to_owned(),
        content_type: Some("application/pdf".to_owned()),
        bytes: b"%PDF-1.7 \x00\xff".to_vec(),
    }
}

pub fn token_v1() -> TokenRequestV1 {
    TokenRequestV1 {
        case_id: CASE,
        workflow_definition_id: "w".to_owned(),
        parameters_id: Some("p".to_owned()),
        lang: Some("pl".to_owned()),
    }
}

pub fn token_v2(record_id: Option<Uuid>) -> TokenRequestV2 {
    TokenRequestV2 {
        record_id,
        workflow_definition_id: "w".to_owned(),
        parameters_id: None,
        lang: None,
    }
}

pub fn run(parameters: &str, record_id: Option<Uuid>) -> RunRequest {
    RunRequest {
        workflow_definition_id: "w".to_owned(),
        locale: "uk".to_owned(),
        parameters: raw(parameters),
        expires_at: record_id.map(|_| SystemTime::now() + Duration::from_secs(3600)),
        record_id,
    }
}

fn new_case() -> NewCase {
    let some = |text: &str| Some(text.to_owned());
    NewCase {
        first_name: some("Zażółć"),
        last_name: some("Jaźń"),
        personal_number: some("80010112345"),
        email: some("jan@example.com"),
        phone: Some(Phone {
            country_code: some("48"),
            number: some("500600700"),
        }),
        company_name: some("Example"),
        company_number: some("1"),
        company_address: some("Warsaw"),
        documents: vec![CaseDocument {
            resource_id: RUN.to_string(),
            resource_name: "n".to_owned(),
            resource_path: "resources/n".to_owned(),
        }],
    }
}
