//! What pasting and piping put around a text: spaces nobody sees, quotes, the words of a header.
//!
//! What stands around a text is taken off, since it is never meant. What stands inside is not
//! touched: it is named with its place, so that the person can look. `ui/src/lib/pasted.ts` has the
//! same rules, held together by `tests/fixtures/pasted.json`.

use std::fmt;

/// A text without the spaces and the invisible characters around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c| is_space(c) || is_invisible(c))
}

/// A text without the quotes of any language around it, and without what [`trimmed`] takes off.
pub(crate) fn unquoted(text: &str) -> &str {
    let mut text = trimmed(text);
    while let Some(inner) = text
        .strip_prefix(is_quote)
        .and_then(|rest| rest.strip_suffix(is_quote))
    {
        text = trimmed(inner);
    }
    text
}

/// A credential by itself: without quotes, and without the header it may have been copied with.
pub(crate) fn credential(text: &str) -> &str {
    let mut text = unquoted(text);
    while let Some(rest) = ["--header", "-H", "Authorization", "Bearer"]
        .iter()
        .find_map(|word| without_word(text, word))
    {
        text = unquoted(rest);
    }
    text
}

/// The rest of a text that begins with a word, whatever its case.
fn without_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(word.len())?;
    let between = |c: char| is_space(c) || matches!(c, ':' | '=');
    (first.eq_ignore_ascii_case(word) && rest.starts_with(between))
        .then(|| rest.trim_start_matches(between))
}

/// A character that does not belong where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OddCharacter {
    character: char,
    /// Counted from 1, in characters of the text as it was given.
    position: usize,
}

/// The first character of a part that nobody sees, or a quote at one of its ends. `part` is what
/// is left of `whole`.
pub(crate) fn odd_character(whole: &str, part: &str) -> Option<OddCharacter> {
    let last = part.char_indices().next_back().map_or(0, |(at, _)| at);
    first_of(whole, part, |at, c| {
        is_unseen(c) || ((at == 0 || at == last) && is_quote(c))
    })
}

/// The first character of a part that is no visible ASCII, or a quote at one of its ends.
pub(crate) fn non_ascii_character(whole: &str, part: &str) -> Option<OddCharacter> {
    odd_character(whole, part).or_else(|| first_of(whole, part, |_, c| !c.is_ascii_graphic()))
}

fn first_of(whole: &str, part: &str, is_odd: impl Fn(usize, char) -> bool) -> Option<OddCharacter> {
    let (at, character) = part.char_indices().find(|(at, c)| is_odd(*at, *c))?;
    let begin = part.as_ptr() as usize - whole.as_ptr() as usize;
    let before = whole.get(..begin + at).unwrap_or_default();
    Some(OddCharacter {
        character,
        position: before.chars().count() + 1,
    })
}

impl fmt::Display for OddCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            character,
            position,
        } = self;
        write!(f, "U+{:04X} ", u32::from(*character))?;
        match name(*character) {
            Some(name) => f.write_str(name)?,
            None => write!(f, "\u{201c}{character}\u{201d}")?,
        }
        write!(f, " at position {position}")
    }
}

/// White space as Unicode has it.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// What is not seen and means nothing at the end of a text. Emoji end with variation selectors
/// and tags, which therefore stay.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}')
}

fn is_unseen(c: char) -> bool {
    is_space(c)
        || is_invisible(c)
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{fffd}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_quote(c: char) -> bool {
    "\"'`\u{b4}\u{ab}\u{bb}\u{2018}\u{2019}\u{201a}\u{201b}\u{201c}\u{201d}\u{201e}\u{201f}\
     \u{2032}\u{2033}\u{2039}\u{203a}\u{300c}\u{300d}\u{300e}\u{300f}\u{301d}\u{301e}\u{301f}\
     \u{ff02}\u{ff07}"
        .contains(c)
}

/// What to call a character that cannot be shown.
fn name(c: char) -> Option<&'static str> {
    Some(match c {
        '\t' => "tab",
        '\n' => "line feed",
        '\r' => "carriage return",
        ' ' => "space",
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{3000}' => "ideographic space",
        '\u{feff}' => "byte order mark",
        '\u{fffd}' => "replacement character",
        '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "direction mark",
        '\u{fe00}'..='\u{fe0f}' => "variation selector",
        '"' => "quotation mark",
        '\'' => "apostrophe",
        '`' => "backtick",
        c if c.is_control() => "control character",
        c if is_space(c) => "space of another width",
        c if is_unseen(c) => "invisible character",
        c if is_quote(c) => "quotation mark",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        given: String,
        text: String,
        odd: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Cases {
        names: Vec<Case>,
        ids: Vec<Case>,
        credentials: Vec<Case>,
        tokens: Vec<Case>,
    }

    #[test]
    fn what_is_pasted_is_cleaned_or_its_odd_character_named_as_in_the_ui() {
        type Clean = fn(&str) -> &str;
        type Odd = fn(&str, &str) -> Option<OddCharacter>;
        let cases: Cases =
            serde_json::from_str(include_str!("../../../../tests/fixtures/pasted.json")).unwrap();
        let kinds: [(&str, Vec<Case>, Clean, Odd); 4] = [
            ("name", cases.names, trimmed, |_, _| None),
            ("id", cases.ids, unquoted, odd_character),
            ("credential", cases.credentials, credential, odd_character),
            ("token", cases.tokens, credential, non_ascii_character),
        ];
        for (kind, cases, clean, odd) in kinds {
            assert!(!cases.is_empty(), "{kind}");
            for Case {
                given,
                text,
                odd: expected,
            } in cases
            {
                assert_eq!(clean(&given), text, "{kind} {given:?}");
                let found = odd(&given, clean(&given)).map(|odd| odd.to_string());
                assert_eq!(found, expected, "{kind} {given:?}");
            }
        }
    }
}
