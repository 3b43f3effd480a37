//! The UI: its checks and its build.

use crate::shell::{Done, npm, run};

/// Builds it into `ui/dist`, which the app takes in when it is compiled.
pub fn build() -> Done {
    script("build")
}

/// Runs a script of the root's package.json.
pub fn script(name: &str) -> Done {
    run(npm().args(["run", "--silent", name]))
}
