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

/// Why a look failed, as far as the next one is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// With this run alone.
    Run,
    /// With the API or the way to it; `Retry-After` where it said so.
    Away(Option<Duration>),
    /// With the credential.
    Credential,
}

/// A turn that does not come.
const NEVER: Millis = Millis::MAX;

/// When to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Due<Run = String> {
    /// At this run, now.
    Now(Run),
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
    /// Workspaces that a look is under way in: one silent host holds up no other.
    under_way: HashSet<String>,
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

    /// Whether somebody has it on the screen.
    pub(crate) fn is_on_screen(&self, run: &str) -> bool {
        self.focus.as_deref() == Some(run)
    }

    /// Whose turn it is.
    pub(crate) fn due(&self, now: Millis) -> Due {
        let turn_at = |turn: &Turn| {
            let pause = self.pauses.get(&turn.workspace);
            turn.at.max(pause.map_or(Millis::MIN, |pause| pause.until))
        };
        let free = |turn: &Turn| !self.under_way.contains(&turn.workspace);
        let turns = self.turns.iter().filter(|(_, turn)| free(turn));
        let turns = turns.map(|(run, turn)| {
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
    pub(crate) fn looking(&mut self, run: &str, now: Millis) {
        self.next_look = now + APART;
        if let Some(turn) = self.turns.get(run) {
            self.under_way.insert(turn.workspace.clone());
        }
    }

    /// The look is over, whatever came of it.
    pub(crate) fn looked(&mut self, workspace: &str) {
        self.under_way.remove(workspace);
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

    /// A look failed. The run's next turn is later, and where the trouble is not its own the whole
    /// workspace waits.
    pub(crate) fn failed(&mut self, run: &str, trouble: Trouble, now: Millis) {
        let Some(turn) = self.turns.get_mut(run) else {
            return;
        };
        turn.wait = longer(turn.wait);
        turn.at = now + turn.wait;
        let asked = match trouble {
            Trouble::Run => return,
            Trouble::Away(retry_after) => retry_after.map_or(0, span),
            Trouble::Credential => REFUSED,
        };
        let before = self.pauses.get(&turn.workspace).map_or(0, |p| p.wait);
        let wait = longer(before);
        let until = now + wait.max(asked);
        self.pauses
            .insert(turn.workspace.clone(), Pause { until, wait });
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
        answers: impl Fn(Millis, &str) -> Option<Trouble>,
    ) -> Vec<(Millis, String)> {
        let (mut now, mut asked) = (from, Vec::new());
        while now < until {
            match schedule.due(now) {
                Due::Now(run) => {
                    schedule.looking(&run, now);
                    match answers(now, &run) {
                        None => schedule.answered(&run, false, now),
                        Some(trouble) => schedule.failed(&run, trouble, now),
                    }
                    schedule.looked("w");
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
        let asked = play(&mut schedule, (0, 3 * MINUTE), |_, _| None);
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
        let asked = play(&mut schedule, (0, 10 * MINUTE), |_, _| None);
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
        let asked = play(&mut schedule, (0, 10 * MINUTE), |now, _| {
            away.contains(&now).then_some(Trouble::Away(None))
        });
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
        play(&mut schedule, (0, MINUTE), |_, _| None);
        schedule.focus(Some("r150".to_owned()), MINUTE);
        let asked = play(&mut schedule, (MINUTE, 2 * MINUTE), |_, _| None);
        let first = asked.iter().find(|(_, run)| run == "r150").unwrap();
        assert!(first.0 <= MINUTE + 3_000, "{first:?}");
    }

    #[test]
    fn a_run_with_troubles_of_its_own_holds_up_no_other() {
        for trouble in [Trouble::Run, Trouble::Away(None)] {
            let mut schedule = with(10);
            let asked = play(&mut schedule, (0, 10 * MINUTE), |_, run| {
                (run == "r004").then_some(trouble)
            });
            for run in 0..10 {
                let name = format!("r{run:03}");
                let looks = asked.iter().filter(|(_, run)| *run == name).count();
                assert!(looks >= 8, "{name}: {looks} looks, {trouble:?}");
            }
        }
    }

    #[test]
    fn a_silent_host_holds_up_no_other() {
        let mut schedule = Schedule::default();
        schedule.update([("a", "silent"), ("b", "other")].into_iter(), 0);
        schedule.looking("a", 2_000);
        assert_eq!(schedule.due(3_000), Due::Now("b".to_owned()));
        schedule.looking("b", 3_000);
        assert_eq!(schedule.due(9_000), Due::Never, "both are under way");
        schedule.looked("silent");
        assert_eq!(schedule.due(9_000), Due::Now("a".to_owned()));
    }

    #[test]
    fn retry_after_and_a_refusal_are_heeded() {
        let mut schedule = with(1);
        let later = Trouble::Away(Some(Duration::from_secs(90)));
        schedule.failed("r000", later, 2_000);
        assert_eq!(schedule.due(2_000), Due::At(92_000));
        schedule.failed("r000", Trouble::Credential, 2_000);
        assert_eq!(schedule.due(2_000), Due::At(2_000 + REFUSED));
        schedule.wake();
        assert_eq!(schedule.due(20_000), Due::Now("r000".to_owned()));
        schedule.gone("r000");
        assert_eq!(schedule.due(Millis::MAX - 1), Due::Never);
        schedule.update(std::iter::empty(), 3_000);
        assert_eq!(schedule.due(3_000), Due::Never);
    }
}
