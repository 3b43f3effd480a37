//! The arguments about cases and records.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Case {
    /// Create one and print its id
    Create(NewCase),
    /// Show one
    Show {
        /// Its id
        id: String,
        /// The workspace's name
        #[arg(long)]
        workspace: String,
    },
}

#[derive(Args)]
pub(crate) struct NewCase {
    /// The workspace's name
    #[arg(long)]
    pub(crate) workspace: String,
    /// First name
    #[arg(long, default_value = "")]
    pub(crate) first_name: String,
    /// Last name
    #[arg(long, default_value = "")]
    pub(crate) last_name: String,
    /// Personal number
    #[arg(long, default_value = "")]
    pub(crate) personal_number: String,
    /// E-mail address
    #[arg(long, default_value = "")]
    pub(crate) email: String,
    /// Country code of the phone number
    #[arg(long, default_value = "")]
    pub(crate) phone_country_code: String,
    /// Phone number
    #[arg(long, default_value = "")]
    pub(crate) phone_number: String,
    /// Company name
    #[arg(long, default_value = "")]
    pub(crate) company_name: String,
    /// Company number
    #[arg(long, default_value = "")]
    pub(crate) company_number: String,
    /// Company address
    #[arg(long, default_value = "")]
    pub(crate) company_address: String,
    /// A file to upload as a document of it. Again for each
    #[arg(long, value_name = "FILE")]
    pub(crate) document: Vec<PathBuf>,
}

/// Which record.
#[derive(Args)]
pub(crate) struct At {
    /// The record's id
    pub(crate) id: String,
    /// The workspace's name
    #[arg(long)]
    pub(crate) workspace: String,
    /// The table's id
    #[arg(long)]
    pub(crate) table: String,
}

#[derive(Subcommand)]
pub(crate) enum Record {
    /// Create one and print its id
    Create {
        /// The workspace's name
        #[arg(long)]
        workspace: String,
        /// The table's id
        #[arg(long)]
        table: String,
        /// Its columns as a JSON object
        #[arg(long, default_value = "{}")]
        fields: String,
    },
    /// Show one
    Show(At),
    /// List its files
    Attachments(At),
    /// Send it a file
    Attach {
        #[command(flatten)]
        at: At,
        /// The file
        file: PathBuf,
        /// Marks the file. Again for each
        #[arg(long)]
        tag: Vec<String>,
    },
    /// Write one of its files
    Download {
        #[command(flatten)]
        at: At,
        /// The attachment's id
        attachment: String,
        /// Where to; its own name in this folder if not said
        #[arg(long)]
        out: Option<PathBuf>,
    },
}
