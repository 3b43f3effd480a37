//! Making a machine ready. Whatever is there already is left alone.

use std::{fs, path::Path, time::SystemTime};

use crate::{
    packages::{self, Purpose},
    shell::{Done, answer, npm, program, root, run},
};

const NODE: &str = "Node 20.19 or newer (of 22, 22.12 or newer) is needed: https://nodejs.org";

/// Makes the machine ready for these purposes.
pub fn ready(purposes: &[Purpose]) -> Done {
    packages::ready(purposes)?;
    npm_packages()
}

/// Installs the npm packages where they are not those of package-lock.json.
pub fn npm_packages() -> Done {
    let Some(version) = answer(program("node").arg("--version")) else {
        return Err(format!("there is no node. {NODE}"));
    };
    if !is_enough(&version) {
        return Err(format!("node is {version}. {NODE}"));
    }
    // npm writes its own lock file last.
    let wanted = modified(&root().join("package-lock.json"));
    let there = modified(&root().join("node_modules/.package-lock.json"));
    if there.is_some() && there >= wanted {
        return Ok(());
    }
    run(npm().arg("ci"))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

/// Whether Vite runs on this version of Node.
fn is_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    match (major, minor) {
        (20u32, minor) => minor >= 19u32,
        (22, minor) => minor >= 12,
        (major, _) => major > 22,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_nodes_are_told_from_new_ones() {
        for (version, enough) in [
            ("v18.20.8", false),
            ("v20.18.3", false),
            ("v20.19.0", true),
            ("v21.7.3", false),
            ("v22.11.0", false),
            ("v22.12.0", true),
            ("v24.1.0", true),
            ("nonsense", false),
        ] {
            assert_eq!(is_enough(version), enough, "{version}");
        }
    }
}
