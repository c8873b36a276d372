//! One person: why he is restricted, and everything about him as one timeline.

use chrono::NaiveDate;

use super::{Past, fields, waiting_for};
use crate::app::slots;
use crate::app::store::{Detail, Step};
use crate::domain::day::show_day;
use crate::domain::restriction::{last_day, overlay_note};
use crate::domain::telling::Teller;
use crate::domain::world::{Restriction, World};
use crate::domain::{State, StreamId, identity, restriction};

/// What is linked to a person, by which relation; points hang on his post.
const ABOUT: [(&str, &str); 6] = [
    ("appointment", "person"),
    ("warning", "person"),
    ("admonition", "person"),
    ("accountability", "person"),
    ("outside_decision", "person"),
    ("appeal", "person"),
];

/// A line of the timeline before it is in its place.
struct Line {
    day: NaiveDate,
    step: Step,
}

/// The matters a person's timeline is made of, each once; what is kept from the viewer is not among them.
pub fn related(person: StreamId, world: &dyn World) -> Vec<StreamId> {
    let mut found: Vec<StreamId> = Vec::new();
    let mut add = |streams: Vec<StreamId>| {
        for stream in streams {
            if !found.contains(&stream) && world.state(stream).is_some_and(|state| state.counts()) {
                found.push(stream);
            }
        }
    };
    for alias in identity::aliases(person, world) {
        for (kind, relation) in ABOUT {
            add(world.referrers(kind, relation, alias));
        }
        if let Some(post) = world.state(alias).and_then(|state| state.reference("post")) {
            add(world.referrers("risk_point", "post", post));
        }
    }
    found
}

/// Everything about a person; `own` is the history of his record, `others` that of what [`related`] named.
pub fn detail(person: StreamId, own: &[Past], others: &[(StreamId, Vec<Past>)], world: &dyn World) -> Option<Detail> {
    let state = world.state(person)?;
    let teller = Teller::new(world);
    let sections = vec![
        ("限制".to_owned(), why(person, world)),
        ("在办".to_owned(), live(others, world)),
    ];
    Some(Detail {
        stream: person.to_string(),
        code: state.code().to_owned(),
        title: teller.title(&state),
        grade: None,
        fields: fields(&state, world),
        procedure: Vec::new(),
        sections,
        timeline: timeline(person, own, others, world),
        actions: slots::actions(person, world),
    })
}

/// Whether somebody is restricted, and for each source: what, by whose decision, until when, what can be done against
/// it and whose move it is.
pub fn why(person: StreamId, world: &dyn World) -> Vec<String> {
    let mut all = restriction::of_person(person, world.today(), world);
    if all.is_empty() {
        return vec!["本台账没有生效中的限制。".to_owned()];
    }
    all.sort_by_key(|one| (one.from, one.source, one.act));
    let mut lines = Vec::new();
    let mut told: Vec<StreamId> = Vec::new();
    for first in &all {
        if told.contains(&first.source) {
            continue;
        }
        told.push(first.source);
        let mine: Vec<&Restriction> = all.iter().filter(|one| one.source == first.source).collect();
        lines.extend(of_source(first, &mine, world));
    }
    lines.push(overlay_note(world.policy()));
    lines
}

fn of_source(first: &Restriction, all: &[&Restriction], world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let acts: Vec<&str> = all.iter().map(|one| one.act.label()).collect();
    let until = first.to.map_or_else(
        || "到解除之日止".to_owned(),
        |to| format!("至 {} 止", show_day(last_day(to))),
    );
    let mut lines = vec![format!(
        "不得{}：自 {} 起，{until}",
        acts.join("、"),
        show_day(first.from)
    )];
    let Some(state) = world.state(first.source) else {
        lines.push("来源：依回避规定不显示".to_owned());
        return lines;
    };
    match &*state {
        State::Admonition(a) => {
            lines.push(format!("来源：{} {}（{}）", a.kind.label(), a.code, a.trigger.label()));
            let by = a.approved_by.map(|body| teller.body(body)).unwrap_or_default();
            let signer = a
                .signer
                .as_ref()
                .map(|named| format!(" {}", named.name))
                .unwrap_or_default();
            if let Some(on) = a.approved_on {
                let served = a
                    .served_on
                    .map(|day| format!("；{} 送达", show_day(day)))
                    .unwrap_or_default();
                lines.push(format!("决定：{by}{signer} {}{served}", show_day(on)));
            }
            lines.push(match (&a.appeal, &a.appeal_by) {
                (Some(appeal), _) => format!("申诉：已提出 {}，期间不停止执行", teller.name(*appeal)),
                (None, Some(due)) if due.day >= world.today() => {
                    format!(
                        "申诉：{} 前可提出（本事项菜单里的“申诉”），由上一级复核",
                        show_day(due.day)
                    )
                }
                (None, Some(due)) => format!("申诉：期限已于 {} 届满", show_day(due.day)),
                (None, None) => "申诉：送达之日起一个月内可提出".to_owned(),
            });
            if let Some(due) = &a.due {
                let (left, _) = teller.left(due);
                lines.push(format!("轮到：{}，{} {left}", waiting_for(due.owner), teller.owed(due)));
            }
        }
        other => {
            let (organ, document) = (other.text("organ"), other.text("document"));
            lines.push(format!("来源：外机关处理 {} {}", other.code(), teller.title(other)));
            lines.push(format!("决定：{organ} {document}").trim_end().to_owned());
            lines.push("申诉：向作出决定的机关提出".to_owned());
        }
    }
    lines
}

/// The matters about him that are not over.
fn live(others: &[(StreamId, Vec<Past>)], world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let line = |(stream, _): &(StreamId, Vec<Past>)| {
        let state = world.state(*stream)?;
        let due = state.due()?;
        if matches!(&*state, State::RiskPoint(_)) {
            return None;
        }
        let (left, _) = teller.left(due);
        let stage = state.stage_label(world.policy().flow);
        let whose = waiting_for(due.owner);
        Some(format!(
            "{} {stage} {left} {whose} {}",
            state.code(),
            short(&teller.title(&state))
        ))
    };
    others.iter().filter_map(line).collect()
}

fn short(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(30).collect();
    if chars.next().is_some() {
        format!("{head}…")
    } else {
        head
    }
}

fn timeline(person: StreamId, own: &[Past], others: &[(StreamId, Vec<Past>)], world: &dyn World) -> Vec<Step> {
    let known = identity::aliases(person, world);
    let mut lines: Vec<Line> = own
        .iter()
        .map(|past| Line {
            day: past.happened,
            step: Step {
                act: (!past.undone).then(|| past.number.to_string()),
                ..told(past, "名录", &past.text)
            },
        })
        .collect();
    for (stream, pasts) in others {
        let Some(state) = world.state(*stream) else { continue };
        match state.kind() {
            "appointment" => lines.extend(service(*stream, &state, world)),
            _ => lines.extend(of_matter(*stream, &state, pasts, world)),
        }
        for span in state.restrictions().iter().filter(|span| known.contains(&span.subject)) {
            lines.push(border(*stream, state.code(), span.from, true, span.act.label(), world));
            if let Some(to) = span.to {
                lines.push(border(*stream, state.code(), to, false, span.act.label(), world));
            }
        }
    }
    lines.sort_by_key(|line| line.day);
    joined(lines)
}

fn told(past: &Past, kind: &str, text: &str) -> Step {
    let undone = if past.undone { "（已撤回）" } else { "" };
    let late = if past.late { "〔补录〕" } else { "" };
    Step {
        day: show_day(past.happened),
        who: past.who.clone(),
        label: format!("{kind} {}{undone}{late}", past.label),
        text: text.to_owned(),
        ..Step::default()
    }
}

/// What happened to one matter; its first line says what it is about. Of a point only that it was found.
fn of_matter(stream: StreamId, state: &State, pasts: &[Past], world: &dyn World) -> Vec<Line> {
    let teller = Teller::new(world);
    let kind = world
        .sheets()
        .get(state.kind())
        .map_or("事项", |sheet| sheet.label.as_str());
    let kind = match state {
        State::Admonition(a) => a.kind.label(),
        _ => kind,
    };
    let most = if matches!(state, State::RiskPoint(_)) {
        1
    } else {
        pasts.len()
    };
    let line = |(at, past): (usize, &Past)| {
        let text = if at == 0 {
            format!("{} {}", state.code(), short(&teller.title(state)))
        } else {
            format!("{} {}", state.code(), past.text)
        };
        Line {
            day: past.happened,
            step: Step {
                opens: Some(stream.to_string()),
                ..told(past, kind, text.trim_end())
            },
        }
    };
    pasts.iter().take(most).enumerate().map(line).collect()
}

/// The first and the last day of an appointment.
fn service(stream: StreamId, state: &State, world: &dyn World) -> Vec<Line> {
    let title = Teller::new(world).title(state);
    let day = |field: &str| state.text(field).parse::<NaiveDate>().ok();
    let line = |day: NaiveDate, label: &str| Line {
        day,
        step: Step {
            day: show_day(day),
            label: label.to_owned(),
            text: title.clone(),
            pending: day > world.today(),
            opens: Some(stream.to_string()),
            ..Step::default()
        },
    };
    let begun = day("from").map(|day| line(day, "任职"));
    let ended = day("to").map(|day| line(day, "任职止"));
    begun.into_iter().chain(ended).collect()
}

/// The first day of a restriction, or the first day without it.
fn border(stream: StreamId, code: &str, day: NaiveDate, begins: bool, act: &str, world: &dyn World) -> Line {
    let shown = if begins { day } else { last_day(day) };
    Line {
        day: shown,
        step: Step {
            day: show_day(shown),
            label: if begins { "限制开始" } else { "限制截止" }.to_owned(),
            who: code.to_owned(),
            text: format!("不得{act}"),
            pending: shown > world.today(),
            opens: Some(stream.to_string()),
            ..Step::default()
        },
    }
}

/// Borders of one matter on one day are one line: 不得提拔、调动、评先评优.
fn joined(lines: Vec<Line>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for Line { step, .. } in lines {
        let act = step
            .text
            .strip_prefix("不得")
            .filter(|_| step.label.starts_with("限制"));
        let same = steps
            .iter_mut()
            .find(|one| act.is_some() && (&one.day, &one.label, &one.opens) == (&step.day, &step.label, &step.opens));
        match (same, act) {
            (Some(one), Some(act)) => one.text.push_str(&format!("、{act}")),
            _ => steps.push(step),
        }
    }
    steps
}
