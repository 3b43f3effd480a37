//! A person's desktop for one test: a home, a session bus and a keyring of its own.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder, Permissions},
    io::{BufRead, BufReader, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// The app under test.
pub const TOKENDESK: &str = env!("CARGO_BIN_EXE_tokendesk");

/// What the session bus has to offer for secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// A login keyring that is open.
    Unlocked,
    /// A login keyring that is locked; its prompt waits on the display.
    Locked,
    /// A bus with no such service, and nothing on it that would start one.
    NoService,
    /// No session bus at all.
    NoBus,
}

const PASSWORD: &str = "the login password\n";

pub struct Desktop {
    home: TempDir,
    environment: HashMap<&'static str, String>,
    daemons: Vec<Child>,
}

impl Desktop {
    pub fn new(keyring: Keyring) -> Self {
        let home = tempfile::Builder::new()
            .prefix("tokendesk-")
            .tempdir()
            .unwrap();
        let mut environment = HashMap::new();
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
        ] {
            let path = home.path().join(folder);
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&path)
                .unwrap();
            environment.insert(name, path.display().to_string());
        }
        for name in ["PATH", "DISPLAY", "XAUTHORITY", "LANG"] {
            if let Ok(value) = std::env::var(name) {
                environment.insert(name, value);
            }
        }
        for (name, value) in [
            ("GTK_A11Y", "none"),
            ("NO_AT_BRIDGE", "1"),
            ("TZ", "Europe/Warsaw"),
        ] {
            environment.insert(name, value.to_owned());
        }
        let mut desktop = Self {
            home,
            environment,
            daemons: Vec::new(),
        };
        if keyring == Keyring::NoBus {
            // Without an address one would be looked for, and started where there is none.
            let nowhere = "unix:path=/nowhere".to_owned();
            desktop
                .environment
                .insert("DBUS_SESSION_BUS_ADDRESS", nowhere);
        } else {
            desktop.start_bus(keyring != Keyring::NoService);
        }
        match keyring {
            Keyring::Unlocked => desktop.start_keyring(Some(PASSWORD)),
            Keyring::Locked => {
                desktop.start_keyring(Some(PASSWORD));
                desktop.end_last_daemon();
                desktop.start_keyring(None);
            }
            Keyring::NoService | Keyring::NoBus => {}
        }
        desktop
    }

    /// A command in this desktop's environment and no other.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.home.path());
        command
    }

    /// From now on the app writes the name of each command that the window calls to this file.
    pub fn log_commands(&mut self) -> PathBuf {
        let log = self.home.path().join("commands");
        let path = log.display().to_string();
        self.environment.insert("TOKENDESK_COMMAND_LOG", path);
        log
    }

    /// Runs the app in the terminal, with lines for its standard input.
    pub fn tokendesk(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(TOKENDESK)
            .args(arguments)
            // A terminal on a computer without a display.
            .env_remove("DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    /// The app's data folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("home/.local/share/tokendesk")
    }

    /// The folder for caches.
    pub fn cache(&self) -> PathBuf {
        self.environment["XDG_CACHE_HOME"].clone().into()
    }

    /// The settings of the app's window.
    pub fn config(&self) -> PathBuf {
        PathBuf::from(&self.environment["XDG_CONFIG_HOME"]).join("io.tokendesk.desktop")
    }

    /// The session bus's address.
    pub fn bus(&self) -> String {
        self.environment["DBUS_SESSION_BUS_ADDRESS"].clone()
    }

    /// Whether the app runs on this desktop, whoever started it.
    pub fn runs_the_app(&self) -> bool {
        let home = format!("HOME={}", self.environment["HOME"]);
        let processes = fs::read_dir("/proc").unwrap().flatten();
        processes.into_iter().any(|process| {
            let path = process.path();
            let is_app =
                fs::read_link(path.join("exe")).is_ok_and(|exe| exe == Path::new(TOKENDESK));
            let environment = fs::read(path.join("environ")).unwrap_or_default();
            is_app
                && environment
                    .split(|byte| *byte == 0)
                    .any(|one| one == home.as_bytes())
        })
    }

    /// Every file below the home, with its bytes.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(self.home.path(), &mut found);
        assert!(!found.is_empty(), "a run leaves files");
        found
    }

    /// How many items the login keyring holds.
    pub fn keychain_items(&self) -> usize {
        let asked = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
            ])
            .args([
                "/org/freedesktop/secrets/collection/login",
                "org.freedesktop.DBus.Properties.Get",
            ])
            .args(["string:org.freedesktop.Secret.Collection", "string:Items"])
            .output()
            .unwrap();
        assert!(asked.status.success(), "the keyring answers");
        String::from_utf8_lossy(&asked.stdout)
            .matches("object path")
            .count()
    }

    fn start_bus(&mut self, with_services: bool) {
        let config = self.home.path().join("bus.conf");
        let services = if with_services {
            "<standard_session_servicedirs/>"
        } else {
            "<servicedir>services</servicedir>"
        };
        let text = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
             <busconfig><type>session</type><listen>unix:tmpdir={}</listen>{services}\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            self.home.path().join("run").display()
        );
        fs::write(&config, text).unwrap();
        let mut bus = self
            .command("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is there: `cargo xtask setup` installs it");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        self.environment
            .insert("DBUS_SESSION_BUS_ADDRESS", address.trim().to_owned());
        self.daemons.push(bus);
    }

    fn start_keyring(&mut self, password: Option<&str>) {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            daemon.arg("--unlock");
        }
        let mut daemon = daemon
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring is there: `cargo xtask setup` installs it");
        if let Some(password) = password {
            daemon
                .stdin
                .take()
                .unwrap()
                .write_all(password.as_bytes())
                .unwrap();
        }
        self.daemons.push(daemon);
        wait_for("the keyring", || self.has_secrets());
    }

    /// Takes the keyring away; whoever asks the bus for it next starts one that is locked.
    pub fn lock_keyring(&mut self) {
        self.end_last_daemon();
    }

    /// Starts the keyring that was not there before.
    pub fn bring_keyring(&mut self) {
        self.start_keyring(Some(PASSWORD));
    }

    /// Ends the keyring's daemon. On a bus that starts none it is away until [`Self::bring_keyring`].
    pub fn end_keyring(&mut self) {
        self.end_last_daemon();
        wait_for("the keyring's end", || !self.has_secrets());
    }

    /// Starts a keyring that is locked, with a prompter that asks for its password.
    pub fn bring_locked_keyring(&mut self) {
        let services = self.home.path().join("services");
        fs::create_dir_all(&services).unwrap();
        let prompter = "org.gnome.keyring.SystemPrompter.service";
        let installed = Path::new("/usr/share/dbus-1/services").join(prompter);
        fs::copy(installed, services.join(prompter)).unwrap();
        let reloaded = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
            .args(["/", "org.freedesktop.DBus.ReloadConfig"])
            .output()
            .unwrap();
        assert!(
            reloaded.status.success(),
            "the bus reads its services again"
        );
        self.start_keyring(None);
    }

    /// Whether a prompt for a password is open.
    pub fn has_prompt(&self) -> bool {
        self.has_owner("org.gnome.keyring.SystemPrompter")
    }

    fn has_secrets(&self) -> bool {
        self.has_owner("org.freedesktop.secrets")
    }

    fn has_owner(&self, name: &str) -> bool {
        let asked = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
            ])
            .args([
                "org.freedesktop.DBus.NameHasOwner",
                &format!("string:{name}"),
            ])
            .output()
            .unwrap();
        String::from_utf8_lossy(&asked.stdout).contains("boolean true")
    }

    fn end_last_daemon(&mut self) {
        if let Some(mut daemon) = self.daemons.pop() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        // A web process that is just ending may have left a folder nobody may enter.
        let _ = fs::set_permissions(self.home.path(), Permissions::from_mode(0o700));
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for item in fs::read_dir(folder).unwrap().flatten() {
        let path = item.path();
        let kind = item.file_type().unwrap();
        if kind.is_dir() {
            collect(&path, found);
        } else if kind.is_file() {
            // It may be gone by now.
            if let Ok(bytes) = fs::read(&path) {
                found.push((path, bytes));
            }
        }
    }
}

/// Waits until something holds, for as long as a slow machine may need.
pub fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{what} did not come"
        );
        thread::sleep(Duration::from_millis(50));
    }
}
