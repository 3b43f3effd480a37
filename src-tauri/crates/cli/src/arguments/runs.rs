//! The arguments about runs and links.

use std::path::PathBuf;

use clap::Args;

use super::{Api, Inputs};

#[derive(Args)]
pub(crate) struct Run {
    /// The workspace's name; `demo` needs no set-up
    #[arg(long)]
    pub(crate) workspace: String,
    /// The workflow definition id
    #[arg(long)]
    pub(crate) workflow: String,
    /// The record id
    #[arg(long)]
    pub(crate) record: Option<String>,
    /// The case id; only with --background
    #[arg(long, requires = "background", conflicts_with = "record")]
    pub(crate) case: Option<String>,
    /// Use the older `POST /workflows/run`, for a workflow that needs nobody
    #[arg(long)]
    pub(crate) background: bool,
    /// The widget's language
    #[arg(long)]
    pub(crate) locale: Option<String>,
    /// A parameter whose value is a text, also if it looks like a number. Again for each
    #[arg(short = 'p', long = "parameter", value_name = "KEY=TEXT")]
    pub(crate) parameter: Vec<String>,
    /// A parameter whose value is JSON, such as 5, true, null or ["a"]. Again for each
    #[arg(
        short = 'P',
        long = "parameter-json",
        alias = "param-json",
        value_name = "KEY=JSON"
    )]
    pub(crate) parameter_json: Vec<String>,
    /// All parameters as a JSON object; `-` reads standard input
    #[arg(long, value_name = "JSON", conflicts_with_all = ["parameter", "parameter_json"])]
    pub(crate) parameters: Option<String>,
    /// The parameters id; only with --background
    #[arg(long, requires = "background")]
    pub(crate) parameters_id: Option<String>,
    /// How long it may take, such as 45m, 4h or 7d; between 30 minutes and 30 days
    #[arg(long, value_name = "DURATION", value_parser = minutes)]
    pub(crate) ends_after: Option<u32>,
    /// Your own words for it
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Wait until it has ended; fails unless it is completed
    #[arg(long)]
    pub(crate) follow: bool,
    /// Print JSON, with the token and the link
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Status {
    /// The run's id
    pub(crate) run: String,
    /// The workspace's name
    #[arg(long)]
    pub(crate) workspace: String,
    /// Wait until it has ended, a line for each status; fails unless it is completed
    #[arg(long)]
    pub(crate) follow: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Result {
    /// The run's id
    pub(crate) run: String,
    /// The workspace's name
    #[arg(long)]
    pub(crate) workspace: String,
    /// Write it to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Link {
    /// The API generation
    #[arg(long, value_enum, default_value = "v2")]
    pub(crate) api: Api,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Have it sent to the customer too
    #[arg(long)]
    pub(crate) send: bool,
    /// Make it although that ends a link that is still good
    #[arg(long)]
    pub(crate) replace: bool,
    /// Show it as a QR code
    #[arg(long)]
    pub(crate) qr: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "qr")]
    pub(crate) json: bool,
}

/// Minutes of a duration such as 45m, 4h or 7d. Whether a run may take so long is checked later.
fn minutes(text: &str) -> std::result::Result<u32, String> {
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => 0,
    };
    number
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(minutes))
        .filter(|minutes| *minutes > 0)
        .ok_or_else(|| "a duration is a number and m, h or d, such as 4h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        assert_eq!(minutes("45m"), Ok(45));
        assert_eq!(minutes("4h"), Ok(240));
        assert_eq!(minutes("30d"), Ok(43_200));
        for wrong in [
            "", "4", "h", "4 h", "-4h", "0h", "4x", "9999999d", "4\u{e9}",
        ] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
    }
}
