//! A person's session for the measurement, with the display's events.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use crate::{person::Person, shell::Done};

/// No start takes longer; the window did not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The session; what it started ends with it.
pub struct Session {
    person: Person,
    events: Child,
    shown: Receiver<Instant>,
}

impl Session {
    /// Begins one in this folder, with a login keyring that is open.
    pub fn begin(folder: &Path) -> Result<Self, String> {
        let mut person = Person::begin(folder)?;
        person.start_keyring()?;
        let (told, shown) = mpsc::channel();
        // It tells of each window the moment it is mapped; asking again and again would take time
        // from what is measured.
        let mut events = person.command("xev");
        events.args(["-root", "-event", "substructure"]);
        let mut events = events
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("xev: {error}"))?;
        let lines = events.stdout.take();
        let session = Self {
            person,
            events,
            shown,
        };
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

    /// A program in the session.
    pub fn command(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        self.person.command(name)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.events.kill();
        let _ = self.events.wait();
    }
}
