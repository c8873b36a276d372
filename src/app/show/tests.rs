#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::store::{Progress, Slot};
use crate::domain::testing::Story;
use crate::domain::{Act, Verb};

/// Does an act and adds what it wrote to one stream's history.
fn step(story: &mut Story, past: &mut Vec<Past>, act: Act) -> StreamId {
    let outcome = story.when(act).unwrap();
    let stream = outcome.events[0].stream;
    let mine = outcome.events.iter().filter(|new| new.stream == stream);
    past.extend(mine.map(|new| {
        let told = Teller::new(&*story).tell(&new.event);
        Past {
            happened: outcome.happened,
            label: told.label,
            event: Some(new.event.clone()),
            ..Past::default()
        }
    }));
    stream
}

#[test]
fn a_warning_shows_where_it_stands_and_what_can_be_done() {
    let mut story = Story::new();
    story.record(
        "unit",
        &[("name", "城建局"), ("kind", "department"), ("organ_line", "government")],
    );
    let mut past = Vec::new();
    let register = Act::new(Verb::Register, vec![])
        .with("source", "public")
        .with("unit", "城建局")
        .with("content", "隧道工程变更未报批即施工");
    let stream = step(&mut story, &mut past, register);
    step(
        &mut story,
        &mut past,
        Act::new(Verb::Assess, vec![stream]).with("grade", "orange"),
    );
    let detail = detail(stream, &past, &story).unwrap();
    assert_eq!(detail.grade, Some(Tint::Orange));
    let marks: Vec<Progress> = detail.procedure.iter().map(|(_, p)| *p).collect();
    assert_eq!(marks[..3], [Progress::Done, Progress::Done, Progress::Now]);
    let next = &detail.actions[0];
    assert_eq!(
        (next.verb.as_str(), next.slot, &next.reason),
        ("release", Slot::Next, &None)
    );
    let adjust = detail.actions.iter().find(|a| a.slot == Slot::Grade).unwrap();
    assert_eq!(adjust.reason, None);
    assert!(detail.actions.iter().any(|a| a.verb == "lift" && a.reason.is_some()));
    let labels: Vec<&str> = detail.timeline.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels[..2], ["登记", "评估"]);
    assert!(detail.timeline.last().unwrap().pending);
    let shown = |label: &str| detail.fields.iter().find(|(l, _)| l == label).map(|(_, v)| v.as_str());
    assert_eq!(
        (shown("环节"), shown("主办"), shown("单位")),
        (Some("待发布"), Some("区纪委监察局"), Some("城建局"))
    );
}
