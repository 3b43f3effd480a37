//! The one place that reads the clock. Logic gets the time passed in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// The computer's time now.
#[must_use]
pub fn now() -> Millis {
    millis(SystemTime::now())
}

/// A system time in milliseconds since 1970; times before that are 0.
pub(crate) fn millis(time: SystemTime) -> Millis {
    span(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// A duration in milliseconds, cut at what fits.
pub(crate) fn span(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
