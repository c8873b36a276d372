#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::seal;
use crate::ledger::site;
use crate::ledger::test_support::{Office, stream_id};
use serde_json::Value;
use std::process::Command;

fn json(office: &Office, scope: Scope) -> String {
    let mut out = Vec::new();
    write_json(&office.file.conn, scope, &Default::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_hashed_field_is_written() {
    let mut office = Office::seeded(1);
    office.append(&[1, 2]);
    seal::seal(&mut office.file.conn, Some(&office.paths), 5).unwrap();
    let log: Value = serde_json::from_str(&json(&office, Scope::All)).unwrap();
    let item = &log["items"][1];
    for key in "seq site site_seq stream stream_seq epoch parent kind version because body_hash prev hash salt body act"
        .split(' ')
    {
        assert!(item.get(key).is_some(), "{key}");
    }
    for key in
        "act_id site first events tick at today happened verb operator acting_for policy because program act_hash"
            .split(' ')
    {
        assert!(item["act"].get(key).is_some(), "act.{key}");
    }
    assert_eq!(item["because"], 1);
    assert_eq!(item["stream"], "02".repeat(16));
    assert_eq!(item["act"]["because"], Value::Null);
    assert!(
        item["body"].as_str().unwrap().starts_with('{'),
        "the stored string, not an object"
    );
    assert_eq!(log["seals"][0]["site_seq"], 2);
    assert_eq!(log["sites"][0]["class"], "rehearsal");
    let one: Value = serde_json::from_str(&json(&office, Scope::Stream(stream_id(2)))).unwrap();
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
}

/// A stranger with a standard library recomputes the log, and finds a change.
#[test]
fn an_independent_script_agrees() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/recompute.py");
    let mut office = Office::seeded(1);
    office.fill(6);
    let tx = office.file.conn.transaction().unwrap();
    site::succeed(&tx, &mut office.entropy).unwrap();
    tx.commit().unwrap();
    office.fill(3);
    let path = office.paths.folder.join("log.json");
    let text = json(&office, Scope::All);
    let run = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Command::new("python3").arg(script).arg(&path).output()
    };
    let Ok(output) = run(&text) else {
        eprintln!("skipped: no python3 here");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let head = site::tail(&office.file.conn, &site::current(&office.file.conn).unwrap())
        .unwrap()
        .hash;
    assert!(
        said.contains("27 events") && said.contains(&crate::ledger::hex::encode(&head)),
        "{said}"
    );
    let changed = run(&text.replacen("2026-11-20", "2026-11-19", 1)).unwrap();
    assert!(!changed.status.success());
    assert!(String::from_utf8_lossy(&changed.stderr).contains("act_hash"));
    let vector = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/chain_vector.json");
    assert!(
        Command::new("python3")
            .arg(script)
            .arg(vector)
            .output()
            .unwrap()
            .status
            .success()
    );
}

#[test]
fn a_reader_that_goes_away_is_no_fault_and_a_full_disk_is() {
    struct Broken(ErrorKind);
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let office = Office::seeded(1);
    assert_eq!(
        write_json(
            &office.file.conn,
            Scope::All,
            &Default::default(),
            &mut Broken(ErrorKind::BrokenPipe)
        ),
        Ok(())
    );
    assert!(
        write_json(
            &office.file.conn,
            Scope::All,
            &Default::default(),
            &mut Broken(ErrorKind::StorageFull)
        )
        .is_err()
    );
}
