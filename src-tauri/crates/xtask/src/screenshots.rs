//! Pictures of every screen.

use crate::{packages::Purpose, setup, shell::Done, test, ui};

/// Takes them, into `screenshots/`.
pub fn take() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("the pictures are taken on Linux".to_owned());
    }
    setup::ready(&[Purpose::Build, Purpose::Test])?;
    ui::build()?;
    test::end_to_end(&["--test-threads=1", "--ignored", "screenshots"])
}
