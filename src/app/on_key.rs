//! What keys do: in the layer on top, else in the pane.

use super::actions::{ACTIONS, Do, meaning};
use super::detail::Card;
use super::find::{Find, FindEvent};
use super::form_keys::{self, FormEvent};
use super::key::Key;
use super::layout::{self, is_wide};
use super::manual::{self, Manual};
use super::menu::{Choose, Entry, Menu, MenuEvent};
use super::model::{Busy, Layer, Model, Tone};
use super::msg::{Effect, Request};
use super::on_pane;
use super::on_people;
use super::pane::{Focus, PaneId};
use super::store::{ActRequest, ActionState, FormRequest, Hit, ListQuery, Slot};
use super::triage_keys;
use super::update::{ask, wait};

/// Most matters marked at once.
const MOST_MARKS: usize = 2000;

/// Whether a key works while the list on show is still being read: it does not mean any of its rows.
pub fn needs_no_rows(key: Key) -> bool {
    match meaning(key) {
        Some(action) => matches!(action.what, Do::Back | Do::Find | Do::Help | Do::Pane(_)),
        None => key.typed().is_some_and(char::is_alphanumeric),
    }
}

/// Whether a key leaves the console, whatever it is doing.
pub fn leaves(key: Key) -> bool {
    meaning(key).is_some_and(|action| action.what == Do::Leave)
}

/// A key pressed while nothing is waited for.
pub fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    model.message = None;
    if leaves(key) {
        return vec![Effect::Quit];
    }
    if key == Key::Ctrl('l') {
        return vec![Effect::Redraw];
    }
    if model.broken.is_some() {
        return Vec::new();
    }
    let size = model.size;
    match model.layers.last_mut() {
        Some(Layer::Form(form)) => {
            let event = form_keys::key(form, key, layout::field_room(size));
            form_event(model, event)
        }
        Some(Layer::Find(find)) => {
            let event = find.key(key);
            find_event(model, event)
        }
        Some(Layer::Menu(menu) | Layer::Help(menu)) => {
            let event = menu.key(key, menu_height(size));
            match event {
                MenuEvent::Nothing => Vec::new(),
                MenuEvent::Close => {
                    model.layers.pop();
                    Vec::new()
                }
                MenuEvent::Choose(choose) => {
                    model.layers.pop();
                    chosen(model, choose)
                }
            }
        }
        Some(Layer::Roll(_) | Layer::Unit(_)) => on_people::key(model, key),
        Some(Layer::Manual(manual)) => {
            if !manual.key(key) {
                model.layers.pop();
            }
            Vec::new()
        }
        Some(Layer::Triage(_)) => triage_keys::key(model, key),
        Some(Layer::Card(card)) => {
            match key {
                Key::Enter if card.opens().is_some() => return on_people::open_step(model),
                Key::Esc | Key::Enter => {
                    model.layers.pop();
                }
                Key::Up if card.has_steps_to_open() => card.step(-1),
                Key::Down if card.has_steps_to_open() => card.step(1),
                Key::Up => card.scroll(-1),
                Key::Down => card.scroll(1),
                Key::PgUp => card.scroll(-10),
                Key::PgDn => card.scroll(10),
                _ => {}
            }
            Vec::new()
        }
        Some(Layer::Tables(_)) => super::tables::key(model, key),
        None => pane_key(model, key),
    }
}

/// A block pasted: into a field or into find, never as keys.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.layers.last_mut() {
        Some(Layer::Form(form)) => {
            let event = form_keys::paste(form, text);
            form_event(model, event)
        }
        Some(Layer::Find(find)) => {
            find.editor.insert(text);
            let event = find.ask();
            find_event(model, event)
        }
        Some(Layer::Roll(_) | Layer::Unit(_)) => on_people::paste(model, text),
        Some(Layer::Triage(_)) => triage_keys::paste(model, text),
        Some(Layer::Menu(_) | Layer::Help(_) | Layer::Manual(_) | Layer::Card(_)) => Vec::new(),
        Some(Layer::Tables(_)) => super::tables::paste(model, text),
        None => open_find(model, text.lines().next().unwrap_or_default()),
    }
}

/// Entries of a menu in sight, for a window size.
pub fn menu_height(size: (u16, u16)) -> usize {
    usize::from(layout::dialog(size, size.1).inside().h.saturating_sub(3))
}

fn pane_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if key == Key::Esc && model.pane().current().is_waiting() {
        model.say(Tone::Plain, "已停止读取；按回车重新读取。");
        return ask(stop_reading(model));
    }
    match meaning(key) {
        Some(action) => perform(model, action.what, key.folded()),
        None => match key.typed() {
            // people type names
            Some(c) if c.is_alphanumeric() => open_find(model, c.encode_utf8(&mut [0; 4])),
            _ => Vec::new(),
        },
    }
}

fn perform(model: &mut Model, what: Do, key: Key) -> Vec<Effect> {
    match what {
        Do::Pane(digit) => return go_to_pane(model, digit),
        Do::Menu => return open_menu(model),
        Do::Move => return on_pane::moved(model, key),
        Do::Part => return on_pane::part(model, key),
        Do::Open => return on_pane::open(model),
        Do::Back => return on_pane::back(model),
        Do::Mark => return on_pane::mark(model, key),
        Do::MarkAll => return mark_all(model),
        Do::Help => model.layers.push(Layer::Help(help(model))),
        Do::Find => return open_find(model, ""),
        Do::Roll => on_people::open_roll(model),
        Do::Act(slot) => return act(model, slot),
        Do::Undo => return wait(model, Busy::Undo, Request::Undo),
        Do::Redo => return wait(model, Busy::Redo, Request::Redo),
        Do::Triage => return open_form(model, triage_keys::TRIAGE, true),
        Do::Past if model.header.past.is_empty() => return open_form(model, "past", true),
        Do::Past => {
            let present = ActRequest {
                verb: "present".to_owned(),
                ..ActRequest::default()
            };
            return wait(model, Busy::Submit, Request::Submit(present));
        }
        Do::Save => model.say(Tone::Plain, "每一步都已存盘。"),
        Do::Copy => {
            if let Some(code) = model.pane().current().current().map(|row| row.code.clone()) {
                model.say(Tone::Done, format!("{code} 已发送到剪贴板；粘贴为空请用鼠标选取。"));
                return vec![Effect::Copy(code)];
            }
        }
        Do::Table(deed) => return super::tables::perform(model, deed),
        Do::Leave => return vec![Effect::Quit],
    }
    Vec::new()
}

/// Breaks off what the list on show waits for.
fn stop_reading(model: &mut Model) -> Option<Request> {
    let pane = model.pane_mut();
    let place = (pane.place(), pane.list);
    pane.current_mut().stop(place)
}

/// As [`stop_reading`], for something more urgent: the list is read again when it is back on show.
fn put_off_reading(model: &mut Model) -> Vec<Effect> {
    let dropped = stop_reading(model);
    model.pane_mut().stale |= dropped.is_some();
    ask(dropped)
}

fn go_to_pane(model: &mut Model, digit: u8) -> Vec<Effect> {
    let Some(at) = PaneId::ALL.iter().position(|pane| pane.digit() == digit) else {
        model.say(Tone::Plain, "这一栏在本版尚未开放。");
        return Vec::new();
    };
    let mut effects = Vec::new();
    if at != model.current {
        effects = put_off_reading(model);
    }
    model.current = at;
    let pane = model.pane_mut();
    if pane.stale {
        effects.extend(ask(pane.reload()));
    }
    effects
}

fn mark_all(model: &mut Model) -> Vec<Effect> {
    let pane = model.pane_mut();
    let place = (pane.place(), pane.list);
    let list = pane.current_mut();
    if !list.marks.is_empty() {
        list.marks.clear();
        model.say(Tone::Plain, "已取消全部选中。");
        return Vec::new();
    }
    let request = Request::Streams {
        ticket: list.ticket(place),
        query: list.query.clone(),
        most: MOST_MARKS,
    };
    wait(model, Busy::Marks, request)
}

/// Does what hangs on a key: the form of the one act there is, or a choice between several.
pub fn act(model: &mut Model, slot: Slot) -> Vec<Effect> {
    let has_row = model.pane().current().current().is_some();
    if slot != Slot::New && model.acts_are_coming() {
        model.busy = Some(Busy::Act(slot));
        return Vec::new();
    }
    let acts: Vec<ActionState> = model.acts_on(slot).into_iter().cloned().collect();
    let possible: Vec<&ActionState> = acts.iter().filter(|act| act.reason.is_none()).collect();
    match (possible.as_slice(), acts.first()) {
        ([one], _) => open_form(model, &one.verb, slot == Slot::New),
        ([], Some(first)) => {
            let reason = first.reason.clone().unwrap_or_default();
            model.say(Tone::Refused, format!("“{}”暂不可用：{reason}", first.label));
            Vec::new()
        }
        ([], None) => {
            model.say(
                Tone::Plain,
                if has_row {
                    "此键对这一条没有可办的事。"
                } else {
                    "先选定一条，再按此键。"
                },
            );
            Vec::new()
        }
        _ => {
            // what is new has no matter, even with one under the cursor
            let choose = |act: &ActionState| match slot {
                Slot::New => Choose::New(act.verb.clone()),
                _ => Choose::Verb(act.verb.clone()),
            };
            let entry = |act: &ActionState| Entry {
                choose: choose(act),
                ..verb_entry(act, String::new())
            };
            let entries = acts.iter().map(entry).collect();
            model.layers.push(Layer::Menu(Menu::new("办理什么", entries, true)));
            Vec::new()
        }
    }
}

/// Asks for a verb's form, for the marked matters or the one under the cursor.
pub fn open_form(model: &mut Model, verb: &str, new: bool) -> Vec<Effect> {
    let list = model.pane().current();
    let mut targets: Vec<String> = Vec::new();
    if !new {
        targets.extend(list.marks.keys().cloned());
        targets.sort();
        if targets.is_empty() {
            targets.extend(list.current().map(|row| row.stream.clone()));
        }
    }
    model.targets.clone_from(&targets);
    let request = FormRequest {
        verb: verb.to_owned(),
        targets,
        values: Vec::new(),
    };
    wait(model, Busy::Form, Request::Form(request))
}

fn form_event(model: &mut Model, event: FormEvent) -> Vec<Effect> {
    match event {
        FormEvent::Nothing => Vec::new(),
        FormEvent::Close => {
            model.layers.pop();
            Vec::new()
        }
        FormEvent::Submit(act) => wait(model, Busy::Submit, Request::Submit(act)),
        FormEvent::Again(request) => wait(model, Busy::FormAgain, Request::Form(request)),
        FormEvent::Offer { of, typed } => ask(vec![Request::Candidates { of, typed }]),
    }
}

fn open_find(model: &mut Model, text: &str) -> Vec<Effect> {
    let mut effects = put_off_reading(model);
    let mut find = Find::with(text);
    let event = find.ask();
    model.layers.push(Layer::Find(Box::new(find)));
    effects.extend(find_event(model, event));
    effects
}

fn find_event(model: &mut Model, event: FindEvent) -> Vec<Effect> {
    match event {
        FindEvent::Nothing => Vec::new(),
        FindEvent::Close => {
            model.layers.pop();
            Vec::new()
        }
        FindEvent::Ask(text) => ask(vec![Request::Find(text)]),
        FindEvent::Open(hit) => open_hit(model, hit),
    }
}

/// Shows what was found: in its pane with everything in sight, or as a card when it has none.
pub fn open_hit(model: &mut Model, hit: Hit) -> Vec<Effect> {
    model.layers.pop();
    if hit.register == "unit" {
        return on_people::open_unit(model, hit.stream);
    }
    let home = PaneId::ALL.iter().copied().find(|pane| pane.register() == hit.register);
    // three lists side by side cannot say which of them the matter stands in
    if home == Some(PaneId::Admonitions) || matches!(hit.register.as_str(), "accountability" | "appeal") {
        model.layers.push(Layer::Card(Box::new(Card {
            asked: Some(hit.stream.clone()),
            ..Card::default()
        })));
        return ask(vec![Request::Detail(hit.stream)]);
    }
    let mut effects = go_to_pane(model, home.unwrap_or(PaneId::Registers).digit());
    let size = model.size;
    let pane = model.pane_mut();
    let height = pane.nav_height(size);
    if let Some(nav) = &mut pane.nav {
        // with everything in sight: the first row, or the register's own
        let wanted = if home.is_none() {
            hit.register.clone()
        } else {
            String::new()
        };
        if !nav.go_to(&wanted, height) {
            nav.cursor = 0;
            nav.keep_in_sight(height);
            nav.wanted = home.is_none().then_some(wanted);
        }
    }
    pane.only = None;
    let query = ListQuery {
        register: hit.register,
        filters: Vec::new(),
    };
    let place = (pane.place(), 0);
    effects.extend(ask(pane.lists[0].go_to(query, hit.stream, place)));
    pane.set_focus(if is_wide(size) { Focus::Detail } else { Focus::List(0) });
    pane.second_page = !is_wide(size);
    effects
}

/// Opens the menu, once the matter's acts are known.
pub fn open_menu(model: &mut Model) -> Vec<Effect> {
    if model.acts_are_coming() {
        model.busy = Some(Busy::Menu);
        return Vec::new();
    }
    let menu = Menu::new("菜单：此处能办的事", menu_entries(model), true);
    model.layers.push(Layer::Menu(menu));
    Vec::new()
}

fn menu_entries(model: &Model) -> Vec<Entry> {
    let mut entries = Vec::new();
    // the first entry is always the same, so that 0 1 registers what comes in from anywhere
    for register in [
        PaneId::Warnings.register(),
        PaneId::Points.register(),
        PaneId::Admonitions.register(),
    ] {
        let acts = model
            .general
            .get(register)
            .into_iter()
            .flatten()
            .filter(|act| act.slot == Slot::New);
        entries.extend(acts.map(|act| Entry {
            choose: Choose::New(act.verb.clone()),
            ..verb_entry(act, String::new())
        }));
    }
    for act in model
        .acts()
        .unwrap_or_default()
        .iter()
        .filter(|act| act.slot != Slot::New)
    {
        let key = ACTIONS
            .iter()
            .find(|action| action.what == Do::Act(act.slot))
            .and_then(|action| action.key());
        entries.push(verb_entry(act, key.map(Key::label).unwrap_or_default()));
    }
    for action in ACTIONS
        .iter()
        .filter(|action| action.menu && !matches!(action.what, Do::Act(_)))
    {
        let (label, reason) = match (action.what, &model.header.undo, &model.header.redo) {
            (Do::Undo, Some(what), _) => (format!("撤回：{what}"), None),
            (Do::Undo, None, _) => (action.label.to_owned(), Some("没有可撤回的步骤".to_owned())),
            (Do::Redo, _, Some(what)) => (format!("重做：{what}"), None),
            (Do::Redo, _, None) => (action.label.to_owned(), Some("没有撤回过的步骤".to_owned())),
            (Do::Triage, ..) if !model.header.paused.is_empty() => {
                (format!("继续快速分拣（{}）", model.header.paused), None)
            }
            (Do::Past, ..) if !model.header.past.is_empty() => ("回到今日".to_owned(), None),
            _ => (action.label.to_owned(), None),
        };
        entries.push(Entry {
            label,
            note: action.keys_label(),
            reason,
            text: String::new(),
            choose: Choose::Do(action.what),
        });
    }
    entries
}

fn verb_entry(act: &ActionState, note: String) -> Entry {
    Entry {
        label: act.label.clone(),
        note,
        reason: act.reason.clone(),
        text: String::new(),
        choose: Choose::Verb(act.verb.clone()),
    }
}

fn chosen(model: &mut Model, choose: Choose) -> Vec<Effect> {
    match choose {
        Choose::Do(what) => perform(model, what, Key::Enter),
        Choose::Verb(verb) => open_form(model, &verb, false),
        Choose::New(verb) => open_form(model, &verb, true),
        Choose::Table(job) => super::tables::chosen(model, job),
        Choose::Page(page, top) => {
            model.layers.push(Layer::Manual(Manual { page, top }));
            Vec::new()
        }
        Choose::Nothing => Vec::new(),
    }
}

/// The keys that work here now, each with what it would do to the matter under the cursor; then the manual.
fn help(model: &Model) -> Menu {
    let entry = |action: &super::actions::Action| {
        let now = match action.what {
            Do::Act(slot) => model.acts_on(slot).first().map(|act| match &act.reason {
                None => format!("现在：{}。", act.label),
                Some(reason) => format!("“{}”暂不可用：{reason}。", act.label),
            }),
            Do::Undo => model.header.undo.as_ref().map(|what| format!("现在：撤回{what}。")),
            Do::Redo => model.header.redo.as_ref().map(|what| format!("现在：恢复{what}。")),
            _ => None,
        };
        Entry {
            label: format!("{}  {}", action.keys_label(), action.label),
            note: format!("{}。{}", action.explains, now.unwrap_or_default()),
            reason: None,
            text: String::new(),
            choose: Choose::Nothing,
        }
    };
    let page = |part: manual::Part| Entry {
        label: format!("手册 {}", part.title),
        note: part.text.chars().take(60).collect(),
        reason: None,
        text: part.text,
        choose: Choose::Page(part.page, part.line),
    };
    let keys = ACTIONS.iter().map(entry);
    Menu::new(
        "帮助：此处可用的按键，后面是手册（打字可查，回车打开）",
        keys.chain(manual::parts().into_iter().map(page)).collect(),
        false,
    )
}
