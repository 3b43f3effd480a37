//! Damaged history files in every form a person can come by, given to the real program with a real
//! keyring. Nothing may be lost, begun anew without a word, or waited for without end, and there
//! has to be a way on from each.

mod foreign_log;
mod judge;
mod material;
mod variants;

use std::{collections::BTreeMap, env, fs, path::Path};

use crate::{
    packages::Purpose,
    person::Person,
    setup,
    shell::{Done, cargo, program, root, run, target},
};
use judge::{Case, Verdict};
use material::Material;
use variants::Variant;

/// The second half of the command, on a session bus of its own.
pub const INSIDE: &str = "--inside";

/// Builds the program, then tries everything whose name has this text in it.
pub fn try_all(only: &str) -> Done {
    setup::ready(&[Purpose::Build, Purpose::Test])?;
    run(cargo()
        .args(["build", "--package", "tokendesk-cli", "--target-dir"])
        .arg(root().join("target")))?;
    let myself = env::current_exe().map_err(|error| error.to_string())?;
    run(program("dbus-run-session")
        .arg("--")
        .arg(myself)
        .args(["faults", only, INSIDE]))
}

/// The second half of [`try_all`].
pub fn inside(only: &str) -> Done {
    let folder = target(&format!("faults-{}", std::process::id()));
    let tried = try_in(&folder, only);
    // What is left of it is below target, and in nobody's way.
    let _ = fs::remove_dir_all(&folder);
    tried
}

fn try_in(folder: &Path, only: &str) -> Done {
    let mut person = Person::begin(folder)?;
    let program = root().join("target/debug/tokendesk-cli");
    let material = Material::make(&mut person, &program, folder)?;
    let mut report = Report::default();
    let wanted = |variant: &Variant| variant.name.contains(only);

    for variant in variants::all().into_iter().filter(wanted) {
        let mut case = Case::prepare(&person, &program, &material, variant)?;
        case.use_it();
        report.add(case.finish());
    }

    // The same files under a keyring that has no key yet, and under one with another key.
    for (keyring, what) in [("none", "no key"), ("other", "another key")] {
        let variants: Vec<Variant> = variants::without_their_key()
            .into_iter()
            .map(|variant| variant.renamed(what))
            .filter(wanted)
            .collect();
        person.change_keyring(keyring)?;
        let mut cases = Vec::new();
        for variant in variants {
            let mut case = Case::prepare(&person, &program, &material, variant)?;
            case.use_without_key();
            cases.push(case.pause());
        }
        person.change_keyring("own")?;
        for case in cases {
            report.add(case.resume(&person).with_key_back());
        }
    }
    report.print()
}

#[derive(Default)]
struct Report {
    tried: usize,
    ways: BTreeMap<&'static str, usize>,
    faults: Vec<String>,
}

impl Report {
    fn add(&mut self, verdict: Verdict) {
        self.tried += 1;
        *self.ways.entry(verdict.way_on).or_default() += 1;
        let name = &verdict.name;
        println!("{name:<58} {:<24} {}", verdict.way_on, verdict.said);
        for fault in verdict.faults {
            println!("    FAULT: {fault}");
            self.faults.push(format!("{name}: {fault}"));
        }
    }

    fn print(&self) -> Done {
        println!();
        for (way, number) in &self.ways {
            println!("{number:>4}  {way}");
        }
        println!("{:>4}  tried, {} faults", self.tried, self.faults.len());
        if self.tried == 0 {
            return Err("nothing has that name".to_owned());
        }
        match self.faults.len() {
            0 => Ok(()),
            number => Err(format!("{number} faults:\n  {}", self.faults.join("\n  "))),
        }
    }
}
