//! Saved workflows and presets.

use super::Desk;
use crate::{
    clock::now,
    error::{AppError, Field},
    issuing::{IssueRequest, id},
    saved::{self, KnownWorkflow, Preset, PresetsImported, presets, workflows},
};

impl Desk {
    /// The workflows of a workspace: those a person named, the demo's, and those used before.
    ///
    /// # Errors
    /// The history cannot be read.
    pub async fn known_workflows(
        &self,
        workspace_id: &str,
    ) -> Result<Vec<KnownWorkflow>, AppError> {
        let wanted = workspace_id.to_owned();
        let known = self
            .database()?
            .run(move |db| workflows::known(db, &wanted))
            .await?;
        let (mut all, used): (Vec<_>, Vec<_>) = known.into_iter().partition(|known| known.saved);
        let demo = self.demo_workflows(workspace_id).into_iter();
        let demo = demo.map(|(workflow_id, name)| KnownWorkflow {
            workflow_id,
            name: Some(name),
            saved: false,
        });
        for known in demo.chain(used) {
            if !all.iter().any(|k| k.workflow_id == known.workflow_id) {
                all.push(known);
            }
        }
        Ok(all)
    }

    /// The name of a workflow: a person's, else the demo's.
    pub(super) async fn workflow_name(
        &self,
        workspace_id: &str,
        workflow_id: &str,
    ) -> Result<Option<String>, AppError> {
        let (workspace, workflow) = (workspace_id.to_owned(), workflow_id.to_owned());
        let saved = self
            .database()?
            .run(move |db| workflows::name(db, &workspace, &workflow))
            .await?;
        let demo = self.demo_workflows(workspace_id);
        let in_demo = || demo.into_iter().find(|(id, _)| id == workflow_id);
        Ok(saved.or_else(|| in_demo().map(|(_, name)| name)))
    }

    fn demo_workflows(&self, workspace_id: &str) -> Vec<(String, String)> {
        let state = self.state();
        match &state.demo {
            Some(demo) if workspace_id == crate::workspace::DEMO_ID => demo.workflows.clone(),
            _ => Vec::new(),
        }
    }

    /// Gives a workflow a name, to pick it by from now on.
    ///
    /// # Errors
    /// The id or the name cannot be one.
    pub async fn save_workflow(
        &self,
        workspace_id: &str,
        workflow_id: &str,
        name: &str,
    ) -> Result<(), AppError> {
        let none = || AppError::invalid(Field::Workflow, "Choose a workflow", "Paste its id.");
        let workflow = id(workflow_id, Field::Workflow, "Not an id")?.ok_or_else(none)?;
        let name = saved::name(name, Field::WorkflowName)?;
        let workspace = workspace_id.to_owned();
        self.database()?
            .run(move |db| workflows::save(db, &workspace, &workflow, &name))
            .await
    }

    /// Takes a workflow's name away.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_workflow(
        &self,
        workspace_id: &str,
        workflow_id: &str,
    ) -> Result<(), AppError> {
        let (workspace, workflow) = (workspace_id.to_owned(), workflow_id.to_owned());
        self.database()?
            .run(move |db| workflows::forget(db, &workspace, &workflow))
            .await
    }

    /// The presets of a workspace, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn presets(&self, workspace_id: &str) -> Result<Vec<Preset>, AppError> {
        let workspace = workspace_id.to_owned();
        self.database()?
            .run(move |db| presets::all(db, &workspace))
            .await
    }

    /// Saves the form as a preset of its workspace; one of the same name is replaced. The case or
    /// record and the label are saved only `with_subject`.
    ///
    /// # Errors
    /// The name cannot be one.
    pub async fn save_preset(
        &self,
        name: &str,
        request: IssueRequest,
        with_subject: bool,
    ) -> Result<Preset, AppError> {
        let name = saved::name(name, Field::PresetName)?;
        self.database()?
            .run(move |db| presets::save(db, &name, &request, with_subject, now()))
            .await
    }

    /// Takes a preset away and gives it back, so that it can be saved again.
    ///
    /// # Errors
    /// There is none.
    pub async fn forget_preset(&self, id: &str) -> Result<Preset, AppError> {
        let id = id.to_owned();
        self.database()?
            .run(move |db| presets::forget(db, &id))
            .await
    }

    /// The presets of a workspace as a file, without subjects and labels.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn presets_file(&self, workspace_id: &str) -> Result<String, AppError> {
        Ok(saved::write(self.presets(workspace_id).await?))
    }

    /// Adds the presets of a file.
    ///
    /// # Errors
    /// It is no file of presets; nothing was changed then.
    pub async fn import_presets(
        &self,
        workspace_id: &str,
        file: &str,
    ) -> Result<PresetsImported, AppError> {
        let read = saved::read(file)?;
        let workspace = workspace_id.to_owned();
        let names = self
            .database()?
            .run(move |db| presets::add(db, &workspace, read, now()))
            .await?;
        Ok(PresetsImported {
            added: u32::try_from(names.len()).unwrap_or(u32::MAX),
            names,
        })
    }
}
