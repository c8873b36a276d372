//! TOML files an office may edit, read to the end: each wrong value is named with its line, something that fits stands
//! in for it, and reading goes on, so that one look at the list mends the whole file.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::mistake::Mistake;

/// Places a file can be wrong in before reading gives up.
const MOST: usize = 500;
/// How alike two words must be for one to be offered instead of the other.
const ALIKE: f64 = 0.55;
/// Choices listed in a sentence; with more only the likeliest is named.
const LISTED: usize = 8;

/// A value with its place in the text.
pub type Placed<'t> = Spanned<DeValue<'t>>;

/// What fits where something is wrong or missing, by the path from the top; none = leave it out.
pub type StandIn<'f, 't> = &'f dyn Fn(&[String]) -> Option<DeValue<'t>>;

/// Reads a table as `T`; the mistakes are in the order in which they were met. The value is there unless reading had
/// to give up, and means something only when there are no mistakes.
pub fn read<'t, T: DeserializeOwned>(
    text: &str,
    mut table: Spanned<DeTable<'t>>,
    stand_in: StandIn<'_, 't>,
) -> (Option<T>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    while mistakes.len() < MOST {
        let error = match T::deserialize(Deserializer::from(table.clone())) {
            Ok(read) => return (Some(read), mistakes),
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        let found = place(table.get_ref(), &span, &mut Vec::new());
        let path = found.clone().unwrap_or_default();
        mistakes.push(Mistake::at(text, span.start, in_chinese(error.message(), &path)));
        let mended = match quoted(error.message(), "missing field ") {
            Some(field) => fill(table.get_mut(), &path, field, stand_in),
            None => found.is_some_and(|path| replace(table.get_mut(), &path, stand_in(&path))),
        };
        if !mended {
            break;
        }
    }
    (None, mistakes)
}

/// The value at a path.
pub fn at<'v, 't>(table: &'v DeTable<'t>, path: &[String]) -> Option<&'v Placed<'t>> {
    let (first, rest) = path.split_first()?;
    let mut value = table.get(first.as_str())?;
    for step in rest {
        value = match value.get_ref() {
            DeValue::Table(inner) => inner.get(step.as_str())?,
            DeValue::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// The likeliest of some words instead of `word`, if one is near.
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let alike = |other: &str| strsim::normalized_damerau_levenshtein(word, other);
    let rated = words.into_iter().map(|other| (alike(other), other));
    rated
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

/// `不认识“x”`, with the likeliest of the words known here, or with all of them when they are few.
pub fn unknown<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = nearest(word, known.iter().copied()).map(|near| format!("，是不是“{near}”"));
    let all = (known.len() <= LISTED).then(|| format!("，这里只可写 {}", known.join("、")));
    let hint = near.or(all).unwrap_or_default();
    format!("不认识“{word}”{hint}")
}

/// The path of the key or value that stands at a place.
fn place(table: &DeTable, span: &Range<usize>, path: &mut Vec<String>) -> Option<Vec<String>> {
    if span.is_empty() {
        return None;
    }
    for (key, value) in table.iter() {
        path.push(key.get_ref().to_string());
        if key.span() == *span || value.span() == *span {
            return Some(path.clone());
        }
        if let Some(found) = within(value, span, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}

fn within(value: &Placed, span: &Range<usize>, path: &mut Vec<String>) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::Table(inner) => place(inner, span, path),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(at, item)| {
            path.push(at.to_string());
            let found = if item.span() == *span {
                Some(path.clone())
            } else {
                within(item, span, path)
            };
            path.pop();
            found
        }),
        _ => None,
    }
}

/// Puts a value in the place of another, or takes the other out.
fn replace<'t>(table: &mut DeTable<'t>, path: &[String], value: Option<DeValue<'t>>) -> bool {
    let Some((last, above)) = path.split_last() else {
        return false;
    };
    match (inside(table, above), value) {
        (Some(Inside::Table(table)), Some(value)) => match table.get_mut(last.as_str()) {
            Some(slot) => *slot = unplaced(value),
            None => return false,
        },
        (Some(Inside::Table(table)), None) => return table.remove(last.as_str()).is_some(),
        (Some(Inside::Array(value_of)), value) => {
            let DeValue::Array(items) = value_of else { return false };
            let Some(at) = last.parse::<usize>().ok().filter(|at| *at < items.len()) else {
                return false;
            };
            let kept = items.clone().into_iter().enumerate();
            *items = kept
                .filter_map(|(place, item)| match (place == at, &value) {
                    (false, _) => Some(item),
                    (true, Some(value)) => Some(unplaced(value.clone())),
                    (true, None) => None,
                })
                .collect();
        }
        (None, _) => return false,
    }
    true
}

/// Adds a field that was missing.
fn fill<'t>(table: &mut DeTable<'t>, path: &[String], field: &str, stand_in: StandIn<'_, 't>) -> bool {
    let mut whole = path.to_vec();
    whole.push(field.to_owned());
    let Some(value) = stand_in(&whole) else { return false };
    match inside(table, path) {
        Some(Inside::Table(table)) => {
            table.insert(Spanned::new(0..0, field.to_owned().into()), unplaced(value));
            true
        }
        _ => false,
    }
}

enum Inside<'v, 't> {
    Table(&'v mut DeTable<'t>),
    Array(&'v mut DeValue<'t>),
}

fn inside<'v, 't>(table: &'v mut DeTable<'t>, path: &[String]) -> Option<Inside<'v, 't>> {
    let Some((first, rest)) = path.split_first() else {
        return Some(Inside::Table(table));
    };
    let mut value = table.get_mut(first.as_str())?.get_mut();
    for step in rest {
        value = match value {
            DeValue::Table(inner) => inner.get_mut(step.as_str())?.get_mut(),
            DeValue::Array(items) => items.get_mut(step.parse::<usize>().ok()?)?.get_mut(),
            _ => return None,
        };
    }
    match value {
        DeValue::Table(inner) => Some(Inside::Table(inner)),
        array @ DeValue::Array(_) => Some(Inside::Array(array)),
        _ => None,
    }
}

/// A value without a place in the text.
pub fn unplaced(value: DeValue<'_>) -> Placed<'_> {
    let bare = match value {
        DeValue::Table(table) => {
            let mut out = DeTable::new();
            for (key, value) in table {
                out.insert(Spanned::new(0..0, key.into_inner()), unplaced(value.into_inner()));
            }
            DeValue::Table(out)
        }
        DeValue::Array(items) => DeValue::Array(items.into_iter().map(|item| unplaced(item.into_inner())).collect()),
        plain => plain,
    };
    Spanned::new(0..0, bare)
}

/// The word in backticks after `before` in a message.
fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    let rest = message.strip_prefix(before)?.strip_prefix('`')?;
    rest.split_once('`').map(|(word, _)| word)
}

/// The words in backticks after `expected`.
fn expected(message: &str) -> Vec<&str> {
    let list = message.split_once(", expected").map_or("", |(_, list)| list);
    list.split('`').skip(1).step_by(2).collect()
}

/// A sentence for what the deserializer says; `path` is where it stands.
fn in_chinese(message: &str, path: &[String]) -> String {
    if let Some(word) = quoted(message, "unknown field ").or_else(|| quoted(message, "unknown variant ")) {
        return unknown(word, expected(message));
    }
    if let Some(field) = quoted(message, "missing field ") {
        let of = match path {
            [] => String::new(),
            [.., list, at] if at.parse::<usize>().is_ok() => {
                format!("{list} 第 {} 段", at.parse::<usize>().unwrap_or_default() + 1)
            }
            [.., name] => format!("“{name}”"),
        };
        return format!("{of}缺少 {field}{}", meant(field));
    }
    let name = path.iter().rev().find(|step| step.parse::<usize>().is_err());
    let name = name.map_or("这里", String::as_str);
    if let Some(rest) = message.strip_prefix("invalid value: integer `") {
        let number = rest.split('`').next().unwrap_or_default();
        return format!("{name} 的数值 {number} 超出范围");
    }
    if message == "wanted string or table" {
        return format!("{name} 应是引号里的文字");
    }
    if let Some((found, wanted)) = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return format!("{name} 应是{}，写成了{}", wanted_cn(wanted), found_cn(found));
    }
    format!("{name} 写法有误（{message}）")
}

/// What a field is for, where the key alone does not say it.
fn meant(field: &str) -> &'static str {
    match field {
        "unit" => "（wd 工作日、cd 自然日、month 月）",
        "owner" => "（subject 对象办理、office 本办办理）",
        "source" => "（来源）",
        "label" => "（名称）",
        "prefix" => "（编号代字）",
        "title" => "（作标题的字段）",
        "type" => "（字段类型）",
        "field" => "（至少一个 [[field]] 段）",
        _ => "",
    }
}

fn wanted_cn(wanted: &str) -> &str {
    match wanted {
        "a boolean" => " true 或 false（不加引号）",
        "a sequence" => "方括号里的列表",
        w if w.starts_with(['i', 'u']) && w[1..].parse::<u8>().is_ok() || w == "usize" => "整数（不加引号）",
        w if w.contains("string") => "引号里的文字",
        w if w.starts_with("struct") || w.contains("map") => "花括号里的一组“名称 = 值”",
        w if w.starts_with("a tuple") => "两个一组的列表",
        other => other,
    }
}

fn found_cn(found: &str) -> String {
    let inside = |from: &str| {
        found
            .strip_prefix(from)
            .map(|rest| rest.trim_matches(['`', '"']).to_owned())
    };
    inside("string ")
        .map(|text| format!("文字“{text}”"))
        .or_else(|| inside("integer ").map(|number| format!("数字 {number}")))
        .or_else(|| inside("floating point ").map(|number| format!("小数 {number}")))
        .or_else(|| inside("boolean ").map(|word| format!(" {word}")))
        .unwrap_or_else(|| match found {
            "sequence" => "列表".to_owned(),
            "map" => "一组值".to_owned(),
            other => other.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Deserialize;

    use super::*;
    use crate::domain::mistake::read_toml;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Yellow,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        name: String,
        #[serde(default)]
        days: Option<u8>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        count: u32,
        on: bool,
        #[serde(default)]
        colours: Vec<Colour>,
        #[serde(default)]
        part: Vec<Part>,
    }

    fn read_whole(text: &str) -> (Option<Whole>, Vec<String>) {
        let (table, broken) = read_toml(text);
        assert_eq!(broken, []);
        let stand_in = |path: &[String]| match path.last()?.as_str() {
            "count" => Some(DeValue::Integer(Default::default())),
            "on" => Some(DeValue::Boolean(false)),
            "name" => Some(DeValue::String("x".into())),
            _ => None,
        };
        let (whole, mistakes) = read(text, table, &stand_in);
        (whole, mistakes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_mistake_of_every_kind_is_named_with_its_line() {
        let text = "coun = 3\non = \"yes\"\ncolours = [\"red\", \"yelow\", 4]\n\n[[part]]\nname = \"a\"\ndays = 999\n\n\
                    [[part]]\nday = 3\n\n[[part]]\nname = 5\ndays = [1]\n";
        let (whole, mistakes) = read_whole(text);
        let mut lines = mistakes.clone();
        lines.sort_by_key(|m| m.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()));
        assert_eq!(
            lines,
            [
                "第 1 行：不认识“coun”，是不是“count”",
                "第 1 行：缺少 count",
                "第 2 行：on 应是 true 或 false（不加引号），写成了文字“yes”",
                "第 3 行：不认识“yelow”，是不是“yellow”",
                "第 3 行：colours 应是引号里的文字",
                "第 7 行：days 的数值 999 超出范围",
                "第 9 行：part 第 2 段缺少 name",
                "第 10 行：不认识“day”，是不是“days”",
                "第 13 行：name 应是引号里的文字，写成了数字 5",
                "第 14 行：days 应是整数（不加引号），写成了列表",
            ]
        );
        assert!(whole.is_some(), "it was read to the end");
    }

    #[test]
    fn what_is_right_is_read_and_nothing_said() {
        let (whole, mistakes) = read_whole("count = 1\non = true\n[[part]]\nname = \"a\"\n");
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(whole.unwrap().part.len(), 1);
    }

    #[test]
    fn few_choices_are_listed_and_a_far_word_has_no_neighbour() {
        assert_eq!(unknown("zzz", ["red", "yellow"]), "不认识“zzz”，这里只可写 red、yellow");
        assert_eq!(
            nearest("warning.rectfy", ["warning.plan", "warning.rectify"]),
            Some("warning.rectify")
        );
        let many: Vec<String> = (0..20).map(|n| format!("name{n}xxxxxxxx")).collect();
        assert_eq!(unknown("q", many.iter().map(String::as_str)), "不认识“q”");
    }
}
