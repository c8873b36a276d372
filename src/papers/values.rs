//! What a cell means: text cleaned, days, numbers and choices read as offices write them.
//!
//! Every reader answers with a value or with a reason in Chinese, for the list of faults.

use chrono::{Datelike, NaiveDate};

use crate::domain::sheet::Field;
use crate::domain::width::narrow;

use super::grid::{Cell, Kind, serial_day};

/// A value, or why the cell has none that can be taken.
pub type Read<T> = Result<T, String>;

/// The text of a cell that may be imported: no formula, no error value, no control characters; trimmed; line breaks
/// kept only where `lines` allows them.
pub fn text(cell: &Cell, lines: bool) -> Read<String> {
    match cell.kind {
        Kind::Formula => Err("是公式；请复制该格，用“选择性粘贴－数值”粘回后再导入".into()),
        Kind::Error => Err(format!("是错误值 {}，请改成正确内容", cell.text)),
        _ => clean(&cell.text, lines),
    }
}

/// Cleans text: blanks at the ends and invisible joints go, line ends become one kind, control characters are refused.
pub fn clean(raw: &str, lines: bool) -> Read<String> {
    let mut text = String::with_capacity(raw.len());
    let unified = raw.replace("\r\n", "\n");
    for c in unified.chars() {
        match c {
            '\r' | '\u{2028}' | '\u{2029}' | '\n' => text.push('\n'),
            '\t' | '\u{A0}' => text.push(' '),
            '\u{200B}' | '\u{FEFF}' | '\u{2060}' | '\u{AD}' => {}
            '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
                return Err("含有改变文字方向的隐藏字符，请在原处删去重打".into());
            }
            '\u{FFFD}' => return Err("含有无法辨认的字（�），请对照原件改正".into()),
            c if c.is_control() => {
                return Err(format!("含有控制字符（U+{:04X}），请在原处删去重打", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    let kept = if lines { trim_lines(&text) } else { one_line(&text) };
    Ok(kept)
}

fn trim_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// A line break inside a narrow cell is no blank in Chinese.
fn one_line(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for part in text.split('\n').map(str::trim).filter(|p| !p.is_empty()) {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(joined.chars().last()) && latin(part.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(part);
    }
    joined
}

/// Text folded for comparing: half-width, upper-case, without any blanks.
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}'))
        .map(half_width)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Full-width forms, as an input method leaves them, made plain.
pub fn half_width(c: char) -> char {
    match c {
        '。' => '.',
        '—' | '–' | '−' | '‐' => '-',
        c => narrow(c),
    }
}

/// Refuses what is longer than the field allows.
pub fn within(text: String, field: &Field) -> Read<String> {
    let (length, longest) = (text.chars().count(), field.longest());
    if length > longest {
        return Err(format!("有 {length} 字，最多 {longest} 字"));
    }
    Ok(text)
}

/// A day in any of the ways offices keep them; `later` allows days after `today`.
pub fn day(cell: &Cell, epoch_1904: bool, today: NaiveDate, later: bool) -> Read<NaiveDate> {
    let found = match cell.kind {
        Kind::Date(day) => day,
        Kind::Number(value) => numbered_day(value, epoch_1904)?,
        _ => written_day(&text(cell, false)?, epoch_1904)?,
    };
    if found.year() < 1900 || found.year() > 2199 {
        return Err(format!("年份 {} 不对，应在 1900 至 2199 之间", found.year()));
    }
    if found > today && !later {
        return Err(format!("{found} 在今天（{today}）之后"));
    }
    Ok(found)
}

/// A number where a day belongs: 20100901, or the serial number a spreadsheet keeps; 2010 and 2010.9 are no days.
fn numbered_day(value: f64, epoch_1904: bool) -> Read<NaiveDate> {
    if value.fract() == 0.0 && (19_000_101.0..22_000_000.0).contains(&value) {
        let number = value as i64;
        return civil(number / 10_000, number / 100 % 100, number % 100, &format!("{number}"));
    }
    if (1900.0..2200.0).contains(&value) {
        return Err("只有年份或年月，请写到日，如 2010-9-1".into());
    }
    // Serial numbers of 1950 to 2199; smaller ones are far more likely something else.
    serial_day(value, epoch_1904)
        .filter(|day| day.year() >= 1950)
        .ok_or_else(|| format!("“{value}”不是日期，请写成 2010-9-1 这样"))
}

fn written_day(text: &str, epoch_1904: bool) -> Read<NaiveDate> {
    let unknown = || format!("“{}”不是日期，请写成 2010-9-1 这样", short(text));
    let plain: String = text.chars().map(half_width).collect();
    // A time of day may follow; blanks inside 2010年 9月 1日 mean nothing.
    let plain = match plain.trim().split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') => day.to_owned(),
        _ => plain.split_whitespace().collect(),
    };
    if !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit()) {
        return numbered_day(plain.parse().map_err(|_| unknown())?, epoch_1904);
    }
    let plain: String = if plain.contains('年') {
        plain.chars().map(digit).collect()
    } else {
        plain
    };
    let plain = plain
        .trim_end_matches(['日', '号'])
        .replace(['年', '月', '.', '/'], "-");
    let parts: Vec<&str> = plain.split('-').collect();
    match parts.as_slice() {
        [year, _] | [year, _, ""] if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            Err("只有年份或年月，请写到日，如 2010-9-1".into())
        }
        [year, month, day] if year.len() == 4 => {
            let number =
                |text: &str| match text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty() && text.len() <= 4 {
                    true => text.parse::<i64>().ok(),
                    false => tens(text),
                };
            match (number(year), number(month), number(day)) {
                (Some(year), Some(month), Some(day)) => civil(year, month, day, text),
                _ => Err(unknown()),
            }
        }
        _ => Err(unknown()),
    }
}

/// 二〇一〇年九月一日: digits one by one; 十 is left for [`tens`].
fn digit(c: char) -> char {
    const DIGITS: &str = "〇一二三四五六七八九";
    match c {
        '零' | '○' => '0',
        c => DIGITS
            .chars()
            .position(|d| d == c)
            .and_then(|n| char::from_digit(n as u32, 10))
            .unwrap_or(c),
    }
}

/// A month or day with 十 in it, its other characters already digits: 十, 十2, 2十, 2十3.
fn tens(text: &str) -> Option<i64> {
    let (before, after) = text.split_once('十')?;
    let number = |text: &str, empty: i64| {
        if text.is_empty() {
            Some(empty)
        } else {
            text.parse().ok()
        }
    };
    Some(number(before, 1)? * 10 + number(after, 0)?)
}

fn civil(year: i64, month: i64, day: i64, text: &str) -> Read<NaiveDate> {
    let found = || {
        NaiveDate::from_ymd_opt(
            i32::try_from(year).ok()?,
            u32::try_from(month).ok()?,
            u32::try_from(day).ok()?,
        )
    };
    found().ok_or_else(|| format!("没有“{}”这一天", short(text)))
}

/// A whole number, not negative.
pub fn number(cell: &Cell) -> Read<i64> {
    let text: String = fold(&text(cell, false)?).replace(',', "");
    let whole = text.strip_suffix(".0").unwrap_or(&text);
    whole
        .parse()
        .ok()
        .filter(|n| *n >= 0)
        .ok_or_else(|| format!("“{}”不是整数", short(&text)))
}

/// 是 or 否, in the ways sheets tick things.
pub fn flag(cell: &Cell) -> Read<bool> {
    let text = text(cell, false)?;
    match fold(&text).as_str() {
        "是" | "有" | "对" | "√" | "✓" | "✔" | "☑" | "Y" | "YES" | "TRUE" | "1" => Ok(true),
        "否" | "无" | "不" | "不是" | "×" | "✗" | "✘" | "☐" | "X" | "N" | "NO" | "FALSE" | "0" => Ok(false),
        _ => Err(format!("“{}”看不出是或否，请填“是”或“否”", short(&text))),
    }
}

/// What stands outside and inside the first pair of brackets.
pub fn split_brackets(text: &str) -> (String, String) {
    let open = |c| matches!(c, '(' | '（' | '[' | '【' | '〔');
    let close = |c| matches!(c, ')' | '）' | ']' | '】' | '〕');
    let Some((outer, rest)) = text.split_once(open) else {
        return (text.trim().to_owned(), String::new());
    };
    let (inner, after) = rest.split_once(close).unwrap_or((rest, ""));
    (format!("{}{}", outer.trim(), after.trim()), inner.trim().to_owned())
}

/// Text for a message: no longer than needed to find it again, nothing in it that moves a cursor.
pub fn short(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(40)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read_day(cell: &Cell) -> Read<NaiveDate> {
        day(cell, false, date("2026-11-23"), false)
    }

    #[test]
    fn days_in_every_way_a_sheet_keeps_them() {
        for text in [
            "2010-09-01",
            "2010-9-1",
            "2010.9.1",
            "2010/9/1",
            "2010年9月1日",
            "2010年09月01号",
            "２０１０．９．１",
            "20100901",
            "2010-09-01 00:00:00",
            "2010-09-01T08:30:00",
            "2010/9/1 0:00",
            "40422",
            "二〇一〇年九月一日",
            "二○一○年九月一日",
            "2010年 9月 1日",
            "2010。9。1",
        ] {
            assert_eq!(read_day(&Cell::text(text)), Ok(date("2010-09-01")), "{text}");
        }
        assert_eq!(
            read_day(&Cell::text("二〇一〇年十二月二十三日")),
            Ok(date("2010-12-23"))
        );
        assert_eq!(read_day(&Cell::text("二〇一〇年十月十日")), Ok(date("2010-10-10")));
        for value in [40422.0, 40422.75, 20_100_901.0] {
            assert_eq!(
                read_day(&Cell::number(value, false, false)),
                Ok(date("2010-09-01")),
                "{value}"
            );
        }
        assert_eq!(
            read_day(&Cell::date(date("2026-11-23"))),
            Ok(date("2026-11-23")),
            "today is not the future"
        );
    }

    #[test]
    fn what_is_no_day_says_why() {
        for (text, says) in [
            ("2010-02-30", "没有“2010-02-30”这一天"),
            ("20101301", "没有“20101301”这一天"),
            ("2026-11-24", "之后"),
            ("2010年9月", "写到日"),
            ("2010", "写到日"),
            ("2010.9", "写到日"),
            ("10.9.1", "不是日期"),
            ("12", "不是日期"),
            ("长期", "不是日期"),
            ("-2", "不是日期"),
            ("0226-09-01", "年份"),
        ] {
            let reason = read_day(&Cell::text(text)).unwrap_err();
            assert!(reason.contains(says), "{text}: {reason}");
        }
        assert!(
            read_day(&Cell::number(2010.9, false, false))
                .unwrap_err()
                .contains("写到日")
        );
        assert!(
            read_day(&Cell {
                text: "2010-09-01".into(),
                kind: Kind::Formula
            })
            .unwrap_err()
            .contains("公式")
        );
        assert_eq!(
            day(&Cell::text("2030-01-01"), false, date("2026-11-23"), true),
            Ok(date("2030-01-01"))
        );
    }

    #[test]
    fn text_is_cleaned_or_refused() {
        assert_eq!(clean("  国库\r\n支付岗\u{3000} ", false).as_deref(), Ok("国库支付岗"));
        assert_eq!(clean("risk\npoint", false).as_deref(), Ok("risk point"));
        assert_eq!(clean("甲 \r\n\r\n乙\r", true).as_deref(), Ok("甲\n\n乙"));
        assert_eq!(clean("甲\u{200B}\u{FEFF}乙", true).as_deref(), Ok("甲乙"));
        assert!(clean("\u{1b}[2J", true).unwrap_err().contains("U+001B"));
        assert!(clean("甲\u{202E}乙", true).unwrap_err().contains("方向"));
        assert!(clean("甲\u{FFFD}", true).unwrap_err().contains("无法辨认"));
    }

    #[test]
    fn numbers_and_ticks() {
        assert_eq!(number(&Cell::text("１，２００")), Ok(1200));
        assert_eq!(number(&Cell::number(12.0, false, false)), Ok(12));
        assert!(number(&Cell::text("12.5")).is_err());
        assert!(number(&Cell::text("-1")).is_err());
        assert_eq!(flag(&Cell::text("√")), Ok(true));
        assert_eq!(flag(&Cell::bool(false)), Ok(false));
        assert!(flag(&Cell::text("可能")).is_err());
    }

    proptest! {
        #[test]
        fn no_cell_panics(text in "\\PC{0,20}", value in any::<f64>(), as_day in any::<bool>()) {
            for cell in [Cell::text(text.clone()), Cell::number(value, as_day, false), Cell::number(value, as_day, true)] {
                let _ = read_day(&cell);
                let _ = number(&cell);
                let _ = flag(&cell);
            }
            let _ = clean(&text, true);
            let _ = split_brackets(&text);
        }

        #[test]
        fn dates_never_panic(text in "[-0-9.年月日/十二〇 ]{0,14}") {
            let _ = read_day(&Cell::text(text));
        }
    }
}
