//! A block of cells pasted from a spreadsheet or a Word table.

/// A pasted block that is looked at before it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The cell its first cell goes to.
    pub at: (usize, usize),
    /// Its cells.
    pub cells: Vec<Vec<String>>,
}

impl Block {
    /// Its rows and its columns.
    pub fn size(&self) -> (usize, usize) {
        (self.cells.len(), self.cells.iter().map(Vec::len).max().unwrap_or(0))
    }

    /// What it puts into a cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let cells = self.cells.get(row.checked_sub(self.at.0)?)?;
        cells.get(column.checked_sub(self.at.1)?).map(String::as_str)
    }
}

/// Column letters as a place: A is 0.
pub fn column_of(letters: &str) -> Option<usize> {
    let mut at = 0_usize;
    for c in letters.chars() {
        let digit = usize::try_from(u32::from(c.to_ascii_uppercase()).checked_sub(u32::from('A'))?).ok()?;
        at = at.checked_mul(26)?.checked_add(digit + 1)?;
    }
    at.checked_sub(1)
}

/// The cells of a pasted block: tabs part columns; a cell of several lines stands in quotation marks.
pub fn cells_of(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.trim_end_matches('\n').chars().peekable();
    while let Some(c) = chars.next() {
        let Some(row) = rows.last_mut() else { break };
        let Some(cell) = row.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() && closes(&chars) => quoted = true,
            '\t' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\n' => cell.push(' '),
            c => cell.push(c),
        }
    }
    rows
}

/// Whether a quotation mark that opens a cell is closed at the end of one.
fn closes(rest: &std::iter::Peekable<std::str::Chars>) -> bool {
    let rest: String = rest.clone().collect();
    rest.replace("\"\"", "").find('"').is_some_and(|at| {
        let doubled = rest.replace("\"\"", "");
        matches!(doubled[at + 1..].chars().next(), None | Some('\t' | '\n'))
    })
}
