//! The arguments.

mod runs;
mod subjects;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use runs::{Link, Result, Run, Status as RunStatus};
pub(crate) use subjects::{At as RecordAt, Case, NewCase, Record};

#[derive(Parser)]
#[command(
    name = "tokendesk",
    version,
    about = "Issues TransactionLink widget tokens and remembers them",
    after_help = "What was asked for goes to standard output, all else to standard error.\n\
        Exit codes: 0 done, 2 usage, 3 credential refused, 4 the API refused the request, a run \
        did not complete or a webhook is not valid, 5 network, 6 keychain, 7 files and storage."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Issue a token
    Issue(Issue),
    /// Start a workflow run
    Run(Run),
    /// Say how a workflow run is doing
    Status(RunStatus),
    /// Print what a completed workflow run came to
    Result(Result),
    /// Make a hosted link, which ends the one before it
    Link(Link),
    /// Create a case or look one up
    #[command(subcommand)]
    Case(Case),
    /// Create a record, look one up, move its files
    #[command(subcommand)]
    Record(Record),
    /// Check webhooks
    #[command(subcommand)]
    Webhook(Webhook),
    /// List what was issued
    History(History),
    /// Add, list, test or forget workspaces
    #[command(subcommand)]
    Workspace(Workspace),
    /// Run a TransactionLink stand-in on this computer
    Simulate(Simulate),
    /// Fill the history with made-up entries
    #[command(hide = true)]
    SeedHistory {
        /// How many
        #[arg(long)]
        count: u32,
        /// How many of them are live
        #[arg(long, default_value_t = 0)]
        live: u32,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Api {
    V1,
    V2,
}

#[derive(Args)]
pub(crate) struct Issue {
    /// The API generation
    #[arg(long, value_enum)]
    pub(crate) api: Api,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a token and a link are asked for with.
#[derive(Args)]
pub(crate) struct Inputs {
    /// The workspace's name; `demo` needs no set-up
    #[arg(long)]
    pub(crate) workspace: String,
    /// The workflow definition id
    #[arg(long)]
    pub(crate) workflow: String,
    /// The case id (v1)
    #[arg(long)]
    pub(crate) case: Option<String>,
    /// The record id (v2)
    #[arg(long)]
    pub(crate) record: Option<String>,
    /// The parameters id
    #[arg(long)]
    pub(crate) parameters_id: Option<String>,
    /// The widget's language
    #[arg(long)]
    pub(crate) lang: Option<String>,
    /// Your own words for it
    #[arg(long)]
    pub(crate) label: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Webhook {
    /// Check that TransactionLink signed a webhook, and exactly this body
    Verify {
        /// The workspace's name
        #[arg(long)]
        workspace: String,
        /// The raw body, byte for byte; `-` reads standard input, as from a pipe
        #[arg(long, value_name = "FILE")]
        body: PathBuf,
        /// The header `JWS-SIGNATURE`
        #[arg(long)]
        signature: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Status {
    Live,
    Used,
    Expired,
    Failed,
    Unknown,
    Running,
    Open,
    Completed,
}

#[derive(Args)]
pub(crate) struct History {
    /// Only this status
    #[arg(long, value_enum)]
    pub(crate) status: Option<Status>,
    /// Only what has this text in it
    #[arg(long, default_value = "")]
    pub(crate) search: String,
    /// Keep a history whose key is missing aside, and begin a new one
    #[arg(long, conflicts_with_all = ["status", "search", "limit", "json"])]
    pub(crate) begin_new: bool,
    /// At most this many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Auth {
    /// An organization token
    OrganizationToken,
    /// API key and secret
    KeySecret,
}

#[derive(Subcommand)]
pub(crate) enum Workspace {
    /// Add one; its credential is asked for, or read line by line from standard input
    Add {
        /// Its name
        name: String,
        /// How it authenticates
        #[arg(long, value_enum, default_value = "organization-token")]
        auth: Auth,
        /// Where the API answers
        #[arg(long, default_value = "https://api.transactionlink.io")]
        api_host: String,
        /// Where the widget comes from
        #[arg(long, default_value = "https://widget.transactionlink.io")]
        widget_host: String,
    },
    /// List them
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Test the connection of one
    Test {
        /// Its name
        name: String,
    },
    /// Forget one and its credential
    Forget {
        /// Its name
        name: String,
    },
}

#[derive(Args)]
pub(crate) struct Simulate {
    /// Where to listen; this computer only
    #[arg(long, default_value = "127.0.0.1:8130")]
    pub(crate) listen: SocketAddr,
    /// List the scenarios and stop
    #[arg(long)]
    pub(crate) scenarios: bool,
    /// Print the OpenAPI description and stop
    #[arg(long)]
    pub(crate) openapi: bool,
    /// The API key it takes; it opens nothing but the stand-in
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// The secret it takes; it opens nothing but the stand-in
    #[arg(long)]
    pub(crate) secret: Option<String>,
    /// Access tokens live this many seconds
    #[arg(long, default_value_t = 3600)]
    pub(crate) access_token_seconds: u32,
    /// A workflow definition id that it knows besides its scenarios
    #[arg(long)]
    pub(crate) workflow: Option<String>,
    /// Where it sends its webhooks to, such as the address that TokenDesk shows under Webhooks
    #[arg(long)]
    pub(crate) webhook: Option<String>,
    /// Take requests that the specification forbids and the vendor's own examples send
    #[arg(long)]
    pub(crate) lenient: bool,
}
