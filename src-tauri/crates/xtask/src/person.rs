//! A person made up for a command: folders and a login keyring of their own.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::shell::{Done, program};

/// The person; the keyring that was started ends with it.
pub struct Person {
    folder: PathBuf,
    folders: Vec<(&'static str, String)>,
    keyring: Option<Child>,
}

impl Person {
    /// Makes the folders of one, below this folder.
    pub fn begin(folder: &Path) -> Result<Self, String> {
        let mut person = Self {
            folder: folder.to_owned(),
            folders: Vec::new(),
            keyring: None,
        };
        for (name, below) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "home/data"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("XDG_CACHE_HOME", "home/cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            person.set_folder(name, below)?;
        }
        Ok(person)
    }

    fn set_folder(&mut self, name: &'static str, below: &str) -> Done {
        let path = self.folder.join(below);
        make_private(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        self.folders.retain(|(other, _)| *other != name);
        self.folders.push((name, path.display().to_string()));
        Ok(())
    }

    /// Starts the keyring of this person, open.
    pub fn start_keyring(&mut self) -> Done {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("gnome-keyring-daemon: {error}"))?;
        let password = daemon.stdin.take();
        self.keyring = Some(daemon);
        if let Some(mut password) = password {
            password
                .write_all(b"a password\n")
                .map_err(|error| format!("gnome-keyring-daemon: {error}"))?;
        }
        // It makes its keyring now and does not say when it is ready.
        thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    /// Ends the keyring and starts one whose file lies in another folder.
    pub fn change_keyring(&mut self, name: &str) -> Done {
        self.end_keyring();
        self.set_folder("XDG_DATA_HOME", &format!("home/data-{name}"))?;
        self.start_keyring()
    }

    fn end_keyring(&mut self) {
        if let Some(mut daemon) = self.keyring.take() {
            // It may have ended already.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    /// A program, run as this person.
    pub fn command(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = program(name);
        command.envs(self.folders.iter().map(|(name, path)| (name, path)));
        command
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.end_keyring();
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
