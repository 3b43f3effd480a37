//! A desk on a simulator of its own, in memory.

use tokendesk_core::{
    AppError, Demo, Desk, Folder,
    history::{ApiGeneration, HistoryEntry, HistoryFilter},
    issuing::IssueRequest,
    keychain::Keychain,
    workspace::DEMO_ID,
};
use tokendesk_simulator::{Options, Simulator};

pub(crate) struct Fixture {
    pub(crate) desk: Desk,
    pub(crate) simulator: Simulator,
    _folder: tempfile::TempDir,
}

/// A desk in memory with the demo workspace.
pub(crate) async fn fixture(options: Options) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let keychain = Keychain::of_this_computer("io.tokendesk.scenarios-test");
    let desk = Desk::new(Folder::at(folder.path()), keychain);
    desk.use_session_only();
    let (simulator, demo): (Simulator, Demo) =
        tokendesk_cli::demo::start_with(options).await.unwrap();
    desk.set_demo(demo);
    Fixture {
        desk,
        simulator,
        _folder: folder,
    }
}

pub(crate) fn request(workflow_id: &str, api: ApiGeneration, subject: &str) -> IssueRequest {
    IssueRequest {
        workspace_id: DEMO_ID.to_owned(),
        api,
        workflow_id: workflow_id.to_owned(),
        subject: subject.to_owned(),
        lang: "pl".to_owned(),
        ..IssueRequest::default()
    }
}

impl Fixture {
    pub(crate) async fn issue(
        &self,
        workflow_id: &str,
        api: ApiGeneration,
        subject: &str,
    ) -> Result<HistoryEntry, AppError> {
        self.desk.issue(&request(workflow_id, api, subject)).await
    }

    pub(crate) async fn newest(&self) -> HistoryEntry {
        let page = self
            .desk
            .page(HistoryFilter::default(), 0, 1)
            .await
            .unwrap();
        page.into_iter().next().unwrap()
    }
}
