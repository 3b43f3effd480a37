//! The request behind an entry, for a shell.

use transactionlink::Host;

use crate::{error::AppError, issuing::IssueRequest, workspace::AuthKind};

/// The request as a shell command, with `$TRANSACTIONLINK_TOKEN` in place of the credential.
///
/// # Errors
/// The entry's inputs are no valid request any more.
pub fn curl(
    api_host: &Host,
    auth_kind: AuthKind,
    request: &IssueRequest,
) -> Result<String, AppError> {
    let shown = request.preview()?;
    let token = match auth_kind {
        AuthKind::OrganizationToken => "$TRANSACTIONLINK_TOKEN",
        AuthKind::KeySecret => "Bearer $TRANSACTIONLINK_TOKEN",
    };
    let mut command = format!(
        "curl -X {} {}",
        shown.method,
        quoted(&format!(
            "{}{}",
            api_host.as_str().trim_end_matches('/'),
            shown.path
        ))
    );
    for (name, value) in &shown.headers {
        let header = if name.eq_ignore_ascii_case("authorization") {
            // Double quotes, for the shell puts the credential in.
            format!("\"{name}: {token}\"")
        } else {
            quoted(&format!("{name}: {value}"))
        };
        command.push_str(&format!(" \\\n  -H {header}"));
    }
    // `--data-raw` takes a text that begins with `@` as it is.
    command.push_str(&format!(" \\\n  --data-raw {}\n", quoted(&shown.body)));
    Ok(command)
}

/// A word of the shell: inside single quotes it takes everything but a single quote as it stands.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::ApiGeneration;

    #[test]
    fn a_quote_in_an_id_stays_inside_the_shell_word() {
        let host = Host::parse("https://api.transactionlink.io").unwrap();
        let request = IssueRequest {
            api: ApiGeneration::V2,
            workflow_id: "it's".to_owned(),
            ..IssueRequest::default()
        };
        let command = curl(&host, AuthKind::KeySecret, &request).unwrap();
        assert!(command.contains(r"it'\''s"), "{command}");
        assert!(
            command.contains("Accept: application/json;version=2"),
            "{command}"
        );
    }

    #[test]
    fn every_header_is_as_it_is_sent() {
        let host = Host::parse("https://api.transactionlink.io").unwrap();
        for api in [
            ApiGeneration::V1,
            ApiGeneration::V2,
            ApiGeneration::Workflows,
        ] {
            let request = IssueRequest {
                api,
                workflow_id: "w".to_owned(),
                subject: "11111111-2222-3333-4444-555555555555".to_owned(),
                parameters: "{}".to_owned(),
                ..IssueRequest::default()
            };
            let command = curl(&host, AuthKind::OrganizationToken, &request).unwrap();
            for (name, value) in request.preview().unwrap().headers {
                let value = match name.as_str() {
                    "Authorization" => "$TRANSACTIONLINK_TOKEN",
                    _ => value.as_str(),
                };
                assert!(command.contains(&format!("{name}: {value}")), "{command}");
            }
        }
    }
}
