//! What the terminal shows.

use std::{
    fmt::Display,
    io::{Write as _, stderr, stdout},
};

use tokendesk_core::Millis;

/// A line of what was asked for. Whoever has stopped reading (`| head`) wants no more of it.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}

/// A line about it, beside what was asked for.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(stderr(), "{line}");
}

/// A text of the vendor's as it may stand on a terminal: what would move the cursor, colour the
/// line or turn its direction is spelled out.
pub(crate) fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || turns(c) {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// How long ago that was, in words.
pub(crate) fn ago(milliseconds: Millis) -> String {
    let minutes = milliseconds / 60_000;
    let (number, unit) = match minutes {
        ..1 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{ago, plain};

    #[test]
    fn a_text_of_the_vendors_cannot_steer_the_terminal() {
        assert_eq!(plain("Zażółć 1.pdf"), "Zażółć 1.pdf");
        assert_eq!(
            plain("a\u{1b}[2J\n\u{9b}\u{202e}fdp.exe"),
            r"a\u{1b}[2J\n\u{9b}\u{202e}fdp.exe"
        );
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let minute = 60_000;
        for (age, told) in [
            (-5, "just now"),
            (minute - 1, "just now"),
            (minute, "1 minute ago"),
            (59 * minute, "59 minutes ago"),
            (119 * minute, "1 hour ago"),
            (49 * 60 * minute, "2 days ago"),
        ] {
            assert_eq!(ago(age), told);
        }
    }
}
