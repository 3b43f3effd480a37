//! Starts and ends of the app in a row, on a computer that is busy.

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, WHOLE, cargo, on_own_display, run},
    ui,
};

/// How many unless said otherwise.
pub const ENDS: u32 = 300;

/// A third by the window's close button, a third by signals, a third commands of the terminal; a
/// run is followed meanwhile.
pub fn ends(count: u32) -> Done {
    if !cfg!(target_os = "linux") {
        return Err("the app's ends are tried on Linux".to_owned());
    }
    setup::ready(&[Purpose::Build, Purpose::Test])?;
    ui::build()?;
    let mut test = cargo();
    test.arg("test")
        .args(WHOLE)
        .args(["--test", "e2e", "--", "--ignored", "--exact", "--nocapture"])
        .arg("ends::many_ends_in_a_row")
        .env("TOKENDESK_ENDS", count.to_string());
    run(&mut on_own_display(&test))
}
