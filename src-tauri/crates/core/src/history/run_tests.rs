use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use secrecy::{ExposeSecret, SecretString};
use transactionlink::Timings;

use super::*;
use crate::{
    following::LAST_WORD,
    issuing::{Came, IssueRequest, RunCame},
    saved::{presets, workflows},
    storage::Database,
    workspace::{AuthKind, CredentialState, Workspace},
};

const NOW: Millis = 1_800_000_000_000;
const MINUTE: Millis = 60_000;
const SUBJECT: &str = "11111111-2222-3333-4444-555555555555";

/// One that is there, for runs of a forgotten workspace are not followed.
fn workspace() -> Workspace {
    Workspace {
        id: "w".to_owned(),
        name: "Velmora".to_owned(),
        kind: WorkspaceKind::Demo,
        api_host: "https://a".to_owned(),
        widget_host: "https://w".to_owned(),
        auth_kind: AuthKind::OrganizationToken,
        created_at: 0,
        last_test: None,
        allowed_hosts: Vec::new(),
        credential: CredentialState::Missing,
    }
}

fn came(token: Option<&str>, link: Option<&str>, run: Option<RunCame>) -> Came {
    Came {
        token: token.map(SecretString::from),
        token_type: None,
        expiry_duration: token.map(|_| Duration::from_secs(3600)),
        link: link.map(SecretString::from),
        run,
        timings: Timings {
            authorised: None,
            from_cache: true,
            request: Duration::from_millis(5),
        },
        http_status: 200,
        server_time: None,
        received_at: at(NOW),
    }
}

fn at(millis: Millis) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap())
}

fn run_came(status: &str) -> RunCame {
    RunCame {
        id: format!("run-{status}"),
        status: Some(status.to_owned()),
        ends_at: Some(NOW + 60 * MINUTE),
    }
}

/// Writes one entry as the desk does.
fn write_one(db: &mut Connection, id: &str, request: &IssueRequest, came: &Came) -> HistoryEntry {
    let accepted = request.accept().unwrap();
    write::pending(db, id, &workspace(), &accepted, NOW).unwrap();
    write::issued(db, id, came, true).unwrap()
}

fn run() -> IssueRequest {
    IssueRequest {
        api: ApiGeneration::Workflows,
        workflow_id: "f".to_owned(),
        parameters: r#"{"a":1.10}"#.to_owned(),
        minutes: Some(60),
        ..IssueRequest::default()
    }
}

fn link(send: bool) -> IssueRequest {
    IssueRequest {
        kind: EntryKind::Link,
        workflow_id: "f".to_owned(),
        subject: SUBJECT.to_owned(),
        send,
        ..IssueRequest::default()
    }
}

fn with_database(look: impl FnOnce(&mut Connection)) {
    let database = Database::in_memory().unwrap();
    look(&mut database.lock());
}

#[test]
fn an_interactive_run_has_both_clocks_and_what_it_was_asked_with() {
    with_database(|db| {
        let answer = came(
            Some("token"),
            Some("https://l/?token=t"),
            Some(run_came("RUNNING")),
        );
        let entry = write_one(db, "a", &run(), &answer);
        let facts = entry.run.clone().unwrap();
        assert_eq!(facts.run_id, "run-RUNNING");
        assert_eq!(facts.ends_at, Some(NOW + 60 * MINUTE));
        assert_eq!(entry.expires_at, Some(NOW + 60 * MINUTE));
        assert!(facts.interactive && entry.has_link && entry.link.is_none());
        assert_eq!(entry.status(NOW), Status::Active);
        let again = IssueRequest::again(&entry, entry.purpose);
        assert_eq!(again.parameters, run().parameters);
        assert_eq!(again.minutes, Some(60));
        let hour = NOW + 60 * MINUTE;
        assert_eq!(
            entry.status(hour),
            Status::Running,
            "a run outlives its token"
        );
        assert!(erase::forget_expired(db, hour).unwrap().is_empty());
        let used = write::used(db, "a", NOW + 1).unwrap();
        assert_eq!(used.status(NOW + 1), Status::Running);
        let done = runs::looked(db, "a", Some("COMPLETED"), NOW + 2).unwrap();
        assert_eq!(done.status(NOW + 2), Status::Completed);
        let seen: Vec<_> = done
            .run
            .unwrap()
            .seen
            .into_iter()
            .map(|s| s.status)
            .collect();
        assert_eq!(seen, ["RUNNING", "COMPLETED"]);
        let late = runs::looked(db, "a", Some("RUNNING"), NOW + 3).unwrap();
        assert_eq!(
            late.run.unwrap().state,
            RunState::Completed,
            "an end is an end"
        );
    });
}

#[test]
fn a_run_is_open_until_it_ends_or_its_time_is_over() {
    with_database(|db| {
        for (id, status) in [("a", "RUNNING"), ("b", "COMPLETED"), ("c", "HELD_BACK")] {
            write_one(db, id, &run(), &came(None, None, Some(run_came(status))));
        }
        let open = |db: &Connection| -> Vec<String> {
            let open = runs::open(db).unwrap();
            open.into_iter().map(|run| run.entry_id).collect()
        };
        assert_eq!(open(db), ["c", "a"], "an unknown status keeps it open");
        let end = NOW + 60 * MINUTE;
        let is_over = |db: &Connection| runs::open(db).unwrap()[1].is_over();
        assert!(!is_over(db), "nobody has looked after its end");
        runs::looked(db, "a", Some("RUNNING"), end + LAST_WORD).unwrap();
        assert!(is_over(db));
        runs::over(db, "a").unwrap();
        assert_eq!(open(db), ["c"]);
        assert_eq!(query::one(db, "a").unwrap().status(NOW), Status::Ended);
        assert_eq!(query::one(db, "c").unwrap().status(NOW), Status::Running);
        let late = runs::looked(db, "a", Some("COMPLETED"), end + 2 * LAST_WORD).unwrap();
        assert_eq!(
            late.status(NOW),
            Status::Completed,
            "the vendor knows better than the clock"
        );
        assert_eq!(
            runs::by_run(db, "w", "run-COMPLETED").unwrap().as_deref(),
            Some("b")
        );
        assert_eq!(runs::by_run(db, "other", "run-COMPLETED").unwrap(), None);
    });
}

#[test]
fn a_runs_link_without_a_token_ends_with_the_run() {
    with_database(|db| {
        let answer = Came {
            server_time: Some(at(NOW + 10 * MINUTE)),
            ..came(None, Some("https://l/one"), Some(run_came("RUNNING")))
        };
        let entry = write_one(db, "a", &run(), &answer);
        let end = NOW + 50 * MINUTE;
        assert_eq!(entry.expires_at, Some(end), "by this computer's clock");
        assert_eq!(entry.run.unwrap().ends_at, Some(end));
        assert!(entry.has_link);
        assert_eq!(erase::expired_bodies(db, end).unwrap(), 1);
    });
}

#[test]
fn a_runs_token_that_names_no_end_is_kept_until_the_run_ends() {
    with_database(|db| {
        let hour = NOW + 60 * MINUTE;
        let month = NOW + 30 * 24 * 60 * MINUTE;
        let run_of = |id: &str, ends_at| RunCame {
            id: id.to_owned(),
            status: Some("RUNNING".to_owned()),
            ends_at,
        };
        let opaque = |run| Came {
            expiry_duration: None,
            ..came(Some("opaque"), Some("https://l/one"), Some(run))
        };
        let entry = write_one(db, "a", &run(), &opaque(run_of("a", Some(month))));
        assert_eq!(entry.expires_at, Some(month));
        assert_eq!(entry.expiry_source, Some(ExpirySource::Server));
        let asked = IssueRequest {
            minutes: Some(30 * 24 * 60),
            ..run()
        };
        let entry = write_one(db, "b", &asked, &opaque(run_of("b", None)));
        assert_eq!(entry.expires_at, Some(month), "as long as was asked for");
        assert_eq!(entry.expiry_source, Some(ExpirySource::Assumed));
        assert_eq!(erase::expired_bodies(db, hour).unwrap(), 0);
        for id in ["a", "b"] {
            assert!(write::token(db, id).unwrap().is_some(), "{id}");
            assert!(write::link(db, id).unwrap().is_some(), "{id}");
        }
        assert_eq!(erase::expired_bodies(db, month).unwrap(), 2);
    });
}

#[test]
fn a_token_that_came_expired_is_never_shown_as_live() {
    with_database(|db| {
        let token = "e30.eyJleHAiOjE3OTk5OTk5OTl9.c2ln"; // exp: one second before NOW
        let request = IssueRequest {
            workflow_id: "f".to_owned(),
            ..IssueRequest::default()
        };
        for (id, expiry_duration) in [("a", None), ("b", Some(Duration::from_secs(3600)))] {
            let answer = Came {
                expiry_duration,
                ..came(Some(token), None, None)
            };
            let entry = write_one(db, id, &request, &answer);
            assert_eq!(entry.expires_at, Some(NOW - 1000), "{id}");
            assert_eq!(entry.status(NOW), Status::Expired, "{id}");
        }
        assert!(query::live(db, NOW).unwrap().entries.is_empty());
    });
}

#[test]
fn a_newer_link_ends_the_older_of_the_same_subject_alone() {
    with_database(|db| {
        let answer = came(None, Some("https://link.example/one"), None);
        let first = write_one(db, "a", &link(false), &answer);
        assert_eq!(first.status(NOW), Status::Active);
        assert_eq!(first.link.unwrap().masked, "link.example/\u{2026}");
        let other = IssueRequest {
            subject: "21111111-2222-3333-4444-555555555555".to_owned(),
            ..link(false)
        };
        write_one(db, "b", &other, &answer);
        let in_force = links::in_force(db, "w", SUBJECT, NOW).unwrap();
        assert_eq!(in_force.unwrap().id, "a");
        let second = write_one(
            db,
            "c",
            &link(true),
            &came(None, Some("https://l/two"), None),
        );
        assert!(second.send);
        let first = query::one(db, "a").unwrap();
        assert_eq!(first.status(NOW), Status::Superseded);
        assert!(!first.has_link, "its body is gone");
        assert_eq!(query::one(db, "b").unwrap().status(NOW), Status::Active);
        let in_force = links::in_force(db, "w", SUBJECT, NOW).unwrap();
        assert_eq!(in_force.unwrap().id, "c");
        let kept = write::link(db, "c").unwrap().unwrap();
        assert_eq!(kept.expose_secret(), "https://l/two");
        let month = 31 * 24 * 60 * MINUTE;
        assert_eq!(erase::expired_bodies(db, NOW + month).unwrap(), 2);
        assert!(write::link(db, "c").unwrap().is_none());
        assert!(
            links::in_force(db, "w", SUBJECT, NOW + month)
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn what_is_live_is_listed_by_its_end_and_counted_whole() {
    with_database(|db| {
        // Links of a month are the newest; the tokens that end soon were asked for before them.
        for number in 0..20_u64 {
            let answer = Came {
                expiry_duration: Some(Duration::from_secs(60 * (20 - number))),
                ..came(Some("t"), None, None)
            };
            let request = IssueRequest {
                workflow_id: "f".to_owned(),
                ..IssueRequest::default()
            };
            write_one(db, &format!("token {number:02}"), &request, &answer);
        }
        for number in 0..60_u128 {
            let request = IssueRequest {
                subject: uuid::Uuid::from_u128(number + 1).to_string(),
                ..link(false)
            };
            let answer = came(None, Some("https://l/1"), None);
            write_one(db, &format!("link {number}"), &request, &answer);
        }
        write_one(
            db,
            "going on",
            &run(),
            &came(None, None, Some(run_came("RUNNING"))),
        );
        write_one(
            db,
            "run",
            &run(),
            &came(Some("t"), None, Some(run_came("RUNNING"))),
        );
        let live = query::live(db, NOW).unwrap();
        let first: Vec<_> = live.entries[..2].iter().map(|e| e.id.as_str()).collect();
        assert_eq!(first, ["token 19", "token 18"]);
        assert_eq!(live.entries.len(), 50);
        assert_eq!((live.ends.len(), live.running), (81, 1));
        assert_eq!(live.run_ends, [NOW + 60 * MINUTE]);
        assert!(live.ends.is_sorted() && live.ends[0] == NOW + MINUTE);
        let later = query::live(db, NOW + 60 * MINUTE).unwrap();
        assert_eq!((later.ends.len(), later.running), (60, 2));
        assert!(later.run_ends.is_empty());
        let month = NOW + 31 * 24 * 60 * MINUTE;
        let running: Vec<_> = query::live(db, month).unwrap().entries;
        let running: Vec<_> = running.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(running, ["run", "going on"]);
    });
}

#[test]
fn what_a_status_counts_is_what_each_entry_says_of_itself() {
    with_database(|db| {
        seed::seed(db, 40, 0, NOW).unwrap();
        for (number, status) in ["RUNNING", "COMPLETED", "FAILED"].into_iter().enumerate() {
            for (kind, token) in [("i", Some("t")), ("b", None)] {
                let id = format!("{kind}{number}");
                write_one(db, &id, &run(), &came(token, None, Some(run_came(status))));
            }
        }
        write_one(
            db,
            "used",
            &run(),
            &came(Some("t"), None, Some(run_came("RUNNING"))),
        );
        write::used(db, "used", NOW).unwrap();
        for id in ["l1", "l2"] {
            write_one(db, id, &link(false), &came(None, Some("https://l/1"), None));
        }
        let count = |status| {
            let filter = HistoryFilter {
                status,
                ..HistoryFilter::default()
            };
            let listed = query::page(db, &filter, 0, 1000, NOW).unwrap();
            let wanted = |entry: &HistoryEntry| match status {
                StatusFilter::All => true,
                StatusFilter::Live => {
                    matches!(entry.status(NOW), Status::Active | Status::Expiring)
                }
                StatusFilter::Used => entry.status(NOW) == Status::Used,
                StatusFilter::Expired => {
                    matches!(entry.status(NOW), Status::Expired | Status::Superseded)
                }
                StatusFilter::Failed => {
                    matches!(entry.status(NOW), Status::Failed | Status::Ended)
                }
                StatusFilter::Unknown => entry.status(NOW) == Status::Unknown,
                StatusFilter::Running => entry.status(NOW) == Status::Running,
                StatusFilter::Completed => entry.status(NOW) == Status::Completed,
                StatusFilter::Open => entry
                    .run
                    .as_ref()
                    .is_some_and(|run| run.state == RunState::Open),
            };
            assert!(listed.iter().all(wanted), "{status:?}");
            u32::try_from(listed.len()).unwrap()
        };
        let counts = query::summary(db, &HistoryFilter::default(), NOW)
            .unwrap()
            .counts;
        let parts = [
            (StatusFilter::Live, counts.live),
            (StatusFilter::Used, counts.used),
            (StatusFilter::Expired, counts.expired),
            (StatusFilter::Failed, counts.failed),
            (StatusFilter::Unknown, counts.unknown),
            (StatusFilter::Running, counts.running),
            (StatusFilter::Completed, counts.completed),
        ];
        for (status, counted) in parts {
            assert_eq!(count(status), counted, "{status:?}");
        }
        assert_eq!((count(StatusFilter::Open), counts.open), (3, 3));
        assert_eq!(counts.running, 2);
        assert_eq!(counts.completed, 2);
        assert_eq!(counts.all, parts.iter().map(|(_, n)| n).sum::<u32>());
        let runs = HistoryFilter {
            kind: Some(EntryKind::Run),
            ..HistoryFilter::default()
        };
        assert_eq!(query::summary(db, &runs, NOW).unwrap().total, 7);
    });
}

#[test]
fn saved_workflows_come_first_and_presets_keep_the_form() {
    with_database(|db| {
        write_one(
            db,
            "a",
            &run(),
            &came(None, None, Some(run_came("RUNNING"))),
        );
        workflows::save(db, "w", "g", "B").unwrap();
        workflows::save(db, "w", "f", "old").unwrap();
        workflows::save(db, "w", "f", "A").unwrap();
        let known = workflows::known(db, "w").unwrap();
        let names: Vec<_> = known.iter().map(|k| k.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["A", "B"]);
        workflows::forget(db, "w", "f").unwrap();
        let known = workflows::known(db, "w").unwrap();
        assert_eq!(known[1].workflow_id, "f");
        assert!(known[0].saved && !known[1].saved);

        let form = IssueRequest {
            workspace_id: "w".to_owned(),
            ..run()
        };
        let saved = presets::save(db, "Poland", &form, false, NOW).unwrap();
        assert_eq!(saved.request, form);
        let added = presets::add(db, "w", vec![("POLAND".to_owned(), form.clone())], NOW).unwrap();
        assert_eq!(added, ["POLAND (2)"]);
        presets::save(db, "poland", &link(false), false, NOW).unwrap();
        assert_eq!(
            presets::all(db, "w").unwrap().len(),
            2,
            "another workspace has its own"
        );
        assert_eq!(presets::forget(db, &saved.id).unwrap().request, form);
        assert!(presets::forget(db, &saved.id).is_err());
    });
}

#[test]
fn a_preset_brings_nobody_back_unless_that_was_asked_for() {
    with_database(|db| {
        let form = IssueRequest {
            workspace_id: "w".to_owned(),
            label: "Jan Kowalski".to_owned(),
            ..link(false)
        };
        let nobody = form.clone().without_subject();
        let saved = presets::save(db, "Poland", &form, false, NOW).unwrap();
        assert_eq!((&saved.request, saved.with_subject), (&nobody, false));
        let on_disk: String = db
            .query_row("SELECT body FROM presets", [], |row| row.get(0))
            .unwrap();
        assert!(!on_disk.contains(SUBJECT) && !on_disk.contains("Kowalski"));

        let asked = presets::save(db, "Jan", &form, true, NOW).unwrap();
        assert_eq!((&asked.request, asked.with_subject), (&form, true));

        // One that was saved before anybody was asked keeps its form, and names nobody either.
        let old = serde_json::to_string(&form).unwrap();
        db.execute("UPDATE presets SET body = ?1 WHERE name = 'Poland'", [old])
            .unwrap();
        let kept = presets::all(db, "w").unwrap();
        assert_eq!(kept[1].request, nobody);
        assert_eq!(presets::forget(db, &saved.id).unwrap().request, nobody);
    });
}
