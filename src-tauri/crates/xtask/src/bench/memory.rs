//! The memory of a program and of all it started: the web view is three processes.

use std::{collections::HashMap, fs};

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

/// The parent in `/proc/<id>/stat`; the name before it may hold spaces and brackets.
fn parent(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(1)?.parse().ok()
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
