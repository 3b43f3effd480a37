//! Where the API answers.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use url::Url;

/// An origin to send credentials to: https, or plain http to this computer itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host(String);

/// Why a text is no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// It is no address at all.
    #[error("this is not an address such as api.transactionlink.io")]
    NotAnAddress,
    /// Plain http, and not to this computer.
    #[error("only https is used, except to this computer itself")]
    NotSecure,
    /// It has a user, a path, a query or a fragment.
    #[error("a host has no user, path, query or fragment")]
    MoreThanAHost,
}

impl Host {
    /// Reads a host; without a scheme it is https, or plain http if it is this computer itself.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let text = text.trim();
        if text.is_empty() || text.chars().any(char::is_whitespace) {
            return Err(HostError::NotAnAddress);
        }
        let url = if text.contains("://") {
            parsed(text)?
        } else if text.parse::<Ipv6Addr>().is_ok() {
            return Self::parse(&format!("[{text}]"));
        } else {
            let secure = parsed(&format!("https://{text}"))?;
            match secure.host() {
                Some(host) if is_this_computer(&host) => parsed(&format!("http://{text}"))?,
                _ => secure,
            }
        };
        let name = url.host().ok_or(HostError::NotAnAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if is_this_computer(&name) => {}
            "http" => return Err(HostError::NotSecure),
            _ => return Err(HostError::NotAnAddress),
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(HostError::MoreThanAHost);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a path that starts with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether it is this computer itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| url.host().is_some_and(|h| is_this_computer(&h)))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn parsed(text: &str) -> Result<Url, HostError> {
    Url::parse(text).map_err(|_| HostError::NotAnAddress)
}

fn is_this_computer(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name.eq_ignore_ascii_case("localhost")
        }
        url::Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        url::Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_https() {
        let host = Host::parse(" api.transactionlink.io ").unwrap();
        assert_eq!(host.as_str(), "https://api.transactionlink.io");
        assert_eq!(host.join("/token"), "https://api.transactionlink.io/token");
    }

    #[test]
    fn plain_http_stays_on_this_computer() {
        for ours in [
            "http://127.0.0.1:8130",
            "http://localhost:1",
            "http://[::1]:2",
        ] {
            assert!(Host::parse(ours).unwrap().is_loopback(), "{ours}");
        }
        for theirs in ["http://api.transactionlink.io", "http://127.0.0.1.nip.io"] {
            assert_eq!(Host::parse(theirs), Err(HostError::NotSecure), "{theirs}");
        }
    }

    #[test]
    fn a_host_is_read_as_in_the_ui() {
        let cases = include_str!("../../../../tests/fixtures/hosts.json");
        let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let given = case["given"].as_str().unwrap();
            let host = Host::parse(given).ok();
            let origin = host.as_ref().map(Host::as_str);
            assert_eq!(origin, case["origin"].as_str(), "{given}");
        }
    }

    #[test]
    fn more_than_a_host_is_refused() {
        for more in [
            "https://a@b.io",
            "https://b.io/x",
            "https://b.io?x",
            "https://b.io#x",
        ] {
            assert_eq!(Host::parse(more), Err(HostError::MoreThanAHost), "{more}");
        }
        for none in ["", "a b", "ftp://b.io", "https://"] {
            assert_eq!(Host::parse(none), Err(HostError::NotAnAddress), "{none}");
        }
    }
}
