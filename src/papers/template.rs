//! A blank sheet of a register: headers, drop-downs, an example row that an import passes over, and an explanation.

use std::path::Path;

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::sheet::{Field, FieldType, Sheet};

use super::export::heads;
use super::layout::EXAMPLE;
use super::place;
use super::sinks::{Form, Head, head_format, tab_name, xlsx_failed};

/// Rows with drop-downs.
const ROWS: u32 = 2_000;

/// Writes the blank sheet of a register to an xlsx file.
pub fn write(path: &Path, sheet: &Sheet) -> Result<(), Fault> {
    if !sheet.import {
        return Err(
            Fault::new(FaultKind::Usage, format!("“{}”不能从表格导入，没有空白表", sheet.label))
                .hint("能导入的有：风险点、预警、任务、单位、岗位、人员、任职和各业务台账"),
        );
    }
    if Form::of(path)? != Form::Xlsx {
        return Err(Fault::new(FaultKind::Usage, "空白表只能是 .xlsx 文件").hint("请以 .xlsx 结尾"));
    }
    place::write(path, |draft| {
        let mut book = Workbook::new();
        let fields: Vec<&Field> = sheet.fields.iter().filter(|f| !f.computed || f.initial).collect();
        let build = |book: &mut Workbook| -> Result<(), XlsxError> {
            blank(book.add_worksheet(), sheet, &fields)?;
            explain(book.add_worksheet(), sheet, &fields)?;
            options(book.add_worksheet(), &fields)
        };
        build(&mut book)
            .and_then(|()| book.save(draft))
            .map_err(|e| xlsx_failed(draft, e))
    })
}

fn blank(page: &mut Worksheet, sheet: &Sheet, fields: &[&Field]) -> Result<(), XlsxError> {
    let head = head_format();
    let needed = head_format().set_font_color(Color::RGB(0xC0_00_00));
    let example = Format::new()
        .set_italic()
        .set_font_color(Color::Gray)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top);
    let widths: Vec<Head> = heads(sheet);
    let width = |id: &str| widths.iter().find(|h| h.id == id).map_or(12, |h| h.width);
    page.set_name(tab_name(&sheet.label))?;
    page.set_column_width(0, f64::from(width("code")))?;
    page.write_string_with_format(0, 0, "编号", &head)?;
    page.write_string_with_format(1, 0, format!("{EXAMPLE}（导入时跳过本行）"), &example)?;
    for (column, field) in (1..).zip(fields) {
        let format = if field.kind == FieldType::Date { &day } else { &text };
        page.set_column_width(column, f64::from(width(&field.id)) + 2.0)?;
        page.set_column_format(column, format)?;
        page.write_string_with_format(
            0,
            column,
            &field.label,
            if required(sheet, field) { &needed } else { &head },
        )?;
        page.write_string_with_format(1, column, &field.example, &example)?;
        if !choices(field).is_empty() {
            let last = choices(field).len() + 1;
            let letters = super::grid::column_letters(u32::from(column) - 1);
            let list = Formula::new(format!("={OPTIONS}!${letters}$2:${letters}${last}"));
            // A hint, not a gate: the import understands other spellings too.
            let validation = DataValidation::new().allow_list_formula(list).show_error_message(false);
            page.add_data_validation(1, column, ROWS, column, &validation)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_landscape();
    Ok(())
}

fn explain(page: &mut Worksheet, sheet: &Sheet, fields: &[&Field]) -> Result<(), XlsxError> {
    let head = head_format();
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    page.set_name("填写说明")?;
    for (column, (label, width)) in (0..).zip([("列名", 20.0), ("必填", 8.0), ("怎么填", 60.0), ("例", 40.0)]) {
        page.set_column_width(column, width)?;
        page.write_string_with_format(0, column, label, &head)?;
    }
    let code = ("编号", false, "新登记的不填；导出后修改的，保留原编号".to_owned(), "");
    let rest = fields
        .iter()
        .map(|f| (f.label.as_str(), required(sheet, f), how(f), f.example.as_str()));
    for (row, (label, needed, how, example)) in (1..).zip(std::iter::once(code).chain(rest)) {
        page.write_string_with_format(row, 0, label, &text)?;
        page.write_string_with_format(row, 1, if needed { "必填" } else { "" }, &text)?;
        page.write_string_with_format(row, 2, how, &text)?;
        page.write_string_with_format(row, 3, example, &text)?;
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

const OPTIONS: &str = "选项";

/// The lists behind the drop-downs; a list in the cell itself may have no more than 255 characters.
fn options(page: &mut Worksheet, fields: &[&Field]) -> Result<(), XlsxError> {
    page.set_name(OPTIONS)?;
    for (column, field) in (0..).zip(fields) {
        page.write_string(0, column, &field.label)?;
        for (row, label) in (1..).zip(choices(field)) {
            page.write_string(row, column, label)?;
        }
    }
    page.set_hidden(true);
    Ok(())
}

/// The choices of a field, as they are read.
pub fn choices(field: &Field) -> Vec<&str> {
    match field.kind {
        FieldType::Choice => field.choices().into_iter().map(|(_, label)| label).collect(),
        FieldType::Flag => vec!["是", "否"],
        _ => Vec::new(),
    }
}

/// Whether a new record must have it.
pub fn required(sheet: &Sheet, field: &Field) -> bool {
    super::check::is_required(sheet, field)
}

/// How a cell of it is filled in.
pub fn how(field: &Field) -> String {
    match field.kind {
        FieldType::Text | FieldType::Long => format!("文字，最多 {} 字", field.longest()),
        FieldType::Number => "整数".into(),
        FieldType::Date => "日期，如 2026-3-12 或 2026年3月12日".into(),
        FieldType::Choice => format!("填其中之一：{}", choices(field).join("、")),
        FieldType::Flag => "是 或 否".into(),
        FieldType::Unit => "单位名称，与单位台账一致；可写成“某局/某股”".into(),
        FieldType::Section => "股室名称".into(),
        FieldType::Post => "岗位名称，与岗位台账一致；没有单位列的写成“单位/岗位”".into(),
        FieldType::Person => "姓名，一格一人；有同名的写成“姓名(单位)”或“姓名(编号)”".into(),
        FieldType::Record => "名称或编号".into(),
        FieldType::Lines => format!("可写几条：1.…；2.…；每条最多 {} 字", field.longest()),
        FieldType::Body => "机构名称，如 指委会办公室、区政府防委会、某单位推委会".into(),
        FieldType::Points => "风险点编号，几个的用顿号隔开".into(),
    }
}
