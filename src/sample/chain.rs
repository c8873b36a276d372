//! Which steps a warning of the sample has behind it, and when each was taken: counted back from the running deadline.

use super::material::{Fate, Raise, Report};
use super::warnings::Teller;
use crate::domain::Grade;

/// One step, so many working days ago.
pub type Line = (i64, Deed);

/// What is done in one step.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// 信息登记.
    Register,
    /// 评估.
    Assess,
    /// 退回评估.
    Return,
    /// 发布.
    Release,
    /// 送达.
    Serve,
    /// 整改方案.
    Plan,
    /// 进度.
    Progress,
    /// 延期.
    Extend,
    /// 调高等级, the first or the second time.
    Escalate(Raise, u8),
    /// 录入反馈.
    Feedback,
    /// 核验, not passed.
    Fail,
    /// 核验, passed.
    Pass,
    /// 解除.
    Lift,
    /// 恢复办理.
    Reopen,
    /// 不予受理.
    Reject,
    /// 不予预警.
    Decline,
    /// 并件.
    Merge,
    /// 撤销.
    Withdraw,
    /// 发布, on a 呈批单.
    AwaitRelease,
    /// 调高等级, on a 呈批单.
    AwaitRaise,
    /// 调高等级, asked for by a body that may only propose it.
    AskRaise,
    /// 解除, on a 呈批单.
    AwaitLift,
    /// 解除, on a 呈批单 that came back wrongly signed.
    StayLift,
    /// 移送线索.
    Refer,
    /// 登记移送回执.
    Receipt,
    /// 转办.
    HandOver,
    /// 上报.
    PassUp,
    /// 调高等级, 紧急先行.
    RaiseUrgently,
    /// 追认.
    Ratify,
}

impl Teller<'_> {
    /// The steps of a report, oldest first: backwards from the step whose deadline is running.
    pub(super) fn chain(&mut self, report: &Report) -> Vec<Line> {
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
            Fate::Planned | Fate::WaitingRaise | Fate::AskedRaise | Fate::Urgent | Fate::Ratified => {
                let ago = served(running("warning.rectify", report.grade));
                let mut after = vec![(ago - 2, Plan), (ago - 5, Progress)];
                match report.fate {
                    Fate::WaitingRaise => after.push((0, AwaitRaise)),
                    Fate::AskedRaise => after.push((0, AskRaise)),
                    Fate::Urgent => after.push((1, RaiseUrgently)),
                    Fate::Ratified => after.extend([(4, RaiseUrgently), (2, Ratify)]),
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
            Fate::Referring => (vec![Register, Refer], running("warning.refer", first), vec![]),
            Fate::Referred => (vec![Register, Refer, Receipt], report.left, vec![]),
            Fate::HandedOver => (vec![Register], running("warning.assess", first), vec![(0, HandOver)]),
            Fate::PassedUp => (vec![Register, PassUp], running("warning.assess", first), vec![]),
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
}
