//! Next year's holiday notice, from a file of days or from its pasted wording (`domain.md` §2.12).
//!
//! ```text
//! toml: blocks of a calendar file ┐
//! json: {year, days:[{name,date,isOffDay}]} ├─► YearNotice ─► Calendar::with ─► text to be adopted
//! csv: date,kind,name             │
//! wording: 一、元旦：1月1日放假…  ┘
//! ```

use super::gather::Gather;
use super::sentence::sentences;
use super::{Calendar, YearNotice, fixed_days, rows, wording};
use crate::domain::mistake::Mistake;

/// Holidays every yearly notice names.
const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"];

/// How a notice is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `[[year]]` blocks, as in `calendar.toml`.
    Toml,
    /// `{"year", "days": [{"name", "date", "isOffDay"}]}`.
    Json,
    /// Columns `date,kind,name`.
    Csv,
    /// The sentences of the notice itself.
    Wording,
}

impl Form {
    /// The form of a file, by its name and, where that says nothing, by how it begins.
    pub fn of(file: &str, text: &str) -> Self {
        let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let begins = text.trim_start_matches('\u{feff}').trim_start();
        match ending.as_deref() {
            Some("toml") => Self::Toml,
            Some("json") => Self::Json,
            Some("csv") => Self::Csv,
            _ if begins.starts_with('{') => Self::Json,
            _ if begins.contains("[[year]]") => Self::Toml,
            _ => Self::Wording,
        }
    }
}

/// What the person who imports a notice says besides it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Name and number (文号) of the notice; wins over what the text says.
    pub title: Option<&'a str>,
    /// The year it is for.
    pub year: Option<i32>,
}

/// Reads a notice; `known` is the calendar it adds to, for notices that lengthen a holiday already arranged.
///
/// The error lists everything that is wrong or not understood, by line.
pub fn read(form: Form, text: &str, beside: Beside, known: &Calendar) -> Result<Vec<YearNotice>, Vec<Mistake>> {
    let notice = match form {
        Form::Toml => return Ok(Calendar::parse(text)?.notices().cloned().collect()),
        Form::Json => rows::json(text, beside),
        Form::Csv => rows::csv(text, beside),
        Form::Wording => worded(text, beside, known),
    };
    notice.map(|notice| vec![notice])
}

/// Completes what was gathered: its title, and that nothing every notice arranges is missing.
pub(super) fn complete(
    mut days: Gather,
    year: i32,
    whole: bool,
    title: Option<String>,
) -> Result<YearNotice, Vec<Mistake>> {
    if whole && days.mistakes.is_empty() {
        let missing: Vec<&str> = FESTIVALS.into_iter().filter(|name| !days.names(name)).collect();
        if !missing.is_empty() {
            let reason = format!("没有读到{}的安排，请给出全年的通知", missing.join("、"));
            days.say(1, reason);
        } else {
            let worked: Vec<_> = fixed_days(year).filter(|day| !days.rests(*day)).collect();
            for day in worked {
                days.say(1, format!("{day} 是法定节日，却没有放假"));
            }
        }
    }
    if title.is_none() {
        let reason = format!("没有 {year} 年通知的名称，请把标题一并给出，或另行写明通知名称（文号）");
        days.say(1, reason);
    }
    let (notice, mut mistakes) = days.finish();
    if mistakes.is_empty() {
        return Ok(YearNotice {
            confirmed: true,
            title,
            ..notice
        });
    }
    mistakes.sort();
    Err(mistakes)
}

fn worded(text: &str, beside: Beside, known: &Calendar) -> Result<YearNotice, Vec<Mistake>> {
    let sentences = sentences(text);
    let flat: String = sentences.iter().map(|sentence| sentence.text() + "。").collect();
    let Some(year) = beside.year.or_else(|| year_of(&flat)) else {
        let reason = "看不出是哪一年的通知，请把标题一并贴上".to_owned();
        return Err(vec![Mistake { line: 1, reason }]);
    };
    let whole = sentences.iter().any(|sentence| wording::heading(sentence).is_some());
    let earlier = known.year(year).filter(|_| !whole);
    let mut days = earlier.cloned().map_or_else(|| Gather::of(year), Gather::from);
    wording::take(&sentences, year, &mut days);
    let said = beside.title.map(str::to_owned).or_else(|| title_of(&flat, year));
    let title = match (earlier.and_then(|notice| notice.title.clone()), said) {
        (Some(earlier), Some(said)) => Some(format!("{earlier}；{said}")),
        (_, said) => said,
    };
    complete(days, year, whole, title)
}

/// The year a notice is for: `现将2026年元旦…`, `关于2026年部分节假日`, `延长2020年春节假期`.
fn year_of(flat: &str) -> Option<i32> {
    let after = |word: &str| {
        flat.match_indices(word).find_map(|(at, word)| {
            let rest = flat.get(at + word.len()..)?;
            let year = rest.get(..4)?.parse().ok()?;
            rest.get(4..)?.starts_with('年').then_some(year)
        })
    };
    ["现将", "关于", "关于延长", "延长"].into_iter().find_map(after)
}

/// The titles of that year's notices as they stand in the text, each once, with their numbers.
fn title_of(flat: &str, year: i32) -> Option<String> {
    let mut titles: Vec<String> = Vec::new();
    let mut rest = flat;
    while let Some(from) = rest.find("国务院办公厅关于") {
        rest = &rest[from..];
        let Some(to) = rest.find("的通知").map(|at| at + "的通知".len()) else {
            break;
        };
        let title = &rest[..to];
        if !title.contains('。') && title.contains(&format!("{year}年")) && !titles.iter().any(|t| t == title) {
            titles.push(title.to_owned());
        }
        rest = &rest[to..];
    }
    let numbers = numbers(flat);
    let numbered = |title: String| {
        // The yearly notice is issued the year before; one that lengthens a holiday in the year itself.
        let issued = year - i32::from(title.contains("节假日安排"));
        let number = numbers.iter().find(|number| number.contains(&format!("〔{issued}〕")));
        number.map_or(title.clone(), |number| format!("{title}（{number}）"))
    };
    let titles: Vec<String> = titles.into_iter().map(numbered).collect();
    (!titles.is_empty()).then(|| titles.join("；"))
}

/// Document numbers in a text, with the brackets they are printed with: `国办发明电〔2025〕7号`.
fn numbers(flat: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, word) in flat.match_indices("国办发") {
        let rest = &flat[at + word.len()..];
        let (kind, rest) = rest.strip_prefix("明电").map_or(("", rest), |rest| ("明电", rest));
        let mut inside = rest.chars();
        if !inside.next().is_some_and(|c| "〔[（【".contains(c)) {
            continue;
        }
        let year: String = inside.by_ref().take_while(char::is_ascii_digit).collect();
        let number: String = inside.by_ref().take_while(char::is_ascii_digit).collect();
        let written = format!("国办发{kind}〔{year}〕{number}号");
        if year.len() == 4 && !number.is_empty() && !found.contains(&written) {
            found.push(written);
        }
    }
    found
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
