//! The names under which a sheet may carry a field: ids, labels, aliases, and what people write around them.

use std::collections::HashMap;

use crate::domain::policy::Policy;
use crate::domain::sheet::Sheet;

use super::values::{fold, split_brackets};

/// A field or one of the columns every register has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Field(usize),
    Code,
    Version,
    Ignored,
}

/// The header names of a register.
pub struct Names<'s> {
    pub(super) sheet: &'s Sheet,
    slots: HashMap<String, Vec<(u8, Slot)>>,
}

impl<'s> Names<'s> {
    /// Collects ids, labels and aliases; the stronger a name, the smaller its number.
    pub fn new(sheet: &'s Sheet, policy: &Policy) -> Self {
        let mut this = Self {
            sheet,
            slots: HashMap::new(),
        };
        let from_policy = |id: &str| policy.aliases.get(id).map(Vec::as_slice).unwrap_or_default();
        for (i, field) in sheet.fields.iter().enumerate() {
            this.add(0, [field.id.as_str(), &field.label], Slot::Field(i));
            this.add(1, field.aliases.iter().map(String::as_str), Slot::Field(i));
            this.add(2, from_policy(&field.id).iter().map(String::as_str), Slot::Field(i));
        }
        for (id, slot) in [
            ("code", Slot::Code),
            ("version", Slot::Version),
            ("ignored", Slot::Ignored),
        ] {
            this.add(1, [id], slot);
            this.add(2, from_policy(id).iter().map(String::as_str), slot);
        }
        this.add(2, [super::errors::HEADER], Slot::Ignored);
        this
    }

    fn add<'n>(&mut self, strength: u8, names: impl IntoIterator<Item = &'n str>, slot: Slot) {
        for name in names {
            self.slots.entry(fold(name)).or_default().push((strength, slot));
        }
    }

    /// A field named on the command line, by id or Chinese name; `None` also for those no sheet may state.
    pub fn field(&self, name: &str) -> Option<usize> {
        let found = self.exact(&fold(name)).into_iter().find_map(|(_, slot)| match slot {
            Slot::Field(i) => Some(i),
            _ => None,
        })?;
        let field = self.sheet.fields.get(found)?;
        field.importable().then_some(found)
    }

    pub(super) fn exact(&self, key: &str) -> Vec<(u8, Slot)> {
        let mut found = self.slots.get(key).cloned().unwrap_or_default();
        found.sort_by_key(|(strength, _)| *strength);
        found
    }

    /// What a header may mean, strongest first.
    pub(super) fn read(&self, header: &str) -> Vec<(u8, Slot)> {
        let (outer, inner) = split_brackets(header);
        let outer = if fold(&outer).is_empty() { inner } else { outer };
        let plain = |text: &str| {
            let key = fold(text);
            let found = self.exact(&key);
            if found.is_empty() {
                self.exact(&bare(&key)).into_iter().map(|(_, s)| (3, s)).collect()
            } else {
                found
            }
        };
        let found = plain(&outer);
        if !found.is_empty() {
            return found;
        }
        // A combination counts when its first part does.
        let parts: Vec<Vec<(u8, Slot)>> = combined(&outer).iter().map(|part| plain(part)).collect();
        match parts.first() {
            Some(first) if !first.is_empty() => parts.concat().into_iter().map(|(_, slot)| (4, slot)).collect(),
            _ => Vec::new(),
        }
    }

    /// The field whose names have most characters in common with a header; empty when none comes near.
    pub(super) fn nearest(&self, header: &str) -> String {
        let wanted = fold(header);
        let likeness = |name: &str| {
            let common = name.chars().filter(|c| wanted.contains(*c)).count();
            200 * common / (name.chars().count() + wanted.chars().count()).max(1)
        };
        let best = self
            .slots
            .iter()
            .flat_map(|(name, slots)| slots.iter().map(move |(_, slot)| (likeness(name), slot)))
            .filter_map(|(score, slot)| match slot {
                Slot::Field(i) => self
                    .sheet
                    .fields
                    .get(*i)
                    .filter(|f| f.importable())
                    .map(|f| (score, *i, f)),
                _ => None,
            })
            .max_by_key(|(score, i, _)| (*score, std::cmp::Reverse(*i)));
        best.filter(|(score, ..)| *score >= 50)
            .map(|(_, _, f)| f.id.clone())
            .unwrap_or_default()
    }
}

/// Words around a header's name that do not change what the column holds.
fn bare(key: &str) -> String {
    let mut key = key.to_owned();
    for word in [
        "廉政",
        "廉能",
        "廉洁",
        "主要",
        "存在的",
        "存在",
        "具体",
        "拟定",
        "相应",
        "所在",
        "本",
    ] {
        if let Some(rest) = key.strip_prefix(word).filter(|r| r.chars().count() > 1) {
            key = rest.to_owned();
        }
    }
    for word in ["名称", "内容", "情况", "说明", "简述", "评定", "确定", "栏", ":"] {
        if let Some(rest) = key.strip_suffix(word).filter(|r| r.chars().count() > 1) {
            key = rest.to_owned();
        }
    }
    key
}

/// The parts of a combined header: "单位/科室", "风险点及表现形式".
pub(super) fn combined(header: &str) -> Vec<String> {
    header
        .split(['/', '／', '、', '及', '和', '与', '或', ',', '，', '·', '|', '\n'])
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}
