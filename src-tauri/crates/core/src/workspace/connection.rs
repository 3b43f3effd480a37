//! Testing a connection: what was tried and what answered.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use transactionlink::{Client, Credential, ErrorKind, Host, Probe};
use ts_rs::TS;

use crate::{
    clock::{Millis, millis},
    error::AppError,
    expiry::clock_offset,
};

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TestOutcome {
    /// As it should be.
    Passed,
    /// Works, with a reservation.
    Warned,
    /// Does not work.
    Failed,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestStep {
    /// What it found.
    pub name: String,
    /// How it ended.
    pub outcome: TestOutcome,
    /// A figure or a reason.
    pub detail: String,
}

/// What a connection test found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestReport {
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// Whether tokens can be expected to be issued.
    pub ok: bool,
    /// The outcome in a line.
    pub headline: String,
    /// What was tried, in order.
    pub steps: Vec<TestStep>,
    /// Why it does not work.
    pub error: Option<AppError>,
}

/// Tries host and credential. Key and secret by authorising; for an organization token no probe
/// is documented, so a workflow that cannot exist is read: 401 tells a refused token from 404.
pub(crate) async fn test(host: &Host, credential: &Credential, now: Millis) -> TestReport {
    let mut report = TestReport {
        at: now,
        ok: false,
        headline: "Connection does not work".to_owned(),
        steps: Vec::new(),
        error: None,
    };
    let answered = match Client::new(host.clone(), credential.clone()) {
        Ok(client) => try_it(&client, credential).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(answer) => {
            let said = format!("HTTP {}, {} ms", answer.status, answer.elapsed.as_millis());
            report.step("Host answers", TestOutcome::Passed, host_detail(host));
            if answer.accepted {
                report.step(answer.what, answer.outcome, said);
                report.headline = answer.headline.to_owned();
                report.ok = true;
            } else {
                report.step("Organization token refused", TestOutcome::Failed, said);
            }
            report.clock(answer.server_time, now);
        }
        Err(error) => {
            let reached = error.http_status.is_some();
            if reached {
                report.step("Host answers", TestOutcome::Passed, host_detail(host));
            }
            let speaks_plain_http = error.kind == ErrorKind::Tls && is_no_tls(&error.detail);
            let name = match error.kind {
                ErrorKind::WrongCredentials => "Key and secret refused",
                ErrorKind::Unauthorized | ErrorKind::Forbidden => "Credential not accepted",
                _ if reached => "No answer to be used",
                ErrorKind::Tls if speaks_plain_http => "Host answers, but not over TLS",
                ErrorKind::Tls => "Host answers, but is not trusted",
                ErrorKind::ConnectionLost => "Connection broke",
                _ => "Host does not answer",
            };
            let detail = error.http_status.map(|s| format!("HTTP {s}"));
            // Which address was tried, as it may not be what was typed.
            let detail = detail.unwrap_or_else(|| host.as_str().to_owned());
            report.step(name, TestOutcome::Failed, detail);
            let mut error = AppError::api(&error);
            if speaks_plain_http {
                "What answers there does not speak TLS. Nothing was sent."
                    .clone_into(&mut error.detail);
                "Check the port. Plain http is used only to this computer itself, with http:// \
                 before the host."
                    .clone_into(&mut error.hint);
            }
            report.error = Some(error);
        }
    }
    report
}

struct Answer {
    accepted: bool,
    what: &'static str,
    outcome: TestOutcome,
    headline: &'static str,
    status: u16,
    elapsed: Duration,
    server_time: Option<SystemTime>,
}

async fn try_it(
    client: &Client,
    credential: &Credential,
) -> Result<Answer, transactionlink::Error> {
    match credential {
        Credential::KeySecret { .. } => client.authorize().await.map(|authorized| Answer {
            accepted: true,
            what: "Key and secret accepted",
            outcome: TestOutcome::Passed,
            headline: "Connection works",
            status: authorized.http_status,
            elapsed: authorized.elapsed,
            server_time: authorized.server_time,
        }),
        Credential::OrganizationToken(_) => {
            let probe = client.probe_workflow(uuid::Uuid::new_v4()).await?;
            let accepted = matches!(probe, Probe::Accepted { .. });
            let (Probe::Accepted {
                elapsed,
                server_time,
                http_status,
            }
            | Probe::Refused {
                elapsed,
                server_time,
                http_status,
            }) = probe;
            Ok(Answer {
                accepted,
                what: "Organization token seems accepted",
                outcome: TestOutcome::Warned,
                headline: "Connection seems to work",
                status: http_status,
                elapsed,
                server_time,
            })
        }
    }
}

/// Whether a failed handshake was answered with something that is no TLS at all.
fn is_no_tls(detail: &str) -> bool {
    ["InvalidContentType", "corrupt message"]
        .iter()
        .any(|words| detail.contains(words))
}

fn host_detail(host: &Host) -> String {
    let over = if host.as_str().starts_with("https") {
        "over TLS"
    } else {
        "on this computer"
    };
    over.to_owned()
}

impl TestReport {
    /// Says first which address was tried, where the scheme was not typed and is not https.
    pub(crate) fn tell_assumed_http(&mut self, typed: &str, host: &Host) {
        if !typed.contains("://") && host.as_str().starts_with("http://") {
            self.steps.insert(
                0,
                TestStep {
                    name: "Plain http assumed on this computer".to_owned(),
                    outcome: TestOutcome::Passed,
                    detail: host.as_str().to_owned(),
                },
            );
        }
    }

    fn step(&mut self, name: &str, outcome: TestOutcome, detail: String) {
        self.steps.push(TestStep {
            name: name.to_owned(),
            outcome,
            detail,
        });
    }

    fn clock(&mut self, server: Option<SystemTime>, now: Millis) {
        let Some(server) = server.map(millis) else {
            return;
        };
        let apart = (server - now).abs();
        #[allow(clippy::cast_precision_loss, reason = "a figure to be read")]
        let detail = format!("{:.1} s apart", apart as f64 / 1000.0);
        if clock_offset(Some(server), now) == 0 {
            self.step("Clock in step with the server", TestOutcome::Passed, detail);
        } else {
            self.step("This computer's clock is off", TestOutcome::Warned, detail);
        }
    }
}
