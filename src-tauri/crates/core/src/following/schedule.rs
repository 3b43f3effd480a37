//! Whose turn it is. No clock and no network in here: the time is passed in.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{SOON, longer};
use crate::clock::{Millis, span};

/// Looks of one app are this far apart, however many runs are open.
const APART: Millis = 1_000;
/// How long a credential that was refused is left alone.
const REFUSED: Millis = 10 * 60 * 1000;

/// A turn that does not come.
const NEVER: Millis = Millis::MAX;

/// When to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due {
    /// At this run, now.
    Now(String),
    /// Not before then.
    At(Millis),
    /// Nothing is open.
    Never,
}

/// The turns of every open run.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    turns: HashMap<String, Turn>,
    /// Workspaces that are left alone for a while, because their API is away.
    pauses: HashMap<String, Pause>,
    /// The run somebody has on the screen; its turn comes first.
    focus: Option<String>,
    next_look: Millis,
}

#[derive(Debug)]
struct Turn {
    workspace: String,
    at: Millis,
    wait: Millis,
}

#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Millis,
    wait: Millis,
}

impl Schedule {
    /// Takes in what is open now, `(run, workspace)`: new runs get a turn soon, others are dropped.
    pub(crate) fn update<'a>(
        &mut self,
        open: impl Iterator<Item = (&'a str, &'a str)>,
        now: Millis,
    ) {
        let mut still = HashSet::new();
        for (run, workspace) in open {
            still.insert(run);
            if !self.turns.contains_key(run) {
                let turn = Turn {
                    workspace: workspace.to_owned(),
                    at: now + SOON,
                    wait: SOON,
                };
                self.turns.insert(run.to_owned(), turn);
            }
        }
        self.turns.retain(|run, _| still.contains(run.as_str()));
    }

    /// Says which run somebody has on the screen. It gets its next turn soon.
    pub(crate) fn focus(&mut self, run: Option<String>, now: Millis) {
        if self.focus == run {
            return;
        }
        let turn = run.as_ref().and_then(|run| self.turns.get_mut(run));
        if let Some(turn) = turn.filter(|turn| turn.at != NEVER) {
            turn.at = turn.at.min(now + SOON);
            turn.wait = SOON;
        }
        self.focus = run;
    }

    /// Whose turn it is.
    pub(crate) fn due(&self, now: Millis) -> Due {
        let turn_at = |turn: &Turn| {
            let pause = self.pauses.get(&turn.workspace);
            turn.at.max(pause.map_or(Millis::MIN, |pause| pause.until))
        };
        let turns = self.turns.iter().map(|(run, turn)| {
            let on_screen = self.focus.as_ref() == Some(run);
            (turn_at(turn), !on_screen, run)
        });
        // Of the turns that have come the one on the screen goes first, else the longest due.
        let first = turns.min_by_key(|(at, off_screen, run)| {
            let has_come = *at <= now;
            (!has_come, has_come && *off_screen, *at, *run)
        });
        match first {
            None | Some((NEVER, ..)) => Due::Never,
            Some((at, _, _)) if at.max(self.next_look) > now => Due::At(at.max(self.next_look)),
            Some((_, _, run)) => Due::Now(run.clone()),
        }
    }

    /// A look is on its way.
    pub(crate) fn looking(&mut self, now: Millis) {
        self.next_look = now + APART;
    }

    /// The API answered; `changed` says whether the status is a new one.
    pub(crate) fn answered(&mut self, run: &str, changed: bool, now: Millis) {
        if let Some(turn) = self.turns.get_mut(run) {
            turn.wait = if changed { SOON } else { longer(turn.wait) };
            turn.at = now + turn.wait;
            self.pauses.remove(&turn.workspace);
        }
    }

    /// The API does not know the run any more: it gets no turn until the next start.
    pub(crate) fn gone(&mut self, run: &str) {
        if let Some(turn) = self.turns.get_mut(run) {
            turn.at = NEVER;
        }
    }

    /// The API did not answer, or asked to slow down: the whole workspace waits. The run keeps
    /// its place.
    pub(crate) fn failed(
        &mut self,
        run: &str,
        refused: bool,
        retry_after: Option<Duration>,
        now: Millis,
    ) {
        let Some(workspace) = self.turns.get(run).map(|turn| turn.workspace.clone()) else {
            return;
        };
        let before = self.pauses.get(&workspace).map_or(0, |pause| pause.wait);
        let wait = longer(before);
        let asked = retry_after.map_or(0, span);
        let until = now + if refused { REFUSED } else { wait.max(asked) };
        self.pauses.insert(workspace, Pause { until, wait });
    }

    /// A person changed something that may end a pause: a credential, the network.
    pub(crate) fn wake(&mut self) {
        self.pauses.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::following::SELDOM;

    const MINUTE: Millis = 60_000;

    fn with(runs: usize) -> Schedule {
        let names: Vec<String> = (0..runs).map(|n| format!("r{n:03}")).collect();
        let mut schedule = Schedule::default();
        schedule.update(names.iter().map(|n| (n.as_str(), "w")), 0);
        schedule
    }

    /// Plays time from `from` to `until` against an API that `answers`, and says when it was asked.
    fn play(
        schedule: &mut Schedule,
        (from, until): (Millis, Millis),
        answers: impl Fn(Millis) -> bool,
    ) -> Vec<(Millis, String)> {
        let (mut now, mut asked) = (from, Vec::new());
        while now < until {
            match schedule.due(now) {
                Due::Now(run) => {
                    schedule.looking(now);
                    if answers(now) {
                        schedule.answered(&run, false, now);
                    } else {
                        schedule.failed(&run, false, None, now);
                    }
                    asked.push((now, run));
                }
                Due::At(at) => now = at,
                Due::Never => break,
            }
        }
        asked
    }

    #[test]
    fn one_run_is_looked_at_after_two_seconds_and_then_ever_more_seldom() {
        let mut schedule = with(1);
        let asked = play(&mut schedule, (0, 3 * MINUTE), |_| true);
        let gaps: Vec<Millis> = asked.windows(2).map(|two| two[1].0 - two[0].0).collect();
        assert_eq!(asked[0].0, 2_000);
        assert_eq!(gaps[..6], [3_000, 4_500, 6_750, 10_125, 15_187, 22_780]);
        assert!(gaps[6..].iter().all(|gap| *gap == SELDOM), "{gaps:?}");
        schedule.answered("r000", true, 200_000);
        assert_eq!(schedule.due(200_000), Due::At(202_000), "a change is news");
    }

    #[test]
    fn two_hundred_runs_make_at_most_one_request_a_second_and_none_is_forgotten() {
        let mut schedule = with(200);
        let asked = play(&mut schedule, (0, 10 * MINUTE), |_| true);
        assert!(asked.len() <= 600, "{} requests in 600 s", asked.len());
        assert!(asked.windows(2).all(|two| two[1].0 - two[0].0 >= APART));
        let of_each = asked.iter().fold(HashMap::new(), |mut counts, (_, run)| {
            *counts.entry(run).or_insert(0) += 1;
            counts
        });
        assert_eq!(of_each.len(), 200);
        assert!(of_each.values().all(|count| *count >= 2), "{of_each:?}");
    }

    #[test]
    fn an_api_that_is_away_is_asked_seldom_and_followed_again_when_it_is_back() {
        let away = 2 * MINUTE..3 * MINUTE;
        let mut schedule = with(200);
        let asked = play(&mut schedule, (0, 10 * MINUTE), |now| !away.contains(&now));
        let count = |from, until| {
            let within = |(at, _): &&(Millis, String)| (from..until).contains(at);
            asked.iter().filter(within).count()
        };
        assert!(count(away.start, away.end) < 10, "backs off");
        assert!(count(away.end, away.end + MINUTE) >= 29, "comes back");
        let after: HashSet<_> = asked
            .iter()
            .filter(|(at, _)| *at >= away.end)
            .map(|(_, run)| run)
            .collect();
        assert_eq!(after.len(), 200, "every run is looked at again");
        assert!(asked.len() <= 600);
    }

    #[test]
    fn what_is_on_the_screen_goes_first() {
        let mut schedule = with(200);
        play(&mut schedule, (0, MINUTE), |_| true);
        schedule.focus(Some("r150".to_owned()), MINUTE);
        let asked = play(&mut schedule, (MINUTE, 2 * MINUTE), |_| true);
        let first = asked.iter().find(|(_, run)| run == "r150").unwrap();
        assert!(first.0 <= MINUTE + 3_000, "{first:?}");
    }

    #[test]
    fn retry_after_and_a_refusal_are_heeded() {
        let mut schedule = with(1);
        schedule.failed("r000", false, Some(Duration::from_secs(90)), 2_000);
        assert_eq!(schedule.due(2_000), Due::At(92_000));
        schedule.failed("r000", true, None, 2_000);
        assert_eq!(schedule.due(2_000), Due::At(2_000 + REFUSED));
        schedule.wake();
        assert_eq!(schedule.due(2_000), Due::Now("r000".to_owned()));
        schedule.gone("r000");
        assert_eq!(schedule.due(Millis::MAX - 1), Due::Never);
        schedule.update(std::iter::empty(), 3_000);
        assert_eq!(schedule.due(3_000), Due::Never);
    }
}
