//! One report as triage lays it before the two who judge it, and what else came in about a unit.

use chrono::{Days, NaiveDate};

use super::parts::{lines, restricted};
use crate::app::forms::{numbered, plain};
use crate::app::store::{Choice, Report};
use crate::domain::day::{show_day, show_day_cn};
use crate::domain::telling::Teller;
use crate::domain::vocabulary::UpperOffice;
use crate::domain::warning::{Warning, WarningStage};
use crate::domain::world::World;
use crate::domain::{Availability, BodyRef, State, StreamId, Verb, available};

/// How far back other reports are looked for.
const RECENT: Days = Days::new(90);
/// Matters of one unit looked through at most, the newest first.
const LOOKED_AT: usize = 200;
/// Lines of one kind shown.
const SHOWN: usize = 9;

/// Verbs a verdict may need.
const VERBS: [Verb; 8] = [
    Verb::Assess,
    Verb::NoWarning,
    Verb::RejectReport,
    Verb::Merge,
    Verb::PassUp,
    Verb::HandOver,
    Verb::ReferClue,
    Verb::Release,
];

/// How urgent a report is: what was typed at registration, then its deadline.
pub fn urgency(warning: &Warning) -> (u8, Option<NaiveDate>) {
    use crate::domain::vocabulary::Urgency::{Critical, Normal, Urgent};
    let first = match warning.urgency {
        Critical => 0,
        Urgent => 1,
        Normal => 2,
    };
    (first, warning.due.as_ref().map(|due| due.day))
}

/// A report; `None` when it waits for a verdict no longer.
pub fn report(stream: StreamId, world: &dyn World) -> Option<Report> {
    let state = world.state(stream)?;
    let State::Warning(warning) = &*state else { return None };
    if warning.stage != WarningStage::Registered {
        return None;
    }
    let teller = Teller::new(world);
    let unit = state.reference("unit");
    let post = state.reference("post");
    let person = state.reference("person");
    let others = recent(unit, Some(stream), world);
    let live: Vec<StreamId> = match post {
        Some(post) => world.referrers("warning", "post", post),
        None => unit
            .map(|unit| world.referrers("warning", "unit", unit))
            .unwrap_or_default(),
    };
    let live: Vec<StreamId> = live
        .into_iter()
        .rev()
        .take(LOOKED_AT)
        .filter(|other| *other != stream && is_live(*other, world))
        .take(SHOWN)
        .collect();
    let mut merge = live.clone();
    merge.extend(
        others
            .iter()
            .filter(|other| is_live(**other, world) && !live.contains(other)),
    );
    merge.truncate(SHOWN);
    let similar: Vec<StreamId> = others
        .into_iter()
        .filter(|other| !live.contains(other))
        .take(SHOWN)
        .collect();
    let mut fields = vec![("主办".to_owned(), teller.body(warning.duties.lead))];
    if let Some(sheet) = world.sheets().get("warning") {
        for field in sheet.fields.iter().filter(|field| {
            ["source", "received_on", "unit", "post", "person", "receiver"].contains(&field.id.as_str())
        }) {
            let value = teller.value(field, &state.value(&field.id));
            if !value.is_empty() {
                fields.push((field.label.clone(), value));
            }
        }
    }
    fields.push(("可信度、可能性、危害性".into(), "未逐项评分".into()));
    let subjects: Vec<StreamId> = person.into_iter().chain(unit).collect();
    let refused = VERBS.iter().filter_map(|verb| match available(*verb, stream, world) {
        Availability::Yes => None,
        Availability::No(reason) => Some((verb.id().to_owned(), plain(&reason))),
    });
    Some(Report {
        stream: stream.to_string(),
        version: world.version(stream),
        code: warning.code.clone(),
        urgency: warning.urgency.label().to_owned(),
        due: warning.due.as_ref().map(|due| teller.left(due).0).unwrap_or_default(),
        fields,
        content: state.text("content"),
        live: lines(&live, world),
        similar: lines(&similar, world),
        restrictions: restricted(&subjects, world),
        merge: targets(&merge, world),
        upward: upward(warning.duties.lead),
        until: until(world),
        receiver: teller.body(BodyRef::Discipline),
        refused: refused.collect(),
    })
}

/// Reports about a unit of the last 90 days, the newest first.
pub fn recent(unit: Option<StreamId>, but: Option<StreamId>, world: &dyn World) -> Vec<StreamId> {
    let Some(unit) = unit else { return Vec::new() };
    let since = world.today().checked_sub_days(RECENT).unwrap_or_default();
    let is_recent = |stream: &StreamId| {
        let Some(state) = world.state(*stream) else {
            return false;
        };
        let received = state.text("received_on");
        let counts = !matches!(&*state, State::Warning(w) if w.stage == WarningStage::Void);
        counts && received.parse::<NaiveDate>().is_ok_and(|day| day >= since)
    };
    let all = world.referrers("warning", "unit", unit);
    let mut found: Vec<StreamId> = all.into_iter().rev().take(LOOKED_AT).collect();
    found.retain(|stream| Some(*stream) != but && is_recent(stream));
    found
}

/// Matters a report may be merged into, numbered.
pub fn targets(streams: &[StreamId], world: &dyn World) -> Vec<Choice> {
    let labels = lines(streams, world);
    let ids: Vec<String> = streams.iter().map(StreamId::to_string).collect();
    let pairs = ids.iter().zip(&labels).map(|(id, label)| (id.as_str(), label.as_str()));
    numbered(pairs.take(SHOWN))
}

/// Whether a warning stands in a queue.
pub fn is_live(stream: StreamId, world: &dyn World) -> bool {
    matches!(world.state(stream).as_deref(), Some(State::Warning(w)) if w.stage.live())
}

fn upward(lead: BodyRef) -> Vec<Choice> {
    let above = UpperOffice::ALL.iter().filter(|office| match office {
        UpperOffice::Discipline => lead != BodyRef::Discipline,
        UpperOffice::SteeringOffice => lead != BodyRef::SteeringOffice,
    });
    numbered(above.map(|office| (office.id(), office.label())))
}

/// The next working day, three and five working days on, a month.
fn until(world: &dyn World) -> Vec<Choice> {
    let (today, calendar) = (world.today(), world.calendar());
    let days = [
        ("明日", calendar.add_workdays(today, 1).day),
        ("三个工作日后", calendar.add_workdays(today, 3).day),
        ("五个工作日后", calendar.add_workdays(today, 5).day),
        ("二十个工作日后", calendar.add_workdays(today, 20).day),
    ];
    let rows: Vec<(String, String)> = days
        .iter()
        .map(|(label, day)| (show_day(*day), format!("{label}（{}）", show_day_cn(*day))))
        .collect();
    numbered(rows.iter().map(|(id, label)| (id.as_str(), label.as_str())))
}
