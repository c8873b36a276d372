//! 名单核查, as the shell and the console share it: names out of a table, and the answers as a table.

use std::path::Path;

use crate::domain::fault::{Fault, Stop};
use crate::domain::restriction::{last_day, overlay_note};
use crate::domain::world::World;
use crate::domain::{RestrictedAct, StreamId};
use crate::ledger::query::{Eligible, Found, Reader};
use crate::ledger::world::LedgerWorld;
use crate::papers::roll::{self, Known};

/// What must be read with every answer.
pub const ONLY_HERE: &str = "仅依据本台账，不代替其他渠道核查。";

/// Heads and widths of the written list.
const HEADS: [(&str, f64); 10] = [
    ("序号", 6.0),
    ("姓名", 12.0),
    ("人员编号", 16.0),
    ("单位和岗位", 30.0),
    ("核查事项", 12.0),
    ("本台账情况", 12.0),
    ("限制事项", 22.0),
    ("来源", 22.0),
    ("起止", 26.0),
    ("说明", 50.0),
];

/// The directory as the reader's viewer sees it.
struct Directory<'w>(&'w dyn World);

impl Known for Directory<'_> {
    fn person(&self, text: &str) -> bool {
        let coded = self.0.by_code(text).and_then(|stream| self.0.state(stream));
        coded.is_some_and(|state| state.kind() == "person") || !self.0.titled("person", text).is_empty()
    }

    fn unit(&self, text: &str) -> bool {
        !self.0.titled("unit", text).is_empty()
    }
}

/// The names in a pasted block.
///
/// # Errors
/// When the ledger cannot be read.
pub fn names_in_block(reader: &Reader, block: &str) -> Result<Vec<String>, Fault> {
    let rows = roll::rows_in(block);
    reader.with_world(|world| Ok(roll::names(&rows, &Directory(world))))
}

/// The names in a file (txt, csv, xlsx, xls, ods).
///
/// # Errors
/// When the file or the ledger cannot be read.
pub fn names_of_file(reader: &Reader, path: &Path) -> Result<Vec<String>, Fault> {
    let rows = roll::rows_of(path)?;
    reader.with_world(|world| Ok(roll::names(&rows, &Directory(world))))
}

/// How one answer stands, in the words of the list.
pub fn verdict(one: &Eligible) -> &'static str {
    match (one.found, one.restricted) {
        (_, Some(true)) => "有限制",
        (_, Some(false)) => "无限制",
        (Found::None, None) => "未在名录",
        (_, None) => "未答复",
    }
}

/// Unit and post of a person, `区财政局·支付岗`.
pub fn place(person: StreamId, world: &dyn World) -> String {
    let state = world.state(person);
    let teller = crate::domain::telling::Teller::new(world);
    let named = |field: &str| {
        state
            .as_ref()
            .and_then(|s| s.reference(field))
            .map(|stream| teller.name(stream))
    };
    [named("unit"), named("post")]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join("·")
}

/// Writes the answers to an xlsx file.
///
/// # Errors
/// When the file cannot be written, or is to be something else than xlsx.
pub fn write(reader: &Reader, path: &Path, answers: &[Eligible], act: Option<RestrictedAct>) -> Result<(), Stop> {
    if path
        .extension()
        .is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx"))
    {
        return Err(super::output::misuse(
            "核查结果只能写成 .xlsx 文件",
            "请以 .xlsx 结尾。",
        ));
    }
    let asked = act.map_or("提拔、调动、评先评优", RestrictedAct::label);
    let rows = reader.with_world(|world| {
        let row = |(at, one): (usize, &Eligible)| row(at + 1, one, asked, world);
        Ok(answers.iter().enumerate().map(row).collect::<Vec<_>>())
    })?;
    let overlay = reader.with_world(|world| Ok(overlay_note(world.policy())))?;
    let count = |word: &str| answers.iter().filter(|one| verdict(one) == word).count();
    let sum = format!(
        "共 {} 人：有限制 {}，无限制 {}，未答复 {}，未在名录 {}。截至 {}。",
        answers.len(),
        count("有限制"),
        count("无限制"),
        count("未答复"),
        count("未在名录"),
        reader.today(),
    );
    let unknown = "“未在名录”不等于没有限制；“未答复”的须先认定是哪一个人。".to_owned();
    let notes = [sum, ONLY_HERE.to_owned(), unknown, overlay];
    Ok(roll::write(path, &HEADS, &rows, &notes)?)
}

fn row(number: usize, one: &Eligible, asked: &str, world: &LedgerWorld) -> Vec<String> {
    let person = one.person.as_deref().and_then(|code| world.by_code(code));
    let until = |to: Option<chrono::NaiveDate>| to.map_or("解除".to_owned(), |to| last_day(to).to_string());
    let mut acts: Vec<&str> = Vec::new();
    let mut sources: Vec<&str> = Vec::new();
    let mut spans: Vec<String> = Vec::new();
    for bar in &one.in_force {
        acts.push(RestrictedAct::find(bar.act).map_or(bar.act, RestrictedAct::label));
        sources.extend(bar.sources.iter().map(String::as_str));
        spans.push(format!("{} 至 {}", bar.from, until(bar.until)));
    }
    sources.dedup();
    spans.dedup();
    sources.sort_unstable();
    sources.dedup();
    let about = if one.candidates.is_empty() {
        one.answer.clone()
    } else {
        let named: Vec<String> = one
            .candidates
            .iter()
            .map(|c| format!("{} {}", c.name, c.note))
            .collect();
        format!("{}：{}", one.answer, named.join("；"))
    };
    vec![
        number.to_string(),
        one.name.clone().unwrap_or_else(|| one.asked.clone()),
        one.person.clone().unwrap_or_default(),
        person.map(|person| place(person, world)).unwrap_or_default(),
        asked.to_owned(),
        verdict(one).to_owned(),
        acts.join("、"),
        sources.join("、"),
        spans.join("；"),
        about,
    ]
}
