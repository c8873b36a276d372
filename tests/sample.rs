//! The sample district over a real file: its figures, its queues, its log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use lianneng::domain::world::{Operator, World};
use lianneng::domain::{BodyRef, StreamId, viewer};
use lianneng::ledger::office::Office;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::query::{ListQuery, Reader};
use lianneng::ledger::read_log::Scope;
use lianneng::ledger::verify::{self, Options};
use lianneng::ledger::watch::Watch;
use lianneng::ledger::world::LedgerWorld;
use lianneng::ledger::{hidden, known};
use lianneng::ledger::{log_json, rebuild};
use lianneng::sample::{Order, demo};
use tempfile::TempDir;

/// Monday 23 November 2026, ten in the morning in China.
const NOW: i64 = 1_795_399_200_000;

fn built(now_ms: i64, seed: u64) -> (TempDir, Office) {
    let folder = tempfile::tempdir().unwrap();
    let paths = OfficePaths::new(folder.path().join("demo"));
    let order = Order { now_ms, seed, scale: 1 };
    let office = demo::make(&paths, order, &mut |_, _| {}).unwrap_or_else(|stop| panic!("{stop}"));
    (folder, office)
}

fn log(office: &Office) -> Vec<u8> {
    let mut out = Vec::new();
    log_json::write_json(&office.file().conn, Scope::All, &Default::default(), &mut out).unwrap();
    out
}

/// How many rows carry each value of a column.
fn tally(office: &Office, sql: &str) -> BTreeMap<String, i64> {
    let conn = &office.file().conn;
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn number(office: &Office, sql: &str) -> i64 {
    office.file().conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn the_sample_is_whole_and_repeatable() {
    let (_folder, mut office) = built(NOW, 1);
    let verdict = verify::verify(office.file(), Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{:?}", verdict.problems);
    figures(&office);
    stages(&office);
    queues(&office);
    recusal(&office);
    past(&office);
    let before = log(&office);
    let rebuilt = office.rebuild(&mut Watch::nobody()).unwrap();
    assert!(rebuilt.unchanged(), "{rebuilt:?}");
    rebuild::check_search(&office.file().conn).unwrap();
    let (_other, again) = built(NOW, 1);
    assert!(before == log(&again), "equal moment and seed, equal log");
}

/// Steps are counted back over working days: neither a rest day nor a turn of the year may break a story.
#[test]
fn the_sample_can_be_built_on_any_day() {
    const DAY: i64 = 86_400_000;
    // A Sunday; New Year's Day; 国庆.
    for (days, seed) in [(6, 1), (39, 2), (-48, 3)] {
        let (_folder, office) = built(NOW + days * DAY, seed);
        figures(&office);
        let warnings = tally(&office, "SELECT stage, count(*) FROM list_warning GROUP BY stage");
        assert!(warnings.contains_key("clue_transferred"), "{warnings:?}");
    }
}

/// F01–F14 (domain.md §1.2) as counts over records.
fn figures(office: &Office) {
    for (figure, expected, sql) in [
        ("F01", 1698, "SELECT count(*) FROM list_risk_point"),
        ("F02", 1574, "SELECT count(*) FROM list_measure"),
        ("F03", 1068, "SELECT count(*) FROM list_power_item"),
        ("F04", 897, "SELECT count(*) FROM list_process"),
        ("F05", 180, "SELECT count(*) FROM list_informant"),
        (
            "F06",
            681,
            "SELECT count(*) FROM list_regulation WHERE status = 'improved'",
        ),
        ("F07", 196, "SELECT count(*) FROM list_regulation WHERE status = 'new'"),
        ("F08", 19, "SELECT count(*) FROM list_education WHERE kind = 'class'"),
        (
            "F09",
            108,
            "SELECT sum(quantity) FROM list_publicity WHERE kind = 'column'",
        ),
        (
            "F10",
            1200,
            "SELECT sum(quantity) FROM list_publicity WHERE kind = 'album'",
        ),
        (
            "F11",
            641,
            "SELECT sum(quantity) FROM list_publicity WHERE kind = 'board'",
        ),
        (
            "F12",
            206,
            "SELECT count(*) FROM list_education WHERE kind = 'activity'",
        ),
        ("F14", 7, "SELECT count(*) FROM list_unit WHERE phase = 'pilot'"),
    ] {
        assert_eq!(number(office, sql), expected, "{figure}");
    }
    let query = ListQuery {
        register: "appointment".into(),
        filters: vec![("body".into(), "task_force".into())],
        ..ListQuery::default()
    };
    let force = Reader::beside(office).unwrap().list(&query).unwrap();
    assert_eq!(force.items.len(), 20, "F13");
}

/// Every state built here occurs, running ones late as well as in time.
fn stages(office: &Office) {
    let warnings = tally(office, "SELECT stage, count(*) FROM list_warning GROUP BY stage");
    for stage in [
        "registered",
        "assessed",
        "released",
        "rectifying",
        "feedback_given",
        "lifted",
        "not_accepted",
        "merged",
        "declined",
        "withdrawn",
        "referring",
        "clue_transferred",
    ] {
        assert!(warnings.contains_key(stage), "{stage} in {warnings:?}");
    }
    let admonitions = tally(
        office,
        "SELECT kind || ' ' || stage, count(*) FROM list_admonition GROUP BY kind, stage",
    );
    for kind in ["reminder", "supervision", "correction"] {
        for stage in ["proposed", "approved", "correcting", "report_filed", "lifted"] {
            assert!(
                admonitions.contains_key(&format!("{kind} {stage}")),
                "{kind} {stage} in {admonitions:?}"
            );
        }
    }
    for ended in [
        "reminder failed",
        "correction failed",
        "correction rejected",
        "correction replaced",
        "correction revoked",
    ] {
        assert!(admonitions.contains_key(ended), "{ended}");
    }
    let points = tally(office, "SELECT stage, count(*) FROM list_risk_point GROUP BY stage");
    for stage in ["draft", "submitted", "monitored", "resolved", "discharged"] {
        assert!(points.contains_key(stage), "{stage} in {points:?}");
    }
    let measures = tally(office, "SELECT stage, count(*) FROM list_measure GROUP BY stage");
    assert_eq!(measures.len(), 4, "{measures:?}");
    let tasks = tally(office, "SELECT stage, count(*) FROM list_task GROUP BY stage");
    assert_eq!(tasks.len(), 3, "{tasks:?}");
    let proposals = tally(office, "SELECT stage, count(*) FROM list_proposal GROUP BY stage");
    for stage in ["waiting", "stayed", "accepted"] {
        assert!(proposals.contains_key(stage), "{stage} in {proposals:?}");
    }
    for register in ["warning", "admonition", "task", "risk_point"] {
        let late = format!("SELECT count(*) FROM list_{register} WHERE due < '2026-11-23'");
        let soon = format!("SELECT count(*) FROM list_{register} WHERE due BETWEEN '2026-11-23' AND '2026-11-25'");
        let fresh = format!("SELECT count(*) FROM list_{register} WHERE due > '2026-11-25'");
        for sql in [late, soon, fresh] {
            assert!(number(office, &sql) > 0, "{sql}");
        }
    }
    let late = "SELECT count(*) FROM act WHERE happened < today AND operator <> 'clock'";
    assert_eq!(number(office, late), 1, "one receipt came in late (补录)");
    let sealed = "SELECT count(*) FROM event WHERE kind = 'source_sealed'";
    assert!(number(office, sealed) > 5, "some left their name");
    let named =
        "SELECT count(*) FROM event_body WHERE instr(body, '葛敬亭') OR instr(body, 'XXY-0') AND instr(body, 'YJ-')";
    assert_eq!(number(office, named), 0, "and nobody reads it");
    let obligations = tally(office, "SELECT stage, count(*) FROM list_obligation GROUP BY stage");
    assert!(obligations.contains_key("open") && obligations.contains_key("done"));
}

/// No body that disposes has an empty queue.
fn queues(office: &Office) {
    let reader = Reader::beside(office).unwrap();
    for queue in reader.queues().unwrap() {
        let live = queue.red + queue.orange + queue.yellow + queue.unassessed;
        let disposes = !queue.body.starts_with("social") && queue.body != "task_force";
        assert!(live > 0 || !disposes, "{}", queue.name);
    }
}

/// What is looked up for somebody is what the rule keeps from him, over all matters there are.
fn recusal(office: &Office) {
    let conn = &office.file().conn;
    let streams = |sql: &str| -> Vec<StreamId> {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0).map(StreamId)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let matters = streams(
        "SELECT stream FROM stream WHERE gone = 0 AND kind IN
         ('warning', 'admonition', 'accountability', 'appeal', 'proposal', 'approval_sheet', 'obligation')",
    );
    let people = streams(
        "SELECT s.stream FROM list_warning l JOIN list_person p ON p.id = l.person JOIN list_post o ON o.id = p.post
         JOIN stream s ON s.id = p.id WHERE o.is_unit_head = 1 GROUP BY p.id ORDER BY max(l.id) DESC LIMIT 6",
    );
    let units = streams(
        "SELECT s.stream FROM list_warning l JOIN stream s ON s.id = l.unit GROUP BY l.unit ORDER BY l.unit LIMIT 6",
    );
    assert_eq!((people.len(), units.len()), (6, 6));
    let somebody = |person, capacities| Operator {
        person,
        capacities,
        ..Operator::recorder("somebody", "某人")
    };
    let people = people
        .into_iter()
        .map(|person| somebody(Some(person), vec![BodyRef::Discipline]));
    let units = units
        .into_iter()
        .map(|unit| somebody(None, vec![BodyRef::Implementation(unit)]));
    let mut kept = 0;
    for operator in people.chain(units) {
        let texts = office.texts();
        let world = LedgerWorld::looking(conn, texts, &operator, office.letters(), office.today());
        let looked_up = hidden::hidden(&world, &operator).unwrap();
        let rule = |stream: &&StreamId| viewer::hidden(&world.state(**stream).unwrap(), &operator, &world);
        assert_eq!(
            looked_up,
            matters.iter().filter(rule).copied().collect(),
            "{operator:?}"
        );
        kept += looked_up.len();
    }
    assert!(kept > 6, "the sample tells of recusal: {kept}");
}

/// Today, looked at as a day of the past, is what it is.
fn past(office: &Office) {
    let today = Reader::beside(office).unwrap();
    let on = Reader::beside(office).unwrap();
    on.look_on(office.today()).unwrap();
    let known = known::known(office.file(), office.today(), &mut Watch::nobody()).unwrap();
    for reader in [&on, &known] {
        assert_eq!(reader.stats().unwrap(), today.stats().unwrap());
        assert_eq!(reader.queues().unwrap(), today.queues().unwrap());
        assert_eq!(
            reader.queues_of("risk_point").unwrap(),
            today.queues_of("risk_point").unwrap()
        );
        for register in ["warning", "admonition", "task", "proposal", "risk_point"] {
            let query = ListQuery {
                register: register.into(),
                filters: vec![("queue".into(), "all".into())],
                limit: 300,
                ..ListQuery::default()
            };
            assert_eq!(reader.list(&query).unwrap(), today.list(&query).unwrap(), "{register}");
        }
    }
}
