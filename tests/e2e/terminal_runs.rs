//! `tokendesk run`, `status` and `result`.

use std::fs;

use serde_json::json;

use crate::terminal_setting::{CASE, RECORD, Recorder, Terminal, WORKFLOW, scenario};

/// Started and read as JSON: the run's id and its token.
fn started(
    terminal: &Terminal,
    workspace: &str,
    workflow: &str,
    more: &[&str],
) -> (String, String) {
    let mut arguments = vec!["run", "--workspace", workspace, "--workflow", workflow];
    arguments.extend(more);
    arguments.push("--json");
    let run = terminal.done(&arguments).json();
    assert_eq!(run["kind"], "run");
    assert_eq!(run["run"]["status"], "RUNNING");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (text(&run["run"]["id"]), text(&run["token"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_follows_a_run_from_its_parameters_to_its_result() {
    let terminal = Terminal::new(&[]);
    let recorder = Recorder::before(&terminal.simulator).await;
    terminal.add_modern("Recorded", &recorder.origin);

    let mut arguments = vec!["--record", RECORD, "--locale", "pl", "--ends-after", "45m"];
    for (option, parameter) in [
        ("-p", "name=Jan Żak"),
        ("-p", "pesel=92071314764"),
        ("-p", "code=007"),
        ("-P", "limit=1.10"),
        ("-P", "big=12345678901234567890"),
        ("-P", "tiny=0.1000000000000000055"),
        ("-P", "flags=[true,null]"),
    ] {
        arguments.extend([option, parameter]);
    }
    let (id, token) = started(&terminal, "Recorded", WORKFLOW, &arguments);
    let sent = recorder.bodies("POST /workflows");
    assert_eq!(sent.len(), 1, "a run is started once");
    let exact = r#""parameters":{"name":"Jan Żak","pesel":"92071314764","code":"007","limit":1.10,"big":12345678901234567890,"tiny":0.1000000000000000055,"flags":[true,null]}"#;
    assert!(sent[0].contains(exact), "{}", sent[0]);
    let seen = terminal.api(&format!("/workflows/{id}")).await;
    assert_eq!(
        seen["parameters"]["big"],
        json!(12_345_678_901_234_567_890_u64)
    );
    assert_eq!(seen["parameters"]["name"], "Jan Żak");
    assert_eq!(seen["locale"], "pl");

    let of_it = [&*id, "--workspace", "Recorded"];
    let status = |more: &[&'static str]| [&["status"], &of_it[..], more].concat();
    let result = |more: &[&'static str]| [&["result"], &of_it[..], more].concat();
    assert_eq!(terminal.done(&status(&[])).line(), "RUNNING");
    let seen = terminal.done(&status(&["--json"])).json();
    assert_eq!(
        (&seen["runId"], &seen["state"]),
        (&json!(id), &json!("open"))
    );
    let early = terminal.fails(4, &result(&[]));
    assert!(early.contains("No result yet"), "{early}");

    let mut following = terminal.start(&status(&["--follow"]));
    assert_eq!(following.line(), "RUNNING");
    assert_eq!(terminal.play(&token).await, "COMPLETED");
    assert_eq!(following.line(), "COMPLETED");
    assert_eq!(following.line(), "", "it ends with the run");
    assert_eq!(following.code(), 0);

    let printed = terminal.done(&result(&[]));
    assert!(printed.json()["partyDetails"].is_object());
    let written = terminal.done(&result(&["--out", "result.json"]));
    assert_eq!(written.out, "");
    let file = fs::read_to_string(terminal.folder().join("result.json")).unwrap();
    assert_eq!(file, printed.out);
    let nowhere = terminal.fails(7, &result(&["--out", "no/such/folder/result.json"]));
    assert!(nowhere.contains("no/such/folder"), "{nowhere}");

    let kept = terminal.done(&["history", "--json"]).json();
    assert_eq!(kept[0]["status"], "completed");
    assert_eq!(kept[0]["run"]["id"], json!(id));
    assert!(kept[0].get("token").is_none(), "a list is for everybody");
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_says_how_else_a_run_ended() {
    let terminal = Terminal::new(&[]);
    let (failing, token) = started(&terminal, "Modern", &scenario("0d"), &[]);
    assert_eq!(terminal.play(&token).await, "FAILED");
    let status = ["status", &*failing, "--workspace", "Modern"];
    assert_eq!(
        terminal.done(&status).line(),
        "FAILED",
        "asking is no failure"
    );
    let followed = terminal.run(&[&status[..], &["--follow"]].concat());
    assert_eq!((followed.code, followed.line()), (4, "FAILED"));
    assert!(
        followed.err.contains("the status FAILED"),
        "{}",
        followed.err
    );
    terminal.fails(4, &["result", &failing, "--workspace", "Modern"]);

    let (two_step, token) = started(&terminal, "Modern", &scenario("0c"), &[]);
    assert_eq!(terminal.play(&token).await, "AWAITING");
    let followed = terminal.done(&["status", &two_step, "--workspace", "Modern", "--follow"]);
    let seen: Vec<&str> = followed.out.lines().collect();
    assert_eq!(seen, ["AWAITING", "COMPLETED"]);

    // 5 seconds to live.
    let short = scenario("02");
    let mut arguments = vec!["run", "--workspace", "Modern", "--workflow", &*short];
    arguments.extend(["--follow", "--json"]);
    let expired = terminal.run(&arguments);
    assert_eq!(expired.code, 4, "{}", expired.err);
    let run = expired.json();
    assert_eq!(run["run"]["status"], "EXPIRED");
    assert!(
        run["token"].as_str().unwrap().starts_with("eyJ"),
        "what was made is told, however it ended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_runs_in_the_background_for_a_case_and_a_record() {
    let terminal = Terminal::new(&[]);
    let workflow = scenario("0b");
    let base = |workspace| vec!["run", "--workspace", workspace, "--workflow", &*workflow];
    for (workspace, subject, id) in [("Acme", "--case", CASE), ("Modern", "--record", RECORD)] {
        let mut arguments = base(workspace);
        arguments.extend(["--background", subject, id, "--follow"]);
        let run = terminal.done(&arguments);
        assert_eq!(run.line().len(), 36, "only the run's id: {}", run.out);
        assert!(run.err.ends_with("COMPLETED\n"), "{}", run.err);
        let result = terminal.done(&["result", run.line(), "--workspace", workspace]);
        assert!(
            result.json().is_object() && result.out.contains(id),
            "{}",
            result.out
        );
    }
    // The newer way says that nobody is needed by giving no token.
    let mut arguments = base("Modern");
    arguments.push("--json");
    let run = terminal.done(&arguments).json();
    assert_eq!((&run["token"], &run["link"]), (&json!(null), &json!(null)));
    // What needs nobody cannot be asked for where somebody is needed, nor the other way round.
    let refused = terminal.fails(
        4,
        &[
            "run",
            "--workspace",
            "Modern",
            "--workflow",
            WORKFLOW,
            "--background",
        ],
    );
    assert!(refused.contains("HTTP 400"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn terminal_refuses_what_cannot_be_a_run() {
    let terminal = Terminal::new(&[]);
    let run = |workflow: &str, more: &[&str]| {
        let all = [
            &["run", "--workspace", "Modern", "--workflow", workflow],
            more,
        ]
        .concat();
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let fails = |code, arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        terminal.fails(code, &arguments)
    };
    for (more, says) in [
        (&["-p", "limit"][..], "a key, ="),
        (&["-p", "=5"], "a key, ="),
        (&["-p", "a=1", "-p", "a=2"], "twice"),
        (&["-p", "a=1", "-P", "a=2"], "twice"),
        (&["-P", "a=02271314760"], "-p limit=5"),
        (&["--parameters", "[1]"], "object"),
        (&["--parameters", "{\"a\":}"], "column"),
        (&["--parameters", "{}", "-p", "a=1"], "cannot be used with"),
        (&["--parameters", "{}", "-P", "a=1"], "cannot be used with"),
        (&["--ends-after", "5m"], "30"),
        (&["--ends-after", "31d"], "30"),
        (&["--ends-after", "soon"], "4h"),
        (&["--case", CASE], "--background"),
        (&["--record", "not an id"], "id"),
    ] {
        let said = fails(2, &run(WORKFLOW, more));
        assert!(said.contains(says), "{more:?}: {said}");
    }
    let kept = terminal.done(&["history", "--json"]).json();
    assert_eq!(kept, json!([]), "nothing of that left this computer");

    let forbidden = fails(4, &run(&scenario("0e"), &["--json"]));
    assert!(forbidden.contains("HTTP 403"), "{forbidden}");
    assert!(forbidden.contains("fingerprint"), "{forbidden}");
    let unknown = "00000000-2222-3333-4444-555555555555";
    let missing = fails(4, &run(WORKFLOW, &["--record", unknown]));
    assert!(missing.contains("HTTP 404"), "{missing}");
    for verb in ["status", "result"] {
        terminal.fails(4, &[verb, unknown, "--workspace", "Modern"]);
        let demo = terminal.fails(4, &[verb, unknown, "--workspace", "demo"]);
        assert!(demo.contains("starts anew"), "{demo}");
    }
    terminal.fails(4, &["status", unknown, "--workspace", "Modern", "--follow"]);
    // At a log there is no token; at the JSON that was asked for there is.
    let plain: Vec<String> = run(WORKFLOW, &["--parameters", "-"]);
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    let said = terminal.with_input(&plain, "{\"from\": \"standard input\"}\n");
    assert_eq!((said.code, said.line().len()), (0, 36), "{}", said.err);
    assert!(said.err.contains("--json"), "{}", said.err);
    let seen = terminal.api(&format!("/workflows/{}", said.line())).await;
    assert_eq!(seen["parameters"]["from"], "standard input");
}
