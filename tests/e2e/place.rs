//! The window where the screen is smaller than it was, or than anybody thought of.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{
    desktop::{Desktop, Keyring, TOKENDESK, wait_for},
    display::Display,
};

/// A display of its own, as small as a laptop's at twice the scale.
struct SmallScreen {
    server: Child,
    name: String,
}

const SCREEN: (i32, i32) = (960, 540);

impl SmallScreen {
    fn new() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{}x{}x24", SCREEN.0, SCREEN.1))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is there: `cargo xtask setup` installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        Self {
            server,
            name: format!(":{}", number.trim()),
        }
    }
}

impl Drop for SmallScreen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_window_larger_than_the_screen_comes_within_it() {
    let desktop = Desktop::new(Keyring::NoService);
    let screen = SmallScreen::new();
    let display = Display::open(Some(&screen.name));
    fs::create_dir_all(desktop.config()).unwrap();
    let state = desktop.config().join(".window-state.json");
    let of_another_screen = |x: i32, y: i32, width: u32, height: u32| {
        format!(
            r#"{{"main":{{"width":{width},"height":{height},"x":{x},"y":{y},"prev_x":{x},"prev_y":{y},
            "maximized":false,"visible":true,"decorated":true,"fullscreen":false}}}}"#
        )
    };
    for before in [
        None,
        Some(of_another_screen(0, 0, 3840, 2000)),
        Some(of_another_screen(700, 400, 1280, 800)),
        Some(of_another_screen(-300, -200, 1000, 700)),
        Some("not JSON".to_owned()),
    ] {
        match &before {
            Some(before) => fs::write(&state, before).unwrap(),
            None => drop(fs::remove_file(&state)),
        }
        let mut app = desktop
            .command(TOKENDESK)
            .env("DISPLAY", &screen.name)
            .env_remove("XAUTHORITY")
            .spawn()
            .unwrap();
        let mut place = (0, 0, 0, 0);
        wait_for("a window within the screen", || {
            let windows = display.windows("TokenDesk");
            let Some(window) = windows.first() else {
                return false;
            };
            place = display.place(*window);
            let (x, y, width, height) = place;
            x >= 0 && y >= 0 && x + width <= SCREEN.0 && y + height <= SCREEN.1
        });
        assert!(place.2 >= 800 && place.3 >= 450, "{before:?}: {place:?}");
        display.close(display.windows("TokenDesk")[0]);
        assert!(app.wait().unwrap().success());
    }
}
