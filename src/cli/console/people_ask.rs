//! 名单核查 and 单位全景: asked of the reader, folded into rows.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::files::{path_of, usual_folder};
use super::{OfficeStore, nav};
use crate::app::show;
use crate::app::store::{Candidate, PeopleAnswer, PeopleAsk, Period, Standing, UnitFacts, UnitItem, Verdict};
use crate::cli::{roll, unit};
use crate::domain::day::{parse_day, show_day};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::domain::tag::TAGS;
use crate::domain::world::World;
use crate::domain::{RestrictedAct, StreamId};
use crate::ledger::query::{Eligible, Found};
use crate::ledger::world::LedgerWorld;

/// Candidates under the field.
const OFFERED: usize = 6;

/// Answers one question.
pub fn answer(store: &OfficeStore, asked: &PeopleAsk) -> Result<PeopleAnswer, Stop> {
    let reader = store.reader();
    Ok(match asked {
        PeopleAsk::Offer(typed) => PeopleAnswer::Offer(offer(store, typed)?),
        PeopleAsk::Check { names, act } => {
            let answers = reader.eligible(names, RestrictedAct::find(act), reader.today())?;
            let verdicts = reader.with_world(|world| Ok(answers.iter().map(|one| verdict(one, world)).collect()))?;
            PeopleAnswer::Check(verdicts)
        }
        PeopleAsk::Block(block) => PeopleAnswer::Names(roll::names_in_block(reader, block)?),
        PeopleAsk::File(path) => PeopleAnswer::Names(roll::names_of_file(reader, &path_of(path))?),
        PeopleAsk::Write { names, act, path } => {
            let act = RestrictedAct::find(act);
            let answers = reader.eligible(names, act, reader.today())?;
            let path = place(path, reader.today())?;
            roll::write(reader, &path, &answers, act)?;
            PeopleAnswer::Written(path.display().to_string())
        }
        PeopleAsk::Unit { stream, period } => PeopleAnswer::Unit(Box::new(panorama(store, stream, period)?)),
    })
}

/// People first; units too, as they may be checked for 评先评优.
fn offer(store: &OfficeStore, typed: &str) -> Result<Vec<Candidate>, Stop> {
    let mut found = store.reader().candidates("person", typed, OFFERED)?;
    found.extend(
        store
            .reader()
            .candidates("unit", typed, OFFERED - found.len().min(OFFERED))?,
    );
    let candidate = |one: crate::ledger::query::Candidate| Candidate {
        id: one.code.clone(),
        label: one.name,
        note: one.note,
    };
    Ok(found.into_iter().map(candidate).collect())
}

fn verdict(one: &Eligible, world: &LedgerWorld) -> Verdict {
    let stream = one.person.as_deref().and_then(|code| world.by_code(code));
    let choice = |candidate: &crate::ledger::query::Candidate| Candidate {
        id: candidate.code.clone(),
        label: candidate.name.clone(),
        note: candidate.note.clone(),
    };
    Verdict {
        asked: one.asked.clone(),
        stream: stream.map(|stream| stream.to_string()).unwrap_or_default(),
        code: one.person.clone().unwrap_or_default(),
        name: one.name.clone().unwrap_or_else(|| one.asked.clone()),
        place: stream.map(|stream| roll::place(stream, world)).unwrap_or_default(),
        standing: match (one.found, one.restricted) {
            (Found::One, Some(true)) => Standing::Restricted,
            (Found::One, _) => Standing::Free,
            (Found::Several, _) => Standing::Several,
            (Found::None, _) => Standing::Unknown,
        },
        answer: one.answer.clone(),
        choices: one.candidates.iter().map(choice).collect(),
    }
}

/// Where the answers go: as typed, else into the usual folder under the day's name, never over a file that is there.
fn place(typed: &str, today: NaiveDate) -> Result<PathBuf, Fault> {
    let typed = typed.trim();
    let mut path = path_of(typed);
    if typed.is_empty() || path.is_dir() {
        let folder = if typed.is_empty() { usual_folder() } else { path };
        std::fs::create_dir_all(&folder).map_err(|error| {
            let reason = format!("建立文件夹 {} 失败：{error}", folder.display());
            Fault::new(FaultKind::World, reason).hint("请另写一个位置")
        })?;
        let name = |n: u32| match n {
            1 => format!("名单核查-{today}.xlsx"),
            n => format!("名单核查-{today}-{n}.xlsx"),
        };
        let free = (1..1_000).map(|n| folder.join(name(n))).find(|path| !path.exists());
        return Ok(free.unwrap_or_else(|| folder.join(name(1))));
    }
    if path.extension().is_none() {
        path.set_extension("xlsx");
    }
    if !path.is_absolute() {
        return Err(
            Fault::new(FaultKind::Usage, format!("“{}”不是完整路径", path.display())).hint("请从根目录或盘符写起"),
        );
    }
    Ok(path)
}

fn panorama(store: &OfficeStore, stream: &str, period: &Period) -> Result<UnitFacts, Stop> {
    let reader = store.reader();
    let today = reader.today();
    let day = |text: &str| parse_day(text, today).map_err(|reason| Refusal::new("wrong_day", reason));
    let (from, to) = match period {
        Period::Week => (unit::first_of_week(today), today),
        Period::Month => (unit::first_of_months(today, 1), today),
        Period::Quarter => (unit::first_of_months(today, 3), today),
        Period::Year => (unit::first_of_year(today), today),
        Period::Between(from, to) if to.is_empty() => (day(from)?, today),
        Period::Between(from, to) => (day(from)?, day(to)?),
    };
    if from > to {
        return Err(Refusal::new("wrong_day", "起日晚于止日").hint("请核对日期").into());
    }
    let stream = StreamId::parse(stream).ok_or_else(|| Refusal::new("not_found", "没有这一单位"))?;
    let about = reader.item(stream)?;
    let items = reader.unit_items(stream, from, to)?;
    let counts = unit::counts(&items);
    let texts = reader.texts();
    let item = |one: &crate::ledger::query::UnitItem| UnitItem {
        stream: one.item.stream.to_string(),
        day: show_day(one.day),
        tag: one.tag,
        kind: texts
            .sheets
            .get(&one.item.kind)
            .map(|sheet| sheet.label.clone())
            .unwrap_or_default(),
        code: one.item.code.clone(),
        grade: one.item.grade.map(show::tint),
        stage: one.item.labels.get("stage").cloned().unwrap_or_default(),
        title: nav::one_line(&one.item),
    };
    Ok(UnitFacts {
        stream: stream.to_string(),
        code: about.code,
        name: about.title,
        days: (show_day(from), show_day(to)),
        tags: TAGS
            .iter()
            .zip(counts)
            .map(|((_, label), n)| ((*label).to_owned(), n))
            .collect(),
        items: items.iter().map(item).collect(),
    })
}
