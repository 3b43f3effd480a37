//! The UI's TypeScript is what the Rust types say. `cargo xtask bindings` writes it anew.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test fail as the test does"
)]

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use tokendesk_core::expiry::EXPIRING;
use tokendesk_lib::ipc;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "// Generated from Rust by `cargo xtask bindings`. Do not edit.\n";

/// Every named type that a command takes or gives, and what these are made of.
#[derive(Default)]
struct Types {
    config: Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_dependencies(self);
            T::visit_generics(self);
            return;
        }
        let name = T::ident(&self.config);
        if self.found.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}\n", T::decl(&self.config));
        let text = text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n");
        self.found.insert(name, text);
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| {
        let (head, tail) = word.split_at(1);
        all + &head.to_uppercase() + tail
    })
}

fn types() -> Types {
    let mut types = Types::default();
    ipc::visit(&mut types);
    types
}

fn types_file() -> String {
    let mut text = HEAD.to_owned();
    for declaration in types().found.values() {
        write!(text, "\n{declaration}").unwrap();
    }
    write!(
        text,
        "\n/** A token is expiring when less than this is left, in milliseconds. */\n\
         export const EXPIRING_MS = {EXPIRING};\n"
    )
    .unwrap();
    text
}

fn commands_file() -> String {
    let types = types();
    let names: Vec<&str> = types.found.keys().map(String::as_str).collect();
    let mut body = String::new();
    for command in ipc::commands(&types.config) {
        let typed = command
            .arguments
            .iter()
            .map(|(n, t)| format!("{}: {t}", camel(n)));
        let passed: Vec<String> = command.arguments.iter().map(|(n, _)| camel(n)).collect();
        let object = match passed.as_slice() {
            [] => String::new(),
            passed => format!(", {{ {} }}", passed.join(", ")),
        };
        write!(
            body,
            "\nexport const {} = ({}) => invoke<{}>(\"{}\"{object});\n",
            camel(command.name),
            typed.collect::<Vec<_>>().join(", "),
            command.answer,
            command.name
        )
        .unwrap();
    }
    let word = |name: &&str| {
        body.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == *name)
    };
    let used: Vec<&str> = names.into_iter().filter(word).collect();
    format!(
        "{HEAD}import {{ invoke }} from \"@tauri-apps/api/core\";\nimport type {{ {} }} from \"./types\";\n{body}",
        used.join(", ")
    )
}

fn hold(file: &str, wanted: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("ui/src/lib/host")
        .join(file);
    if std::env::var_os("TOKENDESK_WRITE_BINDINGS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap();
    // The two texts would fill the screen; git shows the difference better.
    assert!(
        there == wanted,
        "{file} is stale: run `cargo xtask bindings`"
    );
}

#[test]
fn the_types_are_current() {
    hold("types.ts", &types_file());
}

#[test]
fn the_command_wrappers_are_current() {
    hold("commands.ts", &commands_file());
}

#[test]
fn the_main_window_may_call_exactly_these_commands() {
    let mut listed: Vec<&str> = ipc::commands(&Config::default())
        .iter()
        .map(|c| c.name)
        .collect();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src-tauri/permissions/main-window.toml"
    );
    let text = std::fs::read_to_string(file).unwrap();
    let (_, list) = text.split_once("commands.allow = [").unwrap();
    let mut allowed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    listed.sort_unstable();
    allowed.sort_unstable();
    assert_eq!(listed, allowed);
}
