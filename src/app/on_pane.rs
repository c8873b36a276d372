//! Moving about in a pane: rows, parts, pages, marks.

use super::detail::Card;
use super::key::Key;
use super::layout::is_wide;
use super::model::{Busy, Layer, Model, Tone};
use super::msg::{Effect, Request};
use super::on_people;
use super::pane::{Focus, PaneId};
use super::store::FormRequest;
use super::update::{ask, wait};

/// Moves the cursor of the part that has the keys.
pub fn moved(model: &mut Model, key: Key) -> Vec<Effect> {
    let size = model.size;
    let pane = model.pane_mut();
    if pane.second_page || pane.focus == Focus::Detail {
        move_in_detail(model, key);
        return Vec::new();
    }
    match pane.focus {
        Focus::Nav => {
            let height = pane.nav_height(size);
            let page = isize::try_from(height.max(2) - 1).unwrap_or(1);
            let by = match key {
                Key::Up => -1,
                Key::Down => 1,
                Key::PgUp => -page,
                Key::PgDn => page,
                Key::Home => isize::MIN / 2,
                _ => isize::MAX / 2,
            };
            let moved = pane.nav.as_mut().is_some_and(|nav| nav.step(by, height));
            if moved || pane.only.take().is_some() {
                ask(pane.follow_nav())
            } else {
                Vec::new()
            }
        }
        Focus::List(at) => {
            let (height, place) = (pane.height(at, size), (pane.place(), at));
            ask(pane.lists[at].key(key, height, place).flatten())
        }
        Focus::Detail => Vec::new(),
    }
}

fn move_in_detail(model: &mut Model, key: Key) {
    let card = &mut model.pane_mut().card;
    match key {
        Key::Up => card.step(-1),
        Key::Down => card.step(1),
        Key::PgUp => card.scroll(-8),
        Key::PgDn => card.scroll(8),
        Key::Home => {
            card.step(isize::MIN / 2);
            card.scroll = 0;
            card.follow = false;
        }
        _ => card.step(isize::MAX / 2),
    }
}

/// Goes to the next part or the one before; Left and Right also fold and unfold a tree.
pub fn part(model: &mut Model, key: Key) -> Vec<Effect> {
    let size = model.size;
    let pane = model.pane_mut();
    if pane.second_page {
        if matches!(key, Key::Left | Key::BackTab) {
            pane.second_page = false;
        }
        return Vec::new();
    }
    if pane.focus == Focus::Nav {
        let height = pane.nav_height(size);
        let place = pane.place();
        let register = pane.id.register().to_owned();
        if let Some(nav) = &mut pane.nav {
            let row = nav.current().cloned().unwrap_or_default();
            if key == Key::Right && row.branch && !nav.open.contains(&row.id) {
                return ask(vec![Request::Nav {
                    pane: place,
                    register,
                    parent: Some(row.id),
                }]);
            }
            if key == Key::Left {
                let folded = nav.fold_current(height);
                return if folded { ask(pane.follow_nav()) } else { Vec::new() };
            }
        }
    }
    pane.next_part(matches!(key, Key::BackTab | Key::Left), size);
    Vec::new()
}

/// Opens what is under the cursor: a branch, a matter, a step of its history.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let size = model.size;
    let pane = model.pane_mut();
    if pane.second_page || pane.focus == Focus::Detail {
        return open_step(model);
    }
    match pane.focus {
        Focus::Nav if pane.id == PaneId::People => return on_people::open_nav(model),
        Focus::Nav => {
            let branch = pane
                .nav
                .as_ref()
                .and_then(|nav| nav.current())
                .is_some_and(|row| row.branch);
            if branch {
                let open = pane
                    .nav
                    .as_ref()
                    .and_then(|nav| nav.current().map(|row| nav.open.contains(&row.id)));
                return part(model, if open == Some(true) { Key::Left } else { Key::Right });
            }
            pane.set_focus(Focus::List(0));
        }
        Focus::List(_) if pane.current().stopped => return ask(pane.reload()),
        Focus::List(_) if pane.current().current().is_none() => {}
        Focus::List(_) if pane.current().current().is_some_and(|row| row.leads_to.is_some()) => {
            return open_batch(model);
        }
        Focus::List(_) if is_wide(size) => pane.focus = Focus::Detail,
        Focus::List(_) => pane.second_page = true,
        Focus::Detail => {}
    }
    Vec::new()
}

/// Enter on a step of the history: take this step back.
fn open_step(model: &mut Model) -> Vec<Effect> {
    let card = &model.pane().card;
    let Some(detail) = &card.detail else { return Vec::new() };
    let Some(step) = detail.timeline.get(card.step) else {
        return Vec::new();
    };
    if let Some(stream) = step.opens.clone() {
        return open_card(model, stream);
    }
    let Some(act) = step.act.clone() else {
        model.say(
            Tone::Plain,
            if step.pending {
                "这一步还没有发生。"
            } else {
                "这一步不能单独撤回。"
            },
        );
        return Vec::new();
    };
    let targets = vec![detail.stream.clone()];
    model.targets.clone_from(&targets);
    let request = FormRequest {
        verb: "revert".into(),
        targets,
        values: vec![("step".into(), act)],
    };
    wait(model, Busy::Form, Request::Form(request))
}

/// Shows the matters of a row that stands for many, in their own pane.
fn open_batch(model: &mut Model) -> Vec<Effect> {
    let row = model.pane().current().current().cloned().unwrap_or_default();
    let Some(query) = row.leads_to else { return Vec::new() };
    let own = PaneId::ALL.iter().position(|id| id.register() == query.register);
    let Some(at) = own.or_else(|| PaneId::ALL.iter().position(|id| *id == PaneId::Registers)) else {
        return Vec::new();
    };
    model.current = at;
    let pane = model.pane_mut();
    pane.only = Some((format!("{} {}", row.cells.join(" "), row.stage), *query));
    pane.set_focus(Focus::List(0));
    pane.second_page = false;
    ask(pane.reload())
}

/// Shows a matter over whatever is on the screen; Esc leads back.
pub fn open_card(model: &mut Model, stream: String) -> Vec<Effect> {
    model.layers.push(Layer::Card(Box::new(Card {
        asked: Some(stream.clone()),
        ..Card::default()
    })));
    ask(vec![Request::Detail(stream)])
}

/// One step back: from the second page, the detail, the list to the left part.
pub fn back(model: &mut Model) -> Vec<Effect> {
    let pane = model.pane_mut();
    if pane.second_page {
        pane.second_page = false;
        return Vec::new();
    }
    match pane.focus {
        Focus::Detail => pane.set_focus(Focus::List(pane.list)),
        Focus::List(_) if pane.only.take().is_some() => return ask(pane.follow_nav()),
        Focus::List(_) if pane.nav.is_some() => pane.focus = Focus::Nav,
        Focus::List(_) | Focus::Nav => model.say(Tone::Plain, "已在最外层；离开请按 F10 或 Ctrl-Q。"),
    }
    Vec::new()
}

/// Marks the row under the cursor and goes on to the next one.
pub fn mark(model: &mut Model, _key: Key) -> Vec<Effect> {
    let size = model.size;
    let pane = model.pane_mut();
    let Focus::List(at) = pane.focus else { return Vec::new() };
    if pane.second_page {
        return Vec::new();
    }
    let (height, place) = (pane.height(at, size), (pane.place(), at));
    let list = &mut pane.lists[at];
    list.toggle_mark();
    let request = list.key(Key::Down, height, place).flatten();
    let (marked, elsewhere) = list.marked();
    if marked > 0 {
        let note = if elsewhere > 0 {
            format!("（{elsewhere} 条不在当前筛选中）")
        } else {
            String::new()
        };
        model.say(Tone::Plain, format!("已选 {marked} 条{note}"));
    }
    ask(request)
}
