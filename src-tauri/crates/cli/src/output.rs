//! What the terminal shows.

use std::{
    fmt::Display,
    io::{Write as _, stderr, stdout},
};

/// A line of what was asked for. Whoever has stopped reading (`| head`) wants no more of it.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}

/// A line about it, beside what was asked for.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(stderr(), "{line}");
}
