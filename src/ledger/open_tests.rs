#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::chain::{Hash, Id};
use crate::ledger::test_support::Office;
use std::fs;

fn refused(paths: &OfficePaths) -> Fault {
    open(paths, &Clock::fixed(0)).unwrap_err()
}

#[test]
fn a_new_office_opens_again_with_its_settings_and_its_site() {
    let mut office = Office::seeded(3);
    office.fill(2);
    let site = site::current(&office.file.conn).unwrap();
    office.reopen();
    assert_eq!(site::current(&office.file.conn).unwrap(), site);
    assert!(!office.file.new_site);
    assert_eq!(meta::letters(&office.file.conn).unwrap(), "XY");
    assert_eq!(site::class(&office.file.conn).unwrap(), Class::Rehearsal);
    let setting = |name: &str| match office
        .file
        .conn
        .pragma_query_value(None, name, |row| row.get(0))
        .unwrap()
    {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    assert_eq!(setting("journal_mode"), "wal");
    assert_eq!(setting("synchronous"), "2");
    assert_eq!(setting("foreign_keys"), "1");
    assert_eq!(setting("secure_delete"), "1");
    assert_eq!(setting("cache_size"), "-16384");
    assert_eq!(setting("wal_autocheckpoint"), "0");
    assert_eq!(setting("application_id"), migrate::OFFICE_ID.to_string());
}

#[test]
fn no_content_lies_in_the_folder_in_clear() {
    let mut office = Office::seeded(3);
    office.fill(2);
    for file in fs::read_dir(&office.paths.folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for word in ["grade_raised", "专班值班员", "CREATE TABLE", "SQLite format"] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} in {}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn every_file_is_for_the_owner_alone_or_for_the_group() {
    use std::os::unix::fs::PermissionsExt;
    for (sharing, folder_mode, file_mode) in [(Sharing::Owner, 0o700, 0o600), (Sharing::Group, 0o2770, 0o660)] {
        let base = tempfile::tempdir().unwrap();
        let paths = OfficePaths::new(base.path().join("office"));
        let new = NewOffice {
            class: Class::Office,
            letters: "AB1",
            sharing,
        };
        let file = create(&paths, &new, &mut Entropy::System, &Clock::System).unwrap();
        file.conn
            .execute("INSERT INTO draft VALUES (zeroblob(16), 'a', '{}', 1)", [])
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&paths.folder), folder_mode);
        let files: Vec<_> = fs::read_dir(&paths.folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        assert!(files.len() >= 5, "ledger, wal, shm, keys, mark: {files:?}");
        for path in files.iter().filter(|path| path.is_file()) {
            assert_eq!(mode(path), file_mode, "{}", path.display());
        }
    }
}

#[test]
fn an_office_is_never_made_over_another() {
    let office = Office::seeded(3);
    let new = NewOffice {
        class: Class::Rehearsal,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let error = create(&office.paths, &new, &mut Entropy::System, &Clock::System).unwrap_err();
    assert!(error.reason.contains("已有台账"), "{error}");
    for letters in ["", "X", "xy", "ABCDEFG", "X-Y", "浔阳"] {
        let new = NewOffice { letters, ..new };
        assert_eq!(
            create(&office.paths, &new, &mut Entropy::System, &Clock::System)
                .unwrap_err()
                .kind,
            FaultKind::Usage
        );
    }
    let new = NewOffice {
        class: Class::Office,
        ..new
    };
    let error = create(&office.paths, &new, &mut Entropy::seeded(1), &Clock::System).unwrap_err();
    assert!(error.reason.contains("--seed"), "{error}");
}

#[test]
fn a_creation_cut_short_is_repeated_and_an_orphaned_key_is_kept() {
    let base = tempfile::tempdir().unwrap();
    let paths = OfficePaths::new(base.path());
    fs::write(base.path().join("office.lian.new"), b"half").unwrap();
    fs::write(paths.keys(), b"some other ledger's key").unwrap();
    let new = NewOffice {
        class: Class::Office,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let file = create(&paths, &new, &mut Entropy::System, &Clock::fixed(42)).unwrap();
    assert!(!file.new_site);
    let kept = fs::read(base.path().join("office.keys.old-42")).unwrap();
    assert_eq!(kept, b"some other ledger's key");
    assert!(!base.path().join("office.lian.new").exists());
}

#[test]
fn damaged_foreign_and_newer_files_are_refused_and_not_touched() {
    let mut office = Office::seeded(3);
    office.fill(2);
    let (paths, _folder) = office.close();
    let ledger = paths.ledger();
    let good = fs::read(&ledger).unwrap();
    let check = |bytes: &[u8], expected: &str| {
        fs::write(&ledger, bytes).unwrap();
        let fault = refused(&paths);
        assert!(fault.reason.contains(expected), "{expected}: {fault}");
        assert_eq!(fs::read(&ledger).unwrap(), bytes);
    };
    check(b"", "空文件");
    check(&good[..good.len() - 100], "长度不对");
    check(&good[..good.len() - 4096], "截断");
    let mut flipped = good.clone();
    flipped[3] ^= 1;
    check(&flipped, trouble::WRONG_KEY);
    let foreign = paths.folder.join("foreign.db");
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    check(&fs::read(&foreign).unwrap(), "别的程序");

    fs::write(&ledger, &good).unwrap();
    let key = keys::read(&paths.keys()).unwrap();
    {
        let conn = connect(&ledger, Some(&key), &Access::ReadWrite).unwrap();
        migrate::mark(&conn, migrate::OFFICE_ID, migrate::newest() + 1).unwrap();
    }
    check(&fs::read(&ledger).unwrap(), "更新的版本");
    {
        let conn = connect(&ledger, Some(&key), &Access::ReadWrite).unwrap();
        conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    }
    check(&fs::read(&ledger).unwrap(), "更新的版本");
    fs::write(&ledger, &good).unwrap();
    keys::write(&paths.keys(), &DataKey::random().unwrap(), None, Sharing::Owner).unwrap();
    check(&good, trouble::WRONG_KEY);
    fs::remove_file(&ledger).unwrap();
    fs::create_dir(&ledger).unwrap();
    assert!(refused(&paths).reason.contains("是文件夹"));
}

#[test]
fn a_lost_or_later_mark_opens_a_new_site_that_names_the_old() {
    let mut office = Office::seeded(3);
    office.fill(2);
    let old = site::tail(&office.file.conn, &site::current(&office.file.conn).unwrap()).unwrap();
    mark::write(&office.paths, &old).unwrap();
    office.reopen();
    assert!(!office.file.new_site, "the mark agrees");

    fs::remove_file(office.paths.mark()).unwrap();
    office.reopen();
    assert!(office.file.new_site);
    let new = site::current(&office.file.conn).unwrap();
    let (predecessor, head): (Id, Hash) = office
        .file
        .conn
        .query_row(
            "SELECT predecessor, predecessor_head FROM site WHERE site = ?1",
            [new],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((predecessor, head), (old.site, old.hash));
    office.reopen();
    assert_eq!(site::current(&office.file.conn).unwrap(), new, "once is enough");

    let ahead = site::Tail {
        site: new,
        site_seq: 99,
        hash: [1; 32],
    };
    mark::write(&office.paths, &ahead).unwrap();
    office.reopen();
    assert!(office.file.new_site);
}

#[test]
fn a_plain_copy_and_an_encrypted_file_open_by_name_for_reading() {
    let mut office = Office::seeded(3);
    office.fill(2);
    let elsewhere = tempfile::tempdir().unwrap();
    office
        .file
        .conn
        .execute("VACUUM INTO ?1", [elsewhere.path().join("copy.lian").to_str().unwrap()])
        .unwrap();
    fs::copy(office.paths.keys(), elsewhere.path().join("copy.keys")).unwrap();
    let copy = open_file(&elsewhere.path().join("copy.lian"), &office.clock).unwrap();
    assert_eq!(copy.form, Form::Encrypted);
    assert!(copy.access.require_write().is_err());
    let count: i64 = copy
        .conn
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 6);
    assert!(copy.conn.execute("DELETE FROM draft", []).is_err());

    let plain = elsewhere.path().join("plain.lian");
    {
        let conn = Connection::open(&plain).unwrap();
        migrate::build(&conn).unwrap();
        migrate::mark(&conn, migrate::PLAIN_ID, migrate::newest()).unwrap();
    }
    assert_eq!(open_file(&plain, &office.clock).unwrap().form, Form::Plain);
    let through = open_file(&office.paths.ledger(), &office.clock).unwrap();
    assert_eq!(
        through.access,
        Access::ReadWrite,
        "office.lian opens as its folder does"
    );
    let (paths, _folder) = office.close();
    fs::copy(&plain, paths.ledger()).unwrap();
    assert!(refused(&paths).reason.contains("明文副本"));
}

#[test]
fn two_windows_share_the_file_and_the_second_writer_waits() {
    let mut office = Office::seeded(3);
    let other = open(&office.paths, &office.clock).unwrap();
    office.append(&[1]);
    let seen: i64 = other
        .conn
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seen, 1);
    other.conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let tx = office
        .file
        .conn
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .unwrap();
    let error = Fault::from(other.conn.execute_batch("BEGIN IMMEDIATE").unwrap_err());
    assert_eq!(error.kind, FaultKind::Busy);
    drop(tx);
    office.file.checkpoint().unwrap();
}

#[test]
fn a_newer_file_whose_writer_was_killed_is_left_with_its_log() {
    let mut office = Office::seeded(3);
    office.fill(2);
    office.file.checkpoint().unwrap();
    migrate::mark(&office.file.conn, migrate::OFFICE_ID, migrate::newest() + 1).unwrap();
    // A kill is a copy of what lies on the disk at that moment.
    let elsewhere = OfficePaths::new(office.folder.path().join("killed"));
    fs::create_dir(&elsewhere.folder).unwrap();
    let wal = |paths: &OfficePaths| crate::ledger::paths::wal_of(&paths.ledger());
    fs::copy(office.paths.ledger(), elsewhere.ledger()).unwrap();
    fs::copy(office.paths.keys(), elsewhere.keys()).unwrap();
    fs::copy(wal(&office.paths), wal(&elsewhere)).unwrap();
    let before = (
        fs::read(elsewhere.ledger()).unwrap(),
        fs::read(wal(&elsewhere)).unwrap(),
    );
    assert!(refused(&elsewhere).reason.contains("更新的版本"));
    assert_eq!(
        (
            fs::read(elsewhere.ledger()).unwrap(),
            fs::read(wal(&elsewhere)).unwrap()
        ),
        before
    );
}

/// Run by root, nothing is read-only.
#[cfg(unix)]
#[test]
fn a_read_only_folder_opens_for_looking() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: root may write everywhere");
        return;
    }
    let mut office = Office::seeded(3);
    office.fill(2);
    let (paths, _folder) = office.close();
    let set = |mode| fs::set_permissions(&paths.folder, fs::Permissions::from_mode(mode)).unwrap();
    set(0o500);
    let file = open(&paths, &Clock::fixed(0));
    let looked = file.map(|file| {
        let count: i64 = file
            .conn
            .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
            .unwrap();
        let verdict =
            crate::ledger::verify::verify(&file, Default::default(), &mut crate::ledger::watch::Watch::nobody());
        (count, file.access.require_write().is_err(), verdict.unwrap().ok)
    });
    set(0o700);
    assert_eq!(looked.unwrap(), (6, true, true));
    fs::set_permissions(paths.ledger(), fs::Permissions::from_mode(0o000)).unwrap();
    assert!(refused(&paths).reason.contains("没有权限"));
    fs::set_permissions(paths.ledger(), fs::Permissions::from_mode(0o400)).unwrap();
    assert!(open(&paths, &Clock::fixed(0)).unwrap().access.require_write().is_err());
}
