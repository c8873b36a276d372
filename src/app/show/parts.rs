//! What hangs on a matter: measures, points, admonitions, restrictions, papers waiting for a signature.

use crate::domain::day::show_day;
use crate::domain::restriction::{last_day, overlay_note};
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{State, StreamId};

/// Lists of lines, each with its title; empty ones are left out by the drawing.
pub fn sections(stream: StreamId, state: &State, world: &dyn World) -> Vec<(String, Vec<String>)> {
    let referring = |kind: &str, relation: &str| lines(&world.referrers(kind, relation, stream), world);
    let mut sections = vec![("待回签".to_owned(), waiting(stream, world))];
    match state {
        State::Warning(w) => {
            let person = state.reference("person");
            sections.push(("对象受限".into(), restricted(person.as_slice(), world)));
            sections.push(("关联风险点".into(), lines(&w.points, world)));
            sections.push(("由此提出的诫勉".into(), referring("admonition", "origin")));
            sections.push(("由此提出的问责".into(), referring("accountability", "origin")));
        }
        State::RiskPoint(_) => {
            sections.push(("防范措施".into(), measures(stream, world)));
            sections.push(("预警".into(), referring("warning", "point")));
            sections.push(("诫勉".into(), referring("admonition", "origin")));
        }
        State::Admonition(a) => {
            let people = a.responsible.iter().filter_map(|named| named.person);
            let subjects: Vec<StreamId> = people.chain(a.unit_wide.then_some(a.unit)).collect();
            sections.push(("限制".into(), restricted(&subjects, world)));
            sections.push(("申诉".into(), referring("appeal", "target")));
            let mut next = referring("admonition", "origin");
            next.extend(referring("accountability", "origin"));
            sections.push(("后续处理".into(), next));
            sections.push((
                "起因".into(),
                a.origin.map(|origin| lines(&[origin], world)).unwrap_or_default(),
            ));
        }
        State::Record(r) if r.register == "person" => {
            sections.push(("限制".into(), super::person::why(stream, world)));
        }
        State::Record(r) if r.register == "unit" => {
            sections.push(("限制".into(), restricted(&[stream], world)));
        }
        State::Record(r) if r.register == "outside_decision" => {
            let person = state.reference("person");
            sections.push(("限制".into(), restricted(person.as_slice(), world)));
        }
        State::Record(_) => {
            let person = state.reference("person");
            sections.push(("此人的限制".into(), restricted(person.as_slice(), world)));
        }
        State::Appeal(a) => sections.push(("原决定".into(), lines(&[a.against], world))),
        State::ApprovalSheet(s) => sections.push(("所列事项".into(), lines(&s.proposals, world))),
        _ => {}
    }
    sections
}

/// One line a matter: number, grade, where it stands, what it is.
pub fn lines(streams: &[StreamId], world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let line = |stream: &StreamId| {
        let state = world.state(*stream)?;
        let grade = state.grade().map(|g| format!(" [{}]", g.label())).unwrap_or_default();
        let stage = state.stage_label(world.policy().flow);
        let stage = if stage.is_empty() {
            String::new()
        } else {
            format!(" {stage}")
        };
        let title = teller.title(&state);
        let mut head: String = title.chars().take(40).collect();
        if head.len() < title.len() {
            head.push('…');
        }
        let title = head;
        Some(format!("{}{grade}{stage} {title}", state.code()))
    };
    streams.iter().filter_map(line).collect()
}

fn measures(point: StreamId, world: &dyn World) -> Vec<String> {
    let found = lines(&world.referrers("measure", "point", point), world);
    if found.is_empty() {
        vec!["（还没有防范措施）".to_owned()]
    } else {
        found
    }
}

/// What these people and units may not do, and what `national_overlay` adds here.
pub fn restricted(subjects: &[StreamId], world: &dyn World) -> Vec<String> {
    let mut lines: Vec<String> = subjects.iter().flat_map(|s| restrictions(*s, world)).collect();
    if !lines.is_empty() {
        lines.push(overlay_note(world.policy()));
    }
    lines
}

/// What a person or unit may not do, from when, and by what.
fn restrictions(person: StreamId, world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let mut out: Vec<String> = Vec::new();
    let mut seen: Vec<StreamId> = Vec::new();
    let mut all = world.restrictions(person, world.today());
    all.sort_by_key(|restriction| restriction.act);
    for first in &all {
        if seen.contains(&first.source) {
            continue;
        }
        seen.push(first.source);
        let acts: Vec<&str> = all
            .iter()
            .filter(|r| r.source == first.source)
            .map(|r| r.act.label())
            .collect();
        let until = first
            .to
            .map_or("解除为止".to_owned(), |to| format!("{} 止", show_day(last_day(to))));
        let (name, source) = (teller.name(person), teller.name(first.source));
        out.push(format!(
            "{name}：不得{}，自 {} 起，{until}（{source}）",
            acts.join("、"),
            show_day(first.from)
        ));
    }
    out
}

/// Acts on this matter that wait for a signature.
fn waiting(stream: StreamId, world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let line = |proposal: StreamId| match &*world.state(proposal)? {
        State::Proposal(p) if p.stage.open() => {
            let body = teller.body(p.deciding_body);
            let sheet = p.sheet.map(|sheet| teller.name(sheet)).unwrap_or_default();
            let reason = if p.reason.is_empty() {
                String::new()
            } else {
                format!("：{}", p.reason)
            };
            Some(format!(
                "{} {}，报 {body}，{sheet} {}{reason}",
                p.code,
                p.act.verb.label(),
                show_day(p.made_on)
            ))
        }
        _ => None,
    };
    world
        .referrers("proposal", "target", stream)
        .into_iter()
        .filter_map(line)
        .collect()
}
