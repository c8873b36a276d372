//! The dated checklist between service and report. The light flow only shows it; in the full flow each line is a step
//! of its own with its own deadline, in this order.

use super::{Desk, full, measure_due};
use crate::domain::admonition::Admonition;
use crate::domain::event::Due;
use crate::domain::instrument::SelfCheck;

/// A line of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// 谈话.
    Talk,
    /// 书面检查.
    SelfCheck,
    /// 整改方案.
    Plan,
}

/// The first line that is asked for and not yet done; none in the light flow.
pub fn open_line(desk: &Desk, measure: &Admonition) -> Option<Line> {
    if !full(desk) {
        return None;
    }
    let rules = desk.world.policy().rules(measure.kind);
    let check = rules.self_check.value;
    if rules.talkers.value > 0 && measure.talked_on.is_none() {
        return Some(Line::Talk);
    }
    if matches!(check, SelfCheck::Check | SelfCheck::Both) && measure.self_checked_on.is_none() {
        return Some(Line::SelfCheck);
    }
    if matches!(check, SelfCheck::Plan | SelfCheck::Both) && measure.planned_on.is_none() {
        return Some(Line::Plan);
    }
    None
}

/// Deadline of what is owed next: the first open line's, else the correction's.
pub fn next_due(desk: &Desk, measure: &Admonition) -> Option<Due> {
    match open_line(desk, measure) {
        Some(Line::Talk) => {
            let from = measure.served_on.unwrap_or(desk.happened);
            Some(measure_due(desk, "admonition.talk", from))
        }
        Some(Line::SelfCheck | Line::Plan) => measure.self_check_due.clone(),
        None => measure.correct_due.clone(),
    }
}
