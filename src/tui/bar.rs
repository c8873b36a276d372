//! The title bar, the message line and the key bar; the keys and their names come from the table of actions.

use ratatui::layout::Rect;

use super::glyph::glyphs;
use super::text::{Align, cut, pad, width};
use super::view::Canvas;
use crate::app::actions::{ACTIONS, Action, Do};
use crate::app::key::Key;
use crate::app::layout::is_wide;
use crate::app::model::{Model, Tone};
use crate::app::role::Role;
use crate::app::store::Slot;

/// The title bar: where we are, who sits here, what waits.
pub fn title(canvas: &mut Canvas, model: &Model) {
    let area = canvas.buf.area;
    let pane = model.pane();
    let header = &model.header;
    // an earlier day is said first: nothing below it is of today
    let past = match header.past.as_str() {
        "" => String::new(),
        past => format!("〔{past}〕"),
    };
    let mut left = format!(" 廉能台  {past}{} {}", pane.id.digit(), pane.id.label());
    // a list that is narrowed to a batch says so instead of the row of the left part
    let batch = pane.only.as_ref().map(|(name, _)| name.as_str());
    let row = pane.nav.as_ref().and_then(|nav| nav.current());
    if let Some(label) = batch.or(row.map(|row| row.label.as_str())) {
        left.push_str(&format!(" {} {label}", glyphs().path));
    }
    if !header.mark.is_empty() {
        left.push_str(&format!("  〔{}〕", header.mark));
    }
    let counts = if past.is_empty() {
        format!("我方 {}  逾期 {} ", header.mine, header.overdue)
    } else {
        String::new()
    };
    let who = if header.capacity.is_empty() || header.capacity == header.operator {
        header.operator.clone()
    } else {
        format!("{} 以 {} 名义", header.operator, header.capacity)
    };
    let room = usize::from(area.width);
    // what is most needed stays: the counts, then the day, then who
    let mut right = counts;
    let today = if past.is_empty() { header.today.as_str() } else { "" };
    for piece in [today, &who] {
        if !piece.is_empty() && width(&right) + width(piece) + 4 + width(&left).min(room / 2) <= room {
            right = format!("{piece}   {right}");
        }
    }
    let left = pad(&left, room.saturating_sub(width(&right) + 1), Align::Left);
    canvas.line(area, 0, &format!("{left} {right}"), Role::Bar);
}

/// The two lines at the foot: what was said or why something is disabled, then the keys.
pub fn foot(canvas: &mut Canvas, model: &Model) {
    let area = canvas.buf.area;
    let message_row = area.height - 2;
    let (role, text) = match &model.message {
        Some((Tone::Plain, text)) => (Role::Text, format!(" {text}")),
        Some((Tone::Done, text)) => (Role::Done, format!(" {text}")),
        Some((Tone::Refused, text)) => (Role::Refused, format!(" {text}")),
        None if !model.header.notice.is_empty() => {
            (Role::Refused, format!(" {}{}", model.header.notice, reasons(model)))
        }
        None => (Role::Disabled, reasons(model)),
    };
    // what Ctrl-Z would take back is named beforehand; in a narrow window the bar has no room for it
    let room = usize::from(area.width);
    let undo = match &model.header.undo {
        Some(what) if !is_wide(model.size) => cut(&format!("  Ctrl-Z 撤回：{what} "), room / 2),
        _ => String::new(),
    };
    // what was just said is said whole
    let beside = model.message.is_none() || width(&text) + width(&undo) <= room;
    let free = if beside { room - width(&undo) } else { room };
    canvas.line(area, message_row, &cut(&text, free), role);
    if beside {
        let x = area.right().saturating_sub(u16::try_from(width(&undo)).unwrap_or(0));
        canvas.put(area, (x, message_row), &undo, Role::Text);
    }
    canvas.line(area, area.height - 1, "", Role::Text);
    keys(canvas, model, Rect::new(area.x, area.bottom() - 1, area.width, 1));
}

fn keys(canvas: &mut Canvas, model: &Model, area: Rect) {
    let mut x = area.x + 1;
    let bar = ACTIONS.iter().filter(|action| action.bar);
    let more = ACTIONS.iter().filter(|action| match action.what {
        Do::Act(Slot::Hand) => is_wide(model.size) && !model.acts_on(Slot::Hand).is_empty(),
        Do::Undo => is_wide(model.size) && model.header.undo.is_some(),
        Do::Redo => model.header.redo.is_some(),
        _ => false,
    });
    for action in bar.chain(more) {
        let key = action.key().map(Key::label).unwrap_or_default();
        let (label, possible) = label(model, action);
        let room = usize::from(area.right().saturating_sub(x));
        // a key that does not fit whole is left out; the menu has it
        if room < width(&key) + width(&label).min(24) + 1 {
            continue;
        }
        x = canvas.put(
            area,
            (x, area.y),
            &key,
            if possible { Role::Key } else { Role::Disabled },
        ) + 1;
        let label = cut(&label, 30);
        x = canvas.put(
            area,
            (x, area.y),
            &label,
            if possible { Role::Text } else { Role::Disabled },
        ) + 3;
    }
}

fn label(model: &Model, action: &Action) -> (String, bool) {
    match action.what {
        Do::Act(slot) => match model.acts_on(slot).first() {
            Some(act) if act.reason.is_none() && slot == Slot::Next => {
                (format!("{}：{}", action.label, act.label), true)
            }
            Some(act) => (action.label.to_owned(), act.reason.is_none()),
            None => (action.label.to_owned(), false),
        },
        Do::Undo => (format!("撤回：{}", model.header.undo.clone().unwrap_or_default()), true),
        Do::Redo => ("重做".to_owned(), true),
        _ => (action.label.to_owned(), true),
    }
}

/// Why keys in the bar are disabled now.
fn reasons(model: &Model) -> String {
    let mut out = Vec::new();
    for slot in [Slot::Next, Slot::Grade, Slot::Admonish] {
        for act in model
            .acts_on(slot)
            .into_iter()
            .filter(|act| act.reason.is_some())
            .take(1)
        {
            let reason = act.reason.clone().unwrap_or_default();
            out.push(format!("{}：{}", act.label, reason.trim_end_matches('。')));
        }
    }
    if out.is_empty() {
        String::new()
    } else {
        format!(" 暂不可用：{}", out.join("；"))
    }
}
