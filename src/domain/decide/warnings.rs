//! Acts on warnings: the five systems (§4.3).

use chrono::NaiveDate;

use super::routing::{self, About};
use super::signing::decided;
use super::{Desk, args, deadline, grades, records, sources};
use crate::domain::act::Fields;
use crate::domain::event::{Duties, Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::policy::Flow;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{Grade, InspectionMethod, ReportSource, UpperOffice, Urgency};
use crate::domain::warning::Warning;
use crate::domain::world::take_code;

/// Registers a report (system 1).
pub fn register(desk: &mut Desk) -> Result<(), Refusal> {
    let source = args::must_choice(desk, "source", ReportSource::find)?;
    let content = args::must_text(desk, "content")?;
    let unit = args::must_reference(desk, "unit", "unit")?;
    let post = args::reference(desk, "post", "post")?;
    let person = args::reference(desk, "person", "person")?;
    let urgency = args::choice(desk, "urgency", Urgency::find)?.unwrap_or(Urgency::Normal);
    let points = args::references(desk, "points", "risk_point")?;
    let received = args::date(desk, "received_on")?.unwrap_or(desk.happened);
    if received > desk.world.today() {
        return Err(Refusal::new("future_date", format!("收到日期 {received} 在今天之后")));
    }
    let mut fields = Fields::new();
    fields.insert("source".into(), source.id().into());
    fields.insert("content".into(), content.into());
    fields.insert("received_on".into(), received.to_string().into());
    for (name, value) in [("unit", Some(unit)), ("post", post), ("person", person)] {
        if let Some(id) = value {
            fields.insert(name.into(), id.to_string().into());
        }
    }
    let receiver = args::text(desk, "receiver");
    if !receiver.is_empty() {
        fields.insert("receiver".into(), receiver.into());
    }
    let duties = routing::duties(desk, Grade::Yellow, About { unit, post, person });
    let due = deadline::deadline(desk, "warning.assess", urgency.column(), received);
    let code = take_code(desk.world, "YJ", true);
    let id = desk.world.fresh_id();
    desk.record(
        id,
        Event::WarningRegistered {
            code,
            fields,
            points,
            urgency,
            duties,
            due,
            original_code: None,
        },
    );
    sources::sealed_with(desk, id)
}

/// One step of an existing warning.
pub fn step(desk: &mut Desk, id: StreamId, warning: &Warning) -> Result<(), Refusal> {
    let grade = warning.grade.unwrap_or(warning.urgency.column());
    let day = desk.happened;
    let due = |desk: &Desk, step: &str, from: NaiveDate| deadline::deadline(desk, step, grade, from);
    let verb = desk.act.verb;
    if matches!(verb, Verb::AddSource | Verb::ReadSource | Verb::EraseSource) {
        return sources::step(desk, id, warning);
    }
    if !verb.spec().deciding && !matches!(verb, Verb::Amend | Verb::Remind | Verb::Void) {
        desk.use_right(warning.duties.lead)?;
    }
    let event = match verb {
        Verb::Assess => assess(desk, warning)?,
        Verb::RejectReport => Event::ReportRejected {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, warning.duties.lead, &warning.analysts)?,
        },
        Verb::NoWarning => Event::WarningDeclined {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, warning.duties.lead, &warning.analysts)?,
        },
        Verb::Merge => merge(desk, id)?,
        Verb::Return => Event::WarningReturned {
            reason: args::must_text(desk, "reason")?,
            due: due(desk, "warning.assess", day),
        },
        Verb::Release => {
            let decided = decided(desk, warning.duties.lead, &warning.analysts)?;
            Event::WarningReleased {
                demand: args::text(desk, "demand"),
                decided,
                due: due(desk, "warning.serve", day),
            }
        }
        Verb::Serve => {
            let plan_due = due(desk, "warning.plan", day);
            let rectify = due(desk, "warning.rectify", day);
            // Light: only the current step, the rectification, has a date; the plan is a line of the checklist.
            let due = if desk.world.policy().flow == Flow::Light {
                rectify
            } else {
                plan_due.clone()
            };
            Event::WarningServed {
                received_by: args::text(desk, "received_by"),
                refused_before: witness(desk)?,
                plan_due,
                due,
            }
        }
        Verb::FilePlan => {
            let from = warning.served_on.unwrap_or(day);
            let running = warning.due.clone().filter(|d| d.step.starts_with("warning.rectify"));
            let due = running.unwrap_or_else(|| due(desk, "warning.rectify", from));
            Event::PlanFiled {
                cause: args::text(desk, "cause"),
                plan: args::must_text(desk, "plan")?,
                due,
            }
        }
        Verb::Progress => Event::ProgressLogged {
            text: args::must_text(desk, "text")?,
        },
        Verb::Extend => extend(desk, warning)?,
        Verb::Feedback => Event::FeedbackGiven {
            result: args::must_text(desk, "result")?,
            evidence: args::text(desk, "evidence"),
            due: due(desk, "warning.verify", day),
        },
        Verb::Verify => {
            let passed = args::must_flag(desk, "passed")?;
            let verifiers = args::people(desk, "verifiers")?;
            let earlier: Vec<Named> = warning.analysts.iter().chain(&warning.releaser).cloned().collect();
            keep_apart(&verifiers, &earlier, "核验人")?;
            if !passed && warning.failures > 0 {
                desk.notes.push(format!(
                    "{} 第二次核验未通过，可“调高等级”（原因：逾期未整改或重新评估）",
                    warning.code
                ));
            }
            Event::Verified {
                passed,
                verifiers,
                method: args::choice(desk, "method", InspectionMethod::find)?,
                opinion: args::text(desk, "opinion"),
                due: due(
                    desk,
                    if passed {
                        "warning.lift"
                    } else {
                        "warning.rectify_again"
                    },
                    day,
                ),
            }
        }
        Verb::Lift => Event::WarningLifted {
            opinion: args::text(desk, "opinion"),
            decided: decided(desk, warning.duties.lead, &warning.verifiers)?,
        },
        Verb::Withdraw => Event::WarningWithdrawn {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, warning.duties.lead, &[])?,
        },
        Verb::Reopen => Event::WarningReopened {
            reason: args::must_text(desk, "reason")?,
            decided: decided(desk, warning.duties.lead, &[])?,
            due: due(desk, "warning.rectify", day),
        },
        Verb::Escalate | Verb::Deescalate => return grades::change_warning(desk, id, warning),
        Verb::PassUp => pass_up(desk, warning)?,
        Verb::ReferClue | Verb::ClueReceipt => return refer_clue(desk, id, warning),
        Verb::Ratify => return grades::ratify(desk, id, &State::Warning(warning.clone())),
        Verb::HandOver => hand_over(desk, warning)?,
        Verb::Remind => Event::Reminded {
            text: args::text(desk, "text"),
        },
        Verb::Amend => Event::Amended {
            fields: records::changed_fields(desk, &State::Warning(warning.clone()))?,
        },
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(records::not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}

fn assess(desk: &Desk, warning: &Warning) -> Result<Event, Refusal> {
    let grade = args::must_choice(desk, "grade", Grade::find)?;
    let state = State::Warning(warning.clone());
    let about = About::of(&state).ok_or_else(|| Refusal::new("incomplete", "事项没有单位"))?;
    let analysts = args::people(desk, "analysts")?;
    if let [one, another, ..] = analysts.as_slice()
        && one.same_as(another)
    {
        return Err(Refusal::new("same_person", "两名评估人不能是同一人"));
    }
    Ok(Event::WarningAssessed {
        grade,
        analysts,
        credibility: args::score(desk, "credibility")?,
        likelihood: args::score(desk, "likelihood")?,
        harm: args::score(desk, "harm")?,
        opinion: args::text(desk, "opinion"),
        points: args::references(desk, "points", "risk_point")?,
        duties: routing::duties(desk, grade, about),
        due: deadline::deadline(desk, "warning.release", grade, desk.happened),
    })
}

fn merge(desk: &Desk, id: StreamId) -> Result<Event, Refusal> {
    let into = args::must_reference(desk, "into", "warning")?;
    if into == id {
        return Err(Refusal::new("wrong_field", "不能并入本事项自身"));
    }
    match desk.state(into).as_deref() {
        Some(State::Warning(w)) if w.stage.live() => Ok(Event::WarningMerged { into }),
        _ => Err(Refusal::new("wrong_field", "所并入的事项已经办结").hint("并入在办的事项")),
    }
}

/// 上报: a report that looks graver, or is about a 处级 cadre, goes to a higher receiving office.
fn pass_up(desk: &Desk, warning: &Warning) -> Result<Event, Refusal> {
    let to = match args::must_choice(desk, "to", UpperOffice::find)? {
        UpperOffice::Discipline => BodyRef::Discipline,
        UpperOffice::SteeringOffice => BodyRef::SteeringOffice,
    };
    if to == warning.duties.lead {
        return Err(Refusal::new(
            "nothing_changed",
            format!("{} 已在{}", warning.code, desk.body_label(to)),
        ));
    }
    let reason = args::must_text(desk, "reason")?;
    let duties = Duties {
        lead: to,
        co: Some(warning.duties.lead),
    };
    let due = deadline::deadline(desk, "warning.assess", warning.urgency.column(), desk.happened);
    Ok(Event::PassedUp { duties, reason, due })
}

/// 移送线索 stands under 待移送; the receipt number hands it over and seals the content (§0.9).
fn refer_clue(desk: &mut Desk, id: StreamId, warning: &Warning) -> Result<(), Refusal> {
    if desk.act.verb == Verb::ReferClue {
        let receiver = args::must_text(desk, "receiver")?;
        let decided = decided(desk, warning.duties.lead, &[])?;
        let grade = warning.grade.unwrap_or(warning.urgency.column());
        let due = deadline::deadline(desk, "warning.refer", grade, desk.happened);
        desk.record(id, Event::ClueReferred { receiver, decided, due });
    }
    let receipt = args::text(desk, "receipt");
    if !receipt.is_empty() {
        desk.record(id, Event::ClueTransferred { receipt });
    } else if desk.act.verb == Verb::ClueReceipt {
        args::must_text(desk, "receipt")?;
    }
    Ok(())
}

fn hand_over(desk: &Desk, warning: &Warning) -> Result<Event, Refusal> {
    let unit = args::must_reference(desk, "unit", "unit")?;
    let reason = args::must_text(desk, "reason")?;
    let state = State::Warning(warning.clone());
    let about = About {
        unit,
        post: None,
        person: state.reference("person"),
    };
    let duties = routing::duties(desk, warning.grade.unwrap_or(Grade::Yellow), about);
    Ok(Event::HandedOver { unit, reason, duties })
}

fn extend(desk: &Desk, warning: &Warning) -> Result<Event, Refusal> {
    let to = args::must_date(desk, "to")?;
    let Some(old) = &warning.due else {
        return Err(Refusal::new("wrong_stage", format!("{} 没有在计的期限", warning.code)));
    };
    let percent = desk.world.policy().extension.warning_percent.value;
    let most = old.length * percent / 100;
    let latest = desk.world.calendar().add_workdays(old.day, most).day;
    if to <= old.day || to > latest {
        return Err(Refusal::new(
            "extension_too_long",
            format!(
                "延至 {to} 不在允许范围：须晚于 {}，不晚于 {latest}（原期限的 {percent}%）",
                old.day
            ),
        ));
    }
    let reason = args::must_text(desk, "reason")?;
    let decided = decided(desk, warning.duties.lead, &[])?;
    let due = deadline::moved_to(desk, old, to);
    Ok(Event::PeriodExtended {
        from: old.day,
        reason,
        decided,
        due,
    })
}

/// A refused receipt needs a witness (§4.3 system 4).
pub fn witness(desk: &Desk) -> Result<Option<String>, Refusal> {
    if args::flag(desk, "refused")? != Some(true) {
        return Ok(None);
    }
    let witness = args::text(desk, "witness");
    if witness.is_empty() {
        return Err(Refusal::new("missing_field", "拒收的，须写明见证人").hint("补填“见证人”（--witness …）"));
    }
    Ok(Some(witness))
}

/// Named persons are kept apart (G2).
pub fn keep_apart(now: &[Named], earlier: &[Named], role: &str) -> Result<(), Refusal> {
    match now.iter().find(|n| earlier.iter().any(|e| e.same_as(n))) {
        Some(same) => Err(Refusal::new(
            "same_person",
            format!(
                "{role}“{}”在此前的步骤中已具名，提出、批准、核验须为不同的人",
                same.name
            ),
        )
        .hint("改由他人办理此步")),
        None => Ok(()),
    }
}
