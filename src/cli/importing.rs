//! What the shell's `import` and the console's import screen do alike: checking a sheet, taking it, saying what became
//! of it.

use std::cell::RefCell;

use crate::domain::fault::Stop;
use crate::domain::sheet::Sheet;
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Verb};
use crate::ledger::entropy::Entropy;
use crate::ledger::office::Office;
use crate::ledger::receipt::Receipt;
use crate::ledger::world::{Fresh, LedgerWorld};
use crate::papers::book::Book;
use crate::papers::grid::Go;
use crate::papers::import::{Checked, ImportReport, Options, read_book};

/// Checks a sheet against the office; nothing is written.
///
/// # Errors
/// When it cannot be read as this register at all, or `progress` stopped it.
pub fn check(
    office: &Office,
    operator: &Operator,
    book: &mut Book,
    sheet: &Sheet,
    options: &Options,
    progress: &mut dyn FnMut(usize) -> Go,
) -> Result<Checked, Stop> {
    // New records get their identities here, so that rows can refer to each other before anything is written.
    let mut entropy = Entropy::System;
    let fresh = Fresh::Drawn(RefCell::new(&mut entropy), office.clock().now_ms());
    let conn = &office.file().conn;
    let world = LedgerWorld::new(conn, office.texts(), operator, office.letters(), office.today(), fresh);
    let checked = read_book(book, sheet, office.policy(), options, &world, progress)?;
    world.settle()?;
    Ok(checked)
}

/// Takes what was checked: one act.
///
/// # Errors
/// The rules say no, or the file cannot be written.
pub fn take(
    office: &mut Office,
    operator: &Operator,
    capacity: Option<BodyRef>,
    rows: Checked,
) -> Result<Receipt, Stop> {
    let mut act = Act::new(Verb::Import, Vec::new());
    act.rows = rows.rows;
    act.seen = rows.seen;
    act.capacity = capacity;
    office.submit(operator, &act, None)
}

/// How many rows became what.
pub fn counts(report: &ImportReport, label: &str) -> String {
    let ImportReport {
        rows,
        imported,
        amended,
        unchanged,
        drafts,
        ..
    } = report;
    let created = created(report);
    let with = if created.is_empty() {
        String::new()
    } else {
        format!("，随之建立 {created}")
    };
    let draft = if *drafts == 0 {
        String::new()
    } else {
        format!("、草稿 {drafts}")
    };
    format!("{label} {rows} 行：新增 {imported}、修改 {amended}、不变 {unchanged}{draft}{with}")
}

/// What came along, in words.
pub fn created(report: &ImportReport) -> String {
    let created: Vec<String> = report
        .created
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(kind, count)| format!("{} {count}", made(kind)))
        .collect();
    created.join("、")
}

fn made(kind: &str) -> &str {
    match kind {
        "unit" => "单位",
        "section" => "股室",
        "post" => "岗位",
        "person" => "人员",
        "measure" => "措施",
        other => other,
    }
}
