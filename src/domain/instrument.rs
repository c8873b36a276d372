//! What each measure is and asks for (§4.4, §4.5): here what the rules branch on, in the policy what a district may
//! set. Every difference between two measures stands in one of these two tables.

use serde::Deserialize;

use super::policy::Sourced;
use super::vocabulary::{AdmonitionTrigger, Instrument, RestrictedAct, vocabulary};

vocabulary! {
    /// Whether the subject is heard before the decision.
    #[derive(Default)]
    Hearing { #[default] No = "none" "不要求", Offered = "offered" "给予说明期限", Required = "required" "必须听取", }
}
vocabulary! {
    /// What the subject owes first after service.
    #[derive(Default)]
    SelfCheck { #[default] No = "none" "不要求", Plan = "plan" "自查和整改方案", Check = "check" "书面检查", Both = "both" "书面检查和整改方案", }
}

/// A body as seen from the matter: which one it is depends on the unit and on who raised it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// The unit's 推委会.
    Own,
    /// The 防委会 of the unit's organ line.
    Line,
    /// 指委会办公室.
    SteeringOffice,
    /// 区纪委监察机关.
    Discipline,
    /// 指委会.
    Steering,
    /// 专班.
    TaskForce,
    /// The body that decided what the measure answers (诫勉纠错: the raised grade).
    Raiser,
}

/// Whether a verified correction is watched before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// It is not.
    No,
    /// Until so long after service; the light flow leaves it out (§0.15).
    FromService,
    /// For so long after verification.
    FromVerification,
    /// Until the effect of the decision has run out.
    Effect,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Which measure.
    pub instrument: Instrument,
    /// Prefix of its codes (ledger.md §7).
    pub prefix: &'static str,
    /// Step of the ladder; none for the 三诫勉 and the 诫勉谈话.
    pub step: Option<u8>,
    /// The paper it is served by.
    pub document: &'static str,
    /// Who proposes it when nobody else does.
    pub proposer: Seat,
    /// Who approves and lifts it.
    pub approver: Seat,
    /// Who does for 处级.
    pub county: Seat,
    /// Who does when it is about the unit as a whole.
    pub unit_wide: Seat,
    /// Who verifies it.
    pub verifier: Seat,
    /// Cause, circumstance and attitude are recorded before the decision (R103, R104).
    pub weighed: bool,
    /// A first failed verification gives a second chance.
    pub second_chance: bool,
    /// Whether it is watched after verification.
    pub observed: Observed,
    /// What is proposed when it failed.
    pub failed: &'static [Instrument],
    /// The same when 轻微违法违纪 is recorded.
    pub failed_gravely: &'static [Instrument],
}

use Instrument as I;
use Seat::{Discipline, Line, Own, Raiser, Steering, SteeringOffice, TaskForce};

const PLAIN: Terms = Terms {
    instrument: I::Reminder,
    prefix: "WZ",
    step: None,
    document: "",
    proposer: SteeringOffice,
    approver: Discipline,
    county: Steering,
    unit_wide: Discipline,
    verifier: Discipline,
    weighed: false,
    second_chance: false,
    observed: Observed::No,
    failed: &[],
    failed_gravely: &[],
};

const TABLE: [Terms; 9] = [
    Terms {
        instrument: I::Reminder,
        prefix: "JT",
        document: "诫勉提醒书",
        proposer: TaskForce,
        approver: Own,
        county: Line,
        unit_wide: Own,
        verifier: TaskForce,
        second_chance: true,
        failed: &[I::Supervision],
        failed_gravely: &[I::Supervision],
        ..PLAIN
    },
    Terms {
        instrument: I::Supervision,
        prefix: "JD",
        document: "诫勉督导书",
        approver: SteeringOffice,
        unit_wide: SteeringOffice,
        verifier: SteeringOffice,
        second_chance: true,
        failed: &[I::CautionReminder],
        failed_gravely: &[I::CautionReminder],
        ..PLAIN
    },
    Terms {
        instrument: I::Correction,
        prefix: "JJ",
        document: "诫勉纠错书",
        proposer: Raiser,
        approver: Raiser,
        county: Raiser,
        unit_wide: Raiser,
        verifier: Raiser,
        second_chance: true,
        observed: Observed::FromService,
        failed: &[I::OrderCorrection, I::FormalAdmonition],
        failed_gravely: &[I::InspectorateCircular, I::FormalAdmonition],
        ..PLAIN
    },
    Terms {
        instrument: I::IntegritySupervision,
        step: Some(0),
        document: "廉能督导记录",
        proposer: Own,
        approver: Own,
        county: Line,
        unit_wide: Own,
        verifier: Own,
        weighed: true,
        failed: &[I::CautionReminder],
        failed_gravely: &[I::CautionReminder],
        ..PLAIN
    },
    Terms {
        instrument: I::CautionReminder,
        step: Some(1),
        document: "警示提醒函",
        proposer: Own,
        approver: Own,
        county: Line,
        unit_wide: Own,
        verifier: Own,
        weighed: true,
        observed: Observed::FromVerification,
        failed: &[I::OrderCorrection],
        failed_gravely: &[I::InspectorateCircular],
        ..PLAIN
    },
    Terms {
        instrument: I::OrderCorrection,
        step: Some(2),
        document: "责令改正通知书",
        weighed: true,
        failed: &[I::InspectorateCircular],
        failed_gravely: &[I::InspectorateCircular],
        ..PLAIN
    },
    Terms {
        instrument: I::InspectorateCircular,
        step: Some(3),
        document: "督察通报",
        unit_wide: Steering,
        weighed: true,
        ..PLAIN
    },
    Terms {
        instrument: I::InspectorateRecommendation,
        step: Some(3),
        document: "督察建议书",
        unit_wide: Steering,
        weighed: true,
        ..PLAIN
    },
    Terms {
        instrument: I::FormalAdmonition,
        document: "诫勉书",
        observed: Observed::Effect,
        ..PLAIN
    },
];

impl Instrument {
    /// The 三诫勉 of the article.
    pub const ADMONITIONS: &'static [Self] = &[Self::Reminder, Self::Supervision, Self::Correction];
    /// The ladder and the national 诫勉谈话, from light to grave.
    pub const ACCOUNTABILITY: &'static [Self] = &[
        Self::IntegritySupervision,
        Self::CautionReminder,
        Self::OrderCorrection,
        Self::InspectorateCircular,
        Self::InspectorateRecommendation,
        Self::FormalAdmonition,
    ];

    /// Its row of the table.
    pub fn terms(self) -> &'static Terms {
        // Every measure has a row (a test says so); the fallback only keeps this total.
        TABLE.iter().find(|t| t.instrument == self).unwrap_or(&PLAIN)
    }

    /// Register its matters stand in.
    pub fn register(self) -> &'static str {
        if Self::ADMONITIONS.contains(&self) {
            "admonition"
        } else {
            "accountability"
        }
    }
}

impl AdmonitionTrigger {
    /// What the 三诫勉 answer.
    pub const ADMONITIONS: &'static [Self] = &[
        Self::SearchNotDetailed,
        Self::SearchIncomplete,
        Self::SearchInaccurate,
        Self::TaskLate,
        Self::TaskPoor,
        Self::WeakLeadership,
        Self::MeasuresMissing,
        Self::ReminderFailed,
    ];
    /// When a step of the ladder or a 诫勉谈话 opens.
    pub const ACCOUNTABILITY: &'static [Self] = &[
        Self::RiskShown,
        Self::Deviation,
        Self::Loophole,
        Self::NotCorrected,
        Self::SeriousFacts,
        Self::UncleanConduct,
    ];
}

/// What a district may set about one measure; what is left out is not asked for.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstrumentRules {
    /// Whether the subject is heard first.
    pub hearing: Sourced<Hearing>,
    /// How many people hold the talk; 0 = a talk is not required.
    pub talkers: Sourced,
    /// What the subject owes first after service (asked for in the full flow).
    pub self_check: Sourced<SelfCheck>,
    /// Supervision visits before it can be lifted (full flow).
    pub visits: Sourced,
    /// Verification is made on site (full flow).
    pub site_check: Sourced<bool>,
    /// Working days its period may be extended by, once; 0 = not at all.
    pub extension_days: Sourced,
    /// Percent of the period that must have passed before an early lift; 0 = no such limit.
    pub early_lift_percent: Sourced,
    /// What it forbids while it is in force.
    pub acts: Sourced<Vec<RestrictedAct>>,
    /// Months it forbids them from the day of the decision; 0 = from service to lift.
    pub effect_months: Sourced,
    /// Months from service it forbids them at least, where `national_overlay` is on.
    pub overlay_months: Sourced,
}

impl InstrumentRules {
    /// Keys of the deadlines these rules ask for.
    pub fn deadlines(&self, instrument: Instrument) -> Vec<String> {
        let mut steps = vec!["approve", "serve", "correct"];
        if self.hearing.value != Hearing::No {
            steps.push("hear");
        }
        if self.self_check.value != SelfCheck::No {
            steps.push("self_check");
        }
        if matches!(
            instrument.terms().observed,
            Observed::FromService | Observed::FromVerification
        ) {
            steps.push("observe");
        }
        steps.into_iter().map(|s| format!("{}.{s}", instrument.id())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_one_row_and_one_register() {
        for instrument in Instrument::ALL {
            let rows = TABLE.iter().filter(|t| t.instrument == *instrument).count();
            assert_eq!(rows, 1, "{}", instrument.label());
            let listed = [Instrument::ADMONITIONS, Instrument::ACCOUNTABILITY];
            assert_eq!(listed.iter().filter(|l| l.contains(instrument)).count(), 1);
        }
    }

    #[test]
    fn what_follows_a_failure_is_never_lighter() {
        for terms in TABLE {
            for next in terms.failed.iter().chain(terms.failed_gravely) {
                assert!(
                    next.terms().step >= terms.step || *next == Instrument::FormalAdmonition,
                    "{} → {}",
                    terms.instrument.label(),
                    next.label()
                );
            }
        }
    }
}
