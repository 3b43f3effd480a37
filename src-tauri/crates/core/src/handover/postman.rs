//! The requests behind an entry as a Postman collection, version 2.1. Whatever is secret in it is
//! a variable without a value.

use serde_json::{Value, json};
use transactionlink::Host;
use uuid::Uuid;

use crate::{
    error::AppError,
    history::{ApiGeneration, EntryKind, HistoryEntry},
    issuing::{IssueRequest, RequestPreview, life},
    workspace::AuthKind,
};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The collection of an entry: signing in where that is a request of its own, the request itself,
/// and for a run its status and result.
///
/// # Errors
/// The entry's inputs are no valid request any more.
pub(crate) fn postman(
    entry: &HistoryEntry,
    api_host: &Host,
    auth_kind: AuthKind,
) -> Result<String, AppError> {
    let shown = IssueRequest::again(entry, entry.purpose).preview()?;
    let mut items = Vec::new();
    if auth_kind == AuthKind::KeySecret {
        items.push(authorize());
    }
    items.push(issue(entry, &shown, auth_kind));
    if entry.kind == EntryKind::Run {
        items.push(read(
            "Status of the run",
            "/workflows/{{runId}}",
            "pm.test('answered', () => pm.response.to.be.success);",
            auth_kind,
        ));
        items.push(read(
            "Result, once it is COMPLETED",
            "/workflows/{{runId}}/result",
            // A run that is not completed yet has no result.
            "pm.test('answered', () => pm.expect(pm.response.code).to.be.oneOf([200, 404]));",
            auth_kind,
        ));
    }
    let mut variables = vec![json!({
        "key": "apiHost",
        "value": api_host.as_str().trim_end_matches('/'),
    })];
    let secret = |key: &str| json!({ "key": key, "value": "", "type": "string" });
    match auth_kind {
        AuthKind::KeySecret => {
            variables.extend(["apiKey", "apiSecret", "accessToken"].map(secret));
        }
        AuthKind::OrganizationToken => variables.push(secret("organizationToken")),
    }
    if entry.subject.is_some() {
        variables.push(secret("subject"));
    }
    if entry.kind == EntryKind::Run {
        variables.push(secret("runId"));
    }
    let workflow = entry.workflow_name.as_ref().unwrap_or(&entry.workflow_id);
    let collection = json!({
        "info": {
            "name": format!("TransactionLink: {workflow}"),
            "description": "Made by TokenDesk. Fill in the variables before you run it; \
                they stay empty in the file.",
            "_postman_id": Uuid::new_v4(),
            "schema": SCHEMA,
        },
        "item": items,
        "variable": variables,
    });
    Ok(serde_json::to_string_pretty(&collection).unwrap_or_default() + "\n")
}

fn authorize() -> Value {
    let body = r#"{"key":"{{apiKey}}","secret":"{{apiSecret}}"}"#;
    json!({
        "name": "Sign in",
        "event": [tests(&[
            "pm.test('signed in', () => pm.response.to.be.success);",
            "pm.collectionVariables.set('accessToken', pm.response.json().accessToken);",
        ])],
        "request": {
            "auth": { "type": "noauth" },
            "method": "POST",
            "header": [
                header("Accept", "application/json"),
                header("Content-Type", "application/json"),
            ],
            "body": { "mode": "raw", "raw": body },
            "url": "{{apiHost}}/auth/authorize",
        },
    })
}

fn issue(entry: &HistoryEntry, shown: &RequestPreview, auth_kind: AuthKind) -> Value {
    let headers = shown.headers.iter().map(|(name, value)| {
        let hidden = name.eq_ignore_ascii_case("authorization");
        header(
            name,
            if hidden {
                authorization(auth_kind)
            } else {
                value
            },
        )
    });
    let body = literal(&shown.body);
    let body = match &entry.subject {
        Some(subject) => body.replace(subject.as_str(), "{{subject}}"),
        None => body,
    };
    let (name, answer) = match entry.kind {
        EntryKind::Token => ("Issue a token", "token"),
        EntryKind::Link => ("Make a link", "link"),
        EntryKind::Run => ("Start a run", "id"),
    };
    let mut script = vec![
        "pm.test('accepted', () => pm.response.to.be.success);".to_owned(),
        format!(
            "pm.test('there is one', () => pm.expect(pm.response.json().{answer}).to.be.a('string'));"
        ),
    ];
    if entry.kind == EntryKind::Run {
        script.push("pm.collectionVariables.set('runId', pm.response.json().id);".to_owned());
    }
    if let (ApiGeneration::Workflows, Some(minutes)) = (entry.api, entry.minutes) {
        // The end is counted from when the request is sent, not from when the file was made.
        return with_end(
            request(name, shown, headers.collect(), &body, &script),
            minutes,
            &body,
        );
    }
    request(name, shown, headers.collect(), &body, &script)
}

fn request(
    name: &str,
    shown: &RequestPreview,
    headers: Vec<Value>,
    body: &str,
    script: &[String],
) -> Value {
    let script: Vec<&str> = script.iter().map(String::as_str).collect();
    json!({
        "name": name,
        "event": [tests(&script)],
        "request": {
            "auth": { "type": "noauth" },
            "method": shown.method,
            "header": headers,
            "body": { "mode": "raw", "raw": body },
            "url": format!("{{{{apiHost}}}}{}", shown.path),
        },
    })
}

/// JSON that means the same and has no variable in it: braces in a parameter would be replaced by
/// Postman, with what was filled in.
fn literal(json: &str) -> String {
    // Two of them stand side by side within a text only.
    json.replace("{{", r"\u007b\u007b")
}

/// Lets the run's end be computed when the request is sent.
fn with_end(mut item: Value, minutes: u32, body: &str) -> Value {
    let Some((head, tail)) = body
        // The last one: a parameter may be called so too, and parameters come before it.
        .rsplit_once("\"expiresAt\":\"")
        .and_then(|(head, rest)| Some((head, rest.split_once('"')?.1)))
    else {
        return item;
    };
    item["request"]["body"]["raw"] =
        format!("{head}\"expiresAt\":\"{{{{expiresAt}}}}\"{tail}").into();
    if let Some(events) = item["event"].as_array_mut() {
        events.push(json!({
            "listen": "prerequest",
            "script": { "type": "text/javascript", "exec": [format!(
                "pm.collectionVariables.set('expiresAt', \
                 new Date(Date.now() + {} * 1000).toISOString());",
                life(minutes).as_secs()
            )] },
        }));
    }
    item
}

fn read(name: &str, path: &str, test: &str, auth_kind: AuthKind) -> Value {
    json!({
        "name": name,
        "event": [tests(&[test])],
        "request": {
            "auth": { "type": "noauth" },
            "method": "GET",
            "header": [
                header("Authorization", authorization(auth_kind)),
                header("Accept", "application/json"),
            ],
            "url": format!("{{{{apiHost}}}}{path}"),
        },
    })
}

fn authorization(auth_kind: AuthKind) -> &'static str {
    match auth_kind {
        AuthKind::OrganizationToken => "{{organizationToken}}",
        AuthKind::KeySecret => "Bearer {{accessToken}}",
    }
}

fn header(name: &str, value: &str) -> Value {
    json!({ "key": name, "value": value })
}

fn tests(lines: &[&str]) -> Value {
    json!({ "listen": "test", "script": { "type": "text/javascript", "exec": lines } })
}
