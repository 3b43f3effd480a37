//! Resources, and the attachments of records.

use reqwest::Method;
use tokio::io::AsyncWrite;

use super::{Call, Client, UNWATCHED, subjects::record_path};
use crate::{
    answer::{self, Attachment, Resource},
    error::Error,
    request::{ACCEPT_V1, Upload, segment},
    transport::{Bound, Payload},
};

impl Client {
    /// Hands a file in for a case's documents: `POST /resources` (documented; that the form's field
    /// is `file` is inferred from attachments).
    ///
    /// # Errors
    /// As [`Client::token_v1`]; also for a name or a media type that no form can carry.
    pub async fn create_resource(&self, file: Upload) -> Result<Resource, Error> {
        let call = upload("/resources".to_owned(), file, &[]);
        self.call(&call, UNWATCHED).await?.read(answer::resource)
    }

    /// Lists a record's attachments: `GET …/records/{recordId}/attachments` (documented).
    ///
    /// # Errors
    /// No such record, or no answer came. The older documentation answers a record without
    /// attachments with 404 as well.
    pub async fn attachments(&self, table: &str, record: &str) -> Result<Vec<Attachment>, Error> {
        let call = Call::get(attachments_path(table, record)?);
        self.call(&call, UNWATCHED).await?.read(answer::attachments)
    }

    /// Attaches a file to a record: `POST …/records/{recordId}/attachments` (documented).
    ///
    /// # Errors
    /// As [`Client::create_resource`]; a file that is too large for the API is 413.
    pub async fn attach(
        &self,
        table: &str,
        record: &str,
        file: Upload,
        tags: &[String],
    ) -> Result<Attachment, Error> {
        let call = upload(attachments_path(table, record)?, file, tags);
        self.call(&call, UNWATCHED).await?.read(answer::attachment)
    }

    /// Fetches an attachment into `to` and gives its size: `GET …/attachments/{attachmentId}`
    /// answers with a signed address (documented), which may be another host's. That one is given no
    /// credential, is https unless both it and the API are this computer's, and may not redirect.
    /// `progress` is told the bytes written, and of how many where that is known.
    ///
    /// # Errors
    /// There is no such attachment, it is larger than
    /// [`Limits::download_bytes`](crate::Limits::download_bytes) or not whole, or `to` does not take
    /// it. What has been written until then stays.
    pub async fn download_attachment(
        &self,
        table: &str,
        record: &str,
        attachment: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<u64, Error> {
        let path = attachments_path(table, record)?;
        let call = Call::get(format!("{path}/{}", segment(attachment)?));
        let called = self.call(&call, UNWATCHED).await?;
        let link = called.read(answer::download_link)?;
        let fetched = self.inner.transport.download(&link, to, progress).await;
        fetched.map_err(Error::reading)
    }
}

fn attachments_path(table: &str, record: &str) -> Result<String, Error> {
    Ok(format!("{}/attachments", record_path(table, record)?))
}

fn upload(path: String, file: Upload, tags: &[String]) -> Call {
    Call {
        method: Method::POST,
        path,
        accept: ACCEPT_V1,
        payload: Payload::File {
            file,
            tags: tags.to_vec(),
        },
        bound: Bound::Transfer,
    }
}
