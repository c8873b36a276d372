//! A district's changes, laid over the shipped policy value by value.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Policy;
use super::check::{self, CLOSED};
use crate::domain::mistake::{Mistake, read_toml};
use crate::domain::reading::{self, Placed, unplaced};

/// Columns of a deadline's length.
const COLUMNS: [&str; 3] = ["yellow", "orange", "red"];
/// Order of the values of one entry, as in the shipped file.
const ORDER: [&str; 9] = [
    "label", "value", "days", "yellow", "orange", "red", "unit", "owner", "acts",
];
/// The word for a value the district decided.
const DISTRICT: &str = "district";

impl Policy {
    /// The whole text of the shipped policy with a district's values in it, each marked with the source `district`.
    ///
    /// The district's file holds only what it changes. The error lists every mistake in it by line.
    pub fn overlay(district: &str) -> Result<String, Vec<Mistake>> {
        let (table, mistakes) = read_toml(district);
        let shipped = check::shipped();
        let bare = unplaced(DeValue::Table(shipped.clone())).into_inner();
        let DeValue::Table(merged) = bare else {
            return Err(mistakes);
        };
        let mut laying = Laying {
            text: district,
            mistakes: Vec::new(),
            changed: BTreeMap::new(),
        };
        let mut merged = merged;
        laying.table(table.get_ref(), &mut merged, &mut Vec::new());
        let Laying {
            mistakes: more,
            changed,
            ..
        } = laying;
        let stand_in = |path: &[String]| reading::at(&shipped, path).map(|value| value.get_ref().clone());
        let (_, wrong) = reading::read::<Self>(district, Spanned::new(0..0, merged), &stand_in);
        let broken: BTreeSet<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        let follow = more
            .into_iter()
            .chain(wrong)
            .chain(check::numbers(district, table.get_ref()))
            .chain(check::keys(district, table.get_ref(), &shipped));
        let mut mistakes: Vec<Mistake> = mistakes
            .into_iter()
            .chain(follow.filter(|mistake| !broken.contains(&mistake.line)))
            .collect();
        mistakes.sort();
        mistakes.dedup();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let text = written(&shipped, &changed);
        // The merged text is what will be adopted: it has to read.
        Self::parse(&text).map(|_| text)
    }

    /// What a district changed in an effective policy, as the text of a `policy.toml`; empty when nothing.
    pub fn changes(effective: &str) -> String {
        let (table, _) = read_toml(effective);
        let list = table.get_ref().get(DISTRICT).and_then(|list| list.get_ref().as_array());
        let mut text = String::new();
        for path in list.into_iter().flatten().filter_map(|path| path.get_ref().as_str()) {
            if let Some(value) = reading::at(table.get_ref(), &steps(path)) {
                text.push_str(&format!("{path} = {}\n", inline(value.get_ref())));
            }
        }
        text
    }

    /// Where two policies differ: path, the value in the first, the value in the second.
    pub fn differences(before: &str, after: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let entries = |text: &str| {
            let mut found = BTreeMap::new();
            entries(read_toml(text).0.get_ref(), &mut Vec::new(), &mut found);
            found.remove(DISTRICT);
            found
        };
        let (before, after) = (entries(before), entries(after));
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let both = paths
            .into_iter()
            .map(|path| (path.clone(), before.get(path).cloned(), after.get(path).cloned()));
        both.filter(|(_, before, after)| before != after).collect()
    }
}

struct Laying<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
    /// Path → the whole entry as it stands now.
    changed: BTreeMap<Vec<String>, DeValue<'t>>,
}

impl<'t> Laying<'t> {
    fn table(&mut self, district: &DeTable<'t>, merged: &mut DeTable<'t>, path: &mut Vec<String>) {
        for (key, value) in district.iter() {
            let name = key.get_ref().to_string();
            let known = merged.get(name.as_str()).map(|value| value.get_ref().clone());
            path.push(name.clone());
            let closed = path.len() == 2 && CLOSED.contains(&path[0].as_str());
            match (known, value.get_ref()) {
                _ if path[..] == [DISTRICT] => {
                    self.say(key.span().start, "district 由程序填写，请去掉这一行");
                }
                // Said by `check::keys`.
                (None, _) if closed => {}
                (Some(DeValue::Table(entry)), _) if entry.contains_key("source") => {
                    self.entry(value, entry, merged, path);
                }
                (Some(DeValue::Table(mut inner)), DeValue::Table(changes)) => {
                    self.table(changes, &mut inner, path);
                    merged.insert(key.clone(), Spanned::new(0..0, DeValue::Table(inner)));
                }
                (None, DeValue::Table(given)) if given.contains_key("value") => {
                    self.entry(value, DeTable::new(), merged, path);
                }
                (known, _) => {
                    if known.is_none_or(|known| inline(&known) != inline(value.get_ref())) {
                        self.changed.insert(path.clone(), value.get_ref().clone());
                    }
                    // Under the district's own key, so that an unknown one is found in its text.
                    merged.remove(name.as_str());
                    merged.insert(key.clone(), value.clone());
                }
            }
            path.pop();
        }
    }

    /// A number or a deadline that names its source.
    fn entry(&mut self, given: &Placed<'t>, entry: DeTable<'t>, merged: &mut DeTable<'t>, path: &[String]) {
        let name = path.last().cloned().unwrap_or_default();
        let mut now = entry.clone();
        match given.get_ref() {
            DeValue::Table(fields) => {
                let lengths = fields
                    .keys()
                    .any(|key| key.get_ref() == "days" || COLUMNS.contains(&key.get_ref().as_ref()));
                if lengths && entry.contains_key("unit") && !fields.contains_key("unit") {
                    let reason = format!("改“{name}”的天数须同时写明 unit（wd 工作日、cd 自然日、month 月）");
                    self.say(given.span().start, reason);
                }
                if fields.contains_key("days") && !COLUMNS.iter().any(|column| fields.contains_key(*column)) {
                    COLUMNS.iter().for_each(|column| drop(now.remove(*column)));
                }
                for (key, value) in fields.iter() {
                    if key.get_ref() == "source" {
                        if value.get_ref().as_str() != Some(DISTRICT) {
                            self.say(value.span().start, "本区的改动一律注明 district，source 不必写");
                        }
                        continue;
                    }
                    now.remove(key.get_ref().as_ref());
                    now.insert(key.clone(), value.clone());
                }
            }
            // `publicity_workdays = 7`.
            plain if entry.contains_key("value") => {
                now.insert(
                    Spanned::new(0..0, "value".into()),
                    Spanned::new(given.span(), plain.clone()),
                );
            }
            _ => {
                let own = |key: &&str| !["source", "label", "owner"].contains(key);
                let fields = entry.keys().map(|key| key.get_ref().as_ref()).filter(own);
                let fields: Vec<String> = fields.map(|key| format!("{key} = …")).collect();
                return self.say(
                    given.span().start,
                    format!("{name} 应写成 {{ {} }} 的样子", fields.join(", ")),
                );
            }
        }
        if inline(&DeValue::Table(now.clone())) == inline(&DeValue::Table(entry)) {
            return;
        }
        let source = unplaced(DeValue::String(DISTRICT.into()));
        now.insert(Spanned::new(0..0, "source".into()), source);
        self.changed.insert(path.to_vec(), DeValue::Table(now.clone()));
        merged.insert(
            Spanned::new(0..0, name.into()),
            Spanned::new(given.span(), DeValue::Table(now)),
        );
    }

    fn say(&mut self, at: usize, reason: impl Into<String>) {
        self.mistakes.push(Mistake::at(self.text, at, reason));
    }
}

/// The shipped text with the changed entries in their places, and the list of their paths.
fn written(shipped: &DeTable, changed: &BTreeMap<Vec<String>, DeValue>) -> String {
    let mut text = Policy::shipped().to_owned();
    if changed.is_empty() {
        return text;
    }
    // From the end, so that the places before stay where they are.
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for (path, value) in changed {
        match (reading::at(shipped, path), path.split_last()) {
            (Some(old), _) => edits.push((old.span().start, old.span().end, inline(value))),
            (None, Some((key, above))) => {
                let header = reading::at(shipped, above).map_or(0, |table| table.span().end);
                let at = text[header..].find('\n').map_or(text.len(), |end| header + end + 1);
                edits.push((at, at, format!("{} = {}\n", bare_or_quoted(key), inline(value))));
            }
            (None, None) => {}
        }
    }
    let list: Vec<String> = changed.keys().map(|path| quoted(&dotted(path))).collect();
    let top = shipped.get_key_value("version").map_or(0, |(key, _)| key.span().start);
    let head = format!(
        "# 本区改动的各项（source = \"district\"）\ndistrict = [{}]\n",
        list.join(", ")
    );
    edits.push((top, top, head));
    edits.sort();
    for (from, to, with) in edits.into_iter().rev() {
        text.replace_range(from..to, &with);
    }
    text
}

/// All entries by path; a table that names its source is one entry.
fn entries(table: &DeTable, path: &mut Vec<String>, found: &mut BTreeMap<String, String>) {
    for (key, value) in table.iter() {
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) if !inner.contains_key("source") => entries(inner, path, found),
            whole => drop(found.insert(dotted(path), inline(whole))),
        }
        path.pop();
    }
}

/// A value as it stands behind an equals sign.
fn inline(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item.get_ref())).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(table) => {
            let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
            let mut fields: Vec<(&str, String)> = table
                .iter()
                .map(|(key, value)| (key.get_ref().as_ref(), inline(value.get_ref())))
                .collect();
            fields.sort_by_key(|(key, _)| (place(key), *key));
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(key, value)| format!("{} = {value}", bare_or_quoted(key)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn bare_or_quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

fn dotted(path: &[String]) -> String {
    let keys: Vec<String> = path.iter().map(|key| bare_or_quoted(key)).collect();
    keys.join(".")
}

/// The keys of a dotted path.
fn steps(dotted: &str) -> Vec<String> {
    let line = format!("{dotted} = 0");
    let (table, _) = read_toml(&line);
    let mut steps = Vec::new();
    let mut inner = Some(table.get_ref());
    while let Some((key, value)) = inner.and_then(|table| table.iter().next()) {
        steps.push(key.get_ref().to_string());
        inner = value.get_ref().as_table();
    }
    steps
}

#[cfg(test)]
#[path = "overlay_tests.rs"]
mod tests;
