//! Links to the hosted page.

use serde_json::{Value, json};
use tokendesk_simulator::{Options, Outcome, SAMPLE_CASE_ID, Simulator};

use crate::call::{Answer, Caller, start, workflow};

const OPEN: &str = "/simulator/widget/open";

async fn ready() -> (Simulator, Caller) {
    let (simulator, caller) = start(Options::default()).await;
    (simulator, caller.with_organization_token())
}

fn body() -> Value {
    json!({ "caseId": SAMPLE_CASE_ID, "workflowDefinitionId": workflow(Outcome::Success) })
}

/// Makes a link; gives its last part.
async fn make(simulator: &Simulator, caller: &Caller, path: &str) -> String {
    let answer = caller.post_json(path, &body()).await;
    assert_eq!(answer.gave(201).as_object().unwrap().len(), 1);
    let link = answer.field("link");
    let id = link.strip_prefix(&simulator.origin()).unwrap();
    id.strip_prefix('/').unwrap().to_owned()
}

async fn open(caller: &Caller, id: &str) -> Answer {
    caller.post_json(OPEN, &json!({ "link": id })).await
}

#[tokio::test]
async fn a_link_opens_the_widget_once() {
    let (simulator, caller) = ready().await;
    for path in ["/link", "/link/send"] {
        let id = make(&simulator, &caller, path).await;
        let page = caller.get(&format!("/{id}")).await;
        assert_eq!(page.status, 200);
        assert!(page.header("content-security-policy").is_some());
        assert!(page.text.contains("<transactionlink-widget>"));
        let opened = open(&caller, &id).await;
        opened.gave(201);
        let session = json!({ "session": opened.field("session") });
        let finished = caller.post_json("/simulator/widget/finish", &session).await;
        assert_eq!(finished.field("status"), "COMPLETED");
        open(&caller, &id).await.refused(410, "simulator.link_used");
        assert_eq!(caller.get(&format!("/{id}")).await.status, 410);
    }
}

#[tokio::test]
async fn a_newer_link_ends_the_one_before_for_its_subject() {
    let (simulator, caller) = ready().await;
    let first = make(&simulator, &caller, "/link").await;
    let second = make(&simulator, &caller, "/link/send").await;
    let page = caller.get(&format!("/{first}")).await;
    assert_eq!(page.status, 410);
    assert!(
        page.text.contains("<transactionlink-widget>"),
        "it says why"
    );
    let answer = open(&caller, &first).await;
    answer.refused(410, "simulator.link_replaced");
    open(&caller, &second).await.gave(201);
    let script = caller.get("/transactionlink-widget.umd.js").await.text;
    assert!(script.contains("This link was replaced"));
}

#[tokio::test]
async fn what_is_no_link_is_told_apart() {
    let (_simulator, caller) = ready().await;
    let answer = open(&caller, SAMPLE_CASE_ID).await;
    answer.refused(404, "simulator.link_unknown");
    assert_eq!(caller.get(&format!("/{SAMPLE_CASE_ID}")).await.status, 404);
    let answer = caller.post_json(OPEN, &json!({ "link": "x" })).await;
    answer.refused(400, "simulator.invalid_field");
    let bare = json!({ "workflowDefinitionId": workflow(Outcome::Success) });
    let answer = caller.post_json("/link", &bare).await;
    assert_eq!(
        answer.refused(400, "simulator.invalid_field"),
        "`caseId` is required."
    );
    let caller = caller.v2();
    caller.post_json("/link", &bare).await.gave(201);
    let background = json!({ "workflowDefinitionId": workflow(Outcome::Background) });
    let answer = caller.post_json("/link", &background).await;
    answer.refused(400, "simulator.no_end_user");
}
