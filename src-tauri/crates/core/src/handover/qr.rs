//! A link as a QR code, to be read from the screen.

use fast_qr::{ECL, QRBuilder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{AppError, Code};

/// The free border a reader needs, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Qr {
    /// Its side in modules, with the free border.
    pub size: u32,
    /// Its dark modules as the data of an SVG path, a module being 1 by 1.
    pub path: String,
}

/// The QR code of a text.
fn code(text: &str) -> Result<fast_qr::QRCode, AppError> {
    // Low is enough on a screen that is neither dirty nor torn, and keeps the modules large.
    QRBuilder::new(text).ecl(ECL::L).build().map_err(|_| {
        AppError::new(
            Code::InvalidInput,
            "Too long for a QR code",
            "The link is longer than a QR code can hold.",
            "Copy it instead.",
        )
    })
}

crate::hidden_debug!(Qr);

impl Qr {
    /// The QR code of a link.
    ///
    /// # Errors
    /// The link is longer than a code can hold.
    pub fn of(link: &str) -> Result<Self, AppError> {
        use std::fmt::Write as _;
        let code = code(link)?;
        let mut path = String::new();
        for row in 0..code.size {
            let mut column = 0;
            while column < code.size {
                let start = column;
                while column < code.size && code[row][column].value() {
                    column += 1;
                }
                if column > start {
                    let (x, y, width) = (start + QUIET, row + QUIET, column - start);
                    let _ = write!(path, "M{x} {y}h{width}v1h-{width}z");
                }
                column = column.max(start + 1);
            }
        }
        Ok(Self {
            size: u32::try_from(code.size + 2 * QUIET).unwrap_or(u32::MAX),
            path,
        })
    }

    /// The QR code of a link for a terminal, two modules a character, dark on light.
    ///
    /// # Errors
    /// The link is longer than a code can hold.
    pub fn for_terminal(link: &str) -> Result<String, AppError> {
        let code = code(link)?;
        let dark = |row: usize, column: usize| {
            let inside = |at: usize| (QUIET..code.size + QUIET).contains(&at);
            inside(row) && inside(column) && code[row - QUIET][column - QUIET].value()
        };
        let side = code.size + 2 * QUIET;
        let mut text = String::new();
        for row in (0..side).step_by(2) {
            for column in 0..side {
                // Light modules are drawn, for most terminals are dark.
                text.push(match (dark(row, column), dark(row + 1, column)) {
                    (true, true) => ' ',
                    (true, false) => '\u{2584}',
                    (false, true) => '\u{2580}',
                    (false, false) => '\u{2588}',
                });
            }
            text.push('\n');
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paints the path and reads it back with another library.
    fn read_back(qr: &Qr) -> String {
        const SCALE: usize = 4;
        let side = qr.size as usize;
        let mut dark = vec![false; side * side];
        for step in qr.path.split('M').skip(1) {
            let (x, rest) = step.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, _) = rest.split_once('v').unwrap();
            let [x, y, width] = [x, y, width].map(|n| n.parse::<usize>().unwrap());
            dark[y * side + x..][..width].fill(true);
        }
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
                if dark[y / SCALE * side + x / SCALE] {
                    0
                } else {
                    255
                }
            });
        let grids = image.detect_grids();
        grids[0].decode().unwrap().1
    }

    #[test]
    fn another_reader_reads_what_was_written() {
        let token = "eyJhbGciOiJSUzUxMiJ9.".repeat(32);
        for link in [
            "https://link.transactionlink.io/0df7e442-720c-4afb-8fed-c2664d6cb803".to_owned(),
            format!("https://link.transactionlink.io/?token={token}"),
        ] {
            assert_eq!(read_back(&Qr::of(&link).unwrap()), link);
        }
    }

    #[test]
    fn what_is_too_long_says_so() {
        let error = Qr::of(&"x".repeat(3000)).unwrap_err();
        assert!(error.hint.contains("Copy"), "{error}");
    }

    #[test]
    fn a_terminal_gets_a_square_with_a_border() {
        let text = Qr::for_terminal("https://link.transactionlink.io/a").unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let width = lines[0].chars().count();
        assert_eq!(lines.len(), width.div_ceil(2));
        assert!(lines[0].chars().all(|c| c == '\u{2588}'), "{text}");
    }
}
