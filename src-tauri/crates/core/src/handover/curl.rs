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
    let accept = shown
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("accept"))
        .map_or("application/json", |(_, value)| value.as_str());
    let authorization = match auth_kind {
        AuthKind::OrganizationToken => "$TRANSACTIONLINK_TOKEN",
        AuthKind::KeySecret => "Bearer $TRANSACTIONLINK_TOKEN",
    };
    // Inside single quotes a shell takes everything but a single quote as it stands.
    let body = shown.body.replace('\'', r"'\''");
    Ok(format!(
        "curl -X {} '{}{}' \\\n  -H \"Authorization: {authorization}\" \\\n  -H 'Accept: {accept}' \\\n  \
         -H 'Content-Type: application/json' \\\n  -d '{body}'\n",
        shown.method,
        api_host.as_str().trim_end_matches('/'),
        shown.path
    ))
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
}
