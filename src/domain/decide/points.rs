//! Acts on risk points (§4.1).

use super::routing::{self, About};
use super::signing::decided;
use super::{Desk, args, deadline, grades, measures, publicity, records};
use crate::domain::event::{Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::point::{PointStage, RiskPoint};
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{Grade, ReturnReason};
use crate::domain::world::take_code;

/// Registers a point as a draft.
pub fn draft(desk: &mut Desk) -> Result<(), Refusal> {
    let sheet = desk
        .world
        .sheets()
        .get("risk_point")
        .cloned()
        .ok_or_else(|| records::no_register("risk_point"))?;
    let mut given = desk.act.fields.clone();
    let measures = args::several(desk, "measures");
    given.remove("measures");
    given.remove("grade");
    let fields = args::checked(desk, &sheet, &given)?;
    let point = desk.world.fresh_id();
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    desk.record(point, Event::PointDrafted { code, fields });
    for text in measures {
        measures::plan(desk, point, &text, None);
    }
    Ok(())
}

/// One step of an existing point.
pub fn step(desk: &mut Desk, id: StreamId, point: &RiskPoint) -> Result<(), Refusal> {
    let state = crate::domain::State::RiskPoint(point.clone());
    let lead = point.duties.map(|d| d.lead);
    match desk.act.verb {
        Verb::Submit => {
            let due = deadline::deadline(desk, "point.review", Grade::Yellow, desk.happened);
            desk.record(id, Event::PointSubmitted { due });
        }
        Verb::Return => {
            let kind = args::choice(desk, "kind", ReturnReason::find)?;
            let reason = args::must_text(desk, "reason")?;
            desk.record(id, Event::PointReturned { kind, reason });
        }
        Verb::Grade => grade(desk, id, &state)?,
        Verb::Review => {
            let reviewer = args::person(desk, "reviewer")?;
            desk.use_right(reviewing_body(desk, &state)?)?;
            desk.record(id, Event::PointReviewed { reviewer });
        }
        Verb::Appraise => appraise(desk, id, &state)?,
        Verb::Withhold | Verb::Object | Verb::AnswerObjection => publicity::step(desk, id, point)?,
        Verb::Confirm => {
            desk.use_right(reviewing_body(desk, &state)?)?;
            desk.record(
                id,
                Event::ReviewConfirmed {
                    text: args::text(desk, "text"),
                },
            );
        }
        Verb::Merge => {
            let into = args::must_reference(desk, "into", "risk_point")?;
            let same_unit = desk.state(into).and_then(|s| s.reference("unit")) == state.reference("unit");
            if into == id || !same_unit {
                return Err(Refusal::new("wrong_field", "只能并入同一单位的另一风险点"));
            }
            desk.use_right(reviewing_body(desk, &state)?)?;
            desk.record(id, Event::PointMerged { into });
        }
        Verb::Ratify => grades::ratify(desk, id, &state)?,
        Verb::Publish => publicity::step(desk, id, point)?,
        Verb::Discharge => {
            resolve(desk, id, point)?;
            discharge(desk, id, point)?;
        }
        Verb::Reject => {
            let reason = args::must_text(desk, "reason")?;
            let decided = decided(desk, lead.unwrap_or(crate::domain::BodyRef::Steering), &[])?;
            desk.record(id, Event::ResolutionRejected { reason, decided });
        }
        Verb::Retire => {
            let reason = args::must_text(desk, "reason")?;
            let decided = decided(desk, lead.unwrap_or(crate::domain::BodyRef::Steering), &[])?;
            desk.record(id, Event::PointRetired { reason, decided });
        }
        Verb::AddMeasure => {
            let text = args::must_text(desk, "text")?;
            measures::plan(desk, id, &text, Some(&desk.act.fields.clone()));
        }
        Verb::Escalate | Verb::Deescalate => grades::change_point(desk, id, point)?,
        Verb::Amend => {
            let fields = records::changed_fields(desk, &state)?;
            desk.record(id, Event::Amended { fields });
        }
        Verb::Void => {
            let reason = args::must_text(desk, "reason")?;
            desk.record(id, Event::Voided { reason });
        }
        other => return Err(records::not_here(other)),
    }
    Ok(())
}

/// The committee that reviews a point: as yellow, so never one its own head sits in (R023).
fn reviewing_body(desk: &Desk, state: &crate::domain::State) -> Result<crate::domain::BodyRef, Refusal> {
    let about =
        About::of(state).ok_or_else(|| Refusal::new("incomplete", "风险点没有单位").hint("先“修改”补齐单位"))?;
    Ok(routing::duties(desk, Grade::Yellow, about).lead)
}

/// Panel appraisal of the full flow: three appraisers, one of them from outside the unit.
fn appraise(desk: &mut Desk, id: StreamId, state: &crate::domain::State) -> Result<(), Refusal> {
    let appraisers = args::people(desk, "appraisers")?;
    let distinct = appraisers
        .iter()
        .enumerate()
        .all(|(i, a)| !appraisers[..i].iter().any(|b| a.same_as(b)));
    if appraisers.len() < 3 || !distinct {
        return Err(
            Refusal::new("panel_too_small", format!("{} 的评议人不足三名", state.code()))
                .hint("评议小组不少于三人，其中至少一人来自外单位"),
        );
    }
    let unit = state.reference("unit");
    let outside = |n: &Named| n.person.and_then(|p| desk.state(p)).and_then(|p| p.reference("unit")) != unit;
    if !appraisers.iter().any(outside) {
        return Err(
            Refusal::new("panel_not_mixed", format!("{} 的评议人都来自本单位", state.code()))
                .hint("至少一人来自外单位"),
        );
    }
    let (likelihood, harm) = (args::score(desk, "likelihood")?, args::score(desk, "harm")?);
    if likelihood.is_none() || harm.is_none() {
        return Err(Refusal::new("missing_field", "“评议”缺少可能性或危害性评分").hint("各填 1 至 5"));
    }
    let opinion = args::must_text(desk, "opinion")?;
    desk.record(
        id,
        Event::PointAppraised {
            appraisers,
            likelihood,
            harm,
            opinion,
        },
    );
    Ok(())
}

/// 审核定级: unit review, appraisal and grading in one act (§0.15); the events are those of the full chain.
fn grade(desk: &mut Desk, id: StreamId, state: &crate::domain::State) -> Result<(), Refusal> {
    let grade = args::must_choice(desk, "grade", Grade::find)?;
    let about =
        About::of(state).ok_or_else(|| Refusal::new("incomplete", "风险点没有单位").hint("先“修改”补齐单位"))?;
    let crate::domain::State::RiskPoint(point) = state else {
        return Err(records::not_here(Verb::Grade));
    };
    let appraised = point.stage == PointStage::Appraised;
    let reviewer = args::person(desk, "reviewer")?;
    let appraisers = args::people(desk, "appraisers")?;
    let (likelihood, harm) = (args::score(desk, "likelihood")?, args::score(desk, "harm")?);
    let deviation = args::text(desk, "deviation");
    if let Some((l, h)) = likelihood.zip(harm).or(point.scores.filter(|_| appraised)) {
        check_deviation(state.code(), grade, suggested_grade(l, h), &deviation)?;
    }
    let duties = routing::duties(desk, grade, about);
    let earlier = point.graders.iter().filter(|_| point.stage != PointStage::Submitted);
    let apart: Vec<Named> = reviewer.iter().chain(&appraisers).chain(earlier).cloned().collect();
    let decided = decided(desk, duties.lead, &apart)?;
    if point.stage == PointStage::Submitted {
        desk.record(id, Event::PointReviewed { reviewer });
    }
    if !appraised {
        let opinion = args::text(desk, "opinion");
        desk.record(
            id,
            Event::PointAppraised {
                appraisers,
                likelihood,
                harm,
                opinion,
            },
        );
    }
    desk.record(
        id,
        Event::PointGraded {
            grade,
            duties,
            deviation,
            decided,
        },
    );
    Ok(())
}

/// What the matrix of §2.2 suggests for likelihood and harm; an aid of ours, not a norm.
pub fn suggested_grade(likelihood: u8, harm: u8) -> Grade {
    match (likelihood, harm, u32::from(likelihood) * u32::from(harm)) {
        (2.., 5.., _) => Grade::Red,
        (_, 4.., _) => Grade::Orange,
        (_, _, 12..) => Grade::Orange,
        _ => Grade::Yellow,
    }
}

fn check_deviation(code: &str, grade: Grade, suggested: Grade, deviation: &str) -> Result<(), Refusal> {
    let steps = (grade as i32 - suggested as i32).abs();
    if steps > 1 {
        return Err(Refusal::new(
            "deviation_too_far",
            format!(
                "{code}：评分建议为{}，所定为{}，只允许偏离一级",
                suggested.label(),
                grade.label()
            ),
        )
        .hint("核对评分或等级"));
    }
    if steps == 1 && deviation.is_empty() {
        return Err(Refusal::new(
            "deviation_unexplained",
            format!(
                "{code}：评分建议为{}，所定为{}，须写明偏离理由",
                suggested.label(),
                grade.label()
            ),
        )
        .hint("补填“偏离矩阵的理由”（--deviation …）"));
    }
    Ok(())
}

/// The unit states that the risk is resolved; already stated is fine.
pub fn resolve(desk: &mut Desk, id: StreamId, point: &RiskPoint) -> Result<(), Refusal> {
    if point.stage != PointStage::Resolved {
        let due = deadline::deadline(
            desk,
            "point.discharge",
            point.grade.unwrap_or(Grade::Yellow),
            desk.happened,
        );
        desk.record(
            id,
            Event::PointResolved {
                note: args::text(desk, "resolution"),
                due,
            },
        );
    }
    Ok(())
}

fn discharge(desk: &mut Desk, id: StreamId, point: &RiskPoint) -> Result<(), Refusal> {
    let verifier = args::person(desk, "verifier")?;
    let lead = point.duties.map_or(crate::domain::BodyRef::Steering, |d| d.lead);
    let decided = decided(desk, lead, verifier.as_slice())?;
    desk.record(
        id,
        Event::PointDischarged {
            verifier,
            site_note: args::text(desk, "site_note"),
            decided,
        },
    );
    Ok(())
}
