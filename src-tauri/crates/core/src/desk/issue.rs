//! The way of an issue: checked request, pending row, access token, request, settled row.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, SystemTime},
};

use tokio_util::sync::CancellationToken;
use transactionlink::Phase;
use uuid::Uuid;

use super::{Body, Desk, DeskEvent, closing::is_closing};
use crate::{
    clock::{millis, now, span},
    error::{About, AppError, Code},
    expiry::clock_offset,
    history::{HistoryEntry, Purpose, write},
    issuing::{Accepted, Came, Fresh, IssueRequest},
    settings::{self, Settings},
    storage::Database,
    workspace::Workspace,
};

impl Desk {
    /// Issues a token, starts a run or makes a link, and writes it down. A second one at the same time waits for nothing: each
    /// has its own row.
    ///
    /// # Errors
    /// What is wrong with the input, the credential, the network or the API; the attempt is in
    /// the history from the moment the input is in order.
    pub async fn issue(&self, request: &IssueRequest) -> Result<HistoryEntry, AppError> {
        self.issue_fresh(request).await.map(|fresh| fresh.entry)
    }

    /// Issues a token with the inputs of an earlier attempt.
    ///
    /// # Errors
    /// As [`Desk::issue`].
    pub async fn issue_again(&self, id: &str, purpose: Purpose) -> Result<Fresh, AppError> {
        let entry = self.entry(id).await?;
        self.issue_fresh(&IssueRequest::again(&entry, purpose))
            .await
    }

    /// Stops waiting for the issue under way. What has left cannot be called back.
    pub fn cancel_issue(&self) {
        if let Some(under_way) = self.state().issuing.take() {
            under_way.cancel();
        }
    }

    /// Issues a token and gives its body too.
    ///
    /// # Errors
    /// As [`Desk::issue`].
    pub async fn issue_fresh(&self, request: &IssueRequest) -> Result<Fresh, AppError> {
        let mut accepted = request.accept()?;
        let _answer_on_its_way = self.inner.answers.read().await;
        if self.inner.closing.is_cancelled() {
            return Err(is_closing());
        }
        let workspace = self.workspace(&request.workspace_id).await?;
        let database = self.database()?;
        accepted.workflow_name = self
            .workflow_name(&workspace.id, &accepted.workflow_id)
            .await?;
        let id = Uuid::now_v7().to_string();
        {
            let (id, workspace, accepted) = (id.clone(), workspace.clone(), accepted.clone());
            database
                .run(move |db| write::pending(db, &id, &workspace, &accepted, now()))
                .await?;
        }
        self.tell(DeskEvent::History);
        let cancel = CancellationToken::new();
        // A preview issues beside the form; what can be cancelled and is followed is the form's.
        let followed = request.purpose == Purpose::HandOver;
        if followed {
            self.state().issuing = Some(cancel.clone());
        }
        let begun = Instant::now();
        let left = AtomicBool::new(false);
        let sent = tokio::select! {
            sent = self.send(&workspace.id, &accepted, followed, &left) => sent,
            () = cancel.cancelled() => Err(cancelled(left.load(Ordering::Relaxed))),
        };
        let settled = match sent {
            Ok(came) => self.keep(id, &workspace, &accepted, came).await,
            Err(error) => {
                let told = error.clone();
                let error = AppError {
                    entry_id: Some(id.clone()),
                    ..error
                };
                let took = span(begun.elapsed());
                // The history may have moved from memory to its file meanwhile. That this cannot
                // be written down weighs less than why there is no token.
                if let Ok(database) = self.database() {
                    let failed = database.run(move |db| write::failed(db, &id, &told, took));
                    let _ = failed.await;
                }
                Err(error)
            }
        };
        self.tell(DeskEvent::History);
        self.inner.bell.ring();
        settled
    }

    /// Writes down what came. It exists at the vendor now, so it is given to the person also when
    /// that fails; the entry then says so.
    async fn keep(
        &self,
        id: String,
        workspace: &Workspace,
        accepted: &Accepted,
        came: Came,
    ) -> Result<Fresh, AppError> {
        let offset = clock_offset(came.server_time.map(millis), millis(came.received_at));
        self.state().clock_offset = offset;
        let (wanted, answer) = (id.clone(), came.clone());
        let written = match self.database() {
            Ok(database) => {
                let write = move |db: &mut rusqlite::Connection| {
                    let keep = settings::saved(db)?.unwrap_or_default().keep_tokens;
                    write::issued(db, &wanted, &answer, keep)
                };
                database.run(write).await
            }
            Err(error) => Err(error),
        };
        let entry = match written {
            Ok(entry) => entry,
            Err(error) => HistoryEntry {
                error: Some(not_written(&error)),
                ..beside_the_history(&id, workspace, accepted, &came)?
            },
        };
        let body = Body {
            token: came.token.clone(),
            link: came.link,
            until: entry.expires_at.unwrap_or_default(),
        };
        self.state().bodies.insert(entry.id.clone(), body);
        Ok(Fresh {
            entry: self.with_body(entry),
            token: came.token,
            token_type: came.token_type,
        })
    }

    async fn send(
        &self,
        workspace_id: &str,
        accepted: &Accepted,
        followed: bool,
        left: &AtomicBool,
    ) -> Result<Came, AppError> {
        let client = self.client(workspace_id).await?;
        let on = |phase| {
            if matches!(phase, Phase::Sending) {
                left.store(true, Ordering::Relaxed);
            }
            if followed {
                self.tell(DeskEvent::Issuing(phase));
            }
        };
        let now = on_the_servers_clock(self.state().clock_offset);
        let about = About::Issuing {
            subject: accepted.subject.is_some(),
        };
        accepted
            .send(&client, now, &on)
            .await
            .map_err(|error| AppError::about(about, &error))
    }

    /// How tokens are kept.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn settings(&self) -> Result<Settings, AppError> {
        let saved = self.database()?.run(|db| settings::saved(db)).await?;
        Ok(saved.unwrap_or_default())
    }

    /// Changes how tokens are kept. Turned off, the bodies on disk are erased now.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn save_settings(&self, settings: Settings) -> Result<(), AppError> {
        self.database()?
            .run(move |db| settings::save(db, &settings))
            .await
    }
}

/// The time now, by what the last answer said of the server's clock.
fn on_the_servers_clock(offset: i64) -> SystemTime {
    let off = Duration::from_millis(offset.unsigned_abs());
    let now = SystemTime::now();
    let corrected = if offset < 0 {
        now.checked_sub(off)
    } else {
        now.checked_add(off)
    };
    corrected.unwrap_or(now)
}

/// The entry of what the history could not take.
fn beside_the_history(
    id: &str,
    workspace: &Workspace,
    accepted: &Accepted,
    came: &Came,
) -> Result<HistoryEntry, AppError> {
    let database = Database::in_memory()?;
    let mut db = database.lock();
    write::pending(&db, id, workspace, accepted, millis(came.received_at))?;
    write::issued(&mut db, id, came, false)
}

fn not_written(error: &AppError) -> AppError {
    AppError {
        hint: "Copy it now: it is gone when TokenDesk ends.".to_owned(),
        ..AppError::new(
            Code::Storage,
            "Issued, but not written down",
            error.detail.clone(),
            "",
        )
    }
}

/// Says whether what was cancelled may have been carried out: the request had been handed to the network by then.
fn cancelled(left: bool) -> AppError {
    let detail = if left {
        "You stopped waiting. The request had left: it may have been carried out all the same."
    } else {
        "You stopped waiting before the request was sent. Nothing was carried out."
    };
    AppError::new(Code::Cancelled, "Cancelled", detail, "").retryable()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use transactionlink::Timings;

    use super::*;
    use crate::{
        Folder, handover::CopyKind, history::EntryKind, keychain::Keychain, workspace::DEMO_ID,
    };

    fn session(folder: &tempfile::TempDir) -> Desk {
        let keychain = Keychain::of_this_computer("io.tokendesk.issue-test");
        let desk = Desk::new(Folder::at(folder.path()), keychain);
        desk.use_session_only();
        desk
    }

    fn came() -> Came {
        Came {
            token: Some("a token".into()),
            token_type: None,
            expiry_duration: None,
            link: Some("https://l/one".into()),
            run: None,
            timings: Timings {
                authorised: None,
                from_cache: true,
                request: Duration::ZERO,
            },
            http_status: 201,
            server_time: None,
            received_at: SystemTime::now(),
        }
    }

    #[tokio::test]
    async fn an_entry_changed_by_hand_still_has_what_is_kept_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let desk = session(&folder);
        let keep_nothing = Settings {
            keep_tokens: false,
            ..Settings::default()
        };
        desk.save_settings(keep_nothing).await.unwrap();
        let workspace = desk.workspace(DEMO_ID).await.unwrap();
        let request = IssueRequest {
            workflow_id: "f".to_owned(),
            ..IssueRequest::default()
        };
        let accepted = request.accept().unwrap();
        let database = desk.database().unwrap();
        write::pending(&database.lock(), "a", &workspace, &accepted, now()).unwrap();
        let kept = desk.keep("a".to_owned(), &workspace, &accepted, came());
        assert!(kept.await.unwrap().entry.has_token);
        assert!(desk.set_label("a", "ticket 7").await.unwrap().has_token);
        let used = desk.mark_used("a").await.unwrap();
        assert!(used.has_token && used.has_link);
    }

    #[tokio::test]
    async fn what_could_not_be_written_down_is_given_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let desk = session(&folder);
        let workspace = desk.workspace(DEMO_ID).await.unwrap();
        let request = IssueRequest {
            kind: EntryKind::Link,
            workflow_id: "f".to_owned(),
            ..IssueRequest::default()
        };
        let accepted = request.accept().unwrap();
        let full = "CREATE TRIGGER full BEFORE UPDATE ON entries
            BEGIN SELECT RAISE(ABORT, 'disk full'); END";
        desk.database().unwrap().lock().execute_batch(full).unwrap();
        let id = "a".to_owned();
        write::pending(
            &desk.database().unwrap().lock(),
            &id,
            &workspace,
            &accepted,
            now(),
        )
        .unwrap();
        let kept = desk.keep(id, &workspace, &accepted, came()).await.unwrap();
        assert!(kept.entry.error.unwrap().hint.contains("Copy it now"));
        for (kind, wanted) in [
            (CopyKind::Token, "a token"),
            (CopyKind::Link, "https://l/one"),
        ] {
            let copied = desk.copy_text("a", kind).await.unwrap();
            assert_eq!(copied.expose_secret(), wanted);
        }
    }
}
