//! What keys and answers do in 名单核查 and 单位全景.

use super::key::Key;
use super::layout;
use super::model::{Layer, Model, Tone};
use super::msg::{Effect, Request};
use super::on_pane::{open_card, part};
use super::on_reply::refuse;
use super::pane::Focus;
use super::roll::RollEvent;
use super::store::{PeopleAnswer, PeopleAsk, PeopleReply};
use super::unit_view::{UnitEvent, UnitView};
use super::update::ask;

/// Opens an empty list.
pub fn open_roll(model: &mut Model) {
    model.layers.push(Layer::Roll(Box::default()));
}

/// Opens a unit with everything of this year.
pub fn open_unit(model: &mut Model, stream: String) -> Vec<Effect> {
    let view = UnitView::new(&stream);
    let asked = view.ask();
    model.layers.push(Layer::Unit(Box::new(view)));
    ask(vec![Request::People(asked)])
}

/// Enter in the left part of pane 6: the unit there; on 全部人员, the list.
pub fn open_nav(model: &mut Model) -> Vec<Effect> {
    let row = model.pane().nav.as_ref().and_then(|nav| nav.current());
    let unit = row
        .filter(|row| row.filters.iter().any(|(field, _)| field == "unit"))
        .map(|row| row.id.clone());
    match unit {
        Some(unit) => open_unit(model, unit),
        None => {
            model.pane_mut().set_focus(Focus::List(0));
            Vec::new()
        }
    }
}

/// The matter behind the step under the cursor of a card.
pub fn open_step(model: &mut Model) -> Vec<Effect> {
    let opens = match model.layers.last() {
        Some(Layer::Card(card)) => card.opens().cloned(),
        _ => None,
    };
    opens.map_or_else(Vec::new, |stream| open_card(model, stream))
}

/// A key for the layer on top.
pub fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let size = model.size;
    match model.layers.last_mut() {
        Some(Layer::Roll(roll)) => {
            let event = roll.key(key, layout::roll_rows(size));
            roll_event(model, event)
        }
        Some(Layer::Unit(view)) => match view.key(key, layout::unit_rows(size)) {
            UnitEvent::Nothing => Vec::new(),
            UnitEvent::Close => {
                model.layers.pop();
                Vec::new()
            }
            UnitEvent::Ask(asked) => ask(vec![Request::People(asked)]),
            UnitEvent::Open(stream) => open_card(model, stream),
        },
        _ => part(model, key),
    }
}

/// A block pasted: names for the list, a date for the unit.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.layers.last_mut() {
        Some(Layer::Roll(roll)) => {
            let event = roll.paste(text);
            roll_event(model, event)
        }
        Some(Layer::Unit(view)) => {
            view.paste(text);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn roll_event(model: &mut Model, event: RollEvent) -> Vec<Effect> {
    match event {
        RollEvent::Nothing => Vec::new(),
        RollEvent::Close => {
            model.layers.pop();
            Vec::new()
        }
        RollEvent::Ask(asked) => ask(asked.into_iter().map(Request::People)),
        RollEvent::Open(stream) => open_card(model, stream),
    }
}

/// What is on show is asked again: another window may have changed it.
pub fn again(model: &Model) -> Vec<Request> {
    let asked = |layer: &Layer| match layer {
        Layer::Unit(view) if view.days.is_none() => Some(view.ask()),
        Layer::Roll(roll) => roll.question(),
        _ => None,
    };
    model.layers.iter().filter_map(asked).map(Request::People).collect()
}

/// An answer; it goes to the layer that asked, wherever it stands in the stack.
pub fn reply(model: &mut Model, asked: &PeopleAsk, answer: PeopleReply) -> Vec<Effect> {
    let is_unit = matches!(asked, PeopleAsk::Unit { .. });
    let layer = model.layers.iter_mut().rev().find(|layer| match layer {
        Layer::Roll(_) => !is_unit,
        Layer::Unit(view) => is_unit && view.ask() == *asked,
        _ => false,
    });
    match (layer, answer) {
        (Some(Layer::Roll(roll)), answer) => {
            let event = roll.take(asked, answer);
            roll_event(model, event)
        }
        (Some(Layer::Unit(view)), Ok(PeopleAnswer::Unit(facts))) => {
            view.take(facts);
            Vec::new()
        }
        (Some(Layer::Unit(view)), Err(problem)) => {
            if view.refused(&problem) {
                return Vec::new();
            }
            model.layers.retain(|layer| !matches!(layer, Layer::Unit(_)));
            refuse(model, &problem);
            Vec::new()
        }
        (None, Err(problem)) => {
            refuse(model, &problem);
            Vec::new()
        }
        (None, Ok(PeopleAnswer::Written(path))) => {
            model.say(Tone::Done, format!("已写成 {path}"));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_nobody_waits_for_changes_nothing() {
        let mut model = Model::new((80, 24));
        let asked = PeopleAsk::Offer("zs".into());
        assert!(reply(&mut model, &asked, Ok(PeopleAnswer::Offer(Vec::new()))).is_empty());
        open_roll(&mut model);
        assert!(matches!(model.layers.last(), Some(Layer::Roll(roll)) if roll.names.is_empty()));
    }
}
