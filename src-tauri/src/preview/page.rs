//! The host page, and the policies of both pages.

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::source::{PreviewContext, PreviewToken};

const HOST_JS: &str = include_str!("page/host.js");
const HOST_HTML: &str = include_str!("page/host.html");
const LOAD_TIMEOUT_MS: u32 = 15_000;
const VENDOR_HOSTS: &str = "https://*.transactionlink.io";

/// How the widget is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Over the page.
    #[default]
    Modal,
    /// In the page.
    Inline,
    /// The vendor's own page in a frame.
    Hosted,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    token: Option<&'a str>,
    hosted_url: Option<String>,
    script_url: &'a str,
    frame_origin: &'a str,
    mode: Mode,
    lang: Option<&'a str>,
    load_timeout_ms: u32,
}

/// The host page for this token.
pub fn host_page(
    context: &PreviewContext,
    token: &PreviewToken,
    frame_origin: &str,
    nonce: &str,
    mode: Mode,
    lang: Option<&str>,
) -> String {
    let hosted = mode == Mode::Hosted;
    let secret = token.token.expose_secret();
    let config = Config {
        token: (!hosted).then_some(secret),
        hosted_url: if hosted {
            hosted_url(context, token)
        } else {
            None
        },
        script_url: &context.widget_script_url,
        frame_origin,
        mode,
        lang,
        load_timeout_ms: LOAD_TIMEOUT_MS,
    };
    HOST_HTML
        .replace("{{lang}}", lang.unwrap_or("en"))
        .replace("{{nonce}}", nonce)
        .replace("{{script}}", HOST_JS)
        .replace("{{config}}", &json_block(&config))
}

/// The hosted page's address with the token, in the vendor's own format.
pub fn hosted_url(context: &PreviewContext, token: &PreviewToken) -> Option<String> {
    let mut url: url::Url = context.hosted_url.as_deref()?.parse().ok()?;
    url.query_pairs_mut()
        .append_pair("token", token.token.expose_secret());
    Some(url.into())
}

/// JSON that cannot end the script block it stands in.
fn json_block(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The policy of the host page.
pub fn host_policy(context: &PreviewContext, frame_origin: &str, nonce: &str) -> String {
    let widget = origin(&context.widget_origin);
    let api = origin(&context.api_origin);
    let vendor = if context.demo { "" } else { VENDOR_HOSTS };
    let hosted = context
        .hosted_url
        .as_deref()
        .map(origin)
        .unwrap_or_default();
    let allowed = context
        .allowed_hosts
        .iter()
        .filter(|host| is_host(host))
        .map(|host| format!("https://{host} wss://{host}"))
        .collect::<Vec<_>>()
        .join(" ");
    [
        "default-src 'none'".to_owned(),
        format!("script-src 'nonce-{nonce}' {widget}"),
        format!("connect-src {widget} {api} {vendor} {allowed}"),
        format!("frame-src https: {widget} {hosted}"),
        format!("style-src 'unsafe-inline' {widget} {allowed}"),
        format!("img-src https: data: blob: {widget}"),
        format!("font-src data: {widget} {allowed}"),
        format!("media-src https: data: blob: {widget}"),
        format!("worker-src blob: {widget}"),
        format!("frame-ancestors {frame_origin}"),
        "form-action https:".to_owned(),
        "base-uri 'none'".to_owned(),
        "object-src 'none'".to_owned(),
    ]
    .map(|rule| rule.split_whitespace().collect::<Vec<_>>().join(" "))
    .join("; ")
}

/// The policy of the frame.
pub fn frame_policy(host_origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
         img-src 'self' data:; font-src 'self'; frame-src {host_origin}; frame-ancestors 'none'; \
         form-action 'none'; base-uri 'none'; object-src 'none'"
    )
}

/// Whether a text is a host name with an optional port, and nothing that means more in a policy.
pub fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "443"));
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    text.len() <= 253
        && name.contains('.')
        && name.split('.').all(label)
        && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether a text looks like a language tag.
pub fn is_lang(text: &str) -> bool {
    (2..=12).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The origin of an address, or nothing where it has none: it goes into a policy as it is.
fn origin(url: &str) -> String {
    url.parse::<url::Url>()
        .ok()
        .map(|url| url.origin())
        .filter(url::Origin::is_tuple)
        .map(|origin| origin.ascii_serialization())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_cannot_widen_the_policy() {
        for good in ["id.example.org", "a.b:8443"] {
            assert!(is_host(good), "{good}");
        }
        for bad in [
            "*",
            "*.org",
            "a.b;script-src *",
            "a.b 'self'",
            "localhost",
            "a..b",
            "a.b:0",
            "a.b/c",
            "",
        ] {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[test]
    fn json_cannot_leave_its_block() {
        let text = json_block(&"</script><!--\u{2028}&");
        assert!(!text.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(
            serde_json::from_str::<String>(&text).unwrap(),
            "</script><!--\u{2028}&"
        );
    }
}
