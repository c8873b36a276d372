//! Lists of names: found in whatever somebody's table looks like, and written out with the answers.

use std::path::Path;

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use super::book::Book;
use super::grid::{Go, Row};
use super::place;
use super::sinks::{head_format, xlsx_failed};
use crate::domain::fault::Fault;

/// Headers of the column with the names, and of the one with their units.
const NAMES: [&str; 6] = ["姓名", "名字", "人员", "人员姓名", "干部姓名", "name"];
const UNITS: [&str; 6] = ["单位", "单位名称", "所在单位", "工作单位", "现单位", "unit"];

/// Rows of a file read at most.
const MOST: usize = 20_000;

/// What a piece of a table is known as here.
pub trait Known {
    /// A person's name or code.
    fn person(&self, text: &str) -> bool;
    /// A unit's name.
    fn unit(&self, text: &str) -> bool;
}

/// The rows of a file's first sheet.
pub fn rows_of(path: &Path) -> Result<Vec<Vec<String>>, Fault> {
    let mut book = Book::open(path)?;
    let sheet = book.choose(None)?;
    let mut rows = Vec::new();
    book.rows(sheet, &mut |row: Row| {
        let last = row.cells.last().map_or(0, |(at, _)| *at);
        let cell = |at: u32| row.cell(at).text.trim().to_owned();
        rows.push((0..=last.min(255)).map(cell).collect());
        Ok(if rows.len() < MOST { Go::On } else { Go::Stop })
    })?;
    Ok(rows)
}

/// The rows of a pasted block: cells of a spreadsheet stand between tabs, names on a line between commas or blanks.
pub fn rows_in(block: &str) -> Vec<Vec<String>> {
    let tabs = block.contains('\t');
    let between = |c: char| {
        if tabs {
            c == '\t'
        } else {
            c.is_whitespace() || "、，,；;|/".contains(c)
        }
    };
    block
        .lines()
        .map(|line| {
            let cells = line.split(between).map(|cell| cell.trim().trim_matches('"').to_owned());
            if tabs {
                cells.collect()
            } else {
                cells.filter(|cell| !cell.is_empty()).collect()
            }
        })
        .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
        .take(MOST)
        .collect()
}

/// The names in these rows, as `张三` or `张三（区财政局）`: by their header, else in the column that holds most of the
/// names known here, else in the first that looks like names; rows of names side by side are read name by name.
pub fn names(rows: &[Vec<String>], known: &dyn Known) -> Vec<String> {
    let headed = |row: &Vec<String>, wanted: &[&str]| {
        let plain = |cell: &String| cell.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        row.iter().position(|cell| wanted.contains(&plain(cell).as_str()))
    };
    let header = rows.iter().take(10).position(|row| headed(row, &NAMES).is_some());
    if let Some(at) = header {
        let (name, unit) = (headed(&rows[at], &NAMES), headed(&rows[at], &UNITS));
        return of_columns(&rows[at + 1..], name.unwrap_or(0), unit);
    }
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let votes = |column: usize, fits: &dyn Fn(&str) -> bool| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.filter(|cell| fits(cell)).count()
    };
    let people: Vec<usize> = (0..widest).map(|at| votes(at, &|cell| known.person(cell))).collect();
    // names side by side: hardly a second column of a register
    if people.iter().filter(|n| **n > 0).count() > 1 || widest > 1 && rows.len() == 1 {
        return one_by_one(rows, known);
    }
    let best = (0..widest)
        .rev()
        .max_by_key(|at| people[*at])
        .filter(|at| people[*at] > 0);
    let column = best.or_else(|| (0..widest).find(|at| votes(*at, &looks_like_a_name) * 2 > rows.len()));
    let unit = (0..widest).find(|at| votes(*at, &|cell| known.unit(cell)) > 0);
    of_columns(rows, column.unwrap_or(0), unit.filter(|at| Some(*at) != column))
}

fn of_columns(rows: &[Vec<String>], name: usize, unit: Option<usize>) -> Vec<String> {
    let told = |row: &Vec<String>| {
        let cell = |at: usize| row.get(at).map(|cell| cell.trim()).unwrap_or_default();
        let (name, unit) = (joined(cell(name)), unit.map(cell).unwrap_or_default());
        match (name.is_empty(), unit.is_empty()) {
            (true, _) => None,
            (false, true) => Some(name),
            (false, false) => Some(format!("{name}（{unit}）")),
        }
    };
    rows.iter().filter_map(told).collect()
}

/// `张三（区财政局）` as one cell: the name and the unit.
fn with_unit(cell: &str) -> Option<(&str, &str)> {
    let (name, unit) = cell.split_once(['（', '('])?;
    Some((name.trim(), unit.trim_end_matches(['）', ')']).trim()))
}

fn one_by_one(rows: &[Vec<String>], known: &dyn Known) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for row in rows {
        let is_name = |text: &str| known.person(text) || looks_like_a_name(text);
        if row
            .iter()
            .any(|cell| with_unit(cell).is_some_and(|(name, _)| is_name(name)))
        {
            let told = |cell: &&String| is_name(with_unit(cell).map_or(cell.as_str(), |(name, _)| name));
            found.extend(row.iter().filter(told).map(|cell| joined(cell)));
            continue;
        }
        let unit = row.iter().find(|cell| known.unit(cell));
        let mut names = row
            .iter()
            .filter(|cell| known.person(cell) || looks_like_a_name(cell) && !known.unit(cell));
        match unit {
            // a row of a register: the unit belongs to the one name in it
            Some(unit) => {
                let sure = row.iter().find(|cell| known.person(cell));
                let name = sure.or_else(|| names.next());
                found.extend(name.map(|name| format!("{}（{unit}）", joined(name))));
            }
            None => found.extend(names.map(|name| joined(name))),
        }
    }
    found
}

/// `张  三` as tables space it out is 张三.
fn joined(name: &str) -> String {
    let hanzi = name.chars().filter(|c| !c.is_whitespace());
    if name.chars().any(|c| c.is_ascii_alphanumeric()) {
        return name.trim().to_owned();
    }
    hanzi.collect()
}

fn looks_like_a_name(cell: &str) -> bool {
    let name = joined(cell);
    let length = name.chars().filter(|c| *c != '·').count();
    (2..=4).contains(&length) && name.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c) || c == '·')
}

/// Writes answers to an xlsx file: the heads, one row a name, and under them what must be read with it.
pub fn write(path: &Path, heads: &[(&str, f64)], rows: &[Vec<String>], notes: &[String]) -> Result<(), Fault> {
    place::write(path, |draft| {
        let mut book = Workbook::new();
        let fill = |book: &mut Workbook| -> Result<(), XlsxError> {
            let page = book.add_worksheet();
            page.set_name("名单核查")?;
            let text = Format::new()
                .set_num_format("@")
                .set_text_wrap()
                .set_align(FormatAlign::Top);
            for (column, (head, width)) in (0u16..).zip(heads) {
                page.set_column_width(column, *width)?;
                page.write_string_with_format(0, column, *head, &head_format())?;
            }
            let mut at = 1u32;
            for row in rows {
                for (column, cell) in (0u16..).zip(row) {
                    page.write_string_with_format(at, column, cell, &text)?;
                }
                at += 1;
            }
            for note in notes {
                page.write_string(at + 1, 0, note)?;
                at += 1;
            }
            page.set_freeze_panes(1, 0)?;
            Ok(())
        };
        fill(&mut book)
            .and_then(|()| book.save(draft))
            .map_err(|error| xlsx_failed(draft, error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Here;

    impl Known for Here {
        fn person(&self, text: &str) -> bool {
            ["张三", "李四", "RY-XY-0003"].contains(&text)
        }
        fn unit(&self, text: &str) -> bool {
            text == "区财政局"
        }
    }

    fn found(block: &str) -> Vec<String> {
        names(&rows_in(block), &Here)
    }

    #[test]
    fn names_are_found_in_any_column_with_or_without_headers() {
        assert_eq!(
            found("序号\t姓名\t工作单位\n1\t张三\t区财政局\n2\t王五\t区教体局\n"),
            ["张三（区财政局）", "王五（区教体局）"]
        );
        assert_eq!(
            found("1\t科员\t张三\t区财政局\n2\t科员\t王 五\t区教体局\n3\t科长\t李四\t\n"),
            ["张三（区财政局）", "王五（区教体局）", "李四"]
        );
        assert_eq!(found("赵六\t正科\n钱七\t副科\n"), ["赵六", "钱七"], "nobody known");
    }

    #[test]
    fn names_side_by_side_and_one_a_line_are_names_too() {
        assert_eq!(found("张三、李四，王五"), ["张三", "李四", "王五"]);
        assert_eq!(found("张三\n王五\nRY-XY-0003\n"), ["张三", "王五", "RY-XY-0003"]);
        assert_eq!(found("张三 区财政局\n李四\n"), ["张三（区财政局）", "李四"]);
        assert_eq!(found("张三（区财政局）、王五"), ["张三（区财政局）", "王五"]);
        assert_eq!(found("\n \n"), [""; 0]);
    }
}
