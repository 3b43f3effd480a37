use tokendesk_core::AppError;

use super::*;

pub(in crate::webhooks) fn report(verdict: Verdict) -> WebhookReport {
    WebhookReport {
        verdict,
        reason: "As the test says.".to_owned(),
        header: None,
        header_text: String::new(),
        kid: None,
        algorithm: None,
        key_fingerprint: None,
        body: None,
        body_text: String::new(),
        bytes: 0,
        error: None::<AppError>,
    }
}

fn attempts(received: &Received) -> Vec<u32> {
    received.list().iter().map(|row| row.attempt).collect()
}

fn come(received: &Received, body: &str, signature: &str) -> u64 {
    let id = received.arrived(body.as_bytes(), signature, 1);
    received.verified(id, report(Verdict::Valid));
    id
}

#[test]
fn a_delivery_counts_the_same_ones_before_it() {
    let received = Received::default();
    let done = r#"{"eventType":"WORKFLOW_COMPLETED","workflowId":"r1","status":"COMPLETED"}"#;
    come(&received, done, "a..b");
    come(&received, done, "a..b");
    // Written anew and signed anew, and still of the same event.
    come(
        &received,
        r#"{"workflowId":"r1","eventType":"WORKFLOW_COMPLETED","status":"COMPLETED","sent":2}"#,
        "a..c",
    );
    come(&received, &done.replace("r1", "r2"), "a..d");
    assert_eq!(attempts(&received), [1, 3, 2, 1]);
}

#[test]
fn two_statuses_of_a_run_are_two_events() {
    let received = Received::default();
    let status = |word: &str| {
        format!(r#"{{"eventType":"WORKFLOW_STATUS","workflowId":"r","status":"{word}"}}"#)
    };
    come(&received, &status("RUNNING"), "a..a");
    come(&received, &status("AWAITING"), "a..b");
    assert_eq!(attempts(&received), [1, 1]);
}

#[test]
fn what_names_no_event_is_the_same_only_to_the_byte() {
    let received = Received::default();
    for (body, signature) in [("x", "s"), ("x", "t"), ("y", "s"), ("x", "s")] {
        come(&received, body, signature);
    }
    come(&received, r#"{"workflowId":"r"}"#, "s");
    come(&received, r#"{"workflowId":"r" }"#, "s");
    assert_eq!(attempts(&received), [1, 1, 2, 1, 1, 1]);
    assert!(received.list().iter().all(|row| row.summary.is_empty()));
}

#[test]
fn the_newest_is_first_and_only_the_last_hundred_are_kept() {
    let received = Received::default();
    for number in 0..KEPT + 5 {
        come(&received, &number.to_string(), "s");
    }
    let ids: Vec<u64> = received.list().iter().map(|row| row.id).collect();
    let newest = KEPT as u64 + 5;
    assert_eq!(ids, (6..=newest).rev().collect::<Vec<_>>());
}

#[test]
fn one_without_a_verdict_is_not_shown_but_counts() {
    let received = Received::default();
    let waiting = received.arrived(b"x", "s", 1);
    come(&received, "x", "s");
    assert_eq!(attempts(&received), [2]);
    received.verified(waiting, report(Verdict::Unchecked));
    assert_eq!(attempts(&received), [2, 1]);
}

#[test]
fn only_a_valid_one_is_believed_about_its_run() {
    let received = Received::default();
    for verdict in [Verdict::Invalid, Verdict::UnknownKey, Verdict::Unchecked] {
        let id = received.arrived(br#"{"workflowId":"r"}"#, "s", 1);
        assert_eq!(received.verified(id, report(verdict)), None);
    }
    let id = received.arrived(br#"{"workflowId":"r"}"#, "s", 1);
    let run = received.verified(id, report(Verdict::Valid));
    assert_eq!(run.as_deref(), Some("r"));
    received.belongs(id, "e1".to_owned());
    assert_eq!(received.list()[0].run_entry_id.as_deref(), Some("e1"));
}

#[test]
fn what_was_cleared_does_not_come_back_with_its_verdict() {
    let received = Received::default();
    let id = received.arrived(br#"{"workflowId":"r"}"#, "s", 1);
    received.clear();
    assert_eq!(received.verified(id, report(Verdict::Valid)), None);
    received.belongs(id, "e1".to_owned());
    assert!(received.list().is_empty());
    assert!(
        come(&received, "y", "s") > id,
        "a number is never used twice"
    );
}

#[test]
fn a_summary_is_short_whatever_comes() {
    let received = Received::default();
    come(
        &received,
        &format!(r#"{{"eventType":"{}"}}"#, "ü".repeat(5000)),
        "s",
    );
    come(&received, r#"{"eventType":{"a":1}}"#, "s");
    let list = received.list();
    assert_eq!(list[0].summary, "");
    assert_eq!(list[1].summary.chars().count(), LONGEST_SUMMARY);
}
