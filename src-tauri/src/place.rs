//! Where a window goes: where it was, as far as a screen has room for it.

use std::path::PathBuf;

use serde::Deserialize;
use tauri::{AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, Runtime, WebviewWindow};

/// What the desktop puts round a window: its title bar, in logical pixels.
const TITLE_BAR: f64 = 40.0;

/// A rectangle of the desktop, in physical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Area {
    fn of(monitor: &Monitor) -> Self {
        let work_area = monitor.work_area();
        Self {
            x: work_area.position.x.into(),
            y: work_area.position.y.into(),
            width: work_area.size.width.into(),
            height: work_area.size.height.into(),
        }
    }

    /// How much of another one lies in this one.
    fn overlap(&self, other: &Self) -> i64 {
        let side = |a: i64, a_length: i64, b: i64, b_length: i64| {
            ((a + a_length).min(b + b_length) - a.max(b)).max(0)
        };
        side(self.x, self.width, other.x, other.width)
            * side(self.y, self.height, other.y, other.height)
    }

    /// The nearest place and size within an area, which keeps room for a title bar.
    fn within(self, area: Self, title_bar: i64) -> Self {
        let width = self.width.min(area.width);
        let height = self.height.min(area.height - title_bar);
        let room = |free: i64| free.max(0);
        Self {
            x: self.x.clamp(area.x, area.x + room(area.width - width)),
            y: self
                .y
                .clamp(area.y, area.y + room(area.height - title_bar - height)),
            width,
            height,
        }
    }
}

/// The size of a new window and the least it may be made, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sizes {
    pub(crate) size: (f64, f64),
    pub(crate) least: (f64, f64),
}

impl Sizes {
    /// Both, made smaller where the screen is: a window with a button below its edge is of no use.
    pub(crate) fn on(self, monitor: Option<&Monitor>) -> Self {
        match monitor {
            Some(monitor) => self.within(monitor.work_area().size, monitor.scale_factor()),
            None => self,
        }
    }

    fn within(self, area: PhysicalSize<u32>, scale: f64) -> Self {
        let area = area.to_logical::<f64>(scale);
        let room = |(width, height): (f64, f64)| {
            (
                width.min(area.width),
                height.min((area.height - TITLE_BAR).max(1.0)),
            )
        };
        Self {
            size: room(self.size),
            least: room(self.least),
        }
    }
}

/// Where the main window was when the app ended.
pub(crate) struct LastPlace(Area);

/// What the window-state plugin writes of a window, as far as it is needed here.
#[derive(Deserialize)]
struct Saved {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl LastPlace {
    /// Reads it. None at the first start, or when the file is not as expected.
    pub(crate) fn read<R: Runtime>(app: &AppHandle<R>) -> Option<Self> {
        let file = app.path().app_config_dir().ok()?;
        Self::parse(&std::fs::read(saved_in(file)).ok()?)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Windows {
            main: Saved,
        }
        let Windows { main } = serde_json::from_slice(text).ok()?;
        // A desktop is never this large, and sums stay far from their limits.
        let plausible = |n: &i64| (-(1 << 20)..=1 << 20).contains(n);
        let all = [main.x, main.y, main.width, main.height];
        (all.iter().all(plausible) && main.width > 0 && main.height > 0).then_some(Self(Area {
            x: main.x,
            y: main.y,
            width: main.width,
            height: main.height,
        }))
    }

    /// The screen that shows most of it, if one does.
    pub(crate) fn monitor<'a>(&self, monitors: &'a [Monitor]) -> Option<&'a Monitor> {
        monitors
            .iter()
            .map(|monitor| (Area::of(monitor).overlap(&self.0), monitor))
            .filter(|(seen, _)| *seen > 0)
            .max_by_key(|(seen, _)| *seen)
            .map(|(_, monitor)| monitor)
    }

    /// Moves the window into the screen's work area and makes it smaller, where it would not fit.
    pub(crate) fn fit<R: Runtime>(
        &self,
        window: &WebviewWindow<R>,
        monitor: &Monitor,
    ) -> tauri::Result<()> {
        #[allow(clippy::cast_possible_truncation, reason = "some pixels")]
        let title_bar = (TITLE_BAR * monitor.scale_factor()) as i64;
        let fitting = self.0.within(Area::of(monitor), title_bar);
        let number = |n: i64| u32::try_from(n).unwrap_or(1);
        if (fitting.width, fitting.height) != (self.0.width, self.0.height) {
            window.set_size(PhysicalSize::new(
                number(fitting.width),
                number(fitting.height),
            ))?;
        }
        if (fitting.x, fitting.y) != (self.0.x, self.0.y) {
            let place = |n: i64| i32::try_from(n).unwrap_or_default();
            window.set_position(PhysicalPosition::new(place(fitting.x), place(fitting.y)))?;
        }
        Ok(())
    }
}

fn saved_in(folder: PathBuf) -> PathBuf {
    folder.join(tauri_plugin_window_state::DEFAULT_FILENAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(x: i64, y: i64, width: i64, height: i64) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn what_fits_stays_and_what_does_not_comes_in() {
        let screen = area(0, 0, 1366, 768);
        let second = area(1366, -200, 1920, 1040);
        for (was, on, fits) in [
            (area(43, 20, 1280, 700), screen, area(43, 20, 1280, 700)),
            (area(0, 0, 3840, 2000), screen, area(0, 0, 1366, 728)),
            (area(1000, 700, 1280, 700), screen, area(86, 28, 1280, 700)),
            (area(-900, -50, 1280, 600), screen, area(0, 0, 1280, 600)),
            (
                area(3000, 0, 1280, 800),
                second,
                area(1366 + 640, 0, 1280, 800),
            ),
        ] {
            assert_eq!(was.within(on, 40), fits, "{was:?}");
        }
    }

    #[test]
    fn the_least_size_gives_way_to_a_small_screen() {
        let wanted = Sizes {
            size: (1280.0, 800.0),
            least: (880.0, 600.0),
        };
        for (screen, scale, size, least) in [
            ((1920, 1080), 1.0, (1280.0, 800.0), (880.0, 600.0)),
            ((1920, 1080), 2.0, (960.0, 500.0), (880.0, 500.0)),
            ((1366, 768), 1.0, (1280.0, 728.0), (880.0, 600.0)),
            ((800, 600), 1.0, (800.0, 560.0), (800.0, 560.0)),
        ] {
            let fits = wanted.within(PhysicalSize::new(screen.0, screen.1), scale);
            assert_eq!(fits, Sizes { size, least }, "{screen:?} at {scale}");
        }
    }

    #[test]
    fn a_file_that_is_not_as_expected_is_no_place() {
        let whole = br#"{"main":{"width":3840,"height":2000,"x":-8,"y":0,"maximized":false}}"#;
        assert_eq!(LastPlace::parse(whole).unwrap().0, area(-8, 0, 3840, 2000));
        for odd in [
            &b""[..],
            b"{}",
            b"[]",
            br#"{"main":{"width":0,"height":0,"x":0,"y":0}}"#,
            br#"{"main":{"width":9223372036854775807,"height":1,"x":0,"y":0}}"#,
            br#"{"main":{"width":1280,"height":800,"x":-9223372036854775808,"y":0}}"#,
            br#"{"main":{"width":"wide","height":800,"x":0,"y":0}}"#,
        ] {
            assert!(LastPlace::parse(odd).is_none());
        }
    }
}
