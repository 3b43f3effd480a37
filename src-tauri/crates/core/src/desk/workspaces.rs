//! Workspaces and their credentials.

use secrecy::{ExposeSecret, SecretString};
use transactionlink::{Client, Credential};
use uuid::Uuid;

use super::{Demo, Desk, DeskEvent, entries::parsed};
use crate::{
    clock::now,
    error::{AppError, Code, Field},
    keychain::{Keychain, KeychainState},
    workspace::{
        AuthKind, CredentialState, DEMO_ID, DEMO_NAME, TestReport, TestSummary, Workspace,
        WorkspaceDraft, WorkspaceKind, connection,
        draft::{Checked, missing},
        from_item, last_four,
        rows::{self, Stored},
        to_item,
    },
};

/// The keychain item of a workspace.
fn item(id: &str) -> String {
    format!("workspace:{id}")
}

/// A test of a connection that was not saved yet, and of which one.
pub(super) struct DraftTest {
    host: String,
    credential: TestedCredential,
    outcome: TestSummary,
}

/// The credential that was tested: as its keychain item, or the kept one of a workspace.
enum TestedCredential {
    Given(SecretString),
    Kept(String),
}

impl TestedCredential {
    fn of(given: Option<&Credential>, workspace: &str) -> Self {
        given.map_or_else(
            || Self::Kept(workspace.to_owned()),
            |credential| Self::Given(to_item(credential)),
        )
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Given(one), Self::Given(other)) => one.expose_secret() == other.expose_secret(),
            (Self::Kept(one), Self::Kept(other)) => one == other,
            _ => false,
        }
    }
}

impl Desk {
    /// The demo and every workspace of this person.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>, AppError> {
        let stored = self.database()?.run(|db| rows::all(db)).await?;
        let live = stored.into_iter().map(|row| self.with_credential(row));
        Ok(std::iter::once(self.demo_workspace()).chain(live).collect())
    }

    /// The demo alone, which is there before the database is.
    #[must_use]
    pub fn demo_workspace(&self) -> Workspace {
        let demo = self.state().demo.clone();
        let host = demo.as_ref().map(|d| d.host.as_str().to_owned());
        let host = host.unwrap_or_default();
        Workspace {
            id: DEMO_ID.to_owned(),
            name: DEMO_NAME.to_owned(),
            kind: WorkspaceKind::Demo,
            api_host: host.clone(),
            widget_host: host,
            auth_kind: AuthKind::KeySecret,
            created_at: 0,
            last_test: None,
            allowed_hosts: Vec::new(),
            credential: match &demo {
                Some(Demo { credential, .. }) => CredentialState::Present {
                    last_four: last_four(credential),
                    kept_in: "this app, made up at each start".to_owned(),
                    since: 0,
                    session_only: true,
                },
                None => CredentialState::Loading,
            },
        }
    }

    /// One workspace by its id.
    ///
    /// # Errors
    /// There is none.
    pub async fn workspace(&self, id: &str) -> Result<Workspace, AppError> {
        if id == DEMO_ID {
            return Ok(self.demo_workspace());
        }
        let wanted = id.to_owned();
        let row = self
            .database()?
            .run(move |db| rows::one(db, &wanted))
            .await?;
        row.map(|row| self.with_credential(row)).ok_or_else(gone)
    }

    /// Adds a workspace. Its credential goes to the keychain first, so that a workspace without
    /// one is never left behind.
    ///
    /// # Errors
    /// A field is wrong, the name is taken, or the credential could not be kept.
    pub async fn add_workspace(&self, draft: &WorkspaceDraft) -> Result<Workspace, AppError> {
        let checked = draft.check()?;
        if checked.credential.is_none() {
            return Err(match checked.auth_kind {
                AuthKind::OrganizationToken => {
                    missing(Field::OrganizationToken, "Enter the organization token")
                }
                AuthKind::KeySecret => missing(Field::Key, "Enter the key"),
            });
        }
        self.put_workspace(Uuid::new_v4().to_string(), checked)
            .await
    }

    /// Changes a workspace. Empty secret fields keep the credential there was.
    ///
    /// # Errors
    /// As [`Desk::add_workspace`].
    pub async fn update_workspace(
        &self,
        id: &str,
        draft: &WorkspaceDraft,
    ) -> Result<Workspace, AppError> {
        let before = self.workspace(id).await?;
        if before.kind == WorkspaceKind::Demo {
            return Err(gone());
        }
        let checked = draft.check()?;
        keeps_credential_to_its_host(&checked, &before)?;
        self.put_workspace(id.to_owned(), checked).await
    }

    async fn put_workspace(&self, id: String, checked: Checked) -> Result<Workspace, AppError> {
        let database = self.database()?;
        let credential = checked.credential.clone();
        let session_only = checked.session_only;
        let tested = self.outcome_of_draft_test(&id, &checked);
        // The row first finds out whether the name is free; it goes again if the keychain refuses.
        let wanted = id.clone();
        let before = database
            .run(move |db| {
                let before = rows::one(db, &wanted)?;
                rows::put(db, &wanted, &checked, now())?;
                Ok(before)
            })
            .await?;
        let had_item = before
            .as_ref()
            .is_some_and(|b| b.credential_since.is_some());
        // The old host, or the old credential, must not be used any more from here on.
        self.state().forget_client(&id);
        if let Some(credential) = credential {
            let kept = self.keep_credential(&id, &credential, session_only, had_item);
            if let Err(error) = kept.await {
                let wanted = id.clone();
                database
                    .run(move |db| match before {
                        Some(before) => rows::put_back(db, &before),
                        None => rows::delete(db, &wanted),
                    })
                    .await?;
                self.state().forget_client(&id);
                return Err(error);
            }
        }
        if let Some(TestSummary { at, ok }) = tested {
            let wanted = id.clone();
            database
                .run(move |db| rows::set_test(db, &wanted, at, ok))
                .await?;
        }
        {
            let mut state = self.state();
            state.forget_client(&id);
            state.following.wake();
        }
        self.inner.bell.ring();
        self.tell(DeskEvent::State);
        self.workspace(&id).await
    }

    /// Keeps a credential; if that fails, what was kept before is kept still.
    async fn keep_credential(
        &self,
        id: &str,
        credential: &Credential,
        session_only: bool,
        had_item: bool,
    ) -> Result<(), AppError> {
        let secret = to_item(credential);
        let keychain = &self.inner.keychain;
        let before = if had_item {
            keychain.get(&item(id)).await?
        } else {
            None
        };
        if !session_only {
            keychain.set(&item(id), secret.clone()).await?;
        } else if had_item {
            // What an earlier choice left in the keychain would come back at the next start.
            keychain.delete(&item(id)).await?;
        }
        // A credential of this session leaves no trace on disk.
        let since = (!session_only).then(now);
        let last_four = if session_only {
            String::new()
        } else {
            last_four(credential)
        };
        let wanted = id.to_owned();
        let noted = self
            .database()?
            .run(move |db| rows::set_credential(db, &wanted, &last_four, since))
            .await;
        if let Err(error) = noted {
            if had_item || !session_only {
                // The first error is the one to tell, also where this fails too.
                let _ = match before {
                    Some(before) => keychain.set(&item(id), before).await,
                    None => keychain.delete(&item(id)).await,
                };
            }
            return Err(error);
        }
        let mut state = self.state();
        if session_only {
            state.session.insert(id.to_owned(), secret);
        } else {
            state.session.remove(id);
        }
        Ok(())
    }

    /// How the last test in the dialog ended, where it was of exactly what is saved now.
    fn outcome_of_draft_test(&self, id: &str, saved: &Checked) -> Option<TestSummary> {
        let test = self.state().draft_test.take()?;
        let credential = TestedCredential::of(saved.credential.as_ref(), id);
        let same = test.host == saved.api_host.as_str() && test.credential.is(&credential);
        same.then_some(test.outcome)
    }

    /// Forgets a workspace and its credential. Its history stays.
    ///
    /// # Errors
    /// It is the demo, or the keychain or the database refuses; then nothing is forgotten.
    pub async fn forget_workspace(&self, id: &str) -> Result<(), AppError> {
        if id == DEMO_ID {
            return Err(AppError::new(
                Code::InvalidInput,
                "The demo stays",
                "The demo is built in and cannot be forgotten.",
                "",
            ));
        }
        let database = self.database()?;
        let wanted = id.to_owned();
        let row = database.run(move |db| rows::one(db, &wanted)).await?;
        if row.is_some_and(|row| row.credential_since.is_some()) {
            self.inner.keychain.delete(&item(id)).await?;
        }
        let wanted = id.to_owned();
        database.run(move |db| rows::delete(db, &wanted)).await?;
        {
            let mut state = self.state();
            state.session.remove(id);
            state.forget_client(id);
        }
        self.tell(DeskEvent::State);
        Ok(())
    }

    /// Tests what the dialog holds; with an id, empty secret fields stand for the kept credential.
    ///
    /// # Errors
    /// A field is wrong or there is no credential. That the test itself fails is in the report.
    pub async fn test_draft(
        &self,
        draft: &WorkspaceDraft,
        id: Option<&str>,
    ) -> Result<TestReport, AppError> {
        let checked = draft.check()?;
        let tested = TestedCredential::of(checked.credential.as_ref(), id.unwrap_or_default());
        let credential = match (&checked.credential, id) {
            (Some(credential), _) => credential.clone(),
            (None, Some(id)) => {
                keeps_credential_to_its_host(&checked, &self.workspace(id).await?)?;
                self.credential(id).await?
            }
            (None, None) => return Err(missing(Field::Key, "Enter a credential")),
        };
        let mut report = connection::test(&checked.api_host, &credential, now()).await;
        report.tell_assumed_http(&draft.api_host, &checked.api_host);
        self.state().draft_test = Some(DraftTest {
            host: checked.api_host.as_str().to_owned(),
            credential: tested,
            outcome: TestSummary {
                at: report.at,
                ok: report.ok,
            },
        });
        Ok(report)
    }

    /// Tests a workspace and remembers how it ended.
    ///
    /// # Errors
    /// There is no such workspace or no credential.
    pub async fn test_workspace(&self, id: &str) -> Result<TestReport, AppError> {
        let workspace = self.workspace(id).await?;
        let credential = self.credential(id).await?;
        let host = parsed(&workspace.api_host)?;
        let report = connection::test(&host, &credential, now()).await;
        if id != DEMO_ID {
            let (id, at, ok) = (id.to_owned(), report.at, report.ok);
            self.database()?
                .run(move |db| rows::set_test(db, &id, at, ok))
                .await?;
            self.tell(DeskEvent::State);
        }
        Ok(report)
    }

    /// Lets previews of a workspace call one more host.
    ///
    /// # Errors
    /// There is no such workspace.
    pub async fn allow_host(&self, id: &str, host: &str) -> Result<(), AppError> {
        let mut hosts = self.workspace(id).await?.allowed_hosts;
        if !hosts.iter().any(|h| h == host) {
            hosts.push(host.to_owned());
        }
        let id = id.to_owned();
        self.database()?
            .run(move |db| rows::set_allowed_hosts(db, &id, &hosts))
            .await?;
        self.tell(DeskEvent::State);
        Ok(())
    }

    /// The client of a workspace, with its access token cached.
    pub(super) async fn client(&self, id: &str) -> Result<Client, AppError> {
        if let Some(client) = self.state().clients.get(id) {
            return Ok(client.clone());
        }
        let workspace = self.workspace(id).await?;
        let credential = self.credential(id).await?;
        let client = Client::new(parsed(&workspace.api_host)?, credential)
            .map_err(|error| AppError::api(&error))?;
        self.state().clients.insert(id.to_owned(), client.clone());
        Ok(client)
    }

    async fn credential(&self, id: &str) -> Result<Credential, AppError> {
        if id == DEMO_ID {
            return self
                .state()
                .demo
                .as_ref()
                .map(|d| d.credential.clone())
                .ok_or_else(|| {
                    AppError::new(
                        Code::DemoStarting,
                        "The demo is starting",
                        "Its simulator is not up yet.",
                        "Try again in a moment.",
                    )
                    .retryable()
                });
        }
        if let Some(secret) = self.state().session.get(id).cloned() {
            return from_item(&secret);
        }
        match self.inner.keychain.get(&item(id)).await? {
            Some(secret) => from_item(&secret),
            None => Err(AppError::new(
                Code::CredentialMissing,
                "No credential",
                "The keychain holds no credential for this workspace.",
                "Enter it again under Workspaces.",
            )),
        }
    }

    fn with_credential(&self, row: Stored) -> Workspace {
        let state = self.state();
        let mut workspace = row.workspace;
        workspace.credential = if let Some(secret) = state.session.get(&workspace.id) {
            CredentialState::Present {
                last_four: from_item(secret).map(|c| last_four(&c)).unwrap_or_default(),
                kept_in: "this session only".to_owned(),
                since: workspace.created_at,
                session_only: true,
            }
        } else if let Some(since) = row.credential_since {
            match self.inner.keychain.state() {
                KeychainState::Ready { .. } => CredentialState::Present {
                    last_four: row.last_four,
                    kept_in: Keychain::name().to_owned(),
                    since,
                    session_only: false,
                },
                KeychainState::Loading => CredentialState::Loading,
                KeychainState::Locked { .. } => CredentialState::Locked,
                KeychainState::Unavailable { detail, .. } => {
                    CredentialState::Unavailable { detail }
                }
            }
        } else {
            CredentialState::Missing
        };
        workspace
    }
}

/// A kept credential goes to the host it was entered for and to no other: empty fields stand for it
/// only while host and kind stay.
fn keeps_credential_to_its_host(checked: &Checked, before: &Workspace) -> Result<(), AppError> {
    if checked.credential.is_some() {
        return Ok(());
    }
    let field = match checked.auth_kind {
        AuthKind::OrganizationToken => Field::OrganizationToken,
        AuthKind::KeySecret => Field::Key,
    };
    if checked.auth_kind != before.auth_kind {
        return Err(missing(field, "Enter the new credential"));
    }
    if checked.api_host.as_str() != before.api_host {
        return Err(AppError::invalid(
            field,
            "Enter the credential again",
            format!(
                "The one that is kept is for {} and is sent to no other host.",
                before.api_host
            ),
        ));
    }
    Ok(())
}

fn gone() -> AppError {
    AppError::new(
        Code::NoSuchThing,
        "No such workspace",
        "This workspace is not here any more.",
        "Choose another one.",
    )
}
