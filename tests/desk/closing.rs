//! The end of a desk.

use std::time::{Duration, Instant};

use tokendesk_core::{Code, history::ApiGeneration};
use tokendesk_simulator::{Options, Outcome, scenarios};

use crate::fixture::{fixture, request};

fn workflow(is: fn(&Outcome) -> bool) -> &'static str {
    let found = scenarios().iter().find(|scenario| is(&scenario.outcome));
    found.unwrap().workflow_definition_id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_on_its_way_is_written_down_before_the_end() {
    let fixture = fixture(Options::default()).await;
    let success = workflow(|outcome| matches!(outcome, Outcome::Success));
    let request = request(success, ApiGeneration::V2, "");
    let mut events = fixture.desk.events();
    let issuing = fixture.desk.issue(&request);
    let closing = async {
        // The attempt is written down, and sent after that.
        while !matches!(
            events.recv().await,
            Ok(tokendesk_core::DeskEvent::Issuing(_))
        ) {}
        fixture.desk.close().await;
    };
    let (issued, ()) = tokio::join!(issuing, closing);
    let entry = issued.unwrap();
    assert!(entry.has_token);
    assert_eq!(entry.error, None, "it was written down");

    let refused = fixture.desk.issue(&request).await.unwrap_err();
    assert_eq!(refused.code, Code::Cancelled, "nothing is begun after that");
    assert!(fixture.desk.settings().await.is_err());
    fixture.desk.use_session_only();
    assert!(fixture.desk.settings().await.is_err(), "nothing is opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_waits_for_no_slow_answer_and_stops_what_goes_on() {
    let fixture = fixture(Options::default()).await;
    let desk = &fixture.desk;
    let slow = workflow(|outcome| matches!(outcome, Outcome::Slow(_)));
    let going_on = tokio::spawn({
        let desk = desk.clone();
        async move { tokio::join!(desk.keep_tidy(), desk.follow_runs()) }
    });
    let issuing = tokio::spawn({
        let desk = desk.clone();
        async move { desk.issue(&request(slow, ApiGeneration::V2, "")).await }
    });
    let mut events = desk.events();
    while !matches!(
        events.recv().await,
        Ok(tokendesk_core::DeskEvent::Issuing(_))
    ) {}
    let begun = Instant::now();
    desk.close().await;
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    going_on.await.unwrap();
    desk.close().await;
    issuing.abort();
}
