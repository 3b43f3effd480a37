//! Following runs: when to look at which one, politely.

mod schedule;

use std::time::Duration;

use crate::clock::Millis;

pub(crate) use schedule::{Due, Schedule, Trouble};

/// How long after its end a run may take to say its last word, in milliseconds.
pub const LAST_WORD: Millis = 60_000;
/// A run is looked at this soon after it started or changed.
const SOON: Millis = 2_000;
/// And at most this seldom, when there are few.
const SELDOM: Millis = 30_000;

/// The next longer wait.
fn longer(wait: Millis) -> Millis {
    (wait * 3 / 2).clamp(SOON, SELDOM)
}

/// The waits between looks at one run, for who follows just one.
#[derive(Debug, Clone)]
pub struct Backoff(Millis);

impl Default for Backoff {
    fn default() -> Self {
        Self(SOON)
    }
}

impl Backoff {
    /// How long to wait before the next look; soon again after news.
    pub fn next(&mut self, news: bool) -> Duration {
        let wait = if news { SOON } else { self.0 };
        self.0 = longer(wait);
        Duration::from_millis(u64::try_from(wait).unwrap_or_default())
    }
}
