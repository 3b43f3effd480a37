//! Webhook signatures made by another library, and every bit of one changed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail as the test does"
)]

use std::{collections::HashMap, sync::LazyLock};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use proptest::prelude::*;
use serde::Deserialize;
use transactionlink::{SignatureError, WebhookKey, WebhookKeyError, WebhookSignature};

#[derive(Deserialize)]
struct Vectors {
    kid: String,
    foreign_kid: String,
    key: HashMap<String, String>,
    other_key: String,
    short_key: String,
    accepted: Vec<Accepted>,
    by_rule: String,
    body: String,
    rejected: Vec<Rejected>,
}

#[derive(Deserialize)]
struct Accepted {
    name: String,
    body: String,
    signature: String,
}

#[derive(Deserialize)]
struct Rejected {
    name: String,
    signature: String,
    why: String,
}

static VECTORS: LazyLock<Vectors> =
    LazyLock::new(|| serde_json::from_str(include_str!("vectors.json")).unwrap());

fn key() -> WebhookKey {
    WebhookKey::parse(&VECTORS.key["pem"]).unwrap()
}

fn verify(signature: &str, body: &[u8], key: &WebhookKey) -> Result<(), SignatureError> {
    WebhookSignature::parse(signature)?.verify(body, key)
}

fn accepted(name: &str) -> (&'static str, Vec<u8>) {
    let all = &VECTORS.accepted;
    let found = all.iter().find(|vector| vector.name == name).unwrap();
    (&found.signature, STANDARD.decode(&found.body).unwrap())
}

#[test]
fn what_another_library_signs_is_accepted() {
    assert_eq!(VECTORS.accepted.len(), 7);
    for vector in &VECTORS.accepted {
        let (signature, body) = accepted(&vector.name);
        assert_eq!(verify(signature, &body, &key()), Ok(()), "{}", vector.name);
        let parsed = WebhookSignature::parse(signature).unwrap();
        assert_eq!(parsed.kid().unwrap().to_string(), VECTORS.kid);
        assert_eq!(parsed.header()["alg"], "RS256");
        assert_eq!(parsed.check(), Ok(()));
    }
    let body: Vec<u8> = (0..100 * 1024_u32)
        .map(|n| ((31 * n + (n >> 8)) & 0xff) as u8)
        .collect();
    assert_eq!(verify(&VECTORS.by_rule, &body, &key()), Ok(()));
}

#[test]
fn a_signature_of_one_body_is_none_of_another() {
    for one in &VECTORS.accepted {
        for other in &VECTORS.accepted {
            let (signature, body) = (&one.signature, accepted(&other.name).1);
            let expected = if one.name == other.name {
                Ok(())
            } else {
                Err(SignatureError::Mismatch)
            };
            assert_eq!(verify(signature, &body, &key()), expected);
        }
    }
}

#[test]
fn the_key_is_read_in_four_forms_and_has_one_fingerprint() {
    let (signature, body) = accepted("json");
    for form in ["pem", "base64", "pkcs1_pem", "pkcs1_base64"] {
        let text = &VECTORS.key[form];
        for text in [
            text.clone(),
            format!("  {text}\r\n"),
            text.replace('\n', "\r\n"),
        ] {
            let key = WebhookKey::parse(&text).unwrap();
            assert_eq!(key.fingerprint(), VECTORS.key["fingerprint"], "{form}");
            assert_eq!(verify(signature, &body, &key), Ok(()), "{form}");
        }
    }
    let wrapped = VECTORS.key["base64"].as_bytes().chunks(64);
    let wrapped: Vec<_> = wrapped.map(String::from_utf8_lossy).collect();
    let key = WebhookKey::parse(&wrapped.join("\n")).unwrap();
    assert_eq!(key.fingerprint(), VECTORS.key["fingerprint"]);
}

#[test]
fn what_is_no_key_is_told_apart() {
    use WebhookKeyError as E;

    let pem = &VECTORS.key["pem"];
    let named = |label: &str| pem.replace("PUBLIC KEY", label);
    for (text, expected) in [
        (String::new(), E::NotAKey),
        ("{}".to_owned(), E::NotAKey),
        ("-----BEGIN PUBLIC KEY-----".to_owned(), E::NotAKey),
        (format!("{pem}{}", VECTORS.other_key), E::SeveralKeys),
        (named("PRIVATE KEY"), E::PrivateKey),
        (named("RSA PRIVATE KEY"), E::PrivateKey),
        (named("CERTIFICATE"), E::OtherPem),
        ("AAAA".to_owned(), E::NotRsa),
        (VECTORS.key["base64"][4..].to_owned(), E::NotRsa),
        (VECTORS.short_key.clone(), E::Length),
    ] {
        assert_eq!(WebhookKey::parse(&text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn every_rejected_vector_is_rejected_for_its_reason() {
    let body = STANDARD.decode(&VECTORS.body).unwrap();
    assert!(VECTORS.rejected.len() >= 20);
    for vector in &VECTORS.rejected {
        let error = verify(&vector.signature, &body, &key()).unwrap_err();
        let why = match &error {
            SignatureError::Malformed(_) => "Malformed".to_owned(),
            SignatureError::Algorithm(name) => format!("Algorithm {name}"),
            SignatureError::Critical => "Critical".to_owned(),
            SignatureError::KeyId => "KeyId".to_owned(),
            SignatureError::Mismatch => "Mismatch".to_owned(),
        };
        assert_eq!(why, vector.why, "{}", vector.name);
    }
}

#[test]
fn a_foreign_key_does_not_fit_and_a_foreign_kid_is_seen() {
    let (signature, body) = accepted("json");
    let other = WebhookKey::parse(&VECTORS.other_key).unwrap();
    assert_ne!(other.fingerprint(), key().fingerprint());
    assert_eq!(
        verify(signature, &body, &other),
        Err(SignatureError::Mismatch)
    );
    let named = |name: &str| {
        let mut all = VECTORS.rejected.iter();
        all.find(|vector| vector.name == name).unwrap()
    };
    let foreign = &named("another key under its own kid").signature;
    let parsed = WebhookSignature::parse(foreign).unwrap();
    assert_eq!(parsed.kid().unwrap().to_string(), VECTORS.foreign_kid);
    assert_eq!(parsed.verify(&body, &other), Ok(()));
}

/// Each bit of the decoded part changed, and the part encoded again.
fn changed(part: &str) -> impl Iterator<Item = String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
    (0..bytes.len() * 8).map(move |bit| {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        URL_SAFE_NO_PAD.encode(bytes)
    })
}

#[test]
fn each_bit_of_header_body_and_signature_counts() {
    let (signature, body) = accepted("json");
    let key = key();
    assert_eq!(verify(signature, &body, &key), Ok(()));
    let (header, mark) = signature.split_once("..").unwrap();
    let mut tried = 0;
    for header in changed(header) {
        assert!(verify(&format!("{header}..{mark}"), &body, &key).is_err());
        tried += 1;
    }
    for mark in changed(mark) {
        let changed = verify(&format!("{header}..{mark}"), &body, &key);
        assert_eq!(changed, Err(SignatureError::Mismatch));
        tried += 1;
    }
    for bit in 0..body.len() * 8 {
        let mut body = body.clone();
        body[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            verify(signature, &body, &key),
            Err(SignatureError::Mismatch)
        );
        tried += 1;
    }
    assert!(tried > 2048 + 300 + 300, "{tried}");
}

#[test]
fn each_character_as_it_was_sent_counts() {
    let (signature, body) = accepted("short");
    let key = key();
    for at in 0..signature.len() {
        for bit in 0..7 {
            let mut text = signature.as_bytes().to_vec();
            text[at] ^= 1 << bit;
            let text = String::from_utf8(text).unwrap();
            assert!(verify(&text, &body, &key).is_err(), "{at} {bit}");
        }
    }
}

#[test]
fn a_pasted_line_is_read_and_nothing_else_let_pass() {
    let (signature, body) = accepted("json");
    for text in [
        format!("  {signature}\r\n"),
        format!("JWS-SIGNATURE: {signature}"),
        format!("\njws-signature:{signature} "),
    ] {
        assert_eq!(verify(&text, &body, &key()), Ok(()), "{text}");
    }
    for (text, what) in [
        (String::new(), "it does not have three parts"),
        (format!("{signature}."), "it does not have three parts"),
        (signature.replace("..", "."), "it does not have three parts"),
        (format!("{signature}="), "its signature is not base64url"),
        (
            format!("{}\n{}", &signature[..signature.len() - 4], "aaaa"),
            "its signature is not base64url",
        ),
        (
            format!("Signature: {signature}"),
            "its header is not base64url",
        ),
        (
            format!("JWS-SIGNATURE: JWS-SIGNATURE: {signature}"),
            "its header is not base64url",
        ),
        ("..".to_owned(), "its header is not a JSON object"),
        ("W10..".to_owned(), "its header is not a JSON object"),
        ("a".repeat(70_000), "it is too long"),
    ] {
        let error = WebhookSignature::parse(&text).unwrap_err();
        assert_eq!(error, SignatureError::Malformed(what), "{text:.80}");
    }
}

#[test]
fn nothing_of_it_is_in_its_debug_output() {
    let (signature, _) = accepted("json");
    let shown = format!("{:?}", WebhookSignature::parse(signature).unwrap());
    assert!(shown.contains(&VECTORS.kid), "{shown}");
    assert!(!shown.contains("RS256"), "{shown}");
}

proptest! {
    #[test]
    fn no_text_makes_reading_fail(
        text in "\\PC*|[A-Za-z0-9_.=: -]{0,80}|JWS-SIGNATURE: ?[A-Za-z0-9_-]*\\.\\.[A-Za-z0-9_-]*",
        header in "\\PC{0,40}|\\{\"alg\":\"[A-Z0-9]*\",\"kid\":\"[0-9a-f-]*\"\\}",
        body in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let key = key();
        let made = format!("{}..{}", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&body));
        for text in [&text, &made] {
            if let Ok(read) = WebhookSignature::parse(text) {
                let _ = (read.kid(), read.check().is_ok());
                prop_assert!(read.verify(&body, &key).is_err());
            }
            let _ = WebhookKey::parse(text).is_ok();
        }
    }
}
