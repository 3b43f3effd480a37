//! Creating and looking up subjects, and moving their files.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;
use tokio::io::AsyncWriteExt;
use transactionlink::{ErrorKind, Upload};
use uuid::Uuid;

use super::{Desk, DeskEvent};
use crate::{
    error::{About, AppError, Code, Field},
    files::{InputError, read_plain_file},
    json,
    subjects::{
        Attachment, CaseDraft, Document, FoundCase, FoundRecord, LARGEST_FILE, Transfer,
        UploadedDocuments, needed_id,
    },
};

impl Desk {
    /// Creates a case.
    ///
    /// # Errors
    /// What is wrong with the input, the credential, the network or the API.
    pub async fn create_case(
        &self,
        workspace_id: &str,
        draft: &CaseDraft,
    ) -> Result<FoundCase, AppError> {
        let case = draft.accept()?;
        let client = self.client(workspace_id).await?;
        let made = client.create_case(&case).await;
        made.map(FoundCase::from)
            .map_err(|error| AppError::api(&error))
    }

    /// Looks a case up.
    ///
    /// # Errors
    /// There is none, or no answer came.
    pub async fn look_up_case(&self, workspace_id: &str, id: &str) -> Result<FoundCase, AppError> {
        let id = needed_id(id, Field::Subject, "Enter a case id")?;
        let found = self.client(workspace_id).await?.case(&id).await;
        found
            .map(FoundCase::from)
            .map_err(|error| AppError::about(About::Case, &error))
    }

    /// Creates a record in a table; `fields` is a JSON object.
    ///
    /// # Errors
    /// What is wrong with the input, the credential, the network or the API.
    pub async fn create_record(
        &self,
        workspace_id: &str,
        table: &str,
        fields: &str,
    ) -> Result<FoundRecord, AppError> {
        let table = table_id(table)?;
        let fields = RawValue::from_string(json::object(fields, Field::Fields)?)
            .map_err(|error| AppError::invalid(Field::Fields, "Not JSON", format!("{error}.")))?;
        let client = self.client(workspace_id).await?;
        let made = client.create_record(&table, &fields).await;
        made.map(FoundRecord::from)
            .map_err(|error| AppError::about(About::Table, &error))
    }

    /// Looks a record up.
    ///
    /// # Errors
    /// There is none, or no answer came.
    pub async fn look_up_record(
        &self,
        workspace_id: &str,
        table: &str,
        id: &str,
    ) -> Result<FoundRecord, AppError> {
        let (table, id) = (table_id(table)?, record_id(id)?);
        let found = self.client(workspace_id).await?.record(&table, &id).await;
        found
            .map(FoundRecord::from)
            .map_err(|error| AppError::about(About::Record, &error))
    }

    /// The files at a record. The API answers 404 both for a record without files and for one that
    /// is not there (documented); only looking the record up tells these apart.
    ///
    /// # Errors
    /// There is no such record, or no answer came.
    pub async fn attachments(
        &self,
        workspace_id: &str,
        table: &str,
        record: &str,
    ) -> Result<Vec<Attachment>, AppError> {
        let (table, record) = (table_id(table)?, record_id(record)?);
        let client = self.client(workspace_id).await?;
        let found = match client.attachments(&table, &record).await {
            Err(error) if error.kind == ErrorKind::NotFound => {
                client.record(&table, &record).await.map(|_| Vec::new())
            }
            found => found,
        };
        found
            .map(|list| list.into_iter().map(Attachment::from).collect())
            .map_err(|error| AppError::about(About::Record, &error))
    }

    /// Sends a file to a record.
    ///
    /// # Errors
    /// The file cannot be read, the person cancelled, or the API refused it.
    pub async fn attach(
        &self,
        workspace_id: &str,
        table: &str,
        record: &str,
        file: &Path,
        tags: &[String],
    ) -> Result<Attachment, AppError> {
        let (table, record) = (table_id(table)?, record_id(record)?);
        self.transfer(async {
            let upload = self.upload(file).await?;
            let client = self.client(workspace_id).await?;
            let sent = client.attach(&table, &record, upload, tags).await;
            sent.map(Attachment::from)
                .map_err(|error| AppError::about(About::Upload, &error))
        })
        .await
    }

    /// Uploads files that are to be parts of a case, one after the other. What was uploaded before
    /// one failed is kept.
    pub async fn upload_documents(
        &self,
        workspace_id: &str,
        files: &[PathBuf],
    ) -> UploadedDocuments {
        let mut documents = Vec::new();
        let all = async {
            for file in files {
                documents.push(self.upload_document(workspace_id, file).await?);
            }
            Ok(())
        };
        let error = self.transfer(all).await.err();
        UploadedDocuments { documents, error }
    }

    async fn upload_document(&self, workspace_id: &str, file: &Path) -> Result<Document, AppError> {
        let upload = self.upload(file).await?;
        let bytes = upload.bytes.len();
        let client = self.client(workspace_id).await?;
        let made = client.create_resource(upload).await;
        let resource = made.map_err(|error| AppError::about(About::Upload, &error))?;
        Ok(Document {
            resource_id: resource.id,
            name: resource.name,
            path: resource.path,
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        })
    }

    /// Reads a file that is to be sent, and says that it is on its way.
    async fn upload(&self, file: &Path) -> Result<Upload, AppError> {
        let upload = read(file).await?;
        self.tell(DeskEvent::Transfer(Transfer {
            name: upload.name.clone(),
            done: 0,
            total: u64::try_from(upload.bytes.len()).ok(),
        }));
        Ok(upload)
    }

    /// Writes a record's file to `to`. A file that did not come whole is not left there.
    ///
    /// # Errors
    /// It cannot be written, the person cancelled, or the API did not give it.
    pub async fn save_attachment(
        &self,
        workspace_id: &str,
        table: &str,
        record: &str,
        attachment: &Attachment,
        to: &Path,
    ) -> Result<u64, AppError> {
        let (table, record) = (table_id(table)?, record_id(record)?);
        // A name of its own, so that nothing that is there is written over.
        let part = to.with_file_name(format!(".{}.part", Uuid::new_v4()));
        let written = self
            .transfer(async {
                let client = self.client(workspace_id).await?;
                let mut file = tokio::fs::File::create_new(&part)
                    .await
                    .map_err(|error| no_file(to, &error))?;
                let tell = |done, total: Option<u64>| {
                    self.tell(DeskEvent::Transfer(Transfer {
                        name: attachment.name.clone(),
                        done,
                        total: total.or(attachment.size),
                    }));
                };
                tell(0, None);
                let bytes = client
                    .download_attachment(&table, &record, &attachment.id, &mut file, &tell)
                    .await
                    .map_err(|error| AppError::about(About::Download, &error))?;
                let whole = async {
                    file.flush().await?;
                    file.sync_all().await?;
                    drop(file);
                    tokio::fs::rename(&part, to).await
                };
                whole.await.map_err(|error| no_file(to, &error))?;
                Ok(bytes)
            })
            .await;
        if written.is_err() {
            // What is left of it is of no use; that it cannot be removed changes nothing.
            let _ = tokio::fs::remove_file(&part).await;
        }
        written
    }

    /// Stops the files under way.
    pub fn cancel_transfer(&self) {
        std::mem::take(&mut self.state().transfers).cancel();
    }

    /// Moves files until that is done, or the person stops it.
    async fn transfer<T>(
        &self,
        work: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        let cancel = self.state().transfers.child_token();
        tokio::select! {
            done = work => done,
            () = cancel.cancelled() => Err(AppError::new(
                Code::Cancelled,
                "Cancelled",
                "You stopped the file.",
                "",
            )),
        }
    }
}

fn table_id(text: &str) -> Result<String, AppError> {
    needed_id(text, Field::Table, "Enter a table id")
}

fn record_id(text: &str) -> Result<String, AppError> {
    needed_id(text, Field::Subject, "Enter a record id")
}

async fn read(file: &Path) -> Result<Upload, AppError> {
    let path = file.to_owned();
    let read = tokio::task::spawn_blocking(move || read_plain_file(&path, LARGEST_FILE)).await;
    let read = read.unwrap_or_else(|lost| Err(std::io::Error::other(lost).into()));
    let bytes = read.map_err(|error| match error {
        InputError::TooLarge(_) => AppError::invalid(
            Field::File,
            "File too large",
            format!("A file has up to {} MiB.", LARGEST_FILE / 1024 / 1024),
        ),
        error => no_file(file, &error),
    })?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(Upload {
        name: name.into_owned(),
        content_type: Some(
            mime_guess::from_path(file)
                .first_or_octet_stream()
                .to_string(),
        ),
        bytes,
    })
}

fn no_file(file: &Path, error: &impl std::fmt::Display) -> AppError {
    AppError {
        field: Some(Field::File),
        ..AppError::new(
            Code::Storage,
            "The file could not be used",
            format!("{}: {error}.", file.display()),
            "Choose another one.",
        )
    }
}
