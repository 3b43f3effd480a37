//! The tests against tools that others wrote. npm's are in package.json; Python's have a folder of
//! their own.

use std::fs;

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, WHOLE, cargo, program, read, root, run, target, write},
    ui,
};

const REQUIREMENTS: &str = "tests/interop/requirements.txt";

/// Runs them by themselves.
pub fn alone() -> Done {
    setup::ready(&[Purpose::Build, Purpose::Test])?;
    ui::build()?;
    test()
}

/// Runs them on a machine that is ready.
pub fn test() -> Done {
    if !cfg!(target_os = "linux") {
        println!("Left out: the interoperation tests run on Linux.");
        return Ok(());
    }
    python_packages()?;
    run(cargo().arg("test").args(WHOLE).args(["--test", "interop"]))
}

/// Installs schemathesis where it is not what is required.
fn python_packages() -> Done {
    let folder = target("schemathesis");
    let wanted = read(&root().join(REQUIREMENTS))?;
    // Written last, so that an installation that was broken off is begun anew.
    let there = folder.join("installed.txt");
    if fs::read_to_string(&there).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    run(program("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    run(program(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--disable-pip-version-check", "--requirement", REQUIREMENTS]))?;
    write(&there, &wanted)
}
