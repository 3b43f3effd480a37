//! Records and their attachments.

use reqwest::Method;
use serde_json::json;
use tokendesk_simulator::{Options, SAMPLE_RECORD_ID, Simulator};

use crate::call::{Caller, start};

const FILE: &str = r#"name="file"; filename="a "b".html""#;

async fn ready() -> (Simulator, Caller) {
    let (simulator, caller) = start(Options::default()).await;
    (simulator, caller.with_organization_token())
}

#[tokio::test]
async fn a_record_has_the_columns_it_was_given() {
    let (_simulator, caller) = ready().await;
    let columns = json!({
        "multiselect": ["a"], "date": "2025-09-01", "number": 1.5, "integer": 7, "checkbox": false,
        "json": { "deep": [1] }, "anything": { "else": null },
    });
    let record = caller
        .post_json("/tables/t/records", &columns)
        .await
        .gave(201);
    for (name, value) in columns.as_object().unwrap() {
        assert_eq!(&record[name], value, "{name}");
    }
    assert_eq!(record["version"], 1);
    assert_eq!(record.as_object().unwrap().len(), 7 + 4, "{record}");
    let path = format!("/tables/t/records/{}", record["id"].as_str().unwrap());
    assert_eq!(caller.get(&path).await.gave(200), record);
    let other = caller.get(&path.replace("/t/", "/other/")).await;
    other.refused(404, "simulator.subject_not_found");
    let sample = format!("/tables/any/records/{SAMPLE_RECORD_ID}");
    caller.get(&sample).await.gave(200);
}

#[tokio::test]
async fn a_faulty_record_names_its_column() {
    let (_simulator, caller) = ready().await;
    for (columns, message) in [
        (
            json!({ "integer": 1.5 }),
            "`integer` is not a whole number.",
        ),
        (json!({ "array": {} }), "`array` is not a list."),
        (json!({ "json": 1 }), "`json` is not an object."),
        (json!({ "checkbox": "yes" }), "`checkbox` is not a boolean."),
        (json!({ "version": 2 }), "`version` is set by the server."),
    ] {
        let answer = caller.post_json("/tables/t/records", &columns).await;
        assert_eq!(answer.refused(400, "simulator.invalid_field"), message);
    }
    let answer = caller.post("/tables/00000000-1/records", "{}").await;
    answer.refused(404, "simulator.table_not_found");
}

#[tokio::test]
async fn an_attachment_is_uploaded_listed_downloaded_and_deleted() {
    let (_simulator, caller) = ready().await;
    let path = format!("/tables/t/records/{SAMPLE_RECORD_ID}/attachments");
    assert_eq!(caller.get(&path).await.gave(200), json!([]));
    let parts = [
        (
            "name=\"file\"; filename=\"page.html\"\r\ncontent-type: text/html",
            "<b>hello</b>",
        ),
        (r#"name="tags""#, "one"),
        (r#"name="tags""#, "two"),
    ];
    let attachment = caller.post_form(&path, &parts).await.gave(201);
    assert_eq!(attachment["name"], "page.html");
    assert_eq!(attachment["type"], "text/html");
    assert_eq!(attachment["size"], 12);
    assert_eq!(attachment["tags"], json!(["one", "two"]));
    assert_eq!(caller.get(&path).await.gave(200), json!([attachment]));

    let one = format!("{path}/{}", attachment["id"].as_str().unwrap());
    let link = caller.get(&one).await.field("link");
    // The link is the credential.
    let answer = caller.http.get(&link).send().await.unwrap();
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "text/html");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"page.html\""
    );
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.text().await.unwrap(), "<b>hello</b>");

    assert_eq!(caller.send(Method::DELETE, &one).await.status, 204);
    for method in [Method::GET, Method::DELETE] {
        let answer = caller.send(method, &one).await;
        answer.refused(404, "simulator.attachment_not_found");
    }
    assert_eq!(caller.http.get(&link).send().await.unwrap().status(), 404);
    assert_eq!(caller.get(&path).await.gave(200), json!([]));
}

#[tokio::test]
async fn a_file_beyond_5_mib_is_refused_and_one_below_is_not() {
    let (_simulator, caller) = ready().await;
    let path = format!("/tables/t/records/{SAMPLE_RECORD_ID}/attachments");
    let limit = 5 * 1024 * 1024;
    let whole = "x".repeat(limit);
    let answer = caller.post_form(&path, &[(FILE, whole.as_str())]).await;
    assert_eq!(answer.gave(201)["size"], limit);
    for beyond in [limit + 1, 3 * limit] {
        let file = "x".repeat(beyond);
        let answer = caller.post_form(&path, &[(FILE, file.as_str())]).await;
        answer.refused(413, "simulator.body_too_large");
    }
}

#[tokio::test]
async fn attachments_belong_to_records_that_exist() {
    let (_simulator, caller) = ready().await;
    let path = "/tables/t/records/5f0c7d3a-91b4-4e6f-8a2d-000000000000/attachments";
    let answer = caller.get(path).await;
    answer.refused(404, "simulator.subject_not_found");
    let answer = caller.post_form(path, &[(FILE, "x")]).await;
    answer.refused(404, "simulator.subject_not_found");
    let path = format!("/tables/t/records/{SAMPLE_RECORD_ID}/attachments");
    let answer = caller.post_form(&path, &[(r#"name="tags""#, "x")]).await;
    assert_eq!(
        answer.refused(400, "simulator.invalid_field"),
        "`file` is required."
    );
}
