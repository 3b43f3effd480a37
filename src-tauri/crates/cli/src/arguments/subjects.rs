//! The arguments about cases and records.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Case {
    /// Create a case and print its id
    Create(Box<NewCase>),
    /// Show a case
    Show {
        /// Its id
        id: String,
        /// The workspace's name
        #[arg(long)]
        workspace: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct NewCase {
    /// The workspace's name
    #[arg(long)]
    pub(crate) workspace: String,
    /// All fields as a JSON object such as {"firstName":"Anna"}; `-` reads standard input, which
    /// no other program can look into
    #[arg(long)]
    pub(crate) fields: Option<String>,
    /// First name
    #[arg(long)]
    pub(crate) first_name: Option<String>,
    /// Last name
    #[arg(long)]
    pub(crate) last_name: Option<String>,
    /// Personal number
    #[arg(long)]
    pub(crate) personal_number: Option<String>,
    /// E-mail address
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Country code of the phone number
    #[arg(long)]
    pub(crate) phone_country_code: Option<String>,
    /// Phone number
    #[arg(long)]
    pub(crate) phone_number: Option<String>,
    /// Company name
    #[arg(long)]
    pub(crate) company_name: Option<String>,
    /// Company number
    #[arg(long)]
    pub(crate) company_number: Option<String>,
    /// Company address
    #[arg(long)]
    pub(crate) company_address: Option<String>,
    /// A file to upload as a document of it. Again for each
    #[arg(long, value_name = "FILE")]
    pub(crate) document: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
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
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum Record {
    /// Create a record and print its id
    Create {
        /// The workspace's name
        #[arg(long)]
        workspace: String,
        /// The table's id
        #[arg(long)]
        table: String,
        /// Its columns as a JSON object; `-` reads standard input
        #[arg(long, value_name = "JSON", default_value = "{}")]
        fields: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a record
    Show(At),
    /// List the files of a record
    Attachments(At),
    /// Send a file to a record
    Attach {
        #[command(flatten)]
        at: At,
        /// The file
        file: PathBuf,
        /// Marks the file. Again for each
        #[arg(long)]
        tag: Vec<String>,
    },
    /// Write a file of a record and print where
    Download {
        #[command(flatten)]
        at: At,
        /// The attachment's id
        attachment: String,
        /// Where to, over what is there; else into this folder by its own name, if that is free
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
