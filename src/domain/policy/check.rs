//! Reading a policy to the end, and what its types do not say: deadlines the rules need, numbers that make sense.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use toml::de::{DeTable, DeValue};

use super::{NEEDED, Policy};
use crate::domain::mistake::{Mistake, line_of, read_toml};
use crate::domain::reading::{self, Placed, unknown};
use crate::domain::vocabulary::Instrument;

/// Longest period, and greatest count, anybody can mean.
const LONGEST: i64 = 1_000;
/// Numbers of which zero would switch a rule off silently.
const AT_LEAST_ONE: [&str; 5] = [
    "publicity_workdays",
    "aggregate_reports",
    "aggregate_days",
    "source_months",
    "version",
];
/// Tables whose keys the program knows, beyond what their type says.
pub(super) const CLOSED: [&str; 2] = ["deadline", "signer"];

pub(super) fn parse(text: &str) -> Result<Policy, Vec<Mistake>> {
    let (table, mut mistakes) = read_toml(text);
    let broken: BTreeSet<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
    let shipped = shipped();
    let stand_in = |path: &[String]| reading::at(&shipped, path).map(|value| value.get_ref().clone());
    let (policy, mut more) = reading::read::<Policy>(text, table.clone(), &stand_in);
    more.extend(numbers(text, table.get_ref()));
    more.extend(keys(text, table.get_ref(), &shipped));
    // What is wrong on a line that could not be read only follows from that.
    mistakes.extend(more.into_iter().filter(|mistake| !broken.contains(&mistake.line)));
    if let Some(policy) = &policy {
        mistakes.extend(policy.lacks(text, table.get_ref()));
    }
    mistakes.sort();
    mistakes.dedup();
    match policy {
        Some(policy) if mistakes.is_empty() => Ok(policy),
        _ => Err(mistakes),
    }
}

/// The shipped policy as a table with places in its text.
pub(super) fn shipped() -> DeTable<'static> {
    read_toml(Policy::shipped()).0.into_inner()
}

impl Policy {
    /// What the rules need and this policy has not; the whole file lacks it, so the line is its last.
    fn lacks(&self, text: &str, table: &DeTable) -> Vec<Mistake> {
        let end = text.lines().count().max(1);
        let mut found = Vec::new();
        let kinds = Instrument::ALL.iter().flat_map(|i| self.rules(*i).deadlines(*i));
        for key in NEEDED.iter().map(ToString::to_string).chain(kinds) {
            let Some(deadline) = self.deadline.get(&key) else {
                let reason = format!("缺少期限“{key}”，请在 [deadline] 下补上");
                found.push(Mistake { line: end, reason });
                continue;
            };
            let columns = deadline.yellow.is_some() && deadline.orange.is_some() && deadline.red.is_some();
            if deadline.days.is_none() && !columns {
                let reason = format!("期限“{key}”没有写天数：写 days，或写全 yellow、orange、red");
                let place = reading::at(table, &["deadline".to_owned(), key]).map(Placed::span);
                let line = place.map_or(end, |span| line_of(text, span.start));
                found.push(Mistake { line, reason });
            }
        }
        for (key, round) in self.review.rounds() {
            if round.due.of(2001) < round.opens.of(2001) {
                let path: Vec<String> = key.split('.').map(str::to_owned).collect();
                let line = reading::at(table, &path).map_or(end, |value| line_of(text, value.span().start));
                let reason = format!("“{key}”的 due 早于 opens，同一年内先 opens 后 due");
                found.push(Mistake { line, reason });
            }
        }
        for instrument in Instrument::ALL.iter().filter(|i| !self.instrument.contains_key(i)) {
            let (label, id) = (instrument.label(), instrument.id());
            let reason = format!("缺少“{label}”的规则，请补上 [instrument.{id}]");
            found.push(Mistake { line: end, reason });
        }
        found
    }
}

/// Numbers out of range, by the name of their key.
pub(super) fn numbers(text: &str, table: &DeTable) -> Vec<Mistake> {
    fn walk(text: &str, name: &str, value: &Placed, found: &mut Vec<Mistake>) {
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, inner) in table.iter() {
                    // `value = 5` is the value of the key above it.
                    let key = key.get_ref().as_ref();
                    walk(text, if key == "value" { name } else { key }, inner, found);
                }
            }
            DeValue::Integer(number) => {
                let range = range(name);
                let number: Option<i64> = number.as_str().parse().ok();
                if number.is_none_or(|number| !range.contains(&number)) {
                    let reason = format!("{name} 应在 {} 至 {} 之间", range.start(), range.end());
                    found.push(Mistake::at(text, value.span().start, reason));
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (key, value) in table.iter() {
        walk(text, key.get_ref(), value, &mut found);
    }
    found
}

fn range(name: &str) -> RangeInclusive<i64> {
    let least = i64::from(AT_LEAST_ONE.contains(&name));
    let most = match name {
        "version" => 1,
        _ if name.ends_with("percent") => 100,
        _ => LONGEST,
    };
    least..=most
}

/// Keys that no rule asks for, and words where the type says only text.
pub(super) fn keys(text: &str, table: &DeTable, shipped: &DeTable) -> Vec<Mistake> {
    let mut found = Vec::new();
    for name in CLOSED {
        let inner = |table: &DeTable| -> Vec<(String, usize)> {
            let keys = table.get(name).and_then(|value| value.get_ref().as_table());
            let keys = keys.into_iter().flat_map(|table| table.keys());
            keys.map(|key| (key.get_ref().to_string(), key.span().start)).collect()
        };
        let known = inner(shipped);
        for (key, at) in inner(table) {
            if !known.iter().any(|(one, _)| *one == key) {
                let reason = unknown(&key, known.iter().map(|(one, _)| one.as_str()));
                found.push(Mistake::at(text, at, reason));
            }
        }
    }
    found
}

/// An earlier version's text with the shipped values where it names none; `None` when it is no TOML at all.
pub fn completed(text: &str) -> Option<String> {
    let mut whole: toml::Table = toml::from_str(Policy::shipped()).ok()?;
    lay(&mut whole, toml::from_str(text).ok()?);
    toml::to_string(&whole).ok()
}

/// Lays values over those of the same name. A name nobody knows any more is passed over: whoever renames one here has
/// to carry its value along.
fn lay(onto: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (onto.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(more)) => lay(inner, more),
            (Some(known), value) => *known = value,
            (None, _) => {}
        }
    }
}
