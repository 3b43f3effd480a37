//! What runs came to.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use transactionlink::ErrorKind;
use ts_rs::TS;

use super::{Desk, runs::run_id};
use crate::{
    clock::{Millis, now},
    error::{AppError, Code},
    history::{query, runs},
    json::{self, Tree},
};

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
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

impl Desk {
    /// What a run came to: kept with the entry, or fetched. It is not written down by this.
    ///
    /// # Errors
    /// The run is not completed, or no answer came.
    pub async fn run_result(&self, id: &str) -> Result<RunResult, AppError> {
        let (text, kept) = self.result_text(id).await?;
        let tree = Tree::read(&text).ok_or_else(no_result)?;
        Ok(RunResult {
            entry_id: id.to_owned(),
            tree,
            fetched_at: now(),
            kept,
        })
    }

    /// The result as JSON laid out for reading, to be written to a file.
    ///
    /// # Errors
    /// As [`Desk::run_result`].
    pub async fn result_json(&self, id: &str) -> Result<String, AppError> {
        let (text, _) = self.result_text(id).await?;
        Ok(json::pretty(&text) + "\n")
    }

    /// Keeps the result in the encrypted history, or takes it out.
    ///
    /// # Errors
    /// The result cannot be had, or the history cannot be written.
    pub async fn keep_result(&self, id: &str, keep: bool) -> Result<(), AppError> {
        let text = if keep {
            Some(self.result_text(id).await?.0)
        } else {
            None
        };
        let id = id.to_owned();
        self.change(move |db| runs::keep_result(db, &id, text.as_deref()))
            .await
    }

    async fn result_text(&self, id: &str) -> Result<(String, bool), AppError> {
        let wanted = id.to_owned();
        let (entry, kept) = self
            .database()?
            .run(move |db| Ok((query::one(db, &wanted)?, runs::kept_result(db, &wanted)?)))
            .await?;
        if let Some(text) = kept {
            return Ok((text, true));
        }
        let remembered = self.state().results.get(id).cloned();
        if let Some((text, since)) = remembered
            && since.elapsed() < RESULT_STAYS
        {
            return Ok((text, false));
        }
        let text = self.fetch(&entry.workspace_id, run_id(&entry)?).await?;
        self.state().remember_result(id, &text);
        Ok((text, false))
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
            Err(error) => Err(AppError::api(&error)),
        }
    }
}

/// How long a fetched result stays in memory, so that showing, keeping and exporting it are one
/// request.
const RESULT_STAYS: Duration = Duration::from_secs(60);

impl super::State {
    fn remember_result(&mut self, id: &str, text: &str) {
        self.results
            .retain(|_, (_, since): &mut (String, Instant)| since.elapsed() < RESULT_STAYS);
        self.results
            .insert(id.to_owned(), (text.to_owned(), Instant::now()));
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
