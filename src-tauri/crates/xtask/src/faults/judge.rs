//! What the program did with a damaged history.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    material::{Material, call, copy},
    variants::{Base, Held, Variant},
};
use crate::person::Person;

/// No call takes longer, whatever it finds.
const PATIENCE: Duration = Duration::from_secs(25);
pub const WORKFLOW: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";

/// A call that has ended, or had to be ended.
struct Said {
    code: Option<i32>,
    ended: bool,
    rows: usize,
    text: String,
}

impl Said {
    fn done(&self) -> bool {
        self.code == Some(0)
    }
}

fn finish(command: &mut Command) -> Result<Said, String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = thread::spawn(move || read(out));
    let err = thread::spawn(move || read(err));
    let begun = Instant::now();
    let status: Option<ExitStatus> = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    let out = out.join().unwrap_or_default();
    Ok(Said {
        code: status.and_then(|status| status.code()),
        ended: status.is_some(),
        rows: out.lines().count(),
        text: err.join().unwrap_or_default(),
    })
}

fn read(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What was read until an error is what there is.
        let _ = pipe.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How many entries a good history has.
pub fn count(person: &Person, program: &Path, data: &Path) -> Result<usize, String> {
    let said = finish(call(person, program, data).args(HISTORY))?;
    if said.done() {
        Ok(said.rows)
    } else {
        Err(format!("history: {}", said.text))
    }
}

const HISTORY: [&str; 3] = ["history", "--limit", "100000"];
const BEGIN_NEW: [&str; 2] = ["history", "--begin-new"];

/// Every plain file of a folder, with its bytes; the lock files have nothing to lose.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn files(data: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(data).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let lock = name.to_str().is_some_and(|name| name.ends_with(".lock"));
        // Reading a pipe would wait for its other end.
        if lock || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(bytes) = fs::read(entry.path()) {
            files.insert(entry.path(), bytes);
        }
    }
    files
}

/// What came of a variant.
pub struct Verdict {
    pub name: String,
    pub way_on: &'static str,
    pub said: String,
    pub faults: Vec<String>,
}

/// A variant in use.
pub struct Case<'p, 'a> {
    person: &'p Person,
    paused: Paused<'a>,
}

/// One that waits for another keyring.
pub struct Paused<'a> {
    program: &'a Path,
    variant: Variant,
    data: PathBuf,
    held: Option<Held>,
    found: Files,
    told: String,
    faults: Vec<String>,
}

impl<'p, 'a> Case<'p, 'a> {
    /// Copies the good files and damages them.
    pub fn prepare(
        person: &'p Person,
        program: &'a Path,
        material: &Material,
        variant: Variant,
    ) -> Result<Self, String> {
        let name: String = variant
            .name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let data = material.good.with_file_name(format!("v-{name}"));
        let base = match variant.base {
            Base::Good => &material.good,
            Base::Crashed => &material.crashed,
        };
        copy(base, &data)?;
        let held = (variant.harm)(&data, material)
            .map_err(|error| format!("{}: {error}", variant.name))?;
        let found = files(&data);
        Ok(Self {
            person,
            paused: Paused {
                program,
                variant,
                data,
                held: Some(held),
                found,
                told: String::new(),
                faults: Vec::new(),
            },
        })
    }

    /// Ends the use with this keyring.
    pub fn pause(self) -> Paused<'a> {
        self.paused
    }

    fn fault(&mut self, what: impl Into<String>) {
        self.paused.faults.push(what.into());
    }

    fn run(&mut self, arguments: &[&str]) -> Said {
        let paused = &self.paused;
        let mut command = call(self.person, paused.program, &paused.data);
        let said = finish(command.args(arguments)).unwrap_or_else(|error| Said {
            code: None,
            ended: true,
            rows: 0,
            text: error,
        });
        let line = arguments.join(" ");
        if !said.ended {
            self.fault(format!("{line}: no end"));
        } else if said.code.is_none() || said.code == Some(101) || said.text.contains("panicked") {
            self.fault(format!("{line}: crashed: {}", said.text));
        } else if !said.done() {
            if !matches!(said.code, Some(6 | 7)) {
                self.fault(format!("{line}: exit {:?}: {}", said.code, said.text));
            }
            if said.text.lines().count() < 2 {
                self.fault(format!("{line}: no reason given: {:?}", said.text));
            }
        }
        // What every call of this kind says is no word about the damage.
        let usual = |line: &&str| *line != "Nothing yet." && !line.starts_with("active in ");
        if let (true, Some(first)) = (self.paused.told.is_empty(), said.text.lines().find(usual)) {
            first.clone_into(&mut self.paused.told);
        }
        said
    }

    /// Lists, issues and lists again, as a person would who does not know of the damage.
    pub fn use_it(&mut self) {
        let before = self.run(&HISTORY);
        self.nothing_silently_new(&before);
        self.bytes_are_kept(&before);
        let issued = self.run(&[
            "issue",
            "--workspace",
            "demo",
            "--api",
            "v2",
            "--workflow",
            WORKFLOW,
        ]);
        let after = self.run(&HISTORY);
        self.nothing_silently_new(&after);
        if issued.done() && !after.done() {
            self.fault(format!("issued, but not listed: {}", after.text));
        }
        if before.done() && after.done() && issued.done() && after.rows != before.rows + 1 {
            self.fault(format!("{} entries, then {}", before.rows, after.rows));
        }
    }

    /// The same without the key: nothing may change.
    pub fn use_without_key(&mut self) {
        for _ in 0..2 {
            let said = self.run(&HISTORY);
            let nothing_there = !self.paused.variant.needs_key;
            if said.done() && !nothing_there {
                self.fault("opened without its key");
            }
            if files(&self.paused.data) != self.paused.found && !nothing_there {
                self.fault("changed without its key");
            }
        }
        let begun = self.run(&BEGIN_NEW);
        let said = self.run(&HISTORY);
        if !begun.done() || !said.done() {
            self.fault(format!("no new history could be begun: {}", begun.text));
        }
        self.bytes_are_kept(&said);
        self.run(&[
            "issue",
            "--workspace",
            "demo",
            "--api",
            "v2",
            "--workflow",
            WORKFLOW,
        ]);
    }

    /// Fewer entries than the file has need a word.
    fn nothing_silently_new(&mut self, said: &Said) {
        let least = self.paused.variant.least;
        if said.done() && said.rows < least && self.paused.told.is_empty() {
            self.fault(format!("{} of {least} entries, without a word", said.rows));
        }
    }

    /// What was found is still there byte for byte, unless the history is in use with all it had.
    fn bytes_are_kept(&mut self, said: &Said) {
        let in_use = said.done() && said.rows >= self.paused.variant.least;
        let now = files(&self.paused.data);
        let mut lost = Vec::new();
        for (path, bytes) in &self.paused.found {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let history = name == "history.db" || name.starts_with("history.db-");
            if bytes.is_empty() || !history || name.ends_with("-shm") {
                continue;
            }
            let own_log = name != "history.db" && !self.paused.variant.foreign_log;
            if in_use && (name == "history.db" || own_log) {
                continue;
            }
            if !now.values().any(|other| other == bytes) {
                lost.push(name.into_owned());
            }
        }
        for name in lost {
            self.fault(format!("the bytes of {name} are nowhere"));
        }
    }

    /// Looks for the way on.
    pub fn finish(mut self) -> Verdict {
        let least = self.paused.variant.least;
        type Step<'p, 'a> = (&'static str, fn(&mut Case<'p, 'a>));
        let steps: [Step<'p, 'a>; 4] = [
            ("by itself", |_| {}),
            ("again, when it is free", |case| {
                drop(case.paused.held.take())
            }),
            ("a new history", |case| {
                case.run(&BEGIN_NEW);
            }),
            ("the person puts it right", |case| {
                if let Err(error) = (case.paused.variant.repair)(&case.paused.data) {
                    case.fault(format!("not put right: {error}"));
                }
            }),
        ];
        for (way_on, step) in steps {
            step(&mut self);
            let said = self.run(&HISTORY);
            if said.done() {
                if way_on == "the person puts it right" && said.rows < least {
                    self.fault(format!("put right, and {} entries", said.rows));
                }
                self.nothing_silently_new(&said);
                return self.verdict(way_on);
            }
        }
        self.fault(format!("no way on: {}", self.paused.told));
        self.verdict("none")
    }

    /// Its key is there again, and so must be what it had.
    pub fn with_key_back(mut self) -> Verdict {
        let said = self.run(&HISTORY);
        let least = self.paused.variant.least;
        if !said.done() || said.rows < least {
            let text = said.text.replace('\n', " ");
            self.fault(format!("{} entries with its key back: {text}", said.rows));
        }
        self.verdict("comes back with its key")
    }

    fn verdict(self, way_on: &'static str) -> Verdict {
        Verdict {
            name: self.paused.variant.name,
            way_on,
            said: self.paused.told,
            faults: self.paused.faults,
        }
    }
}

impl<'a> Paused<'a> {
    /// Goes on with the keyring of now.
    pub fn resume<'p>(self, person: &'p Person) -> Case<'p, 'a> {
        Case {
            person,
            paused: self,
        }
    }
}
