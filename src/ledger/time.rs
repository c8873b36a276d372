//! What time causes (ledger.md §1): found at start and at day change, written by the operator `clock`, once.

use super::date;
use super::entropy::uuid8;
use super::meta;
use super::office::Office;
use super::project::apply::state_of;
use super::project::rows::REVIEW;
use super::receipt::Receipt;
use super::world::LedgerWorld;
use chrono::NaiveDate;

use crate::domain::decide::{Lapse, lapses_of};
use crate::domain::fault::{Fault, Refusal, Stop};
use crate::domain::world::Operator;
use crate::domain::{Act, StreamId};

/// The last day on which time was let pass, so that opening the file again on the same day costs nothing.
const PASSED: &str = "time_passed";

/// Units with points to be reviewed by a day.
const WITH_REVIEWS: &str = "SELECT DISTINCT s.stream, s.id FROM counter c
     JOIN stream s ON s.id = CAST(substr(c.value, 1, instr(c.value, ':') - 1) AS INTEGER)
     WHERE c.kind = 'risk_point' AND c.dimension = ?1 AND substr(c.value, instr(c.value, ':') + 1) <= ?2
     ORDER BY s.id";

/// Account id of the clock.
pub const CLOCK: &str = "clock";

/// Who writes down what time has caused.
pub fn clock_operator() -> Operator {
    Operator::recorder(CLOCK, "时钟")
}

impl Office {
    /// Writes down everything time has caused by today; whoever opens the file first that day does it, once.
    ///
    /// Each lapse is an act with an id made from its rule, stream and day, so two windows cannot both write it.
    pub fn let_time_pass(&mut self) -> Result<Vec<Receipt>, Stop> {
        let today = self.today().to_string();
        if meta::get::<String>(&self.file().conn, PASSED)?.as_deref() == Some(&today) {
            return Ok(Vec::new());
        }
        // A machine a year ahead would let everything lapse; nothing is written before somebody has looked.
        if self.date_doubt()?.is_some() {
            return Ok(Vec::new());
        }
        let mut receipts = Vec::new();
        for lapse in self.lapses()? {
            let id = uuid8(&[lapse.rule.as_bytes(), &lapse.stream.0, lapse.due.to_string().as_bytes()]);
            match self.submit(&clock_operator(), &lapse.act(), Some(id)) {
                Ok(receipt) => receipts.push(receipt),
                // Another window was faster, or an act of today has settled it meanwhile.
                Err(Stop::Refused(_)) => {}
                Err(failed) => return Err(failed),
            }
        }
        meta::set(&self.file().conn, PASSED, &today)?;
        Ok(receipts)
    }

    /// Why the machine's date has to be confirmed before anything is written.
    pub fn date_doubt(&self) -> Result<Option<Refusal>, Fault> {
        date::doubt(&self.file().conn, self.today(), self.is_told())
    }

    /// Writes down which day it is. Where the machine's date cannot be right and is not what was said, the office goes
    /// by what was said for as long as it is open here; the log names both.
    ///
    /// # Errors
    /// The machine's date is not in doubt, this is a rehearsal, or the day lies before the last act.
    pub fn confirm_day(&mut self, operator: &Operator, act: &Act, day: NaiveDate) -> Result<Receipt, Stop> {
        let machine = self.machine_day();
        if day == self.today() || self.date_doubt()?.is_none() {
            return self.submit(operator, act, None);
        }
        date::may_be(&self.file().conn, day)?;
        let before = self.ahead;
        self.take_day(day);
        let mut told = act.clone();
        told.fields.insert("day".into(), day.to_string().into());
        told.note = Some(format!("本机日期是 {machine}，本次打开按所填日期办理"));
        let done = self.submit(operator, &told, None);
        if done.is_err() {
            self.ahead = before;
        }
        done
    }

    /// Units with points to be reviewed in the round that opened last: read off the counters, never off the points.
    fn with_reviews(&self) -> Result<Vec<(StreamId, i64)>, Fault> {
        let Some(round) = self.texts().policy.review.latest(self.today()) else {
            return Ok(Vec::new());
        };
        let mut statement = self.file().conn.prepare_cached(WITH_REVIEWS)?;
        let found = statement.query_map((REVIEW, round.due.to_string()), |row| {
            Ok((StreamId(row.get(0)?), row.get(1)?))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    fn lapses(&self) -> Result<Vec<Lapse>, Fault> {
        let conn = &self.file().conn;
        let (today, operator) = (self.today(), clock_operator());
        let mut statement = conn.prepare_cached(
            "SELECT s.stream, w.id FROM watch w JOIN stream s ON s.id = w.id WHERE w.day < ?1 ORDER BY w.day, w.id",
        )?;
        let watched: Vec<(StreamId, i64)> = statement
            .query_map([today.to_string()], |row| Ok((StreamId(row.get(0)?), row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let watched = watched.into_iter().chain(self.with_reviews()?);
        let world = LedgerWorld::looking(conn, self.texts(), &operator, self.letters(), today);
        let mut lapses = Vec::new();
        for (stream, id) in watched {
            let state = state_of(conn, id)?;
            lapses.extend(lapses_of(stream, &state, &world));
        }
        world.settle()?;
        Ok(lapses)
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
