//! Whether the machine's date can be right: before the last act it is wrong, long after it somebody is asked first.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::project::fold::day;
use super::site::{self, Class};
use crate::domain::fault::{Fault, Refusal};

/// Days after the last act beyond which the machine's date is no longer taken as it is. Ours, not a norm.
const LONG: u64 = 30;

/// Why today's date is in doubt; `told` when it was given by hand.
pub fn doubt(conn: &Connection, today: NaiveDate, told: bool) -> Result<Option<Refusal>, Fault> {
    let last: Option<String> = conn
        .prepare_cached("SELECT today FROM act WHERE seq = (SELECT max(seq) FROM act)")?
        .query_map([], |row| row.get(0))?
        .next()
        .transpose()?;
    let Some(last) = last.as_deref().map(day).transpose()? else {
        return Ok(None);
    };
    if today < last {
        let reason = format!("本机日期 {today} 早于最后一次办理的日期 {last}");
        return Ok(Some(Refusal::new("clock", reason).hint(HINT)));
    }
    let long = last
        .checked_add_days(Days::new(LONG))
        .is_some_and(|until| until < today);
    if long && !told && site::class(conn)? == Class::Office {
        let reason = format!("本机日期是 {today}，距最后一次办理（{last}）已超过 {LONG} 天，请先核对日期");
        return Ok(Some(Refusal::new("clock", reason).hint(HINT)));
    }
    Ok(None)
}

const HINT: &str = "日期无误的，办理“核对日期”（do confirm_date --day 今天的日期）；有误的，先改正本机日期和时区";
