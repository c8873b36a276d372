//! What the landing pane shows: whose move it is today, block by block, one row a matter; points go by unit and step.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use rusqlite::OptionalExtension;

use super::item::Item;
use super::{Ask, Reader};
use crate::domain::fault::Fault;
use crate::domain::{DueOwner, StreamId};
use crate::ledger::project::apply::state_of;
use crate::ledger::project::body_key;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::rows;

/// Rows of one block read at most; the queue shows the rest.
const MOST: usize = 200;
/// How far back in the log the last sitting is looked for, and how many of the newest streams are looked at.
const BACK: i64 = 20_000;
/// Kinds that come in numbers and are told by unit.
const BATCHED: [&str; 2] = ["risk_point", "measure"];
/// Kinds of matters that come in one by one.
const ARRIVING: [&str; 6] = [
    "warning",
    "admonition",
    "accountability",
    "appeal",
    "obligation",
    "task",
];
/// What a step is called that waits for paper to be served, or for a decision.
const PAPER: [&str; 3] = [".serve", ".approve", ".ratify"];
/// The office of 指委会 is told to press for a verification that is late (§0.13).
const PRESS: &str = "obligation.late_verification";

/// A block of the landing pane, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// Somebody is restricted while a step of ours is not done.
    HeldBack,
    /// Our own steps past their day.
    Late,
    /// Come in since the last sitting.
    New,
    /// Papers to be returned, served, approved.
    Paper,
    /// Due by the end of this week, whoever owes it.
    Week,
}

impl Block {
    /// Its title.
    pub fn label(self) -> &'static str {
        match self {
            Self::HeldBack => "有人因我方未办而受限",
            Self::Late => "我方已逾期",
            Self::New => "新到（上次办理以来）",
            Self::Paper => "待回签 / 待送达 / 待批",
            Self::Week => "本周到期",
        }
    }
}

/// Points of one unit that owe the same step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Register.
    pub kind: String,
    /// The unit.
    pub unit: StreamId,
    /// Its name.
    pub name: String,
    /// The step, in words.
    pub step: String,
    /// The step, by its key in the policy.
    pub owed: String,
    /// How many.
    pub count: usize,
    /// The earliest day.
    pub day: NaiveDate,
    /// The latest day.
    pub last: NaiveDate,
    /// Working days until then; negative = late.
    pub days_left: i64,
    /// Who owes it.
    pub owner: DueOwner,
}

/// One row of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum LandingRow {
    /// A matter.
    Matter(Box<Item>),
    /// Many points of a unit.
    Batch(Batch),
}

/// One block with its rows: red, orange, yellow, then by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Which.
    pub block: Block,
    /// Its rows, at most two hundred.
    pub rows: Vec<LandingRow>,
    /// How many there are.
    pub total: usize,
}

/// A running deadline as the table has it.
struct Running {
    id: i64,
    kind: String,
    step: String,
    day: String,
    ours: bool,
    unit: Option<i64>,
    rank: i64,
}

/// By block, unit, register and step: how many, the first and the last day, whether the step is ours.
type Batches = BTreeMap<(Block, i64, String, String), (usize, String, String, bool)>;
type Chosen = BTreeMap<Block, Vec<(i64, String, i64, String)>>;

impl Reader {
    /// The blocks of the landing pane for the viewer's bodies; blocks with nothing in them are left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn landing(&self) -> Result<Vec<Section>, Ask> {
        self.ask(|| {
            let bodies = self.own_bodies()?;
            let mut chosen = Chosen::new();
            let mut taken: BTreeSet<i64> = BTreeSet::new();
            let mut put = |block, rank, day: String, id, kind: String, chosen: &mut Chosen| {
                if taken.insert(id) {
                    chosen.entry(block).or_default().push((rank, day, id, kind));
                }
            };
            for one in self.held_back(bodies.as_deref())? {
                put(Block::HeldBack, 0, one.day, one.id, one.kind, &mut chosen);
            }
            let today = self.today().to_string();
            let mut batches: Batches = BTreeMap::new();
            let mut week = Vec::new();
            for one in self.running(bodies.as_deref())? {
                let block = match (one.ours, one.day < today) {
                    (true, true) => Block::Late,
                    (false, true) => continue,
                    _ => Block::Week,
                };
                match one.unit.filter(|_| BATCHED.contains(&one.kind.as_str())) {
                    Some(unit) => {
                        let key = (block, unit, one.kind, one.step);
                        // they come by day: the last one is the latest
                        let so_far = batches
                            .entry(key)
                            .or_insert((0, one.day.clone(), one.day.clone(), one.ours));
                        (so_far.0, so_far.2) = (so_far.0 + 1, one.day);
                    }
                    None if block == Block::Late => put(block, one.rank, one.day, one.id, one.kind, &mut chosen),
                    None => week.push(one),
                }
            }
            for (id, kind, rank, day) in self.arrived(bodies.as_deref())? {
                put(Block::New, rank, day, id, kind, &mut chosen);
            }
            for (id, kind, rank, day) in self.papers(bodies.as_deref())? {
                put(Block::Paper, rank, day, id, kind, &mut chosen);
            }
            for one in week {
                put(Block::Week, one.rank, one.day, one.id, one.kind, &mut chosen);
            }
            self.sections(chosen, batches)
        })
    }

    /// Keys of the bodies the viewer acts for; `None` = all.
    fn own_bodies(&self) -> Result<Option<Vec<i64>>, Fault> {
        let viewer = self.viewer().in_capacity(self.capacity.get());
        if viewer.capacities.is_empty() {
            return Ok(None);
        }
        let ids = Ids::new(&self.conn);
        let keys = viewer
            .capacities
            .iter()
            .map(|body| body_key::key(*body, |unit| ids.of(Some(unit))));
        let keys: Vec<Option<i64>> = keys.collect::<Result<_, Fault>>()?;
        Ok(Some(keys.into_iter().flatten().collect()))
    }

    /// Deadlines of this week and before, with whose they are; those of other bodies are left out.
    fn running(&self, bodies: Option<&[i64]>) -> Result<Vec<Running>, Fault> {
        let today = self.today();
        let left = 6 - today.weekday().num_days_from_monday();
        let sunday = today.checked_add_days(Days::new(left.into())).unwrap_or(today);
        let sql = format!(
            "SELECT id, kind, step, day, owner, unit, grade, body_lead FROM due WHERE day <= ?1{} ORDER BY day, id",
            self.kept()?.but("+id")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([sunday.to_string()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let lead: Option<i64> = row.get(7)?;
            if bodies.is_some_and(|keys| !lead.is_some_and(|lead| keys.contains(&lead))) {
                continue;
            }
            let (owner, grade): (String, Option<String>) = (row.get(4)?, row.get(6)?);
            found.push(Running {
                id: row.get(0)?,
                kind: row.get(1)?,
                step: row.get(2)?,
                day: row.get(3)?,
                ours: owner == DueOwner::Office.id(),
                unit: row.get(5)?,
                rank: rows::rank(grade.as_deref().and_then(crate::domain::Grade::find)),
            });
        }
        Ok(found)
    }

    /// Matters that restrict somebody now while the office owes their next step, and the calls to press for them.
    fn held_back(&self, bodies: Option<&[i64]>) -> Result<Vec<Running>, Fault> {
        let sql = format!(
            "SELECT DISTINCT d.id, d.kind, d.step, d.day, d.body_lead FROM restriction_span r JOIN due d ON d.id = r.source
             WHERE r.from_day <= ?1 AND (r.to_day IS NULL OR r.to_day > ?1) AND d.owner = ?2
             AND d.step NOT LIKE '%.observe'{0}
             UNION SELECT d.id, d.kind, d.step, d.day, d.body_lead FROM queue q JOIN due d ON d.id = q.id
             WHERE q.body = ?3 AND q.kind = 'obligation' AND d.step = ?4{0}
             ORDER BY d.day, d.id",
            self.kept()?.but("d.id")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let today = self.today().to_string();
        let mut rows = statement.query((today, DueOwner::Office.id(), body_key::ALL, PRESS))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let lead: Option<i64> = row.get(4)?;
            if bodies.is_some_and(|keys| !lead.is_some_and(|lead| keys.contains(&lead))) {
                continue;
            }
            found.push(Running {
                id: row.get(0)?,
                kind: row.get(1)?,
                step: row.get(2)?,
                day: row.get(3)?,
                ours: true,
                unit: None,
                rank: 0,
            });
        }
        Ok(found)
    }

    /// Matters born since this operator's last act on an earlier day that still ask for something.
    fn arrived(&self, bodies: Option<&[i64]>) -> Result<Vec<(i64, String, i64, String)>, Fault> {
        let newest: i64 = self
            .conn
            .query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?;
        let since = self.last_sitting()?.unwrap_or(newest).max(newest - BACK);
        let sql = format!(
            "SELECT id, kind FROM stream WHERE id > ?1 AND gone = 0{} ORDER BY id DESC",
            self.kept()?.but("+id")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([since])?;
        let ids = Ids::new(&self.conn);
        let mut found = Vec::new();
        while let Some(row) = rows.next()?.filter(|_| found.len() < MOST) {
            let (id, kind): (i64, String) = (row.get(0)?, row.get(1)?);
            if !ARRIVING.contains(&kind.as_str()) {
                continue;
            }
            let state = state_of(&self.conn, id)?;
            let lead = match state.duties() {
                Some(duties) => body_key::key(duties.lead, |unit| ids.of(Some(unit)))?,
                None => None,
            };
            let ours = bodies.is_none_or(|keys| lead.is_some_and(|lead| keys.contains(&lead)));
            if rows::open(&state) && ours {
                let day = state
                    .due()
                    .map_or_else(|| rows::NO_DUE.to_owned(), |due| due.day.to_string());
                found.push((id, kind, rows::rank(state.grade()), day));
            }
        }
        Ok(found)
    }

    /// The last event of this operator's last act on an earlier day; none when that is long ago.
    fn last_sitting(&self) -> Result<Option<i64>, Fault> {
        let found: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT e.seq FROM act a JOIN event e ON e.site = a.site AND e.site_seq = a.first + a.events - 1
                 WHERE a.seq > (SELECT max(seq) FROM act) - ?1 AND a.operator = ?2 AND a.today < ?3
                 ORDER BY a.seq DESC LIMIT 1",
            )?
            .query_row((BACK, &self.viewer().id, self.today().to_string()), |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    /// Papers that are out, and matters whose next step is to serve or to approve.
    fn papers(&self, bodies: Option<&[i64]>) -> Result<Vec<(i64, String, i64, String)>, Fault> {
        let sql = format!(
            "SELECT q.id, q.rank, q.due, d.step FROM queue q LEFT JOIN due d ON d.id = q.id
             WHERE q.body = ?1 AND q.kind = ?2 AND q.role <> 'co'{} ORDER BY q.rank, q.due, q.id",
            self.kept()?.but("q.id")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let all = [body_key::ALL];
        let mut found = Vec::new();
        for body in bodies.unwrap_or(&all) {
            for kind in ["approval_sheet", "warning", "admonition", "accountability"] {
                let mut rows = statement.query((body, kind))?;
                while let Some(row) = rows.next()? {
                    let step: Option<String> = row.get(3)?;
                    let paper = kind == "approval_sheet"
                        || step.is_some_and(|step| PAPER.iter().any(|ending| step.ends_with(ending)));
                    if paper {
                        found.push((row.get(0)?, kind.to_owned(), row.get(1)?, row.get(2)?));
                    }
                }
            }
        }
        Ok(found)
    }

    #[allow(clippy::type_complexity)]
    fn sections(&self, chosen: Chosen, batches: Batches) -> Result<Vec<Section>, Ask> {
        let texts = self.texts();
        let mut sections: BTreeMap<Block, Section> = BTreeMap::new();
        let empty = |block| Section {
            block,
            rows: Vec::new(),
            total: 0,
        };
        for (block, mut rows) in chosen {
            rows.sort();
            let section = sections.entry(block).or_insert_with(|| empty(block));
            section.total += rows.len();
            for (_, _, id, kind) in rows.into_iter().take(MOST) {
                let Some(table) = texts.layout.table(&kind) else {
                    continue;
                };
                let mut item = self.row_item(table, id, false)?;
                if kind == "approval_sheet" {
                    item.waiting_for = Some("signature");
                }
                section.rows.push(LandingRow::Matter(Box::new(item)));
            }
        }
        for ((block, unit, kind, step), (count, day, last, ours)) in batches {
            let section = sections.entry(block).or_insert_with(|| empty(block));
            section.total += 1;
            if section.rows.len() < MOST {
                let row = self.stream_by_id(unit)?;
                let day: NaiveDate = crate::ledger::project::fold::day(&day)?;
                let days_left = if day < self.today() {
                    -texts.calendar.workdays_between(day, self.today()).max(1)
                } else {
                    texts.calendar.workdays_between(self.today(), day)
                };
                section.rows.push(LandingRow::Batch(Batch {
                    kind,
                    unit: row.stream,
                    name: row.title,
                    step: texts
                        .policy
                        .deadline
                        .get(&step)
                        .map_or_else(|| step.clone(), |due| due.label.clone()),
                    owed: step,
                    count,
                    day,
                    last: crate::ledger::project::fold::day(&last)?,
                    days_left,
                    owner: if ours { DueOwner::Office } else { DueOwner::Subject },
                }));
            }
        }
        Ok(sections.into_values().collect())
    }
}
