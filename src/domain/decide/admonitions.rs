//! Acts on the 三诫勉 (§4.4).

use chrono::NaiveDate;

use super::routing::{self, About};
use super::signing::decided;
use super::warnings::{keep_apart, witness};
use super::{Desk, args, deadline, records};
use crate::domain::admonition::Admonition;
use crate::domain::event::{Due, Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{AdmonitionKind, AdmonitionTrigger, CadreRank, Grade, InspectionMethod};
use crate::domain::world::take_code;

/// What an admonition is proposed from.
pub struct Proposal {
    /// Which of the three.
    pub kind: AdmonitionKind,
    /// Trigger.
    pub trigger: AdmonitionTrigger,
    /// Unit.
    pub unit: StreamId,
    /// 责任人 picked so far.
    pub responsible: Vec<Named>,
    /// Matter it comes from.
    pub origin: Option<StreamId>,
    /// Facts.
    pub facts: String,
    /// Body that proposes it.
    pub proposer: BodyRef,
    /// Body that approves it.
    pub approver: BodyRef,
}

/// Deadline of a step of this kind of admonition.
fn due(desk: &Desk, kind: AdmonitionKind, step: &str, from: NaiveDate) -> Due {
    // Lengths do not depend on a colour; the yellow column reads `days`.
    deadline::deadline(desk, &format!("{}.{step}", kind.id()), Grade::Yellow, from)
}

/// Opens an admonition as proposed.
pub fn open(desk: &mut Desk, proposal: Proposal, because: Option<usize>) -> StreamId {
    let Proposal {
        kind,
        trigger,
        unit,
        responsible,
        origin,
        facts,
        proposer,
        approver,
    } = proposal;
    let prefix = match kind {
        AdmonitionKind::Reminder => "JT",
        AdmonitionKind::Supervision => "JD",
        AdmonitionKind::Correction => "JJ",
    };
    let code = take_code(desk.world, prefix, true);
    let restricts = desk.world.policy().restricted_acts(kind);
    let due = due(desk, kind, "approve", desk.happened);
    let id = desk.world.fresh_id();
    let event = Event::AdmonitionProposed {
        code,
        kind,
        trigger,
        unit,
        responsible,
        origin,
        facts,
        proposer,
        approver,
        restricts,
        due,
    };
    desk.record_because(id, event, because);
    id
}

/// 三诫勉 by F8 or `admonish`, with the trigger named. 诫勉纠错 only comes from a raised grade (R089).
pub fn admonish(desk: &mut Desk) -> Result<(), Refusal> {
    let kind = args::must_choice(desk, "kind", AdmonitionKind::find)?;
    let trigger = args::must_choice(desk, "trigger", AdmonitionTrigger::find)?;
    fits(kind, trigger)?;
    let origin = match desk.act.targets.first() {
        Some(target) => Some(*target),
        None => origin_by_name(desk)?,
    };
    let unit = match args::reference(desk, "unit", "unit")? {
        Some(unit) => unit,
        None => origin
            .and_then(|o| desk.state(o))
            .and_then(|s| s.reference("unit"))
            .ok_or_else(|| {
                Refusal::new("missing_field", "“三诫勉”缺少“对象单位”").hint("补填“对象单位”（--unit …）")
            })?,
    };
    let responsible = args::people(desk, "responsible")?;
    let about = About {
        unit,
        post: None,
        person: responsible.first().and_then(|n| n.person),
    };
    let county = routing::rank(desk, about) == CadreRank::County;
    let high = county || routing::leads_the_unit(desk, about);
    let (proposer, approver) = match kind {
        AdmonitionKind::Reminder if high => (BodyRef::TaskForce, routing::leadership(desk, unit)),
        AdmonitionKind::Reminder => (BodyRef::TaskForce, routing::implementation(desk, unit)),
        _ if county => (BodyRef::SteeringOffice, BodyRef::Steering),
        _ => (BodyRef::SteeringOffice, BodyRef::SteeringOffice),
    };
    if !desk.world.operator().serves(proposer) && !desk.world.operator().serves(approver) {
        desk.use_right(proposer)?;
    }
    let facts = args::text(desk, "facts");
    open(
        desk,
        Proposal {
            kind,
            trigger,
            unit,
            responsible,
            origin,
            facts,
            proposer,
            approver,
        },
        None,
    );
    Ok(())
}

fn origin_by_name(desk: &Desk) -> Result<Option<StreamId>, Refusal> {
    let given = args::text(desk, "origin");
    if given.is_empty() {
        return Ok(None);
    }
    let found = StreamId::parse(&given).or_else(|| desk.world.by_code(&given));
    found
        .map(Some)
        .ok_or_else(|| Refusal::new("not_found", format!("没有编号为“{given}”的事项")))
}

fn fits(kind: AdmonitionKind, trigger: AdmonitionTrigger) -> Result<(), Refusal> {
    use AdmonitionTrigger as T;
    let right = match trigger {
        T::SearchNotDetailed | T::SearchIncomplete | T::SearchInaccurate => AdmonitionKind::Reminder,
        T::TaskLate | T::TaskPoor | T::ReminderFailed => AdmonitionKind::Supervision,
        T::WeakLeadership | T::MeasuresMissing => AdmonitionKind::Correction,
    };
    if kind == AdmonitionKind::Correction {
        return Err(
            Refusal::new("only_by_raising", "诫勉纠错只因等级调高产生，不能单独提出")
                .hint("对预警事项或风险点办“调高等级”，原因选领导工作不力或防范措施不到位"),
        );
    }
    if kind != right {
        return Err(Refusal::new(
            "wrong_trigger",
            format!("“{}”适用{}，不适用{}", trigger.label(), right.label(), kind.label()),
        ));
    }
    Ok(())
}

/// One step of an existing admonition.
pub fn step(desk: &mut Desk, id: StreamId, admonition: &Admonition) -> Result<(), Refusal> {
    let kind = admonition.kind;
    let day = desk.happened;
    let verb = desk.act.verb;
    if !verb.spec().deciding && verb != Verb::Remind {
        desk.use_right(admonition.approver)?;
    }
    let event = match verb {
        Verb::NameResponsible => {
            let responsible = args::people(desk, "responsible")?;
            if responsible.is_empty() {
                return Err(Refusal::new("missing_field", "没有指定责任人").hint("填责任人姓名或人员编号"));
            }
            if let Some(unknown) = responsible.iter().find(|n| n.person.is_none()) {
                return Err(Refusal::new("not_found", format!("名录中没有“{}”", unknown.name))
                    .hint("限制事项须落到名录中的人；先登记人员"));
            }
            Event::ResponsibleNamed {
                responsible,
                reason: args::text(desk, "reason"),
            }
        }
        Verb::Hear => Event::StatementHeard {
            statement: args::text(desk, "statement"),
        },
        Verb::Approve => Event::AdmonitionApproved {
            opinion: args::text(desk, "opinion"),
            decided: decided(desk, admonition.approver, &admonition.responsible)?,
            due: due(desk, kind, "serve", day),
        },
        Verb::Reject => Event::AdmonitionRejected {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, admonition.approver, &admonition.responsible)?,
        },
        Verb::Serve => Event::AdmonitionServed {
            received_by: args::text(desk, "received_by"),
            refused_before: witness(desk)?,
            restricts: admonition.restricts.clone(),
            self_check_due: due(desk, kind, "self_check", day),
            due: due(desk, kind, "correct", day),
        },
        Verb::Talk => Event::Talked {
            talkers: args::people(desk, "talkers")?,
            recorder: args::person(desk, "recorder")?,
            content: args::text(desk, "content"),
        },
        Verb::FilePlan => Event::PlanFiled {
            cause: args::text(desk, "cause"),
            plan: args::must_text(desk, "plan")?,
            due: admonition
                .due
                .clone()
                .unwrap_or_else(|| due(desk, kind, "correct", day)),
        },
        Verb::Progress => Event::ProgressLogged {
            text: args::must_text(desk, "text")?,
        },
        Verb::Extend => extend(desk, admonition)?,
        Verb::Feedback => Event::FeedbackGiven {
            result: args::must_text(desk, "result")?,
            evidence: args::text(desk, "evidence"),
            due: deadline::deadline(desk, "admonition.verify", Grade::Yellow, day),
        },
        Verb::Verify => verify(desk, admonition)?,
        Verb::Lift => Event::AdmonitionLifted {
            opinion: args::text(desk, "opinion"),
            decided: decided(desk, admonition.approver, &apart_from_lift(admonition))?,
        },
        Verb::Revoke => Event::AdmonitionRevoked {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, admonition.approver, &admonition.responsible)?,
        },
        Verb::Remind => Event::Reminded {
            text: args::text(desk, "text"),
        },
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(records::not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}

fn apart_from_lift(admonition: &Admonition) -> Vec<Named> {
    admonition
        .responsible
        .iter()
        .chain(&admonition.verifiers)
        .cloned()
        .collect()
}

fn verify(desk: &mut Desk, admonition: &Admonition) -> Result<Event, Refusal> {
    let passed = args::must_flag(desk, "passed")?;
    let verifiers = args::people(desk, "verifiers")?;
    let earlier: Vec<Named> = admonition
        .responsible
        .iter()
        .chain(&admonition.signer)
        .cloned()
        .collect();
    keep_apart(&verifiers, &earlier, "核验人")?;
    let opinion = args::text(desk, "opinion");
    let due = |step: &str| deadline::deadline(desk, step, Grade::Yellow, desk.happened);
    if !passed && admonition.failures > 0 {
        let due = due("admonition.follow_up");
        desk.notes.push(format!(
            "{} 再次核验未通过；限制事项继续，直至另行解除",
            admonition.code
        ));
        return Ok(Event::AdmonitionFailed {
            verifiers,
            opinion,
            due,
        });
    }
    let step = if passed {
        "admonition.lift"
    } else {
        "admonition.correct_again"
    };
    Ok(Event::Verified {
        passed,
        verifiers,
        method: args::choice(desk, "method", InspectionMethod::find)?,
        opinion,
        due: due(step),
    })
}

fn extend(desk: &Desk, admonition: &Admonition) -> Result<Event, Refusal> {
    let to = args::must_date(desk, "to")?;
    let Some(old) = &admonition.due else {
        return Err(Refusal::new(
            "wrong_stage",
            format!("{} 没有在计的期限", admonition.code),
        ));
    };
    if old.day < desk.happened {
        return Err(Refusal::new(
            "past_due",
            format!("{} 已过期限，延期须在到期前提出", admonition.code),
        ));
    }
    let limits = &desk.world.policy().extension;
    let most = match admonition.kind {
        AdmonitionKind::Reminder => limits.reminder_days.value,
        AdmonitionKind::Supervision => limits.supervision_days.value,
        AdmonitionKind::Correction => limits.correction_days.value,
    };
    let latest = desk.world.calendar().add_workdays(old.day, most).day;
    if to <= old.day || to > latest {
        return Err(Refusal::new(
            "extension_too_long",
            format!(
                "延至 {to} 不在允许范围：须晚于 {}，不晚于 {latest}（{most} 个工作日）",
                old.day
            ),
        ));
    }
    let reason = args::must_text(desk, "reason")?;
    let decided = decided(desk, admonition.approver, &admonition.responsible)?;
    let due = deadline::moved_to(desk, old, to);
    Ok(Event::PeriodExtended {
        from: old.day,
        reason,
        decided,
        due,
    })
}

/// Live admonitions that came from a matter, for `follow`.
pub fn from_origin(desk: &Desk, origin: StreamId) -> Vec<(StreamId, Admonition)> {
    desk.referrers("admonition", "origin", origin)
        .into_iter()
        .filter_map(|id| match desk.state(id).as_deref() {
            Some(State::Admonition(a)) => Some((id, a.clone())),
            _ => None,
        })
        .collect()
}
