//! csv in: one sheet of texts, separated by commas, tabs or semicolons.
//!
//! Own reader: rows must be numbered as a spreadsheet numbers them, blank lines included, and a quotation mark that is
//! never closed must be named by its line instead of swallowing the file.

use std::borrow::Cow;
use std::path::Path;

use crate::domain::fault::Fault;

use super::book::{SAVE_AS, unreadable};
use super::encoding::Decoded;
use super::grid::{Budget, Cell, Go, Row, SheetInfo, Visit};

/// Longest field, in bytes.
const MAX_FIELD: usize = 1 << 20;
/// Most fields in a row: Excel's columns.
const MAX_FIELDS: u32 = 16_384;

/// An open text file.
pub(super) struct Text {
    decoded: Decoded,
    delimiter: char,
    sheets: [SheetInfo; 1],
    path: std::path::PathBuf,
}

impl Text {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let decoded = Decoded::open(path)?;
        let mut start = String::new();
        decoded.read(&mut |piece| {
            start.push_str(piece);
            Ok(if start.len() < 64 << 10 { Go::On } else { Go::Stop })
        })?;
        let stem = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        Ok(Self {
            decoded,
            delimiter: delimiter_of(&start),
            sheets: [SheetInfo {
                name: stem,
                hidden: false,
            }],
            path: path.to_owned(),
        })
    }

    pub(super) fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    pub(super) fn rows(&self, visit: Visit<'_>) -> Result<(), Fault> {
        let mut parser = Parser::new(self.delimiter);
        let mut budget = Budget::default();
        let mut stopped = false;
        let mut emit = |row: Row| {
            row.cells.iter().try_for_each(|(_, cell)| budget.spend(cell))?;
            budget.next_row();
            visit(row)
        };
        self.decoded.read(&mut |piece| {
            for c in piece.chars() {
                if let Some(row) = parser
                    .step(c)
                    .map_err(|why| unreadable(&self.path, &why).hint(SAVE_AS))?
                    && emit(row)? == Go::Stop
                {
                    stopped = true;
                    return Ok(Go::Stop);
                }
            }
            Ok(Go::On)
        })?;
        if !stopped
            && let Some(row) = parser
                .finish()
                .map_err(|why| unreadable(&self.path, &why).hint(SAVE_AS))?
        {
            emit(row)?;
        }
        Ok(())
    }
}

/// The cells of a block copied from a spreadsheet or a Word table: tabs part columns, a cell of several lines stands in
/// quotation marks. Marks that do not pair are taken as they stand.
pub(super) fn cells_of(text: &str) -> Vec<Vec<String>> {
    let parse = |text: &str| -> Result<Vec<Row>, String> {
        let mut parser = Parser::new('\t');
        let mut rows = Vec::new();
        for c in text.chars() {
            rows.extend(parser.step(c)?);
        }
        rows.extend(parser.finish()?);
        Ok(rows)
    };
    let plain = |text: &str| {
        text.lines()
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect()
    };
    let Ok(rows) = parse(text) else { return plain(text) };
    let cells = |row: Row| {
        let width = row.cells.last().map_or(0, |(column, _)| *column as usize + 1);
        let mut cells = vec![String::new(); width];
        for (column, cell) in row.cells {
            cells[column as usize] = cell.text;
        }
        cells
    };
    rows.into_iter().map(cells).collect()
}

/// The separator that makes the most cells; a comma when none makes any.
fn delimiter_of(start: &str) -> char {
    let cells = |delimiter| {
        let mut parser = Parser::new(delimiter);
        let mut separators = 0;
        for c in start.chars() {
            let before = parser.column;
            let _ = parser.step(c);
            separators += usize::from(parser.column > before);
        }
        separators
    };
    // The last of equals wins, hence the order.
    [';', '\t', ','].into_iter().max_by_key(|d| cells(*d)).unwrap_or(',')
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first character of a field.
    Start,
    Bare,
    Quoted,
    /// After a quotation mark inside quotation marks: the end, or one half of a doubled one.
    MaybeEnd,
}

struct Parser {
    delimiter: char,
    state: State,
    field: String,
    row: Row,
    column: u32,
    /// Line of the file, and the one on which the open quotation mark stands.
    line: usize,
    opened: usize,
    after_return: bool,
}

impl Parser {
    fn new(delimiter: char) -> Self {
        let row = Row {
            number: 1,
            cells: Vec::new(),
        };
        Self {
            delimiter,
            state: State::Start,
            field: String::new(),
            row,
            column: 0,
            line: 1,
            opened: 1,
            after_return: false,
        }
    }

    /// Takes one character; a finished row comes back.
    fn step(&mut self, c: char) -> Result<Option<Row>, String> {
        let after_return = std::mem::replace(&mut self.after_return, c == '\r');
        if c == '\n' && after_return {
            // The second half of a line end; inside quotation marks the first half was kept as \n.
            return Ok(None);
        }
        self.line += usize::from(c == '\n' || c == '\r');
        match (self.state, c) {
            (State::Start, '"') => (self.state, self.opened) = (State::Quoted, self.line),
            (State::Quoted, '"') => self.state = State::MaybeEnd,
            (State::Quoted, '\r') => self.field.push('\n'),
            (State::Quoted, c) => self.field.push(c),
            (State::MaybeEnd, '"') => {
                self.field.push('"');
                self.state = State::Quoted;
            }
            (_, '\n' | '\r') => return Ok(Some(self.end_row())),
            (_, c) if c == self.delimiter => self.end_field(),
            (_, c) => {
                self.field.push(c);
                self.state = State::Bare;
            }
        }
        if self.field.len() > MAX_FIELD {
            return Err(match self.state {
                State::Quoted => self.unclosed(),
                _ => format!("第 {} 行有一格过长，不像正常的表格", self.line),
            });
        }
        Ok(None)
    }

    fn finish(&mut self) -> Result<Option<Row>, String> {
        match self.state {
            State::Quoted => Err(self.unclosed()),
            State::Start if self.column == 0 => Ok(None),
            _ => Ok(Some(self.end_row())),
        }
    }

    fn unclosed(&self) -> String {
        format!("第 {} 行的引号没有成对，后面的内容分不开列", self.opened)
    }

    fn end_field(&mut self) {
        let field = std::mem::take(&mut self.field);
        if !field.is_empty() && self.column < MAX_FIELDS {
            self.row.cells.push((self.column, Cell::text(unguard(&field))));
        }
        self.column = self.column.saturating_add(1);
        self.state = State::Start;
    }

    fn end_row(&mut self) -> Row {
        self.end_field();
        self.column = 0;
        let next = Row {
            number: self.row.number.saturating_add(1),
            cells: Vec::new(),
        };
        std::mem::replace(&mut self.row, next)
    }
}

/// Text as it may stand in a csv: what a spreadsheet program would run as a formula gets an apostrophe, and so does a
/// text that begins with one, so that [`unguard`] gives back exactly what was there.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\'' | '＝' | '＋' | '－' | '＠') => {
            format!("'{text}").into()
        }
        _ => text.into(),
    }
}

/// Takes the apostrophe of [`guard`] off again; spreadsheets themselves use it to mark a text.
pub(super) fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}
