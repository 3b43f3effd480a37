use rusqlite::Connection;

use super::*;
use crate::{clock::Millis, storage::Database};

const NOW: Millis = 1_800_000_000_000;
const MINUTE: Millis = 60_000;

/// A history of 340 made-up entries, one every seven minutes back from now.
fn with_history(look: impl FnOnce(&mut Connection)) {
    let database = Database::in_memory().unwrap();
    let mut db = database.lock();
    seed::seed(&mut db, 340, 0, NOW).unwrap();
    look(&mut db);
}

fn matching(filter: impl FnOnce(&mut HistoryFilter)) -> HistoryFilter {
    let mut wanted = HistoryFilter::default();
    filter(&mut wanted);
    wanted
}

fn all(db: &Connection, filter: &HistoryFilter) -> Vec<HistoryEntry> {
    query::page(db, filter, 0, 1000, NOW).unwrap()
}

#[test]
fn pages_follow_each_other_newest_first() {
    with_history(|db| {
        let filter = HistoryFilter::default();
        let whole = all(db, &filter);
        assert_eq!(whole.len(), 340);
        assert!(
            whole
                .windows(2)
                .all(|pair| pair[0].requested_at > pair[1].requested_at)
        );
        let pages: Vec<HistoryEntry> = (0..4)
            .flat_map(|page| query::page(db, &filter, page * 100, 100, NOW).unwrap())
            .collect();
        assert_eq!(pages, whole);
    });
}

#[test]
fn as_many_entries_as_were_asked_for_are_read() {
    let database = Database::in_memory().unwrap();
    let mut db = database.lock();
    seed::seed(&mut db, 1500, 0, NOW).unwrap();
    let filter = HistoryFilter::default();
    for (limit, read) in [(0, 0), (1001, 1001), (1500, 1500), (u32::MAX, 1500)] {
        let newest = query::newest(&db, &filter, limit, NOW).unwrap();
        assert_eq!(newest.len(), read, "{limit}");
    }
    let page = query::page(&db, &filter, 0, 5000, NOW).unwrap();
    assert_eq!(page.len(), 1000, "a window reads page by page");
}

#[test]
fn each_status_counts_what_it_lists() {
    with_history(|db| {
        let counts = query::summary(db, &HistoryFilter::default(), NOW)
            .unwrap()
            .counts;
        let parts = [
            (StatusFilter::All, counts.all),
            (StatusFilter::Live, counts.live),
            (StatusFilter::Used, counts.used),
            (StatusFilter::Expired, counts.expired),
            (StatusFilter::Failed, counts.failed),
            (StatusFilter::Unknown, counts.unknown),
        ];
        for (status, count) in parts {
            let filter = matching(|f| f.status = status);
            let listed = all(db, &filter);
            assert_eq!(listed.len(), count as usize, "{status:?}");
            let summary = query::summary(db, &filter, NOW).unwrap();
            assert_eq!(summary.total, count, "{status:?}");
            assert_eq!(
                summary.counts, counts,
                "chips count under the other filters"
            );
        }
        assert_eq!(
            counts.all,
            parts[1..].iter().map(|(_, count)| count).sum::<u32>()
        );
        assert!(parts[..5].iter().all(|(_, count)| *count > 0));
        let previews = all(db, &matching(|f| f.previews_only = true));
        assert_eq!(previews.len(), counts.previews as usize);
        assert!(
            previews
                .iter()
                .all(|entry| entry.purpose == Purpose::Preview)
        );
    });
}

#[test]
fn filters_combine() {
    with_history(|db| {
        let filter = matching(|f| {
            f.search = "source of".to_owned();
            f.status = StatusFilter::Failed;
            f.since = Some(NOW - 24 * 60 * MINUTE);
        });
        let found = all(db, &filter);
        assert!(!found.is_empty());
        for entry in found {
            assert_eq!(entry.workflow_name.as_deref(), Some("Source of funds"));
            assert_eq!(entry.state, EntryState::Failed);
            assert!(entry.requested_at >= NOW - 24 * 60 * MINUTE);
        }
        assert!(all(db, &matching(|f| f.workspace_id = Some("other".to_owned()))).is_empty());
    });
}

#[test]
fn a_search_finds_any_part_of_any_length() {
    with_history(|db| {
        let by = |search: &str| all(db, &matching(|f| f.search = search.to_owned())).len();
        let entry = query::page(db, &HistoryFilter::default(), 17, 1, NOW)
            .unwrap()
            .remove(0);
        assert_eq!(by("ticket #10017"), 1);
        assert_eq!(by("TICKET #10017"), 1, "whatever its case");
        assert_eq!(by(&entry.subject.unwrap()[9..23]), 1);
        assert_eq!(by("17"), by("\u{20}17 "), "spaces around it are not meant");
        assert!(by("17") > 1, "two characters are looked for row by row");
        for odd in [
            "\"",
            "' OR 1",
            "NEAR(",
            "*",
            "ticket \"x",
            "%",
            "\u{0}nobody\u{1}has this",
        ] {
            assert_eq!(by(odd), 0, "{odd}");
        }
    });
}

#[test]
fn a_search_takes_capitals_for_small_letters_at_every_length() {
    with_history(|db| {
        let ids = all(db, &HistoryFilter::default());
        for (entry, label) in ids.iter().zip([
            "\u{141}\u{f3}d\u{17a} klient",
            "\u{416}\u{443}\u{43a}",
            "\u{3a9}mega \u{c9}t\u{e9}",
        ]) {
            write::label(db, &entry.id, label).unwrap();
        }
        let by = |search: &str| all(db, &matching(|f| f.search = search.to_owned())).len();
        for label in [
            "\u{141}\u{f3}d\u{17a} klient",
            "\u{416}\u{443}\u{43a}",
            "\u{c9}t\u{e9}",
        ] {
            for length in 1..=label.chars().count() {
                let start: String = label.chars().take(length).collect();
                let written = by(&start);
                assert!(written >= 1, "{start}");
                for other in [start.to_lowercase(), start.to_uppercase()] {
                    assert_eq!(by(&other), written, "{other}");
                }
            }
        }
        assert_eq!(by("\u{141}\u{f3}"), 1);
        assert_eq!(by("\u{3c9}"), 1);
    });
}

#[test]
fn what_is_forgotten_can_be_restored_for_a_while() {
    with_history(|db| {
        let filter = HistoryFilter::default();
        let ids: Vec<String> = all(db, &filter)[..3].iter().map(|e| e.id.clone()).collect();
        assert_eq!(erase::forget(db, &ids, NOW).unwrap(), 3);
        assert_eq!(all(db, &filter).len(), 337);
        assert_eq!(erase::purge(db, NOW + erase::GRACE - 1).unwrap(), 0);
        assert_eq!(erase::restore(db, &ids).unwrap(), 3);
        assert_eq!(all(db, &filter).len(), 340);
        erase::forget(db, &ids, NOW).unwrap();
        assert_eq!(erase::purge(db, NOW + erase::GRACE).unwrap(), 3);
        assert_eq!(erase::restore(db, &ids).unwrap(), 0, "gone for good");

        let expired = all(db, &matching(|f| f.status = StatusFilter::Expired)).len();
        assert_eq!(erase::forget_expired(db, NOW).unwrap().len(), expired);
        assert!(all(db, &matching(|f| f.status = StatusFilter::Expired)).is_empty());
    });
}

/// A long history stays quick because nothing walks its rows: only an index that holds everything
/// a list and its counts ask for.
#[test]
fn lists_and_counts_walk_an_index_only() {
    with_history(|db| {
        let filters = [
            HistoryFilter::default(),
            matching(|f| f.status = StatusFilter::Live),
            matching(|f| f.workspace_id = Some("demo".to_owned())),
            matching(|f| {
                f.previews_only = true;
                f.since = Some(NOW - MINUTE);
            }),
        ];
        for filter in filters {
            for plan in query::plans(db, &filter, NOW) {
                assert!(
                    plan.contains("COVERING INDEX entries_listed"),
                    "{filter:?}: {plan}"
                );
                assert!(!plan.contains("SCAN entries\n"), "{filter:?}: {plan}");
            }
        }
        let searched = matching(|f| f.search = "ticket".to_owned());
        for plan in query::plans(db, &searched, NOW) {
            assert!(plan.contains("entries_text VIRTUAL TABLE INDEX"), "{plan}");
        }
    });
}
