#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::test_support::Office;

#[test]
fn a_head_is_sealed_once_and_written_beside_the_file() {
    let mut office = Office::seeded(1);
    assert_eq!(
        seal(&mut office.file.conn, Some(&office.paths), 1).unwrap(),
        None,
        "nothing to seal yet"
    );
    let appended = office.append(&[1, 2]);
    let one = seal(&mut office.file.conn, Some(&office.paths), 100).unwrap().unwrap();
    assert_eq!((one.site_seq, one.hash, one.at), (2, appended.events[1].hash, 100));
    let again = seal(&mut office.file.conn, Some(&office.paths), 200).unwrap().unwrap();
    assert_eq!(again, one);
    assert_eq!(mark::read(&office.paths).unwrap(), one.tail());
    assert_eq!(read_beside(&office.paths).unwrap(), std::slice::from_ref(&one));
    office.append(&[1]);
    let two = seal(&mut office.file.conn, Some(&office.paths), 300).unwrap().unwrap();
    assert_eq!(all(&office.file.conn).unwrap(), [one, two.clone()]);
    assert_eq!(last(&office.file.conn).unwrap(), Some(two));
}

#[test]
fn the_signature_holds_for_this_head_and_this_site_alone() {
    let mut office = Office::seeded(1);
    office.append(&[1]);
    let seal = seal(&mut office.file.conn, None, 100).unwrap().unwrap();
    let key: Hash = office
        .file
        .conn
        .query_row("SELECT public_key FROM site", [], |row| row.get(0))
        .unwrap();
    assert!(seal.is_signed_by(&key));
    for changed in [
        Seal {
            site_seq: 2,
            ..seal.clone()
        },
        Seal {
            at: 101,
            ..seal.clone()
        },
        Seal {
            hash: [0; 32],
            ..seal.clone()
        },
        Seal {
            site: [0; 16],
            ..seal.clone()
        },
        Seal {
            signature: [0; 64],
            ..seal.clone()
        },
    ] {
        assert!(!changed.is_signed_by(&key), "{changed:?}");
    }
    assert!(!seal.is_signed_by(&[1; 32]));
    assert_eq!(
        mark::read(&office.paths).map(|mark| mark.site_seq),
        Some(0),
        "no folder, no mark"
    );
}

#[test]
fn an_earlier_seal_does_not_put_the_mark_back() {
    let mut office = Office::seeded(1);
    office.append(&[1]);
    let one = seal(&mut office.file.conn, Some(&office.paths), 100).unwrap().unwrap();
    office.append(&[1]);
    let two = seal(&mut office.file.conn, Some(&office.paths), 200).unwrap().unwrap();
    publish(&office.file.conn, &office.paths, &one).unwrap();
    assert_eq!(mark::read(&office.paths).unwrap(), two.tail());
}

#[test]
fn the_file_beside_keeps_the_latest_and_whatever_this_file_lacks() {
    let mut office = Office::seeded(1);
    for at in 0..BESIDE + 5 {
        office.append(&[1]);
        seal(&mut office.file.conn, None, at).unwrap();
    }
    write_beside(&office.file.conn, &office.paths).unwrap();
    let beside = read_beside(&office.paths).unwrap();
    assert_eq!((beside.len(), beside[0].site_seq), (100, 6));
    let mut file: SealsFile = serde_json::from_str(&std::fs::read_to_string(office.paths.seals()).unwrap()).unwrap();
    file.seals[99].site_seq = 999;
    std::fs::write(office.paths.seals(), serde_json::to_string(&file).unwrap()).unwrap();
    write_beside(&office.file.conn, &office.paths).unwrap();
    let kept = read_beside(&office.paths).unwrap();
    assert_eq!(
        (kept.len(), kept[100].site_seq),
        (101, 999),
        "evidence of a longer file stays"
    );
    std::fs::write(office.paths.seals(), "{").unwrap();
    assert_eq!(read_beside(&office.paths).unwrap_err().kind, FaultKind::Damaged);
    std::fs::remove_file(office.paths.seals()).unwrap();
    assert_eq!(read_beside(&office.paths).unwrap(), []);
}
