//! A sheet looked over, taken, or written back for its sender.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::job::{Watch, Who};
use crate::app::store::{Plan, Preview, SheetColumn, SheetFault, Source};
use crate::cli::importing;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::sheet::Sheet;
use crate::domain::world::Operator;
use crate::ledger::office::Office;
use crate::ledger::remembered;
use crate::papers::book::Book;
use crate::papers::errors;
use crate::papers::import::{ImportReport, Options};
use crate::papers::memory::pasted;
use crate::papers::survey::{self, Survey};

/// Faults handed to the screen; the list for the sender has all.
const SHOWN: usize = 500;

fn book_of(source: &Source) -> Result<Book, Fault> {
    match source {
        Source::File(path) => Book::open(Path::new(path)),
        Source::Pasted(text) => Ok(Book::of_cells("粘贴的表", &pasted(text))),
        Source::Cells(rows) => Ok(Book::of_cells("表格录入", rows)),
    }
}

fn name_of(source: &Source) -> String {
    match source {
        Source::File(path) => Path::new(path)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        Source::Pasted(_) => "粘贴的表".into(),
        Source::Cells(_) => "表格录入".into(),
    }
}

fn options_of(plan: &Plan) -> Options {
    Options {
        sheet: plan.sheet.clone(),
        map: plan.map.clone().unwrap_or_default(),
        set: Vec::new(),
        draft: plan.draft,
        create_missing: plan.create_missing,
        accept_good: plan.accept_good,
    }
}

fn sheet_of(office: &Office, register: &str) -> Result<Sheet, Fault> {
    let sheet = office.sheets().get(register);
    sheet
        .map(|sheet| (**sheet).clone())
        .ok_or_else(|| Fault::new(FaultKind::Usage, "没有这本台账"))
}

/// Whose sheet it is: the unit its title names, else its own shape.
fn sender_of(survey: &Survey) -> String {
    match &survey.reporting_unit {
        Some(unit) => unit.clone(),
        None => {
            let headers: Vec<&str> = survey.columns.iter().map(|column| column.header.as_str()).collect();
            format!("表头：{}", headers.join("|"))
        }
    }
}

/// Looks a sheet over.
pub fn check(office: &Office, operator: &Operator, plan: &Plan, watch: &mut Watch) -> Result<Preview, Stop> {
    let sheet = sheet_of(office, &plan.register)?;
    let mut book = book_of(&plan.source)?;
    let mut options = options_of(plan);
    options.accept_good = true;
    let (sheets, chosen) = survey::sheets(&mut book, options.sheet.as_deref())?;
    let importable = sheet.fields.iter().filter(|field| field.importable());
    let mut preview = Preview {
        name: name_of(&plan.source),
        sheets,
        sheet: chosen,
        fields: importable
            .map(|field| (field.id.clone(), field.label.clone()))
            .collect(),
        can_draft: sheet.rules == "risk_point",
        ..Preview::default()
    };
    let mut found = match survey::survey(&mut book, &sheet, office.policy(), &options) {
        Ok(found) => found,
        Err(fault) if fault.kind == FaultKind::Usage => {
            preview.unreadable = format!("{}。{}", fault.reason, what_to_do(&preview));
            return Ok(preview);
        }
        Err(fault) => return Err(fault.into()),
    };
    if plan.map.is_none() {
        let known = remembered::mapping(&office.file().conn, &sender_of(&found), &plan.register)?;
        let here = |name: &String| {
            let mut columns = found.columns.iter();
            columns.any(|column| column.header == *name || column.letters == *name)
        };
        options.map = known.into_iter().filter(|(name, _)| here(name)).collect();
        preview.remembered = !options.map.is_empty();
        if preview.remembered {
            found = survey::survey(&mut book, &sheet, office.policy(), &options)?;
        }
    }
    let checked = importing::check(office, operator, &mut book, &sheet, &options, &mut |rows| {
        watch.go(rows)
    })?;
    preview.map = options.map;
    preview.header_row = found.header_row;
    preview.sender = found.reporting_unit.unwrap_or_default();
    preview.columns = found
        .columns
        .into_iter()
        .map(|column| SheetColumn {
            note: match (column.ignored, column.nearest.as_str()) {
                (true, _) => "不导".into(),
                (_, "") => "不认识，不导".into(),
                (_, near) => format!("不导；像“{near}”"),
            },
            samples: column.samples.join("、"),
            letters: column.letters,
            header: column.header,
            field: column.field,
        })
        .collect();
    count(&mut preview, &checked.report);
    Ok(preview)
}

fn what_to_do(preview: &Preview) -> &'static str {
    if preview.sheets.len() > 1 {
        "按 Tab 换一张工作表；或把它另存成空白表（菜单“空白表”）的样子再导。"
    } else {
        "请核对选的台账和文件；空白表在菜单“空白表”里。"
    }
}

fn count(preview: &mut Preview, report: &ImportReport) {
    let good = report.imported + report.amended + report.unchanged + report.duplicates.len();
    // with a column missing no row is taken, though each has but the one fault of the header
    let bad = report.rows.saturating_sub(good + report.drafts);
    preview.rows = report.rows;
    preview.fresh = report.imported;
    preview.amended = report.amended;
    preview.unchanged = report.unchanged;
    preview.duplicates = report.duplicates.len();
    preview.drafts = report.drafts;
    preview.created = importing::created(report);
    let made = report.created.iter().filter(|(kind, _)| kind.as_str() != "measure");
    preview.incomplete = made.map(|(_, count)| *count).sum::<usize>() + report.drafts;
    preview.bad_rows = bad;
    preview.fault_count = report.errors.len();
    let faults = report.errors.iter().map(|fault| SheetFault {
        row: fault.row,
        column: fault.column.clone(),
        value: fault.value.clone(),
        reason: without_flags(&fault.reason),
    });
    let doubles = report.duplicates.iter().map(|double| SheetFault {
        row: double.row,
        reason: match double.code.as_str() {
            "" => format!("重复，不导：{}", double.reason),
            code => format!("重复，不导：{}（{code}）", double.reason),
        },
        ..SheetFault::default()
    });
    preview.faults = faults.chain(doubles).take(SHOWN).collect();
}

/// The shell's flags say nothing to somebody at a screen.
fn without_flags(reason: &str) -> String {
    match reason.split_once("；请补上，或用 --map") {
        Some((head, _)) => format!("{head}；请补上，或在上面把别的列对应到它"),
        None => reason.replace("（确要新建，请加 --create-missing）", "（按 3 随之建立）"),
    }
}

/// Takes a sheet: one act, or nothing. The sentence says what became of it.
pub fn import(office: &mut Office, who: &Who, plan: &Plan, watch: &mut Watch) -> Result<String, Stop> {
    let sheet = sheet_of(office, &plan.register)?;
    let mut book = book_of(&plan.source)?;
    let options = options_of(plan);
    let found = survey::survey(&mut book, &sheet, office.policy(), &options)?;
    let checked = importing::check(office, &who.operator, &mut book, &sheet, &options, &mut |rows| {
        watch.go(rows)
    })?;
    let report = checked.report.clone();
    if checked.rows.is_empty() {
        let reason = format!("没有导入：{} 处有错", report.errors.len());
        return Err(Fault::new(FaultKind::Usage, reason)
            .hint("按 1 只导好的，或改正后再导。")
            .into());
    }
    importing::take(office, &who.operator, who.capacity, checked)?;
    let (conn, now) = (&office.file().conn, office.clock().now_ms());
    // the act stands, whatever becomes of these
    let aside = match &plan.source {
        Source::Cells(_) => remembered::keep_grid(conn, &who.operator.id, &plan.register, &[]),
        _ => remembered::remember_mapping(conn, &sender_of(&found), &plan.register, &options.map, now),
    };
    let aside = aside
        .err()
        .map(|fault| format!("（{}）", fault.reason))
        .unwrap_or_default();
    let left: BTreeSet<u32> = report.errors.iter().map(|fault| fault.row).collect();
    let left = match left.len().saturating_sub(report.drafts) {
        0 => String::new(),
        rows => format!("有错未导 {rows} 行。"),
    };
    let did = if matches!(plan.source, Source::Cells(_)) {
        "已保存"
    } else {
        "已导入"
    };
    let counts = importing::counts(&report, &sheet.label);
    Ok(format!("{did}。{counts}。{left}按 Ctrl-Z 整体撤回。{aside}"))
}

/// Writes the sender's sheet with the reasons beside its rows. The sentence says where.
pub fn send_back(
    office: &Office,
    operator: &Operator,
    plan: &Plan,
    out: &Result<PathBuf, Fault>,
    watch: &mut Watch,
) -> Result<String, Stop> {
    let out = out.clone()?;
    let sheet = sheet_of(office, &plan.register)?;
    let mut book = book_of(&plan.source)?;
    let options = options_of(plan);
    let checked = importing::check(office, operator, &mut book, &sheet, &options, &mut |rows| {
        watch.go(rows)
    })?;
    errors::write_book(&mut book, options.sheet.as_deref(), &checked.report, &out)?;
    Ok(format!("退回清单已写到 {}。", out.display()))
}
