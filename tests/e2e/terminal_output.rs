//! What the terminal prints and reads when the other side is odd: a full disk, a reader that has
//! gone, a pipe that never ends, a file of a Windows program, a name that steers a terminal.

use std::{
    fs::{self, File},
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::{
    desktop::TOKENDESK,
    terminal_setting::{Terminal, WORKFLOW},
};

/// Runs a command whose standard output goes elsewhere; its exit code and standard error.
fn printing_to(terminal: &Terminal, out: impl Into<Stdio>, arguments: &[&str]) -> (i32, String) {
    let done = terminal
        .desktop
        .command(TOKENDESK)
        .args(arguments)
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    let code = done.status.code().expect("it ends by itself");
    (code, String::from_utf8(done.stderr).unwrap())
}

/// Runs a command with these bytes on standard input; its exit code, output and standard error.
fn reading(terminal: &Terminal, bytes: &[u8], arguments: &[&str]) -> (i32, String, String) {
    let mut child = terminal
        .desktop
        .command(TOKENDESK)
        .args(arguments)
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have stopped reading by then.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    let done = child.wait_with_output().unwrap();
    (
        done.status.code().expect("it ends by itself"),
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    )
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn every_command_tells_what_it_could_not_print() {
    let terminal = Terminal::new(&[]);
    let at = ["--workspace", "Modern", "--table", "customers"];
    fs::write(terminal.folder().join("a.txt"), b"hello").unwrap();
    let case = terminal.done(&["case", "create", "--workspace", "Modern"]);
    let record = terminal.done(&[&["record", "create"], &at[..]].concat());
    let (case, record) = (case.line(), record.line());
    let attach = [&["record", "attach", record, "a.txt"], &at[..]].concat();
    let attached = terminal.done(&attach);
    let attachment = attached.line().split(' ').next().unwrap();
    let of = ["--workspace", "Modern", "--workflow", WORKFLOW];
    let run = terminal.done(&[&["run"], &of[..]].concat());
    let verify = [
        "webhook",
        "verify",
        "--workspace",
        "Modern",
        "--body",
        "a.txt",
    ];
    let download = ["record", "download", record, attachment, "--out", "b.txt"];
    let made = "in the history";
    for (arguments, says) in [
        ([&["issue", "--api", "v2"], &of[..]].concat(), made),
        ([&["link", "--replace"], &of[..]].concat(), made),
        ([&["run"], &of[..]].concat(), made),
        ([&["run", "--follow"], &of[..]].concat(), made),
        (vec!["status", run.line(), "--workspace", "Modern"], ""),
        (vec!["case", "create", "--workspace", "Modern"], "created"),
        (vec!["case", "show", case, "--workspace", "Modern"], ""),
        ([&["record", "create"], &at[..]].concat(), "created"),
        ([&["record", "show", record], &at[..]].concat(), ""),
        ([&["record", "attachments", record], &at[..]].concat(), ""),
        (attach, "was sent"),
        ([&download[..], &at[..]].concat(), "was written"),
        ([&verify[..], &["--signature", "x"]].concat(), ""),
        (vec!["history"], ""),
        (vec!["workspace", "list"], ""),
        (vec!["workspace", "test", "Modern"], ""),
        (vec!["simulate", "--scenarios"], ""),
        (vec!["simulate", "--openapi"], ""),
        (vec!["simulate", "--listen", "127.0.0.1:0"], ""),
        (vec!["--help"], ""),
        (vec!["--version"], ""),
    ] {
        // With JSON a run is followed to its end before anything is printed.
        let no_json = ["test", "simulate", "--help", "--version", "--follow"];
        let mut ways = vec![arguments.clone()];
        if !arguments.iter().any(|one| no_json.contains(one)) {
            ways.push([&arguments[..], &["--json"]].concat());
        }
        for arguments in ways {
            let full = File::options().write(true).open("/dev/full").unwrap();
            let (code, told) = printing_to(&terminal, full, &arguments);
            assert_eq!(code, 7, "{arguments:?}: {told}");
            assert!(told.contains("No space left"), "{arguments:?}: {told}");
            assert!(told.contains(says), "{arguments:?}: {told}");
            assert!(
                !told.contains("eyJ"),
                "a log is no place for a token: {told}"
            );
        }
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure_and_hides_none() {
    let terminal = Terminal::new(&[]);
    fs::write(terminal.folder().join("a.txt"), b"hello").unwrap();
    let verify = [
        "webhook",
        "verify",
        "--workspace",
        "Modern",
        "--body",
        "a.txt",
    ];
    for (wanted, arguments) in [
        (0, vec!["workspace", "list"]),
        (0, vec!["history", "--json"]),
        (0, vec!["simulate", "--openapi"]),
        (0, vec!["--help"]),
        (4, [&verify[..], &["--signature", "x"]].concat()),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (code, told) = printing_to(&terminal, writer, &arguments);
        assert_eq!(code, wanted, "{arguments:?}: {told}");
        assert!(!told.contains("pipe"), "{arguments:?}: {told}");
    }
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    let terminal = Terminal::new(&[]);
    let odd = "evil\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}1m \u{202e}fdp\u{200b}\u{2028}.exe";
    let seen = |text: &str| {
        let unseen =
            |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}\u{2028}".contains(c));
        assert!(!text.contains(unseen), "{text:?}");
    };
    let issue = [
        "issue",
        "--workspace",
        "Modern",
        "--api",
        "v2",
        "--workflow",
        WORKFLOW,
    ];
    let issued = terminal.done(&[&issue[..], &["--label", odd, "--json"]].concat());
    seen(&issued.out);
    assert_eq!(issued.json()["label"], odd, "JSON stays exact");
    let rows = terminal.done(&["history"]).out;
    seen(&rows);
    assert_eq!(rows.lines().count(), 1, "one entry is one row");
    assert!(rows.contains("evil\\u{1b}[2J"), "{rows}");
    let listed = terminal.done(&["history", "--json"]);
    seen(&listed.out);
    assert_eq!(listed.json()[0]["label"], odd);

    let at = ["--workspace", "Modern", "--table", "customers"];
    let long = "x".repeat(4_500);
    let fields = json!({ "odd": odd, "long": long }).to_string();
    let made = [&["record", "create", "--fields", &fields], &at[..]].concat();
    let made = terminal.done(&made);
    let show = [&["record", "show", made.line()], &at[..]].concat();
    seen(&terminal.done(&show).out);
    let whole = terminal.done(&[&show[..], &["--json"]].concat());
    seen(&whole.out);
    let whole = whole.json();
    assert_eq!((&whole["odd"], &whole["long"]), (&json!(odd), &json!(long)));

    let nobody = terminal.fails(2, &["workspace", "test", odd]);
    seen(&nobody);
    let usage = terminal.fails(2, &["history", "--limit", odd]);
    seen(&usage);
}

#[test]
fn what_may_never_end_is_refused_at_once() {
    let terminal = Terminal::new(&[]);
    let at = ["--workspace", "Modern", "--table", "customers"];
    let pipe = terminal.folder().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let record = terminal.done(&[&["record", "create"], &at[..]].concat());
    for (odd, is) in [
        ("pipe", "a pipe"),
        ("/dev/zero", "a device"),
        ("/", "a folder"),
    ] {
        let verify = [
            "webhook",
            "verify",
            "--workspace",
            "Modern",
            "--signature",
            "x",
        ];
        let told = terminal.fails(2, &[&verify[..], &["--body", odd]].concat());
        assert!(told.contains(is), "{told}");
        let attach = [&["record", "attach", record.line(), odd], &at[..]].concat();
        assert!(terminal.fails(7, &attach).contains(is));
        let create = ["case", "create", "--workspace", "Modern", "--document", odd];
        assert!(terminal.fails(7, &create).contains(is));
    }
    for arguments in [
        vec![
            "webhook",
            "verify",
            "--workspace",
            "Modern",
            "--signature",
            "x",
            "--body",
            "-",
        ],
        vec![
            "run",
            "--workspace",
            "Modern",
            "--workflow",
            WORKFLOW,
            "--parameters",
            "-",
        ],
        vec!["case", "create", "--workspace", "Modern", "--fields", "-"],
        [&["record", "create", "--fields", "-"], &at[..]].concat(),
        vec!["workspace", "add", "Endless"],
    ] {
        let endless = vec![b'1'; 3 << 20];
        let (code, out, told) = reading(&terminal, &endless, &arguments);
        assert_eq!((code, &*out), (2, ""), "{arguments:?}: {told}");
        assert!(told.contains("larger than"), "{arguments:?}: {told}");
    }
}

#[test]
fn what_windows_programs_write_is_read() {
    let terminal = Terminal::new(&[]);
    let at = ["--workspace", "Modern", "--table", "customers"];
    let create = [&["record", "create", "--fields", "-", "--json"], &at[..]].concat();
    let run = [
        "run",
        "--workspace",
        "Modern",
        "--workflow",
        WORKFLOW,
        "--parameters",
        "-",
    ];
    let text = "\u{feff}{\"imię\":\"Żółć 😀\"}\r\n";
    for bytes in [
        text.as_bytes().to_vec(),
        utf16(text, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
        utf16(&text[3..], u16::to_le_bytes),
    ] {
        let (code, out, told) = reading(&terminal, &bytes, &create);
        assert_eq!(code, 0, "{bytes:x?}: {told}");
        let made: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(made["imię"], "Żółć 😀");
        let (code, _, told) = reading(&terminal, &bytes, &run);
        assert_eq!(code, 0, "{bytes:x?}: {told}");
    }
    let (code, _, told) = reading(&terminal, b"{\n\"a\":\"\xaf\xf3\xb3\xe6\"}", &create);
    assert_eq!(code, 2);
    assert!(told.contains("byte 8 (line 2, column 6)"), "{told}");
    assert!(told.contains("UTF-8"), "{told}");

    let token = format!("{}\r\n", terminal.simulator.organization_token);
    let add = [
        "workspace",
        "add",
        "Wide",
        "--api-host",
        &terminal.simulator.origin,
    ];
    let (code, _, told) = reading(&terminal, &utf16(&token, u16::to_le_bytes), &add);
    assert_eq!(code, 0, "{told}");
    terminal.done(&["workspace", "test", "Wide"]);
}

#[test]
fn a_webhook_without_its_header_is_told_so() {
    let terminal = Terminal::new(&[]);
    fs::write(terminal.folder().join("a.txt"), b"{}").unwrap();
    for missing in ["", " ", "JWS-SIGNATURE", "jws-signature: "] {
        let mut verify = vec![
            "webhook",
            "verify",
            "--workspace",
            "Modern",
            "--body",
            "a.txt",
        ];
        verify.extend(["--signature", missing]);
        let said = terminal.run(&verify);
        assert_eq!(said.code, 4, "{}", said.err);
        assert!(
            said.out.contains("JWS-SIGNATURE header is missing"),
            "{}",
            said.out
        );
    }
}
