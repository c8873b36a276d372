//! The wording of a holiday notice (国务院办公厅关于…年部分节假日安排的通知): days of rest, swapped working days.

use chrono::{Datelike, NaiveDate};

use super::gather::Gather;
use super::is_weekday;
use super::sentence::{Cursor, Sentence};
use crate::domain::day::weekday_cn;

/// Words without which a sentence arranges no day.
const ACTIONS: [&str; 6] = ["放假", "上班", "补休", "调休", "休息", "假期"];
/// A sentence is quoted up to here.
const QUOTED: usize = 60;

/// Why a sentence was given up.
enum Stuck {
    /// It is not understood.
    Unknown,
    /// It is, and what is wrong was said.
    Said,
}

/// Takes what these sentences arrange; what is not understood becomes a mistake.
pub(super) fn take(sentences: &[Sentence], year: i32, gather: &mut Gather) {
    let mut reader = Reader {
        year,
        gather,
        item: None,
        last: None,
    };
    for sentence in sentences {
        reader.sentence(sentence);
    }
    reader.close();
    if reader.last.is_none() && reader.gather.mistakes.is_empty() {
        reader.gather.say(1, "没有读到放假的安排，请贴上通知全文".into());
    }
}

/// The holiday whose paragraph this sentence begins, as in `一、元旦：…`, and a cursor behind it.
pub(super) fn heading(sentence: &Sentence) -> Option<(String, Cursor)> {
    let mut cursor = sentence.cursor();
    cursor.marker();
    let name = cursor.until("：")?;
    let holiday = |part: &str| {
        let part = part.strip_suffix("假期").unwrap_or(part);
        part.ends_with('节') || part.ends_with("纪念日") || matches!(part, "元旦" | "国庆" | "中秋" | "清明" | "端午")
    };
    name.split(['、', '和', '及']).all(holiday).then_some((name, cursor))
}

/// One holiday's paragraph.
struct Item {
    name: String,
    line: usize,
    spans: Vec<(NaiveDate, NaiveDate)>,
    /// 共N天, and where it says so.
    claims: Vec<(u32, usize)>,
    /// 与周末连休.
    joined: bool,
}

struct Reader<'g> {
    year: i32,
    gather: &'g mut Gather,
    item: Option<Item>,
    /// Year and month a day without month belongs to.
    last: Option<(i32, u32)>,
}

impl Reader<'_> {
    fn sentence(&mut self, sentence: &Sentence) {
        let mut cursor = match heading(sentence) {
            Some((name, cursor)) => {
                self.close();
                self.item = Some(Item {
                    name,
                    line: sentence.line(),
                    spans: Vec::new(),
                    claims: Vec::new(),
                    joined: false,
                });
                cursor
            }
            None => sentence.cursor(),
        };
        let text = sentence.text();
        let arranges = ACTIONS.iter().any(|word| text.contains(word)) && names_a_day(&text);
        cursor.marker();
        let lengthens = cursor.clone().eat("延长");
        // What stands before the first holiday is the preamble: principles and the names of the holidays.
        if !arranges || (self.item.is_none() && self.last.is_none() && !lengthens) {
            return;
        }
        if let Err(Stuck::Unknown) = self.clauses(&mut cursor) {
            let quoted: String = text.chars().take(QUOTED).collect();
            let more = if text.chars().count() > QUOTED { "…" } else { "" };
            self.gather
                .say(sentence.line(), format!("看不懂这一句：{quoted}{more}"));
        }
    }

    fn clauses(&mut self, cursor: &mut Cursor) -> Result<(), Stuck> {
        while !cursor.done() {
            let line = cursor.line();
            if cursor.eat("，") || cursor.eat("其中") {
                continue;
            }
            // 带薪年休假 and the like: advice to units, no day of rest.
            if cursor.eat("鼓励") {
                return Ok(());
            }
            if cursor.eat("延长") {
                self.lengthen(cursor)?;
            } else if cursor.eat_any(&["不调休", "无调休", "不需调休"]) {
                continue;
            } else if cursor.eat_any(&["与周末", "与周六", "与周日", "与双休日"]) {
                if !cursor.eat_any(&["连休", "相连", "连接"]) {
                    return Err(Stuck::Unknown);
                }
                self.joined(line)?;
            } else if let Some(days) = count(cursor) {
                let item = self.item.as_mut().ok_or(Stuck::Unknown)?;
                item.claims.push((days, line));
            } else {
                self.days(cursor)?;
            }
        }
        Ok(())
    }

    /// `1月28日（星期六）、1月29日（星期日）上班`, `4月4日至6日放假调休`, `5月2日（星期一）补休`.
    fn days(&mut self, cursor: &mut Cursor) -> Result<(), Stuck> {
        let line = cursor.line();
        let mut spans = vec![self.span(cursor)?];
        loop {
            let mut ahead = cursor.clone();
            if !ahead.eat_any(&["、", "和", "及", "，"]) {
                break;
            }
            match self.span(&mut ahead) {
                Ok(span) => spans.push(span),
                Err(Stuck::Unknown) => break,
                Err(Stuck::Said) => return Err(Stuck::Said),
            }
            *cursor = ahead;
        }
        if cursor.eat("起") {
            let back = cursor.eat_any(&["正常上班", "照常上班", "恢复上班", "恢复正常上班", "上班"]);
            return if back { Ok(()) } else { Err(Stuck::Unknown) };
        }
        if cursor.eat_any(&["正常上班", "照常上班", "上班"]) {
            for (from, to) in spans {
                for day in from.iter_days().take_while(|day| *day <= to) {
                    self.gather.work(day, line);
                }
            }
            return Ok(());
        }
        if !cursor.eat_any(&["放假调休", "调休放假", "放假", "调休", "补休", "休息"]) {
            return Err(Stuck::Unknown);
        }
        let item = self.item.as_mut().ok_or(Stuck::Unknown)?;
        for (from, to) in spans {
            if self.gather.rest(&item.name, from, to, line) {
                item.spans.push((from, to));
            }
        }
        let at = cursor.line();
        if let Some(days) = count(cursor) {
            item.claims.push((days, at));
        }
        Ok(())
    }

    /// `延长2020年春节假期至2月2日（农历正月初九，星期日）`.
    fn lengthen(&mut self, cursor: &mut Cursor) -> Result<(), Stuck> {
        let line = cursor.line();
        let mut dated = cursor.clone();
        if dated.number().is_some() && dated.eat("年") {
            *cursor = dated;
        }
        let name = cursor.until("假期至").ok_or(Stuck::Unknown)?;
        let day = self.day(cursor)?.0;
        self.gather.lengthen(&name, day, line);
        Ok(())
    }

    fn span(&mut self, cursor: &mut Cursor) -> Result<(NaiveDate, NaiveDate), Stuck> {
        let line = cursor.line();
        let (from, _) = self.day(cursor)?;
        if !cursor.eat_any(&["至", "到", "—", "-"]) {
            return Ok((from, from));
        }
        cursor.eat("—");
        let (mut to, dated) = self.day(cursor)?;
        if to < from && !dated {
            // 12月31日至1月2日.
            let next = NaiveDate::from_ymd_opt(to.year() + 1, to.month(), to.day());
            to = next.filter(|day| (*day - from).num_days() < 31).unwrap_or(to);
            self.last = Some((to.year(), to.month()));
        }
        if to < from {
            self.gather.say(line, format!("放假的止日 {to} 早于起日 {from}"));
            return Err(Stuck::Said);
        }
        Ok((from, to))
    }

    /// A day, and whether its year was written.
    fn day(&mut self, cursor: &mut Cursor) -> Result<(NaiveDate, bool), Stuck> {
        let line = cursor.line();
        let mut number = cursor.number().ok_or(Stuck::Unknown)?;
        let mut year = None;
        if cursor.eat("年") {
            year = i32::try_from(number).ok();
            number = cursor.number().ok_or(Stuck::Unknown)?;
        }
        let (year_of, month) = if cursor.eat("月") {
            let month = number;
            number = cursor.number().ok_or(Stuck::Unknown)?;
            let new_year = self.item.as_ref().is_some_and(|item| item.name.contains("元旦"));
            // The December of a 元旦 is the one before it.
            let plain = self.year - i32::from(new_year && month == 12);
            (year.unwrap_or(plain), month)
        } else {
            self.last.ok_or(Stuck::Unknown)?
        };
        if !cursor.eat_any(&["日", "号"]) {
            return Err(Stuck::Unknown);
        }
        let Some(day) = NaiveDate::from_ymd_opt(year_of, month, number) else {
            self.gather
                .say(line, format!("没有 {year_of}年{month}月{number}日 这一天"));
            return Err(Stuck::Said);
        };
        self.last = Some((year_of, month));
        if let Some(said) = weekday(cursor)?
            && !weekday_cn(day).ends_with(said)
        {
            let real = weekday_cn(day);
            self.gather.say(line, format!("{day} 是{real}，通知写的是周{said}"));
        }
        Ok((day, year.is_some()))
    }

    fn joined(&mut self, line: usize) -> Result<(), Stuck> {
        let item = self.item.as_mut().ok_or(Stuck::Unknown)?;
        item.joined = true;
        let (Some((from, _)), Some((_, to))) = (item.spans.first(), item.spans.last()) else {
            return Err(Stuck::Unknown);
        };
        let around = [from.pred_opt(), Some(*from), Some(*to), to.succ_opt()];
        if around.into_iter().flatten().all(is_weekday) {
            let reason = format!("{}前后没有周末，与“与周末连休”不符", item.name);
            self.gather.say(line, reason);
        }
        Ok(())
    }

    /// Checks the paragraph that has ended: that it gave days, and as many as it says.
    fn close(&mut self) {
        let Some(item) = self.item.take() else { return };
        let (Some((first, _)), Some((_, last))) = (item.spans.first(), item.spans.last()) else {
            let said = self.gather.mistakes.iter().any(|mistake| mistake.line >= item.line);
            if !said {
                self.gather.say(item.line, format!("没有读到{}放假的日子", item.name));
            }
            return;
        };
        let total: i64 = item.spans.iter().map(|(from, to)| (*to - *from).num_days() + 1).sum();
        let off = |day: &NaiveDate| !is_weekday(*day) || self.gather.rests(*day);
        let before = first.iter_days().rev().skip(1).take_while(off).count();
        let after = last.iter_days().skip(1).take_while(off).count();
        let joined = total + i64::try_from(before + after).unwrap_or_default();
        for (days, line) in item.claims {
            if i64::from(days) != total && !(item.joined && i64::from(days) == joined) {
                let reason = format!("{}写的是共 {days} 天，日期算来是 {total} 天", item.name);
                self.gather.say(line, reason);
            }
        }
    }
}

fn names_a_day(text: &str) -> bool {
    let day = |(at, _): (usize, &str)| text[..at].ends_with(|c: char| c.is_ascii_digit());
    text.match_indices('日').any(day) || text.match_indices('号').any(day)
}

/// `共3天`, `1天`.
fn count(cursor: &mut Cursor) -> Option<u32> {
    let mut ahead = cursor.clone();
    ahead.eat_any(&["共", "合计", "一共"]);
    let days = ahead.number()?;
    if !ahead.eat("天") {
        return None;
    }
    *cursor = ahead;
    Some(days)
}

/// The day of the week said beside a date: `（星期六）`, `（农历正月初七、周一）`, `周四`.
fn weekday(cursor: &mut Cursor) -> Result<Option<char>, Stuck> {
    let mut beside = cursor.clone();
    let said = |text: &str| {
        let rest = ["星期", "礼拜", "周"].iter().find_map(|word| text.strip_prefix(word))?;
        let day = rest.chars().next().filter(|c| "一二三四五六日天".contains(*c))?;
        Some(if day == '天' { '日' } else { day })
    };
    if beside.eat("（") {
        let inside = beside.until("）").ok_or(Stuck::Unknown)?;
        *cursor = beside;
        return Ok(inside.split(['、', '，']).find_map(said));
    }
    for word in ["星期", "礼拜", "周"] {
        for day in ["一", "二", "三", "四", "五", "六", "日", "天"] {
            if cursor.eat(&format!("{word}{day}")) {
                return Ok(said(&format!("{word}{day}")));
            }
        }
    }
    Ok(None)
}
