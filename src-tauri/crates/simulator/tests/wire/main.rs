//! The simulator over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail as the test does"
)]

mod auth;
mod call;
mod cases;
mod links;
mod openapi;
mod records;
mod scenarios;
mod token;
mod webhooks;
mod widget;
mod workflows;

use std::net::SocketAddr;

use reqwest::StatusCode;
use tokendesk_simulator::{Options, Simulator};

use call::{Caller, start};

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let refused = Simulator::start(Options {
            listen: listen.parse::<SocketAddr>().unwrap(),
            ..Options::default()
        })
        .await;
        let error = refused.err().unwrap();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{listen}");
        assert!(error.to_string().contains("loopback"), "{error}");
    }
}

#[tokio::test]
async fn a_stopped_simulator_answers_nobody_and_frees_its_port() {
    let (simulator, caller) = start(Options::default()).await;
    assert_eq!(caller.get("/").await.status, StatusCode::OK);
    let address = simulator.address();
    simulator.stop().await;
    assert!(caller.http.get(caller.url("/")).send().await.is_err());
    let again = Simulator::start(Options {
        listen: address,
        ..Options::default()
    });
    assert_eq!(again.await.unwrap().address(), address);
}

#[tokio::test]
async fn what_is_not_built_is_404_and_another_method_is_405() {
    let (_simulator, caller) = start(Options::default()).await;
    for path in ["/nothing/at/all", "/nothing", "/%ff", "/tables/t"] {
        let answer = caller.get(path).await;
        answer.refused(404, "simulator.no_such_endpoint");
        let answer = caller.post(path, "{}").await;
        answer.refused(404, "simulator.no_such_endpoint");
    }
    for path in ["/link", "/cases", "/token", "/auth/authorize", "/workflows"] {
        let answer = caller.get(path).await;
        answer.refused(405, "simulator.no_such_method");
        assert_eq!(answer.header("allow"), Some("POST"), "{path}");
    }
}

#[tokio::test]
async fn a_body_beyond_all_measure_is_refused() {
    let (_simulator, caller) = start(Options::default()).await;
    let caller: Caller = caller.with_organization_token();
    let body = format!(r#"{{"workflowDefinitionId":"{}"}}"#, "x".repeat(20_000));
    for path in ["/token", "/auth/authorize"] {
        let answer = caller.post(path, &body).await;
        answer.refused(413, "simulator.body_too_large");
    }
}
