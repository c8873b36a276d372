//! A console whose screen is read back through an emulator after each frame, and the laws that must hold then.
#![allow(dead_code)]

use std::collections::VecDeque;

use lianneng::app::model::{Layer, Model};
use lianneng::app::msg::{Effect, Msg, Request};
use lianneng::app::pane::Focus;
use lianneng::app::store::Store;
use lianneng::app::update::{start, update};
use lianneng::app::worker::answer;
use lianneng::tui::screen::Screen;
use lianneng::tui::theme::{Depth, Looks, Theme};
use lianneng::tui::view;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

/// A console over a store, its questions answered when the test says so.
pub struct Emulated<S: Store> {
    pub model: Model,
    pub store: S,
    pub left: bool,
    theme: Theme,
    screen: Screen,
    /// What the terminal shows; written to before each new size, as a real one is.
    terminal: vt100::Parser,
    questions: VecDeque<Request>,
}

fn terminal((cols, rows): (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(rows.max(1).try_into().unwrap(), cols.max(1).try_into().unwrap(), 0)
}

/// Everything to be seen of a cell; one never written and one with a blank in it look the same.
fn look(cell: &vt100::Cell) -> impl PartialEq + use<> {
    let text = if cell.has_contents() || cell.is_wide_continuation() {
        cell.contents().to_owned()
    } else {
        " ".to_owned()
    };
    (
        text,
        (cell.fgcolor(), cell.bgcolor()),
        (cell.bold(), cell.dim(), cell.underline(), cell.inverse()),
        (cell.is_wide(), cell.is_wide_continuation()),
    )
}

impl<S: Store> Emulated<S> {
    pub fn new(store: S, size: (u16, u16), depth: Depth, light: bool) -> Emulated<S> {
        let mut console = Emulated {
            model: Model::new(size),
            store,
            left: false,
            theme: Looks::shipped().theme(depth, light),
            screen: Screen::default(),
            terminal: terminal(size),
            questions: VecDeque::new(),
        };
        let effects = start(&mut console.model);
        console.carry_out(effects);
        console
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(request) => self.questions.push_back(request),
                Effect::Copy(_) => {}
                Effect::Redraw => self.screen.forget(),
                Effect::Quit => self.left = true,
            }
        }
    }

    pub fn send(&mut self, msg: Msg) {
        if let Msg::Resize(cols, rows) = msg {
            self.screen.forget();
            self.terminal = terminal((cols, rows));
            // what a terminal keeps of the old window is its own affair
            self.terminal.process(
                "\x1b[7m残影x"
                    .repeat(usize::from(cols) * usize::from(rows) / 5)
                    .as_bytes(),
            );
        }
        let effects = update(&mut self.model, msg);
        self.carry_out(effects);
    }

    /// Answers one question; false when none is open.
    pub fn answer_one(&mut self) -> bool {
        let Some(question) = self.questions.pop_front() else {
            return false;
        };
        let reply = answer(&mut self.store, question);
        self.send(Msg::Reply(reply));
        true
    }

    /// Answers all there is; fails when the console never comes to rest.
    pub fn settle(&mut self) {
        for _ in 0..2_000 {
            if !self.answer_one() {
                return;
            }
        }
        panic!("it asks without end: {:?}", self.questions);
    }

    fn drawn(&self) -> (Buffer, Option<Position>) {
        let (cols, rows) = self.model.size;
        let mut buf = Buffer::empty(Rect::new(0, 0, cols, rows));
        let cursor = view::render(&self.model, &self.theme, &mut buf);
        (buf, cursor)
    }

    /// Draws a frame and holds what the terminal then shows against a full redraw and against what was meant.
    pub fn check(&mut self) -> Result<(), String> {
        let size = self.model.size;
        let (model, theme) = (&self.model, &self.theme);
        let mut out = Vec::new();
        self.screen.frame(size, |buf| view::render(model, theme, buf), &mut out);
        self.terminal.process(&out);
        let mut fresh = terminal(size);
        let mut whole = Vec::new();
        let mut meant = (Buffer::default(), None);
        let render = |buf: &mut Buffer| {
            let cursor = view::render(model, theme, buf);
            meant = (buf.clone(), cursor);
            cursor
        };
        Screen::default().frame(size, render, &mut whole);
        fresh.process(&whole);
        self.same(&fresh)?;
        self.meant(&meant)?;
        self.in_order()
    }

    fn same(&self, fresh: &vt100::Parser) -> Result<(), String> {
        let (shown, fresh) = (self.terminal.screen(), fresh.screen());
        let (cols, rows) = self.model.size;
        for y in 0..rows {
            for x in 0..cols {
                if shown.cell(y, x).map(look) != fresh.cell(y, x).map(look) {
                    return Err(format!(
                        "column {x} row {y}: {:?} and not {:?}\n{}",
                        shown.cell(y, x),
                        fresh.cell(y, x),
                        shown.contents()
                    ));
                }
            }
        }
        if shown.hide_cursor() != fresh.hide_cursor() {
            return Err("the cursor is seen in one and not in the other".into());
        }
        if !shown.hide_cursor() && shown.cursor_position() != fresh.cursor_position() {
            return Err("the cursor stands elsewhere".into());
        }
        Ok(())
    }

    /// What stands on the terminal is what was drawn, and no half of a wide glyph stands alone.
    fn meant(&self, (buf, cursor): &(Buffer, Option<Position>)) -> Result<(), String> {
        let shown = self.terminal.screen();
        let (cols, rows) = self.model.size;
        for y in 0..rows {
            let mut x = 0;
            while x < cols {
                let drawn = &buf[(x, y)];
                let wide = u16::try_from(drawn.symbol().width().max(1)).unwrap();
                let cell = shown.cell(y, x).ok_or("no such cell")?;
                let text = if cell.contents().is_empty() {
                    " "
                } else {
                    cell.contents()
                };
                if x + wide <= cols && text != drawn.symbol() {
                    return Err(format!(
                        "column {x} row {y}: {text:?} was meant to be {:?}\n{}",
                        drawn.symbol(),
                        shown.contents()
                    ));
                }
                if cell.is_wide_continuation() || cell.is_wide() != (wide == 2 && x + wide <= cols) {
                    return Err(format!("column {x} row {y}: half a glyph\n{}", shown.contents()));
                }
                if cell.inverse() != drawn.modifier.contains(ratatui::style::Modifier::REVERSED) {
                    return Err(format!("column {x} row {y}: reversed or not\n{}", shown.contents()));
                }
                if wide == 2 && x + 1 < cols && !shown.cell(y, x + 1).is_some_and(vt100::Cell::is_wide_continuation) {
                    return Err(format!(
                        "column {x} row {y}: the second half is missing\n{}",
                        shown.contents()
                    ));
                }
                x += wide;
            }
        }
        match cursor {
            Some(at) if shown.hide_cursor() || shown.cursor_position() != (at.y, at.x) => {
                Err("the real cursor does not stand at the caret".into())
            }
            None if !shown.hide_cursor() => Err("a cursor where nothing can be typed".into()),
            _ => Ok(()),
        }
    }

    /// What must hold of the model whatever was pressed.
    fn in_order(&self) -> Result<(), String> {
        let model = &self.model;
        let (big_enough, broken) = (model.size.0 >= 60 && model.size.1 >= 16, model.broken.is_some());
        for pane in &model.panes {
            for (at, list) in pane.lists.iter().enumerate() {
                let height = pane.height(at, model.size).max(1);
                let seen = list.top <= list.cursor && list.cursor < list.top + height;
                if !list.rows.is_empty() && (list.cursor >= list.rows.len() || big_enough && !seen) {
                    return Err(format!(
                        "{:?} list {at}: row {} of {}, from {} on {height} in sight",
                        pane.id,
                        list.cursor,
                        list.rows.len(),
                        list.top
                    ));
                }
            }
            if let Focus::List(at) = pane.focus
                && at >= pane.lists.len()
            {
                return Err(format!("{:?} has no list {at}", pane.id));
            }
        }
        // wherever text can be typed, the real cursor stands there
        let types = matches!(model.layers.last(), Some(Layer::Find(_) | Layer::Menu(_)));
        if types && big_enough && !broken && self.drawn().1.is_none() {
            return Err("text can be typed and no cursor stands there".into());
        }
        Ok(())
    }
}
