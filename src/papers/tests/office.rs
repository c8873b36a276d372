//! An office in memory, sheets to send it, and a short way to import them.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook};

use crate::domain::act::Act;
use crate::domain::fault::Fault;
use crate::domain::policy::Policy;
use crate::domain::sheet::{Sheet, Sheets, shipped_registers};
use crate::domain::testing::Story;
use crate::domain::{StreamId, Verb};

use super::super::grid::Go;
use super::super::import::{Checked, Options, read};

/// The header most tests use.
pub const HEADER: [&str; 9] = [
    "编号",
    "单位",
    "岗位",
    "大类",
    "小项",
    "风险表现",
    "等级",
    "防范措施",
    "查找日期",
];

/// A row under [`HEADER`] that has nothing wrong.
pub const GOOD: [&str; 9] = [
    "",
    "区财政局",
    "国库支付岗",
    "岗位职责",
    "大额资金使用",
    "超进度支付",
    "橙",
    "1.联签；2.抽核",
    "2026-03-12",
];

pub fn register(id: &str) -> Sheet {
    let (sheets, broken) = Sheets::parse(&shipped_registers());
    assert!(broken.is_empty(), "{broken:?}");
    (**sheets.get(id).unwrap()).clone()
}

pub fn policy() -> Policy {
    Policy::parse(Policy::shipped()).unwrap()
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A workbook on disk as long as it lives.
pub struct File {
    _folder: tempfile::TempDir,
    pub path: PathBuf,
}

/// Builds a workbook with one sheet.
pub fn workbook(build: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    let mut book = Workbook::new();
    build(book.add_worksheet().set_name("一览表").unwrap());
    book.save(&path).unwrap();
    File { _folder: folder, path }
}

/// A sheet of texts.
pub fn texts(rows: &[&[&str]]) -> File {
    workbook(|sheet| {
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                sheet.write(r as u32, c as u16, *text).unwrap();
            }
        }
    })
}

/// A sheet under [`HEADER`] with one row changed from [`GOOD`] in one column.
pub fn one(column: usize, text: &str) -> File {
    let mut row = GOOD;
    row[column] = text;
    texts(&[&HEADER, &row])
}

pub fn merge(sheet: &mut rust_xlsxwriter::Worksheet, rows: (u32, u32), columns: (u16, u16), text: &str) {
    sheet
        .merge_range(rows.0, columns.0, rows.1, columns.1, text, &Format::new())
        .unwrap();
}

/// An office with 区财政局 and its 国库支付岗.
pub fn office() -> Story {
    let mut story = Story::new();
    let unit = story.record(
        "unit",
        &[
            ("name", "区财政局"),
            ("kind", "department"),
            ("organ_line", "government"),
        ],
    );
    story.record("post", &[("name", "国库支付岗"), ("unit", &unit.to_string())]);
    story
}

pub fn create() -> Options {
    Options {
        create_missing: true,
        ..Options::default()
    }
}

pub fn check(story: &Story, id: &str, path: &Path, options: &Options) -> Result<Checked, Fault> {
    read(path, &register(id), &policy(), options, story, &mut |_| Go::On)
}

/// Checks and, if something may be taken, imports it as one act.
pub fn import(story: &mut Story, id: &str, path: &Path, options: &Options) -> Checked {
    let checked = check(story, id, path, options).unwrap();
    if !checked.rows.is_empty() {
        let mut act = Act::new(Verb::Import, vec![]);
        act.rows = checked.rows.clone();
        act.seen = checked.seen.clone();
        story.when(act).unwrap();
    }
    checked
}

/// Faults as "column row: reason".
pub fn faults(checked: &Checked) -> Vec<String> {
    checked
        .report
        .errors
        .iter()
        .map(|e| format!("{}{}: {}", e.column, e.row, e.reason))
        .collect()
}

pub fn name_of(story: &Story, id: StreamId, field: &str) -> String {
    story
        .get(id)
        .reference(field)
        .map(|r| story.get(r).text("name"))
        .unwrap_or_default()
}
