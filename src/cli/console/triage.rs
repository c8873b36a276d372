//! 快速分拣 over an office's file: which reports wait, what is known about each, and handing in what is signed.

use std::time::Instant;

use super::{OfficeStore, failed, stopped};
use crate::app::forms::problem;
use crate::app::show::report::{report, urgency};
use crate::app::store::{
    ActRequest, Candidate, FieldKind, FieldSpec, FormSpec, Outcome, Problem, Sitting, TriageAnswer, TriageAsk,
};
pub use crate::app::triage::TRIAGE;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::world::World;
use crate::domain::{Act, BodyRef, Decision, Refusal, State, StreamId, Verb, decide};
use crate::ledger::query::{At, ListQuery};
use crate::ledger::receipt::Receipt;
use crate::ledger::session;

/// Reports taken up in one sitting.
const MOST: usize = 500;

/// The form it begins with: 评估人 甲 and 乙, the last ones standing there.
pub fn form(store: &OfficeStore) -> Result<FormSpec, Problem> {
    let sitting = kept(store).map_err(failed)?;
    let (queue, _) = waiting(store, &sitting).map_err(stopped)?;
    if queue.is_empty() && !sitting.open {
        return Err(problem(&Refusal::new("nothing_waits", "没有待分拣的信息")));
    }
    let field = |id: &str, label: &str, at: usize| FieldSpec {
        id: id.into(),
        label: label.into(),
        kind: FieldKind::Pick {
            of: "person".into(),
            many: false,
        },
        required: true,
        default: sitting.analysts.get(at).cloned().unwrap_or_default(),
        hint: "姓名或首字母".into(),
        live: false,
    };
    let mut about = vec![format!("待分拣 {} 件，最紧急的在前", queue.len())];
    if sitting.open {
        let seen: u32 = sitting.counts.iter().sum();
        about.push(format!("接着上次：已下结论 {seen} 件"));
    }
    Ok(FormSpec {
        verb: TRIAGE.into(),
        title: "快速分拣".into(),
        about,
        fields: vec![field("first", "评估人甲", 0), field("second", "评估人乙", 1)],
        ..FormSpec::default()
    })
}

/// Takes the two names down; a sitting that was paused goes on.
pub fn begin(store: &mut OfficeStore, request: &ActRequest) -> Result<Outcome, Problem> {
    let mut names = Vec::new();
    for (id, typed) in &request.values {
        let name = named(store, typed)?;
        if names.contains(&name) {
            return Err(Problem {
                reason: "两名评估人不能是同一人".into(),
                field: Some(id.clone()),
                ..Problem::default()
            });
        }
        names.push(name);
    }
    let mut sitting = kept(store).map_err(failed)?;
    if !sitting.open {
        sitting = Sitting::default();
    }
    sitting.open = true;
    sitting.analysts = names;
    keep(store, &sitting).map_err(failed)?;
    Ok(Outcome::default())
}

/// A person picked, by name and code, so that namesakes stay apart; else the name as typed.
fn named(store: &OfficeStore, typed: &str) -> Result<String, Problem> {
    let Some(stream) = StreamId::parse(typed) else {
        return Ok(typed.trim().to_owned());
    };
    store.look(|world| match world.state(stream) {
        Some(state) if world.titled("person", &state.text("name")).len() == 1 => state.text("name"),
        Some(state) => state.code().to_owned(),
        None => typed.to_owned(),
    })
}

/// One question.
pub fn answer(store: &mut OfficeStore, ask: &TriageAsk) -> Result<TriageAnswer, Problem> {
    match ask {
        TriageAsk::Open => {
            let sitting = kept(store).map_err(failed)?;
            let (queue, sitting) = waiting(store, &sitting).map_err(stopped)?;
            store.triaging = Some(Instant::now());
            Ok(TriageAnswer::Opened(
                queue.iter().map(StreamId::to_string).collect(),
                Box::new(sitting),
            ))
        }
        TriageAsk::Report(stream) => {
            let stream = OfficeStore::stream(stream)?;
            let report = store.look(|world| report(stream, world))?;
            let gone = || problem(&Refusal::new("changed", "这一件已由他人办理"));
            Ok(TriageAnswer::Report(Box::new(report.ok_or_else(gone)?)))
        }
        TriageAsk::Back(stream) => back(store, stream),
        TriageAsk::Keep { sitting, running } => {
            let mut sitting = sitting.clone();
            sitting.seconds += store.triaging.map_or(0, |since| since.elapsed().as_secs());
            // whole seconds only are counted; what is left of one goes on running
            if !running || store.triaging.is_none_or(|since| since.elapsed().as_secs() > 0) {
                store.triaging = running.then(Instant::now);
            }
            keep(store, &sitting).map_err(failed)?;
            Ok(TriageAnswer::Kept(sitting.seconds))
        }
        TriageAsk::Send(sitting) => send(store, sitting),
        TriageAsk::Units(typed) => {
            let found = super::find::candidates(store, "unit", typed, 9).map_err(stopped)?;
            let units: Vec<Candidate> = found;
            Ok(TriageAnswer::Units(typed.clone(), units))
        }
    }
}

/// What is left of a paused triage, in words.
pub fn paused(store: &OfficeStore) -> Result<String, Problem> {
    if store.then.is_some() {
        return Ok(String::new());
    }
    let sitting = kept(store).map_err(failed)?;
    if !sitting.open {
        return Ok(String::new());
    }
    let seen: u32 = sitting.counts.iter().sum();
    Ok(format!("已暂停，已下结论 {seen} 件"))
}

/// The reports that wait for this operator, the most urgent first; what is over is left out of the notes.
fn waiting(store: &OfficeStore, sitting: &Sitting) -> Result<(Vec<StreamId>, Sitting), Stop> {
    let query = ListQuery {
        register: "warning".into(),
        filters: vec![("stage".into(), "registered".into())],
        at: At::End,
        limit: MOST,
        ..ListQuery::default()
    };
    let page = store.reader().list(&query)?;
    let (operator, capacity) = (store.operator.clone(), store.capacity);
    let mine = |lead: BodyRef| match capacity {
        Some(BodyRef::TaskForce) => true,
        Some(body) => body == lead,
        None => operator.serves(lead),
    };
    let found = store.reader().with_world(|world| {
        let today = world.today().to_string();
        let mut sitting = sitting.clone();
        let is_new = |stream: &str| {
            let state = StreamId::parse(stream).and_then(|stream| world.state(stream));
            matches!(state.as_deref(), Some(State::Warning(w)) if w.stage == crate::domain::warning::WarningStage::Registered)
        };
        sitting.parked.retain(|(stream, until)| *until > today && is_new(stream));
        sitting.held.retain(|held| is_new(&held.stream));
        let noted = |stream: &StreamId| {
            let stream = stream.to_string();
            sitting.parked.iter().any(|(parked, _)| *parked == stream)
                || sitting.held.iter().any(|held| held.stream == stream)
        };
        let mut queue = Vec::new();
        for item in &page.items {
            if let Some(State::Warning(warning)) = world.state(item.stream).as_deref()
                && mine(warning.duties.lead)
                && !noted(&item.stream)
            {
                queue.push((urgency(warning), warning.code.clone(), item.stream));
            }
        }
        queue.sort();
        Ok((queue.into_iter().map(|(.., stream)| stream).collect(), sitting))
    })?;
    Ok(found)
}

/// Takes the last act back; when it was not the verdict on this report, it is put back at once.
fn back(store: &mut OfficeStore, stream: &str) -> Result<TriageAnswer, Problem> {
    let stream = OfficeStore::stream(stream)?;
    let receipt = store.office.undo(&store.operator).map_err(stopped)?;
    if !receipt.changed.iter().any(|touch| touch.stream == stream) {
        store.office.redo(&store.operator).map_err(stopped)?;
        let refusal = Refusal::new("not_last", "上一件的结论之后又办理了别的事，不能在这里退回");
        return Err(problem(&refusal.hint("到该事项的历程里“撤回此步”。")));
    }
    Ok(TriageAnswer::Back(store.outcome(&receipt, "撤回")))
}

/// Hands in what has to be signed: one paper for each kind of verdict, with all its reports.
fn send(store: &mut OfficeStore, sitting: &Sitting) -> Result<TriageAnswer, Problem> {
    let mut groups: Vec<(Act, Vec<StreamId>)> = Vec::new();
    let released = sitting
        .assessed
        .iter()
        .filter_map(|stream| StreamId::parse(stream))
        .collect();
    groups.push((Act::new(Verb::Release, Vec::new()), released));
    for held in &sitting.held {
        let (Some(verb), Some(stream)) = (Verb::find(&held.verb), StreamId::parse(&held.stream)) else {
            continue;
        };
        let act = Act::new(verb, Vec::new()).with(&held.field.0, held.field.1.clone());
        match groups.iter_mut().find(|(other, _)| *other == act) {
            Some((_, streams)) => streams.push(stream),
            None => groups.push((act, vec![stream])),
        }
    }
    let mut sentences = Vec::new();
    for (mut act, streams) in groups {
        act.decision = Some(Decision::Submit);
        act.capacity = store.capacity;
        let refused = store.look(|world| {
            let mut refused = Vec::new();
            for stream in streams {
                let single = Act {
                    targets: vec![stream],
                    ..act.clone()
                };
                match decide(&single, world) {
                    Ok(_) => act.targets.push(stream),
                    Err(refusal) => {
                        let code = world.state(stream).map(|s| s.code().to_owned()).unwrap_or_default();
                        refused.push(format!("{code} 未送签：{}", problem(&refusal).reason));
                    }
                }
            }
            refused
        })?;
        if !act.targets.is_empty() {
            match store.office.submit(&store.operator, &act, None) {
                Ok(receipt) => sentences.push(handed_in(act.verb, act.targets.len(), &receipt)),
                Err(stop) => sentences.push(format!("{}未送签：{}", act.verb.label(), stopped(stop).reason)),
            }
        }
        sentences.extend(refused);
    }
    let mut rest = sitting.clone();
    rest.assessed.clear();
    rest.held.clear();
    rest.open = !rest.parked.is_empty();
    keep(store, &rest).map_err(failed)?;
    Ok(TriageAnswer::Sent(sentences, Box::new(rest)))
}

/// What was handed in, with all its papers: each body that signs has its own.
fn handed_in(verb: Verb, count: usize, receipt: &Receipt) -> String {
    let touched = receipt.changed.iter().chain(&receipt.proposed);
    let mut papers: Vec<&str> = touched
        .filter(|touch| touch.kind == "approval_sheet")
        .map(|touch| touch.code.as_str())
        .collect();
    papers.sort_unstable();
    papers.dedup();
    let papers = if papers.is_empty() {
        String::new()
    } else {
        format!("，列入 {}，待回签", papers.join("、"))
    };
    format!("{} {count} 件已送签{papers}。{}", verb.label(), receipt.notes.concat())
}

fn kept(store: &OfficeStore) -> Result<Sitting, Fault> {
    let note = session::note(&store.office.file().conn, &store.operator.id, TRIAGE)?;
    // a note of another version is begun anew: the reports still wait
    Ok(note
        .and_then(|note| serde_json::from_str(&note).ok())
        .unwrap_or_default())
}

fn keep(store: &OfficeStore, sitting: &Sitting) -> Result<(), Fault> {
    let json = serde_json::to_string(sitting)
        .map_err(|error| Fault::new(FaultKind::World, format!("分拣的进度没有记下：{error}")))?;
    session::keep(&store.office.file().conn, &store.operator.id, TRIAGE, &json)
}
