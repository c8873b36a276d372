//! What stands against striking a point off or lowering its grade: live warnings, new reports, the observation period
//! (§4.1, §4.2).

use chrono::{Days, NaiveDate};

use super::Desk;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::point::RiskPoint;
use crate::domain::state::State;
use crate::domain::vocabulary::Grade;
use crate::domain::warning::{Warning, WarningStage};

/// Warnings and reports about a point.
fn about(desk: &Desk, point: StreamId) -> Vec<(StreamId, Warning)> {
    let linked = desk.referrers("warning", "point", point).into_iter();
    linked
        .filter_map(|w| match desk.state(w).as_deref() {
            Some(State::Warning(x)) => Some((w, x.clone())),
            _ => None,
        })
        .collect()
}

/// No warning about it is in force: its rectification is not verified, or it is not lifted yet.
pub fn no_live_warning(stream: StreamId, point: &RiskPoint, desk: &Desk, what: &str) -> Result<(), Refusal> {
    let live = about(desk, stream).into_iter().find(|(_, w)| w.stage.in_force());
    live.map_or(Ok(()), |(_, Warning { code, .. })| {
        Err(Refusal::new(
            "live_warning",
            format!("{} 有未解除的预警 {code}，不能{what}", point.code),
        )
        .hint("预警解除后再办"))
    })
}

/// The observation period since the last warning on it was lifted (§4.1).
pub fn observed(stream: StreamId, point: &RiskPoint, desk: &Desk) -> Result<(), Refusal> {
    let days = desk
        .world
        .policy()
        .observation
        .length(point.grade.unwrap_or(Grade::Yellow));
    let until = last_lift(stream, desk).map(|(_, day)| day + Days::new(u64::from(days)));
    match until {
        Some(until) if desk.happened < until => Err(Refusal::new(
            "observing",
            format!("{} 的预警解除后须观察 {days} 天，至 {until}", point.code),
        )
        .hint("观察期满后再办销号")),
        _ => Ok(()),
    }
}

/// The warning about a point that was lifted last, and when.
fn last_lift(stream: StreamId, desk: &Desk) -> Option<(String, NaiveDate)> {
    let lifted = about(desk, stream).into_iter();
    lifted
        .filter(|(_, w)| w.stage == WarningStage::Lifted)
        .filter_map(|(_, w)| Some((w.code, w.ended_on?)))
        .max_by_key(|(_, day)| *day)
}

/// §4.2 红 → 橙, 橙 → 黄: every rectification verified, the observation period over, no new report in it.
///
/// It runs from the day the point got the grade it has (not for an imported one, whose day nobody knows) and begins
/// anew when a warning about it is lifted.
pub fn lowerable(stream: StreamId, point: &RiskPoint, desk: &Desk) -> Result<(), Refusal> {
    no_live_warning(stream, point, desk, "调低")?;
    no_new_report(&point.code, &[stream], stream, desk)?;
    let grade = point.grade.unwrap_or(Grade::Yellow);
    let days = desk.world.policy().lowering.length(grade);
    let period = |since: NaiveDate| since + Days::new(u64::from(days));
    let raised = point.raised_on.last().map(|day| ("调高", *day));
    let graded = point.graded_on.filter(|_| !point.imported).map(|day| ("定级", day));
    let graded = raised
        .or(graded)
        .map(|(how, day)| (format!("{} {day} {how}为{}", point.code, grade.label()), day));
    let lifted = last_lift(stream, desk).map(|(code, day)| (format!("{} 的预警 {code} {day} 解除", point.code), day));
    let referred = about(desk, stream).into_iter().filter_map(|(_, w)| {
        let day = w.ended_on.filter(|_| w.stage == WarningStage::ClueTransferred)?;
        Some((format!("{} 的报告 {} {day} 已移送", point.code, w.code), day))
    });
    let last = graded
        .into_iter()
        .chain(lifted)
        .chain(referred)
        .max_by_key(|(_, day)| *day);
    match last {
        Some((what, day)) if desk.happened < period(day) => {
            let reason = format!("{what}，须观察 {days} 天，{} 起方可调低", period(day));
            Err(Refusal::new("observing", reason).hint("观察期内没有新的报告，期满后再办“调低等级”"))
        }
        _ => Ok(()),
    }
}

/// No report about the points waits to be judged; `but` is the matter that is to be lowered itself.
pub fn no_new_report(code: &str, points: &[StreamId], but: StreamId, desk: &Desk) -> Result<(), Refusal> {
    let open = |w: &Warning| {
        matches!(
            w.stage,
            WarningStage::Registered | WarningStage::Assessed | WarningStage::Referring
        )
    };
    let reports = points.iter().flat_map(|point| about(desk, *point));
    match reports.into_iter().find(|(id, w)| *id != but && open(w)) {
        Some((_, report)) => {
            let reason = format!(
                "{code} 有新的报告 {}（{}），不能调低",
                report.code,
                report.stage.light_label()
            );
            Err(Refusal::new("new_report", reason).hint("该报告办结后再办；经评估不予预警的，不影响调低"))
        }
        None => Ok(()),
    }
}
