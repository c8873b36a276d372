#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::test_support::Office;

fn names_in(zip: &Path) -> Vec<String> {
    zip::ZipArchive::new(File::open(zip).unwrap())
        .unwrap()
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect()
}

#[test]
fn a_backup_is_one_zip_with_an_encrypted_copy_its_keys_and_its_seals() {
    let mut office = Office::seeded(1);
    office.fill(3);
    let path = office.folder.path().join("备份.zip");
    let label = backup(&mut office.file, &path, 77, &mut Watch::nobody()).unwrap();
    assert_eq!((label.at, label.site_seq, label.version), (77, 9, migrate::newest()));
    let mut names = names_in(&path);
    names.sort();
    assert_eq!(names, [LABEL, KEYS, LEDGER, SEALS]);
    let bytes = std::fs::read(&path).unwrap();
    assert!(
        !bytes.windows(12).any(|window| window == b"grade_raised"),
        "no content in clear"
    );
    assert_eq!(
        std::fs::read_dir(office.folder.path()).unwrap().count(),
        2,
        "nothing unfinished stays"
    );
    backup(&mut office.file, &path, 78, &mut Watch::nobody()).unwrap();
}

#[test]
fn an_office_without_events_is_backed_up_too() {
    let mut office = Office::seeded(1);
    let path = office.folder.path().join("b.zip");
    backup(&mut office.file, &path, 77, &mut Watch::nobody()).unwrap();
    assert!(!names_in(&path).contains(&SEALS.to_owned()));
}

#[test]
fn a_day_has_one_automatic_backup() {
    let mut office = Office::seeded(1);
    office.fill(1);
    assert!(daily(&mut office.file, "2026-11-23", 1, &mut Watch::nobody()).unwrap());
    assert!(!daily(&mut office.file, "2026-11-23", 2, &mut Watch::nobody()).unwrap());
    assert!(daily(&mut office.file, "2026-11-24", 3, &mut Watch::nobody()).unwrap());
    assert!(daily_path(&office.paths, "2026-11-24").exists());
}

#[test]
fn ten_days_and_twelve_month_ends_are_kept_and_nothing_else_is_touched() {
    let mut names: Vec<String> = Vec::new();
    for month in 1..=12 {
        for day in 1..=28 {
            names.push(format!("daily-2025-{month:02}-{day:02}.zip"));
            names.push(format!("daily-2026-{month:02}-{day:02}.zip"));
        }
    }
    names.extend([
        "daily-of-mine.zip".into(),
        "before-upgrade-v1-7.zip".into(),
        "daily-2026-1.zip".into(),
    ]);
    let old = superseded(names.clone());
    let kept: Vec<_> = names.iter().filter(|name| !old.contains(name)).collect();
    let has = |name: &str| kept.iter().any(|kept| *kept == name);
    assert!(has("daily-of-mine.zip") && has("before-upgrade-v1-7.zip") && has("daily-2026-1.zip"));
    assert!((19..=28).all(|day| has(&format!("daily-2026-12-{day}.zip"))));
    assert!((1..=12).all(|month| has(&format!("daily-2026-{month:02}-28.zip"))));
    assert_eq!(kept.len(), 3 + 10 + 11);
}

#[test]
fn a_backup_that_cannot_be_written_says_so_and_leaves_the_old_one() {
    let mut office = Office::seeded(1);
    let gone = office.folder.path().join("no such folder").join("b.zip");
    let fault = backup(&mut office.file, &gone, 1, &mut Watch::nobody()).unwrap_err();
    assert!(fault.reason.contains("找不到"), "{fault}");
    assert_eq!(fault.kind, FaultKind::World);
}
