//! When a token ends, and what that makes of it now.
//!
//! The rule: the server's `expiryDuration` counted from receipt, else the token's `exp`, else 60
//! minutes (what the vendor documents), marked as assumed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    claims::Claims,
    clock::{Millis, span},
};

/// The documented life of a widget token, for answers that do not say it.
pub const ASSUMED_LIFETIME: Duration = Duration::from_secs(3600);
/// How long a link is taken to live, in milliseconds: the longest a run may be asked to. The
/// vendor does not document it.
pub(crate) const ASSUMED_LINK_LIFETIME: Millis = 30 * 24 * 3600 * 1000;
/// A token is expiring when less than this is left, in milliseconds.
pub const EXPIRING: Millis = 5 * 60 * 1000;
/// A clock that is off by more than this is told and corrected for, in milliseconds.
pub const CLOCK_TOLERANCE: Millis = 30 * 1000;
/// No token lives longer; what claims to is treated as not saying.
const LONGEST: Millis = 400 * 24 * 3600 * 1000;

/// Where the knowledge of the end comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ExpirySource {
    /// `expiryDuration` of the answer.
    Server,
    /// `exp` of the token.
    Jwt,
    /// Nobody said; 60 minutes.
    Assumed,
}

/// The end of a token on this computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// When it ends, on this computer's clock.
    pub at: Millis,
    /// How long it lives in all, in milliseconds.
    pub lifetime: Millis,
    /// Who said so.
    pub source: ExpirySource,
}

/// Works out the end of a token received at `received`.
///
/// `clock_offset` is the server's time less ours; it matters only for `exp`, an instant on the
/// server's clock.
#[must_use]
pub fn expiry(
    expiry_duration: Option<Duration>,
    claims: Option<&Claims>,
    received: Millis,
    clock_offset: Millis,
) -> Expiry {
    if let Some(lifetime) = expiry_duration.map(span).filter(|l| sensible(*l)) {
        return ends(received, lifetime, ExpirySource::Server);
    }
    if let Some(exp) = claims.and_then(|c| c.exp) {
        let at = exp.saturating_mul(1000).saturating_sub(clock_offset);
        let lifetime = at.saturating_sub(received);
        if sensible(lifetime) {
            return ends(received, lifetime, ExpirySource::Jwt);
        }
    }
    ends(received, span(ASSUMED_LIFETIME), ExpirySource::Assumed)
}

fn sensible(lifetime: Millis) -> bool {
    (1..=LONGEST).contains(&lifetime)
}

fn ends(received: Millis, lifetime: Millis, source: ExpirySource) -> Expiry {
    Expiry {
        at: received.saturating_add(lifetime),
        lifetime,
        source,
    }
}

/// How far the server's clock is ahead of ours, or 0 when it is within tolerance.
#[must_use]
pub fn clock_offset(server: Option<Millis>, ours: Millis) -> Millis {
    let offset = server.map_or(0, |server| server.saturating_sub(ours));
    if offset.saturating_abs() > CLOCK_TOLERANCE {
        offset
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claims(exp: i64) -> Claims {
        Claims {
            exp: Some(exp),
            ..Claims::default()
        }
    }

    #[test]
    fn the_server_comes_first_then_the_token_then_the_documented_hour() {
        let by_server = expiry(Some(Duration::from_secs(45)), Some(&claims(99)), 1_000, 0);
        assert_eq!(by_server.at, 46_000);
        assert_eq!(by_server.source, ExpirySource::Server);
        let by_token = expiry(None, Some(&claims(100)), 40_000, 0);
        assert_eq!((by_token.at, by_token.lifetime), (100_000, 60_000));
        assert_eq!(by_token.source, ExpirySource::Jwt);
        let assumed = expiry(None, None, 0, 0);
        assert_eq!(assumed.at, 3_600_000);
        assert_eq!(assumed.source, ExpirySource::Assumed);
    }

    #[test]
    fn a_server_ahead_of_us_does_not_lengthen_the_token() {
        // The server says 100 s past noon while we are at noon, 60 s behind it.
        let expiry = expiry(None, Some(&claims(160)), 0, 60_000);
        assert_eq!(expiry.at, 100_000);
    }

    #[test]
    fn small_clock_differences_are_left_alone() {
        assert_eq!(clock_offset(Some(30_000), 0), 0);
        assert_eq!(clock_offset(Some(30_001), 0), 30_001);
        assert_eq!(clock_offset(Some(0), 31_000), -31_000);
        assert_eq!(clock_offset(None, 5), 0);
    }

    proptest! {
        #[test]
        fn it_always_ends_after_it_came(
            seconds in proptest::option::of(any::<u64>()),
            exp in proptest::option::of(any::<i64>()),
            received in 0..4_102_444_800_000i64,
            offset in any::<i64>(),
        ) {
            let claims = Claims { exp, ..Claims::default() };
            let e = expiry(seconds.map(Duration::from_secs), Some(&claims), received, offset);
            prop_assert!(e.at > received, "a token never comes expired");
            prop_assert_eq!(e.at - received, e.lifetime);
        }
    }
}
