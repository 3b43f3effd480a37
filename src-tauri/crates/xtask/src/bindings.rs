//! The UI's TypeScript, written from the Rust types.

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, WHOLE, cargo, run},
    ui,
};

/// Writes it; the same test without the variable holds it against the types.
pub fn write() -> Done {
    setup::ready(&[Purpose::Build])?;
    ui::build()?;
    run(cargo()
        .arg("test")
        .args(WHOLE)
        .args(["--test", "bindings"])
        .env("TOKENDESK_WRITE_BINDINGS", "1"))
}
