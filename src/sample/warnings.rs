//! Warnings of the sample: each walks the five systems as far as its table says, counted back from today.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::json;

use super::District;
use super::admonitions;
use super::agenda::{Agenda, Step, Workdays};
use super::cast::Cast;
use super::chain::Deed;
use super::dice::Dice;
use super::material::{Fate, Raise, Report, Stories};
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Decision, Fault, Grade, LateReason, ReportSource, StreamId, Verb};

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

    fn deed(&mut self, report: &Report, post: usize, cast: &Cast, day: NaiveDate, deed: Deed) {
        let name = report.title.as_str();
        let district = self.district;
        let plain = |verb: Verb| Act::new(verb, Vec::new());
        let signed = |verb: Verb| Act::new(verb, Vec::new()).signed();
        let sheet = format!("{name}/呈批");
        let reply = format!("{name}/反馈");
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
                if n == 1 {
                    return self.agenda.add(step);
                }
                // Twice within a year: the unit is to be checked thoroughly (R036).
                let check = format!("{name}/彻查");
                self.agenda.add(step.gives("obligation", &check));
                let act = plain(Verb::Fulfil).with("result", "彻查方案已印发，单位已按方案开展");
                return self
                    .agenda
                    .add(Step::new(self.days.back((raise.ago - 8).max(0)), act).to(&check));
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
            Deed::Refer => signed(Verb::ReferClue).with("receiver", "区纪委监察局信访室"),
            Deed::Receipt => plain(Verb::ClueReceipt).with("receipt", format!("青移回〔{}〕0{}号", day.year(), 7)),
            Deed::HandOver => {
                let unit = district
                    .places
                    .unit(&report.into)
                    .unwrap_or(district.places.posts[post].unit);
                plain(Verb::HandOver)
                    .with("unit", district.id("unit", unit).to_string())
                    .with("reason", "反映事项属该单位职责，转由其办理")
            }
            Deed::PassUp => plain(Verb::PassUp)
                .with("to", "discipline")
                .with("reason", "可能需要按橙色办理，上报评估"),
            Deed::RaiseUrgently => {
                let facts = "核对中发现同一环节另有两笔情形相同，先行调高";
                let mut act = plain(Verb::Escalate).with("cause", "new_facts").with("facts", facts);
                act.decision = Some(Decision::Urgent);
                act
            }
            Deed::Ratify => {
                // The point was raised along with its warning, and each raise is ratified.
                let mut act = signed(Verb::Ratify);
                act.targets.extend(self.linked(report, post));
                act
            }
            Deed::Lift if self.dice.one_in(2) => {
                // By way of a 呈批单 that came back the same day.
                let lift = plain(Verb::Lift).with("opinion", "整改到位，提请解除");
                self.agenda
                    .add(Step::new(day, lift).to(name).gives("approval_sheet", &sheet));
                let back = plain(Verb::Countersign).with("signed_on", day.to_string());
                self.agenda
                    .add(Step::new(day, back).to(&sheet).gives("obligation", &reply));
                return self.reply(report, &reply);
            }
            Deed::Lift => {
                let grade = if report.raise.is_some() {
                    report.grade.worse()
                } else {
                    report.grade
                };
                self.decided(plain(Verb::Lift).with("opinion", "整改到位，予以解除"), grade, day)
            }
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
        let step = Step::new(day, act).to(name).gives("approval_sheet", &sheet);
        if matches!(deed, Deed::Lift) {
            self.agenda.add(step.gives("obligation", &reply));
            return self.reply(report, &reply);
        }
        self.agenda.add(step);
    }

    /// The word owed to a source once its matter is lifted; the latest ones are still owed.
    fn reply(&mut self, report: &Report, name: &str) {
        let named = matches!(
            report.source,
            ReportSource::Informant | ReportSource::SocialSupervision | ReportSource::Public
        );
        if named && report.left > 5 && report.fate == Fate::Lifted {
            let act = Act::new(Verb::Fulfil, Vec::new()).with("result", "已电话告知来源：反映事项已处理");
            self.agenda
                .add(Step::new(self.days.back(report.left - 4), act).to(name));
        }
    }

    fn register(&mut self, report: &Report, post: usize, day: NaiveDate) -> Step {
        let district = self.district;
        let place = &district.places.posts[post];
        let linked = self.linked(report, post).map(|point| point.to_string());
        let act = Act::new(Verb::Register, Vec::new())
            .with("source", report.source.id())
            .with("received_on", day.to_string())
            .with("unit", district.id("unit", place.unit).to_string())
            .with("post", district.id("post", post).to_string())
            .with("person", district.id("person", post).to_string())
            .with("urgency", report.urgency.id())
            .with("content", format!("{}。{}", report.title, report.text))
            .with("points", json!(linked.into_iter().collect::<Vec<_>>()));
        let act = self.source(report).into_iter().fold(act, |act, (f, v)| act.with(f, v));
        Step::new(day, act).gives("warning", &report.title)
    }

    /// Who told it: informants by their code, callers by name where they left one; sealed on the way in.
    fn source(&self, report: &Report) -> Vec<(&'static str, String)> {
        let mut dice = Dice::new(self.district.seed, &report.title);
        // The first digits are nobody's.
        let mut phone = || format!("100{:08}", dice.below(100_000_000));
        match report.source {
            ReportSource::Informant => {
                let phone = phone();
                let code = format!("XXY-{:03}", dice.between(1, 180));
                vec![("source_code", code), ("source_phone", phone)]
            }
            ReportSource::Public => {
                let phone = phone();
                match dice.below(3) {
                    0 => Vec::new(),
                    _ => vec![
                        ("source_name", dice.phrase(&self.stories.closing.callers).to_owned()),
                        ("source_phone", phone),
                    ],
                }
            }
            _ => Vec::new(),
        }
    }

    /// The point of a post that a report is about.
    fn linked(&self, report: &Report, post: usize) -> Option<StreamId> {
        let here = |(_, p): &(usize, &super::Point)| p.post == post;
        let mut points = self.district.points.iter().enumerate().filter(here);
        let alike = points.clone().find(|(_, p)| p.grade == report.grade);
        let found = alike.or_else(|| points.next());
        found.map(|(i, _)| self.district.id("point", i))
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
    pub(super) fn decided(&mut self, mut act: Act, grade: Grade, day: NaiveDate) -> Act {
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
