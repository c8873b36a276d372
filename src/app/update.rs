//! What happens to the model: keys and answers in, questions out.

use super::key::Key;
use super::model::{Busy, Layer, Model};
use super::msg::{Effect, Msg, Request};
use super::pane::{Focus, Pane, PaneId};
use super::{on_key, on_reply, triage_keys};

/// Keys kept while the keyboard waits for an answer.
const AHEAD: usize = 512;

/// The questions a console asks when it opens.
pub fn start(model: &mut Model) -> Vec<Effect> {
    let mut requests = vec![Request::Header];
    requests.extend(
        PaneId::ALL
            .iter()
            .map(|pane| Request::Actions(pane.register().to_owned())),
    );
    requests.extend(model.pane_mut().reload());
    ask(requests)
}

/// Takes in one thing that happened and says what is to be done about it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) => input(model, msg),
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            keep_in_sight(model);
            Vec::new()
        }
        Msg::Reply(reply) => on_reply::reply(model, reply),
        Msg::Changed => refresh(model),
        Msg::Broken(sentence) => {
            model.broken = Some(sentence);
            model.layers.clear();
            model.ahead.clear();
            model.busy = None;
            Vec::new()
        }
        Msg::Terminate => vec![Effect::Quit],
    };
    while let Some(msg) = model.ahead.pop_front() {
        if waits(model, &msg) {
            model.ahead.push_front(msg);
            break;
        }
        effects.extend(input(model, msg));
    }
    // a list put off for something that is over is read again
    if model.layers.is_empty() && model.broken.is_none() && model.pane().stale {
        effects.extend(ask(model.pane_mut().reload()));
    }
    effects.extend(follow_cursor(model));
    effects
}

fn input(model: &mut Model, msg: Msg) -> Vec<Effect> {
    // in triage what was typed counts for what was seen, and for nothing else
    if triage_keys::drops(model) && !matches!(msg, Msg::Key(key) if on_key::leaves(key)) {
        return Vec::new();
    }
    if waits(model, &msg) {
        // what was typed counts for what will be on the screen, not for what is; leaving never waits
        if let Msg::Key(key) = msg
            && on_key::leaves(key)
        {
            return vec![Effect::Quit];
        }
        if model.ahead.len() < AHEAD {
            model.ahead.push_back(msg);
        }
        return Vec::new();
    }
    match msg {
        Msg::Key(key) => on_key::key(model, key),
        Msg::Paste(text) => on_key::paste(model, &text),
        Msg::Mouse(mouse) => super::mouse::mouse(model, mouse),
        _ => Vec::new(),
    }
}

/// Whether this key would act on something other than what is about to be on the screen.
fn waits(model: &Model, msg: &Msg) -> bool {
    if model.broken.is_some() {
        return false;
    }
    if model.busy.is_some() {
        return true;
    }
    match model.layers.last() {
        Some(Layer::Find(find)) => find.open_first && find.asked.is_some(),
        Some(_) => false,
        None => {
            let pane = model.pane();
            let moves = matches!(
                msg,
                Msg::Key(Key::Up | Key::Down | Key::PgUp | Key::PgDn | Key::Home | Key::End)
            );
            let runs_ahead = moves && pane.focus == Focus::Nav && pane.nav.as_ref().is_some_and(|n| !n.rows.is_empty());
            // nothing waits in front of it, and no row is meant
            let free = model.ahead.is_empty() && matches!(msg, Msg::Key(key) if on_key::needs_no_rows(*key));
            !runs_ahead && !free && (!pane.current().filled || pane.current().is_waiting())
        }
    }
}

/// Fetches again what is on show; what is not on show when it is next shown.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    for pane in &mut model.panes {
        pane.stale = true;
        pane.card.forget_ahead();
    }
    let mut requests = vec![Request::Header];
    let pane = model.pane_mut();
    requests.extend(pane.reload());
    // asked again even for the same matter: it may be what changed
    if let Some(stream) = pane.card.stream().map(str::to_owned) {
        pane.card.asked = Some(stream.clone());
        requests.push(Request::Detail(stream));
    }
    requests.extend(super::on_people::again(model));
    ask(requests)
}

/// Asks for the matter under the cursor, one question at a time.
fn follow_cursor(model: &mut Model) -> Vec<Effect> {
    let pane = model.pane_mut();
    let Some(stream) = pane.current().current().map(|row| row.stream.clone()) else {
        if pane.current().filled && pane.card.asked.is_none() {
            pane.card.detail = None;
        }
        return Vec::new();
    };
    if pane.card.stream() == Some(stream.as_str()) || pane.card.take_ahead(&stream) {
        return look_ahead(pane);
    }
    if pane.card.asked.is_some() {
        return Vec::new();
    }
    pane.card.asked = Some(stream.clone());
    ask(vec![Request::Detail(stream)])
}

/// Asks for the matters before and behind the one under the cursor while nothing else is asked, so that the next move
/// shows list and matter in one frame.
fn look_ahead(pane: &mut Pane) -> Vec<Effect> {
    if pane.card.asked.is_some() || pane.card.fetching.is_some() {
        return Vec::new();
    }
    let list = pane.current();
    let near = [list.cursor.checked_add(1), list.cursor.checked_sub(1)];
    let streams = near.into_iter().flatten().filter_map(|row| list.rows.get(row));
    let wanted = streams
        .map(|row| row.stream.clone())
        .find(|stream| !pane.card.has_ahead(stream));
    pane.card.fetching.clone_from(&wanted);
    ask(wanted.map(Request::Ahead))
}

fn keep_in_sight(model: &mut Model) {
    let size = model.size;
    for pane in &mut model.panes {
        let heights: Vec<usize> = (0..pane.lists.len()).map(|at| pane.height(at, size)).collect();
        for (list, height) in pane.lists.iter_mut().zip(heights) {
            list.keep_in_sight(height);
        }
        let height = pane.nav_height(size);
        if let Some(nav) = &mut pane.nav {
            nav.keep_in_sight(height);
        }
        if super::layout::is_wide(size) {
            if std::mem::take(&mut pane.second_page) {
                pane.focus = Focus::Detail;
            }
        } else if pane.focus == Focus::Detail {
            pane.second_page = true;
        }
    }
}

/// The questions as effects.
pub fn ask(requests: impl IntoIterator<Item = Request>) -> Vec<Effect> {
    requests.into_iter().map(Effect::Ask).collect()
}

/// Waits with the keyboard for the answer to one question.
pub fn wait(model: &mut Model, busy: Busy, request: Request) -> Vec<Effect> {
    model.busy = Some(busy);
    vec![Effect::Ask(request)]
}
