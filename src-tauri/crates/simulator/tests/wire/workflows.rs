//! Runs: how they start, move and end.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokendesk_simulator::{
    Options, Outcome, SAMPLE_CASE_ID, SAMPLE_RECORD_ID, Simulator, UNKNOWN_SUBJECT_PREFIX,
};

use crate::call::{Answer, Caller, start, workflow};

const SOON: Duration = Duration::from_millis(300);

async fn ready(options: Options) -> (Simulator, Caller) {
    let (simulator, caller) = start(Options {
        background_time: SOON,
        ..options
    })
    .await;
    (simulator, caller.with_organization_token())
}

fn body(outcome: Outcome) -> Value {
    json!({ "workflowDefinitionId": workflow(outcome), "locale": "pl", "parameters": {} })
}

async fn begin(caller: &Caller, outcome: Outcome) -> Value {
    caller
        .post_json("/workflows", &body(outcome))
        .await
        .gave(200)
}

async fn status(caller: &Caller, run: &Value) -> String {
    let path = format!("/workflows/{}", run["id"].as_str().unwrap());
    caller.get(&path).await.field("status")
}

/// Goes through the widget as the end user; gives the answer to the last step.
async fn through(caller: &Caller, run: &Value) -> Answer {
    let opened = caller.exchange(run["token"].as_str().unwrap()).await;
    assert_eq!(opened.field("lang"), "pl");
    assert_eq!(status(caller, run).await, "RUNNING");
    let body = json!({ "session": opened.field("session") });
    caller.post_json("/simulator/widget/finish", &body).await
}

#[tokio::test]
async fn an_interactive_run_is_completed_by_its_end_user() {
    let (simulator, caller) = ready(Options::default()).await;
    let mut request = body(Outcome::Success);
    request["recordId"] = json!(SAMPLE_RECORD_ID);
    request["parameters"] = json!({ "boolParam": true, "textParam": "value", "list": [1, null] });
    let answer = caller.post_json("/workflows", &request).await;
    let run = answer.gave(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut names: Vec<_> = run
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    let documented = [
        "executionType",
        "executionVersion",
        "expiresAt",
        "id",
        "link",
        "locale",
        "name",
        "origin",
        "parameters",
        "revision",
        "status",
        "token",
        "uiOptions",
        "workflowDefinitionId",
        "workspaceId",
    ];
    assert_eq!(names, documented);
    assert_eq!(run["parameters"], request["parameters"]);
    assert_eq!(run["executionType"], "INTERACTIVE");
    let token = run["token"].as_str().unwrap();
    assert_eq!(
        run["link"],
        format!("{}/?token={token}", simulator.origin())
    );

    let path = format!("/workflows/{}", run["id"].as_str().unwrap());
    let result = format!("{path}/result");
    let early = caller.get(&result).await;
    early.refused(404, "simulator.result_not_available");
    assert_eq!(through(&caller, &run).await.field("status"), "COMPLETED");
    let read = caller.get(&path).await;
    assert_eq!(read.json()["caseId"], SAMPLE_RECORD_ID);
    assert!(read.json()["recordId"].is_null());
    assert!(!read.text.contains(token), "the token is told once");
    let caller = caller.v2();
    let read = caller.get(&path).await.gave(200);
    assert_eq!(read["recordId"], SAMPLE_RECORD_ID);
    assert_eq!(read["status"], "COMPLETED");
    assert_eq!(read["expiresAt"], run["expiresAt"]);
    let found = caller.get(&result).await.gave(200);
    assert_eq!(found["recordId"], SAMPLE_RECORD_ID);
    assert_eq!(found["output"]["parameters"], request["parameters"]);
    assert!(found["partyDetails"]["personal"]["firstName"].is_string());
}

#[tokio::test]
async fn the_result_tells_of_the_case() {
    let (_simulator, caller) = ready(Options::default()).await;
    let case = json!({ "firstName": "Zofia" });
    let case = caller.post_json("/cases", &case).await.field("caseId");
    let body = json!({ "caseId": case, "workflowDefinitionId": workflow(Outcome::Background) });
    let run = caller.post_json("/workflows/run", &body).await.gave(200);
    assert_eq!(run["caseId"], case);
    tokio::time::sleep(SOON * 2).await;
    let path = format!("/workflows/{}/result", run["id"].as_str().unwrap());
    let found = caller.get(&path).await.gave(200);
    assert_eq!(found["partyDetails"]["personal"]["firstName"], "Zofia");
    assert_eq!(found["caseId"], case);
}

#[tokio::test]
async fn a_background_run_has_no_token_and_completes_by_itself() {
    let (_simulator, caller) = ready(Options::default()).await;
    let run = begin(&caller, Outcome::Background).await;
    assert_eq!(run["executionType"], "BACKGROUND");
    assert!(run.get("token").is_none() && run.get("link").is_none());
    assert_eq!(status(&caller, &run).await, "RUNNING");
    tokio::time::sleep(SOON * 2).await;
    assert_eq!(status(&caller, &run).await, "COMPLETED");
}

#[tokio::test]
async fn a_two_step_run_awaits_and_a_failing_one_fails() {
    let (_simulator, caller) = ready(Options::default()).await;
    let run = begin(&caller, Outcome::TwoStep).await;
    assert_eq!(through(&caller, &run).await.field("status"), "AWAITING");
    assert_eq!(status(&caller, &run).await, "AWAITING");
    tokio::time::sleep(SOON * 2).await;
    assert_eq!(status(&caller, &run).await, "COMPLETED");

    let run = begin(&caller, Outcome::Failing).await;
    assert_eq!(through(&caller, &run).await.field("status"), "FAILED");
    let path = format!("/workflows/{}/result", run["id"].as_str().unwrap());
    let answer = caller.get(&path).await;
    answer.refused(404, "simulator.result_not_available");
}

#[tokio::test]
async fn a_run_expires_and_its_token_with_it() {
    let (_simulator, caller) = ready(Options::default()).await;
    let run = begin(&caller, Outcome::ShortLived(5)).await;
    let open = begin(&caller, Outcome::ShortLived(5)).await;
    let opened = caller.exchange(open["token"].as_str().unwrap()).await;
    tokio::time::sleep(Duration::from_millis(5100)).await;
    assert_eq!(status(&caller, &run).await, "EXPIRED");
    let late = caller.exchange(run["token"].as_str().unwrap()).await;
    late.refused(410, "simulator.token_expired");
    let body = json!({ "session": opened.field("session") });
    let late = caller.post_json("/simulator/widget/finish", &body).await;
    late.refused(410, "simulator.run_ended");
    assert_eq!(status(&caller, &open).await, "EXPIRED");
}

#[tokio::test]
async fn expires_at_has_its_limits_and_bounds_the_token() {
    let (_simulator, caller) = ready(Options::default()).await;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = since.unwrap().as_secs();
    let iso = |after: u64| {
        let at = i64::try_from(now + after).unwrap();
        jiff::Timestamp::from_second(at).unwrap().to_string()
    };
    let (minute, day) = (60, 24 * 3600);
    for (expires_at, good) in [
        (json!(iso(30 * minute)), true),
        (json!(iso(30 * day)), true),
        (json!(null), true),
        (json!(iso(29 * minute)), false),
        (json!(iso(30 * day + minute)), false),
        (json!("2020-01-01T00:00:00Z"), false),
        (json!("tomorrow"), false),
        (json!(now), false),
    ] {
        let mut request = body(Outcome::Success);
        request["expiresAt"] = expires_at.clone();
        let answer = caller.post_json("/workflows", &request).await;
        if good {
            answer.gave(200);
        } else {
            let message = answer.refused(400, "simulator.invalid_field");
            assert!(
                message.starts_with("`expiresAt` "),
                "{expires_at} {message}"
            );
        }
    }
    let mut request = body(Outcome::Success);
    request["expiresAt"] = json!(iso(31 * minute));
    let run = caller.post_json("/workflows", &request).await.gave(200);
    let life = crate::token::life(run["token"].as_str().unwrap());
    assert!((30 * minute..=31 * minute).contains(&life), "{life}");
    let run = begin(&caller, Outcome::Success).await;
    assert_eq!(crate::token::life(run["token"].as_str().unwrap()), 3600);
}

#[tokio::test]
async fn what_is_required_is_refused_when_it_is_missing() {
    let (_simulator, caller) = ready(Options::default()).await;
    for name in ["workflowDefinitionId", "locale", "parameters"] {
        let mut request = body(Outcome::Success);
        request.as_object_mut().unwrap().remove(name);
        let answer = caller.post_json("/workflows", &request).await;
        let message = answer.refused(400, "simulator.invalid_field");
        assert_eq!(message, format!("`{name}` is required."));
    }
    for (name, value, message) in [
        ("parameters", json!([]), "`parameters` is not an object."),
        ("recordId", json!("7"), "`recordId` is not a uuid."),
        ("locale", json!(1), "`locale` is not a string."),
    ] {
        let mut request = body(Outcome::Success);
        request[name] = value;
        let answer = caller.post_json("/workflows", &request).await;
        assert_eq!(answer.refused(400, "simulator.invalid_field"), message);
    }
    let mut request = body(Outcome::Success);
    request["recordId"] = json!(format!(
        "{UNKNOWN_SUBJECT_PREFIX}2222-3333-4444-555555555555"
    ));
    let answer = caller.post_json("/workflows", &request).await;
    answer.refused(404, "simulator.subject_not_found");
}

#[tokio::test]
async fn the_scenarios_that_refuse_refuse_runs_too() {
    let (_simulator, caller) = ready(Options::default()).await;
    for (outcome, status, code) in [
        (Outcome::Forbidden, 403, "simulator.forbidden"),
        (Outcome::NotFound, 404, "simulator.subject_not_found"),
        (Outcome::BadRequest, 400, "simulator.invalid_request"),
        (Outcome::Unauthorized, 401, "simulator.unauthorized"),
        (Outcome::RateLimited(8), 429, "simulator.rate_limited"),
        (Outcome::ServerError, 500, "simulator.server_error"),
    ] {
        let answer = caller.post_json("/workflows", &body(outcome)).await;
        answer.refused(status, code);
        let old = json!({ "workflowDefinitionId": workflow(outcome), "caseId": SAMPLE_CASE_ID });
        for path in ["/workflows/run", "/link"] {
            caller.post_json(path, &old).await.refused(status, code);
        }
    }
    let answer = caller
        .post_json("/workflows", &body(Outcome::Malformed))
        .await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<Value>(&answer.text).is_err());
    let old =
        json!({ "workflowDefinitionId": workflow(Outcome::Success), "caseId": SAMPLE_CASE_ID });
    let answer = caller.post_json("/workflows/run", &old).await;
    answer.refused(400, "simulator.needs_end_user");
}

#[tokio::test]
async fn an_older_run_tells_what_is_documented_of_it() {
    let (_simulator, caller) = ready(Options::default()).await;
    let caller = caller.v2();
    let body = json!({ "workflowDefinitionId": workflow(Outcome::Background) });
    let run = caller.post_json("/workflows/run", &body).await.gave(200);
    assert_eq!(run.as_object().unwrap().len(), 2, "{run}");
    let path = format!("/workflows/{}", run["id"].as_str().unwrap());
    assert_eq!(caller.get(&path).await.gave(200), run);
    let caller = caller.with("accept", "application/json;version=3");
    caller
        .get(&path)
        .await
        .refused(406, "simulator.unknown_version");
}

#[tokio::test]
async fn reading_a_run_tells_a_good_credential_from_a_bad_one() {
    let (_simulator, caller) = start(Options::default()).await;
    let unknown = format!("/workflows/{SAMPLE_CASE_ID}");
    for path in [unknown.as_str(), "/workflows/x", "/workflows/x/result"] {
        let answer = caller.get(path).await;
        answer.refused(401, "simulator.unauthorized");
    }
    let caller = caller.with_organization_token();
    let answer = caller.get(&unknown).await;
    answer.refused(404, "simulator.workflow_not_found");
    let message = caller.get("/workflows/x").await;
    let message = message.refused(400, "simulator.invalid_field");
    assert_eq!(message, "`workflowId` is not a uuid.");
}

#[tokio::test]
async fn the_vendors_examples_run_as_they_are() {
    let placeholder = "[your workflow definition id]";
    let (_simulator, caller) = ready(Options {
        lenient: true,
        extra_workflow: Some(placeholder.into()),
        ..Options::default()
    })
    .await;
    // Without `parameters`, as Node sends it.
    let node = json!({
        "recordId": "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c9",
        "workflowDefinitionId": placeholder,
        "locale": "pl",
    });
    let run = caller.post_json("/workflows", &node).await.gave(200);
    assert_eq!(run["workflowDefinitionId"], placeholder);
    assert_eq!(run["parameters"], json!({}));
    assert_eq!(through(&caller, &run).await.field("status"), "COMPLETED");
    assert_eq!(status(&caller, &run).await, "COMPLETED");
}
