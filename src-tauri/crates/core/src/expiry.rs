//! When a token ends, and what that makes of it now.
//!
//! The rule: the server's `expiryDuration` counted from receipt, else the token's `exp`, else the end
//! of its run, else 60 minutes (what the vendor documents), marked as assumed. A token never
//! outlives its own `exp`, whatever else was said: a link must not be handed over after it died.

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
    /// The answer: its `expiryDuration`, or the end of the run it started.
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

/// What is said of a token's end.
#[derive(Debug, Clone, Copy, Default)]
pub struct SaidOfEnd<'a> {
    /// `expiryDuration` of the answer.
    pub duration: Option<Duration>,
    /// What the token says about itself.
    pub claims: Option<&'a Claims>,
    /// The end of the run it was given for, on this computer's clock.
    pub run_ends_at: Option<Millis>,
    /// How long that run was asked to take, for an answer that names no end.
    pub run_asked: Option<Duration>,
}

/// Works out the end of a token received at `received`.
///
/// `clock_offset` is the server's time less ours; it matters only for `exp`, an instant on the
/// server's clock. A token that came expired ends in the past.
#[must_use]
pub fn expiry(said: SaidOfEnd<'_>, received: Millis, clock_offset: Millis) -> Expiry {
    let by_token = said
        .claims
        .and_then(|claims| claims.exp)
        .map(|exp| exp.saturating_sub(clock_offset))
        .filter(|at| at.saturating_sub(received) <= LONGEST);
    if let Some(lifetime) = said.duration.map(span).filter(|l| sensible(*l)) {
        let at = received.saturating_add(lifetime);
        return match by_token {
            // The way of the answer makes the two differ a little.
            Some(exp) if exp < at.saturating_sub(CLOCK_TOLERANCE) => {
                ends(received, exp, ExpirySource::Jwt)
            }
            _ => ends(received, at, ExpirySource::Server),
        };
    }
    if let Some(exp) = by_token {
        return ends(received, exp, ExpirySource::Jwt);
    }
    if let Some(at) = said.run_ends_at {
        let latest = received.saturating_add(LONGEST);
        return ends(received, at.min(latest), ExpirySource::Server);
    }
    let lifetime = said.run_asked.unwrap_or(ASSUMED_LIFETIME);
    let at = received.saturating_add(span(lifetime));
    ends(received, at, ExpirySource::Assumed)
}

fn sensible(lifetime: Millis) -> bool {
    (1..=LONGEST).contains(&lifetime)
}

fn ends(received: Millis, at: Millis, source: ExpirySource) -> Expiry {
    Expiry {
        at,
        lifetime: at.saturating_sub(received).max(0),
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

    const MINUTE: Millis = 60_000;
    const DAY: Millis = 24 * 60 * MINUTE;

    fn claims(exp: Millis) -> Claims {
        Claims {
            exp: Some(exp),
            ..Claims::default()
        }
    }

    fn minutes(minutes: u64) -> Option<Duration> {
        Some(Duration::from_secs(minutes * 60))
    }

    #[test]
    fn the_answer_comes_first_then_the_token_then_its_run_then_the_documented_hour() {
        let exp = claims(20 * MINUTE);
        let said = SaidOfEnd {
            duration: minutes(10),
            claims: Some(&exp),
            run_ends_at: Some(30 * DAY),
            run_asked: minutes(90),
        };
        let ends = |said: SaidOfEnd<'_>| {
            let end = expiry(said, MINUTE, 0);
            assert_eq!(end.lifetime, end.at - MINUTE);
            (end.at, end.source)
        };
        assert_eq!(ends(said), (11 * MINUTE, ExpirySource::Server));
        let said = SaidOfEnd {
            duration: None,
            ..said
        };
        assert_eq!(ends(said), (20 * MINUTE, ExpirySource::Jwt));
        let said = SaidOfEnd {
            claims: None,
            ..said
        };
        assert_eq!(ends(said), (30 * DAY, ExpirySource::Server));
        let said = SaidOfEnd {
            run_ends_at: None,
            ..said
        };
        assert_eq!(ends(said), (91 * MINUTE, ExpirySource::Assumed));
        let nothing = SaidOfEnd::default();
        assert_eq!(ends(nothing), (61 * MINUTE, ExpirySource::Assumed));
    }

    #[test]
    fn a_token_whose_own_end_is_past_is_not_taken_for_a_live_one() {
        let received = DAY;
        for (exp, duration) in [
            (received - 1, None),
            (received, minutes(60)),
            (received - 3 * 60 * MINUTE, minutes(60)),
            (1, minutes(60)),
            (-1, None),
        ] {
            let claims = claims(exp);
            let said = SaidOfEnd {
                duration,
                claims: Some(&claims),
                run_ends_at: Some(30 * DAY),
                ..SaidOfEnd::default()
            };
            let end = expiry(said, received, 0);
            assert_eq!((end.at, end.lifetime), (exp, 0), "{exp}");
        }
    }

    #[test]
    fn an_end_out_of_all_reason_is_bounded_or_taken_as_not_said() {
        let far = claims(900 * DAY);
        let said = SaidOfEnd {
            duration: Some(Duration::MAX),
            claims: Some(&far),
            ..SaidOfEnd::default()
        };
        assert_eq!(expiry(said, 0, 0).source, ExpirySource::Assumed);
        let said = SaidOfEnd {
            run_ends_at: Some(Millis::MAX),
            ..said
        };
        let end = expiry(said, DAY, 0);
        assert_eq!((end.at, end.source), (DAY + LONGEST, ExpirySource::Server));
    }

    #[test]
    fn a_server_ahead_of_us_does_not_lengthen_the_token() {
        // The server says 100 s past noon while we are at noon, 60 s behind it.
        let claims = claims(160_000);
        let said = SaidOfEnd {
            claims: Some(&claims),
            ..SaidOfEnd::default()
        };
        assert_eq!(expiry(said, 0, 60_000).at, 100_000);
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
        fn it_never_outlives_its_own_end_nor_all_reason(
            seconds in proptest::option::of(any::<u64>()),
            exp in proptest::option::of(any::<i64>()),
            run_ends_at in proptest::option::of(any::<i64>()),
            received in 0..4_102_444_800_000i64,
            offset in any::<i64>(),
        ) {
            let claims = Claims { exp, ..Claims::default() };
            let said = SaidOfEnd {
                duration: seconds.map(Duration::from_secs),
                claims: Some(&claims),
                run_ends_at,
                run_asked: None,
            };
            let end = expiry(said, received, offset);
            prop_assert!(end.at <= received + LONGEST);
            prop_assert_eq!(end.lifetime, end.at.saturating_sub(received).max(0));
            let own = exp.map(|exp| exp.saturating_sub(offset));
            if let Some(own) = own.filter(|own| own.saturating_sub(received) <= LONGEST) {
                prop_assert!(end.at <= own.saturating_add(CLOCK_TOLERANCE));
            }
        }
    }
}
