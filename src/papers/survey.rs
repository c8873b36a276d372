//! What a sheet looks like before it is imported: its columns, the field each is taken for, a few values.

use crate::domain::fault::Fault;
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheet;

use super::book::Book;
use super::fill::Filler;
use super::grid::{Go, column_letters};
use super::header::Target;
use super::import::{Options, header_of};
use super::names::Names;
use super::values::short;

/// Values shown for a column.
const SAMPLES: usize = 3;
/// Rows looked at for them.
const ROWS: u32 = 60;

/// A column of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyColumn {
    /// Letters as the spreadsheet shows them.
    pub letters: String,
    /// Its header.
    pub header: String,
    /// What it is taken for, in words; empty when no field takes it.
    pub field: String,
    /// Left out on purpose (序号 and the like).
    pub ignored: bool,
    /// The field's name that comes nearest, for a column nothing takes.
    pub nearest: String,
    /// The first values in it, shortened.
    pub samples: Vec<String>,
}

/// A sheet as it would be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// The sheets of the file that are not hidden.
    pub sheets: Vec<String>,
    /// The one looked at.
    pub sheet: String,
    /// Last row of its header.
    pub header_row: u32,
    /// 填报单位, where a title says it.
    pub reporting_unit: Option<String>,
    /// Its columns.
    pub columns: Vec<SurveyColumn>,
}

/// The sheets of a book that are not hidden, and the one that would be read.
pub fn sheets(book: &mut Book, wanted: Option<&str>) -> Result<(Vec<String>, String), Fault> {
    let index = book.choose(wanted)?;
    let shown = book.sheets().iter().filter(|sheet| !sheet.hidden);
    let names = shown.map(|sheet| sheet.name.clone()).collect();
    Ok((names, book.sheets()[index].name.clone()))
}

/// Looks a sheet over; an error when it has no header of this register.
pub fn survey(book: &mut Book, sheet: &Sheet, policy: &Policy, options: &Options) -> Result<Survey, Fault> {
    let names = Names::new(sheet, policy);
    let index = book.choose(options.sheet.as_deref())?;
    let merges = book.merges(index)?;
    let header = header_of(book, index, &merges, &names, &options.map, &[])?;
    let label = |at: &usize| sheet.fields[*at].label.clone();
    let mut columns: Vec<SurveyColumn> = header
        .columns
        .iter()
        .map(|column| SurveyColumn {
            letters: column_letters(column.index),
            header: column.text.split_whitespace().collect::<Vec<_>>().join(" "),
            field: match &column.target {
                Target::Field(at) => label(at),
                Target::Parts(all) => all.iter().map(label).collect::<Vec<_>>().join("／"),
                Target::Code => "编号".into(),
                Target::Version => "版本".into(),
                Target::Ignored | Target::Unknown(_) => String::new(),
            },
            ignored: column.target == Target::Ignored,
            nearest: match &column.target {
                Target::Unknown(id) => sheet.field(id).map(|field| field.label.clone()).unwrap_or_default(),
                _ => String::new(),
            },
            samples: Vec::new(),
        })
        .collect();
    let mut filler = Filler::new(&merges);
    book.rows(index, &mut |mut row| {
        filler.fill(&mut row)?;
        if row.number > header.row {
            for (shown, column) in columns.iter_mut().zip(&header.columns) {
                let text = row.cell(column.index).text.trim().replace('\n', " ");
                if !text.is_empty() && shown.samples.len() < SAMPLES && !shown.samples.contains(&text) {
                    shown.samples.push(short(&text));
                }
            }
        }
        Ok(if row.number > header.row + ROWS {
            Go::Stop
        } else {
            Go::On
        })
    })?;
    let (all, this) = sheets(book, options.sheet.as_deref())?;
    Ok(Survey {
        sheets: all,
        sheet: this,
        header_row: header.row,
        reporting_unit: header.reporting_unit,
        columns,
    })
}
