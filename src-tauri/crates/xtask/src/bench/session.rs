//! A person's session for the measurement: folders, keyring and the display's events.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use crate::shell::{Done, program};

/// No start takes longer; the window did not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The session; what it started ends with it.
pub struct Session {
    folders: Vec<(&'static str, String)>,
    daemons: Vec<Child>,
    shown: Receiver<Instant>,
}

impl Session {
    /// Begins one in this folder, with a login keyring that is open.
    pub fn begin(folder: &Path) -> Result<Self, String> {
        let mut folders = Vec::new();
        for (name, below) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "home/data"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("XDG_CACHE_HOME", "home/cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            let path = folder.join(below);
            make_private(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            folders.push((name, path.display().to_string()));
        }
        let (told, shown) = mpsc::channel();
        let mut session = Self {
            folders,
            daemons: Vec::new(),
            shown,
        };
        session.start_keyring()?;
        // It tells of each window the moment it is mapped; asking again and again would take time
        // from what is measured.
        let mut events = session.command("xev");
        events.args(["-root", "-event", "substructure"]);
        let mut events = events
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("xev: {error}"))?;
        let lines = events.stdout.take();
        session.daemons.push(events);
        thread::spawn(move || {
            let mut mapped = false;
            for line in lines
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines())
            {
                let Ok(line) = line else { return };
                // A window that overrides is a menu or a tooltip.
                if mapped && line.ends_with("override NO") && told.send(Instant::now()).is_err() {
                    return;
                }
                mapped = line.starts_with("MapNotify");
            }
        });
        // xev says nothing when it is ready.
        thread::sleep(Duration::from_millis(500));
        Ok(session)
    }

    /// Starts a program and waits until its window is shown.
    pub fn open(&mut self, mut command: Command) -> Result<(Child, Duration), String> {
        while self.shown.try_recv().is_ok() {}
        let name = command.get_program().display().to_string();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut running = command
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        match self.shown.recv_timeout(PATIENCE) {
            Ok(shown) => Ok((running, shown - begun)),
            Err(_) => {
                let tree = super::process::tree(running.id());
                self.close(&mut running, &tree)?;
                Err(format!("{name} showed no window"))
            }
        }
    }

    /// Ends a program and waits until all it started is gone.
    pub fn close(&mut self, running: &mut Child, tree: &[u32]) -> Done {
        running
            .kill()
            .and_then(|()| running.wait())
            .map_err(|error| error.to_string())?;
        // The web view's processes end by themselves when the app is gone.
        let begun = Instant::now();
        let left = || {
            tree.iter()
                .any(|id| Path::new(&format!("/proc/{id}")).exists())
        };
        while left() {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("the web view's processes did not end".to_owned());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn start_keyring(&mut self) -> Done {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("gnome-keyring-daemon: {error}"))?;
        let password = daemon.stdin.take();
        self.daemons.push(daemon);
        if let Some(mut password) = password {
            password
                .write_all(b"a password\n")
                .map_err(|error| format!("gnome-keyring-daemon: {error}"))?;
        }
        // It makes its keyring now; the first start, which does not count, waits for the rest.
        thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    /// A program in the session.
    pub fn command(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = program(name);
        command.envs(self.folders.iter().map(|(name, path)| (name, path)));
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for daemon in &mut self.daemons {
            // It may have ended already.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
