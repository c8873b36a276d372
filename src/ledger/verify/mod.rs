//! Proving that a file's log is whole: every hash recomputed, every number in its place, every seal checked, and
//! with the log the pages it lies on and the tables made from it.

mod anchors;
mod erasures;
mod feed;
mod pages;
mod shape;
mod streams;
mod walk;

use std::path::Path;

use rusqlite::Connection;
use serde::{Serialize, Serializer};

use super::access_mode::Access;
use super::chain::{Hash, Id};
use super::clock::Clock;
use super::keys;
use super::open::{OpenFile, open};
use super::paths::OfficePaths;
use super::refuse::{self, Form};
use super::watch::Watch;
use super::{hex, read_log, trouble};
use crate::domain::fault::{Fault, FaultKind};

pub use shape::NOT_IN_COPIES;

/// The first thing that is wrong. The numbers are null when no event is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Local number of the event.
    pub seq: Option<i64>,
    /// Site of the event.
    #[serde(serialize_with = "site_as_hex")]
    pub site: Option<Id>,
    /// Number in the site.
    pub site_seq: Option<i64>,
    /// One Chinese sentence.
    pub reason: String,
}

fn site_as_hex<S: Serializer>(site: &Option<Id>, serializer: S) -> Result<S::Ok, S::Error> {
    hex::serialize_option(site, serializer)
}

impl Bad {
    /// Something wrong that is no single event's.
    pub fn general(reason: impl Into<String>) -> Self {
        Self {
            seq: None,
            site: None,
            site_seq: None,
            reason: reason.into(),
        }
    }
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Nothing is wrong.
    pub ok: bool,
    /// Events in the log.
    pub events: i64,
    /// The first bad event; else the first other thing that is wrong.
    pub first_bad: Option<Bad>,
    /// Damaged pages of the encrypted file, from 1.
    pub bad_pages: Vec<u32>,
    /// Hash of the last event of the site that writes here, or its genesis.
    pub head: Option<String>,
    /// Everything found, one Chinese sentence each; `first_bad` is among it.
    pub problems: Vec<String>,
}

impl Verdict {
    /// `found` in the order in which it was found.
    fn new(events: i64, head: Option<Hash>, found: Vec<Bad>, bad_pages: Vec<u32>) -> Self {
        let first_bad = found
            .iter()
            .min_by_key(|bad| bad.seq.unwrap_or(i64::MAX))
            .cloned()
            .or_else(|| (!bad_pages.is_empty()).then(|| Bad::general(page_sentence(&bad_pages))));
        let mut problems: Vec<String> = found.into_iter().map(|bad| bad.reason).collect();
        if !bad_pages.is_empty() {
            problems.push(page_sentence(&bad_pages));
        }
        Self {
            ok: first_bad.is_none(),
            events,
            first_bad,
            bad_pages,
            head: head.as_ref().map(|h| hex::encode(h)),
            problems,
        }
    }
}

fn page_sentence(pages: &[u32]) -> String {
    let named: Vec<String> = pages.iter().take(10).map(u32::to_string).collect();
    let more = if pages.len() > 10 {
        format!("等 {} 页", pages.len())
    } else {
        " 页".into()
    };
    format!("数据文件第 {}{more}已损坏", named.join("、"))
}

/// Compares the tables made from the log with what the log gives; a Chinese sentence for each that differs.
pub type CheckTables<'a> = &'a mut dyn FnMut(&Connection, &mut Watch) -> Result<Vec<String>, Fault>;

/// What to check.
#[derive(Default)]
pub struct Options<'a> {
    /// The chain and the seals alone, without pages and tables.
    pub log_only: bool,
    /// A head kept elsewhere, which must lie on the log.
    pub head: Option<Hash>,
    /// How the tables made from the log are checked; skipped with `log_only`.
    pub tables: Option<CheckTables<'a>>,
}

/// Verifies an open file. An error only when the work was interrupted or the disk failed; what is wrong with the
/// file is the verdict.
pub fn verify(file: &OpenFile, options: Options, watch: &mut Watch) -> Result<Verdict, Fault> {
    match checked(file, options, watch) {
        // A page that cannot be read while the log is walked.
        Err(fault) if fault.kind == FaultKind::Damaged => {
            let bad_pages = match &file.key {
                Some(_) => pages::bad_pages(&file.path, file.key.as_ref(), &file.access)?.unwrap_or_default(),
                None => Vec::new(),
            };
            Ok(Verdict::new(0, None, vec![Bad::general(fault.reason)], bad_pages))
        }
        other => other,
    }
}

fn checked(file: &OpenFile, options: Options, watch: &mut Watch) -> Result<Verdict, Fault> {
    let conn = &file.conn;
    let mut found = Vec::new();
    let mut bad_pages = Vec::new();
    if !options.log_only && file.form == Form::Encrypted {
        // Pages still in the write-ahead log have their check when they are read.
        file.access.require_write().and_then(|()| file.checkpoint()).ok();
        match pages::bad_pages(&file.path, file.key.as_ref(), &file.access)? {
            Some(pages) => bad_pages = pages,
            None => found.push(Bad::general(trouble::WRONG_KEY)),
        }
    }
    let anchors = anchors::collect(conn, file.office.as_ref(), options.head, &mut found)?;
    let walked = walk::walk(conn, anchors, watch, &mut found)?;
    shape::check(conn, file.form, &mut found)?;
    if !options.log_only && bad_pages.is_empty() {
        // A plain copy has no page checks, so its indexes are compared with their tables as well.
        let deep = if file.form == Form::Plain {
            "integrity_check"
        } else {
            "quick_check"
        };
        found.extend(pages::sqlite_check(conn, deep)?.into_iter().map(Bad::general));
        if found.is_empty()
            && let Some(tables) = options.tables
        {
            found.extend(tables(conn, watch)?.into_iter().map(Bad::general));
        }
    }
    Ok(Verdict::new(read_log::count(conn)?, walked.head, found, bad_pages))
}

/// Verifies the office of a folder, whether it opens or not: a damaged page is named even if it is the first.
///
/// Other refusals (nothing there, a folder, a foreign or newer file…) stay faults.
pub fn verify_folder(
    paths: &OfficePaths,
    clock: &Clock,
    options: Options,
    watch: &mut Watch,
) -> Result<Verdict, Fault> {
    match open(paths, clock) {
        Ok(file) => verify(&file, options, watch),
        Err(fault) => explain(&paths.ledger(), &paths.keys(), fault),
    }
}

/// What is wrong with a damaged file that did not open: its bad pages, if it is encrypted and its key is at hand.
/// Any other fault is given back.
pub fn explain(path: &Path, key: &Path, fault: Fault) -> Result<Verdict, Fault> {
    if fault.kind != FaultKind::Damaged {
        return Err(fault);
    }
    let pages = match keys::read(key) {
        Ok(key) if refuse::form_of(path).is_ok_and(|form| form == Form::Encrypted) => {
            pages::bad_pages(path, Some(&key), &Access::ReadOnly(String::new()))?
        }
        _ => Some(Vec::new()),
    };
    let (reason, bad_pages) = match pages {
        None => (trouble::WRONG_KEY.to_owned(), Vec::new()),
        Some(pages) if pages.is_empty() => (fault.reason, pages),
        Some(pages) => (page_sentence(&pages), pages),
    };
    let mut verdict = Verdict::new(0, None, vec![Bad::general(reason)], Vec::new());
    verdict.bad_pages = bad_pages;
    Ok(verdict)
}

#[cfg(test)]
#[path = "../verify_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "../tamper_tests.rs"]
mod tamper_tests;
