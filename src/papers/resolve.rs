//! Names in a sheet → streams: units, sections, posts and people, found or created.

mod office_wide;

use std::collections::HashMap;

use crate::domain::act::{Fields, ImportRow};
use crate::domain::ids::StreamId;
use crate::domain::state::State;
use crate::domain::vocabulary::CadreRank;

use super::lookup::{Lookup, title_of};
use super::split::unit_and_section;
use super::unit_name::unit_fields;
use super::values::{Read, fold, half_width, short, split_brackets};

/// Longest name of a unit, section, post or person.
const LONGEST: usize = 60;

/// What a name can stand for inside a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Member {
    /// 股室.
    Section,
    /// 岗位.
    Post,
    /// 人员.
    Person,
}

impl Member {
    /// Register it is kept in.
    pub fn register(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Post => "post",
            Self::Person => "person",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Section => "股室",
            Self::Post => "岗位",
            Self::Person => "人员",
        }
    }
}

struct Known {
    id: StreamId,
    name: String,
    /// What tells it from another of the same name.
    shown: String,
    section: Option<StreamId>,
}

/// Finds names, remembers what it found, and plans what is to be created.
pub struct Resolver<'l> {
    lookup: &'l dyn Lookup,
    create: bool,
    units: HashMap<String, Option<StreamId>>,
    members: HashMap<(StreamId, Member), Vec<Known>>,
    /// Records of plain registers by unit and register, then by title.
    records: HashMap<(StreamId, String), HashMap<String, Vec<StreamId>>>,
    planned: Vec<ImportRow>,
    kept: usize,
}

impl<'l> Resolver<'l> {
    /// `create`: unknown units, posts and people are planned instead of refused.
    pub fn new(lookup: &'l dyn Lookup, create: bool) -> Self {
        Self {
            lookup,
            create,
            units: HashMap::new(),
            members: HashMap::new(),
            records: HashMap::new(),
            planned: Vec::new(),
            kept: 0,
        }
    }

    /// What the rows so far need created, in the order in which it can be.
    pub fn planned(self) -> Vec<ImportRow> {
        self.planned
    }

    /// The row is taken: so is what it needs created.
    pub fn keep(&mut self) {
        self.kept = self.planned.len();
    }

    /// The row is refused: what was planned for it alone is forgotten.
    pub fn forget(&mut self) {
        let dropped: Vec<StreamId> = self.planned.drain(self.kept..).filter_map(|row| row.id).collect();
        if !dropped.is_empty() {
            self.units.retain(|_, unit| !unit.is_some_and(|u| dropped.contains(&u)));
            self.members.retain(|(unit, _), _| !dropped.contains(unit));
            self.members
                .values_mut()
                .for_each(|known| known.retain(|k| !dropped.contains(&k.id)));
        }
    }

    /// A unit of that name or code, as the file itself brings it or as it is already there.
    pub fn find_unit(&mut self, name: &str) -> Option<StreamId> {
        let name = plain_name(name);
        if let Some(found) = self.units.get(&name) {
            return *found;
        }
        let found = self.coded(&name, "unit").or_else(|| {
            let brackets = [
                name.clone(),
                name.replace('(', "（").replace(')', "）"),
                name.replace('（', "(").replace('）', ")"),
            ];
            let ids = brackets.iter().flat_map(|n| self.lookup.titled("unit", n));
            ids.into_iter()
                .find(|id| self.lookup.state(*id).is_some_and(|s| s.counts()))
        });
        self.units.insert(name, found);
        found
    }

    /// Notes a unit that this very sheet brings.
    pub fn note_unit(&mut self, name: &str, id: StreamId) {
        self.units.insert(plain_name(name), Some(id));
    }

    /// Unit and, when the text names one too, its section: "X局财务股".
    pub fn unit(&mut self, text: &str, may_split: bool) -> Read<(StreamId, Option<String>)> {
        // Probing prefixes asks for many names; only those found are worth remembering beyond this text.
        let (unit, section) = match may_split {
            true => {
                let this = std::cell::RefCell::new(&mut *self);
                unit_and_section(text, |name| this.borrow_mut().find_unit(name).is_some())
            }
            false => (text.to_owned(), None),
        };
        let name = plain_name(&unit);
        if let Some(id) = self.find_unit(&name) {
            return Ok((id, section));
        }
        if !self.create {
            let near = ["区", "市", "县"]
                .iter()
                .map(|p| format!("{p}{name}"))
                .find(|n| self.find_unit(n).is_some());
            let near = near.map(|n| format!("，是不是“{n}”？")).unwrap_or_default();
            return Err(format!(
                "没有名为“{}”的单位{near}（确要新建，请加 --create-missing）",
                short(&name)
            ));
        }
        let name = checked_name(&name, "单位")?;
        let id = self.plan("unit", unit_fields(&name));
        self.units.insert(name, Some(id));
        Ok((id, section))
    }

    /// A section; an unknown one is planned, since no sheet of its own brings sections.
    pub fn section(&mut self, unit: StreamId, text: &str) -> Read<StreamId> {
        let name = plain_name(text);
        if let Some(id) = self.coded(&name, "section") {
            return Ok(id);
        }
        match self.candidates(unit, Member::Section, &name).as_slice() {
            [] => self.create_member(unit, Member::Section, &name, None),
            [(id, ..), ..] => Ok(*id),
        }
    }

    /// A post of a unit, of the section if one is named.
    pub fn post(&mut self, unit: StreamId, section: Option<StreamId>, text: &str) -> Read<StreamId> {
        let name = plain_name(text);
        if let Some(id) = self.coded(&name, "post") {
            return Ok(id);
        }
        let all = self.candidates(unit, Member::Post, &name);
        let fitting: Vec<&(StreamId, String, Option<StreamId>)> = match section {
            None => all.iter().collect(),
            Some(_) => {
                let same: Vec<_> = all.iter().filter(|(_, _, s)| *s == section).collect();
                if same.is_empty() {
                    all.iter().filter(|(_, _, s)| s.is_none()).collect()
                } else {
                    same
                }
            }
        };
        match fitting.as_slice() {
            [(id, ..)] => Ok(*id),
            [] if self.create => self.create_member(unit, Member::Post, &name, section),
            [] => Err(format!(
                "该单位没有名为“{}”的岗位（确要新建，请加 --create-missing）",
                short(&name)
            )),
            many => Err(ambiguous("岗位", &name, many.iter().map(|(_, shown, _)| shown))),
        }
    }

    /// A person of a unit: the same name elsewhere is another person.
    pub fn person(&mut self, unit: StreamId, text: &str) -> Read<StreamId> {
        if text.contains(['、', '，', ',', ';', '；', '\n', '/']) {
            return Err("一格只能写一个人，请把其余的人另起一行或写到备注里".into());
        }
        let (outer, inner) = split_brackets(text);
        if let Some(id) = self
            .coded(&inner, "person")
            .or_else(|| self.coded(&plain_name(&outer), "person"))
        {
            return Ok(id);
        }
        // "张三（局长）" names a person and his post.
        let name = plain_name(if outer.is_empty() { text } else { &outer });
        match self.candidates(unit, Member::Person, &name).as_slice() {
            [(id, ..)] => Ok(*id),
            [] if self.create => self.create_member(unit, Member::Person, &name, None),
            [] => Err(format!(
                "该单位没有名叫“{}”的人（确要新建，请加 --create-missing）",
                short(&name)
            )),
            many => Err(ambiguous("人", &name, many.iter().map(|(_, shown, _)| shown))),
        }
    }

    /// True when the unit already has such a section, post or person (duplicates of the directory).
    pub fn has(&mut self, unit: StreamId, member: Member, name: &str, section: Option<StreamId>) -> Option<StreamId> {
        let all = self.candidates(unit, member, &plain_name(name));
        let same = all
            .into_iter()
            .find(|(_, _, s)| member != Member::Post || section.is_none() || *s == section);
        same.map(|(id, ..)| id)
    }

    /// Notes a post or person that this very sheet brings.
    pub fn note(&mut self, unit: StreamId, member: Member, name: &str, section: Option<StreamId>, id: StreamId) {
        let name = plain_name(name);
        let known = Known {
            id,
            name: fold(&name),
            shown: name,
            section,
        };
        self.load(unit, member).push(known);
    }

    /// A record of another register by its code, or by its title within the unit.
    pub fn record(&mut self, sheet: &str, unit: Option<StreamId>, text: &str) -> Read<StreamId> {
        if let Some(id) = self.coded(text, sheet) {
            return Ok(id);
        }
        let found = unit
            .map(|unit| self.records(sheet, None, unit, text))
            .unwrap_or_default();
        match found.as_slice() {
            [id] => Ok(*id),
            [] => Err(format!("该单位没有名为“{}”的记录，请先登记它，或改填编号", short(text))),
            _ => Err(format!("该单位名为“{}”的记录不止一个，请改填编号", short(text))),
        }
    }

    /// Live records of a plain register that a unit has under a title; `field` holds the title where it is known.
    pub fn records(&mut self, register: &str, field: Option<&str>, unit: StreamId, title: &str) -> Vec<StreamId> {
        let lookup = self.lookup;
        let titles = self.records.entry((unit, register.to_owned())).or_insert_with(|| {
            let mut titles: HashMap<String, Vec<StreamId>> = HashMap::new();
            for id in lookup.referrers(register, "unit", unit) {
                if let Some(state) = lookup.state(id).filter(|s| s.counts()) {
                    let title = field.map_or_else(|| title_of(&state), |f| state.text(f));
                    titles.entry(fold(&title)).or_default().push(id);
                }
            }
            titles
        });
        titles.get(&fold(title)).cloned().unwrap_or_default()
    }

    /// The live stream of a kind whose code stands in the text, alone or in brackets: "会计岗(GW-XY-0012)".
    fn coded(&self, text: &str, kind: &str) -> Option<StreamId> {
        let (outer, inner) = split_brackets(text);
        [inner, outer].iter().find_map(|code| {
            let code: String = fold(code);
            let looks = code.contains('-') && code.bytes().next()?.is_ascii_uppercase() && code.is_ascii();
            let id = if looks { self.lookup.by_code(&code) } else { None }?;
            self.lookup
                .state(id)
                .filter(|s| s.kind() == kind && s.counts())
                .map(|_| id)
        })
    }

    fn candidates(&mut self, unit: StreamId, member: Member, name: &str) -> Vec<(StreamId, String, Option<StreamId>)> {
        let wanted = fold(name);
        let known = self.load(unit, member).iter().filter(|k| k.name == wanted);
        known.map(|k| (k.id, k.shown.clone(), k.section)).collect()
    }

    fn load(&mut self, unit: StreamId, member: Member) -> &mut Vec<Known> {
        let lookup = self.lookup;
        self.members.entry((unit, member)).or_insert_with(|| {
            let ids = lookup.referrers(member.register(), "unit", unit);
            let states = ids
                .into_iter()
                .filter_map(|id| Some((id, lookup.state(id).filter(|s| s.counts())?)));
            states.map(|(id, state)| known(lookup, id, &state)).collect()
        })
    }

    fn create_member(
        &mut self,
        unit: StreamId,
        member: Member,
        name: &str,
        section: Option<StreamId>,
    ) -> Read<StreamId> {
        let name = checked_name(name, member.label())?;
        let mut fields = Fields::new();
        fields.insert("name".into(), name.clone().into());
        fields.insert("unit".into(), unit.to_string().into());
        if let Some(section) = section {
            fields.insert("section".into(), section.to_string().into());
        }
        if member == Member::Person {
            fields.insert("rank".into(), CadreRank::Staff.id().into());
            fields.insert("incomplete".into(), true.into());
        }
        let id = self.plan(member.register(), fields);
        self.note(unit, member, &name, section, id);
        Ok(id)
    }

    fn plan(&mut self, register: &str, fields: Fields) -> StreamId {
        let id = self.lookup.fresh_id();
        self.planned.push(ImportRow {
            id: Some(id),
            ..ImportRow::new(register, fields)
        });
        id
    }
}

fn known(lookup: &dyn Lookup, id: StreamId, state: &State) -> Known {
    let name = state.text("name");
    let of = |field: &str| {
        state
            .reference(field)
            .and_then(|r| lookup.state(r))
            .map(|s| s.text("name"))
    };
    let more = of("post")
        .or_else(|| of("section"))
        .map(|m| format!("，{m}"))
        .unwrap_or_default();
    Known {
        id,
        shown: format!("{}（{}{more}）", name, state.code()),
        name: fold(&name),
        section: state.reference("section"),
    }
}

fn ambiguous<'s>(what: &str, name: &str, shown: impl Iterator<Item = &'s String>) -> String {
    let all: Vec<&str> = shown.map(String::as_str).collect();
    format!(
        "该单位名为“{}”的{what}不止一个：{}；请写成“{}(编号)”",
        short(name),
        all.join("、"),
        short(name)
    )
}

/// A name without the blanks that only align it.
fn plain_name(text: &str) -> String {
    if text.chars().any(|c| half_width(c).is_ascii_alphabetic()) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn checked_name(name: &str, what: &str) -> Read<String> {
    match name.chars().count() {
        0 => Err(format!("{what}名称是空的")),
        n if n > LONGEST => Err(format!("{what}名称有 {n} 字，最多 {LONGEST} 字")),
        _ => Ok(name.to_owned()),
    }
}
