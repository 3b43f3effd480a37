//! What runs came to.

use serde::{Deserialize, Serialize};
use transactionlink::ErrorKind;
use ts_rs::TS;

use super::{Desk, runs::run_id};
use crate::{
    clock::{Millis, now},
    error::{About, AppError, Code},
    history::{query, runs},
    json::{self, Tree},
};

/// What a run came to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunResult {
    /// The entry of the run.
    pub entry_id: String,
    /// The vendor's answer.
    pub tree: Tree,
    /// When it was fetched.
    #[ts(type = "number")]
    pub fetched_at: Millis,
    /// Whether it is kept with the entry.
    pub kept: bool,
}

crate::hidden_debug!(RunResult);

impl Desk {
    /// What a run came to: kept with the entry, or fetched. It is not written down by this.
    ///
    /// # Errors
    /// The run is not completed, or no answer came.
    pub async fn run_result(&self, id: &str) -> Result<RunResult, AppError> {
        let found = self.result_text(id).await?;
        Ok(RunResult {
            entry_id: id.to_owned(),
            tree: Tree::read(&found.text).ok_or_else(no_result)?,
            fetched_at: found.at,
            kept: found.kept,
        })
    }

    /// The result as JSON laid out for reading, to be written to a file.
    ///
    /// # Errors
    /// As [`Desk::run_result`].
    pub async fn result_json(&self, id: &str) -> Result<String, AppError> {
        let found = self.result_text(id).await?;
        Ok(json::pretty(&found.text) + "\n")
    }

    /// Keeps the result in the encrypted history, or takes it out.
    ///
    /// # Errors
    /// The result cannot be had, or the history cannot be written.
    pub async fn keep_result(&self, id: &str, keep: bool) -> Result<(), AppError> {
        // The last wish counts, however long fetching takes.
        self.state().keeping.insert(id.to_owned(), keep);
        let found = if keep {
            Some(self.result_text(id).await?)
        } else {
            None
        };
        if self.state().keeping.get(id) != Some(&keep) {
            return Ok(());
        }
        let wanted = id.to_owned();
        let there = self
            .change(move |db| {
                let result = found.as_ref().map(|found| (found.text.as_str(), found.at));
                runs::keep_result(db, &wanted, result)
            })
            .await?;
        self.state().keeping.remove(id);
        if there {
            return Ok(());
        }
        // Forgotten meanwhile; this says so.
        self.entry(id).await.map(drop)
    }

    async fn result_text(&self, id: &str) -> Result<Found, AppError> {
        let wanted = id.to_owned();
        let (entry, kept) = self
            .database()?
            .run(move |db| Ok((query::one(db, &wanted)?, runs::kept_result(db, &wanted)?)))
            .await?;
        if let Some((text, at)) = kept {
            let kept = true;
            return Ok(Found { text, at, kept });
        }
        let remembered = self.state().results.get(id).cloned();
        if let Some(found) = remembered.filter(Found::is_fresh) {
            return Ok(found);
        }
        let found = Found {
            text: self.fetch(&entry.workspace_id, run_id(&entry)?).await?,
            at: now(),
            kept: false,
        };
        let mut state = self.state();
        state.results.insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// The result of a run, whether or not it was started here, laid out for reading.
    ///
    /// # Errors
    /// The run is not completed, or no answer came.
    pub async fn result_of(&self, workspace_id: &str, run_id: &str) -> Result<String, AppError> {
        let text = self.fetch(workspace_id, run_id).await?;
        Ok(json::pretty(&text) + "\n")
    }

    async fn fetch(&self, workspace_id: &str, run_id: &str) -> Result<String, AppError> {
        let client = self.client(workspace_id).await?;
        match client.run_result(run_id).await {
            Ok(result) => Ok(result.get().to_owned()),
            Err(error) if error.kind == ErrorKind::NotFound => Err(no_result()),
            Err(error) => Err(AppError::about(About::Run, &error)),
        }
    }
}

/// A result as JSON, and since when.
#[derive(Clone)]
pub(super) struct Found {
    text: String,
    at: Millis,
    kept: bool,
}

impl Found {
    /// For so long one stays in memory, so that showing, keeping and exporting it are one request.
    const STAYS: Millis = 60_000;

    pub(super) fn is_fresh(&self) -> bool {
        now() - self.at < Self::STAYS
    }
}

fn no_result() -> AppError {
    AppError::new(
        Code::NotFound,
        "No result yet",
        "The API has no result of this run. There is one when the run is completed.",
        "Look again when it is.",
    )
    .retryable()
}
