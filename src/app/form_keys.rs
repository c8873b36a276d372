//! What the keys do in a form.

use super::edit::Editor;
use super::form::{COUNT_ASKED_ABOVE, Form, Input, Offers, Stop};
use super::key::Key;
use super::store::{ActRequest, Candidate, FieldKind, FormRequest};

/// What comes of a key in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormEvent {
    /// Only the form changed.
    Nothing,
    /// The form is given up.
    Close,
    /// The act is to be done.
    Submit(ActRequest),
    /// A value changed what the form asks: ask it again.
    Again(FormRequest),
    /// Offer what matches a text.
    Offer {
        /// Of what kind.
        of: String,
        /// The text.
        typed: String,
    },
}

/// A key pressed in a form whose fields are `room` cells wide.
pub fn key(form: &mut Form, key: Key, room: usize) -> FormEvent {
    form.problem = None;
    let leaving = std::mem::take(&mut form.leaving);
    if form.count.is_some() {
        return count_key(form, key);
    }
    match key {
        Key::Esc if form.offers.take().is_some() => return FormEvent::Nothing,
        Key::Esc if form.dirty && !leaving => {
            form.leaving = true;
            form.problem = Some("已填的内容还没有保存：再按一次 Esc 放弃，F5 保存。".into());
            return FormEvent::Nothing;
        }
        Key::Esc => return FormEvent::Close,
        Key::F(5) | Key::Ctrl('s') => return submit(form),
        Key::Tab => return go(form, 1),
        Key::BackTab => return go(form, -1),
        _ => {}
    }
    match form.stop() {
        Stop::Decide => decide_key(form, key),
        Stop::Save if key == Key::Enter => submit(form),
        Stop::Save => arrows(form, key),
        Stop::More if matches!(key, Key::Enter | Key::Right) || key.typed() == Some(' ') => {
            form.unfold();
            FormEvent::Nothing
        }
        Stop::More => arrows(form, key),
        Stop::Field(at) => match form.entries[at].input {
            Input::Text(_) => text_key(form, key, room),
            Input::Choice(_) => choice_key(form, key),
            Input::Pick(..) => pick_key(form, key, room),
        },
    }
}

/// A block pasted into a form.
pub fn paste(form: &mut Form, text: &str) -> FormEvent {
    form.problem = None;
    let Some(entry) = form.entry_mut() else {
        return FormEvent::Nothing;
    };
    match &mut entry.input {
        Input::Text(editor) => editor.insert(text),
        Input::Pick(_, editor) => editor.insert(text),
        Input::Choice(_) => return FormEvent::Nothing,
    }
    form.dirty = true;
    offer(form)
}

/// Takes in what matches the text of the field that has the keys; an answer to an older text asks again.
pub fn offered(form: &mut Form, typed: &str, items: Vec<Candidate>) -> FormEvent {
    let Some(Input::Pick(_, editor)) = form.entry().map(|e| &e.input) else {
        return FormEvent::Nothing;
    };
    if editor.text() != typed {
        return offer(form);
    }
    form.offers = (!items.is_empty()).then(|| Offers {
        typed: typed.to_owned(),
        items,
        cursor: 0,
    });
    FormEvent::Nothing
}

fn go(form: &mut Form, by: isize) -> FormEvent {
    let last = form.stops().len() - 1;
    let left = form
        .entry()
        .is_some_and(|e| e.spec.live && !matches!(e.input, Input::Choice(_)));
    form.offers = None;
    form.focus = form.focus.saturating_add_signed(by).min(last);
    // a text that other fields depend on counts when it is left
    if left && form.dirty {
        FormEvent::Again(form.request())
    } else {
        FormEvent::Nothing
    }
}

fn arrows(form: &mut Form, key: Key) -> FormEvent {
    match key {
        Key::Up => go(form, -1),
        Key::Down => go(form, 1),
        _ => FormEvent::Nothing,
    }
}

fn text_key(form: &mut Form, key: Key, room: usize) -> FormEvent {
    let Some(Input::Text(editor)) = form.entry_mut().map(|e| &mut e.input) else {
        return FormEvent::Nothing;
    };
    let before = editor.text().len();
    let many = editor.is_many_lines();
    let used = editor.key(key, room);
    let changed = used && (before != editor.text().len() || key.typed().is_some());
    form.dirty |= changed;
    let missing = form
        .entry()
        .filter(|e| e.spec.required && e.is_empty())
        .map(|e| e.spec.label.clone());
    match key {
        _ if used => FormEvent::Nothing,
        Key::Enter if missing.is_some() => {
            form.problem = missing.map(|label| format!("还需填写：{label}"));
            FormEvent::Nothing
        }
        Key::Enter if !many => go(form, 1),
        _ => arrows(form, key),
    }
}

fn choice_key(form: &mut Form, key: Key) -> FormEvent {
    let Some(entry) = form.entry_mut() else {
        return FormEvent::Nothing;
    };
    let (FieldKind::Choice(choices), Input::Choice(chosen)) = (&entry.spec.kind, &mut entry.input) else {
        return FormEvent::Nothing;
    };
    let picked = match key {
        Key::Left => step(*chosen, choices.len(), -1),
        Key::Right => step(*chosen, choices.len(), 1),
        Key::Enter if chosen.is_some() => return go(form, 1),
        Key::Enter => {
            form.problem = Some("请按数字选择；单按回车不生效。".into());
            return FormEvent::Nothing;
        }
        _ => match key.digit() {
            Some(digit) => choices.iter().position(|c| c.digit == digit),
            None => return arrows(form, key),
        },
    };
    let Some(at) = picked else { return FormEvent::Nothing };
    if let Some(reason) = &choices[at].reason {
        form.problem = Some(format!("不能选“{}”：{reason}", choices[at].label));
        return FormEvent::Nothing;
    }
    *chosen = Some(at);
    let (live, by_digit) = (entry.spec.live, key.digit().is_some());
    form.dirty = true;
    if live {
        form.advance = by_digit;
        return FormEvent::Again(form.request());
    }
    if by_digit {
        form.focus_next_missing();
    }
    FormEvent::Nothing
}

fn step(chosen: Option<usize>, count: usize, by: isize) -> Option<usize> {
    match chosen {
        _ if count == 0 => None,
        None => Some(0),
        Some(at) => Some(at.saturating_add_signed(by).min(count - 1)),
    }
}

fn pick_key(form: &mut Form, key: Key, room: usize) -> FormEvent {
    if let Some(offers) = &mut form.offers {
        let last = offers.items.len() - 1;
        match key {
            Key::Up => {
                offers.cursor = offers.cursor.saturating_sub(1);
                return FormEvent::Nothing;
            }
            Key::Down => {
                offers.cursor = (offers.cursor + 1).min(last);
                return FormEvent::Nothing;
            }
            Key::Enter => return pick(form),
            _ => {}
        }
        if let Some(at) = key
            .digit()
            .and_then(|d| usize::from(d).checked_sub(1))
            .filter(|at| *at <= last)
        {
            offers.cursor = at;
            return pick(form);
        }
    }
    let Some(Input::Pick(picked, editor)) = form.entry_mut().map(|e| &mut e.input) else {
        return FormEvent::Nothing;
    };
    if key == Key::Backspace && editor.is_empty() && picked.pop().is_some() {
        form.dirty = true;
        return FormEvent::Nothing;
    }
    let before = editor.text().to_owned();
    if !editor.key(key, room) {
        return if key == Key::Enter {
            go(form, 1)
        } else {
            arrows(form, key)
        };
    }
    if editor.text() == before {
        return FormEvent::Nothing;
    }
    form.dirty = true;
    offer(form)
}

fn pick(form: &mut Form) -> FormEvent {
    let Some(offers) = form.offers.take() else {
        return FormEvent::Nothing;
    };
    let Some(candidate) = offers.items.into_iter().nth(offers.cursor) else {
        return FormEvent::Nothing;
    };
    form.dirty = true;
    let Some(entry) = form.entry_mut() else {
        return FormEvent::Nothing;
    };
    let many = matches!(entry.spec.kind, FieldKind::Pick { many: true, .. });
    let live = entry.spec.live;
    if let Input::Pick(picked, editor) = &mut entry.input {
        if !many {
            picked.clear();
        }
        picked.retain(|p| p.id != candidate.id);
        picked.push(candidate);
        editor.set("");
    }
    if live {
        form.advance = !many;
        return FormEvent::Again(form.request());
    }
    if !many {
        form.focus_next_missing();
    }
    FormEvent::Nothing
}

fn offer(form: &mut Form) -> FormEvent {
    let Some(entry) = form.entry() else {
        return FormEvent::Nothing;
    };
    let (FieldKind::Pick { of, .. }, Input::Pick(_, editor)) = (&entry.spec.kind, &entry.input) else {
        return FormEvent::Nothing;
    };
    let (of, typed) = (of.clone(), editor.text().to_owned());
    if typed.trim().is_empty() {
        form.offers = None;
        return FormEvent::Nothing;
    }
    FormEvent::Offer { of, typed }
}

fn decide_key(form: &mut Form, key: Key) -> FormEvent {
    let count = form.spec.decisions.len();
    let picked = match key {
        Key::Enter => return submit(form),
        Key::Left => Some(form.decision.saturating_sub(1)),
        Key::Right => Some((form.decision + 1).min(count - 1)),
        _ => match key.digit() {
            Some(digit) => form.spec.decisions.iter().position(|d| d.choice.digit == digit),
            None => return arrows(form, key),
        },
    };
    let Some(at) = picked else { return FormEvent::Nothing };
    let choice = &form.spec.decisions[at].choice;
    if let Some(reason) = &choice.reason {
        form.problem = Some(format!("“{}”暂不可用：{reason}", choice.label));
        return FormEvent::Nothing;
    }
    form.decision = at;
    // a way that asks for more leads there; the day of signature has a default and needs no visit
    let missing = form
        .entries
        .iter()
        .any(|e| e.of_decision == Some(at) && e.spec.required && e.is_empty());
    if missing && key.digit().is_some() {
        form.focus_next_missing();
    }
    FormEvent::Nothing
}

/// Hands the act over, or leads to what is missing, or asks for the number of a large batch.
fn submit(form: &mut Form) -> FormEvent {
    if form.focus_next_missing() {
        let label = form.entry().map(|e| e.spec.label.clone()).unwrap_or_default();
        form.problem = Some(format!("还需填写：{label}"));
        return FormEvent::Nothing;
    }
    if let Some(reason) = form
        .spec
        .decisions
        .get(form.decision)
        .and_then(|d| d.choice.reason.as_ref())
    {
        form.problem = Some(reason.clone());
        return FormEvent::Nothing;
    }
    let doable = form.spec.doable.len();
    if doable == 0 && !form.targets.is_empty() {
        form.problem = Some("所选各条现在都不能这样办，原因见上。".into());
        return FormEvent::Nothing;
    }
    if doable > COUNT_ASKED_ABOVE {
        form.count = Some(Editor::one_line());
        return FormEvent::Nothing;
    }
    FormEvent::Submit(form.act())
}

/// The number typed must be the number of matters; when it is, the act goes off without another key.
fn count_key(form: &mut Form, key: Key) -> FormEvent {
    let doable = form.spec.doable.len().to_string();
    let Some(count) = &mut form.count else {
        return FormEvent::Nothing;
    };
    match (key, key.digit()) {
        (Key::Esc, _) => form.count = None,
        (_, Some(digit)) => count.insert(&digit.to_string()),
        (Key::Backspace, _) => {
            count.key(Key::Backspace, 8);
        }
        _ => {}
    }
    let typed = form.count.as_ref().map(|c| c.text().to_owned()).unwrap_or_default();
    if typed == doable {
        form.count = None;
        return FormEvent::Submit(form.act());
    }
    if typed.len() >= doable.len() {
        form.count = Some(Editor::one_line());
        form.problem = Some(format!("输入的件数与可办的 {doable} 件不符，请重新输入。"));
    }
    FormEvent::Nothing
}
