//! The ways in which a history's files can be damaged, exchanged, kept from us or held by others.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io,
    os::unix::{
        fs::{FileExt, PermissionsExt, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    foreign_log,
    material::{ENTRIES, Material},
};

/// The files that are damaged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Closed in an orderly way.
    Good,
    /// With a log beside it.
    Crashed,
}

/// What lasts until it is let go.
pub enum Held {
    Nothing,
    /// Locked for as long as it is open.
    Lock(#[expect(dead_code, reason = "held, not read")] File),
    /// A small file system over the folder.
    Mount(PathBuf),
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Self::Mount(folder) = self {
            // What stays mounted goes when the machine does.
            let _ = Command::new("umount").arg("--lazy").arg(folder).status();
        }
    }
}

type Harm = Box<dyn Fn(&Path, &Material) -> io::Result<Held>>;
type Repair = Box<dyn Fn(&Path) -> io::Result<()>>;

/// One way.
pub struct Variant {
    pub name: String,
    pub base: Base,
    /// Entries that a history has to list unless something is told.
    pub least: usize,
    /// The log is not the file's own, so it is no part of what is in use.
    pub foreign_log: bool,
    /// Something lies there that no other key may replace.
    pub needs_key: bool,
    pub harm: Harm,
    /// What the person can do who reads what is told.
    pub repair: Repair,
}

impl Variant {
    fn new(
        name: impl Into<String>,
        base: Base,
        harm: impl Fn(&Path, &Material) -> io::Result<()> + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            base,
            least: ENTRIES,
            foreign_log: false,
            needs_key: true,
            harm: Box::new(move |data, material| {
                harm(data, material)?;
                Ok(Held::Nothing)
            }),
            repair: Box::new(|_| Ok(())),
        }
    }

    fn holding(
        name: impl Into<String>,
        hold: impl Fn(&Path) -> io::Result<Held> + 'static,
    ) -> Self {
        let mut variant = Self::new(name, Base::Good, |_, _| Ok(()));
        variant.harm = Box::new(move |data, _| hold(data));
        variant
    }

    fn foreign_log(mut self) -> Self {
        self.foreign_log = true;
        self
    }

    fn repaired(mut self, repair: impl Fn(&Path) -> io::Result<()> + 'static) -> Self {
        self.repair = Box::new(repair);
        self
    }

    pub fn renamed(mut self, more: &str) -> Self {
        self.name = format!("{more}: {}", self.name);
        self
    }
}

const DB: &str = "history.db";
const LOG: &str = "history.db-wal";
const INDEX: &str = "history.db-shm";
const JOURNAL: &str = "history.db-journal";
const PAGE: u64 = 4096;
/// A log's header, and a frame in it.
const LOG_HEADER: u64 = 32;
const FRAME: u64 = PAGE + 24;

/// Everything that is tried with the history's own key.
pub fn all() -> Vec<Variant> {
    let mut all = vec![
        Variant::new("nothing is wrong", Base::Good, |_, _| Ok(())),
        Variant::new("a crash left a log", Base::Crashed, |_, _| Ok(())),
    ];
    all.extend(damaged_files());
    all.extend(damaged_logs());
    all.extend(exchanged());
    all.extend(odd_kinds());
    all.extend(locks());
    all.extend(small_files_beside());
    all.extend(places());
    all
}

/// What is tried while the key is away.
pub fn without_their_key() -> Vec<Variant> {
    let mut all = vec![
        Variant::new("nothing is wrong", Base::Good, |_, _| Ok(())),
        Variant::new("a crash left a log", Base::Crashed, |_, _| Ok(())),
        Variant::new("no id of the key", Base::Good, |data, _| {
            remove(&data.join("history.db.key-id"))
        }),
        Variant::new("no index of the log", Base::Crashed, |data, _| {
            remove(&data.join(INDEX))
        }),
        Variant::new("a later page is damaged", Base::Good, |data, _| {
            flip(&data.join(DB), 7 * PAGE + 99, 1)
        }),
        Variant::new("an older file, a newer log", Base::Good, |data, m| {
            copy(&m.newer, LOG, data)
        })
        .foreign_log(),
        Variant::new("a log of another key", Base::Good, |data, m| {
            copy(&m.other, LOG, data)
        })
        .foreign_log(),
        Variant::new("an odd index of the log", Base::Good, |data, _| {
            fs::write(data.join(INDEX), noise(3, 32768))
        }),
    ];
    for variant in &mut all {
        if variant.name.starts_with("a later page") {
            variant.least = 0;
        }
    }
    all
}

fn damaged_files() -> Vec<Variant> {
    let mut all = Vec::new();
    for page in 0..24 {
        for (what, at, bits) in [("start", 20, 1), ("middle", 2000, 3), ("end", 4090, 10)] {
            let name = format!("file, page {page}, {bits} bits at its {what}");
            all.push(Variant::new(name, Base::Good, move |data, _| {
                flip(&data.join(DB), page * PAGE + at, bits)
            }));
        }
    }
    for page in [0, 1, 2, 3, 5, 8, 13, 21, 34] {
        let name = format!("file, page {page} zeroed");
        all.push(Variant::new(name, Base::Good, move |data, _| {
            overwrite(&data.join(DB), page * PAGE, &[0; PAGE as usize])
        }));
    }
    for (page, pages) in [(1, 6), (4, 20), (10, 30)] {
        let name = format!("file, {pages} pages of noise from page {page}");
        all.push(Variant::new(name, Base::Good, move |data, _| {
            let bytes = noise(page, (pages * PAGE) as usize);
            overwrite(&data.join(DB), page * PAGE, &bytes)
        }));
    }
    for page in [0, 6, 15] {
        let name = format!("file with a log, page {page} flipped");
        all.push(Variant::new(name, Base::Crashed, move |data, _| {
            flip(&data.join(DB), page * PAGE + 300, 2)
        }));
    }
    for length in [
        0, 1, 2, 15, 16, 17, 100, 1024, 4095, 4096, 4097, 8192, 65_536,
    ] {
        for base in [Base::Good, Base::Crashed] {
            let log = if base == Base::Crashed {
                ", with a log"
            } else {
                ""
            };
            let name = format!("file cut to {length} bytes{log}");
            all.push(Variant::new(name, base, move |data, _| {
                cut(&data.join(DB), length)
            }));
        }
    }
    for less in [1, 2048, 4096, 40_960] {
        let name = format!("file cut by {less} bytes");
        all.push(Variant::new(name, Base::Good, move |data, _| {
            let path = data.join(DB);
            let length = fs::metadata(&path)?.len();
            cut(&path, length - less)
        }));
    }
    for more in [1, 512, 4096, 1 << 20] {
        let name = format!("file with {more} bytes more");
        all.push(Variant::new(name, Base::Good, move |data, _| {
            append(&data.join(DB), &noise(7, more))
        }));
    }
    all
}

fn damaged_logs() -> Vec<Variant> {
    let mut all = Vec::new();
    for frame in 0..8 {
        for (what, at) in [("its head", 3), ("its page", 900)] {
            let name = format!("log, frame {frame} flipped in {what}");
            all.push(Variant::new(name, Base::Crashed, move |data, _| {
                flip(&data.join(LOG), LOG_HEADER + frame * FRAME + at, 1)
            }));
        }
    }
    for at in [0, 5, 9, 13, 17, 25] {
        let name = format!("log, header flipped at {at}");
        all.push(Variant::new(name, Base::Crashed, move |data, _| {
            flip(&data.join(LOG), at, 1)
        }));
    }
    for length in [0, 1, 31, 32, 33, 500, 4152, 9000, 20_000] {
        let name = format!("log cut to {length} bytes");
        all.push(Variant::new(name, Base::Crashed, move |data, _| {
            cut(&data.join(LOG), length)
        }));
    }
    for (what, length) in [
        ("noise", 40_000),
        ("noise, short", 20),
        ("more noise", 3 << 20),
    ] {
        let name = format!("log of {what}");
        let noisy = move |data: &Path, _: &Material| fs::write(data.join(LOG), noise(9, length));
        all.push(Variant::new(name.clone(), Base::Crashed, noisy));
        all.push(Variant::new(format!("{name}, where none was"), Base::Good, noisy).foreign_log());
    }
    all.push(Variant::new("log zeroed", Base::Crashed, |data, _| {
        let path = data.join(LOG);
        let length = fs::metadata(&path)?.len();
        fs::write(path, vec![0; length as usize])
    }));
    all.push(Variant::new(
        "log, noise appended",
        Base::Crashed,
        |data, _| append(&data.join(LOG), &noise(4, 10_000)),
    ));
    all
}

fn exchanged() -> Vec<Variant> {
    let mut all = vec![
        Variant::new("a plain log of another program", Base::Good, |data, _| {
            fs::write(data.join(LOG), foreign_log::plain(20))
        })
        .foreign_log(),
        Variant::new("a longer plain log", Base::Good, |data, _| {
            fs::write(data.join(LOG), foreign_log::plain(300))
        })
        .foreign_log(),
        Variant::new("a plain log, page 1 damaged", Base::Good, |data, _| {
            flip(&data.join(DB), 77, 3)?;
            fs::write(data.join(LOG), foreign_log::plain(20))
        })
        .foreign_log(),
        Variant::new(
            "a plain log, a later page damaged",
            Base::Good,
            |data, _| {
                flip(&data.join(DB), 6 * PAGE + 77, 3)?;
                fs::write(data.join(LOG), foreign_log::plain(20))
            },
        )
        .foreign_log(),
        Variant::new("a log of another key", Base::Good, |data, m| {
            copy(&m.other, LOG, data)
        })
        .foreign_log(),
        Variant::new(
            "a log and an index of another key",
            Base::Good,
            |data, m| {
                copy(&m.other, LOG, data)?;
                copy(&m.other, INDEX, data)
            },
        )
        .foreign_log(),
        Variant::new("an older file, a newer log", Base::Good, |data, m| {
            copy(&m.newer, LOG, data)
        })
        .foreign_log(),
        Variant::new(
            "an older file, a newer log and index",
            Base::Good,
            |data, m| {
                copy(&m.newer, LOG, data)?;
                copy(&m.newer, INDEX, data)
            },
        )
        .foreign_log(),
        Variant::new("a newer file, an older log", Base::Crashed, |data, m| {
            copy(&m.newer, DB, data)
        })
        .foreign_log(),
        Variant::new(
            "a newer file, an older log, no index",
            Base::Crashed,
            |data, m| {
                remove(&data.join(INDEX))?;
                copy(&m.newer, DB, data)
            },
        )
        .foreign_log(),
        Variant::new("a file of another key", Base::Good, |data, m| {
            copy(&m.other, DB, data)
        }),
        Variant::new("a file and a log of another key", Base::Good, |data, m| {
            copy(&m.other, DB, data)?;
            copy(&m.other, LOG, data)
        }),
        Variant::new(
            "a file of another key, with its id",
            Base::Good,
            |data, m| {
                copy(&m.other, DB, data)?;
                copy(&m.other, "history.db.key-id", data)
            },
        ),
        Variant::new("a plain database", Base::Good, |data, _| {
            fs::write(data.join(DB), foreign_log::plain_database())
        }),
        Variant::new("a text", Base::Good, |data, _| {
            fs::write(data.join(DB), "Something else. ".repeat(999))
        }),
        Variant::new("no file", Base::Good, |data, _| remove(&data.join(DB))),
        Variant::new("no file, but its log", Base::Crashed, |data, _| {
            remove(&data.join(DB))
        }),
        Variant::new("no file, but its index", Base::Crashed, |data, _| {
            remove(&data.join(DB))?;
            remove(&data.join(LOG))
        }),
    ];
    let files = [
        ("noise", noise(1, 40_000)),
        ("zeroes", vec![0; 40_960]),
        ("one zero", vec![0]),
        ("ones", vec![255; 4096]),
    ];
    for (what, bytes) in files {
        let harm = move |data: &Path, _: &Material| fs::write(data.join(DB), &bytes);
        all.push(Variant::new(format!("a file of {what}"), Base::Good, harm));
    }
    all
}

fn odd_kinds() -> Vec<Variant> {
    let mut all = Vec::new();
    for (what, file, base) in [
        ("the file", DB, Base::Good),
        ("the log", LOG, Base::Good),
        ("a log that was", LOG, Base::Crashed),
        ("the index", INDEX, Base::Good),
        ("the journal", JOURNAL, Base::Good),
        ("the opening lock", "opening.lock", Base::Good),
        ("the history lock", "history.lock", Base::Good),
        ("the key's id", "history.db.key-id", Base::Good),
    ] {
        for kind in KINDS {
            let name = format!("{kind} in place of {what}");
            let put = move |data: &Path, _: &Material| {
                let path = data.join(file);
                if path.exists() {
                    fs::rename(&path, data.join("kept-by-the-test"))?;
                }
                make(kind, &path)
            };
            let back = move |data: &Path| {
                let path = data.join(file);
                if fs::symlink_metadata(&path).is_ok() {
                    if path.is_dir() && !path.is_symlink() {
                        fs::remove_dir_all(&path)?;
                    } else {
                        fs::remove_file(&path)?;
                    }
                }
                let kept = data.join("kept-by-the-test");
                if kept.exists() {
                    fs::rename(kept, path)?;
                }
                Ok(())
            };
            all.push(Variant::new(name, base, put).repaired(back));
        }
    }
    for (what, bytes) in [
        ("noise", noise(2, 32_768)),
        ("a byte", vec![1]),
        ("nothing", vec![]),
    ] {
        for base in [Base::Good, Base::Crashed] {
            let log = if base == Base::Crashed {
                ", with a log"
            } else {
                ""
            };
            let bytes = bytes.clone();
            let name = format!("an index of {what}{log}");
            all.push(Variant::new(name, base, move |data, _| {
                fs::write(data.join(INDEX), &bytes)
            }));
        }
    }
    for (what, bytes) in [
        ("noise", noise(2, 32_768)),
        ("a hot one's header", hot_journal()),
        ("nothing", vec![]),
    ] {
        all.push(Variant::new(
            format!("a journal of {what}"),
            Base::Good,
            move |data, _| fs::write(data.join(JOURNAL), &bytes),
        ));
    }
    all
}

const KINDS: [&str; 8] = [
    "a pipe",
    "a folder",
    "a full folder",
    "a socket",
    "a link to nowhere",
    "a link to itself",
    "a link to /dev/null",
    "a link to /dev/full",
];

fn make(kind: &str, path: &Path) -> io::Result<()> {
    match kind {
        "a pipe" => command(Command::new("mkfifo").arg(path)),
        "a folder" => fs::create_dir(path),
        "a full folder" => {
            fs::create_dir(path)?;
            fs::write(path.join("a file"), "of somebody")
        }
        "a socket" => UnixListener::bind(path).map(drop),
        "a link to nowhere" => symlink("/nowhere/at/all", path),
        "a link to itself" => symlink(path, path),
        "a link to /dev/null" => symlink("/dev/null", path),
        _ => symlink("/dev/full", path),
    }
}

fn locks() -> Vec<Variant> {
    let mut all = Vec::new();
    for file in ["opening.lock", "history.lock"] {
        all.push(Variant::holding(format!("{file} held"), move |data| {
            let lock = lock_file(data, file)?;
            lock.lock()?;
            Ok(Held::Lock(lock))
        }));
        all.push(Variant::holding(
            format!("{file} held with others"),
            move |data| {
                let lock = lock_file(data, file)?;
                lock.lock_shared()?;
                Ok(Held::Lock(lock))
            },
        ));
        for (what, bytes) in [
            ("noise", noise(5, 5000)),
            ("a number", b"4294967295\n".to_vec()),
        ] {
            let name = format!("{file} held, with {what} in it");
            all.push(Variant::holding(name, move |data| {
                fs::write(data.join(file), &bytes)?;
                let lock = lock_file(data, file)?;
                lock.lock()?;
                Ok(Held::Lock(lock))
            }));
        }
        all.push(Variant::new(
            format!("{file} readable only"),
            Base::Good,
            move |data, _| fs::set_permissions(data.join(file), Permissions::from_mode(0o400)),
        ));
    }
    all
}

fn lock_file(data: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(data.join(name))
}

fn small_files_beside() -> Vec<Variant> {
    let mut all = Vec::new();
    for (what, bytes) in [
        ("noise", noise(6, 900)),
        ("nothing", vec![]),
        ("another", vec![b'a'; 16]),
    ] {
        all.push(Variant::new(
            format!("the key's id is {what}"),
            Base::Good,
            move |data, _| fs::write(data.join("history.db.key-id"), &bytes),
        ));
    }
    for (what, page) in [("page 1", 0), ("a later page", 9)] {
        all.push(Variant::new(
            format!("no key's id, {what} damaged"),
            Base::Good,
            move |data, _| {
                remove(&data.join("history.db.key-id"))?;
                flip(&data.join(DB), page * PAGE + 100, 2)
            },
        ));
    }
    all.push(Variant::new(
        "marked as damaged, and is not",
        Base::Good,
        |data, _| fs::write(data.join("history.db.damaged"), ""),
    ));
    all.push(Variant::new(
        "marked as damaged, by a folder",
        Base::Good,
        |data, _| fs::create_dir(data.join("history.db.damaged")),
    ));
    all.push(Variant::new(
        "a copy of a check was left",
        Base::Crashed,
        |data, _| fs::create_dir(data.join("history.db.checked-1")),
    ));
    all
}

fn places() -> Vec<Variant> {
    let mut all = vec![
        Variant::new("the file is a link to its place", Base::Good, |data, _| {
            let elsewhere = data.join("elsewhere");
            fs::create_dir(&elsewhere)?;
            fs::rename(data.join(DB), elsewhere.join(DB))?;
            symlink(elsewhere.join(DB), data.join(DB))
        }),
        Variant::new("the file is readable only", Base::Good, |data, _| {
            fs::set_permissions(data.join(DB), Permissions::from_mode(0o400))
        }),
        Variant::new("the folder is readable only", Base::Good, |data, _| {
            fs::set_permissions(data, Permissions::from_mode(0o500))
        }),
    ];
    for (what, free) in [("no room", 0), ("a page of room", 1)] {
        for log in [false, true] {
            let name = format!(
                "{what} on the disk{}",
                if log { ", with a log" } else { "" }
            );
            let mut variant = Variant::new(name, Base::Good, |_, _| Ok(()));
            variant.base = if log { Base::Crashed } else { Base::Good };
            variant.harm = Box::new(move |data, _| full_disk(data, free));
            variant.repair = Box::new(|data| remove(&data.join("fills-the-disk")));
            all.push(variant);
        }
    }
    all
}

/// Puts the folder on a file system that is full but for so many pages.
fn full_disk(data: &Path, free: u64) -> io::Result<Held> {
    let kept = data.with_extension("before");
    fs::rename(data, &kept)?;
    fs::create_dir(data)?;
    let size = "-osize=4m";
    command(
        Command::new("mount")
            .args(["-t", "tmpfs", size, "faults"])
            .arg(data),
    )?;
    let mounted = Held::Mount(data.to_owned());
    for entry in fs::read_dir(&kept)? {
        let entry = entry?;
        fs::copy(entry.path(), data.join(entry.file_name()))?;
    }
    let filler = data.join("fills-the-disk");
    let mut length = 0;
    let mut file = File::create(&filler)?;
    while io::Write::write_all(&mut file, &[1; PAGE as usize]).is_ok() {
        length += PAGE;
    }
    file.set_len(length - free * PAGE)?;
    Ok(mounted)
}

fn command(command: &mut Command) -> io::Result<()> {
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() {
        return Ok(());
    }
    let program = command.get_program().display();
    Err(io::Error::other(format!("{program}: {status}")))
}

fn copy(from: &Path, name: &str, to: &Path) -> io::Result<()> {
    fs::copy(from.join(name), to.join(name)).map(drop)
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn flip(path: &Path, at: u64, bits: u8) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    for bit in 0..u64::from(bits) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, at + bit / 2)?;
        byte[0] ^= 1 << (3 * bit % 8);
        file.write_all_at(&byte, at + bit / 2)?;
    }
    Ok(())
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .open(path)?
        .write_all_at(bytes, at)
}

fn cut(path: &Path, length: u64) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.set_len(length)
}

fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    io::Write::write_all(&mut OpenOptions::new().append(true).open(path)?, bytes)
}

/// Bytes without a pattern, the same each time.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// The header of a journal that SQLite would roll back.
fn hot_journal() -> Vec<u8> {
    let mut bytes = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    for number in [1u32, 0, 40, 512, 4096] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.resize(512, 0);
    bytes.extend(noise(8, 4104));
    bytes
}
