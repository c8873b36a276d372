//! Who told it: sealed when typed, read by the keeper, erased once the matter is long over (§0.21).

use chrono::{Months, NaiveDate};

use super::{Desk, args};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::obligation::{ObligationRule, ObligationStage};
use crate::domain::source::{self, keeper_of};
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::warning::Warning;

/// Writes the envelope that came with the act, if one did.
pub fn sealed_with(desk: &mut Desk, warning: StreamId) -> Result<(), Refusal> {
    if source::typed_in(&desk.act) {
        // The ledger seals before it asks: reaching this would be a mistake of the program.
        return Err(Refusal::new("not_sealed", "程序错误：来源信息没有密封，未办理").hint("请向维护人员报告"));
    }
    let source_sealed = args::text(desk, source::SEALED);
    if !source_sealed.is_empty() {
        desk.record(warning, Event::SourceSealed { source_sealed });
        desk.notes.push("来源人已密封，只有保管人能看。".into());
    }
    Ok(())
}

/// May this be done to the sources of a matter at all?
pub fn guard(verb: Verb, id: StreamId, warning: &Warning, desk: &Desk) -> Result<(), Refusal> {
    if warning.sources.is_empty() {
        return Err(match warning.source_erased_on {
            Some(day) => Refusal::new("source_erased", format!("{} 的来源信息已于 {day} 清除", warning.code)),
            None => Refusal::new("no_source", format!("{} 没有登记来源人", warning.code)),
        });
    }
    if verb != Verb::EraseSource {
        return Ok(());
    }
    let Some(kept_until) = kept_until(warning, desk) else {
        return Err(
            Refusal::new("not_ended", format!("{} 还在办理，来源信息不能清除", warning.code)).hint("办结满期后再清除"),
        );
    };
    if desk.world.today() < kept_until {
        return Err(Refusal::new(
            "kept_longer",
            format!("{} 的来源信息保存至 {kept_until}，此前不能清除", warning.code),
        ));
    }
    let owed = |o: StreamId| {
        matches!(desk.state(o).as_deref(), Some(State::Obligation(o))
            if o.rule == ObligationRule::SourceReply && o.stage == ObligationStage::Open)
    };
    if desk.referrers("obligation", "origin", id).into_iter().any(owed) {
        return Err(
            Refusal::new("reply_owed", format!("{} 还没有向来源反馈", warning.code)).hint("先办结“向来源反馈”这项须办")
        );
    }
    Ok(())
}

/// First day on which the sources may be erased; none while the matter is open.
fn kept_until(warning: &Warning, desk: &Desk) -> Option<NaiveDate> {
    let months = desk.world.policy().source_months.value;
    warning.ended_on?.checked_add_months(Months::new(months))
}

/// One of the three steps.
pub fn step(desk: &mut Desk, id: StreamId, warning: &Warning) -> Result<(), Refusal> {
    if desk.act.verb == Verb::AddSource {
        desk.use_right(warning.duties.lead)?;
        let before = desk.events.len();
        sealed_with(desk, id)?;
        if desk.events.len() == before {
            return Err(Refusal::new("missing_field", "“登记来源”没有写来源人")
                .hint("姓名、代码、回拨电话至少写一项（--source-name …）"));
        }
        return Ok(());
    }
    desk.use_right(keeper_of(warning.duties.lead))?;
    let event = match (desk.act.verb, warning.ended_on) {
        (Verb::EraseSource, Some(ended_on)) => Event::SourceErased {
            ended_on,
            months: desk.world.policy().source_months.value,
        },
        _ => Event::SourceRead {
            reason: args::text(desk, "reason"),
        },
    };
    desk.record(id, event);
    Ok(())
}
