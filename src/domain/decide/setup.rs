//! A new office: the bodies that exist once; and the date somebody confirmed.

use super::{Desk, args, records};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::BodyRef;

/// Founds the eight bodies every office has; seats stay vacant.
pub fn found(desk: &mut Desk) -> Result<(), Refusal> {
    if desk.world.body_stream(BodyRef::Steering).is_some() {
        return Err(Refusal::new("already_founded", "机构已经建立"));
    }
    for body in BodyRef::FIXED {
        records::found_body(desk, body, None, None);
    }
    Ok(())
}

/// Writes down that somebody at the machine confirmed its date; refused when he reads another on the wall.
pub fn confirm_date(desk: &mut Desk) -> Result<(), Refusal> {
    let (told, today) = (args::must_date(desk, "day")?, desk.world.today());
    if told != today {
        return Err(Refusal::new("clock", format!("本机日期是 {today}，您填的是 {told}"))
            .hint("请先在系统设置里改正本机日期和时区，再办理"));
    }
    let adoption = desk.world.adoption();
    let stream = adoption.ok_or_else(|| Refusal::new("not_found", "台账尚未启用政策"))?;
    let text = format!("核对日期：今天是 {today}");
    desk.record(
        stream,
        Event::Noted {
            text,
            late_reason: None,
            paper: String::new(),
            attachments: Vec::new(),
        },
    );
    Ok(())
}
