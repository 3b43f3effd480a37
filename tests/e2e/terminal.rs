//! The command line, on the same core, keychain and history as the window.

use crate::{
    desktop::{Desktop, Keyring},
    simulator::SimulatorProcess,
    terminal_setting::{CASE, WORKFLOW, run},
};

fn issue<'a>(workspace: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["issue", "--workspace", workspace, "--workflow", WORKFLOW];
    arguments.extend(more);
    arguments
}

#[test]
fn the_demo_needs_no_setting_up_whatever_the_keychain() {
    for keyring in [
        Keyring::Unlocked,
        Keyring::Locked,
        Keyring::NoService,
        Keyring::NoBus,
    ] {
        let desktop = Desktop::new(keyring);
        let said = run(&desktop, &issue("demo", &["--api", "v2", "--json"]), "");
        assert_eq!(said.code, 0, "{}", said.err);
        let token = said.json();
        assert_eq!(token["tokenType"], "Bearer");
        assert_eq!(token["status"], "active");
        assert!(token["token"].as_str().unwrap().starts_with("eyJ"));
        for field in ["issuedAt", "expiresAt"] {
            assert!(token[field].as_str().unwrap().ends_with('Z'), "{field}");
        }
        assert!(token["claims"]["exp"].is_u64(), "a number stays one");
        let kept = run(&desktop, &["history", "--json"], "");
        if keyring == Keyring::Unlocked {
            assert_eq!(kept.json().as_array().unwrap().len(), 1);
        } else {
            assert_eq!(kept.code, 6, "an empty list would mislead: {}", kept.out);
            assert!(
                !desktop.data().join("history.db").exists(),
                "nothing is kept without a keychain"
            );
        }
    }
}

#[test]
fn a_workspace_of_ones_own_issues_and_refuses_as_the_api_does() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let simulator = SimulatorProcess::start(&desktop, "127.0.0.1:0", &[]);
    let hosts = [
        "--api-host",
        &simulator.origin,
        "--widget-host",
        &simulator.origin,
    ];
    let add = |name: &str, auth: &str, input: &str| {
        let mut arguments = vec!["workspace", "add", name, "--auth", auth];
        arguments.extend(hosts);
        run(&desktop, &arguments, input)
    };
    let both = format!("{}\n{}\n", simulator.key, simulator.secret);
    assert_eq!(add("Acme", "key-secret", &both).code, 0);
    let twice = add("ACME", "key-secret", &both);
    assert_eq!(twice.code, 2, "names are unique: {}", twice.err);
    let organization = format!("{}\n", simulator.organization_token);
    assert_eq!(add("Modern", "organization-token", &organization).code, 0);
    assert_eq!(add("Wrong", "key-secret", "key\nwrong\n").code, 0);

    for name in ["Acme", "Modern"] {
        let tested = run(&desktop, &["workspace", "test", name], "");
        assert_eq!(tested.code, 0, "{}", tested.err);
        let v1 = run(
            &desktop,
            &issue(name, &["--api", "v1", "--case", CASE, "--json"]),
            "",
        );
        assert_eq!(v1.code, 0, "{}", v1.err);
        assert_eq!(v1.json()["subject"], CASE);
        let v2 = run(&desktop, &issue(name, &["--api", "v2", "--lang", "pl"]), "");
        assert_eq!(v2.code, 0, "{}", v2.err);
        assert_eq!(
            v2.out.trim().split('.').count(),
            3,
            "only the token is on standard output"
        );
    }
    let unknown = "00000000-2222-3333-4444-555555555555";
    let refused = run(
        &desktop,
        &issue("Acme", &["--api", "v1", "--case", unknown]),
        "",
    );
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(
        refused.err.contains("HTTP 404") && refused.err.contains("fingerprint"),
        "{}",
        refused.err
    );
    assert_eq!(
        run(&desktop, &issue("Acme", &["--api", "v1"]), "").code,
        2,
        "v1 needs a case"
    );
    let wrong = run(&desktop, &issue("Wrong", &["--api", "v2"]), "");
    assert_eq!(wrong.code, 3, "{}", wrong.err);
    assert_eq!(run(&desktop, &["workspace", "test", "Wrong"], "").code, 3);
    assert_eq!(
        run(&desktop, &issue("Nobody", &["--api", "v2"]), "").code,
        2
    );
    let case = run(
        &desktop,
        &issue("Acme", &["--api", "v2", "--case", CASE]),
        "",
    );
    assert_eq!(case.code, 2, "a subject is never dropped: {}", case.err);

    let failed = run(&desktop, &["history", "--status", "failed", "--json"], "").json();
    assert_eq!(failed.as_array().unwrap().len(), 2);

    drop(simulator);
    assert_eq!(
        run(&desktop, &issue("Acme", &["--api", "v2"]), "").code,
        5,
        "nobody answers"
    );
    assert_eq!(run(&desktop, &["workspace", "forget", "Wrong"], "").code, 0);
    let names = run(&desktop, &["workspace", "list", "--json"], "").json();
    let names: Vec<&str> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Demo", "Acme", "Modern"]);
}

#[test]
fn each_kind_of_failure_has_its_exit_code() {
    let locked = Desktop::new(Keyring::Locked);
    let added = run(&locked, &["workspace", "add", "Acme"], "tot_0123456789\n");
    assert_eq!(added.code, 6, "{}", added.err);
    assert!(added.err.contains("keychain"), "{}", added.err);

    let desktop = Desktop::new(Keyring::Unlocked);
    assert_eq!(run(&desktop, &["issue"], "").code, 2);
    assert_eq!(run(&desktop, &["--help"], "").code, 0);
    // A folder in the file's place cannot be opened.
    std::fs::create_dir_all(desktop.data().join("history.db")).unwrap();
    let storage = run(&desktop, &["history"], "");
    assert_eq!(storage.code, 7, "{}", storage.err);
}
