//! The policy: the 四四五 as data, every value with its source. Defaults are ours and never shown as law.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ids::BodyRef;
use super::mistake::Mistake;
use super::vocabulary::{AdmonitionKind, DayKind, DueOwner, Grade, RestrictedAct, SeatRole};

/// Which chain of steps people see (§0.15); the events are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Several steps in one act.
    Light,
    /// Every step of §4 an act of its own.
    Full,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The article.
    Seed,
    /// A published norm.
    Norm,
    /// Ours.
    Default,
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

/// A number with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced {
    /// The number.
    pub value: u32,
    /// Where it comes from.
    pub source: Source,
}

/// How far a period may be extended, once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Percent of the original period of a rectification.
    pub warning_percent: Sourced,
    /// Working days.
    pub reminder_days: Sourced,
    /// Working days.
    pub supervision_days: Sourced,
    /// Working days.
    pub correction_days: Sourced,
}

/// What an admonition forbids while it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restricts {
    /// Forbidden acts.
    pub acts: Vec<RestrictedAct>,
    /// Where that comes from.
    pub source: Source,
}

/// The whole policy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Format version.
    pub version: u32,
    /// Light or full.
    pub flow: Flow,
    /// `named` or `account`.
    pub four_eyes: String,
    /// Whether 诫勉纠错 also sets the national six months (§0.1).
    pub national_overlay: bool,
    /// Working days after which an entry is 补录.
    pub late_entry_workdays: i64,
    /// Days the machine's date may be ahead before it is asked.
    pub clock_ahead_days: i64,
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
    /// Registered reports on one point within `aggregate_days` that make an analysis compulsory.
    pub aggregate_reports: Sourced,
    /// Calendar days for `aggregate_reports`.
    pub aggregate_days: Sourced,
    /// Returned points of a unit, in percent, that propose 诫勉提醒.
    pub returned_percent: Sourced,
    /// Extensions.
    pub extension: Extension,
    /// Seat asked for a signature, by kind of body.
    pub signer: BTreeMap<String, SeatRole>,
    /// Restrictions by kind of admonition.
    pub restricts: BTreeMap<AdmonitionKind, Restricts>,
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
    "warning.assess",
    "warning.release",
    "warning.serve",
    "warning.plan",
    "warning.rectify",
    "warning.rectify_again",
    "warning.verify",
    "warning.lift",
    "admonition.correct_again",
    "admonition.verify",
    "admonition.lift",
    "admonition.follow_up",
    "task.judge",
];

impl Policy {
    /// Reads a policy; mistakes are listed with their lines.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        let policy: Self = toml::from_str(text).map_err(|e| {
            let offset = e.span().map_or(0, |s| s.start);
            vec![Mistake::at(text, offset, format!("政策文件写法有误：{}", e.message()))]
        })?;
        let mut mistakes = Vec::new();
        let kinds = AdmonitionKind::ALL.iter().flat_map(|k| {
            ["approve", "serve", "self_check", "correct"]
                .into_iter()
                .map(move |s| format!("{}.{s}", k.id()))
        });
        for key in NEEDED.iter().map(ToString::to_string).chain(kinds) {
            match policy.deadline.get(&key) {
                None => mistakes.push(Mistake {
                    line: 0,
                    reason: format!("缺少期限“{key}”，请在 [deadline] 下补上"),
                }),
                Some(d) if d.days.is_none() && (d.yellow.is_none() || d.orange.is_none() || d.red.is_none()) => {
                    let at = text.find(&format!("\"{key}\"")).unwrap_or(0);
                    let reason = format!("期限“{key}”没有写天数：写 days，或写全 yellow、orange、red");
                    mistakes.push(Mistake::at(text, at, reason));
                }
                Some(_) => {}
            }
        }
        for kind in AdmonitionKind::ALL {
            if !policy.restricts.contains_key(kind) {
                mistakes.push(Mistake {
                    line: 0,
                    reason: format!("[restricts] 缺少“{}”", kind.id()),
                });
            }
        }
        if mistakes.is_empty() { Ok(policy) } else { Err(mistakes) }
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

    /// What an admonition of this kind forbids while it is in force.
    pub fn restricted_acts(&self, kind: AdmonitionKind) -> Vec<RestrictedAct> {
        self.restricts.get(&kind).map(|r| r.acts.clone()).unwrap_or_default()
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
        assert_eq!(policy.restricted_acts(AdmonitionKind::Correction).len(), 3);
        assert!(policy.restricted_acts(AdmonitionKind::Reminder).is_empty());
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
}
