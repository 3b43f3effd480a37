//! Cases and the resources that are their documents.

use serde_json::json;
use tokendesk_simulator::{Options, SAMPLE_CASE_ID, Simulator};

use crate::call::{Caller, start};

async fn ready() -> (Simulator, Caller) {
    let (simulator, caller) = start(Options::default()).await;
    (simulator, caller.with_organization_token())
}

#[tokio::test]
async fn a_case_is_created_as_the_documented_sample_and_read_again() {
    let (_simulator, caller) = ready().await;
    let file = caller.post_form(
        "/resources",
        &[(r#"name="file"; filename="File name.pdf""#, "%PDF")],
    );
    let resource = file.await.gave(201);
    let path = resource["resourcePath"].as_str().unwrap();
    assert!(
        path.starts_with("resources/") && path.ends_with("/File name.pdf"),
        "{path}"
    );
    let request = json!({
        "firstName": "Jan", "lastName": "Kowalski", "email": "jan@example.com",
        "personalNumber": 80_010_112_345_u64,
        "phone": { "countryCode": 48, "number": "500600700" },
        "companyName": null, "companyNumber": "123",
        "documents": [resource],
    });
    let case = caller.post_json("/cases", &request).await.gave(201);
    let details = json!({
        "personal": {
            "firstName": "Jan", "lastName": "Kowalski", "email": "jan@example.com",
            "personalNumber": "80010112345",
            "phone": { "countryCode": "48", "number": "500600700" },
        },
        "business": { "companyNumber": "123", "companyName": null, "companyAddress": null },
        "documents": [resource],
    });
    assert_eq!(case["partyDetails"], details);
    let id = case["caseId"].as_str().unwrap();
    assert_eq!(caller.get(&format!("/cases/{id}")).await.gave(200), case);
    let other = caller.post("/cases", "{}").await.gave(201);
    assert_ne!(other["caseId"], case["caseId"]);
}

#[tokio::test]
async fn an_unknown_case_is_404_and_the_sample_is_there() {
    let (_simulator, caller) = ready().await;
    caller
        .get(&format!("/cases/{SAMPLE_CASE_ID}"))
        .await
        .gave(200);
    let answer = caller
        .get("/cases/5f0c7d3a-91b4-4e6f-8a2d-000000000000")
        .await;
    answer.refused(404, "simulator.subject_not_found");
    let answer = caller.get("/cases/11111111222233334444555555555555").await;
    let message = answer.refused(400, "simulator.invalid_field");
    assert_eq!(message, "`caseId` is not a uuid.");
    let answer = caller.get("/cases/%ff").await;
    answer.refused(400, "simulator.invalid_request");
}

#[tokio::test]
async fn a_faulty_case_names_its_field() {
    let (_simulator, caller) = ready().await;
    let document = json!({
        "resourceId": SAMPLE_CASE_ID, "resourceName": "a", "resourcePath": "b",
    });
    for (request, message) in [
        (json!({ "firstName": 1 }), "`firstName` is not a string."),
        (json!({ "phone": "48" }), "`phone` is not an object."),
        (
            json!({ "phone": { "number": [] } }),
            "`phone.number` is of none of the types it may have.",
        ),
        (
            json!({ "documents": [{ "resourceId": SAMPLE_CASE_ID, "resourceName": "a" }] }),
            "`documents[0].resourcePath` is required.",
        ),
        (
            json!({ "documents": [document] }),
            "`documents[0].resourceId` is no resource of this workspace.",
        ),
    ] {
        let answer = caller.post_json("/cases", &request).await;
        assert_eq!(answer.refused(400, "simulator.invalid_field"), message);
    }
}

#[tokio::test]
async fn a_form_without_a_file_is_refused() {
    let (_simulator, caller) = ready().await;
    let answer = caller.post_form("/resources", &[]).await;
    assert_eq!(
        answer.refused(400, "simulator.invalid_field"),
        "`file` is required."
    );
    let answer = caller
        .post_form("/resources", &[(r#"name="other""#, "x")])
        .await;
    answer.refused(400, "simulator.invalid_field");
    let answer = caller.post("/resources", "{}").await;
    answer.refused(400, "simulator.wrong_content_type");
    let caller = caller.without("authorization");
    let answer = caller.post_form("/resources", &[]).await;
    answer.refused(401, "simulator.unauthorized");
}
