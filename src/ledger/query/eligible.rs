//! Is this person restricted, by what, until when (R092). An unknown name is never "no record".

use chrono::NaiveDate;
use serde::Serialize;

use super::find::Candidate;
use super::{Ask, Reader};
use crate::domain::admonition::AdmonitionStage;
use crate::domain::fault::Fault;
use crate::domain::identity::{aliases, canonical, suspects};
use crate::domain::world::{Restriction, World};
use crate::domain::{RestrictedAct, State, StreamId};
use crate::ledger::project::ids::Ids;
use crate::ledger::world::{LedgerWorld, restrictions_of};

/// The answer about one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligible {
    /// As asked.
    pub asked: String,
    /// Code of the person meant; null when unknown or ambiguous.
    pub person: Option<String>,
    /// Name and unit of that person.
    pub name: Option<String>,
    /// Who may be meant, when several may.
    pub candidates: Vec<Candidate>,
    /// Restricted on that day; null when that cannot be said.
    pub restricted: Option<bool>,
    /// By what.
    pub restrictions: Vec<Restricted>,
    /// One sentence.
    pub answer: String,
    /// `one`, `several` or `none`.
    #[serde(skip)]
    pub found: Found,
}

/// How clear it is who is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// One person.
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
            answer: String::new(),
            found: Found::None,
        };
        let table = self.table("person")?;
        match meant[..] {
            [] => Ok(Eligible {
                answer: "未在名录：本台账的名录中没有此人，不能据此答复“无记录”".into(),
                ..blank
            }),
            [(stream, id)] => {
                let one = self.candidate(&table, id)?;
                let all = self.in_force(stream, day, world)?;
                let bars: Vec<&(Restriction, String)> =
                    all.iter().filter(|(r, _)| act.is_none_or(|act| r.act == act)).collect();
                Ok(Eligible {
                    person: Some(one.code),
                    name: Some(one.name),
                    restricted: Some(!bars.is_empty()),
                    answer: self.sentence(&bars, world)?,
                    restrictions: bars
                        .into_iter()
                        .map(|(r, source)| Restricted {
                            act: r.act.id(),
                            source: source.clone(),
                            from: r.from,
                            to: r.to,
                        })
                        .collect(),
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

    /// The people a name, a code, or a name with its unit (`张三（区财政局）`, `区财政局 张三`) may mean.
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
        if let Some(stream) = direct.filter(|s| world.state(*s).is_some_and(|s| s.kind() == "person")) {
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
        let [one, other] = parts[..] else { return Ok(Vec::new()) };
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

    /// Restrictions in force on a day for a person under any of his records, each with its source's code.
    fn in_force(
        &self,
        person: StreamId,
        day: NaiveDate,
        world: &LedgerWorld,
    ) -> Result<Vec<(Restriction, String)>, Fault> {
        let ids = Ids::new(&self.conn);
        let mut found = Vec::new();
        for alias in aliases(person, world) {
            let Some(id) = ids.of(Some(alias))? else { continue };
            for restriction in restrictions_of(&self.conn, id)? {
                if restriction.from <= day && restriction.to.is_none_or(|to| day < to) {
                    // The answer stays right; where it comes from is kept from who is recused.
                    let source = world.state(restriction.source);
                    let code = source.map_or_else(|| "（依回避规定不显示）".to_owned(), |s| s.code().to_owned());
                    found.push((restriction, code));
                }
            }
        }
        Ok(found)
    }

    fn sentence(&self, bars: &[&(Restriction, String)], world: &LedgerWorld) -> Result<String, Fault> {
        let Some((first, _)) = bars.first() else {
            return Ok("本台账没有生效中的限制".into());
        };
        let mut acts: Vec<&str> = bars.iter().map(|(r, _)| r.act.label()).collect();
        acts.sort_unstable();
        acts.dedup();
        let mut sources: Vec<&str> = bars.iter().map(|(_, code)| code.as_str()).collect();
        sources.dedup();
        let until = match bars.iter().map(|(r, _)| r.to).max().flatten() {
            Some(to) if bars.iter().all(|(r, _)| r.to.is_some()) => format!("至 {to}"),
            _ => "至解除之日".to_owned(),
        };
        let mut sentence = format!(
            "限制{}：{}，自 {} {until}",
            acts.join("、"),
            sources.join("、"),
            first.from
        );
        if self.on().is_some() {
            return Ok(sentence);
        }
        // His own part is done; what he waits for is ours (§0.13).
        for (restriction, _) in bars {
            if let Some(State::Admonition(a)) = world.state(restriction.source).as_deref()
                && matches!(a.stage, AdmonitionStage::ReportFiled | AdmonitionStage::Verified)
                && let Some(since) = a.reported_on
            {
                let days = self.texts().calendar.workdays_between(since, self.today());
                sentence.push_str(&format!("；已提交整改，待我方核验（第 {days} 个工作日）"));
                break;
            }
        }
        Ok(sentence)
    }
}
