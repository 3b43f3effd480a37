//! What the simulator does, chosen by the workflow definition asked for.

/// One workflow definition of the simulator and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// The id a caller names.
    pub workflow_definition_id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What happens, in one line.
    pub summary: &'static str,
    /// What happens.
    pub outcome: Outcome,
}

/// What `POST /token`, `/link`, `/workflows` and `/workflows/run` do in a scenario, and the run that
/// may follow. Times are seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A token of 3600 s.
    Success,
    /// A token that lives this long; a run expires with it.
    ShortLived(u32),
    /// 404: no such case or record.
    NotFound,
    /// 400: the request is invalid.
    BadRequest,
    /// 401, whatever was authorised before.
    Unauthorized,
    /// 429 with this `Retry-After`.
    RateLimited(u32),
    /// 500.
    ServerError,
    /// A token of 3600 s, after this long.
    Slow(u32),
    /// The connection closes without an answer.
    Dropped,
    /// A good status with a body that is no JSON.
    Malformed,
    /// A run without an end user, completed after a few seconds; no token and no link.
    Background,
    /// The run awaits its background tasks for a few seconds when the end user is done.
    TwoStep,
    /// The run has failed when the end user is done.
    Failing,
    /// 403: the permission `can_run` is missing.
    Forbidden,
}

impl Outcome {
    /// How long its widget tokens live: 60 minutes, as documented, unless it says otherwise.
    pub(crate) fn token_seconds(self) -> u32 {
        match self {
            Self::ShortLived(seconds) => seconds,
            _ => 3600,
        }
    }
}

/// A case id the simulator knows; the documentation's example.
pub const SAMPLE_CASE_ID: &str = "11111111-2222-3333-4444-555555555555";
/// A record id the simulator knows.
pub const SAMPLE_RECORD_ID: &str = "5f0c7d3a-91b4-4e6f-8a2d-c41b7e90a2c8";
/// Subjects that start so are unknown to the simulator.
pub const UNKNOWN_SUBJECT_PREFIX: &str = "00000000-";

const SCENARIOS: [Scenario; 15] = [
    Scenario {
        workflow_definition_id: "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c",
        name: "KYC individual – Poland",
        summary: "a token for 60 minutes",
        outcome: Outcome::Success,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f01",
        name: "Short-lived token",
        summary: "a token for 45 seconds",
        outcome: Outcome::ShortLived(45),
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f02",
        name: "Very short-lived token",
        summary: "a token for 5 seconds",
        outcome: Outcome::ShortLived(5),
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f03",
        name: "Record not found",
        summary: "404, the subject does not exist",
        outcome: Outcome::NotFound,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f04",
        name: "Invalid request",
        summary: "400, the request is invalid",
        outcome: Outcome::BadRequest,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f05",
        name: "Credential refused",
        summary: "401, also after authorising again",
        outcome: Outcome::Unauthorized,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f06",
        name: "Rate limit",
        summary: "429, to be tried again after 8 seconds",
        outcome: Outcome::RateLimited(8),
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f07",
        name: "Server error",
        summary: "500, with a fingerprint",
        outcome: Outcome::ServerError,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f08",
        name: "Slow answer",
        summary: "a token, after 12 seconds",
        outcome: Outcome::Slow(12),
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f09",
        name: "Dropped connection",
        summary: "the connection closes without an answer",
        outcome: Outcome::Dropped,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0a",
        name: "Malformed answer",
        summary: "201 with a body that is no JSON",
        outcome: Outcome::Malformed,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0b",
        name: "Background check",
        summary: "a run without an end user, completed after a few seconds",
        outcome: Outcome::Background,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0c",
        name: "Two-step check",
        summary: "the run awaits background tasks before it is completed",
        outcome: Outcome::TwoStep,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0d",
        name: "Failing check",
        summary: "the run fails when the end user is done",
        outcome: Outcome::Failing,
    },
    Scenario {
        workflow_definition_id: "7c1e5b90-2d4a-4f83-9b6e-0a1d2c3e4f0e",
        name: "No permission",
        summary: "403, `can_run` is missing",
        outcome: Outcome::Forbidden,
    },
];

/// Every scenario, the successful one first.
#[must_use]
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
}
