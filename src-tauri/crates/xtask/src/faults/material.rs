//! Good files to damage, made by the program itself.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::judge::count;
use crate::{
    person::Person,
    shell::{Done, run},
};

/// Entries in the good file.
pub const ENTRIES: usize = 300;
/// More of them in the log that a crash left beside it.
pub const IN_LOG: usize = 40;

/// Where the files lie.
pub struct Material {
    /// Closed in an orderly way.
    pub good: PathBuf,
    /// The same file with a log, as a crash leaves it.
    pub crashed: PathBuf,
    /// A later state of the same history, with its log.
    pub newer: PathBuf,
    /// Of another key, with its log.
    pub other: PathBuf,
}

impl Material {
    /// Makes it. The person's keyring is "own" afterwards; "other" holds another key.
    pub fn make(person: &mut Person, program: &Path, folder: &Path) -> Result<Self, String> {
        let material = Self {
            good: folder.join("good"),
            crashed: folder.join("crashed"),
            newer: folder.join("newer"),
            other: folder.join("other"),
        };
        let (all, between) = (folder.join("all"), folder.join("between"));
        person.change_keyring("other")?;
        seed(person, program, &between, 20)?;
        crash(person, program, &between, 5, &material.other)?;

        person.change_keyring("own")?;
        seed(person, program, &all, ENTRIES)?;
        add_workspace(person, program, &all)?;
        copy(&all, &material.good)?;
        crash(person, program, &all, IN_LOG, &material.crashed)?;
        let listed = count(person, program, &material.good)?;
        if listed != ENTRIES {
            return Err(format!("{listed} entries were made instead of {ENTRIES}"));
        }
        // A log goes on from the pages that the file has got meanwhile.
        seed(person, program, &all, 400)?;
        crash(person, program, &all, 20, &material.newer)?;
        let log = fs::metadata(material.crashed.join("history.db-wal"));
        if !log.is_ok_and(|log| log.len() > 4096) {
            return Err("no log was left by a crash".to_owned());
        }
        Ok(material)
    }
}

/// A call of the program that uses this data folder.
pub fn call(person: &Person, program: &Path, data: &Path) -> Command {
    let mut command = person.command(program);
    command.env("TOKENDESK_DATA", data).env_remove("DISPLAY");
    command
}

fn seed(person: &Person, program: &Path, data: &Path, entries: usize) -> Done {
    run(call(person, program, data).args(["seed-history", "--count", &entries.to_string()]))
}

fn add_workspace(person: &Person, program: &Path, data: &Path) -> Done {
    let mut adding = wait_for_token(person, program, data, "Velmora")?;
    if let Some(mut input) = adding.stdin.take() {
        input
            .write_all(b"tot_made_up_0123456789\n")
            .map_err(|error| error.to_string())?;
    }
    let ended = adding.wait().map_err(|error| error.to_string())?;
    ended
        .success()
        .then_some(())
        .ok_or_else(|| format!("workspace add: {ended}"))
}

/// A call that has the history open and waits for a credential.
fn wait_for_token(
    person: &Person,
    program: &Path,
    data: &Path,
    name: &str,
) -> Result<Child, String> {
    call(person, program, data)
        .args(["workspace", "add", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())
}

/// Writes entries while another process has the history open, so that they stay in the log, and
/// copies the folder as a crash would leave it.
fn crash(person: &Person, program: &Path, data: &Path, entries: usize, to: &Path) -> Done {
    let mut open = wait_for_token(person, program, data, "Never added")?;
    let done = wait_until_open(&open, data)
        .and_then(|()| seed(person, program, data, entries))
        .and_then(|()| copy(data, to));
    // Its input ends, and so does it.
    drop(open.stdin.take());
    let _ = open.wait();
    done
}

/// Waits until a process has the history's index of the log mapped.
fn wait_until_open(process: &Child, data: &Path) -> Done {
    let index = data.join("history.db-shm").display().to_string();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        let maps = fs::File::open(format!("/proc/{}/maps", process.id()));
        let mut lines = maps
            .into_iter()
            .flat_map(|maps| BufReader::new(maps).lines());
        if lines.any(|line| line.is_ok_and(|line| line.ends_with(&index))) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err("the history was not opened".to_owned())
}

/// Copies the plain files of a folder into another.
pub fn copy(from: &Path, to: &Path) -> Done {
    let copy = || -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    };
    copy().map_err(|error| format!("{}: {error}", to.display()))
}
