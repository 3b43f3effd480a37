//! The system packages, by their Debian names. Only Linux needs any.

use crate::shell::{Done, answer, on_path, program, run};

/// What a machine is made ready for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Building the app.
    Build,
    /// Testing it in a real window with a real keyring.
    Test,
    /// Measuring when its window comes.
    Bench,
    /// Drawing its icons.
    Icons,
}

impl Purpose {
    fn wording(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Test => "test",
            Self::Bench => "measure",
            Self::Icons => "draw the icons",
        }
    }

    const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Build => &[
                "build-essential",
                "libssl-dev",
                "librsvg2-dev",
                "libwebkit2gtk-4.1-dev",
                "pkg-config",
            ],
            // dbus brings dbus-daemon, dbus-run-session and dbus-send; python3-venv is for tools
            // that others wrote; sqlite3 is for proving that it cannot read the history; the fonts
            // make pictures the same everywhere.
            Self::Test => &[
                "dbus",
                "fonts-inter",
                "fonts-jetbrains-mono",
                "gnome-keyring",
                "python3-venv",
                "sqlite3",
                "webkit2gtk-driver",
                "x11-utils",
                "xauth",
                "xvfb",
            ],
            Self::Bench => &[
                "dbus",
                "gnome-keyring",
                "x11-utils",
                "xauth",
                "xdotool",
                "xvfb",
            ],
            Self::Icons => &["icnsutils", "imagemagick", "librsvg2-bin"],
        }
    }

    /// How to tell without a package manager: libraries by pkg-config, else programs.
    const fn signs(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Build => (
                &["webkit2gtk-4.1", "librsvg-2.0", "openssl"],
                &["cc", "pkg-config"],
            ),
            Self::Test => (
                &[],
                &[
                    "dbus-daemon",
                    "gnome-keyring-daemon",
                    "python3",
                    "sqlite3",
                    "WebKitWebDriver",
                    "xauth",
                    "xvfb-run",
                    "xwininfo",
                ],
            ),
            Self::Bench => (
                &[],
                &[
                    "dbus-run-session",
                    "gnome-keyring-daemon",
                    "xdotool",
                    "xev",
                    "xvfb-run",
                ],
            ),
            Self::Icons => (&[], &["convert", "png2icns", "rsvg-convert"]),
        }
    }
}

/// Makes sure that the packages are there.
///
/// On Debian and Ubuntu what is missing is installed; elsewhere it is named.
pub fn ready(purposes: &[Purpose]) -> Done {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !(on_path("dpkg-query") && on_path("apt-get")) {
        return purposes.iter().try_for_each(|purpose| look(*purpose));
    }
    let mut missing = Vec::new();
    for purpose in purposes {
        let lacks = not_installed(purpose.packages(), &installed(purpose.packages()));
        if !lacks.is_empty() {
            let what = purpose.wording();
            println!("To {what}, this machine lacks {}.", lacks.join(", "));
        }
        missing.extend(lacks);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let root = answer(program("id").arg("-u")).as_deref() == Some("0");
    if !root && !on_path("sudo") {
        return Err(format!(
            "there is no sudo to install them with; as root, run: apt-get install {}",
            missing.join(" ")
        ));
    }
    let through = if root { "apt-get" } else { "sudo apt-get" };
    println!("They are installed with {through}.");
    let apt = || {
        let mut command = program(if root { "env" } else { "sudo" });
        command.args((!root).then_some("env"));
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    };
    run(apt().arg("update"))?;
    let install = ["install", "--yes", "--no-install-recommends"];
    run(apt().args(install).args(missing))
}

/// dpkg's word on each package: name, space, state.
fn installed(packages: &[&str]) -> String {
    let mut query = program("dpkg-query");
    query
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(packages);
    // It fails where it does not know one of them, and still says what it knows.
    query
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

fn not_installed<'a>(packages: &[&'a str], known: &str) -> Vec<&'a str> {
    let there = |package: &&str| {
        known
            .lines()
            .any(|line| line == format!("{package} installed"))
    };
    packages.iter().copied().filter(|p| !there(p)).collect()
}

/// Looks for what a purpose needs on a Linux whose packages we cannot name.
fn look(purpose: Purpose) -> Done {
    let (libraries, programs) = purpose.signs();
    let library = |name: &&str| answer(program("pkg-config").args(["--exists", name])).is_none();
    let missing: Vec<&str> = libraries
        .iter()
        .filter(|name| library(name))
        .chain(programs.iter().filter(|name| !on_path(name)))
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "to {}, this machine lacks {}. Debian's packages for it are: {}. Install their like, then try again",
        purpose.wording(),
        missing.join(", "),
        purpose.packages().join(" ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_and_unknown_packages_are_missing() {
        let known = "dbus installed\nxvfb config-files\nsqlite3-doc installed\n";
        let missing = not_installed(&["dbus", "xvfb", "sqlite3"], known);
        assert_eq!(missing, ["xvfb", "sqlite3"]);
    }
}
