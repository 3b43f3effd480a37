//! Running other programs.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// How a command ended: why it did not, in words for the terminal.
pub type Done = Result<(), String>;

/// What every build of the app is given, so that all of them share what they compile: the whole
/// workspace's features, and the UI out of the binary.
pub const WHOLE: [&str; 3] = ["--workspace", "--features", "tokendesk/custom-protocol"];

/// The repository.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here)
}

/// A program, run in the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that started us.
pub fn cargo() -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// npm, which on Windows is a script.
pub fn npm() -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Starts the programs of npm packages.
pub fn npx() -> Command {
    program(if cfg!(windows) { "npx.cmd" } else { "npx" })
}

/// Shows what is run, runs it, and expects it to succeed.
pub fn run(command: &mut Command) -> Done {
    let line = line(command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line}: {status}")),
        Err(error) => Err(format!("{line}: {error}")),
    }
}

/// What a program writes when it succeeds.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Whether a program can be started by this name.
pub fn on_path(name: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(name).is_file())
}

/// The same command on a display of its own, whatever the person's is.
pub fn on_own_display(command: &Command) -> Command {
    let mut wrapped = program("xvfb-run");
    wrapped
        .args(["--auto-servernum", "--server-args=-screen 0 1400x1000x24"])
        .arg(command.get_program())
        .args(command.get_args())
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped
}

/// A folder below `target`, which no command here shares with another.
pub fn target(folder: &str) -> PathBuf {
    root().join("target").join(folder)
}

/// Reads a file, or says which one could not be.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file and the folders it is in.
pub fn write(path: &Path, text: &str) -> Done {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}
