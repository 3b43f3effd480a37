//! Hiding secrets that a server repeats, in whatever form it repeats them.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

const HIDDEN: &str = "(hidden)";
/// A shorter text is looked for as it is only: in another form it may stand anywhere.
const SHORTEST: usize = 6;

/// The text without the secrets: as they are, in other case, in base64 and in hexadecimal.
pub(super) fn hidden(text: &str, secrets: &[SecretString]) -> String {
    let known = secrets.iter().map(ExposeSecret::expose_secret);
    known
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), without)
}

fn without(mut text: String, secret: &str) -> String {
    text = text.replace(secret, HIDDEN);
    if secret.len() < SHORTEST {
        return text;
    }
    let lower = secret.to_ascii_lowercase();
    text = replaced(text, &lower, str::to_ascii_lowercase);
    let escaped: String = url::form_urlencoded::byte_serialize(lower.as_bytes()).collect();
    text = replaced(text, &escaped.to_ascii_lowercase(), str::to_ascii_lowercase);
    for coded in in_base64(secret.as_bytes()) {
        // Both alphabets, of which one is for addresses.
        text = replaced(text, &coded, |text| {
            text.replace('-', "+").replace('_', "/")
        });
    }
    let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    replaced(text, &hexadecimal, str::to_ascii_lowercase)
}

/// The text with `wanted` replaced where it stands in `form(text)`, which keeps every place.
fn replaced(text: String, wanted: &str, form: impl Fn(&str) -> String) -> String {
    let searched = form(&text);
    if !searched.contains(wanted) {
        return text;
    }
    let (mut kept, mut from) = (String::new(), 0);
    for (at, found) in searched.match_indices(wanted) {
        kept.push_str(text.get(from..at).unwrap_or_default());
        kept.push_str(HIDDEN);
        from = at + found.len();
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// What all texts in base64 have in common that hold these bytes, for each of the three places at
/// which they can stand in a group.
fn in_base64(secret: &[u8]) -> impl Iterator<Item = String> {
    (0..3).map(move |before| {
        let coded = STANDARD_NO_PAD.encode([&[0; 2][..before], secret].concat());
        // The characters at the ends hold bits of what stands around.
        let first = [0, 2, 3][before];
        let end = coded.len() - usize::from(!(before + secret.len()).is_multiple_of(3));
        coded.get(first..end).unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        let secret = "tot_Ab?~+é7";
        let hides = |said: &str| hidden(said, &[SecretString::from(secret)]);
        assert_eq!(hides("no tot_Ab?~+é7 here"), "no (hidden) here");
        assert_eq!(hides("no TOT_AB?~+é7 here"), "no (hidden) here");
        assert_eq!(hides("?x=tot_Ab%3F%7E%2B%C3%A97&y"), "?x=(hidden)&y");
        for around in ["", "a", "ab", "abc", "Bearer "] {
            let whole = format!("{around}{secret}{around}");
            for coded in [STANDARD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
                let said = hides(&format!("<{coded}>"));
                assert!(said.contains(HIDDEN), "{around:?} {said}");
                assert!(said.len() < 40, "{said}");
            }
        }
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(hides(&hexadecimal), HIDDEN);
        assert_eq!(hides("Żółw, nothing of it"), "Żółw, nothing of it");
    }

    #[test]
    fn a_short_secret_is_hidden_as_it_is_only() {
        assert_eq!(hidden("ab AB YWI", &["ab".into()]), "(hidden) AB YWI");
        assert_eq!(hidden("ab", &["".into()]), "ab");
    }
}
