//! Drives the console without a terminal: keys in, the screen as text out.

use lianneng::app::key::Key;
use lianneng::app::model::Model;
use lianneng::app::msg::{Effect, Msg};
use lianneng::app::store::Store;
use lianneng::app::update::{start, update};
use lianneng::app::worker::answer;
use lianneng::tui::theme::{Depth, Theme};
use lianneng::tui::{shot, view};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A console over a store, with what it asked to be done outside.
pub struct Console<S: Store> {
    pub model: Model,
    pub store: S,
    pub left: bool,
    pub copied: Vec<String>,
    theme: Theme,
}

impl<S: Store> Console<S> {
    /// A console on the pane of the warnings.
    pub fn new(store: S, size: (u16, u16)) -> Console<S> {
        let mut console = Console::opened(store, size);
        // what is asked before anything else stays on top
        if console.model.layers.is_empty() {
            console.keys("3");
        }
        console
    }

    /// A console as it stands when all first answers are there.
    pub fn opened(store: S, size: (u16, u16)) -> Console<S> {
        let theme = Theme::shipped(Depth::Mono);
        let mut console = Console {
            model: Model::new(size),
            store,
            left: false,
            copied: Vec::new(),
            theme,
        };
        let effects = start(&mut console.model);
        console.carry_out(effects);
        console
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut todo = std::collections::VecDeque::from(effects);
        while let Some(effect) = todo.pop_front() {
            match effect {
                Effect::Ask(request) => {
                    let reply = answer(&mut self.store, request);
                    todo.extend(update(&mut self.model, Msg::Reply(reply)));
                }
                Effect::Copy(text) => self.copied.push(text),
                Effect::Redraw => {}
                Effect::Quit => self.left = true,
            }
        }
    }

    /// One thing that happens.
    pub fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.carry_out(effects);
    }

    /// Keys by their names, separated by spaces; each is answered before the next.
    pub fn keys(&mut self, names: &str) -> &mut Console<S> {
        for name in names.split_whitespace() {
            self.send(Msg::Key(Key::parse(name).unwrap_or_else(|| panic!("no key {name}"))));
            self.model.drawn();
        }
        self
    }

    /// Keys that all arrive before the first answer does.
    pub fn burst(&mut self, names: &str) -> &mut Console<S> {
        let mut effects = Vec::new();
        for name in names.split_whitespace() {
            let key = Key::parse(name).unwrap_or_else(|| panic!("no key {name}"));
            effects.extend(update(&mut self.model, Msg::Key(key)));
        }
        self.carry_out(effects);
        self
    }

    /// The screen and the place of the cursor.
    pub fn drawn(&self) -> (String, Option<Position>) {
        let (width, height) = self.model.size;
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = view::render(&self.model, &self.theme, &mut buf);
        (shot::text(&buf), cursor)
    }

    /// The screen.
    pub fn screen(&self) -> String {
        self.drawn().0
    }
}
