//! Answers about links.

use std::time::SystemTime;

use secrecy::SecretString;

use super::{Timings, object, web_address};
use crate::error::Error;

/// A link to the hosted page. It works once, and every new one ends the one before (documented;
/// that this is so per subject is inferred).
#[derive(Debug, Clone)]
pub struct Link {
    /// The web address (documented).
    pub link: SecretString,
    /// How long it took.
    pub timings: Timings,
    /// The HTTP status.
    pub http_status: u16,
    /// The server's time, from its `Date` header.
    pub server_time: Option<SystemTime>,
    /// When the answer was whole.
    pub received_at: SystemTime,
}

pub(crate) fn link(body: &[u8]) -> Result<SecretString, Error> {
    let (link, _) = web_address(&object(body)?, "link")?;
    Ok(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_web_address() {
        assert!(link(br#"{"link":"https://link.transactionlink.io/0df7e442"}"#).is_ok());
        for (body, detail) in [
            (r#"{}"#, "The answer has no `link`."),
            (
                r#"{"link":"file:///etc/passwd"}"#,
                "The answer's `link` is not an address.",
            ),
            (
                r#"{"link":"0df7e442"}"#,
                "The answer's `link` is not an address.",
            ),
        ] {
            assert_eq!(link(body.as_bytes()).unwrap_err().detail, detail);
        }
    }
}
