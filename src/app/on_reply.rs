//! What the worker's answers do to the model.

use super::find::FindEvent;
use super::form::Form;
use super::form_keys::{self, FormEvent};
use super::model::{Busy, Layer, Model, Tone};
use super::msg::{Effect, Reply, Request};
use super::store::{Detail, FormSpec, Outcome, Problem};
use super::triage_keys;
use super::update::{ask, refresh};
use super::{on_key, on_people};

/// Takes in an answer.
pub fn reply(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Header(Ok(header)) => {
            let asked = header
                .first
                .clone()
                .filter(|first| model.header.first.as_ref() != Some(first));
            model.header = *header;
            if let Some(verb) = asked.filter(|_| model.layers.is_empty()) {
                return on_key::open_form(model, &verb, true);
            }
        }
        Reply::Nav(pane, parent, Ok(rows)) => return nav(model, pane, parent, rows),
        Reply::Page(ticket, at, Ok(page)) => {
            let size = model.size;
            if let Some(pane) = model.panes.get_mut(ticket.pane) {
                let height = pane.height(ticket.list, size);
                if let Some(list) = pane.lists.get_mut(ticket.list) {
                    return ask(list.take(ticket, &at, page, height));
                }
            }
        }
        Reply::Page(ticket, _, Err(problem)) => {
            if let Some(list) = model
                .panes
                .get_mut(ticket.pane)
                .and_then(|pane| pane.lists.get_mut(ticket.list))
            {
                list.refused(ticket);
            }
            refuse(model, &problem);
        }
        Reply::Streams(ticket, answer) => {
            model.busy = None;
            match answer {
                Ok((streams, all)) => marked(model, ticket.pane, ticket.list, streams, all),
                Err(problem) => refuse(model, &problem),
            }
        }
        Reply::Detail(stream, answer) => return detail(model, &stream, answer),
        // a matter that cannot be had is told of when the cursor comes to it
        Reply::Ahead(stream, answer) => {
            for pane in &mut model.panes {
                pane.card.take_fetched(&stream, answer.as_deref().ok());
            }
        }
        Reply::Actions(register, Ok(actions)) => {
            model.general.insert(register, actions);
        }
        Reply::Form(answer) => return form(model, answer),
        Reply::Submit(answer) => return submitted(model, answer),
        Reply::Candidates(typed, answer) => {
            if let Some(Layer::Form(form)) = model.layers.last_mut() {
                let event = form_keys::offered(form, &typed, answer.unwrap_or_default());
                if let FormEvent::Offer { of, typed } = event {
                    return ask(vec![Request::Candidates { of, typed }]);
                }
            }
        }
        Reply::People(asked, answer) => return on_people::reply(model, &asked, answer),
        Reply::Table(answer) => return super::tables::told(model, answer),
        Reply::Triage(answer) => return triage_keys::reply(model, answer),
        Reply::Find(typed, answer) => return found(model, &typed, answer),
        Reply::Undo(answer) | Reply::Redo(answer) => {
            model.busy = None;
            match answer {
                Ok(outcome) => {
                    model.say(Tone::Done, outcome.message);
                    return refresh(model);
                }
                Err(problem) => refuse(model, &problem),
            }
        }
        Reply::Nav(pane, parent, Err(problem)) => {
            refuse(model, &problem);
            // the lists do without their left part rather than wait for it
            let rows = model
                .panes
                .get(pane)
                .and_then(|pane| pane.nav.as_ref())
                .map(|nav| nav.rows.clone());
            return if parent.is_none() {
                nav(model, pane, None, rows.unwrap_or_default())
            } else {
                Vec::new()
            };
        }
        Reply::Header(Err(problem)) | Reply::Actions(_, Err(problem)) => refuse(model, &problem),
    }
    Vec::new()
}

/// Puts a no into the message line, with what to do about it.
pub fn refuse(model: &mut Model, problem: &Problem) {
    // what was dropped on the way has nothing to say
    if *problem == Problem::default() {
        return;
    }
    model.say(Tone::Refused, sentence(problem));
}

/// A no as one sentence.
pub fn sentence(problem: &Problem) -> String {
    if problem.hint.is_empty() {
        problem.reason.clone()
    } else {
        format!("{}（{}）", problem.reason, problem.hint)
    }
}

fn nav(model: &mut Model, pane: usize, parent: Option<String>, rows: Vec<super::store::NavRow>) -> Vec<Effect> {
    let size = model.size;
    let Some(pane) = model.panes.get_mut(pane) else {
        return Vec::new();
    };
    let height = pane.nav_height(size);
    let Some(nav) = &mut pane.nav else { return Vec::new() };
    match parent {
        Some(parent) => nav.unfold(&parent, rows, height),
        None => nav.take(rows, height),
    }
    ask(pane.follow_nav())
}

fn marked(model: &mut Model, pane: usize, list: usize, streams: Vec<String>, all: bool) {
    let count = streams.len();
    if let Some(list) = model.panes.get_mut(pane).and_then(|pane| pane.lists.get_mut(list)) {
        list.mark_all(streams);
    }
    let text = if all {
        format!("已选中全部 {count} 条；再按 Ctrl-A 取消。")
    } else {
        format!("一次最多选 {count} 条，已选中前 {count} 条；请用左侧筛选缩小范围。")
    };
    model.say(Tone::Plain, text);
}

fn detail(model: &mut Model, stream: &str, answer: Result<Box<Detail>, Problem>) -> Vec<Effect> {
    match answer {
        Ok(detail) => {
            if let Some(Layer::Card(card)) = model.layers.last_mut()
                && card.asked.as_deref() == Some(stream)
            {
                card.take(detail);
                return Vec::new();
            }
            for pane in &mut model.panes {
                if pane.card.asked.as_deref() == Some(stream) {
                    pane.card.take(detail.clone());
                }
            }
        }
        Err(problem) => {
            for pane in &mut model.panes {
                if pane.card.asked.as_deref() == Some(stream) {
                    // an empty card for this matter, or it would be asked for without end
                    let (code, title) = (String::new(), sentence(&problem));
                    pane.card.take(Box::new(Detail {
                        stream: stream.to_owned(),
                        code,
                        title,
                        ..Detail::default()
                    }));
                }
            }
            if let Some(Layer::Card(card)) = model.layers.last()
                && card.asked.as_deref() == Some(stream)
            {
                model.layers.pop();
            }
            refuse(model, &problem);
        }
    }
    // the key that waited for it; when the cursor has gone on meanwhile, it waits for the next one
    let arrived = model.acts().is_some() || model.pane().current().current().is_none();
    match model.busy {
        Some(Busy::Act(slot)) if arrived => {
            model.busy = None;
            on_key::act(model, slot)
        }
        Some(Busy::Menu) if arrived => {
            model.busy = None;
            on_key::open_menu(model)
        }
        _ => Vec::new(),
    }
}

fn form(model: &mut Model, answer: Result<Box<FormSpec>, Problem>) -> Vec<Effect> {
    let again = model.busy.take() == Some(Busy::FormAgain);
    let top = match model.layers.last_mut() {
        Some(Layer::Form(form)) if again => Some(form),
        _ => None,
    };
    match (answer, top) {
        (Ok(spec), Some(form)) => form.replace(*spec),
        (Err(problem), Some(form)) => form.problem = Some(sentence(&problem)),
        (Ok(spec), None) => {
            let targets = model.targets.clone();
            model.layers.push(Layer::Form(Box::new(Form::new(*spec, targets))));
        }
        (Err(problem), None) => refuse(model, &problem),
    }
    Vec::new()
}

fn submitted(model: &mut Model, answer: Result<Outcome, Problem>) -> Vec<Effect> {
    if matches!(model.layers.last(), Some(Layer::Triage(_))) {
        return triage_keys::submitted(model, answer);
    }
    model.busy = None;
    match answer {
        Ok(outcome) => {
            let mut left = 0;
            if let Some(Layer::Form(form)) = model.layers.pop() {
                if form.spec.verb == triage_keys::TRIAGE {
                    return triage_keys::begin(model);
                }
                let done: Vec<&String> = form.spec.doable.iter().map(|(stream, _)| stream).collect();
                for pane in &mut model.panes {
                    for list in &mut pane.lists {
                        list.marks.retain(|stream, _| !done.contains(&stream));
                    }
                }
                left = form.spec.not_doable.len();
            }
            let rest = if left > 0 {
                format!(" 其余 {left} 条未办，仍保持选中。")
            } else {
                String::new()
            };
            model.say(Tone::Done, outcome.message + &rest);
            refresh(model)
        }
        Err(problem) => {
            match model.layers.last_mut() {
                Some(Layer::Form(form)) => {
                    if let Some(field) = &problem.field {
                        form.focus_field(field);
                    }
                    form.problem = Some(sentence(&problem));
                }
                _ => refuse(model, &problem),
            }
            Vec::new()
        }
    }
}

fn found(model: &mut Model, typed: &str, answer: Result<Vec<super::store::Hit>, Problem>) -> Vec<Effect> {
    let Some(Layer::Find(find)) = model.layers.last_mut() else {
        return Vec::new();
    };
    let event = match answer {
        Ok(hits) => find.take(typed, hits),
        Err(problem) => {
            let current = find.asked.as_deref() == Some(typed);
            let event = find.take(typed, Vec::new());
            if current {
                find.problem = Some(sentence(&problem));
            }
            event
        }
    };
    match event {
        FindEvent::Ask(text) => ask(vec![Request::Find(text)]),
        FindEvent::Open(hit) => on_key::open_hit(model, hit),
        FindEvent::Nothing | FindEvent::Close => Vec::new(),
    }
}
