//! Following workflow runs.

use std::{collections::HashMap, time::Duration};

use serde::Serialize;
use tokio::sync::Notify;
use transactionlink::{Error, ErrorKind};

use super::{Desk, DeskEvent};
use crate::{
    clock::{millis, now},
    error::{About, AppError, Code},
    expiry::clock_offset,
    following::{Due, Schedule, Trouble},
    history::{
        HistoryEntry, RunState,
        runs::{self, OpenRun},
    },
};

/// What is known of following besides what is written down.
#[derive(Default)]
pub(super) struct Following {
    schedule: Schedule,
    looking: bool,
    /// Why the last look at an entry's run failed.
    problems: HashMap<String, AppError>,
}

impl Following {
    /// A person changed something that may end a pause.
    pub(super) fn wake(&mut self) {
        self.schedule.wake();
    }
}

/// How a run is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunStatus {
    /// The vendor's id of it.
    pub run_id: String,
    /// Its status in the vendor's word.
    pub status: Option<String>,
    /// What that amounts to.
    pub state: RunState,
    /// Its entry, where it was started here.
    pub entry_id: Option<String>,
}

/// Wakes the follower when something changed.
#[derive(Default)]
pub(super) struct Bell(Notify);

impl Bell {
    pub(super) fn ring(&self) {
        self.0.notify_one();
    }
}

impl Desk {
    /// Says whether somebody looks, and at which entry. Runs are followed only while somebody does.
    pub fn watch_runs(&self, looking: bool, focus: Option<String>) {
        {
            let mut state = self.state();
            let at = now();
            let was = std::mem::replace(&mut state.following.looking, looking);
            state.following.schedule.focus(focus, at);
            if looking && !was {
                state.following.wake();
            }
        }
        self.inner.bell.ring();
    }

    /// Follows every open run, for as long as the app lives.
    pub async fn follow_runs(&self) {
        tokio::select! {
            () = self.inner.closing.cancelled() => {}
            () = self.look_again_and_again() => {}
        }
    }

    async fn look_again_and_again(&self) {
        loop {
            let wait = match self.next_look().await {
                Some(Due::Now(run)) => {
                    self.look_beside(run);
                    continue;
                }
                Some(Due::At(at)) => {
                    Duration::from_millis(u64::try_from(at - now()).unwrap_or_default())
                }
                Some(Due::Never) | None => Duration::from_secs(3600),
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.inner.bell.0.notified() => {}
            }
        }
    }

    /// Looks without waiting for the answer, which a silent host may hold back for long.
    fn look_beside(&self, run: OpenRun) {
        self.state()
            .following
            .schedule
            .looking(&run.entry_id, now());
        let desk = self.clone();
        tokio::spawn(async move {
            // What came of it is in the entry, or told beside it.
            let _ = desk.look(&run.entry_id).await;
            desk.state().following.schedule.looked(&run.workspace_id);
            desk.inner.bell.ring();
        });
    }

    /// Whose turn it is; `None` while nobody looks or the history is closed.
    async fn next_look(&self) -> Option<Due<OpenRun>> {
        if !self.state().following.looking {
            return None;
        }
        let mut open = self.open_runs().await.ok()?;
        let mut state = self.state();
        let at = now();
        let runs = open
            .iter()
            .map(|run| (run.entry_id.as_str(), run.workspace_id.as_str()));
        state.following.schedule.update(runs, at);
        Some(match state.following.schedule.due(at) {
            Due::Now(id) => {
                let place = open.iter().position(|run| run.entry_id == id)?;
                Due::Now(open.swap_remove(place))
            }
            Due::At(at) => Due::At(at),
            Due::Never => Due::Never,
        })
    }

    /// Every run that goes on. Those whose time is over are closed on the way.
    async fn open_runs(&self) -> Result<Vec<OpenRun>, AppError> {
        let (open, over) = self
            .database()?
            .run(|db| {
                let (over, open): (Vec<_>, Vec<_>) =
                    runs::open(db)?.into_iter().partition(OpenRun::is_over);
                for run in &over {
                    runs::over(db, &run.entry_id)?;
                }
                Ok((open, over.len()))
            })
            .await?;
        if over > 0 {
            self.tell(DeskEvent::History);
        }
        Ok(open)
    }

    /// Looks at a run now.
    ///
    /// # Errors
    /// There is no such run, or no answer came.
    pub async fn look_at_run(&self, id: &str) -> Result<HistoryEntry, AppError> {
        self.look(id).await
    }

    /// Looks at a run that the vendor names, if it is in the history.
    ///
    /// # Errors
    /// No answer came.
    pub async fn look_at_run_of(
        &self,
        workspace_id: &str,
        run_id: &str,
    ) -> Result<Option<HistoryEntry>, AppError> {
        let (workspace, run) = (workspace_id.to_owned(), run_id.to_owned());
        let id = self
            .database()?
            .run(move |db| runs::by_run(db, &workspace, &run))
            .await?;
        match id {
            Some(id) => self.look(&id).await.map(Some),
            None => Ok(None),
        }
    }

    async fn look(&self, id: &str) -> Result<HistoryEntry, AppError> {
        let entry = self.entry(id).await?;
        let run_id = run_id(&entry)?;
        let answered = match self.client(&entry.workspace_id).await {
            Ok(client) => client.run_state(run_id).await,
            Err(error) => {
                self.look_failed(id, &error, Trouble::Away(None));
                return Err(error);
            }
        };
        let error = match answered {
            Ok(seen) => return self.saw(&entry, seen).await,
            Err(error) => error,
        };
        let told = AppError::about(About::Run, &error);
        self.look_failed(id, &told, trouble(&error));
        if error.kind == ErrorKind::NotFound {
            self.state().following.schedule.gone(id);
            // One that the API has forgotten after its end has no last word to wait for.
            let ends_at = entry.run.as_ref().and_then(|run| run.ends_at);
            if ends_at.is_some_and(|end| end <= now()) {
                let id = id.to_owned();
                self.change(move |db| runs::over(db, &id)).await?;
            }
        }
        Err(told)
    }

    /// Writes down what a look found. Only news make a window read the entry again.
    async fn saw(
        &self,
        before: &HistoryEntry,
        seen: transactionlink::RunState,
    ) -> Result<HistoryEntry, AppError> {
        let (id, at, status) = (before.id.clone(), now(), seen.status);
        let known = before.run.as_ref().and_then(|run| run.status.as_deref());
        let changed = status.is_some() && status.as_deref() != known;
        let (news, on_screen) = {
            let mut state = self.state();
            let following = &mut state.following;
            following.schedule.answered(&id, changed, at);
            let healed = following.problems.remove(&id).is_some();
            let on_screen = following.schedule.is_on_screen(&id);
            if let Some(server) = seen.server_time {
                state.clock_offset = clock_offset(Some(millis(server)), at);
            }
            (changed || healed, on_screen)
        };
        let entry = self
            .database()?
            .run(move |db| runs::looked(db, &id, status.as_deref(), at))
            .await?;
        if news {
            self.tell(DeskEvent::History);
        } else if on_screen {
            // The window shows when somebody last looked. That is no reason to read anything again.
            self.tell(DeskEvent::RunChecked {
                entry_id: entry.id.clone(),
                checked_at: at,
            });
        }
        Ok(self.with_body(entry))
    }

    fn look_failed(&self, id: &str, error: &AppError, trouble: Trouble) {
        let news = {
            let mut state = self.state();
            let following = &mut state.following;
            following.schedule.failed(id, trouble, now());
            let before = following.problems.insert(id.to_owned(), error.clone());
            before.as_ref() != Some(error)
        };
        if news {
            self.tell(DeskEvent::History);
        }
    }

    /// What only this process knows of a run: whether it is followed, and what stands in the way.
    pub(super) fn with_following(&self, entry: &mut HistoryEntry) {
        let state = self.state();
        if let Some(run) = &mut entry.run {
            run.following = state.following.looking && run.state == RunState::Open;
            run.problem = state.following.problems.get(&entry.id).cloned();
        }
    }

    /// How a run is doing, whether or not it was started here.
    ///
    /// # Errors
    /// There is no such run, or no answer came.
    pub async fn run_status(
        &self,
        workspace_id: &str,
        run_id: &str,
    ) -> Result<RunStatus, AppError> {
        let entry = self.look_at_run_of(workspace_id, run_id).await?;
        let (entry_id, status) = match entry {
            Some(HistoryEntry {
                id, run: Some(run), ..
            }) => (Some(id), run.status),
            _ => {
                let client = self.client(workspace_id).await?;
                let seen = client.run_state(run_id).await;
                (
                    None,
                    seen.map_err(|error| AppError::about(About::Run, &error))?
                        .status,
                )
            }
        };
        Ok(RunStatus {
            run_id: run_id.to_owned(),
            state: RunState::of(status.as_deref()),
            status,
            entry_id,
        })
    }
}

/// Whose trouble it is. A permission belongs to one workflow definition, and what cannot be read
/// to one answer; all else would meet the next run of the workspace as well.
fn trouble(error: &Error) -> Trouble {
    use ErrorKind as K;
    match error.kind {
        K::Forbidden
        | K::NotFound
        | K::InvalidRequest
        | K::MalformedAnswer
        | K::AnswerTooLarge
        | K::UnexpectedStatus => Trouble::Run,
        K::Unauthorized | K::WrongCredentials => Trouble::Credential,
        _ => Trouble::Away(error.retry_after),
    }
}

pub(super) fn run_id(entry: &HistoryEntry) -> Result<&str, AppError> {
    let run = entry.run.as_ref().map(|run| run.run_id.as_str());
    run.ok_or_else(|| {
        AppError::new(
            Code::NoSuchThing,
            "Not a run",
            "This entry has started no workflow run.",
            "",
        )
    })
}
