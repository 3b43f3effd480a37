//! The description: whole, and true of what is answered.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use tokendesk_simulator::{Options, openapi};

use crate::call::start;

/// Every endpoint of the README's table that is described.
const DESCRIBED: [&str; 24] = [
    "post /auth/authorize",
    "post /auth/refresh",
    "get /auth/webhooks/key/{keyId}",
    "post /token",
    "post /link",
    "post /link/send",
    "post /workflows",
    "post /workflows/run",
    "get /workflows/{workflowId}",
    "get /workflows/{workflowId}/result",
    "post /cases",
    "get /cases/{caseId}",
    "post /resources",
    "post /tables/{tableId}/records",
    "get /tables/{tableId}/records/{id}",
    "get /tables/{tableId}/records/{recordId}/attachments",
    "post /tables/{tableId}/records/{recordId}/attachments",
    "get /tables/{tableId}/records/{recordId}/attachments/{attachmentId}",
    "delete /tables/{tableId}/records/{recordId}/attachments/{attachmentId}",
    "get /simulator/files/{name}",
    "put /simulator/webhook",
    "post /simulator/widget/exchange",
    "post /simulator/widget/open",
    "post /simulator/widget/finish",
];

fn described() -> Value {
    serde_json::from_str(&openapi().unwrap()).unwrap()
}

/// Method, path and what is said of it.
fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.clone(), path.clone(), operation.clone()));
        }
    }
    all
}

#[tokio::test]
async fn every_endpoint_is_described_and_every_described_one_is_there() {
    let (_simulator, caller) = start(Options::default()).await;
    let served = caller.get("/openapi.json").await.gave(200);
    assert_eq!(
        served,
        described(),
        "what is served is what the crate gives"
    );
    let operations = operations(&served);
    let named = operations.iter().map(|(m, path, _)| format!("{m} {path}"));
    let named: BTreeSet<_> = named.collect();
    let expected = DESCRIBED.iter().map(|endpoint| (*endpoint).to_owned());
    assert_eq!(named, expected.collect());
    let readme = include_str!("../../README.md");
    for (method, path, operation) in &operations {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        assert!(
            readme.contains(&format!("`{method} {path}`")),
            "{method} {path}"
        );
        let path: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let answer = caller.send(method, &path).await;
        let status = answer.status.as_u16().to_string();
        let code = answer.json()["errors"][0]["code"].clone();
        assert_ne!(answer.status, 405, "{path}");
        // A file is no endpoint to who has not its link.
        if !path.starts_with("/simulator/files/") {
            assert_ne!(code, "simulator.no_such_endpoint", "{path}");
        }
        assert!(
            !operation["responses"][&status].is_null(),
            "{path} {status}"
        );
        let open = !operation["security"].is_null();
        assert_eq!(answer.status == 401, !open, "{path} {status}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    let description = described();
    let text = description.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(description.pointer(pointer).is_some(), "{pointer}");
    }
    let operations = operations(&description);
    let names = operations.iter().map(|(_, _, o)| o["operationId"].as_str());
    let names: BTreeSet<_> = names.collect();
    assert_eq!(names.len(), operations.len());
    for (method, path, operation) in &operations {
        let tag = operation["tags"][0].as_str().unwrap();
        let own = path.starts_with("/simulator/");
        assert_eq!(tag == "invented", own, "{method} {path}");
    }
}

#[test]
fn both_ways_in_are_described() {
    let schemes = &described()["components"]["securitySchemes"];
    assert_eq!(schemes["organizationToken"]["type"], "apiKey");
    assert_eq!(schemes["organizationToken"]["in"], "header");
    assert_eq!(schemes["organizationToken"]["name"], "Authorization");
    assert_eq!(schemes["bearerAuthJWT"]["scheme"], "bearer");
}
