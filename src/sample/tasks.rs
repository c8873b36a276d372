//! 指委会 tasks of the sample (R012): issued, reported, judged; some late, some executed poorly.

use chrono::Days;

use super::agenda::Step;
use super::material::{AdmonishPlan, TaskPlan};
use super::warnings::Teller;
use crate::domain::{Act, AdmonitionTrigger, Instrument, UnitKind, Verb};

/// Tasks beside those that an admonition comes from.
const TASKS: usize = 44;

/// Issues tasks to units and takes them through.
pub fn tasks(teller: &mut Teller) {
    let district = teller.district;
    let places = &district.places;
    let units: Vec<usize> = (0..places.units.len())
        .filter(|u| places.units[*u].kind != UnitKind::Community)
        .collect();
    let plans: &[TaskPlan] = &teller.stories.task;
    for n in 0..TASKS {
        let plan = &plans[n % plans.len()];
        let unit = units[(n * 11 + 3) % units.len()];
        let name = format!("{}/{}/{n}", plan.title, places.units[unit].name);
        // (issued, term, reported, closed), in working days ago.
        let (issued, term, reported, closed) = match n % 8 {
            0 => (18, 15, None, None),
            1 => (12, 13, None, None),
            2 => (3, 20, None, None),
            3 => (14, 12, Some(1), None),
            4 => (24, 15, Some(8), None),
            _ => (40 + i64::try_from(n).unwrap_or(0), 15, Some(30), Some(27)),
        };
        issue(teller, plan, unit, &name, issued, term);
        if n % 8 == 0 {
            let remind = Act::new(Verb::Remind, Vec::new()).with("text", "已到时限，请尽快报送完成情况");
            teller.agenda.add(Step::new(teller.days.back(2), remind).to(&name));
        }
        if let Some(ago) = reported {
            report(teller, &name, ago);
        }
        if let Some(ago) = closed {
            let outcome = if n % 16 == 7 { "late" } else { "done" };
            close(teller, &name, ago, outcome);
        }
    }
}

/// The task behind a 诫勉督导: executed late or poorly, closed the day before it was proposed.
///
/// Judging it proposes the 诫勉督导, which is then called as the plan is. False where there is none.
pub fn behind(teller: &mut Teller, plan: &AdmonishPlan, n: usize) -> bool {
    if plan.kind != Instrument::Supervision {
        return false;
    }
    let Some(post) = teller.district.places.find(&plan.at) else {
        return false;
    };
    let unit = teller.district.places.posts[post].unit;
    let plans: &[TaskPlan] = &teller.stories.task;
    let of = &plans[(n * 3) % plans.len()];
    let name = format!("{}/{}/督导{n}", of.title, teller.district.places.units[unit].name);
    issue(teller, of, unit, &name, plan.ago + 26, 15);
    let remind = Act::new(Verb::Remind, Vec::new()).with("text", "任务已超期，请说明原因并尽快完成");
    teller
        .agenda
        .add(Step::new(teller.days.back(plan.ago + 8), remind).to(&name));
    report(teller, &name, plan.ago + 7);
    let outcome = if plan.trigger == AdmonitionTrigger::TaskPoor {
        "poor"
    } else {
        "late"
    };
    let judged = Act::new(Verb::CloseTask, Vec::new())
        .with("outcome", outcome)
        .with("opinion", plan.facts.as_str());
    let step = Step::new(teller.days.back(plan.ago + 1), judged).to(&name);
    teller
        .agenda
        .add(step.gives("admonition", &super::admonitions::name_of(plan)));
    true
}

fn issue(teller: &mut Teller, plan: &TaskPlan, unit: usize, name: &str, ago: i64, term: u32) {
    let district = teller.district;
    let day = teller.days.back(ago);
    let due = teller.days.calendar.add_workdays(day, term).day;
    let act = Act::new(Verb::IssueTask, Vec::new())
        .with("title", plan.title.as_str())
        .with("kind", plan.kind.id())
        .with("unit", district.id("unit", unit).to_string())
        .with("due", due.max(day + Days::new(1)).to_string())
        .with("content", format!("{}，并于时限内报送完成情况和佐证材料。", plan.title))
        .with(
            "responsible",
            district.id("person", district.places.units[unit].head).to_string(),
        );
    teller.agenda.add(Step::new(day, act).gives("task", name));
}

fn report(teller: &mut Teller, name: &str, ago: i64) {
    let act = Act::new(Verb::ReportTask, Vec::new()).with("result", "已按要求完成，台账和佐证材料已报送");
    teller.agenda.add(Step::new(teller.days.back(ago), act).to(name));
}

fn close(teller: &mut Teller, name: &str, ago: i64, outcome: &str) {
    let opinion = match outcome {
        "done" => "按时完成，材料齐全",
        "late" => "完成时间超过时限，催办后才报送",
        _ => "完成质量不高，主要内容未落实",
    };
    let act = Act::new(Verb::CloseTask, Vec::new())
        .with("outcome", outcome)
        .with("opinion", opinion);
    teller.agenda.add(Step::new(teller.days.back(ago), act).to(name));
}
