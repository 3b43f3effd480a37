//! Everything that reaches the terminal. `clippy.toml` forbids `stdout` and `stderr` elsewhere, so
//! that no text gets there raw and no failed write goes unnoticed.
#![allow(
    clippy::disallowed_methods,
    reason = "the one place that may write to the terminal"
)]

use std::{
    fmt::{Display, Write as _},
    io::{self, ErrorKind, IsTerminal as _, Write as _, stderr, stdout},
};

use secrecy::{ExposeSecret, SecretString};
use tokendesk_core::{AppError, Code, Millis};

/// Prints one line of what was asked for. What would steer the terminal is spelled out.
///
/// # Errors
/// It could not be written.
pub(crate) fn say(line: impl Display) -> Result<(), AppError> {
    print(&plain(&line.to_string()))
}

/// Prints JSON of any number of lines. What would steer the terminal is escaped in its strings, so
/// that it stays the same JSON.
///
/// # Errors
/// It could not be written.
pub(crate) fn say_json(json: impl Display) -> Result<(), AppError> {
    print(&json_for_terminal(&json.to_string()))
}

/// Prints a token or a link, or nothing at all: one that is spelled out would be another one.
///
/// # Errors
/// It could not be written, or is not one line of visible characters.
pub(crate) fn say_secret(secret: &SecretString) -> Result<(), AppError> {
    let text = secret.expose_secret();
    if plain(text) != text {
        return Err(AppError::new(
            Code::MalformedAnswer,
            "Not printed",
            "What came has characters that would steer the terminal or break the line.",
            "",
        ));
    }
    print(text)
}

/// Says a line about it, beside what was asked for.
pub(crate) fn note(line: impl Display) {
    // There is nowhere left to say that standard error cannot be written to.
    let _ = writeln!(stderr(), "{}", plain(&line.to_string()));
}

/// Says how the command is used, as clap has it. What was typed may stand in it.
///
/// # Errors
/// The help that was asked for could not be written.
pub(crate) fn tell_usage(usage: &clap::Error) -> Result<(), AppError> {
    if !usage.use_stderr() {
        // Help and version: nothing but our own words.
        return written(usage.print().and_then(|()| stdout().flush()));
    }
    usage.to_string().lines().for_each(note);
    Ok(())
}

/// Whether a person reads what is noted. Else it may end up in a log, which is no place for
/// secrets.
pub(crate) fn notes_are_seen() -> bool {
    stderr().is_terminal()
}

fn print(text: &str) -> Result<(), AppError> {
    let mut out = stdout().lock();
    written(
        out.write_all(text.as_bytes())
            .and_then(|()| out.write_all(b"\n"))
            .and_then(|()| out.flush()),
    )
}

/// Whoever has stopped reading (`| head`) wants no more of it. Any other reader misses something.
fn written(result: io::Result<()>) -> Result<(), AppError> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(AppError::new(
            Code::Storage,
            "Not printed",
            format!("Standard output: {error}."),
            "",
        )),
        _ => Ok(()),
    }
}

/// A text as it may stand on a terminal: what would move the cursor, colour the line, end it, turn
/// its direction or stand in it unseen is spelled out.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// The same JSON without what would steer a terminal. Such characters stand in strings only, save
/// for the space between values, which may be any space.
fn json_for_terminal(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' | '\t' => safe.push(c),
            '\r' => safe.push(' '),
            _ if steers(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(safe, "\\u{unit:04x}");
                }
            }
            _ => safe.push(c),
        }
    }
    safe
}

/// Whether a character does something to a terminal other than to stand there and be seen.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Marks, embeddings, overrides and isolates that turn the direction.
            '\u{061c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Of no width: joiners, fillers, invisible operators, byte-order marks, annotations.
            | '\u{00ad}' | '\u{034f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            // Ends of a line and of a paragraph.
            | '\u{2028}'..='\u{2029}')
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
    use super::{ago, json_for_terminal, plain};

    #[test]
    fn a_text_from_outside_cannot_steer_the_terminal() {
        assert_eq!(plain("Zażółć 1.pdf"), "Zażółć 1.pdf");
        assert_eq!(plain("שלום عميل 客户 ❤️"), "שלום عميل 客户 ❤️");
        assert_eq!(
            plain("a\u{1b}[2J\n\u{9b}\u{202e}fdp.exe"),
            r"a\u{1b}[2J\n\u{9b}\u{202e}fdp.exe"
        );
        for unseen in [
            '\0',
            '\u{7}',
            '\u{8}',
            '\r',
            '\t',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{2028}',
            '\u{2060}',
            '\u{2067}',
            '\u{feff}',
            '\u{3164}',
            '\u{e0041}',
        ] {
            let shown = plain(&format!("a{unseen}b"));
            assert!(shown.is_ascii() && shown.starts_with("a\\"), "{shown:?}");
            assert_eq!(plain(&shown), shown, "spelled out once");
        }
    }

    #[test]
    fn json_on_a_terminal_is_the_same_json() {
        let value = serde_json::json!({
            "a\u{202e}": "\u{1b}]0;title\u{7}\u{9b}2J\u{7f}",
            "b": ["\u{200b}\u{feff}\u{e0041}", "Zażółć \\ \" \n"],
        });
        for json in [format!("{value:#}"), format!("{value}\r\n")] {
            let shown = json_for_terminal(&json);
            assert!(
                !shown.chars().any(|c| c != '\n' && super::steers(c)),
                "{shown:?}"
            );
            let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
            assert_eq!(read, value);
        }
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
