//! Is this person, or this unit, restricted, by what, until when (R092). An unknown name is never "no record".

use chrono::NaiveDate;
use serde::Serialize;

use super::find::Candidate;
use super::{Ask, Reader};
use crate::domain::fault::Fault;
use crate::domain::identity::{aliases, canonical, suspects};
use crate::domain::restriction::{self, RestrictionSpan, last_day};
use crate::domain::world::{Restriction, World};
use crate::domain::{RestrictedAct, State, StreamId};
use crate::ledger::project::ids::Ids;
use crate::ledger::world::{LedgerWorld, restrictions_of};

/// The answer about one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligible {
    /// As asked.
    pub asked: String,
    /// Code of the person or unit meant; null when unknown or ambiguous.
    pub person: Option<String>,
    /// Name of that person or unit.
    pub name: Option<String>,
    /// Who may be meant, when several may.
    pub candidates: Vec<Candidate>,
    /// Restricted on that day; null when that cannot be said.
    pub restricted: Option<bool>,
    /// By what, each source by itself.
    pub restrictions: Vec<Restricted>,
    /// What is forbidden, over all sources together.
    pub in_force: Vec<Barred>,
    /// One sentence.
    pub answer: String,
    /// `one`, `several` or `none`.
    #[serde(skip)]
    pub found: Found,
}

/// How clear it is who is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// One person, or one unit.
    One,
    /// Several of this name, or an open question whether two records are one person.
    Several,
    /// Nobody of this name in the directory.
    None,
}

/// One restriction in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restricted {
    /// `promotion`, `transfer`, `commendation`.
    pub act: &'static str,
    /// Code of the matter it comes from.
    pub source: String,
    /// First day.
    pub from: NaiveDate,
    /// First day without it; null = in force.
    pub to: Option<NaiveDate>,
}

/// What is forbidden, and until when over all sources: the latest end wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Barred {
    /// `promotion`, `transfer`, `commendation`.
    pub act: &'static str,
    /// Since when without a gap.
    pub from: NaiveDate,
    /// First day without it as far as is known; null = until it is lifted.
    pub until: Option<NaiveDate>,
    /// Codes of the matters it comes from, on that day.
    pub sources: Vec<String>,
}

impl Reader {
    /// Answers for each name whether it is restricted on a day, for one act or any.
    pub fn eligible(&self, names: &[String], act: Option<RestrictedAct>, day: NaiveDate) -> Result<Vec<Eligible>, Ask> {
        self.ask(|| {
            let texts = self.texts();
            let viewer = self.viewer();
            let world = self.world_now(&texts, &viewer)?;
            let answers = names.iter().map(|name| self.answer(name, act, day, &world)).collect();
            world.settle()?;
            answers
        })
    }

    fn answer(
        &self,
        asked: &str,
        act: Option<RestrictedAct>,
        day: NaiveDate,
        world: &LedgerWorld,
    ) -> Result<Eligible, Ask> {
        let mut meant = self.people(asked.trim(), world)?;
        // Two records of one person are one person.
        let mut known: Vec<StreamId> = Vec::new();
        meant.retain(|(stream, _)| {
            let one = canonical(*stream, world);
            let new = !known.contains(&one);
            known.push(one);
            new
        });
        if let [(stream, _)] = meant[..] {
            let ids = Ids::new(&self.conn);
            for other in suspects(stream, world) {
                meant.extend(ids.of(Some(other))?.map(|id| (other, id)));
            }
        }
        let blank = Eligible {
            asked: asked.to_owned(),
            person: None,
            name: None,
            candidates: Vec::new(),
            restricted: None,
            restrictions: Vec::new(),
            in_force: Vec::new(),
            answer: String::new(),
            found: Found::None,
        };
        let of_unit = meant
            .first()
            .is_some_and(|(stream, _)| world.state(*stream).is_some_and(|s| s.kind() == "unit"));
        let table = self.table(if of_unit { "unit" } else { "person" })?;
        match meant[..] {
            [] => Ok(Eligible {
                answer: "未在名录：本台账的名录中没有此人，不能据此答复“无记录”".into(),
                ..blank
            }),
            [(stream, id)] => {
                let one = self.candidate(&table, id)?;
                let all = self.spans(stream, world)?;
                let all: Vec<(Restriction, String)> = all
                    .into_iter()
                    .filter(|(r, _)| act.is_none_or(|act| r.act == act))
                    .collect();
                let bars: Vec<&(Restriction, String)> = all
                    .iter()
                    .filter(|(r, _)| r.from <= day && r.to.is_none_or(|to| day < to))
                    .collect();
                let spans: Vec<RestrictionSpan> = all.iter().map(|(r, _)| r.span(stream)).collect();
                let in_force = barred(&spans, &bars, day);
                Ok(Eligible {
                    person: Some(one.code),
                    name: Some(one.name),
                    restricted: Some(!bars.is_empty()),
                    answer: self.sentence(&in_force, &bars, world),
                    restrictions: bars
                        .into_iter()
                        .map(|(r, source)| Restricted {
                            act: r.act.id(),
                            source: source.clone(),
                            from: r.from,
                            to: r.to,
                        })
                        .collect(),
                    in_force,
                    found: Found::One,
                    ..blank
                })
            }
            _ => Ok(Eligible {
                candidates: meant
                    .iter()
                    .map(|(_, id)| self.candidate(&table, *id))
                    .collect::<Result<_, _>>()?,
                answer: "同名或身份待核：请改用编号，或先认定是否同一人".into(),
                found: Found::Several,
                ..blank
            }),
        }
    }

    /// The people a name, a code, or a name with its unit (`张三（区财政局）`, `区财政局 张三`) may mean; else the unit.
    fn people(&self, asked: &str, world: &LedgerWorld) -> Result<Vec<(StreamId, i64)>, Fault> {
        let ids = Ids::new(&self.conn);
        let with_id = |streams: Vec<StreamId>| -> Result<Vec<(StreamId, i64)>, Fault> {
            let mut found = Vec::new();
            for stream in streams {
                let counts = world.state(stream).is_some_and(|s| s.counts());
                found.extend(ids.of(Some(stream).filter(|_| counts))?.map(|id| (stream, id)));
            }
            Ok(found)
        };
        let direct = world.by_code(asked).or_else(|| StreamId::parse(asked));
        let subject = |s: &StreamId| world.state(*s).is_some_and(|s| ["person", "unit"].contains(&s.kind()));
        if let Some(stream) = direct.filter(subject) {
            return with_id(vec![stream]);
        }
        let named = with_id(world.titled("person", asked))?;
        if !named.is_empty() {
            return Ok(named);
        }
        let parts: Vec<&str> = asked
            .split(|c: char| c.is_whitespace() || "（）()@，,".contains(c))
            .filter(|p| !p.is_empty())
            .collect();
        let [one, other] = parts[..] else {
            return with_id(world.titled("unit", asked));
        };
        for (name, unit) in [(one, other), (other, one)] {
            let of_unit = |stream: &StreamId| {
                let state = world
                    .state(*stream)
                    .and_then(|p| p.reference("unit"))
                    .and_then(|u| world.state(u));
                state.is_some_and(|u| u.text("name") == unit || u.code() == unit)
            };
            let found: Vec<StreamId> = world.titled("person", name).into_iter().filter(of_unit).collect();
            if !found.is_empty() {
                return with_id(found);
            }
        }
        Ok(Vec::new())
    }

    /// Everything that restricts or restricted a person under any of his records, each with its source's code.
    fn spans(&self, person: StreamId, world: &LedgerWorld) -> Result<Vec<(Restriction, String)>, Fault> {
        let ids = Ids::new(&self.conn);
        let mut found = Vec::new();
        for alias in aliases(person, world) {
            let Some(id) = ids.of(Some(alias))? else { continue };
            for restriction in restrictions_of(&self.conn, id)? {
                // The answer stays right; where it comes from is kept from who is recused.
                let source = world.state(restriction.source);
                let code = source.map_or_else(|| "（依回避规定不显示）".to_owned(), |s| s.code().to_owned());
                found.push((restriction, code));
            }
        }
        Ok(found)
    }

    fn sentence(&self, in_force: &[Barred], bars: &[&(Restriction, String)], world: &LedgerWorld) -> String {
        if in_force.is_empty() {
            return "本台账没有生效中的限制".into();
        }
        let mut parts: Vec<String> = Vec::new();
        let mut told: Vec<&Barred> = Vec::new();
        for one in in_force {
            let alike =
                |other: &Barred| (other.from, other.until, &other.sources) == (one.from, one.until, &one.sources);
            if told.iter().any(|t| alike(t)) {
                continue;
            }
            told.push(one);
            let acts: Vec<&str> = in_force
                .iter()
                .filter(|other| alike(other))
                .map(|other| RestrictedAct::find(other.act).map_or(other.act, RestrictedAct::label))
                .collect();
            let until = match one.until {
                Some(until) => format!("至 {} 止", last_day(until)),
                None => "至解除之日".to_owned(),
            };
            let (acts, sources) = (acts.join("、"), one.sources.join("、"));
            parts.push(format!("限制{acts}：{sources}，自 {} {until}", one.from));
        }
        let mut sentence = parts.join("；");
        if self.on().is_some() {
            return sentence;
        }
        let mut moved = false;
        let mut waiting = false;
        for (restriction, _) in bars {
            let state = world.state(restriction.source);
            let Some(State::Admonition(a)) = state.as_deref() else {
                continue;
            };
            if let Some(on) = a.moved_on.filter(|_| !moved) {
                sentence.push_str(&format!("；限制期内调动（{on}），限制随人"));
                moved = true;
            }
            // His own part is done; what he waits for is ours (§0.13).
            if a.awaits_verification()
                && let Some(since) = a.reported_on.filter(|_| !waiting)
            {
                let days = self.texts().calendar.workdays_between(since, self.today());
                sentence.push_str(&format!("；已提交整改，待我方核验（第 {days} 个工作日）"));
                waiting = true;
            }
        }
        sentence
    }
}

/// What is forbidden on a day, with the matters of that day it comes from.
fn barred(spans: &[RestrictionSpan], bars: &[&(Restriction, String)], day: NaiveDate) -> Vec<Barred> {
    let sources = |act: RestrictedAct| {
        let mut codes: Vec<String> = Vec::new();
        for (_, code) in bars.iter().filter(|(r, _)| r.act == act) {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    };
    restriction::in_force(spans, day)
        .into_iter()
        .map(|period| Barred {
            act: period.act.id(),
            from: period.from,
            until: period.until,
            sources: sources(period.act),
        })
        .collect()
}
