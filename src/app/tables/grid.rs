//! 表格录入: rows under the columns of a register, typed over, pasted into, saved as one act.

use std::collections::HashMap;

use super::Event;
use super::block::{Block, cells_of, column_of};
use crate::app::edit::Editor;
use crate::app::key::Key;
use crate::app::store::{Candidate, GridColumn, GridSpec, Plan, Preview, Source, TableAsk};
use crate::domain::pinyin;
use crate::domain::width::fold;

/// Choices and candidates offered at once; each has a digit.
const OFFERS: usize = 9;

/// Most rows of a grid: more come as a file.
const MOST: usize = 2000;

/// A grid being filled in.
#[derive(Clone, Debug)]
pub struct Grid {
    /// What it is a grid of.
    pub spec: GridSpec,
    /// Its rows; each has a cell for every column.
    pub rows: Vec<Vec<String>>,
    /// The row under the cursor.
    pub row: usize,
    /// The column under the cursor.
    pub column: usize,
    /// The text of the cell while it is typed.
    pub editor: Option<Editor>,
    /// What matches in it.
    pub offers: Vec<Candidate>,
    /// The offer Enter takes.
    pub offer: usize,
    /// Why cells cannot be taken, by row and column.
    pub marks: HashMap<(usize, usize), String>,
    /// A pasted block, looked at first.
    pub block: Option<Block>,
    /// What was said last.
    pub problem: Option<String>,
    /// The work under way.
    pub running: Option<(String, u64)>,
    /// Where a run of Tab began, for Enter to go back to.
    from: Option<usize>,
    /// The text candidates are under way for.
    asked: Option<String>,
    /// Leaving was asked for with the grid under way kept.
    kept: bool,
}

impl Grid {
    /// A grid as it opens.
    pub fn new(mut spec: GridSpec) -> Grid {
        let rows = std::mem::take(&mut spec.rows);
        let kept = !rows.is_empty();
        let mut grid = Grid {
            spec,
            rows,
            row: 0,
            column: 0,
            editor: None,
            offers: Vec::new(),
            offer: 0,
            marks: HashMap::new(),
            block: None,
            problem: kept.then(|| "接着上次没有保存的表；不要的行按 Ctrl-K 删去。".to_owned()),
            running: None,
            from: None,
            asked: None,
            kept,
        };
        grid.even();
        grid
    }

    /// Every row with a cell for every column, and one blank row at the end.
    fn even(&mut self) {
        let width = self.spec.columns.len();
        for row in &mut self.rows {
            row.resize(width, String::new());
        }
        if self.rows.last().is_none_or(|row| !is_blank(row)) && self.rows.len() < MOST {
            self.rows.push(vec![String::new(); width]);
        }
    }

    /// The rows that hold something.
    pub fn filled(&self) -> usize {
        self.rows.iter().filter(|row| !is_blank(row)).count()
    }

    /// The column under the cursor.
    pub fn here(&self) -> Option<&GridColumn> {
        self.spec.columns.get(self.column)
    }

    /// Acts on a key.
    pub fn key(&mut self, key: Key) -> Event {
        self.problem = None;
        if self.running.is_some() {
            return match key {
                Key::Esc => Event::Ask(TableAsk::Cancel),
                _ => Event::Nothing,
            };
        }
        if self.block.is_some() {
            return self.block_key(key);
        }
        if self.editor.is_some() {
            return self.edit_key(key);
        }
        let page = 10;
        if matches!(key, Key::Up | Key::Down | Key::Left | Key::Right | Key::Home | Key::End) {
            self.from = None;
        }
        match key {
            Key::Up => self.row = self.row.saturating_sub(1),
            Key::Down => self.row = (self.row + 1).min(self.rows.len() - 1),
            Key::PgUp => self.row = self.row.saturating_sub(page),
            Key::PgDn => self.row = (self.row + page).min(self.rows.len() - 1),
            Key::Left => self.column = self.column.saturating_sub(1),
            Key::Right => self.column = (self.column + 1).min(self.spec.columns.len() - 1),
            Key::Home => self.column = 0,
            Key::End => self.column = self.spec.columns.len() - 1,
            Key::Tab => self.next(),
            Key::BackTab => self.before(),
            Key::Enter => self.down(),
            Key::F(2) => self.edit(None),
            Key::Delete | Key::Backspace => return self.put(String::new()),
            Key::Ctrl('k') => return self.drop_row(),
            Key::F(5) | Key::Ctrl('s') => return self.save(),
            Key::Esc => return self.leave(),
            _ => return self.typed(key),
        }
        Event::Nothing
    }

    fn typed(&mut self, key: Key) -> Event {
        let choices = self.here().map(|column| column.choices.clone()).unwrap_or_default();
        if let Some(choice) = key
            .digit()
            .and_then(|digit| choices.get(usize::from(digit).checked_sub(1)?))
        {
            let event = self.put(choice.clone());
            self.next();
            return event;
        }
        let Some(c) = key.typed() else { return Event::Nothing };
        self.edit(Some(c));
        self.offer_again()
    }

    /// Opens the cell: with what stands in it, or typed over.
    fn edit(&mut self, first: Option<char>) {
        let text = match first {
            Some(c) => c.to_string(),
            None => self.rows[self.row][self.column].clone(),
        };
        self.editor = Some(Editor::one_line().with(&text));
        (self.offers, self.offer, self.asked) = (Vec::new(), 0, None);
    }

    fn edit_key(&mut self, key: Key) -> Event {
        match key {
            Key::Esc => {
                self.editor = None;
                self.offers.clear();
            }
            Key::Up if !self.offers.is_empty() => self.offer = self.offer.saturating_sub(1),
            Key::Down if !self.offers.is_empty() => self.offer = (self.offer + 1).min(self.offers.len() - 1),
            Key::Enter | Key::Down => {
                let event = self.commit();
                self.down();
                return event;
            }
            Key::Tab => {
                let event = self.commit();
                self.next();
                return event;
            }
            Key::BackTab => {
                let event = self.commit();
                self.before();
                return event;
            }
            Key::F(5) | Key::Ctrl('s') => {
                self.commit();
                return self.save();
            }
            _ => {
                if let Some(offer) = key
                    .digit()
                    .and_then(|digit| self.offers.get(usize::from(digit).checked_sub(1)?))
                    .cloned()
                {
                    self.editor = None;
                    self.offers.clear();
                    let event = self.put(offer.id);
                    self.next();
                    return event;
                }
                if let Some(editor) = &mut self.editor {
                    editor.key(key, 0);
                }
                return self.offer_again();
            }
        }
        Event::Nothing
    }

    /// Looks for what matches the text as it stands.
    fn offer_again(&mut self) -> Event {
        let (Some(editor), Some(column)) = (&self.editor, self.spec.columns.get(self.column)) else {
            return Event::Nothing;
        };
        let text = editor.text().trim().to_owned();
        self.offer = 0;
        if !column.choices.is_empty() {
            let typed = fold(&text);
            let fits = |choice: &&String| fold(choice).contains(&typed) || pinyin::spells(choice, &typed);
            let candidate = |choice: &String| Candidate {
                id: choice.clone(),
                label: choice.clone(),
                note: String::new(),
            };
            self.offers = column.choices.iter().filter(fits).take(OFFERS).map(candidate).collect();
        } else if column.refers.is_empty() || text.is_empty() {
            self.offers.clear();
        } else if self.asked.is_none() {
            self.asked = Some(text.clone());
            return Event::Ask(TableAsk::Offer(column.refers.clone(), text));
        }
        Event::Nothing
    }

    /// Candidates for a text; asks again when more was typed meanwhile.
    pub fn offered(&mut self, typed: &str, offers: Vec<Candidate>) -> Event {
        self.asked = None;
        let Some(editor) = &self.editor else {
            return Event::Nothing;
        };
        if editor.text().trim() != typed {
            return self.offer_again();
        }
        self.offers = offers;
        self.offer = 0;
        Event::Nothing
    }

    /// Puts what was typed into the cell: the offer under the cursor where there is one.
    fn commit(&mut self) -> Event {
        let Some(editor) = self.editor.take() else {
            return Event::Nothing;
        };
        let offers = std::mem::take(&mut self.offers);
        let text = match offers.get(self.offer) {
            Some(offer) => offer.id.clone(),
            None => editor.text().trim().to_owned(),
        };
        self.put(text)
    }

    fn put(&mut self, text: String) -> Event {
        self.marks.remove(&(self.row, self.column));
        let cell = &mut self.rows[self.row][self.column];
        if *cell == text {
            return Event::Nothing;
        }
        *cell = text;
        self.even();
        self.keep()
    }

    /// Keeps what is not saved yet, so that leaving or a power failure loses nothing.
    fn keep(&mut self) -> Event {
        let rows: Vec<Vec<String>> = self.rows.iter().filter(|row| !is_blank(row)).cloned().collect();
        self.kept = !rows.is_empty();
        Event::Ask(TableAsk::Keep(self.spec.register.clone(), rows))
    }

    fn next(&mut self) {
        self.from.get_or_insert(self.column);
        self.column += 1;
        if self.column == self.spec.columns.len() {
            self.column = 0;
            self.row = (self.row + 1).min(self.rows.len() - 1);
        }
    }

    fn before(&mut self) {
        if self.column > 0 {
            self.column -= 1;
        } else if self.row > 0 {
            self.row -= 1;
            self.column = self.spec.columns.len() - 1;
        }
    }

    fn down(&mut self) {
        self.row = (self.row + 1).min(self.rows.len() - 1);
        self.column = self.from.take().unwrap_or(self.column);
    }

    fn drop_row(&mut self) -> Event {
        self.rows.remove(self.row);
        self.marks.clear();
        self.even();
        self.row = self.row.min(self.rows.len() - 1);
        self.keep()
    }

    /// A block pasted: looked at first, unless it is a single cell.
    pub fn paste(&mut self, text: &str) -> Event {
        if self.running.is_some() {
            return Event::Nothing;
        }
        if !text.trim_end().contains(['\t', '\n']) {
            if self.editor.is_none() {
                self.edit(None);
                self.editor = Some(Editor::one_line());
            }
            if let Some(editor) = &mut self.editor {
                editor.insert(text.trim_end());
            }
            return self.offer_again();
        }
        self.editor = None;
        self.offers.clear();
        let cells = cells_of(text);
        let room = MOST.saturating_sub(self.row);
        let cut = cells.len() > room;
        self.block = Some(Block {
            at: (self.row, self.column),
            cells: cells.into_iter().take(room).collect(),
        });
        if cut {
            self.problem = Some(format!("一次最多录 {MOST} 行，后面的请存成表格导入。"));
        }
        Event::Nothing
    }

    fn block_key(&mut self, key: Key) -> Event {
        match key {
            Key::Esc => self.block = None,
            Key::Enter | Key::F(5) => {
                let Some(block) = self.block.take() else {
                    return Event::Nothing;
                };
                let width = self.spec.columns.len();
                for (row, cells) in (block.at.0..).zip(&block.cells) {
                    if row == self.rows.len() {
                        self.rows.push(vec![String::new(); width]);
                    }
                    for (column, text) in (block.at.1..width).zip(cells) {
                        self.rows[row][column] = text.trim().to_owned();
                        self.marks.remove(&(row, column));
                    }
                }
                self.even();
                return self.keep();
            }
            Key::Up | Key::Down | Key::Left | Key::Right => {
                if let Some(block) = &mut self.block {
                    let (row, column) = &mut block.at;
                    match key {
                        Key::Up => *row = row.saturating_sub(1),
                        Key::Down => *row = (*row + 1).min(self.rows.len() - 1),
                        Key::Left => *column = column.saturating_sub(1),
                        _ => *column = (*column + 1).min(self.spec.columns.len() - 1),
                    }
                    (self.row, self.column) = block.at;
                }
            }
            _ => {}
        }
        Event::Nothing
    }

    fn plan(&self) -> Plan {
        let ids = self.spec.columns.iter().map(|column| column.id.clone()).collect();
        Plan {
            register: self.spec.register.clone(),
            source: Source::Cells(std::iter::once(ids).chain(self.rows.iter().cloned()).collect()),
            sheet: None,
            map: Some(Vec::new()),
            create_missing: false,
            draft: false,
            accept_good: true,
        }
    }

    fn save(&mut self) -> Event {
        if self.filled() == 0 {
            self.problem = Some("还没有录入内容。".into());
            return Event::Nothing;
        }
        Event::Ask(TableAsk::Check(self.plan()))
    }

    /// The rows were checked: with nothing wrong they are taken, else the cells are marked and the first is gone to.
    pub fn checked(&mut self, preview: &Preview) -> Event {
        self.running = None;
        self.marks.clear();
        for fault in &preview.faults {
            // row 1 holds the names of the columns
            let row = usize::try_from(fault.row).unwrap_or(0).saturating_sub(2);
            let column = column_of(&fault.column).unwrap_or(0).min(self.spec.columns.len() - 1);
            self.marks.entry((row, column)).or_insert_with(|| fault.reason.clone());
        }
        if let Some(((row, column), reason)) = self.first_mark() {
            (self.row, self.column) = (row.min(self.rows.len() - 1), column);
            self.problem = Some(format!("有 {} 格要改。第 {} 行 {reason}", self.marks.len(), row + 1));
            return Event::Nothing;
        }
        if !preview.unreadable.is_empty() {
            self.problem = Some(preview.unreadable.clone());
            return Event::Nothing;
        }
        if preview.rows < self.filled() {
            let n = self.filled() - preview.rows;
            self.problem = Some(format!(
                "有 {n} 行不像一条记录（如合计、说明），请改正或按 Ctrl-K 删去。"
            ));
            return Event::Nothing;
        }
        let mut plan = self.plan();
        plan.accept_good = false;
        Event::Ask(TableAsk::Import(plan))
    }

    fn first_mark(&self) -> Option<((usize, usize), String)> {
        let first = self.marks.iter().min_by_key(|(at, _)| **at)?;
        Some((*first.0, first.1.clone()))
    }

    fn leave(&mut self) -> Event {
        if !self.kept {
            return Event::Close;
        }
        let sentence = format!("{} 行还没有保存，已留作草稿；再按 Ctrl-G 接着录。", self.filled());
        let rows: Vec<Vec<String>> = self.rows.iter().filter(|row| !is_blank(row)).cloned().collect();
        Event::Leave(TableAsk::Keep(self.spec.register.clone(), rows), sentence)
    }
}

fn is_blank(row: &[String]) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
