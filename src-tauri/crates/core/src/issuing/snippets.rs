//! What a token is handed over as.

use serde::{Deserialize, Serialize};
use transactionlink::Host;
use ts_rs::TS;

use super::IssueRequest;
use crate::{error::AppError, workspace::AuthKind};

/// What to copy of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CopyKind {
    /// The token.
    Token,
    /// A page that runs the widget with it.
    Embed,
    /// The request behind it, the credential as a placeholder.
    Curl,
}

/// The address of the widget's script, as the vendor documents it.
#[must_use]
pub fn widget_script(widget_host: &Host) -> String {
    format!(
        "{}/transactionlink-widget.umd.js",
        widget_host.as_str().trim_end_matches('/')
    )
}

/// A complete page that runs the widget, after the vendor's embedded flow.
#[must_use]
pub fn embed(widget_host: &Host, token: &str) -> String {
    // Inside a script a `<` could end it.
    let token = serde_json::to_string(token)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let script = widget_script(widget_host);
    format!(
        r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>Onboarding</title>
  </head>
  <body>
    <transactionlink-widget></transactionlink-widget>
    <script>
      window.transactionlink_ready = () => {{
        transactionlink.setOptions({{ token: {token} }});
        transactionlink.open();
      }};
    </script>
    <script src="{script}"></script>
  </body>
</html>
"#
    )
}

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
    use crate::history::{ApiGeneration, Purpose};

    #[test]
    fn no_token_can_end_the_script_it_stands_in() {
        let host = Host::parse("https://widget.transactionlink.io").unwrap();
        let page = embed(&host, "</script><script>alert(1)//\"");
        assert_eq!(page.matches("</script>").count(), 2, "{page}");
    }

    #[test]
    fn a_quote_in_an_id_stays_inside_the_shell_word() {
        let host = Host::parse("https://api.transactionlink.io").unwrap();
        let request = IssueRequest {
            workspace_id: String::new(),
            api: ApiGeneration::V2,
            workflow_id: "it's".to_owned(),
            subject: String::new(),
            parameters_id: String::new(),
            lang: String::new(),
            label: String::new(),
            purpose: Purpose::HandOver,
        };
        let command = curl(&host, AuthKind::KeySecret, &request).unwrap();
        assert!(command.contains(r"it'\''s"), "{command}");
        assert!(
            command.contains("Accept: application/json;version=2"),
            "{command}"
        );
    }
}
