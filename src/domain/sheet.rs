//! A sheet (台账) describes one kind of stream as data: fields, columns, orders, numbering (architecture §4).
//!
//! From it come the list table and its indexes, the form, the shell, the import and the export.

mod check;
mod district;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::mistake::Mistake;
use super::vocabulary as v;

pub use district::{Registers, overlay};

/// Stands in for a name that is missing or wrong, so that the rest of a file is looked at too.
const STAND_IN: &str = "？";

/// What a field holds; decides checks, the column's type and how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Long text, kept out of the list table.
    Long,
    /// Whole number.
    Number,
    /// Civil day, stored `YYYY-MM-DD`.
    Date,
    /// One of a closed list; the id is stored, the label shown.
    Choice,
    /// true or false.
    Flag,
    /// A unit's stream id.
    Unit,
    /// A section's stream id.
    Section,
    /// A post's stream id.
    Post,
    /// A person's stream id.
    Person,
    /// A body (`BodyRef`).
    Body,
    /// A record of the register named in `register`.
    Record,
    /// Stream ids of risk points.
    Points,
    /// Several texts; in a sheet "1.…；2.…" in one cell.
    Lines,
}

impl FieldType {
    /// True when the value is the stream id of something else.
    pub fn is_reference(self) -> bool {
        matches!(
            self,
            Self::Unit | Self::Section | Self::Post | Self::Person | Self::Record
        )
    }
}

/// One field of a sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable snake_case id, never reused.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Must be given before the record counts as complete.
    #[serde(default)]
    pub required: bool,
    /// Longest text in characters; 0 = the type's own limit (500, long 2,000).
    #[serde(default)]
    pub max: usize,
    /// Stored as a column of the list table.
    #[serde(default)]
    pub column: bool,
    /// An index begins with this column, so that lists can be narrowed by it.
    #[serde(default)]
    pub filter: bool,
    /// Its text is searched.
    #[serde(default)]
    pub search: bool,
    /// Set by the rules, never typed or imported; exported for reading.
    #[serde(default)]
    pub computed: bool,
    /// Set by the rules, but a first import may state it (初始导入, §0.10).
    #[serde(default)]
    pub initial: bool,
    /// Width of its column in cells; 0 = not shown in lists.
    #[serde(default)]
    pub width: u16,
    /// Id and label of each choice.
    #[serde(default)]
    pub options: Vec<(String, String)>,
    /// Name of a closed list of the domain that gives the choices instead of `options`.
    #[serde(default)]
    pub vocabulary: String,
    /// Register a `record` field points into.
    #[serde(default)]
    pub register: String,
    /// A day in it may lie ahead: the end of a term, a day of entry into force.
    #[serde(default)]
    pub ahead: bool,
    /// Further header names under which a sheet may carry it (the policy adds more).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// An example for the blank sheet.
    #[serde(default)]
    pub example: String,
}

impl Field {
    /// May stand in a sheet of new records: typed by people, or stated by a first import.
    pub fn importable(&self) -> bool {
        !self.computed || self.initial || self.id == "stage"
    }

    /// Longest text in characters.
    pub fn longest(&self) -> usize {
        match (self.max, self.kind) {
            (0, FieldType::Long | FieldType::Lines) => 2_000,
            (0, _) => 500,
            (max, _) => max,
        }
    }

    /// Choices as (id, label).
    pub fn choices(&self) -> Vec<(&str, &str)> {
        if self.vocabulary.is_empty() {
            return self
                .options
                .iter()
                .map(|(id, label)| (id.as_str(), label.as_str()))
                .collect();
        }
        choices_of(&self.vocabulary).unwrap_or_default()
    }

    /// Label of a stored choice id; the id itself when it is not (or no longer) in the list.
    pub fn choice_label<'a>(&'a self, id: &'a str) -> &'a str {
        self.choices()
            .into_iter()
            .find(|(c, _)| *c == id)
            .map_or(id, |(_, label)| label)
    }
}

/// An order in which a list can be read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Name of the order in `--sort`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Column that leads the order; ends in the row id.
    pub column: String,
    /// Greatest first.
    #[serde(default)]
    pub descending: bool,
}

/// A figure of the article counted over this register's live records (domain.md §1.2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// `F01` … `F14`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Only records whose choice fields have these values count.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// Field that is summed instead of counting records.
    #[serde(default)]
    pub sum: String,
    /// Date field after which a record no longer counts; a record without that date counts on.
    #[serde(default)]
    pub until: String,
}

/// One kind of stream, described as data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// English id, also the stream kind.
    pub id: String,
    /// Chinese name.
    pub label: String,
    /// Prefix of its codes (ledger.md §7).
    pub prefix: String,
    /// Codes carry the year (all but the directory's).
    #[serde(default = "yes")]
    pub yearly: bool,
    /// Which of the article's 4 + 4 + 5 parts it belongs to (R002).
    #[serde(default)]
    pub tag: String,
    /// Typed rules in the domain; empty = a register that is data alone.
    #[serde(default)]
    pub rules: String,
    /// Field whose text names a record in lists.
    pub title: String,
    /// May be filled from a spreadsheet.
    #[serde(default)]
    pub import: bool,
    /// Fields in the order of forms and sheets.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Orders besides newest first.
    #[serde(default, rename = "order")]
    pub orders: Vec<Order>,
    /// Figures of the article counted over it.
    #[serde(default, rename = "figure")]
    pub figures: Vec<Figure>,
}

fn yes() -> bool {
    true
}

impl Sheet {
    /// Reads one register file; every mistake is listed with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        check::parse(text).map(|(sheet, _)| sheet)
    }

    /// A field by its id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }
}

/// Choices of a closed list of the domain, by its name.
pub fn choices_of(name: &str) -> Option<Vec<(&'static str, &'static str)>> {
    macro_rules! lists {
        ($($key:literal => $list:ident,)+) => {
            match name {
                $($key => Some(v::$list::ALL.iter().map(|c| (c.id(), c.label())).collect()),)+
                "point_stage" => Some(super::point::PointStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "warning_stage" => Some(super::warning::WarningStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "admonition_kind" => Some(v::Instrument::ADMONITIONS.iter().map(|c| (c.id(), c.label())).collect()),
                "accountability_kind" => Some(v::Instrument::ACCOUNTABILITY.iter().map(|c| (c.id(), c.label())).collect()),
                "admonition_trigger" => Some(v::AdmonitionTrigger::ADMONITIONS.iter().map(|c| (c.id(), c.label())).collect()),
                "accountability_trigger" => Some(v::AdmonitionTrigger::ACCOUNTABILITY.iter().map(|c| (c.id(), c.label())).collect()),
                "appeal_stage" => Some(super::appeal::AppealStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "admonition_stage" => Some(super::admonition::AdmonitionStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "measure_stage" => Some(super::measure::MeasureStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "task_stage" => Some(super::task::TaskStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "obligation_rule" => Some(super::obligation::ObligationRule::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "obligation_stage" => Some(super::obligation::ObligationStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                "proposal_stage" => Some(super::proposal::ProposalStage::ALL.iter().map(|c| (c.id(), c.label())).collect()),
                _ => None,
            }
        };
    }
    lists! {
        "grade" => Grade, "organ_line" => OrganLine, "cadre_rank" => CadreRank, "risk_class" => RiskClass,
        "risk_item" => RiskItem, "secondary_tag" => SecondaryTag, "risk_focus" => RiskFocus,
        "search_method" => SearchMethod, "search_level" => SearchLevel, "return_reason" => ReturnReason,
        "urgency" => Urgency, "report_source" => ReportSource, "grade_cause" => GradeCause,
        "risk_cause" => RiskCause, "circumstance" => Circumstance, "attitude" => Attitude,
        "appeal_outcome" => AppealOutcome, "transfer_reason" => TransferReason, "departure" => Departure,
        "task_kind" => TaskKind, "instrument" => Instrument,
        "task_outcome" => TaskOutcome, "seat_role" => SeatRole, "unit_kind" => UnitKind,
        "revert_reason" => RevertReason, "late_reason" => LateReason, "inspection_method" => InspectionMethod,
        "due_owner" => DueOwner, "review_cause" => ReviewCause, "upper_office" => UpperOffice,
    }
}

/// Every sheet in force, by id; answers to the Chinese name too.
#[derive(Debug, Clone, Default)]
pub struct Sheets {
    by_id: BTreeMap<String, Arc<Sheet>>,
}

/// Register files the program ships with; a file dropped into the folder needs no other change.
static SHIPPED: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/assets/registers");

/// The shipped register files: name and text, by name.
pub fn shipped_registers() -> BTreeMap<String, String> {
    let text = |f: &include_dir::File| Some((f.path().to_str()?.to_owned(), f.contents_utf8()?.to_owned()));
    SHIPPED.files().filter_map(text).collect()
}

impl Sheets {
    /// Reads register files; a broken one is named with its mistakes and does not stop the rest.
    pub fn parse(files: &BTreeMap<String, String>) -> (Self, Vec<(String, Vec<Mistake>)>) {
        let mut broken = Vec::new();
        let mut good = Vec::new();
        for (name, text) in files {
            match Sheet::parse(text) {
                Ok(sheet) => good.push(sheet),
                Err(mistakes) => broken.push((name.clone(), mistakes)),
            }
        }
        (Self::new(good), broken)
    }

    /// Collects sheets; a later one of the same id replaces the earlier.
    pub fn new(sheets: impl IntoIterator<Item = Sheet>) -> Self {
        Self {
            by_id: sheets.into_iter().map(|s| (s.id.clone(), Arc::new(s))).collect(),
        }
    }

    /// A sheet by its English id.
    pub fn get(&self, id: &str) -> Option<&Arc<Sheet>> {
        self.by_id.get(id)
    }

    /// A sheet by its English id, its Chinese name, or the Chinese name's beginning or end when that is unambiguous
    /// (`预警` finds 预警事项, `任务` finds 指委会任务).
    pub fn find(&self, name: &str) -> Option<&Arc<Sheet>> {
        self.by_id
            .get(name)
            .or_else(|| self.by_id.values().find(|s| s.label == name))
            .or_else(|| {
                let mut hits = self
                    .by_id
                    .values()
                    .filter(|s| !name.is_empty() && s.label.starts_with(name));
                hits.next().filter(|_| hits.next().is_none())
            })
            .or_else(|| {
                let mut hits = self
                    .by_id
                    .values()
                    .filter(|s| !name.is_empty() && s.label.ends_with(name));
                hits.next().filter(|_| hits.next().is_none())
            })
    }

    /// All sheets by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Sheet>> {
        self.by_id.values()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_shipped_register_reads() {
        let (sheets, broken) = Sheets::parse(&shipped_registers());
        assert_eq!(broken, []);
        assert!(sheets.find("预警").is_some_and(|s| s.id == "warning"));
        let mut prefixes: Vec<_> = sheets.iter().map(|s| s.prefix.clone()).collect();
        prefixes.sort();
        prefixes.dedup();
        assert_eq!(prefixes.len(), sheets.iter().count(), "prefixes must differ");
    }

    fn told(broken: &str) -> Vec<String> {
        let mistakes = Sheet::parse(broken).unwrap_err();
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_broken_register_names_the_line_and_every_mistake() {
        let text = "id = \"x\"\nlabel = \"甲\"\nprefix = \"X\"\ntitle = \"name\"\n[[field]]\nid = \"Kind\"\nlabel = \"类别\"\ntype = \"choice\"\n";
        let found = told(text);
        assert_eq!(
            found,
            [
                "第 4 行：标题字段“name”不在字段之中",
                "第 6 行：字段编号“Kind”只能用小写字母、数字和下划线",
                "第 8 行：字段“类别”是选项，但没有列出选项",
            ]
        );
        let text = "id = \"X y\"\nlabel = 3\nnonsense = 1\n[[field]]\nid = \"a\"\nlabel = \"甲\"\ntype = \"txt\"\n\
            [[field]]\nid = \"a\"\ntype = \"choice\"\nvocabulary = \"grad\"\n[[order]]\nid = \"o\"\nlabel = \"序\"\ncolumn = \"a\"\n";
        let found = told(text);
        assert_eq!(
            found,
            [
                "第 1 行：台账编号“X y”只能用小写字母、数字和下划线",
                "第 1 行：缺少 prefix（编号代字）",
                "第 1 行：缺少 title（作标题的字段）",
                "第 2 行：label 应是引号里的文字，写成了数字 3",
                "第 3 行：不认识“nonsense”",
                "第 7 行：不认识“txt”，是不是“text”",
                "第 8 行：field 第 2 段缺少 label（名称）",
                "第 9 行：字段“a”重复",
                "第 11 行：没有叫“grad”的选项表",
                "第 15 行：排序“序”所用的“a”不是列",
            ]
        );
    }
}
