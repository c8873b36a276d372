//! An office in a temporary folder, and acts to put into it.
#![allow(clippy::unwrap_used, missing_docs)]

use rusqlite::TransactionBehavior;
use tempfile::TempDir;

use super::append::{Appended, NewAct, NewEvent, append_act};
use super::chain::Id;
use super::clock::Clock;
use super::entropy::Entropy;
use super::files::Sharing;
use super::open::{NewOffice, OpenFile, create, open};
use super::paths::OfficePaths;
use super::site::Class;
use crate::domain::fault::Fault;

pub struct Office {
    pub paths: OfficePaths,
    pub file: OpenFile,
    pub entropy: Entropy,
    pub clock: Clock,
    pub folder: TempDir,
}

impl Office {
    /// A rehearsal file whose log depends on `seed` alone.
    pub fn seeded(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = OfficePaths::new(folder.path().join("office"));
        let mut entropy = Entropy::seeded(seed);
        let clock = Clock::fixed(1_795_400_000_000);
        let new = NewOffice {
            class: Class::Rehearsal,
            letters: "XY",
            sharing: Sharing::Owner,
        };
        let file = create(&paths, &new, &mut entropy, &clock).unwrap();
        Self {
            paths,
            file,
            entropy,
            clock,
            folder,
        }
    }

    /// Appends one act in a transaction of its own.
    pub fn submit(&mut self, act: &NewAct, events: &[NewEvent]) -> Result<Appended, Fault> {
        let tx = self
            .file
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let appended = append_act(&tx, &mut self.entropy, act, events)?;
        tx.commit()?;
        Ok(appended)
    }

    /// A new act of one event per stream; later events name the first as their cause.
    pub fn append(&mut self, streams: &[u8]) -> Appended {
        let act = self.act();
        let events: Vec<_> = streams
            .iter()
            .enumerate()
            .map(|(at, stream)| event(*stream, at))
            .collect();
        self.submit(&act, &events).unwrap()
    }

    /// A new act with an id of its own.
    pub fn act(&mut self) -> NewAct {
        let at = self.clock.now_ms();
        NewAct {
            act_id: self.entropy.uuid7(at).unwrap(),
            today: "2026-11-23".into(),
            happened: "2026-11-20".into(),
            verb: "escalate".into(),
            operator: "专班值班员".into(),
            acting_for: "discipline".into(),
            policy: [9; 32],
            because: None,
            program: "lianneng test".into(),
            at,
        }
    }

    /// Some acts over a few streams: 3 × `times` events.
    pub fn fill(&mut self, times: u8) {
        for time in 0..times {
            self.append(&[time % 5, time % 3 + 10]);
            self.append(&[time % 7]);
        }
    }

    /// Closes the file, which writes back its write-ahead log, and opens it again.
    pub fn reopen(&mut self) {
        let fresh = open_after_close(&self.paths, std::mem::replace(&mut self.file, placeholder()));
        self.file = fresh.unwrap();
    }

    /// Closes the file and leaves the folder.
    pub fn close(self) -> (OfficePaths, TempDir) {
        self.file.conn.close().unwrap();
        (self.paths, self.folder)
    }
}

fn placeholder() -> OpenFile {
    OpenFile {
        conn: rusqlite::Connection::open_in_memory().unwrap(),
        path: "".into(),
        office: None,
        form: super::refuse::Form::Plain,
        access: super::access_mode::Access::ReadWrite,
        key: None,
        new_site: false,
    }
}

fn open_after_close(paths: &OfficePaths, file: OpenFile) -> Result<OpenFile, Fault> {
    file.conn.close().unwrap();
    open(paths, &Clock::fixed(1_795_500_000_000))
}

pub fn event(stream: u8, at: usize) -> NewEvent {
    NewEvent {
        stream: stream_id(stream),
        kind: "grade_raised".into(),
        version: 1,
        body: format!(r#"{{"from":"yellow","to":"orange","note":"第{at}项，流{stream}"}}"#),
        because: (at > 0).then_some(0),
    }
}

pub fn stream_id(number: u8) -> Id {
    [number; 16]
}

/// The reduced count, or the full one when `LIANNENG_FULL` is set.
pub fn full(reduced: usize, full: usize) -> usize {
    if std::env::var_os("LIANNENG_FULL").is_some() {
        full
    } else {
        reduced
    }
}
