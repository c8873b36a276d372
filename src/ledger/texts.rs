//! The adopted texts, read once: policy, calendar, registers, and the tables that follow from them.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::chain::{self, Hash};
use super::project::Layout;
use super::project::apply::state_of;
use super::project::fold::day;
use crate::domain::calendar::{self, Calendar};
use crate::domain::decide::CalendarChange;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::mistake::Mistake;
use crate::domain::policy::Policy;
use crate::domain::sheet::{Sheets, shipped_registers};
use crate::domain::state::Adoption;
use crate::domain::{Act, State, Verb};

/// What was adopted, ready for use.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The policy.
    pub policy: Policy,
    /// The calendar.
    pub calendar: Calendar,
    /// The registers.
    pub sheets: Sheets,
    /// Tables made from them.
    pub layout: Layout,
    /// What acts name (`chain::policy_hash`).
    pub hash: Hash,
    /// The texts themselves.
    pub source: Adoption,
    /// Local number of the adoption; 0 before the first.
    pub adoption: i64,
}

impl Texts {
    /// The texts the program ships with.
    pub fn shipped() -> Result<Self, Fault> {
        Self::read(shipped(), 0)
    }

    /// The texts in force in this file.
    pub fn adopted(conn: &Connection) -> Result<Self, Fault> {
        let (id, head) = newest(conn)?;
        match &*state_of(conn, id)? {
            State::Adoption(adoption) => Self::read(adoption.clone(), head),
            _ => Err(Fault::new(FaultKind::Damaged, "台账里没有已启用的政策").hint("请运行 lianneng rebuild。")),
        }
    }

    /// The texts in force, when the tables they ask for stand in this file. Asked first on opening: the log has no
    /// index by kind, and walking it takes longer the more of it there is.
    pub fn standing(conn: &Connection) -> Result<Option<Self>, Fault> {
        if !Layout::made(conn)? {
            return Ok(None);
        }
        // Tables that cannot be read are made again from the log.
        let Ok(texts) = Self::adopted(conn) else {
            return Ok(None);
        };
        Ok(texts.layout.stands(conn)?.then_some(texts))
    }

    /// The texts in force in this file, straight from the log: for a rebuild, which cannot trust the tables.
    pub fn from_log(conn: &Connection) -> Result<Self, Fault> {
        // Only adoptions carry these three texts; there are few of them, but no index finds them by kind.
        let body: Option<String> = conn
            .query_row(
                "SELECT b.body FROM event e JOIN event_body b ON b.seq = e.seq
                 WHERE e.kind = 'texts_adopted' ORDER BY e.seq DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let Some(body) = body else { return Self::shipped() };
        let adoption: Adoption = serde_json::from_str(&body).map_err(unreadable)?;
        Self::read(adoption, 0)
    }

    /// True while no other adoption has followed this one.
    pub fn current(&self, conn: &Connection) -> Result<bool, Fault> {
        Ok(newest(conn)?.1 == self.adoption)
    }

    fn read(adoption: Adoption, head: i64) -> Result<Self, Fault> {
        let policy = Policy::adopted(&adoption.policy).map_err(|m| broken("政策", &m))?;
        let calendar = Calendar::parse(&adoption.calendar).map_err(|m| broken("日历", &m))?;
        let (sheets, wrong) = Sheets::parse(&adoption.registers);
        if let Some((name, mistakes)) = wrong.first() {
            return Err(broken(&format!("台账样式 {name} "), mistakes));
        }
        let registers: Vec<(&str, &str)> = adoption
            .registers
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        Ok(Self {
            layout: Layout::new(&sheets, &policy),
            hash: chain::policy_hash(&adoption.policy, &adoption.calendar, &registers),
            policy,
            calendar,
            sheets,
            adoption: head,
            source: adoption,
        })
    }
}

/// Row id and head of the one adoption stream.
/// The calendars adopted since an event, each with the one before it, oldest first.
pub fn calendars_since(conn: &Connection, seq: i64) -> Result<Vec<CalendarChange>, Fault> {
    if newest(conn)?.1 <= seq {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(
        "SELECT e.seq, a.today, b.body FROM stream s JOIN event e ON e.stream = s.stream
         JOIN act a ON a.seq = e.act JOIN event_body b ON b.seq = e.seq
         WHERE s.kind = 'adoption' AND e.kind = 'texts_adopted' ORDER BY e.seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut since, mut before): (Vec<CalendarChange>, Option<String>) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let body: String = row.get(2)?;
        let text = serde_json::from_str::<Adoption>(&body).map_err(unreadable)?.calendar;
        let at: i64 = row.get(0)?;
        if let Some(old) = before.filter(|old| at > seq && *old != text) {
            let today: String = row.get(1)?;
            since.push(CalendarChange {
                old: Calendar::parse(&old).map_err(|m| broken("日历", &m))?,
                new: Calendar::parse(&text).map_err(|m| broken("日历", &m))?,
                on: day(&today)?,
            });
        }
        before = Some(text);
    }
    Ok(since)
}

fn unreadable(error: serde_json::Error) -> Fault {
    Fault::new(FaultKind::Damaged, format!("已启用的政策不能识读：{error}")).hint("请运行 lianneng verify。")
}

fn broken(what: &str, mistakes: &[Mistake]) -> Fault {
    let listed: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Fault::new(
        FaultKind::Damaged,
        format!("已启用的{what}不能识读：{}", listed.join("；")),
    )
    .hint("请换用与本台账相同或更新的版本。")
}

fn newest(conn: &Connection) -> Result<(i64, i64), Fault> {
    let found = conn
        .prepare_cached("SELECT id, head FROM stream WHERE kind = 'adoption' ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The texts the program ships with.
pub fn shipped() -> Adoption {
    Adoption {
        policy: Policy::shipped().to_owned(),
        calendar: calendar::shipped().to_owned(),
        registers: shipped_registers(),
    }
}

/// The act that adopts these texts.
pub fn adopt(texts: &Adoption) -> Act {
    Act::new(Verb::Adopt, Vec::new())
        .with("policy", texts.policy.as_str())
        .with("calendar", texts.calendar.as_str())
        .with("registers", serde_json::json!(texts.registers))
}

/// Texts shared between the writer and its readers.
pub type SharedTexts = Arc<Texts>;
