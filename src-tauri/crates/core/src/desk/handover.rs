//! Handing over what an entry holds.

use secrecy::{ExposeSecret, SecretString};

use super::{Desk, DeskEvent, entries::parsed};
use crate::{
    clock::now,
    error::AppError,
    handover::{CopyKind, Qr, curl, embed, postman},
    history::write,
    issuing::IssueRequest,
};

/// Where a text for a customer has the link.
const LINK_PLACE: &str = "{link}";

impl Desk {
    /// The text to copy of an entry, and a note in its timeline where it lets somebody in.
    ///
    /// # Errors
    /// What is to be copied is not kept any more, or the workspace is gone.
    pub async fn copy_text(&self, id: &str, kind: CopyKind) -> Result<SecretString, AppError> {
        match kind {
            CopyKind::Token => {
                let token = self.token(id).await?;
                self.note_copied(id).await;
                Ok(token)
            }
            CopyKind::Link => {
                let link = self.link(id).await?;
                self.note_copied(id).await;
                Ok(link)
            }
            CopyKind::Embed => {
                let entry = self.entry(id).await?;
                let workspace = self.workspace(&entry.workspace_id).await?;
                let token = self.token(id).await?;
                let host = parsed(&workspace.widget_host)?;
                Ok(embed(&host, token.expose_secret()).into())
            }
            CopyKind::Curl => {
                let entry = self.entry(id).await?;
                let workspace = self.workspace(&entry.workspace_id).await?;
                let request = IssueRequest::again(&entry, entry.purpose);
                curl(&parsed(&workspace.api_host)?, workspace.auth_kind, &request)
                    .map(SecretString::from)
            }
        }
    }

    /// A text for a customer with the link in it, where the text says `{link}`.
    ///
    /// # Errors
    /// The link is not kept any more.
    pub async fn text_with_link(&self, id: &str, text: &str) -> Result<SecretString, AppError> {
        let link = self.link(id).await?;
        self.note_copied(id).await;
        Ok(text.replace(LINK_PLACE, link.expose_secret()).into())
    }

    /// The link as a QR code.
    ///
    /// # Errors
    /// The link is not kept any more, or too long for one.
    pub async fn qr(&self, id: &str) -> Result<Qr, AppError> {
        Qr::of(self.link(id).await?.expose_secret())
    }

    /// The requests behind an entry as a Postman collection.
    ///
    /// # Errors
    /// The workspace is gone.
    pub async fn postman(&self, id: &str) -> Result<String, AppError> {
        let entry = self.entry(id).await?;
        let workspace = self.workspace(&entry.workspace_id).await?;
        postman(&entry, &parsed(&workspace.api_host)?, workspace.auth_kind)
    }

    /// A line in the timeline. That it cannot be written weighs less than what is copied.
    async fn note_copied(&self, id: &str) {
        let id = id.to_owned();
        if let Ok(database) = self.database() {
            let noted = database.run(move |db| write::copied(db, &id, now()));
            let _ = noted.await;
            self.tell(DeskEvent::History);
        }
    }
}
