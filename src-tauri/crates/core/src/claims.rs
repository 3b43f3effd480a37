//! Reading what a token says about itself. Bounded, never trusted: no signature is checked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::clock::Millis;

/// The longest token that is read, in bytes; the documented sample has 659.
const LONGEST_TOKEN: usize = 64 * 1024;
const MOST_CLAIMS: usize = 64;
const LONGEST_VALUE: usize = 512;

/// One claim, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Its name, cut at 64 characters.
    pub name: String,
    /// Its value as text, cut at 512 characters.
    pub value: String,
    /// The instant it names, for `iat`, `exp` and `nbf`.
    #[ts(type = "number | null")]
    pub at: Option<Millis>,
}

/// What a token says about itself, unverified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// All claims, in the token's order as far as JSON keeps it.
    pub list: Vec<Claim>,
    /// Seconds since 1970 when it was made, on the server's clock.
    pub iat: Option<i64>,
    /// Seconds since 1970 when it ends, on the server's clock.
    pub exp: Option<i64>,
}

/// Reads the claims of a JWT; `None` for whatever is not one.
#[must_use]
pub fn read(token: &str) -> Option<Claims> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let Value::Object(claims) = serde_json::from_slice(&payload).ok()? else {
        return None;
    };
    let list = claims.iter().take(MOST_CLAIMS).map(claim).collect();
    Some(Claims {
        list,
        iat: claims.get("iat").and_then(seconds),
        exp: claims.get("exp").and_then(seconds),
    })
}

fn claim((name, value): (&String, &Value)) -> Claim {
    let at = matches!(name.as_str(), "iat" | "exp" | "nbf")
        .then(|| seconds(value).and_then(|s| s.checked_mul(1000)))
        .flatten();
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Claim {
        name: name.chars().take(64).collect(),
        value: text.chars().take(LONGEST_VALUE).collect(),
        at,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "checked to be in range first"
)]
fn seconds(value: &Value) -> Option<i64> {
    // Some libraries write instants with a fraction.
    value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        (float.abs() < 1e15).then_some(float as i64)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn the_documented_claims_are_read() {
        let claims = read(&token(
            r#"{"customerId":"11536e65","iat":1645029297,"exp":1645032897}"#,
        ))
        .unwrap();
        assert_eq!(claims.exp, Some(1_645_032_897));
        assert_eq!(claims.list.len(), 3);
        let exp = claims.list.iter().find(|c| c.name == "exp").unwrap();
        assert_eq!(exp.at, Some(1_645_032_897_000));
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        for bad in ["", "a.b", "a.b.c.d", "e30.!!.x", &token("[]"), &token("1")] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&"a".repeat(LONGEST_TOKEN + 1)), None);
    }

    #[test]
    fn instants_out_of_range_are_no_instants() {
        let claims = read(&token(r#"{"exp":1e300,"iat":9223372036854775807}"#)).unwrap();
        assert_eq!(claims.exp, None);
        assert!(claims.list.iter().all(|c| c.at.is_none()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in ".*") {
            let _ = read(&text);
            let _ = read(&token(&text));
        }

        #[test]
        fn what_is_shown_is_bounded(name in ".{0,200}", value in ".{0,2000}") {
            let payload = serde_json::json!({ name: value }).to_string();
            let claims = read(&token(&payload)).unwrap();
            prop_assert!(claims.list[0].value.chars().count() <= LONGEST_VALUE);
        }
    }
}
