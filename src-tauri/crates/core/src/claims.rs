//! Reading what a token says about itself. Bounded, never trusted: no signature is checked.

use std::collections::HashSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ts_rs::TS;

use crate::{
    clock::Millis,
    json::{NodeKind, fields, kind},
};

/// The longest token that is read, in bytes; the documented sample has 659.
const LONGEST_TOKEN: usize = 64 * 1024;
const MOST_CLAIMS: usize = 64;
/// In characters. Names that are addresses differ at their end.
const LONGEST_NAME: usize = 200;
const LONGEST_VALUE: usize = 2048;
/// Of all values together, in characters: a page of the history holds a hundred tokens' claims.
const LONGEST_IN_ALL: usize = 16 * 1024;

/// One claim, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Its name, cut at 200 characters; one that is taken gets a number.
    pub name: String,
    /// Its value: a text as it reads, all else as the JSON it was; cut at 2,048 characters.
    pub value: String,
    /// The type of its value; a text where only the start of it is kept.
    #[serde(default = "text")]
    pub kind: NodeKind,
    /// The instant it names, for `iat`, `exp` and `nbf`.
    #[ts(type = "number | null")]
    pub at: Option<Millis>,
    /// How that instant is written.
    #[serde(default)]
    pub unit: Option<InstantUnit>,
}

fn text() -> NodeKind {
    NodeKind::String
}

/// How a claim writes an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum InstantUnit {
    /// In seconds since 1970, as RFC 7519 has it.
    Seconds,
    /// In milliseconds: as seconds it would be thousands of years away.
    Milliseconds,
    /// As a number that is an instant of our time in neither.
    Unclear,
}

/// What a token says about itself, unverified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Its claims in the token's order, up to 64.
    pub list: Vec<Claim>,
    /// When it ends, on the server's clock.
    pub exp: Option<Millis>,
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
    let claims = fields(std::str::from_utf8(&payload).ok()?)?;
    // Whoever reads the token takes the last of several of one name.
    let exp = claims.iter().rfind(|(name, _)| name == "exp");
    let exp = exp.and_then(|(_, value)| instant(value)?.0);
    let (mut names, mut room) = (HashSet::new(), LONGEST_IN_ALL);
    let claims = claims.into_iter().take(MOST_CLAIMS);
    let list = claims.map(|(name, value)| {
        let claim = claim(&name, value, &mut names, room);
        room -= claim.value.chars().count();
        claim
    });
    Some(Claims {
        list: list.collect(),
        exp,
    })
}

fn claim(name: &str, value: &RawValue, names: &mut HashSet<String>, room: usize) -> Claim {
    let named = match name {
        "iat" | "exp" | "nbf" => instant(value),
        _ => None,
    };
    let (kind, whole) = match kind(value) {
        NodeKind::String => {
            let text = serde_json::from_str(value.get()).unwrap_or_default();
            (NodeKind::String, text)
        }
        kind => (kind, value.get().to_owned()),
    };
    let start: String = whole.chars().take(LONGEST_VALUE.min(room)).collect();
    Claim {
        name: free_name(name, names),
        kind: if start.len() == whole.len() {
            kind
        } else {
            NodeKind::String
        },
        value: start,
        at: named.and_then(|(at, _)| at),
        unit: named.map(|(_, unit)| unit),
    }
}

/// The name, as far as it is kept; with a number where another claim has it already.
fn free_name(name: &str, names: &mut HashSet<String>) -> String {
    let start: String = name.chars().take(LONGEST_NAME).collect();
    let mut free = start.clone();
    let mut number = 2;
    while !names.insert(free.clone()) {
        free = format!("{start} ({number})");
        number += 1;
    }
    free
}

/// The instant that a number names, also where it is written as a text; `None` for what is no
/// number.
#[allow(
    clippy::cast_possible_truncation,
    reason = "checked to be in range first"
)]
fn instant(value: &RawValue) -> Option<(Option<Millis>, InstantUnit)> {
    // As seconds, 1e11 is the year 5138; as milliseconds it is 1973, and 1e13 the year 2286.
    const LARGEST_SECONDS: f64 = 1e11;
    const LARGEST_MILLISECONDS: f64 = 1e13;
    let number = match kind(value) {
        NodeKind::Number => serde_json::from_str(value.get()).unwrap_or(f64::INFINITY),
        NodeKind::String => {
            let text: String = serde_json::from_str(value.get()).ok()?;
            serde_json::from_str(text.trim()).ok()?
        }
        _ => return None,
    };
    Some(if number.abs() < LARGEST_SECONDS {
        // Some libraries write instants with a fraction.
        (Some((number * 1000.0) as Millis), InstantUnit::Seconds)
    } else if (LARGEST_SECONDS..LARGEST_MILLISECONDS).contains(&number) {
        (Some(number as Millis), InstantUnit::Milliseconds)
    } else {
        (None, InstantUnit::Unclear)
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
        assert_eq!(claims.exp, Some(1_645_032_897_000));
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

    #[test]
    fn instants_are_read_in_seconds_in_milliseconds_and_as_text() {
        use InstantUnit::{Milliseconds, Seconds, Unclear};
        let second = 1_764_230_000_000;
        for (exp, at, unit) in [
            ("1764230000", Some(second), Some(Seconds)),
            ("1764230000.5", Some(second + 500), Some(Seconds)),
            ("1.76423e9", Some(second), Some(Seconds)),
            ("\" 1764230000 \"", Some(second), Some(Seconds)),
            ("-1", Some(-1000), Some(Seconds)),
            ("1764230000123", Some(second + 123), Some(Milliseconds)),
            ("1764230000123.0", Some(second + 123), Some(Milliseconds)),
            ("\"1764230000123\"", Some(second + 123), Some(Milliseconds)),
            ("253402300799999", None, Some(Unclear)),
            ("1764230000000000", None, Some(Unclear)),
            ("9007199254740991", None, Some(Unclear)),
            ("-1764230000123", None, Some(Unclear)),
            ("1e400", None, Some(Unclear)),
            ("\"soon\"", None, None),
            ("\"inf\"", None, None),
            ("[1764230000]", None, None),
            ("null", None, None),
        ] {
            let claims = read(&token(&format!(r#"{{"exp":{exp}}}"#))).unwrap();
            let claim = &claims.list[0];
            assert_eq!((claim.at, claim.unit), (at, unit), "{exp}");
            assert_eq!(claims.exp, at, "{exp}");
            let raw = exp.trim_matches('"');
            assert_eq!(claim.value, raw, "the value stays as it is written");
        }
    }

    #[test]
    fn no_claim_is_lost_by_an_equal_name() {
        let adfs = "http://schemas.microsoft.com/ws/2008/06/identity/claims/";
        let long = "n".repeat(LONGEST_NAME);
        let payload = format!(
            r#"{{"{adfs}authenticationmethod":1,"{adfs}authenticationinstant":2,
                "a":3,"a":4,"a (2)":5,"{long}x":6,"{long}y":7,"{long}":8}}"#
        );
        let claims = read(&token(&payload)).unwrap().list;
        let names: HashSet<&str> = claims.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        assert!(names.contains(format!("{adfs}authenticationinstant").as_str()));
        let values: Vec<_> = claims.iter().map(|c| c.value.as_str()).collect();
        assert_eq!(values, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    }

    #[test]
    fn values_keep_their_type_and_stay_as_they_are_written() {
        let payload = r#"{"z":12345678901234567890.10,"b":true,"n":null,"t":"1","o":{"a": 1e2}}"#;
        let claims = read(&token(payload)).unwrap().list;
        let read: Vec<_> = claims.iter().map(|c| (c.kind, c.value.as_str())).collect();
        let written = [
            (NodeKind::Number, "12345678901234567890.10"),
            (NodeKind::Boolean, "true"),
            (NodeKind::Null, "null"),
            (NodeKind::String, "1"),
            (NodeKind::Object, r#"{"a": 1e2}"#),
        ];
        assert_eq!(read, written);
    }

    #[test]
    fn claims_are_bounded_one_by_one_and_together() {
        let value = "\u{142}".repeat(LONGEST_VALUE + 1);
        let payload: Vec<_> = (0..10).map(|n| format!(r#""{n}":["{value}"]"#)).collect();
        let claims = read(&token(&format!("{{{}}}", payload.join(",")))).unwrap();
        assert_eq!(claims.list.len(), 10);
        let first = &claims.list[0];
        assert_eq!(first.value.chars().count(), LONGEST_VALUE);
        assert_eq!(
            first.kind,
            NodeKind::String,
            "what is cut is no list any more"
        );
        let all: usize = claims.list.iter().map(|c| c.value.chars().count()).sum();
        assert_eq!(all, LONGEST_IN_ALL);
    }

    #[test]
    fn what_was_kept_before_types_were_is_read_as_text() {
        let kept: Claim = serde_json::from_str(r#"{"name":"a","value":"1","at":null}"#).unwrap();
        assert_eq!((kept.kind, kept.unit), (NodeKind::String, None));
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
