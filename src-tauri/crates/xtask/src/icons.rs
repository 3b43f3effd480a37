//! The icons, drawn from their sources: a drawing per class of size, so that small ones stay clear.

use std::path::PathBuf;

use crate::{
    packages::{self, Purpose},
    shell::{Done, program, root, run, target},
};

/// Up to which size in pixels each drawing is used.
const DRAWINGS: [(u32, &str); 3] = [
    (16, "small.svg"),
    (32, "medium.svg"),
    (u32::MAX, "large.svg"),
];

/// What is committed, by size.
const PICTURES: [(u32, &str); 6] = [
    (16, "16x16.png"),
    (32, "32x32.png"),
    (128, "128x128.png"),
    (256, "128x128@2x.png"),
    (256, "256x256.png"),
    (512, "icon.png"),
];
/// Windows takes the window's icon from the first.
const WINDOWS: [u32; 6] = [32, 16, 24, 48, 64, 256];
const MACOS: [u32; 6] = [16, 32, 128, 256, 512, 1024];

/// Draws them all into `src-tauri/icons`.
pub fn draw() -> Done {
    packages::ready(&[Purpose::Icons])?;
    for (size, name) in PICTURES {
        picture(size, folder().join(name))?;
    }
    std::fs::create_dir_all(target("icons")).map_err(|error| error.to_string())?;
    let drawn = drawn(&WINDOWS)?;
    run(program("convert")
        .args(drawn)
        .arg(folder().join("icon.ico")))?;
    let drawn = self::drawn(&MACOS)?;
    run(program("png2icns")
        .arg(folder().join("icon.icns"))
        .args(drawn))
}

fn drawn(sizes: &[u32]) -> Result<Vec<PathBuf>, String> {
    let draw = |size: &u32| {
        let path = target("icons").join(format!("{size}.png"));
        picture(*size, path.clone()).map(|()| path)
    };
    sizes.iter().map(draw).collect()
}

fn picture(size: u32, path: PathBuf) -> Done {
    let fits = |drawing: &&(u32, &str)| size <= drawing.0;
    let drawing = DRAWINGS
        .iter()
        .find(fits)
        .map_or("large.svg", |(_, name)| name);
    let (width, height) = (format!("--width={size}"), format!("--height={size}"));
    run(program("rsvg-convert")
        .args([width, height])
        .arg("--output")
        .arg(path)
        .arg(folder().join("source").join(drawing)))
}

fn folder() -> PathBuf {
    root().join("src-tauri/icons")
}
