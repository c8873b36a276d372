#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::backup::backup;
use crate::ledger::test_support::Office;
use crate::ledger::verify::verify;

fn backed_up(acts: u8) -> (Office, PathBuf) {
    let mut office = Office::seeded(1);
    office.fill(acts);
    let zip = office.folder.path().join("b.zip");
    backup(&mut office.file, &zip, 77, &mut Watch::nobody()).unwrap();
    (office, zip)
}

fn events(conn: &Connection) -> i64 {
    conn.query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_restored_office_goes_on_under_a_new_site_and_the_old_file_is_kept() {
    let (mut office, zip) = backed_up(2);
    let head = site::tail(&office.file.conn, &site::current(&office.file.conn).unwrap()).unwrap();
    office.append(&[50]);
    let (paths, _folder) = office.close();
    let clock = Clock::fixed(1_000);
    let mut restored = restore(&zip, &paths, &clock, &mut Watch::nobody()).unwrap();
    assert_eq!(events(&restored.file.conn), 6, "as it was when backed up");
    assert!(!restored.file.new_site, "the mark agrees");
    let new = site::current(&restored.file.conn).unwrap();
    let sites = crate::ledger::read_log::read_sites(&restored.file.conn).unwrap();
    assert_eq!(sites[1].site, new);
    assert_eq!(sites[1].predecessor.as_deref(), Some(&head.site[..]));
    assert_eq!(sites[1].predecessor_head.as_deref(), Some(&head.hash[..]));
    let verdict = verify(&restored.file, Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(
        crate::ledger::seal::seal(&mut restored.file.conn, Some(&paths), 5).unwrap(),
        None
    );

    let aside = OfficePaths::new(restored.aside.unwrap().join("old"));
    let old = open::open(&aside, &clock).unwrap();
    assert_eq!(events(&old.conn), 7, "what came after the backup is not lost");
    assert!(!paths.restoring().exists() && !ready(&paths).exists());
}

#[test]
fn a_backup_restores_into_an_empty_folder_elsewhere() {
    let (office, zip) = backed_up(2);
    let paths = OfficePaths::new(office.folder.path().join("elsewhere"));
    let restored = restore(&zip, &paths, &office.clock, &mut Watch::nobody()).unwrap();
    assert_eq!(restored.aside, None);
    assert_eq!(events(&restored.file.conn), 6);
    assert_ne!(
        site::current(&restored.file.conn).unwrap(),
        site::current(&office.file.conn).unwrap()
    );
    assert!(!ready(&paths).exists());
}

#[test]
fn an_open_window_stops_a_restore() {
    let (office, zip) = backed_up(1);
    let fault = restore(&zip, &office.paths, &office.clock, &mut Watch::nobody()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Busy, "{fault}");
    assert_eq!(events(&office.file.conn), 3);
    assert!(!ready(&office.paths).exists());
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_is_moved() {
    let (office, zip) = backed_up(2);
    let good = fs::read(&zip).unwrap();
    let (paths, folder) = office.close();
    let before = fs::read(paths.ledger()).unwrap();
    let bad = folder.path().join("bad.zip");
    // The ledger is the last member: the middle of the zip lies in its pages.
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    for bytes in [&flipped[..], &good[..good.len() / 2], b"", b"PK\x03\x04", b"text"] {
        fs::write(&bad, bytes).unwrap();
        let fault = restore(&bad, &paths, &Clock::fixed(1), &mut Watch::nobody()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Damaged, "{fault}");
        assert!(!paths.restoring().exists() && !ready(&paths).exists());
        assert_eq!(
            open::open(&paths, &Clock::fixed(1)).map(|file| file.new_site),
            Ok(false)
        );
    }
    assert_eq!(fs::read(paths.ledger()).unwrap(), before);
}

#[test]
fn a_restore_cut_short_is_finished_by_the_next_opening() {
    // Killed between any two moves: the files in place are replaced one by one.
    for moved in 0..5 {
        let (mut office, zip) = backed_up(2);
        office.append(&[50]);
        let (paths, _folder) = office.close();
        files::make_folder(&paths.restoring(), Sharing::Owner).unwrap();
        let mut archive = open_zip(&zip).unwrap();
        let staging = OfficePaths::new(paths.restoring());
        stage(&mut archive, &zip, &staging, Sharing::Owner, &mut Watch::nobody()).unwrap();
        files::rename(&paths.restoring(), &ready(&paths)).unwrap();
        let old = ready(&paths).join("old");
        files::make_folder(&old, Sharing::Owner).unwrap();
        for path in [paths.keys(), paths.mark(), paths.seals(), paths.ledger()]
            .iter()
            .take(moved)
        {
            let name = path.file_name().unwrap();
            set_aside(path, &old).unwrap();
            // The last of them was only half-way: the old one is aside, the new one not yet in place.
            if *path != paths.ledger() {
                files::rename(&ready(&paths).join(name), path).unwrap();
            }
        }
        let file = open::open(&paths, &Clock::fixed(9)).unwrap();
        assert_eq!(
            (events(&file.conn), file.new_site),
            (6, false),
            "killed after {moved} moves"
        );
        assert!(paths.folder.join("replaced-9").join("old").join(LEDGER).exists());
    }
}

#[test]
fn an_unfinished_restore_is_thrown_away() {
    let (office, zip) = backed_up(1);
    let (paths, _folder) = office.close();
    files::make_folder(&paths.restoring(), Sharing::Owner).unwrap();
    fs::write(paths.restoring().join(LEDGER), b"half").unwrap();
    assert_eq!(
        open::open(&paths, &Clock::fixed(9)).map(|file| events(&file.conn)),
        Ok(3)
    );
    restore(&zip, &paths, &Clock::fixed(9), &mut Watch::nobody()).unwrap();
    assert!(!paths.restoring().exists());
}
