//! The memory and the processor time of a program and of all it started: the web view is three
//! processes.

use std::{collections::HashMap, fs, time::Duration};

/// The clock ticks in a second that `/proc` counts in, on every platform the app is built for.
const TICKS_PER_SECOND: u64 = 100;

/// A process and its descendants.
pub fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|n| n.parse().ok()) else {
            continue;
        };
        // A process may end while we look.
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        if let Some(parent) = parent(&stat) {
            children.entry(parent).or_default().push(id);
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

/// What they hold, pages shared with others counted in part.
#[allow(clippy::cast_precision_loss, reason = "kilobytes of memory fit")]
pub fn pss_mib(processes: &[u32]) -> f64 {
    let kib: u64 = processes
        .iter()
        .filter_map(|id| fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok())
        .filter_map(|text| pss(&text))
        .sum();
    kib as f64 / 1024.0
}

/// The processor time they have used so far.
pub fn cpu(processes: &[u32]) -> Duration {
    let ticks: u64 = processes
        .iter()
        .filter_map(|id| fs::read_to_string(format!("/proc/{id}/stat")).ok())
        .filter_map(|stat| ticks(&stat))
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

fn parent(stat: &str) -> Option<u32> {
    number(stat, 1)?.try_into().ok()
}

/// In the program and in the kernel on its behalf.
fn ticks(stat: &str) -> Option<u64> {
    Some(number(stat, 11)? + number(stat, 12)?)
}

/// A number of `/proc/<id>/stat`, counted from the state. The name before it may hold spaces and
/// brackets.
fn number(stat: &str, place: usize) -> Option<u64> {
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(place)?.parse().ok()
}

fn pss(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_read() {
        assert_eq!(parent("12 (a) b) S 7 12 12"), Some(7));
        assert_eq!(parent("12 (cut"), None);
        let busy = "12 (a) b) S 7 12 12 0 -1 4194304 1 2 3 4 500 31 0 0 20 0";
        assert_eq!(ticks(busy), Some(531));
        let rollup =
            "00400000-7ff rollup\nRss:  900 kB\nPss:                 512 kB\nPss_Dirty: 1 kB\n";
        assert_eq!(pss(rollup), Some(512));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_is_in_the_tree_and_has_memory() {
        let mut child = std::process::Command::new("sleep")
            .arg("5")
            .spawn()
            .unwrap();
        let found = tree(std::process::id());
        let memory = pss_mib(&[child.id()]);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.contains(&child.id()));
        assert!(memory > 0.0);
    }
}
