//! The 三诫勉 of the sample: each walks as far as its table says.

use chrono::NaiveDate;

use super::agenda::Step;
use super::material::{AdmonishPlan, Course, broken};
use super::warnings::Teller;
use crate::domain::{Act, Fault, Instrument, Verb};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Name,
    Hear,
    Await,
    Approve,
    Serve,
    Talk,
    Plan,
    Extend,
    Progress,
    Report,
    Fail,
    Pass,
    Lift,
    Reject,
    Revoke,
}

/// Steps with the working days that lie between the proposal and them.
type Chain = &'static [(i64, Deed)];

use Deed::{Approve, Await, Extend, Fail, Hear, Lift, Name, Pass, Plan, Progress, Reject, Report, Revoke, Serve, Talk};

const CORRECTION: Chain = &[
    (1, Name),
    (2, Hear),
    (4, Approve),
    (5, Serve),
    (6, Talk),
    (8, Plan),
    (15, Progress),
    (25, Report),
    (28, Pass),
    (30, Lift),
];
const SUPERVISION: Chain = &[
    (1, Name),
    (1, Hear),
    (2, Approve),
    (3, Serve),
    (5, Plan),
    (8, Progress),
    (18, Report),
    (21, Pass),
    (23, Lift),
];
const REMINDER: Chain = &[
    (2, Approve),
    (3, Serve),
    (4, Talk),
    (5, Plan),
    (10, Report),
    (12, Pass),
    (13, Lift),
];

/// A 诫勉纠错 that a raise brought, `ago` working days ago.
pub fn correction(teller: &mut Teller, name: &str, course: Course, ago: i64, responsible: usize, verifiers: &[usize]) {
    walk(
        teller,
        name,
        Instrument::Correction,
        course,
        ago,
        responsible,
        verifiers,
    );
}

/// A 诫勉提醒 or 诫勉督导; a 督导 was proposed by the rules when the task `behind` it was judged.
pub fn admonish(teller: &mut Teller, plan: &AdmonishPlan, behind: bool) -> Result<(), Fault> {
    let post = teller.district.places.find(&plan.at);
    let post = post.ok_or_else(|| broken("stories", &format!("没有岗位“{}”", plan.at)))?;
    let unit = teller.district.places.posts[post].unit;
    let name = name_of(plan);
    let act = Act::new(Verb::Admonish, Vec::new())
        .with("kind", plan.kind.id())
        .with("trigger", plan.trigger.id())
        .with("unit", teller.district.id("unit", unit).to_string())
        .with("responsible", teller.district.holders(&[post]))
        .with("facts", plan.facts.as_str());
    if !behind {
        let step = Step::new(teller.days.back(plan.ago), act).gives("admonition", &name);
        teller.agenda.add(step);
    }
    let grade = crate::domain::Grade::Orange;
    let verifiers = teller.district.cast(post, grade, &mut teller.dice).verifiers;
    walk(teller, &name, plan.kind, plan.state, plan.ago, post, &verifiers);
    Ok(())
}

/// What a planned admonition is called on the agenda.
pub fn name_of(plan: &AdmonishPlan) -> String {
    format!("{}/{}/{}", plan.kind.label(), plan.at, plan.ago)
}

fn walk(
    teller: &mut Teller,
    name: &str,
    kind: Instrument,
    course: Course,
    ago: i64,
    responsible: usize,
    verifiers: &[usize],
) {
    for (after, deed) in steps(kind, course) {
        let day = teller.days.back((ago - after).max(0));
        let act = act(teller, kind, deed, day, (ago - after).max(0), responsible, verifiers);
        let sheet = format!("{name}/呈批");
        teller
            .agenda
            .add(Step::new(day, act).to(name).gives("approval_sheet", &sheet));
    }
}

fn steps(kind: Instrument, course: Course) -> Vec<(i64, Deed)> {
    let chain = match kind {
        Instrument::Correction => CORRECTION,
        Instrument::Supervision => SUPERVISION,
        _ => REMINDER,
    };
    let through = |last: Deed| -> Vec<(i64, Deed)> {
        let end = chain.iter().position(|(_, d)| *d == last).map_or(0, |i| i + 1);
        chain[..end].to_vec()
    };
    let at = |deed: Deed| chain.iter().find(|(_, d)| *d == deed).map_or(0, |(after, _)| *after);
    let before_approval = || {
        let end = chain.iter().position(|(_, d)| *d == Approve).unwrap_or(0);
        chain[..end].to_vec()
    };
    let with = |mut steps: Vec<(i64, Deed)>, more: &[(i64, Deed)]| {
        steps.extend_from_slice(more);
        steps
    };
    match course {
        Course::Proposed => Vec::new(),
        Course::Named => through(Name),
        Course::Heard => through(Hear),
        Course::Waiting => with(before_approval(), &[(at(Approve) - 1, Await)]),
        Course::Approved => through(Approve),
        Course::Served => through(Serve),
        Course::Planned => through(if kind == Instrument::Reminder { Plan } else { Progress }),
        Course::Extended => with(through(Progress), &[(at(Report) - 6, Extend)]),
        Course::Reported => through(Report),
        Course::Again => with(through(Report), &[(at(Pass), Fail)]),
        Course::Verified => through(Pass),
        Course::Lifted => through(Lift),
        Course::Failed => {
            let fail = at(Pass);
            with(through(Report), &[(fail, Fail), (fail + 6, Report), (fail + 8, Fail)])
        }
        Course::Rejected => with(before_approval(), &[(at(Approve), Reject)]),
        Course::Revoked => with(through(Plan), &[(at(Plan) + 2, Revoke)]),
    }
}

fn act(
    teller: &mut Teller,
    kind: Instrument,
    deed: Deed,
    day: NaiveDate,
    ago: i64,
    responsible: usize,
    verifiers: &[usize],
) -> Act {
    let district = teller.district;
    let stories = teller.stories;
    let mut phrase = |table: &str| {
        stories
            .admonition
            .get(table)
            .map_or(String::new(), |l| teller.dice.phrase(l).to_owned())
    };
    let plain = |verb: Verb| Act::new(verb, Vec::new());
    let signed = |verb: Verb| Act::new(verb, Vec::new()).signed();
    match deed {
        Name => plain(Verb::NameResponsible).with("responsible", district.holders(&[responsible])),
        Hear => plain(Verb::Hear).with("statement", phrase("statements")),
        Await => plain(Verb::Approve).with("opinion", "提请批准"),
        Approve => signed(Verb::Approve).with("opinion", "同意"),
        Serve => plain(Verb::Serve).with("received_by", district.places.people[responsible].name.as_str()),
        Talk => plain(Verb::Talk)
            .with("talkers", district.holders(verifiers))
            .with("recorder", district.holders(&verifiers[1..]))
            .with("content", phrase("talks")),
        Plan => plain(Verb::FilePlan).with("plan", phrase("plans")),
        Progress => plain(Verb::Progress).with("text", "督导回访：措施正在逐条落实"),
        Report => plain(Verb::Feedback).with("result", phrase("reports")),
        Fail | Pass => plain(Verb::Verify)
            .with("passed", deed == Pass)
            .with("verifiers", district.holders(verifiers))
            .with("method", "check")
            .with(
                "opinion",
                phrase(if deed == Pass { "verify_pass" } else { "verify_fail" }),
            ),
        Lift => signed(Verb::Lift).with("opinion", "同意解除"),
        Reject => signed(Verb::Reject).with("reason", phrase("rejected")),
        Revoke => signed(Verb::Revoke).with("reason", "作出决定所依据的事实有误，予以撤销"),
        Extend => {
            // The period began with the service; the extension adds what the policy allows.
            let chain = if kind == Instrument::Correction {
                CORRECTION
            } else {
                SUPERVISION
            };
            let after = |wanted: Deed| chain.iter().find(|(_, d)| *d == wanted).map_or(0, |(n, _)| *n);
            let served = teller.days.back(ago + after(Report) - 6 - after(Serve));
            let length = teller
                .days
                .length(&format!("{}.correct", kind.id()), crate::domain::Grade::Yellow);
            let more = teller.days.policy.rules(kind).extension_days;
            let add = |from: NaiveDate, n: u32| teller.days.calendar.add_workdays(from, n).day;
            let due = add(served.min(day), u32::try_from(length).unwrap_or(1));
            signed(Verb::Extend)
                .with("to", add(due, more.value).to_string())
                .with("reason", phrase("extension"))
        }
    }
}
