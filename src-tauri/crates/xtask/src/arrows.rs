//! Which crate may know which: `ui → commands → core → transactionlink`.

use crate::shell::{Done, answer, cargo};

/// A crate and what must not be below it. That only one folder of the UI may call the host is
/// held by ESLint.
const RULES: [(&str, &[&str]); 4] = [
    (
        "transactionlink",
        &["tauri", "wry", "axum", "rusqlite", "keyring", "tokendesk-*"],
    ),
    ("tokendesk-core", &["tauri", "wry", "axum", "tokendesk-*"]),
    (
        "tokendesk-simulator",
        &["tauri", "wry", "transactionlink", "tokendesk-*"],
    ),
    ("tokendesk-cli", &["tauri", "wry", "tokendesk"]),
];

/// Holds every rule against the tree cargo builds.
pub fn hold() -> Done {
    for (package, forbidden) in RULES {
        let mut tree = cargo();
        tree.args(["tree", "--package", package, "--edges", "normal"])
            .args(["--prefix", "none", "--format", "{p}"]);
        let tree = answer(&mut tree).ok_or(format!("cargo tree of {package} failed"))?;
        let found = breaches(&tree, package, forbidden);
        if !found.is_empty() {
            return Err(format!("{package} must not reach {}", found.join(", ")));
        }
        println!("{package} reaches none of {}", forbidden.join(", "));
    }
    Ok(())
}

fn breaches<'a>(tree: &'a str, package: &str, forbidden: &[&str]) -> Vec<&'a str> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != package)
        .filter(|name| forbidden.iter().any(|rule| matches(rule, name)))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn matches(rule: &str, name: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_is_found_and_what_only_looks_like_one_is_not() {
        let tree = "tokendesk-core v0.1.0 (/x)\ntauri v2.12.5\ntauri-utils v2\n\
            tokendesk-simulator v0.1.0 (/y)\ntauri v2.12.5 (*)\nserde v1\n";
        let found = breaches(tree, "tokendesk-core", &["tauri", "tokendesk-*"]);
        assert_eq!(found, ["tauri", "tokendesk-simulator"]);
    }
}
