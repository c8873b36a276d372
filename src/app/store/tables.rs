//! Tables in and out as the console asks for them: files to pick, a sheet to look over and import, lists to write out,
//! a grid to fill in.

use super::{Candidate, ListQuery};

/// What is wanted of a table, before it is known of which register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// 导入表格.
    Import,
    /// 导出这张列表.
    Export,
    /// 空白表.
    Template,
    /// 表格录入.
    Grid,
}

/// A form a list is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Comma-separated text.
    Csv,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, by its path.
    File(String),
    /// A block pasted from a spreadsheet or a Word table.
    Pasted(String),
    /// The cells of a grid; the first row holds the fields' ids.
    Cells(Vec<Vec<String>>),
}

/// How a sheet is to be read and taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Id of the register.
    pub register: String,
    /// Where the rows come from.
    pub source: Source,
    /// The sheet of the file; none for the first with content.
    pub sheet: Option<String>,
    /// Header (or column letters) and the field it is taken for; none until the sheet was looked over.
    pub map: Option<Vec<(String, String)>>,
    /// Unknown units, posts and people are created along.
    pub create_missing: bool,
    /// Rows with faults are kept as drafts.
    pub draft: bool,
    /// Only the good rows are taken.
    pub accept_good: bool,
}

/// A question about tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableAsk {
    /// The registers that can be imported; answered with the deed they are wanted for.
    Registers(Deed),
    /// A folder's files; none for the sticks, the usual folders and the newest files in them.
    Folder(Option<String>),
    /// Look a sheet over.
    Check(Plan),
    /// Take it: one act.
    Import(Plan),
    /// Write the sender's sheet with the reasons beside its rows.
    SendBack(Plan),
    /// How far the work is.
    Status,
    /// Stop it.
    Cancel,
    /// Write a list out.
    Export(ListQuery, Format),
    /// Write a register's blank sheet.
    Template(String),
    /// A grid of a register.
    Grid(String),
    /// Keep a grid that is not saved yet; no rows to forget it.
    Keep(String, Vec<Vec<String>>),
    /// What matches in a cell: of what kind, and what was typed.
    Offer(String, String),
}

/// A file or folder to pick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRow {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Whether it is opened as a folder.
    pub folder: bool,
    /// When it was changed last, in words.
    pub when: String,
    /// Its size, or where it lies.
    pub note: String,
}

/// A folder's content, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// What stands above the list.
    pub title: String,
    /// The folder above: its path, or nothing for the first list; none in the first list itself.
    pub above: Option<Option<String>>,
    /// What is in it.
    pub rows: Vec<FileRow>,
}

/// A column of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetColumn {
    /// Letters as the spreadsheet shows them.
    pub letters: String,
    /// Its header.
    pub header: String,
    /// The field it is taken for; empty when it is left out.
    pub field: String,
    /// Why it is left out, or what it might be.
    pub note: String,
    /// Values in it.
    pub samples: String,
}

/// Something wrong with a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetFault {
    /// Row as the spreadsheet shows it.
    pub row: u32,
    /// Column letters; empty for the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it cannot be taken.
    pub reason: String,
}

/// A sheet looked over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Where it comes from, in words.
    pub name: String,
    /// The sheets of the file.
    pub sheets: Vec<String>,
    /// The one looked at.
    pub sheet: String,
    /// Last row of its header.
    pub header_row: u32,
    /// 填报单位, where a title says it.
    pub sender: String,
    /// Whether columns were assigned as this sender's were the last time.
    pub remembered: bool,
    /// Why it cannot be read as this register at all; empty when it can.
    pub unreadable: String,
    /// Its columns.
    pub columns: Vec<SheetColumn>,
    /// How the columns were assigned by hand.
    pub map: Vec<(String, String)>,
    /// The fields a column can be assigned to: id and name.
    pub fields: Vec<(String, String)>,
    /// Rows of data.
    pub rows: usize,
    /// New records.
    pub fresh: usize,
    /// Records that change.
    pub amended: usize,
    /// Records that stay as they are.
    pub unchanged: usize,
    /// Rows left out because they are there already.
    pub duplicates: usize,
    /// Rows kept as drafts.
    pub drafts: usize,
    /// What is created along, in words.
    pub created: String,
    /// How much of it is to be completed later.
    pub incomplete: usize,
    /// Rows with faults.
    pub bad_rows: usize,
    /// All faults, those shown being fewer when there are very many.
    pub fault_count: usize,
    /// The faults and what is left out.
    pub faults: Vec<SheetFault>,
    /// Whether rows with faults can be kept as drafts.
    pub can_draft: bool,
}

/// A column of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridColumn {
    /// The field's id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Whether it must be filled.
    pub required: bool,
    /// How it is filled in.
    pub hint: String,
    /// Its choices.
    pub choices: Vec<String>,
    /// What it refers to, to be picked by initials; empty for plain text.
    pub refers: String,
}

/// A grid as it opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridSpec {
    /// Id of the register.
    pub register: String,
    /// Its name.
    pub label: String,
    /// The columns.
    pub columns: Vec<GridColumn>,
    /// Rows kept from the last time.
    pub rows: Vec<Vec<String>>,
}

/// An answer about tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableTold {
    /// Id and name of each register.
    Registers(Deed, Vec<(String, String)>),
    /// A folder.
    Folder(Box<Folder>),
    /// Work is under way: what, and how many rows of it are done.
    Running(String, u64),
    /// The sheet was looked over; nothing was changed.
    Checked(Box<Preview>),
    /// It was taken; the sentence says what became of it.
    Imported(String),
    /// A file was written; the sentence says where.
    Written(String),
    /// The work was stopped, nothing of it is left.
    Stopped(String),
    /// A grid.
    Grid(Box<GridSpec>),
    /// What matches in a cell: the text as asked, and for each candidate the text to put there as its id.
    Offers(String, Vec<Candidate>),
    /// Nothing to say.
    Nothing,
}
