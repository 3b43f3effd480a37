//! A program and all it started, as the kernel tells of them.

use std::{collections::HashMap, fs, time::Duration};

/// The clock ticks in a second that `/proc` counts in; Linux has no other number on any platform
/// the app is built for.
const TICKS_PER_SECOND: u64 = 100;

/// A process and its descendants.
pub fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let name = entry.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = stat(id, 1) {
            children
                .entry(u32::try_from(parent).unwrap())
                .or_default()
                .push(id);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(id) = found.get(next) {
        found.extend(children.remove(id).unwrap_or_default());
        next += 1;
    }
    found
}

/// The processor time that the whole tree has used so far.
pub fn cpu(root: u32) -> Duration {
    let ticks: u64 = tree(root)
        .into_iter()
        .filter_map(|id| Some(stat(id, 11)? + stat(id, 12)?))
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

/// A number of `/proc/ID/stat`, counted from the state, which follows the name in brackets.
/// `None` where the process has just ended.
fn stat(id: u32, place: usize) -> Option<u64> {
    let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, after) = line.rsplit_once(')')?;
    after.split_whitespace().nth(place)?.parse().ok()
}
