//! 撤回 and 重做: an act is taken back by one `Reverted` event per stream it wrote to, and brought back the same way.
//! Both are acts themselves, so they survive a restart and stay in the log.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::chain::{Hash, Id};
use super::erase::{ERASED, RESEAL};
use super::project::apply::{StreamRow, stream_row};
use super::project::body_key;
use super::project::fold::{self, Reverted};
use super::project::layout::Layout;
use super::receipt::Receipt;
use super::submit::{Desk, Writing, Written};
use super::texts;
use crate::domain::decide::{CalendarChange, caught_up};
use crate::domain::fault::{Fault, Refusal, Stop};
use crate::domain::{Event, State, StreamId, Verb};

/// An act as the log has it.
#[derive(Debug, Clone)]
pub struct Done {
    /// Local number.
    pub seq: i64,
    /// Its id.
    pub act_id: Id,
    /// Its verb.
    pub verb: String,
    /// Who asked for it.
    pub operator: String,
    /// Body whose right was used.
    pub acting_for: String,
    /// Office day of the deed.
    pub happened: String,
    /// Act answered or undone.
    pub because: Option<Id>,
}

impl Done {
    /// Chinese name of what was done.
    pub fn label(&self) -> String {
        verb_label(&self.verb)
    }
}

/// One stream and the event it goes back to.
#[derive(Debug, Clone)]
pub struct Back {
    /// Its row now.
    pub row: StreamRow,
    /// Hash of that event; zeros = before the birth.
    pub to: Hash,
    /// Its deadlines as the adoptions since would have moved them.
    pub moved: Vec<Event>,
}

impl Back {
    /// The events that take the stream back: to what it was, with its deadlines as adoptions since have them.
    pub fn events(self, reverted: Reverted) -> Vec<(StreamId, Written, Option<usize>)> {
        let moved = self.moved.into_iter().map(Written::Event);
        let all = std::iter::once(Written::Reverted(reverted)).chain(moved);
        all.map(|written| (self.row.stream, written, None)).collect()
    }
}

const DONE: &str = "SELECT seq, act_id, verb, operator, acting_for, happened, because FROM act";

fn read_done(row: &rusqlite::Row) -> rusqlite::Result<Done> {
    Ok(Done {
        seq: row.get(0)?,
        act_id: row.get(1)?,
        verb: row.get(2)?,
        operator: row.get(3)?,
        acting_for: row.get(4)?,
        happened: row.get(5)?,
        because: row.get(6)?,
    })
}

/// The act with this id.
pub fn done(conn: &Connection, act_id: &Id) -> Result<Option<Done>, Fault> {
    let sql = format!("{DONE} WHERE act_id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([act_id], read_done).optional()?)
}

/// The act with this local number.
pub fn done_at(conn: &Connection, seq: i64) -> Result<Done, Fault> {
    let sql = format!("{DONE} WHERE seq = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([seq], read_done)?)
}

/// Chinese name of what was done, acts of the ledger itself included.
pub fn verb_label(verb: &str) -> String {
    match verb {
        RESEAL => "再次密封".to_owned(),
        _ => Verb::find(verb).map_or_else(|| verb.to_owned(), |v| v.label().to_owned()),
    }
}

/// Acts that leave every matter where it stands: 撤回 passes them by.
const ASIDE: [&str; 3] = [RESEAL, "read_source", "confirm_date"];

/// What can be taken back, and what can be brought back.
type Piles = (Vec<Done>, Vec<(Done, Done)>);

/// An operator's acts of an office day as two piles: what can be taken back and what can be brought back, the
/// latest on top. The second holds (the undo, the act it took back).
fn piles(conn: &Connection, operator: &str, today: NaiveDate) -> Result<Piles, Fault> {
    // Days do not run backwards in the log, so the walk from its end stops at yesterday.
    let mut acts: Vec<Done> = Vec::new();
    let today = today.to_string();
    let mut statement = conn.prepare_cached(
        "SELECT seq, act_id, verb, operator, acting_for, happened, because, today FROM act ORDER BY seq DESC",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if row.get_ref(7)?.as_str().unwrap_or_default() != today {
            break;
        }
        if row.get_ref(3)?.as_str().unwrap_or_default() == operator {
            acts.push(read_done(row)?);
        }
    }
    let mut kept: Vec<Done> = Vec::new();
    let mut undone: Vec<(Done, Done)> = Vec::new();
    for act in acts.into_iter().rev() {
        match act.verb.as_str() {
            "undo" => {
                if let Some(at) = kept.iter().position(|k| Some(k.act_id) == act.because) {
                    let original = kept.remove(at);
                    undone.push((act, original));
                }
            }
            "redo" => {
                if let Some(at) = undone.iter().position(|(u, _)| Some(u.act_id) == act.because) {
                    kept.push(undone.remove(at).1);
                }
            }
            verb if ASIDE.contains(&verb) => {}
            _ => {
                kept.push(act);
                undone.clear();
            }
        }
    }
    Ok((kept, undone))
}

/// What 撤回 would take back next, if anything.
pub fn next_undo(conn: &Connection, operator: &str, today: NaiveDate) -> Result<Option<Done>, Fault> {
    Ok(piles(conn, operator, today)?.0.pop())
}

/// What 重做 would bring back next, if anything.
pub fn next_redo(conn: &Connection, operator: &str, today: NaiveDate) -> Result<Option<Done>, Fault> {
    Ok(piles(conn, operator, today)?.1.pop().map(|(_, original)| original))
}

/// The streams an act wrote to with its first event on each: (stream, its number in the stream, local number).
pub fn touched(conn: &Connection, act: &Done) -> Result<Vec<(StreamId, i64, i64)>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.stream, min(e.stream_seq), min(e.seq) FROM act a
         JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
         WHERE a.seq = ?1 GROUP BY e.stream ORDER BY 3",
    )?;
    let found = statement.query_map([act.seq], |row| Ok((StreamId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Local numbers of an act's first and last event.
fn span(conn: &Connection, act: &Done) -> Result<(i64, i64), Fault> {
    Ok(conn
        .prepare_cached(
            "SELECT min(e.seq), max(e.seq) FROM act a
             JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
             WHERE a.seq = ?1",
        )?
        .query_row([act.seq], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Acts that nothing takes back.
pub fn refuse_by_nature(conn: &Connection, act: &Done) -> Result<Option<Refusal>, Fault> {
    let erased: bool = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM act a
             JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
             WHERE a.seq = ?1 AND e.kind = ?2)",
        )?
        .query_row((act.seq, ERASED), |row| row.get(0))?;
    if erased {
        let reason = format!("“{}”已将内容密封，不能撤回", act.label());
        return Ok(Some(Refusal::new("not_revertible", reason)));
    }
    let what = match (act.verb.as_str(), act.operator.as_str()) {
        ("adopt", _) => "启用政策和台账样式",
        ("found", _) => "建立机构",
        ("confirm_date", _) => "核对日期",
        ("read_source", _) => "查看来源",
        ("undo" | "redo", _) => "撤回和重做",
        (_, "clock") => "到期自动办理",
        _ => return Ok(None),
    };
    Ok(Some(Refusal::new("not_revertible", format!("“{what}”不能撤回"))))
}

/// Whether 撤回 may take this act back as things stand; the reason if not.
pub fn takes_back(conn: &Connection, layout: &Layout, act_id: &Id) -> Result<Result<(), Refusal>, Fault> {
    let Some(act) = done(conn, act_id)? else {
        return Ok(Err(Refusal::new("not_found", "没有这次办理")));
    };
    if let Some(refusal) = refuse_by_nature(conn, &act)? {
        return Ok(Err(refusal));
    }
    let served: Option<String> = conn
        .prepare_cached(
            "SELECT s.code FROM act a
             JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
             JOIN stream s ON s.stream = e.stream
             WHERE a.seq = ?1 AND e.kind IN ('warning_served', 'admonition_served') LIMIT 1",
        )?
        .query_row([act.seq], |row| row.get(0))
        .optional()?;
    if let Some(code) = served {
        return Ok(Err(Refusal::new("served", format!("{code} 已送达，不能直接撤回"))
            .hint("请打开该事项的历程，选该步骤办理“撤回此步”")));
    }
    Ok(standing_on(conn, layout, &act, None)?.map_or(Ok(()), Err))
}

/// What stands on top of an act, as a refusal: later steps of its streams, and what was born pointing at them.
///
/// `aside` is left out: the proposal by which the act is being taken back points at it, and is no later step.
pub fn standing_on(
    conn: &Connection,
    layout: &Layout,
    act: &Done,
    aside: Option<StreamId>,
) -> Result<Option<Refusal>, Fault> {
    let aside = match aside {
        Some(stream) => stream_row(conn, stream)?.map_or(0, |row| row.id),
        None => 0,
    };
    let (first, last) = span(conn, act)?;
    let mut later: Vec<String> = Vec::new();
    let mut note = |code: &str, seq: i64| -> Result<(), Fault> {
        let by: Option<Done> = conn
            .prepare_cached(&format!("{DONE} WHERE seq = (SELECT act FROM event WHERE seq = ?1)"))?
            .query_row([seq], read_done)
            .optional()?;
        let line = by.map_or_else(
            || format!("{code} 此步已不在现状之中"),
            |by| format!("{code} {}（{}）", by.label(), by.happened),
        );
        if !later.contains(&line) {
            later.push(line);
        }
        Ok(())
    };
    for (stream, stream_seq, _) in touched(conn, act)? {
        let Some(row) = stream_row(conn, stream)? else { continue };
        if row.frozen {
            let reason = format!("{} 由更新的版本办理过，需升级才能办理", row.code);
            return Ok(Some(Refusal::new("frozen", reason)));
        }
        // What took a step back stands at an earlier one; a countersignature may have done so.
        let on_top = if [Verb::Revert, Verb::Countersign, Verb::Accept]
            .iter()
            .any(|v| v.id() == act.verb)
        {
            standing(conn, layout, stream, last)?.tip == row.tip
        } else {
            (first..=last).contains(&row.tip)
        };
        if !on_top && row.tip < first {
            let reason = format!("{} 的这一步（{}）已经撤回", row.code, act.label());
            return Ok(Some(Refusal::new("already_undone", reason)));
        }
        if !on_top {
            note(&row.code, row.tip)?;
        } else if stream_seq == 1
            && let Some((code, born)) = dependent(conn, layout, &row, (first, last), aside)?
        {
            note(&code, born)?;
        }
    }
    if later.is_empty() {
        return Ok(None);
    }
    later.truncate(20);
    Ok(Some(
        Refusal::new("later_steps", format!("其后还有办理，不能撤回：{}", later.join("；")))
            .hint("请从最后一步起依次撤回"),
    ))
}

/// A live stream born outside these events that points at this one: its code and the number of its birth.
fn dependent(
    conn: &Connection,
    layout: &Layout,
    row: &StreamRow,
    (first, last): (i64, i64),
    aside: i64,
) -> Result<Option<(String, i64)>, Fault> {
    let by = |sql: &str, target: i64| -> Result<Option<(String, i64)>, Fault> {
        Ok(conn
            .prepare_cached(&format!("{sql} AND s.id <> ?4 LIMIT 1"))?
            .query_row((target, first, last, aside), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    };
    let linked = by(
        "SELECT s.code, s.id FROM link k JOIN stream s ON s.id = k.id
         WHERE k.target = ?1 AND (k.id < ?2 OR k.id > ?3) AND s.gone = 0",
        row.id,
    )?;
    if linked.is_some() {
        return Ok(linked);
    }
    for (table, column) in layout.pointing_at(&row.kind) {
        let sql = format!(
            "SELECT s.code, s.id FROM \"{table}\" l JOIN stream s ON s.id = l.id
             WHERE l.\"{column}\" = ?1 AND (l.id < ?2 OR l.id > ?3)"
        );
        let found = by(&sql, row.id)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    if row.kind == "unit" {
        for tag in [body_key::IMPLEMENTATION, body_key::SOCIAL] {
            let found = by(
                "SELECT s.code, s.id FROM seat_span t JOIN stream s ON s.id = t.id
                 WHERE t.body = ?1 AND (t.id < ?2 OR t.id > ?3)",
                row.id * 16 + tag,
            )?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// The streams an act wrote to, each with the event before the act.
pub fn before(conn: &Connection, layout: &Layout, act: &Done) -> Result<Vec<Back>, Fault> {
    let mut found = Vec::new();
    for (stream, stream_seq, seq) in touched(conn, act)? {
        let Some(row) = stream_row(conn, stream)? else { continue };
        found.push(match stream_seq {
            1 => Stood::default().back(row, &[]),
            _ => back_before(conn, layout, row, seq)?,
        });
    }
    Ok(found)
}

/// Where a stream stood at a moment of the log.
#[derive(Debug, Default)]
struct Stood {
    /// Local number of its step.
    tip: i64,
    /// Hash of the event whose state it had.
    at: Hash,
    state: Option<State>,
}

impl Stood {
    fn back(self, row: StreamRow, since: &[CalendarChange]) -> Back {
        Back {
            row,
            to: self.at,
            moved: self.state.map(|state| caught_up(&state, since)).unwrap_or_default(),
        }
    }
}

/// Where a stream stood once the events up to a local number had happened.
fn standing(conn: &Connection, layout: &Layout, stream: StreamId, upto: i64) -> Result<Stood, Fault> {
    let last = fold::fold(&fold::read(conn, stream, upto)?, layout.flow).pop();
    Ok(last.map_or_else(Stood::default, |node| Stood {
        tip: node.tip,
        at: node.at,
        state: node.state,
    }))
}

/// Back to where a stream stood just before an event, with what adoptions since did to the deadlines of then.
fn back_before(conn: &Connection, layout: &Layout, row: StreamRow, seq: i64) -> Result<Back, Fault> {
    let stood = standing(conn, layout, row.stream, seq - 1)?;
    let since = texts::calendars_since(conn, seq)?;
    Ok(stood.back(row, &since))
}

impl Desk<'_> {
    /// 撤回: takes back this operator's last act of today.
    pub fn undo(&mut self) -> Result<Receipt, Stop> {
        self.date_is_sure()?;
        let Some(act) = next_undo(self.tx, &self.operator.id, self.today)? else {
            return Err(Refusal::new("nothing_to_undo", "今天没有可以撤回的办理")
                .hint("以前的办理请打开该事项的历程，办理“撤回此步”")
                .into());
        };
        takes_back(self.tx, &self.texts.layout, &act.act_id)?.map_err(|refusal| {
            let reason = format!("上一次办理“{}”不能撤回：{}", act.label(), refusal.reason);
            Stop::Refused(Refusal { reason, ..refusal })
        })?;
        let back = before(self.tx, &self.texts.layout, &act)?;
        self.turn_back("undo", &act, back)
    }

    /// 重做: brings back what 撤回 took back last.
    pub fn redo(&mut self) -> Result<Receipt, Stop> {
        self.date_is_sure()?;
        let Some((undo, original)) = piles(self.tx, &self.operator.id, self.today)?.1.pop() else {
            return Err(Refusal::new("nothing_to_redo", "没有可以重做的撤回").into());
        };
        let mut back = Vec::new();
        for (stream, _, seq) in touched(self.tx, &undo)? {
            let Some(row) = stream_row(self.tx, stream)? else {
                continue;
            };
            if standing(self.tx, &self.texts.layout, stream, seq)?.tip != row.tip {
                let reason = format!("{} 撤回后又有办理，不能重做“{}”", row.code, original.label());
                return Err(Refusal::new("later_steps", reason).into());
            }
            back.push(back_before(self.tx, &self.texts.layout, row, seq)?);
        }
        self.turn_back("redo", &undo, back)
    }

    fn turn_back(&mut self, verb: &str, act: &Done, back: Vec<Back>) -> Result<Receipt, Stop> {
        let act_id = self.new_act_id()?;
        let writing = Writing {
            act_id,
            verb,
            happened: self.today,
            acting_for: act.acting_for.clone(),
            because: Some(act.act_id),
            events: back
                .into_iter()
                .flat_map(|back| {
                    let reverted = Reverted::to(&back.to);
                    back.events(reverted)
                })
                .collect(),
            erasures: Vec::new(),
        };
        let (_, changed) = self.write(writing)?;
        Ok(Receipt::new(
            self.tx,
            &self.texts.layout,
            &act_id,
            &changed,
            &|_| false,
            Vec::new(),
        )?)
    }
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
