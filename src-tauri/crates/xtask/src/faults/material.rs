//! Good files to damage, made by the program itself.

use std::{
    fs,
    io::Write,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::judge::{WORKFLOW, count};
use crate::{
    person::Person,
    shell::{Done, run},
};

/// Entries in the good file.
pub const ENTRIES: usize = 300;
/// More of them in the log that a crash left beside it.
const IN_LOG: usize = 4;

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
        let api = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let (all, between) = (folder.join("all"), folder.join("between"));
        person.change_keyring("other")?;
        seed(person, program, &between, 20)?;
        add_workspace(person, program, &between, &api)?;
        crash(person, program, &between, &api, &material.other)?;

        person.change_keyring("own")?;
        seed(person, program, &all, ENTRIES)?;
        add_workspace(person, program, &all, &api)?;
        copy(&all, &material.good)?;
        crash(person, program, &all, &api, &material.crashed)?;
        let listed = count(person, program, &material.good)?;
        if listed != ENTRIES {
            return Err(format!("{listed} entries were made instead of {ENTRIES}"));
        }
        // A log goes on from the pages that the file has got meanwhile.
        seed(person, program, &all, 400)?;
        crash(person, program, &all, &api, &material.newer)?;
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

/// Adds the workspace whose API is a listener of ours.
fn add_workspace(person: &Person, program: &Path, data: &Path, api: &TcpListener) -> Done {
    let address = api.local_addr().map_err(|error| error.to_string())?;
    let host = format!("http://{address}");
    let mut adding = call(person, program, data)
        .args(["workspace", "add", "Velmora", "--api-host", &host])
        .args(["--widget-host", &host])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
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

/// Copies the folder as a crash would leave it: while commands wait for an API that never answers,
/// what they have written down is in the log only.
fn crash(person: &Person, program: &Path, data: &Path, api: &TcpListener, to: &Path) -> Done {
    let mut issuing = Vec::new();
    let mut waiting = Vec::new();
    let mut done = Ok(());
    for _ in 0..IN_LOG {
        let started = call(person, program, data)
            .args(["issue", "--workspace", "Velmora", "--api", "v2"])
            .args(["--workflow", WORKFLOW])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string());
        done = started
            .map(|child| issuing.push(child))
            .and_then(|()| asked(api))
            .map(|connection| waiting.push(connection));
        if done.is_err() {
            break;
        }
    }
    let done = done.and_then(|()| copy(data, to));
    for mut child in issuing {
        // It may have ended already.
        let _ = child.kill();
        let _ = child.wait();
    }
    done
}

/// Waits for a request, which is sent when its entry has been written down.
fn asked(api: &TcpListener) -> Result<TcpStream, String> {
    api.set_nonblocking(true)
        .map_err(|error| error.to_string())?;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if let Ok((connection, _)) = api.accept() {
            return Ok(connection);
        }
        thread::sleep(Duration::from_millis(10));
    }
    Err("nothing was issued".to_owned())
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
