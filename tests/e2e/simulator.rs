//! `tokendesk simulate` as a process of its own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use crate::desktop::{Desktop, TOKENDESK};

pub struct SimulatorProcess {
    child: Child,
    pub origin: String,
    pub key: String,
    pub secret: String,
    pub organization_token: String,
}

impl SimulatorProcess {
    /// Starts it at an address; port 0 takes a free one.
    pub fn start(desktop: &Desktop, listen: &str, more: &[&str]) -> Self {
        let mut child = desktop
            .command(TOKENDESK)
            .args(["simulate", "--listen", listen])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut last_word = |of: &str| {
            let line = lines.next().unwrap().unwrap();
            assert!(line.contains(of), "{line} does not name the {of}");
            line.rsplit(' ').next().unwrap().to_owned()
        };
        Self {
            origin: last_word("Simulator on"),
            key: last_word("key"),
            secret: last_word("secret"),
            organization_token: last_word("organization token"),
            child,
        }
    }

    pub fn address(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }
}

impl Drop for SimulatorProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
