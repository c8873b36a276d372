//! Warnings of the sample: each walks the five systems as far as its table says, counted back from today.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::json;

use super::District;
use super::admonitions;
use super::agenda::{Agenda, Step, Workdays};
use super::cast::Cast;
use super::dice::Dice;
use super::material::{Fate, Raise, Report, Stories};
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Decision, Fault, Grade, LateReason, Verb};

/// Everything a story is told from.
pub struct Teller<'a> {
    /// The district.
    pub district: &'a District,
    /// The phrases.
    pub stories: &'a Stories,
    /// The days.
    pub days: Workdays<'a>,
    /// Chance.
    pub dice: Dice,
    /// What is to happen.
    pub agenda: &'a mut Agenda,
}

/// One step of the chain, so many working days ago.
type Line = (i64, Deed);

#[derive(Debug, Clone, Copy)]
enum Deed {
    Register,
    Assess,
    Return,
    Release,
    Serve,
    Plan,
    Progress,
    Extend,
    Escalate(Raise, u8),
    Feedback,
    Fail,
    Pass,
    Lift,
    Reopen,
    Reject,
    Decline,
    Merge,
    Withdraw,
    AwaitRelease,
    AwaitRaise,
    AskRaise,
    AwaitLift,
    StayLift,
}

impl Teller<'_> {
    /// A phrase of a table.
    pub fn phrase(&mut self, table: &str) -> String {
        self.stories
            .rectify
            .get(table)
            .map_or(String::new(), |list| self.dice.phrase(list).to_owned())
    }

    /// Tells one report.
    pub fn warning(&mut self, report: &Report) -> Result<(), Fault> {
        let post = self.district.places.find(&report.at);
        let post = post.ok_or_else(|| super::material::broken("stories", &format!("没有岗位“{}”", report.at)))?;
        let cast = self.district.cast(post, report.grade, &mut self.dice);
        for (ago, deed) in self.chain(report) {
            self.deed(report, post, &cast, self.days.back(ago.max(0)), deed);
        }
        if let (Some(course), Some(raise)) = (report.correction, report.twice.or(report.raise)) {
            let name = format!("{}/纠错{}", report.title, 1 + u8::from(report.twice.is_some()));
            let grade = report.grade.worse();
            let grade = if report.twice.is_some() { grade.worse() } else { grade };
            let verifiers = self.district.cast(post, grade, &mut self.dice).verifiers;
            admonitions::correction(self, &name, course, raise.ago, cast.responsible, &verifiers);
        }
        Ok(())
    }

    /// The steps of a report, oldest first: backwards from the step whose deadline is running.
    fn chain(&mut self, report: &Report) -> Vec<Line> {
        use Deed::*;
        let first = report.urgency.column();
        let raises: Vec<Raise> = [report.raise, report.twice].into_iter().flatten().collect();
        let grade = raises.iter().fold(report.grade, |g, _| g.worse());
        let length = |step: &str, grade: Grade| self.days.length(step, grade);
        let running = |step: &str, grade: Grade| length(step, grade) - report.left;
        let rectify = length("warning.rectify", report.grade);
        let extra = rectify * i64::from(self.days.policy.extension.warning_percent.value) / 100;
        // Raised while it is rectified, so the service lies before the first raise.
        let served = |ago: i64| raises.first().map_or(ago, |r| ago.max(r.ago + 4));
        let to_serve: &[Deed] = &[Register, Assess, Release, Serve];
        let to_verify: &[Deed] = &[Register, Assess, Release, Serve, Plan, Progress, Feedback];
        let (before, clock, after): (Vec<Deed>, i64, Vec<Line>) = match report.fate {
            Fate::ToAssess => (vec![Register], running("warning.assess", first), vec![]),
            Fate::Returned => (
                vec![Register, Assess, Return],
                running("warning.assess", report.grade),
                vec![],
            ),
            Fate::ToRelease => (vec![Register, Assess], running("warning.release", grade), vec![]),
            Fate::WaitingRelease => (
                vec![Register, Assess],
                running("warning.release", grade),
                vec![(0, AwaitRelease)],
            ),
            Fate::ToServe => (to_serve[..3].to_vec(), running("warning.serve", grade), vec![]),
            Fate::Served => (to_serve.to_vec(), running("warning.rectify", report.grade), vec![]),
            Fate::Planned | Fate::WaitingRaise | Fate::AskedRaise => {
                let ago = served(running("warning.rectify", report.grade));
                let mut after = vec![(ago - 2, Plan), (ago - 5, Progress)];
                match report.fate {
                    Fate::WaitingRaise => after.push((0, AwaitRaise)),
                    Fate::AskedRaise => after.push((0, AskRaise)),
                    _ => {}
                }
                (to_serve.to_vec(), ago, after)
            }
            Fate::Extended => {
                let ago = rectify + extra - report.left;
                (
                    to_serve.to_vec(),
                    ago,
                    vec![(ago - 2, Plan), (ago - rectify + 2, Extend)],
                )
            }
            Fate::ToVerify => (to_verify.to_vec(), running("warning.verify", grade), vec![]),
            Fate::RectifyAgain => {
                let ago = running("warning.rectify_again", grade);
                ([to_verify, &[Fail]].concat(), ago, vec![])
            }
            Fate::ToLift => ([to_verify, &[Pass]].concat(), running("warning.lift", grade), vec![]),
            Fate::WaitingLift => (
                [to_verify, &[Pass]].concat(),
                running("warning.lift", grade),
                vec![(0, AwaitLift)],
            ),
            Fate::StayedLift => (
                [to_verify, &[Pass]].concat(),
                running("warning.lift", grade),
                vec![(0, StayLift)],
            ),
            Fate::Lifted => ([to_verify, &[Pass, Lift]].concat(), report.left, vec![]),
            Fate::Reopened => (
                [to_verify, &[Pass, Lift, Reopen]].concat(),
                running("warning.rectify", grade),
                vec![],
            ),
            Fate::NotAccepted => (vec![Register, Reject], report.left, vec![]),
            Fate::NoWarning => (vec![Register, Assess, Decline], report.left, vec![]),
            Fate::Merged => (vec![Register, Merge], report.left, vec![]),
            Fate::Withdrawn => ([to_serve, &[Withdraw]].concat(), report.left, vec![]),
        };
        let mut lines = self.backwards(&before, clock, &raises);
        lines.extend(after.into_iter().filter(|(ago, _)| *ago >= 0 && *ago <= clock));
        lines.extend(raises.iter().zip(1..).map(|(r, n)| (r.ago, Escalate(*r, n))));
        // Stable: what was added earlier comes first on one day.
        lines.sort_by_key(|(ago, _)| -ago);
        lines
    }

    /// Days of the steps before the clock started; a raise pushes what lies before it further back.
    fn backwards(&mut self, before: &[Deed], clock: i64, raises: &[Raise]) -> Vec<Line> {
        let mut ago = clock;
        let mut lines = Vec::new();
        for (i, deed) in before.iter().enumerate().rev() {
            if matches!(deed, Deed::Plan) {
                ago = raises.first().map_or(ago, |r| ago.max(r.ago + 2));
            }
            lines.push((ago, *deed));
            let gap = match i.checked_sub(1).and_then(|b| before.get(b)) {
                Some(Deed::Register | Deed::Feedback) => (1, 3),
                Some(Deed::Serve) => (2, 4),
                Some(Deed::Plan | Deed::Progress) => (3, 5),
                Some(Deed::Lift) => (6, 9),
                _ => (0, 1),
            };
            ago += self.dice.between(gap.0, gap.1);
        }
        lines.reverse();
        lines
    }

    fn deed(&mut self, report: &Report, post: usize, cast: &Cast, day: NaiveDate, deed: Deed) {
        let name = report.title.as_str();
        let district = self.district;
        let plain = |verb: Verb| Act::new(verb, Vec::new());
        let signed = |verb: Verb| Act::new(verb, Vec::new()).signed();
        let sheet = format!("{name}/呈批");
        let act = match deed {
            Deed::Register => {
                let step = self.register(report, post, day);
                return self.agenda.add(step);
            }
            Deed::Assess => {
                let opinions = self.stories.analysis.get("opinions");
                let opinion = opinions.map_or(String::new(), |list| self.dice.phrase(list).to_owned());
                let (likelihood, harm) = scores(report.grade);
                plain(Verb::Assess)
                    .with("grade", report.grade.id())
                    .with("analysts", district.holders(&cast.analysts))
                    .with("credibility", 3 + i64::from(self.dice.one_in(2)))
                    .with("likelihood", likelihood)
                    .with("harm", harm)
                    .with("opinion", opinion)
            }
            Deed::Return => plain(Verb::Return).with("reason", "评估结论未说明与既有防范措施的关系，请补充后再报"),
            Deed::Release => {
                let act = plain(Verb::Release).with("demand", "查明原因，制定整改方案，按期整改并报送证明材料");
                self.decided(act, report.grade, day)
            }
            Deed::Serve => {
                let act = plain(Verb::Serve);
                let act = act.with("received_by", district.places.people[cast.responsible].name.as_str());
                let step = Step::new(day, act).to(name);
                // The receipt of one came back by post: served in time, recorded late (§0.12).
                let late = report.fate == Fate::Served && report.left < 0;
                let entered = self.days.workday(day + Days::new(9));
                let step = if late {
                    step.recorded(entered, LateReason::PaperLate)
                } else {
                    step
                };
                return self.agenda.add(step);
            }
            Deed::Plan => plain(Verb::FilePlan)
                .with("cause", self.phrase("causes"))
                .with("plan", self.phrase("plans")),
            Deed::Progress => plain(Verb::Progress).with("text", self.phrase("progress")),
            Deed::Extend => {
                // Asked for two working days before the period ends.
                let due = self.days.calendar.add_workdays(day, 2).day;
                let most = self.days.length("warning.rectify", report.grade) / 2;
                let to = self
                    .days
                    .calendar
                    .add_workdays(due, u32::try_from(most).unwrap_or(1))
                    .day;
                signed(Verb::Extend)
                    .with("to", to.to_string())
                    .with("reason", self.phrase("extension"))
            }
            Deed::Escalate(raise, n) => {
                let to = if n == 2 {
                    report.grade.worse().worse()
                } else {
                    report.grade.worse()
                };
                let step = self.raise(raise, (n, to), cast, day).to(name);
                let step = step.gives("admonition", &format!("{name}/纠错{n}"));
                return self.agenda.add(step);
            }
            Deed::Feedback => plain(Verb::Feedback)
                .with("result", self.phrase("feedback"))
                .with("evidence", "整改台账、修订后的制度文本、抽查记录"),
            Deed::Fail | Deed::Pass => {
                let passed = matches!(deed, Deed::Pass);
                plain(Verb::Verify)
                    .with("passed", passed)
                    .with("verifiers", district.holders(&cast.verifiers))
                    .with("method", if self.dice.one_in(2) { "check" } else { "look" })
                    .with(
                        "opinion",
                        self.phrase(if passed { "verify_pass" } else { "verify_fail" }),
                    )
            }
            Deed::Lift if self.dice.one_in(3) => {
                // By way of a 呈批单 that came back the same day.
                let lift = plain(Verb::Lift).with("opinion", "整改到位，提请解除");
                self.agenda
                    .add(Step::new(day, lift).to(name).gives("approval_sheet", &sheet));
                let back = plain(Verb::Countersign).with("signed_on", day.to_string());
                return self.agenda.add(Step::new(day, back).to(&sheet));
            }
            Deed::Lift => signed(Verb::Lift).with("opinion", "整改到位，予以解除"),
            Deed::Reopen => signed(Verb::Reopen).with("reason", "抽查发现同类问题再次出现，恢复办理"),
            Deed::Reject => {
                let reason = self.dice.phrase(&self.stories.closing.not_accepted).to_owned();
                signed(Verb::RejectReport).with("reason", reason)
            }
            Deed::Decline => {
                let reason = self.dice.phrase(&self.stories.closing.no_warning).to_owned();
                signed(Verb::NoWarning).with("reason", reason)
            }
            Deed::Merge => {
                let mut step = Step::new(day, plain(Verb::Merge)).to(name);
                step.act.note = Some(self.stories.closing.merged.clone());
                step.references.push(("into", report.into.clone()));
                return self.agenda.add(step);
            }
            Deed::Withdraw => signed(Verb::Withdraw).with("reason", self.stories.closing.withdrawn.as_str()),
            Deed::AwaitRelease => plain(Verb::Release).with("demand", "查明原因，限期整改"),
            Deed::AwaitLift => plain(Verb::Lift).with("opinion", "核验通过，提请解除"),
            Deed::AwaitRaise => plain(Verb::Escalate)
                .with("cause", "reassessed")
                .with("facts", "重新评议，可能性评分上调"),
            Deed::AskRaise => {
                let mut act = plain(Verb::Escalate)
                    .with("cause", "new_facts")
                    .with("facts", "核对中发现同类情形两处");
                act.capacity = None;
                let mut step = Step::new(day, act).to(name);
                step.operator = Some(self.clerk_of(post));
                return self.agenda.add(step);
            }
            Deed::StayLift => {
                let lift = plain(Verb::Lift).with("opinion", "核验通过，提请解除");
                self.agenda
                    .add(Step::new(day, lift).to(name).gives("approval_sheet", &sheet));
                // Signed by a verifier: the rules keep them apart (G2), so the proposal stays and says why.
                let signer = district.id("person", cast.verifiers[0]).to_string();
                let back = plain(Verb::Countersign)
                    .with("signed_on", day.to_string())
                    .with("signer", signer);
                return self.agenda.add(Step::new(day, back).to(&sheet));
            }
        };
        self.agenda
            .add(Step::new(day, act).to(name).gives("approval_sheet", &sheet));
    }

    fn register(&mut self, report: &Report, post: usize, day: NaiveDate) -> Step {
        let district = self.district;
        let place = &district.places.posts[post];
        let points = district.points.iter().enumerate().filter(|(_, p)| p.post == post);
        let graver = points.clone().find(|(_, p)| p.grade == report.grade);
        let linked = graver
            .or_else(|| points.clone().next())
            .map(|(i, _)| district.id("point", i).to_string());
        let act = Act::new(Verb::Register, Vec::new())
            .with("source", report.source.id())
            .with("received_on", day.to_string())
            .with("unit", district.id("unit", place.unit).to_string())
            .with("post", district.id("post", post).to_string())
            .with("person", district.id("person", post).to_string())
            .with("urgency", report.urgency.id())
            .with("content", format!("{}。{}", report.title, report.text))
            .with("points", json!(linked.into_iter().collect::<Vec<_>>()));
        Step::new(day, act).gives("warning", &report.title)
    }

    fn raise(&mut self, raise: Raise, (n, to): (u8, Grade), cast: &Cast, day: NaiveDate) -> Step {
        let facts = self.stories.grade_change.get(&raise.cause);
        let facts = facts.map_or(String::new(), |list| self.dice.phrase(list).to_owned());
        let mut act = Act::new(Verb::Escalate, Vec::new())
            .with("cause", raise.cause.id())
            .with("facts", facts);
        // The first raise leaves 责任人 open where a second follows: 暂不指定 is allowed until approval (§0.17).
        if n == 2 && raise.cause.brings_correction() {
            act = act.with("responsible", self.district.holders(&[cast.responsible]));
        }
        Step::new(day, self.decided(act, to, day))
    }

    /// Decided by meeting where it is red, else signed (§0.5).
    fn decided(&mut self, mut act: Act, grade: Grade, day: NaiveDate) -> Act {
        if grade != Grade::Red {
            return act.signed();
        }
        act.decision = Some(Decision::Meeting {
            number: format!("青指委会〔{}〕第{}次", day.year(), self.dice.between(2, 9)),
            on: None,
            votes: Some("应到7人，实到6人，同意6票".into()),
        });
        act
    }

    /// The clerk who records for a post's 推委会 only.
    fn clerk_of(&self, post: usize) -> Operator {
        let unit = self.district.places.posts[post].unit;
        let body = BodyRef::Implementation(self.district.id("unit", unit));
        self.district.operator_for(body)
    }
}

/// Likelihood and harm that the matrix of §2.2 answers with this grade.
pub fn scores(grade: Grade) -> (i64, i64) {
    match grade {
        Grade::Red => (3, 5),
        Grade::Orange => (3, 4),
        Grade::Yellow => (3, 3),
    }
}
