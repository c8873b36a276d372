#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::open::open_file;
use crate::ledger::refuse::Form;
use crate::ledger::test_support::Office;
use crate::ledger::verify::{Options, verify};

#[test]
fn a_plain_copy_holds_the_log_and_nothing_that_must_not_leave() {
    let mut office = Office::seeded(1);
    office.fill(4);
    let search = "CREATE VIRTUAL TABLE search USING fts5(g, content='', contentless_delete=1, detail=none);
                  INSERT INTO search (rowid, g) VALUES (1, '风险');
                  INSERT INTO draft VALUES (zeroblob(16), '密件草稿', '{}', 1);
                  INSERT INTO session VALUES ('a', 'pane', '3');
                  INSERT INTO import_mapping VALUES ('财政局', 'risk_point', '{}', 1);";
    office.file.conn.execute_batch(search).unwrap();
    let secret: Vec<u8> = meta::get(&office.file.conn, meta::SITE_KEY).unwrap().unwrap();
    let path = office.folder.path().join("副本 1.lian");
    plain_copy(&mut office.file, &path, 7, &mut Watch::nobody()).unwrap();

    let bytes = std::fs::read(&path).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"SQLite format 3\0") && holds("专班值班员".as_bytes()));
    assert!(
        !holds(&secret) && !holds("密件草稿".as_bytes()),
        "neither key nor drafts, not even in free pages"
    );
    let copy = open_file(&path, &office.clock).unwrap();
    assert_eq!(copy.form, Form::Plain);
    assert!(copy.conn.prepare("SELECT * FROM search").is_err());
    let count: i64 = copy
        .conn
        .query_row("SELECT count(*) FROM seal", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1, "sealed before it leaves");
    let verdict = verify(&copy, Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{verdict:?}");
    let names: Vec<_> = std::fs::read_dir(office.folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "nothing unfinished stays: {names:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_plain_copy_is_not_copied_again_and_cannot_be_changed_through_us() {
    let mut office = Office::seeded(1);
    office.fill(1);
    let path = office.folder.path().join("copy.lian");
    plain_copy(&mut office.file, &path, 7, &mut Watch::nobody()).unwrap();
    let mut copy = open_file(&path, &office.clock).unwrap();
    assert!(
        plain_copy(
            &mut copy,
            &office.folder.path().join("again.lian"),
            7,
            &mut Watch::nobody()
        )
        .is_err()
    );
    assert!(copy.access.require_write().is_err());
    assert!(copy.conn.execute("UPDATE meta SET value = 1", []).is_err());
}

#[test]
fn an_interrupted_copy_leaves_nothing() {
    use std::sync::atomic::AtomicBool;
    let mut office = Office::seeded(1);
    office.fill(1);
    let path = office.folder.path().join("copy.lian");
    let cancel = AtomicBool::new(false);
    let mut tell = |done, _| cancel.store(done == 0, std::sync::atomic::Ordering::Relaxed);
    assert!(plain_copy(&mut office.file, &path, 7, &mut Watch::new(&mut tell, &cancel)).is_err());
    assert_eq!(std::fs::read_dir(office.folder.path()).unwrap().count(), 1);
}
