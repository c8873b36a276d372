//! Tables on the screen: picking a file, importing it, writing a list out, filling in a grid.

mod block;
mod grid;
mod import;
mod picker;

pub use block::Block;
pub use grid::Grid;
pub use import::Import;
pub use picker::Picker;

use super::key::Key;
use super::menu::{Choose, Entry, Menu};
use super::model::{Busy, Layer, Model, Tone};
use super::msg::{Effect, Request};
use super::on_key::menu_height;
use super::on_reply;
use super::store::{Deed, Format, Problem, Source, TableAsk, TableTold};
use super::update::{ask, refresh, wait};

/// A screen of tables.
#[derive(Clone, Debug)]
pub enum Screen {
    /// 选文件.
    Picker(Box<Picker>),
    /// 导入.
    Import(Box<Import>),
    /// 表格录入.
    Grid(Box<Grid>),
}

/// Something to be done once it is picked from a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Import into this register, id and name.
    Import(String, String),
    /// Its blank sheet.
    Template(String),
    /// The list on show, in this form.
    Export(Format),
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Only the screen changed.
    Nothing,
    /// Given up.
    Close,
    /// Ask this.
    Ask(TableAsk),
    /// Open this file.
    Open(String),
    /// Ask this, and leave.
    Leave(TableAsk, String),
}

/// Begins a deed from the pane on show.
pub fn perform(model: &mut Model, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Import | Deed::Template => wait(model, Busy::Table, Request::Table(TableAsk::Registers(deed))),
        Deed::Grid => {
            let register = model.pane().register().to_owned();
            wait(model, Busy::Table, Request::Table(TableAsk::Grid(register)))
        }
        Deed::Export => {
            let total = model.pane().current().total;
            let count = total.map(|n| format!("（{n} 条）")).unwrap_or_default();
            let entry = |label: &str, note: &str, format| Entry {
                label: label.into(),
                note: note.into(),
                reason: None,
                text: String::new(),
                choose: Choose::Table(Job::Export(format)),
            };
            let entries = vec![
                entry("Excel 表格（xlsx）", "Excel、WPS 都能打开", Format::Xlsx),
                entry("文本表格（csv）", "给别的程序用", Format::Csv),
            ];
            let menu = Menu::new(&format!("导出这张列表{count}"), entries, true);
            model.layers.push(Layer::Menu(menu));
            Vec::new()
        }
    }
}

/// Does what was picked.
pub fn chosen(model: &mut Model, job: Job) -> Vec<Effect> {
    match job {
        Job::Import(register, label) => {
            let picker = Picker {
                register: (register, label),
                ..Picker::default()
            };
            model.layers.push(Layer::Tables(Screen::Picker(Box::new(picker))));
            wait(model, Busy::Table, Request::Table(TableAsk::Folder(None)))
        }
        Job::Template(register) => wait(model, Busy::Table, Request::Table(TableAsk::Template(register))),
        Job::Export(format) => {
            let query = model.pane().current().query.clone();
            wait(model, Busy::Table, Request::Table(TableAsk::Export(query, format)))
        }
    }
}

/// A key in the screen on top.
pub fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let height = menu_height(model.size);
    let event = match model.layers.last_mut() {
        Some(Layer::Tables(Screen::Picker(picker))) => picker.key(key),
        Some(Layer::Tables(Screen::Import(import))) => import.key(key, height),
        Some(Layer::Tables(Screen::Grid(grid))) => grid.key(key),
        _ => Event::Nothing,
    };
    after(model, event)
}

/// A block pasted into the screen on top.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let event = match model.layers.last_mut() {
        Some(Layer::Tables(Screen::Picker(picker))) if text.contains(['\t', '\n']) => {
            let source = Source::Pasted(text.to_owned());
            let mut import = Import::new(picker.register.clone(), source);
            let event = import.check();
            model.layers.push(Layer::Tables(Screen::Import(Box::new(import))));
            event
        }
        Some(Layer::Tables(Screen::Picker(picker))) => {
            picker.editor.insert(text);
            picker.cursor = 0;
            Event::Nothing
        }
        Some(Layer::Tables(Screen::Import(import))) => match &mut import.choosing {
            Some(menu) => {
                menu.editor.insert(text);
                Event::Nothing
            }
            None => import.replace(Source::Pasted(text.to_owned())),
        },
        Some(Layer::Tables(Screen::Grid(grid))) => grid.paste(text),
        _ => Event::Nothing,
    };
    after(model, event)
}

fn after(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Nothing => Vec::new(),
        Event::Close => {
            model.layers.pop();
            Vec::new()
        }
        Event::Open(path) => {
            let Some(Layer::Tables(Screen::Picker(picker))) = model.layers.last() else {
                return Vec::new();
            };
            let mut import = Import::new(picker.register.clone(), Source::File(path));
            let event = import.check();
            model.layers.push(Layer::Tables(Screen::Import(Box::new(import))));
            after(model, event)
        }
        // what runs is stopped, what is typed is offered for, what is kept is kept: nothing waits for these
        Event::Ask(question @ (TableAsk::Cancel | TableAsk::Offer(..) | TableAsk::Keep(..))) => {
            ask(vec![Request::Table(question)])
        }
        Event::Ask(question) => wait(model, Busy::Table, Request::Table(question)),
        Event::Leave(question, sentence) => {
            model.layers.pop();
            model.say(Tone::Plain, sentence);
            ask(vec![Request::Table(question)])
        }
    }
}

/// Takes in an answer.
pub fn told(model: &mut Model, answer: Result<TableTold, Problem>) -> Vec<Effect> {
    // what was kept or offered answers nothing the keyboard waits for
    let waited = !matches!(answer, Ok(TableTold::Nothing | TableTold::Offers(..)));
    if waited && model.busy == Some(Busy::Table) {
        model.busy = None;
    }
    let told = match answer {
        Ok(told) => told,
        Err(problem) => return failed(model, &problem),
    };
    match (told, model.layers.last_mut()) {
        (TableTold::Nothing, _) => Vec::new(),
        (TableTold::Registers(deed, registers), _) => {
            choose_register(model, deed, registers);
            Vec::new()
        }
        (TableTold::Folder(folder), Some(Layer::Tables(Screen::Picker(picker)))) => {
            picker.take(*folder);
            Vec::new()
        }
        (TableTold::Grid(spec), _) => {
            model
                .layers
                .push(Layer::Tables(Screen::Grid(Box::new(Grid::new(*spec)))));
            Vec::new()
        }
        (TableTold::Offers(typed, offers), Some(Layer::Tables(Screen::Grid(grid)))) => {
            let event = grid.offered(&typed, offers);
            after(model, event)
        }
        (TableTold::Running(what, done), top) => {
            match top {
                Some(Layer::Tables(Screen::Import(import))) => import.running = Some((what, done)),
                Some(Layer::Tables(Screen::Grid(grid))) => grid.running = Some((what, done)),
                _ => model.say(Tone::Plain, format!("{what} {done} 行……")),
            }
            ask(vec![Request::Table(TableAsk::Status)])
        }
        (TableTold::Checked(preview), Some(Layer::Tables(Screen::Import(import)))) => {
            import.take(*preview);
            Vec::new()
        }
        (TableTold::Checked(preview), Some(Layer::Tables(Screen::Grid(grid)))) => {
            let event = grid.checked(&preview);
            after(model, event)
        }
        (TableTold::Imported(sentence), _) => {
            model.layers.retain(|layer| !matches!(layer, Layer::Tables(_)));
            model.say(Tone::Done, sentence);
            refresh(model)
        }
        (TableTold::Written(sentence) | TableTold::Stopped(sentence), top) => {
            match top {
                Some(Layer::Tables(Screen::Import(import))) => {
                    import.running = None;
                    import.said = Some(sentence);
                    // stopped before it was looked over: there is nothing to show
                    if import.preview.is_none() {
                        model.layers.pop();
                    }
                }
                Some(Layer::Tables(Screen::Grid(grid))) => {
                    grid.running = None;
                    grid.problem = Some(sentence);
                }
                _ => model.say(Tone::Done, sentence),
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn choose_register(model: &mut Model, deed: Deed, registers: Vec<(String, String)>) {
    let here = model.pane().register().to_owned();
    let mut registers = registers;
    // the register on show comes first: Enter takes it
    registers.sort_by_key(|(id, _)| *id != here);
    let entries = registers
        .into_iter()
        .map(|(id, label)| Entry {
            note: if id == here { "现在这一本" } else { "" }.into(),
            reason: None,
            text: String::new(),
            choose: Choose::Table(match deed {
                Deed::Template => Job::Template(id),
                _ => Job::Import(id, label.clone()),
            }),
            label,
        })
        .collect();
    let title = match deed {
        Deed::Template => "空白表：哪一本台账",
        _ => "导入表格：到哪一本台账",
    };
    model.layers.push(Layer::Menu(Menu::new(title, entries, true)));
}

fn failed(model: &mut Model, problem: &Problem) -> Vec<Effect> {
    let sentence = on_reply::sentence(problem);
    match model.layers.last_mut() {
        // a file that cannot be read: back to the picker, which says why
        Some(Layer::Tables(Screen::Import(import))) if import.preview.is_none() => {
            model.layers.pop();
            match model.layers.last_mut() {
                Some(Layer::Tables(Screen::Picker(picker))) => picker.problem = Some(sentence),
                _ => model.say(Tone::Refused, sentence),
            }
        }
        Some(Layer::Tables(Screen::Import(import))) => {
            import.running = None;
            import.problem = Some(sentence);
        }
        Some(Layer::Tables(Screen::Picker(picker))) => picker.problem = Some(sentence),
        Some(Layer::Tables(Screen::Grid(grid))) => {
            grid.running = None;
            grid.problem = Some(sentence);
        }
        _ => model.say(Tone::Refused, sentence),
    }
    Vec::new()
}
