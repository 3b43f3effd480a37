//! A page that runs the widget with a token.

use transactionlink::Host;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_can_end_the_script_it_stands_in() {
        let host = Host::parse("https://widget.transactionlink.io").unwrap();
        let page = embed(&host, "</script><script>alert(1)//\"");
        assert_eq!(page.matches("</script>").count(), 2, "{page}");
    }
}
