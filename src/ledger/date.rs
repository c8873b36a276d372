//! Whether the machine's date can be right: before the last act it is wrong, long after it somebody is asked first.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use super::project::fold::day;
use super::site::{self, Class};
use crate::domain::fault::{Fault, Refusal, Stop};

/// Days after the last act beyond which the machine's date is no longer taken as it is. Ours, not a norm.
const LONG: u64 = 30;

/// Why today's date is in doubt; `told` when it was given by hand.
pub fn doubt(conn: &Connection, today: NaiveDate, told: bool) -> Result<Option<Refusal>, Fault> {
    let Some(last) = last(conn)? else {
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

/// Refuses a day said by hand by which an office cannot go: before its last act. A rehearsal's clock is set by `--now`.
pub fn may_be(conn: &Connection, said: NaiveDate) -> Result<(), Stop> {
    if site::class(conn)? != Class::Office {
        return Err(Refusal::new("clock", "演练台账的日期用 --now 指定")
            .hint("请退出后加 --now 重新打开")
            .into());
    }
    match last(conn)? {
        Some(last) if said < last => {
            let reason = format!("所填日期 {said} 早于最后一次办理的日期 {last}");
            Err(Refusal::new("clock", reason).hint("请对照日历，写全年月日").into())
        }
        _ => Ok(()),
    }
}

/// The office day of the last act.
fn last(conn: &Connection) -> Result<Option<NaiveDate>, Fault> {
    let last: Option<String> = conn
        .prepare_cached("SELECT today FROM act WHERE seq = (SELECT max(seq) FROM act)")?
        .query_map([], |row| row.get(0))?
        .next()
        .transpose()?;
    last.as_deref().map(day).transpose()
}

const HINT: &str = "日期无误的，办理“核对日期”（do confirm_date --day 今天的日期）；有误的，先改正本机日期和时区";
