//! The policy: the 四四五 as data, every value with its source. Defaults are ours and never shown as law.
//!
//! ```text
//! shipped policy ─┐
//! district's file ┴─ overlay ─► effective text ─ adopted ─► parse ─► Policy
//! ```

mod check;
mod overlay;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ids::BodyRef;
use super::instrument::InstrumentRules;
use super::mistake::Mistake;
use super::review::Reviews;
use super::vocabulary::{AppealPeriods, DayKind, DueOwner, Grade, Instrument, RestrictedAct, SeatRole};

/// Which chain of steps people see (§0.15); the events are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Several steps in one act.
    Light,
    /// Every step of §4 an act of its own.
    Full,
}

/// How proposer, approver and verifier are kept apart (§0.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FourEyes {
    /// By the persons named in the steps.
    Named,
    /// By the accounts that recorded them as well.
    Account,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The article.
    Seed,
    /// A published norm.
    Norm,
    /// Ours.
    #[default]
    Default,
    /// The district's own decision; never shown as a norm.
    District,
}

/// One deadline of the table (§4.7).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// What is owed.
    pub label: String,
    /// The same for every colour.
    #[serde(default)]
    pub days: Option<u32>,
    /// Days for yellow.
    #[serde(default)]
    pub yellow: Option<u32>,
    /// Days for orange.
    #[serde(default)]
    pub orange: Option<u32>,
    /// Days for red.
    #[serde(default)]
    pub red: Option<u32>,
    /// Working or calendar days.
    pub unit: DayKind,
    /// Who owes it.
    pub owner: DueOwner,
    /// Where the number comes from.
    pub source: Source,
}

impl Deadline {
    /// Length for a colour.
    pub fn length(&self, grade: Grade) -> u32 {
        let column = match grade {
            Grade::Yellow => self.yellow,
            Grade::Orange => self.orange,
            Grade::Red => self.red,
        };
        column.or(self.days).unwrap_or_default()
    }
}

/// A value, mostly a number, with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced<T = u32> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

/// How far a period may be extended, once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Percent of the original period of a rectification.
    pub warning_percent: Sourced,
}

/// The whole policy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Format version.
    pub version: u32,
    /// Paths of the values a district changed; written by [`Policy::overlay`].
    #[serde(default)]
    pub district: Vec<String>,
    /// Light or full.
    pub flow: Flow,
    /// Whether G2 looks at the accounts as well as at the named persons (§0.5).
    pub four_eyes: FourEyes,
    /// Whether 诫勉纠错 also sets the national six months (§0.1).
    pub national_overlay: bool,
    /// Working days after which an entry is 补录.
    pub late_entry_workdays: i64,
    /// Days the machine's date may be ahead before it is asked.
    pub clock_ahead_days: i64,
    /// Periods of an appeal.
    pub appeals: AppealPeriods,
    /// Deadlines by key.
    pub deadline: BTreeMap<String, Deadline>,
    /// Calendar days without a warning before a point may be discharged.
    pub observation: Deadline,
    /// Shortest publicity, in working days.
    pub publicity_workdays: Sourced,
    /// Working days a rectification may be overdue before a raise is proposed.
    pub overdue_raise_workdays: Sourced,
    /// Working days a reminded task may be overdue before 诫勉督导 is proposed.
    pub overdue_task_workdays: Sourced,
    /// Working days a verification of somebody restricted may be late before 指委会办公室 is told (§0.13).
    pub late_verification_workdays: Sourced,
    /// Registered reports on one point within `aggregate_days` that make an analysis compulsory.
    pub aggregate_reports: Sourced,
    /// Calendar days for `aggregate_reports`.
    pub aggregate_days: Sourced,
    /// Returned points of a unit, in percent, that propose 诫勉提醒.
    pub returned_percent: Sourced,
    /// Months after a matter's end until its sources may be erased; a policy adopted before there were sources has none.
    pub source_months: Sourced,
    /// Rounds in which points are looked at again.
    pub review: Reviews,
    /// Calendar days a point is observed before its grade is lowered, by the grade it has.
    pub lowering: Deadline,
    /// Extensions.
    pub extension: Extension,
    /// Seat asked for a signature, by kind of body.
    pub signer: BTreeMap<String, SeatRole>,
    /// What each measure asks for and forbids.
    pub instrument: BTreeMap<Instrument, InstrumentRules>,
    /// Header names by field id.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Spellings by grade.
    pub grade_aliases: BTreeMap<Grade, Vec<String>>,
    /// Spellings by class id.
    pub class_aliases: BTreeMap<String, Vec<String>>,
    /// Spellings by secondary tag id.
    pub tag_aliases: BTreeMap<String, Vec<String>>,
}

/// Every deadline the rules ask for; a policy without one is refused as a whole.
const NEEDED: &[&str] = &[
    "point.review",
    "point.discharge",
    "point.look_again",
    "grade.ratify",
    "warning.refer",
    "obligation.minutes",
    "obligation.aggregate",
    "obligation.source_reply",
    "obligation.thorough_check",
    "obligation.veto_review",
    "obligation.personnel",
    "obligation.recall",
    "warning.assess",
    "warning.release",
    "warning.serve",
    "warning.plan",
    "warning.rectify",
    "warning.rectify_again",
    "warning.verify",
    "warning.lift",
    "admonition.decide",
    "admonition.talk",
    "admonition.correct_again",
    "admonition.verify",
    "admonition.lift",
    "admonition.follow_up",
    "appeal.file",
    "appeal.decide",
    "appeal_2010.file",
    "appeal_2010.decide",
    "task.judge",
];

impl Policy {
    /// Reads a whole policy; every mistake is listed with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        check::parse(text)
    }

    /// Reads a policy that an earlier version of the program adopted: what it does not name yet is as shipped.
    pub fn adopted(text: &str) -> Result<Self, Vec<Mistake>> {
        Self::parse(text).or_else(|mistakes| {
            let whole = check::completed(text).ok_or(mistakes)?;
            Self::parse(&whole)
        })
    }

    /// The policy the program ships with.
    pub fn shipped() -> &'static str {
        include_str!("../../assets/policy.toml")
    }

    /// Seat whose signature is asked for in a body's name.
    pub fn signer_role(&self, body: BodyRef) -> SeatRole {
        let key = match body {
            BodyRef::Leadership(_) => "leadership".to_owned(),
            BodyRef::Implementation(_) | BodyRef::Social(_) => "implementation".to_owned(),
            other => other.to_string(),
        };
        self.signer.get(&key).copied().unwrap_or(SeatRole::Chair)
    }

    /// What is asked of one measure.
    pub fn rules(&self, instrument: Instrument) -> &InstrumentRules {
        static NOTHING: std::sync::LazyLock<InstrumentRules> = std::sync::LazyLock::new(InstrumentRules::default);
        self.instrument.get(&instrument).unwrap_or(&NOTHING)
    }

    /// What a measure forbids while it is in force.
    pub fn restricted_acts(&self, instrument: Instrument) -> Vec<RestrictedAct> {
        self.rules(instrument).acts.value.clone()
    }

    /// What a step of a deadline is called.
    pub fn step_label(&self, step: &str) -> Option<&str> {
        let deadline = self.deadline.get(step).map(|deadline| deadline.label.as_str());
        deadline.or_else(|| self.review.label(step))
    }

    /// Key of an appeal's deadline under the periods in force (§0.2): `file` or `decide`.
    pub fn appeal_step(&self, step: &str) -> String {
        let periods = match self.appeals {
            AppealPeriods::Month => "appeal",
            AppealPeriods::Days2010 => "appeal_2010",
        };
        format!("{periods}.{step}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_shipped_policy_is_whole() {
        let policy = Policy::parse(Policy::shipped()).unwrap();
        assert_eq!(policy.deadline["warning.rectify"].length(Grade::Red), 30);
        assert_eq!(policy.restricted_acts(Instrument::Correction).len(), 3);
        assert!(policy.restricted_acts(Instrument::Reminder).is_empty());
    }

    #[test]
    fn a_missing_deadline_is_named() {
        let broken = Policy::shipped().replace("\"warning.lift\"", "\"warning.left\"");
        let mistakes = Policy::parse(&broken).unwrap_err();
        assert!(
            mistakes.iter().any(|m| m.reason.contains("warning.lift")),
            "{mistakes:?}"
        );
    }

    /// The first version's file, as offices have adopted it.
    #[test]
    fn an_earlier_versions_policy_is_completed_with_the_shipped_values() {
        let first = include_str!("../../tests/fixtures/policy_v1.toml").replace("red = 30,", "red = 28,");
        assert!(Policy::parse(&first).is_err(), "it lacks what came later");
        let policy = Policy::adopted(&first).unwrap();
        let shipped = Policy::parse(Policy::shipped()).unwrap();
        assert_eq!(policy.late_verification_workdays, shipped.late_verification_workdays);
        assert_eq!(
            policy.deadline["warning.rectify"].length(Grade::Red),
            28,
            "what it says stays"
        );
        assert!(Policy::adopted("不是 TOML").is_err());
    }

    #[test]
    fn every_mistake_of_a_whole_policy_is_listed() {
        let broken = Policy::shipped()
            .replace("flow = \"light\"", "flow = \"lite\"")
            .replace("late_entry_workdays", "late_entry_workday")
            .replace("\"warning.lift\"", "\"warning.left\"")
            .replace("label = \"移送\", yellow = 2", "label = \"移送\", yellow = \"2\"")
            .replace(
                "label = \"评估\", yellow = 5, orange = 3, red = 2, unit = \"wd\"",
                "label = \"评估\", yellow = 5",
            );
        let mistakes: Vec<String> = Policy::parse(&broken)
            .unwrap_err()
            .iter()
            .map(|m| m.reason.clone())
            .collect();
        for part in [
            "“lite”，这里只可写 light、full",
            "是不是“late_entry_workdays”",
            "yellow 应是整数",
            "“warning.assess”缺少 unit（wd 工作日、cd 自然日、month 月）",
            "缺少期限“warning.lift”",
            "不认识“warning.left”，是不是“warning.lift”",
        ] {
            assert!(mistakes.iter().any(|m| m.contains(part)), "{part}: {mistakes:#?}");
        }
    }
}
