//! The line at the top of a matter: what is done, what is on, what is to come.

use super::Past;
use crate::app::store::Progress;
use crate::domain::admonition::{Admonition, AdmonitionStage as A};
use crate::domain::event::Event;
use crate::domain::point::PointStage as P;
use crate::domain::warning::WarningStage as W;
use crate::domain::{Instrument, State};

/// The steps of a matter's procedure; none for plain records.
pub fn procedure(state: &State, past: &[Past]) -> Vec<(String, Progress)> {
    match state {
        // the five systems (R082–R086)
        State::Warning(w) => {
            let now = match w.stage {
                W::Registered => 1,
                W::Assessed => 2,
                W::Released | W::Served => 3,
                W::Rectifying | W::FeedbackGiven | W::Verified => 4,
                W::Lifted => 5,
                // ended on the way: what was done stays done, nothing is to come
                _ => return ended(&["报送", "评估", "发布", "预警", "反馈"], past, w.stage.label()),
            };
            line(&["报送", "评估", "发布", "预警", "反馈"], now)
        }
        State::RiskPoint(p) => {
            let now = match p.stage {
                P::Draft | P::Returned => 0,
                P::Submitted | P::UnitReviewed | P::Appraised => 1,
                P::Graded | P::Published | P::Monitored => 2,
                P::Resolved => 3,
                P::Discharged => 4,
                P::Merged | P::Retired | P::Void => return vec![(p.stage.label().to_owned(), Progress::Done)],
            };
            line(&["草拟", "定级", "在控", "销号"], now)
        }
        State::Admonition(a) => admonition(a),
        _ => Vec::new(),
    }
}

fn line(labels: &[&str], now: usize) -> Vec<(String, Progress)> {
    let progress = |at: usize| match at.cmp(&now) {
        std::cmp::Ordering::Less => Progress::Done,
        std::cmp::Ordering::Equal => Progress::Now,
        std::cmp::Ordering::Greater => Progress::Ahead,
    };
    labels
        .iter()
        .enumerate()
        .map(|(at, label)| ((*label).to_owned(), progress(at)))
        .collect()
}

fn ended(labels: &[&str], past: &[Past], word: &str) -> Vec<(String, Progress)> {
    let done = |happened: fn(&Event) -> bool| past.iter().filter_map(Past::event).any(happened);
    let reached = [
        true,
        done(|e| matches!(e, Event::WarningAssessed { .. })),
        done(|e| matches!(e, Event::WarningReleased { .. })),
        done(|e| matches!(e, Event::WarningServed { .. })),
        done(|e| matches!(e, Event::FeedbackGiven { .. })),
    ];
    let steps = labels.iter().zip(reached).filter(|(_, reached)| *reached);
    let mut steps: Vec<(String, Progress)> = steps.map(|(label, _)| ((*label).to_owned(), Progress::Done)).collect();
    steps.push((word.to_owned(), Progress::Now));
    steps
}

/// A dated checklist rather than a chain: the statement and the talk may come late, but must come.
fn admonition(a: &Admonition) -> Vec<(String, Progress)> {
    let mut steps = vec![("提出", true)];
    let terms = a.kind.terms();
    let heard = matches!(a.kind, Instrument::Correction | Instrument::FormalAdmonition);
    if !a.restricts.is_empty() {
        steps.push(("责任人", !a.responsible.is_empty()));
    }
    if terms.weighed {
        let w = &a.weighed;
        let all = w.cause.is_some() && w.circumstance.is_some() && w.attitude.is_some();
        steps.push(("情节", all));
    }
    if heard || terms.step >= Some(2) || a.heard_on.is_some() {
        steps.push(("说明", a.heard_on.is_some()));
    }
    steps.push(("批准", a.approved_on.is_some()));
    steps.push(("送达", a.served_on.is_some()));
    if heard {
        steps.push(("谈话", a.talked_on.is_some()));
    }
    steps.push((
        "反馈",
        a.reported_on.is_some() || matches!(a.stage, A::Verified | A::Lifted),
    ));
    steps.push(("解除", a.stage == A::Lifted));
    let mut now = !a.stage.live();
    let mut line: Vec<(String, Progress)> = Vec::new();
    for (label, done) in steps {
        let progress = match (done, now) {
            (true, _) => Progress::Done,
            (false, false) => {
                now = true;
                Progress::Now
            }
            (false, true) => Progress::Ahead,
        };
        line.push((label.to_owned(), progress));
    }
    if !a.stage.live() && a.stage != A::Lifted {
        line.push((a.stage.label().to_owned(), Progress::Now));
    }
    line
}
