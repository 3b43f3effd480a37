//! `tokendesk case` and `tokendesk record`.

use std::fs;

use serde_json::json;

use crate::terminal_setting::{Terminal, WORKFLOW, http};

const UNKNOWN: &str = "00000000-2222-3333-4444-555555555555";

#[tokio::test(flavor = "multi_thread")]
async fn terminal_creates_a_case_and_issues_for_it() {
    let terminal = Terminal::new(&[]);
    fs::write(terminal.folder().join("passport.pdf"), b"%PDF-1.7").unwrap();
    let create = ["case", "create", "--workspace", "Acme"];
    let mut arguments = create.to_vec();
    arguments.extend(["--first-name", "Zażółć", "--last-name", "O'Neill"]);
    arguments.extend([
        "--personal-number",
        "80010112345",
        "--email",
        "z@example.org",
    ]);
    arguments.extend(["--phone-country-code", "48", "--phone-number", "600100200"]);
    arguments.extend([
        "--company-name",
        "ACME \"Sp.\" z o.o.",
        "--document",
        "passport.pdf",
    ]);
    let made = terminal.done(&arguments);
    let id = made.line();

    let show = ["case", "show", id, "--workspace", "Acme"];
    let shown = terminal.done(&show).out;
    for line in [
        "firstName: Zażółć\n",
        "lastName: O'Neill\n",
        "passport.pdf\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    let case = terminal.done(&[&show[..], &["--json"]].concat()).json();
    assert_eq!(case, terminal.api(&format!("/cases/{id}")).await);
    assert_eq!(
        case["partyDetails"]["personal"]["personalNumber"], "80010112345",
        "it stays a text"
    );

    let mut issue = vec!["issue", "--workspace", "Acme", "--api", "v1", "--json"];
    issue.extend(["--workflow", WORKFLOW, "--case", id]);
    let token = terminal.done(&issue).json();
    assert_eq!(
        (&token["subject"], &token["status"]),
        (&json!(id), &json!("active"))
    );
    let played = terminal.play(token["token"].as_str().unwrap()).await;
    assert_eq!(played, "COMPLETED", "the widget takes it");

    let as_json = terminal.done(&[&create[..], &["--json"]].concat()).json();
    assert!(as_json["caseId"].is_string(), "an empty case is one");
    for (code, more) in [
        (2, ["--email", "jan"]),
        (2, ["--phone-country-code", "48"]),
        (7, ["--document", "no-such-file.pdf"]),
    ] {
        terminal.fails(code, &[&create[..], &more].concat());
    }
    let missing = terminal.fails(4, &["case", "show", UNKNOWN, "--workspace", "Acme"]);
    assert!(missing.contains("HTTP 404"), "{missing}");
    let demo = terminal.fails(4, &["case", "show", id, "--workspace", "demo"]);
    assert!(demo.contains("starts anew"), "{demo}");
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_creates_a_record_and_moves_its_files() {
    let terminal = Terminal::new(&[]);
    let at = ["--workspace", "Modern", "--table", "customers"];
    let fields = r#"{"name":"Zażółć","limit":2.5,"big":12345678901234567890,"active":true,
        "none":null,"tags":["a","b"],"address":{"city":"Łódź"}}"#;
    let create = |fields| [&["record", "create"], &at[..], &["--fields", fields]].concat();
    let made = terminal.done(&create(fields));
    let id = made.line();
    let of_it = |verb| [&["record", verb, id], &at[..]].concat();
    let shown = terminal.done(&of_it("show")).out;
    for line in [
        "big: 12345678901234567890\n",
        "active: true\n",
        "  city: Łódź\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    let json = terminal.done(&[&of_it("show")[..], &["--json"]].concat());
    assert!(
        json.out.contains("\"big\": 12345678901234567890"),
        "{}",
        json.out
    );
    let record = json.json();
    assert_eq!(
        record,
        terminal
            .api(&format!("/tables/customers/records/{id}"))
            .await
    );
    assert_eq!(record["address"]["city"], "Łódź");
    let piped = [&["record", "create"], &at[..], &["--fields", "-", "--json"]].concat();
    let piped = terminal.with_input(&piped, "{\"a\": 1}");
    assert_eq!(piped.json()["a"], 1, "{}", piped.err);

    let folder = terminal.folder();
    let bytes: Vec<u8> = (0..1_000_000_u32)
        .map(|n| (n.wrapping_mul(n) / 7) as u8)
        .collect();
    fs::write(folder.join("Umowa nr 1.bin"), &bytes).unwrap();
    let empty = terminal.done(&of_it("attachments"));
    assert_eq!((&*empty.out, &*empty.err), ("", "No files.\n"));
    let mut attach = of_it("attach");
    attach.extend([
        "Umowa nr 1.bin",
        "--tag",
        "contract",
        "--tag",
        "two words",
        "--json",
    ]);
    let sent = terminal.done(&attach).json();
    assert_eq!(sent["size"], bytes.len());
    let file = sent["id"].as_str().unwrap();
    let listed = terminal.done(&of_it("attachments"));
    assert!(listed.line().starts_with(file) && listed.line().ends_with("Umowa nr 1.bin"));
    let listed = terminal.done(&[&of_it("attachments")[..], &["--json"]].concat());
    assert_eq!(listed.json()[0]["tags"], json!(["contract", "two words"]));
    assert_eq!(listed.json()[0], sent);

    let download = |more: &[&str]| {
        let all = [&["record", "download", id, file], &at[..], more].concat();
        terminal.run(&all)
    };
    let taken = download(&[]);
    assert_eq!(
        (taken.code, &*taken.out),
        (2, ""),
        "nothing is written over unasked"
    );
    assert!(taken.err.contains("is there already"), "{}", taken.err);
    assert_eq!(download(&["--out", "copy.bin"]).line(), "copy.bin");
    assert!(fs::read(folder.join("copy.bin")).unwrap() == bytes);
    fs::remove_file(folder.join("Umowa nr 1.bin")).unwrap();
    let own = download(&["--json"]).json();
    assert_eq!(
        own,
        json!({ "path": "Umowa nr 1.bin", "bytes": bytes.len() })
    );
    assert!(fs::read(folder.join("Umowa nr 1.bin")).unwrap() == bytes);
    assert_eq!(download(&["--out", "no/such/folder"]).code, 7);

    for (code, fields) in [(2, "[]"), (2, "{"), (4, "{\"id\":1}")] {
        terminal.fails(code, &create(fields));
    }
    let unknown = [&["record", "show", UNKNOWN], &at[..]].concat();
    terminal.fails(4, &unknown);
    let mut none = of_it("download");
    none.insert(3, UNKNOWN);
    let none = terminal.fails(2, &none);
    assert!(none.contains("No such file"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_keeps_a_file_of_the_vendors_in_its_folder() {
    let terminal = Terminal::new(&[]);
    let at = ["--workspace", "Modern", "--table", "customers"];
    let made = terminal.done(&[&["record", "create"], &at[..]].concat());
    let id = made.line();
    let folder = terminal.folder();
    let inner = folder.join("a/b");
    fs::create_dir_all(&inner).unwrap();
    for (name, lands) in [
        ("../../escaped.txt", Some("escaped.txt")),
        ("/var/../absolute.txt", Some("absolute.txt")),
        (r"..\..\windows.txt", Some("windows.txt")),
        (".bashrc", None),
        ("..", None),
        ("invoice\u{202e}fdp.sh", None),
    ] {
        let file = uploaded(&terminal, id, name).await;
        let listed = [&["record", "attachments", id], &at[..]].concat();
        let listed = terminal.done(&listed).out;
        assert!(!listed.contains('\u{202e}'), "{listed}");
        let got = terminal
            .desktop
            .command(crate::desktop::TOKENDESK)
            .current_dir(&inner)
            .args(["record", "download", id, &file])
            .args(at)
            .output()
            .unwrap();
        let err = String::from_utf8(got.stderr).unwrap();
        match lands {
            Some(lands) => {
                assert_eq!(got.status.code(), Some(0), "{name}: {err}");
                assert_eq!(fs::read(inner.join(lands)).unwrap(), b"hostile", "{name}");
                fs::remove_file(inner.join(lands)).unwrap();
            }
            None => {
                assert_eq!(got.status.code(), Some(2), "{name}: {err}");
                assert!(err.contains("--out"), "{err}");
            }
        }
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 0, "{name}");
    }
    let hostile = terminal.desktop.files().into_iter();
    let elsewhere: Vec<_> = hostile.filter(|(_, bytes)| bytes == b"hostile").collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

/// Gives a record a file of any name, and says its id.
async fn uploaded(terminal: &Terminal, record: &str, name: &str) -> String {
    let form = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
         Content-Type: text/plain\r\n\r\nhostile\r\n--edge--\r\n",
        name
    );
    let simulator = &terminal.simulator;
    let url = format!(
        "{}/tables/customers/records/{record}/attachments",
        simulator.origin
    );
    let answer = http()
        .post(url)
        .header("Authorization", &simulator.organization_token)
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .body(form)
        .send()
        .await
        .unwrap();
    let file: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(file["name"], name, "the name is the hostile one");
    file["id"].as_str().unwrap().to_owned()
}
