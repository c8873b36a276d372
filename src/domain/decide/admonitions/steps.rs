//! One step of an existing measure.

use super::super::signing::decided;
use super::super::warnings::{keep_apart, witness};
use super::super::{Desk, args, records};
use super::checklist::next_due;
use super::open::{approver, weighed};
use super::{concerned, due, full, measure_due, verify};
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::event::{Decided, Due, Duties, Effect, Event, Named, Service};
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::instrument::{Observed, SelfCheck};
use crate::domain::state::{Fact, State};
use crate::domain::verb::Verb;

/// One step of an existing measure.
pub fn step(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let verb = desk.act.verb;
    if !verb.spec().deciding && !matches!(verb, Verb::Remind | Verb::Appeal) {
        desk.use_right(executor(desk, verb, measure))?;
    }
    match verb {
        Verb::Appeal => super::super::appeals::file(desk, id, measure),
        Verb::NameResponsible => name_responsible(desk, id, measure),
        Verb::Serve => serve(desk, id, measure),
        Verb::Talk => talk(desk, id, measure),
        Verb::SelfCheck => self_check(desk, id, measure),
        Verb::FilePlan => file_plan(desk, id, measure),
        Verb::Verify => verify::verify(desk, id, measure),
        _ => {
            let event = simple(desk, measure)?;
            desk.record(id, event);
            Ok(())
        }
    }
}

/// Steps that write one event.
fn simple(desk: &mut Desk, measure: &Admonition) -> Result<Event, Refusal> {
    let day = desk.happened;
    Ok(match desk.act.verb {
        Verb::Weigh => {
            let weighed = weighed(desk)?;
            if weighed.is_empty() {
                return Err(Refusal::new("missing_field", "“情节认定”没有填写内容").hint("填成因、情节或认识态度"));
            }
            Event::CaseWeighed(weighed)
        }
        Verb::Hear => Event::StatementHeard {
            statement: args::text(desk, "statement"),
            due: full(desk).then(|| measure_due(desk, "admonition.decide", day)),
        },
        Verb::Approve => {
            let decided = decided(desk, measure.approver, &concerned(measure))?;
            Event::AdmonitionApproved {
                opinion: args::text(desk, "opinion"),
                effect: effect(desk, measure, &decided),
                decided,
                due: due(desk, measure.kind, "serve", day),
            }
        }
        Verb::Reject => Event::AdmonitionRejected {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, measure.approver, &concerned(measure))?,
        },
        Verb::Progress => Event::ProgressLogged {
            text: args::must_text(desk, "text")?,
        },
        Verb::Visit => Event::SupervisionVisit {
            visitors: apart_from_subjects(desk, "visitors", "督导人", measure)?,
            text: args::must_text(desk, "text")?,
        },
        Verb::Extend => extend(desk, measure)?,
        Verb::Feedback => Event::FeedbackGiven {
            result: args::must_text(desk, "result")?,
            evidence: args::text(desk, "evidence"),
            due: measure_due(desk, "admonition.verify", day),
        },
        Verb::Lift => verify::lift(desk, measure)?,
        Verb::Revoke => Event::AdmonitionRevoked {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, measure.approver, &concerned(measure))?,
        },
        Verb::Remind => Event::Reminded {
            text: args::text(desk, "text"),
        },
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(records::not_here(other)),
    })
}

/// Whose step it is: the verifying body's, else the approver's; a proposer that the operator serves may do it too.
fn executor(desk: &Desk, verb: Verb, measure: &Admonition) -> crate::domain::BodyRef {
    let operator = desk.world.operator();
    if operator.capacities.is_empty() {
        return measure.approver;
    }
    if verb == Verb::Verify {
        let seat = measure.kind.terms().verifier;
        let verifier = super::open::body_of(desk, seat, measure.unit, measure.approver);
        if operator.serves(verifier) {
            return verifier;
        }
    }
    measure.approver
}

/// 责任人 are picked, never guessed (§0.17). Rank and recusal may put another body in the approver's place (§0.16).
fn name_responsible(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let responsible = args::people(desk, "responsible")?;
    if responsible.is_empty() {
        return Err(Refusal::new("missing_field", "没有指定责任人").hint("填责任人姓名或人员编号"));
    }
    if let Some(unknown) = responsible.iter().find(|n| n.person.is_none()) {
        return Err(Refusal::new("not_found", format!("名录中没有“{}”", unknown.name))
            .hint("限制事项须落到名录中的人；先登记人员"));
    }
    let approver = approver(
        desk,
        measure.kind,
        measure.unit,
        &responsible,
        measure.unit_wide,
        measure.proposer,
    );
    desk.record(
        id,
        Event::ResponsibleNamed {
            responsible,
            reason: args::text(desk, "reason"),
        },
    );
    if approver != measure.approver {
        let reason = format!("按责任人职级和回避规定，改由{}批准", desk.body_label(approver));
        desk.notes.push(format!("{} {reason}", measure.code));
        let duties = Duties {
            lead: approver,
            co: Some(measure.proposer).filter(|p| *p != approver),
        };
        let unit = measure.unit;
        desk.record(id, Event::HandedOver { unit, reason, duties });
    }
    Ok(())
}

/// From the decision on, its end known at once: for measures with an effect period (诫勉谈话).
fn effect(desk: &Desk, measure: &Admonition, decided: &Decided) -> Option<Effect> {
    let rules = desk.world.policy().rules(measure.kind);
    let months = chrono::Months::new(rules.effect_months.value);
    (rules.effect_months.value > 0).then(|| Effect {
        from: decided.on,
        to: decided.on + months,
        acts: measure.restricts.clone(),
    })
}

/// Service begins the period and, where the measure restricts until it is lifted, the restriction (A14).
fn serve(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let day = desk.happened;
    let policy = desk.world.policy();
    let rules = policy.rules(measure.kind);
    let correct = match &measure.effect {
        Some(effect) => due(desk, measure.kind, "correct", effect.from),
        None => due(desk, measure.kind, "correct", day),
    };
    let overlay = policy.national_overlay && rules.overlay_months.value > 0;
    let mut service = Service {
        received_by: args::text(desk, "received_by"),
        refused_before: witness(desk)?,
        restricts: match measure.effect {
            Some(_) => Vec::new(),
            None => measure.restricts.clone(),
        },
        at_least: overlay.then(|| day + chrono::Months::new(rules.overlay_months.value)),
        self_check_due: (rules.self_check.value != SelfCheck::No).then(|| due(desk, measure.kind, "self_check", day)),
        appeal_by: Some(measure_due(desk, &policy.appeal_step("file"), day)),
        current: None,
        due: correct,
    };
    if full(desk) {
        let event = Event::AdmonitionServed(service.clone());
        let after = measure.clone().evolve(&Fact {
            event: &event,
            happened: day,
        });
        service.current = next_due(desk, &after);
    }
    let index = desk.record(id, Event::AdmonitionServed(service));
    succeed(desk, id, measure, index);
    Ok(())
}

/// What failed and forbade nothing ends when what follows it is served; a restriction ends only by its own lift.
fn succeed(desk: &mut Desk, id: StreamId, measure: &Admonition, because: usize) {
    let Some(origin) = measure.origin else { return };
    let over = match desk.state(origin).as_deref() {
        Some(State::Admonition(former)) => former.stage == AdmonitionStage::Failed && former.restricts.is_empty(),
        _ => false,
    };
    if over {
        desk.record_because(origin, Event::AdmonitionSucceeded { by: id }, Some(because));
    }
}

/// People named for the office, none of whom is the subject.
fn apart_from_subjects(desk: &Desk, field: &str, role: &str, measure: &Admonition) -> Result<Vec<Named>, Refusal> {
    let named = args::people(desk, field)?;
    keep_apart(&named, &measure.responsible, role)?;
    Ok(named)
}

fn talk(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let talkers = apart_from_subjects(desk, "talkers", "谈话人", measure)?;
    let recorder = args::person(desk, "recorder")?;
    let needed = desk.world.policy().rules(measure.kind).talkers.value;
    let mut different: Vec<&Named> = Vec::new();
    for talker in &talkers {
        if !different.iter().any(|d| d.same_as(talker)) {
            different.push(talker);
        }
    }
    // The light flow does not ask who talked; who is named is checked all the same.
    let asked = full(desk) || !talkers.is_empty();
    if asked && u32::try_from(different.len()).unwrap_or(u32::MAX) < needed {
        return Err(Refusal::new(
            "too_few_talkers",
            format!(
                "{}的谈话须有 {needed} 人，现为 {} 人",
                measure.kind.label(),
                different.len()
            ),
        )
        .hint("补填“谈话人”（--talkers 甲、乙）"));
    }
    let after = Admonition {
        talked_on: Some(desk.happened),
        ..measure.clone()
    };
    let event = Event::Talked {
        talkers,
        recorder,
        content: args::text(desk, "content"),
        due: running(desk, &after),
    };
    desk.record(id, event);
    Ok(())
}

fn self_check(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let after = Admonition {
        self_checked_on: Some(desk.happened),
        ..measure.clone()
    };
    let event = Event::SelfChecked {
        text: args::must_text(desk, "text")?,
        due: running(desk, &after),
    };
    desk.record(id, event);
    if measure.kind.terms().observed == Observed::Effect
        && let Some(due) = measure.correct_due.clone()
    {
        desk.record(id, Event::ObservationBegun { due });
    }
    Ok(())
}

fn file_plan(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let after = Admonition {
        planned_on: Some(desk.happened),
        ..measure.clone()
    };
    let next = running(desk, &after).or_else(|| measure.correct_due.clone());
    let event = Event::PlanFiled {
        cause: args::text(desk, "cause"),
        plan: args::must_text(desk, "plan")?,
        due: next.unwrap_or_else(|| due(desk, measure.kind, "correct", desk.happened)),
    };
    desk.record(id, event);
    Ok(())
}

/// The next deadline where a line of the checklist is a step of its own, as long as nothing was reported yet.
fn running(desk: &Desk, after: &Admonition) -> Option<Due> {
    let before_report = matches!(
        after.stage,
        AdmonitionStage::Served | AdmonitionStage::Talked | AdmonitionStage::Correcting
    );
    (full(desk) && before_report).then(|| next_due(desk, after)).flatten()
}

/// Once, before the period ends, by no more than the policy allows; a restriction goes on meanwhile.
fn extend(desk: &Desk, measure: &Admonition) -> Result<Event, Refusal> {
    let to = args::must_date(desk, "to")?;
    let Some(old) = &measure.correct_due else {
        return Err(Refusal::new("wrong_stage", format!("{} 没有在计的期限", measure.code)));
    };
    if old.day < desk.happened {
        return Err(Refusal::new(
            "past_due",
            format!("{} 已过期限，延期须在到期前提出", measure.code),
        ));
    }
    let most = desk.world.policy().rules(measure.kind).extension_days.value;
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
    let decided = decided(desk, measure.approver, &concerned(measure))?;
    let due = super::super::deadline::moved_to(desk, old, to);
    Ok(Event::PeriodExtended {
        from: old.day,
        reason,
        decided,
        due,
    })
}
