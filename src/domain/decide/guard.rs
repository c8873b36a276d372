//! The shared first half of `available` and `decide`: may this verb be done to this stream at all?

use super::{Desk, admonitions, observation, proposals, reviews, sources};
use crate::domain::appeal::AppealStage;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::measure::MeasureStage;
use crate::domain::point::{PointStage, RiskPoint};
use crate::domain::policy::Flow;
use crate::domain::proposal::ProposalStage;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::Grade;
use crate::domain::warning::{Warning, WarningStage};

/// Refuses what no filled form could make possible.
pub fn guard(verb: Verb, stream: StreamId, state: &State, desk: &Desk) -> Result<(), Refusal> {
    // Whether a step can be taken back is for the log to say: the end of a matter can be, and its whole beginning was.
    if verb == Verb::Revert && !matches!(state, State::Adoption(_)) {
        return Ok(());
    }
    if !verb.applies_to(state.kind()) || matches!(state, State::Gone { .. } | State::Adoption(_)) {
        let kind = desk
            .world
            .sheets()
            .get(state.kind())
            .map_or("该事项", |s| s.label.as_str())
            .to_owned();
        return Err(Refusal::new(
            "not_applicable",
            format!("{kind}没有“{}”这一步", verb.label()),
        ));
    }
    match state {
        State::RiskPoint(point) => risk_point(verb, stream, point, desk)?,
        State::Measure(m) if m.stage == MeasureStage::Void => return Err(ended(&m.code, m.stage.label())),
        State::Measure(m) => {
            let rated_first = verb == Verb::RateMeasure && m.stage == MeasureStage::Planned;
            if rated_first {
                return Err(
                    Refusal::new("wrong_stage", format!("{}：措施尚未落实，不能评价", m.code)).hint("先办“措施落实”"),
                );
            }
        }
        State::Task(task) => {
            use crate::domain::task::TaskStage as T;
            let allowed: &[T] = match verb {
                Verb::ReportTask => &[T::Issued],
                Verb::CloseTask => &[T::Issued, T::Reported],
                Verb::Amend | Verb::Void | Verb::Remind | Verb::Progress => &[T::Issued, T::Reported],
                _ => &[T::Issued, T::Reported, T::Closed],
            };
            if !allowed.contains(&task.stage) {
                return Err(wrong_stage(verb, &task.code, task.stage.label(), ""));
            }
        }
        State::Warning(warning) => self::warning(verb, stream, warning, desk)?,
        State::Admonition(admonition) => admonitions::guard(verb, stream, admonition, desk)?,
        State::Appeal(appeal) => {
            if appeal.stage != AppealStage::Filed {
                return Err(ended(&appeal.code, appeal.stage.label()));
            }
            if verb == Verb::Amend {
                return Err(Refusal::new("not_applicable", "申诉内容不能修改").hint("录入有误的，作废后重录"));
            }
        }
        State::Proposal(p) => {
            let open = matches!(p.stage, ProposalStage::Waiting | ProposalStage::Stayed);
            if matches!(verb, Verb::Countersign | Verb::Accept | Verb::Reject) && !open {
                return Err(wrong_stage(verb, &p.code, p.stage.label(), ""));
            }
            if matches!(verb, Verb::Accept | Verb::Reject) && p.sheet.is_some() {
                return Err(Refusal::new("awaiting_signature", format!("{} 已列入呈批单", p.code)).hint("办“回签”"));
            }
            if verb == Verb::Countersign && p.sheet.is_none() {
                return Err(
                    Refusal::new("wrong_stage", format!("{} 尚未列入呈批单", p.code)).hint("先“采纳”或“不予批准”")
                );
            }
            if matches!(verb, Verb::Amend | Verb::Void) {
                let reason = format!("待批事项不能“{}”", verb.label());
                return Err(Refusal::new("not_applicable", reason).hint("撤回后重新送签，或办“不予批准”"));
            }
        }
        State::ApprovalSheet(s) => {
            let open = |p: &StreamId| matches!(desk.state(*p).as_deref(), Some(State::Proposal(x)) if x.stage.open());
            if s.void || (verb == Verb::Countersign && !s.proposals.iter().any(open)) {
                return Err(Refusal::new("wrong_stage", format!("{} 没有待回签的事项", s.code)));
            }
            if matches!(verb, Verb::Amend | Verb::Void) {
                let reason = format!("呈批单不能“{}”", verb.label());
                return Err(Refusal::new("not_applicable", reason).hint("撤回后重新送签，或“回签”时划去"));
            }
        }
        State::Obligation(o) => {
            if o.stage != crate::domain::obligation::ObligationStage::Open || verb == Verb::Amend {
                return Err(wrong_stage(verb, &o.code, o.stage.label(), ""));
            }
            let left = reviews::left(o, desk.world);
            if verb == Verb::Fulfil && left > 0 {
                let reason = format!("{} 还有 {left} 个风险点未复核", o.code);
                return Err(Refusal::new("review_unfinished", reason)
                    .hint("成批办“复核确认”；须改的办“申报”。全部复核后自动办结"));
            }
        }
        State::Record(r) if r.void => return Err(ended(&r.code, "作废")),
        State::Record(_) | State::Gone { .. } | State::Adoption(_) => {}
    }
    if verb.spec().deciding
        && let Some(waiting) = proposals::open_proposals(desk, stream).first()
        && let Some(proposal) = desk.state(*waiting)
    {
        let reason = format!("{} 已送签，待回签（{}）", state.code(), proposal.code());
        return Err(Refusal::new("awaiting_signature", reason).hint("先办回签；不再需要的，撤回送签"));
    }
    Ok(())
}

/// The matter is over.
pub fn ended(code: &str, stage: &str) -> Refusal {
    Refusal::new("ended", format!("{code} 为“{stage}”，不再办理"))
}

/// The verb does not belong to where the matter stands.
pub fn wrong_stage(verb: Verb, code: &str, stage: &str, hint: &str) -> Refusal {
    Refusal::new("wrong_stage", format!("{code} 现为“{stage}”，不能“{}”", verb.label())).hint(hint)
}

fn risk_point(verb: Verb, stream: StreamId, point: &RiskPoint, desk: &Desk) -> Result<(), Refusal> {
    use PointStage as P;
    let stage = point.stage;
    let again = point.to_be_looked_at_again() && matches!(verb, Verb::Confirm | Verb::Submit | Verb::Retire);
    if stage.ended() && !again {
        return Err(ended(&point.code, stage.light_label()));
    }
    if again {
        return Ok(());
    }
    let watched = [P::Graded, P::Published, P::Monitored];
    let full = desk.world.policy().flow == Flow::Full;
    if !full && matches!(verb, Verb::Review | Verb::Appraise) {
        return Err(
            Refusal::new("light_flow", format!("简流程中“{}”并入“审核定级”", verb.label())).hint("直接办“审核定级”"),
        );
    }
    let flagged = point.review.is_some();
    let (allowed, hint): (&[P], &str) = match verb {
        Verb::Submit if flagged => (
            &[
                P::Draft,
                P::Returned,
                P::Graded,
                P::Published,
                P::Monitored,
                P::Resolved,
            ],
            "",
        ),
        Verb::Submit => (&[P::Draft, P::Returned], ""),
        Verb::Return => (&[P::Submitted, P::UnitReviewed], "只有待定级的风险点可以退回"),
        Verb::Review => (&[P::Submitted], "先“申报”"),
        Verb::Appraise => (&[P::UnitReviewed], "先“单位审核”"),
        Verb::Grade if full => (&[P::Appraised], "先“单位审核”“评议”"),
        Verb::Grade => (&[P::Submitted, P::UnitReviewed, P::Appraised], "先“申报”"),
        Verb::Publish if full => (&[P::Graded], "先“审核定级”"),
        Verb::Withhold => (&[P::Graded, P::Published], "先“审核定级”"),
        Verb::Object => (
            &[P::Graded, P::Published, P::Monitored],
            "只有公示中的风险点可以登记异议",
        ),
        Verb::AnswerObjection => (&[P::Graded, P::Published, P::Monitored], ""),
        Verb::Confirm => (&[P::Graded, P::Published, P::Monitored, P::Resolved], "先“审核定级”"),
        Verb::Publish | Verb::Retire => (&watched, "先“审核定级”"),
        Verb::Escalate | Verb::Deescalate => (&[P::Graded, P::Published, P::Monitored, P::Resolved], "先“审核定级”"),
        Verb::Discharge => (&[P::Graded, P::Published, P::Monitored, P::Resolved], "先“审核定级”"),
        Verb::Reject => (&[P::Resolved], "只有待销号的风险点可以不予确认"),
        _ => return Ok(()),
    };
    if !allowed.contains(&stage) {
        return Err(wrong_stage(verb, &point.code, stage.light_label(), hint));
    }
    match verb {
        Verb::Submit => {
            let state = State::RiskPoint(point.clone());
            let needed = [
                ("unit", "单位"),
                ("description", "风险表现"),
                ("class", "大类"),
                ("item", "小项"),
            ];
            let gaps: Vec<&str> = needed
                .iter()
                .filter(|(f, _)| state.value(f).is_null())
                .map(|(_, l)| *l)
                .collect();
            if !gaps.is_empty() {
                return Err(
                    Refusal::new("incomplete", format!("{} 待补充：{}", point.code, gaps.join("、")))
                        .hint("先“修改”补齐"),
                );
            }
        }
        Verb::Publish if measures_of(desk, stream).is_empty() => {
            return Err(
                Refusal::new("no_measure", format!("{} 尚无防范措施，不能公示", point.code)).hint("先“增加措施”"),
            );
        }
        Verb::Object if point.published.is_none() => {
            return Err(
                Refusal::new("not_published", format!("{} 未公示，没有异议可登记", point.code)).hint("先“公示”"),
            );
        }
        Verb::AnswerObjection if point.open_objections == 0 => {
            return Err(Refusal::new("no_objection", format!("{} 没有待答复的异议", point.code)));
        }
        Verb::Ratify if point.unratified.is_none() => {
            return Err(Refusal::new(
                "nothing_to_ratify",
                format!("{} 没有待追认的紧急调高", point.code),
            ));
        }
        Verb::Discharge => dischargeable(stream, point, desk)?,
        Verb::Escalate if point.grade == Some(Grade::Red) => {
            return Err(Refusal::new(
                "already_red",
                format!("{} 已是一级（红），不能再调高", point.code),
            ));
        }
        Verb::Deescalate => {
            if point.grade == Some(Grade::Yellow) {
                return Err(
                    Refusal::new("already_yellow", format!("{} 已是三级（黄），不能再调低", point.code))
                        .hint("风险已化解的，办“销号”"),
                );
            }
            observation::lowerable(stream, point, desk)?;
        }
        _ => {}
    }
    Ok(())
}

/// Live measures of a point.
pub fn measures_of(desk: &Desk, point: StreamId) -> Vec<(StreamId, MeasureStage)> {
    desk.referrers("measure", "point", point)
        .into_iter()
        .filter_map(|m| match desk.state(m).as_deref() {
            Some(State::Measure(x)) if x.stage != MeasureStage::Void => Some((m, x.stage)),
            _ => None,
        })
        .collect()
}

/// R094: a risk of the 制度机制 class is resolved by a regulation.
fn institution_without_regulation(point: &RiskPoint) -> bool {
    let field = |f: &str| {
        point
            .fields
            .get(f)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
    };
    field("class") == crate::domain::RiskClass::Institution.id() && field("regulation").is_empty()
}

fn dischargeable(stream: StreamId, point: &RiskPoint, desk: &Desk) -> Result<(), Refusal> {
    observation::no_live_warning(stream, point, desk, "销号")?;
    observation::observed(stream, point, desk)?;
    if desk.world.policy().flow == Flow::Full && institution_without_regulation(point) {
        return Err(
            Refusal::new("no_regulation", format!("{} 属制度机制风险，尚未关联制度", point.code))
                .hint("先“修改”，填“关联制度”"),
        );
    }
    let measures = measures_of(desk, stream);
    if measures.is_empty() {
        return Err(
            Refusal::new("no_measure", format!("{} 没有防范措施，不能销号", point.code))
                .hint("先“增加措施”并落实、评价"),
        );
    }
    let unproven = measures.iter().filter(|(_, s)| *s != MeasureStage::Effective).count();
    if unproven > 0 {
        return Err(Refusal::new(
            "measures_unproven",
            format!("{} 有 {unproven} 条措施尚未评价为有效，不能销号", point.code),
        )
        .hint("先办“措施落实”“措施评价”"));
    }
    Ok(())
}

fn warning(verb: Verb, id: StreamId, warning: &Warning, desk: &Desk) -> Result<(), Refusal> {
    use WarningStage as W;
    let stage = warning.stage;
    if stage == W::Lifted && verb == Verb::Reopen {
        return Ok(());
    }
    if matches!(verb, Verb::ReadSource | Verb::EraseSource) {
        return sources::guard(verb, id, warning, desk);
    }
    if !stage.live() {
        let hint = if stage == W::Lifted {
            "有新情况的，办“恢复办理”"
        } else {
            ""
        };
        return Err(ended(&warning.code, stage.light_label()).hint(hint));
    }
    let live = [
        W::Registered,
        W::Assessed,
        W::Released,
        W::Served,
        W::Rectifying,
        W::FeedbackGiven,
        W::Verified,
    ];
    let (allowed, hint): (&[W], &str) = match verb {
        Verb::Assess | Verb::RejectReport => (&[W::Registered], "已有评估的，先“退回”"),
        Verb::Merge | Verb::NoWarning | Verb::ReferClue => (&[W::Registered, W::Assessed], "预警已发布，不能再办此步"),
        Verb::ClueReceipt => (&[W::Referring], "先“移送线索”"),
        Verb::AddSource => (&[stage], ""),
        Verb::PassUp => (&[W::Registered], "评估之后不再上报，按等级流转"),
        Verb::Amend | Verb::Remind | Verb::Void => (&live, ""),
        Verb::Release => (&[W::Assessed], "先“评估”"),
        Verb::Return => (&[W::Assessed], "只有待发布的事项可以退回评估"),
        Verb::Serve => (&[W::Released], "先“发布”"),
        Verb::FilePlan | Verb::Feedback => (&[W::Served, W::Rectifying], "送达之后、核验之前办理"),
        Verb::Progress => (&[W::Served, W::Rectifying, W::FeedbackGiven], "送达之后办理"),
        Verb::Extend => (&[W::Served, W::Rectifying], "只有整改中的事项可以延期"),
        Verb::Verify => (&[W::FeedbackGiven], "先“录入反馈”"),
        Verb::Lift => (&[W::Verified], "先“核验”通过"),
        Verb::Withdraw => (
            &[W::Released, W::Served, W::Rectifying, W::FeedbackGiven, W::Verified],
            "尚未发布的，办“不予预警”",
        ),
        Verb::Reopen => (&[], "只有已解除的事项可以恢复办理"),
        Verb::Escalate => (&live[1..], "先“评估”"),
        Verb::Deescalate => (&[W::Verified], "整改未核验，暂不可调低"),
        _ => (&live, ""),
    };
    if !allowed.contains(&stage) {
        return Err(wrong_stage(verb, &warning.code, stage.light_label(), hint));
    }
    match verb {
        Verb::Escalate if warning.grade == Some(Grade::Red) => Err(Refusal::new(
            "already_red",
            format!("{} 已是一级（红），不能再调高", warning.code),
        )),
        Verb::Deescalate if warning.grade == Some(Grade::Yellow) => Err(Refusal::new(
            "already_yellow",
            format!("{} 已是三级（黄），不能再调低", warning.code),
        )),
        Verb::Deescalate => observation::no_new_report(&warning.code, &warning.points, id, desk),
        Verb::Extend if warning.extended => Err(Refusal::new(
            "extended_once",
            format!("{} 已延期一次，不能再延", warning.code),
        )),
        Verb::Extend if warning.due.as_ref().is_some_and(|d| d.day < desk.happened) => Err(Refusal::new(
            "past_due",
            format!("{} 已过期限，延期须在到期前提出", warning.code),
        )),
        Verb::Ratify if warning.unratified.is_none() => Err(Refusal::new(
            "nothing_to_ratify",
            format!("{} 没有待追认的紧急调高", warning.code),
        )),
        _ => Ok(()),
    }
}
