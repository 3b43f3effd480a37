//! The bare window: a Tauri app with one static page, of the same tauri as ours.

use crate::shell::{Done, cargo, read, root, run, target, write};

/// With this argument it shows a clock that redraws once a second.
pub const CLOCK: &str = "clock";
/// The package and its program.
pub const NAME: &str = "bench-bare";

/// Its files, beside what is taken from our own Cargo.toml.
const FILES: [(&str, &str); 6] = [
    ("build.rs", include_str!("bare/build.rs")),
    ("src/main.rs", include_str!("bare/main.rs")),
    ("tauri.conf.json", include_str!("bare/tauri.conf.json")),
    ("page/index.html", include_str!("bare/index.html")),
    ("page/clock.html", include_str!("bare/clock.html")),
    ("page/clock.js", include_str!("bare/clock.js")),
];
const MANIFEST: &str = include_str!("bare/Cargo.toml.in");

/// Writes and builds it, into the same target folder as the app.
pub fn build() -> Done {
    let folder = target(NAME);
    for (name, text) in FILES {
        write(&folder.join(name), text)?;
    }
    let ours = read(&root().join("Cargo.toml"))?;
    write(&folder.join("Cargo.toml"), &manifest(&ours)?)?;
    // The same versions of everything; nothing else is fetched.
    write(
        &folder.join("Cargo.lock"),
        &read(&root().join("Cargo.lock"))?,
    )?;
    run(cargo()
        .args(["build", "--release", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(root().join("target")))
}

fn manifest(ours: &str) -> Result<String, String> {
    let missing = |what: &str| format!("Cargo.toml has no {what}");
    let line = |start: &str| {
        let mut lines = ours.lines();
        lines
            .find(|line| line.starts_with(start))
            .ok_or(missing(start))
    };
    let profile = ours
        .split_once("[profile.release]\n")
        .map(|(_, after)| after.split("\n[").next().unwrap_or(after))
        .ok_or(missing("[profile.release]"))?;
    Ok(MANIFEST
        .replace("{tauri}", line("tauri = ")?)
        .replace("{tauri-build}", line("tauri-build = ")?)
        .replace("{profile}", profile.trim()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_of_the_tauri_and_the_profile_of_the_app() {
        let ours = "[profile.release]\nlto = 1\nstrip = true\n\n[build-dependencies]\ntauri-build = 3\n\
            [dependencies]\ntauri = 4\n[dev-dependencies]\ntauri = 5\n";
        let text = super::manifest(ours).unwrap();
        assert!(
            text.contains("\ntauri = 4\n") && text.contains("\ntauri-build = 3\n"),
            "{text}"
        );
        assert!(
            text.contains("[profile.release]\nlto = 1\nstrip = true\n"),
            "{text}"
        );
        assert!(super::manifest("").is_err());
    }
}
