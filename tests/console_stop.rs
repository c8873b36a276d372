//! What is read for a list is dropped at once when it is no longer wanted, and the keyboard stays live meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support {
    #[allow(dead_code)]
    pub mod console;
    #[allow(dead_code)]
    pub mod fake_store;
    #[allow(dead_code)]
    pub mod office;
}

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use lianneng::app::key::Key;
use lianneng::app::model::Model;
use lianneng::app::msg::{Effect, Msg};
use lianneng::app::store::*;
use lianneng::app::update::{start, update};
use lianneng::app::worker::{self, Asker};
use lianneng::tui::theme::{Depth, Theme};
use lianneng::tui::{shot, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use support::fake_store::Fake;

/// Answers like the small office, but the queue of 区纪委监察局 is never done reading unless it is told to stop.
struct Slow {
    office: Fake,
    stop: Arc<AtomicBool>,
}

impl Store for Slow {
    fn heed(&mut self, stop: Arc<AtomicBool>) {
        self.stop = stop;
    }
    fn page(&mut self, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Problem> {
        if query.filters.iter().any(|(_, body)| body == "discipline") {
            while !self.stop.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            return Err(Problem {
                reason: "已按要求中断".into(),
                ..Problem::default()
            });
        }
        self.office.page(query, at, limit)
    }
    fn header(&mut self) -> Result<Header, Problem> {
        self.office.header()
    }
    fn nav(&mut self, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Problem> {
        self.office.nav(register, parent)
    }
    fn streams(&mut self, query: &ListQuery, most: usize) -> Result<(Vec<String>, bool), Problem> {
        self.office.streams(query, most)
    }
    fn detail(&mut self, stream: &str) -> Result<Detail, Problem> {
        self.office.detail(stream)
    }
    fn actions(&mut self, register: &str) -> Result<Vec<ActionState>, Problem> {
        self.office.actions(register)
    }
    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem> {
        self.office.form(request)
    }
    fn submit(&mut self, act: &ActRequest) -> Result<Outcome, Problem> {
        self.office.submit(act)
    }
    fn candidates(&mut self, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Problem> {
        self.office.candidates(of, typed, most)
    }
    fn find(&mut self, typed: &str, most: usize) -> Result<Vec<Hit>, Problem> {
        self.office.find(typed, most)
    }
    fn undo(&mut self) -> Result<Outcome, Problem> {
        self.office.undo()
    }
    fn redo(&mut self) -> Result<Outcome, Problem> {
        self.office.redo()
    }
    fn version(&mut self) -> Result<u64, Problem> {
        self.office.version()
    }
}

/// The console and its real worker.
struct Desk {
    model: Model,
    asker: Asker,
    inbox: Receiver<Msg>,
    open: usize,
}

impl Desk {
    fn new() -> Desk {
        let (answers, inbox) = channel();
        let slow = || {
            Ok(Slow {
                office: Fake::new(40),
                stop: Arc::default(),
            })
        };
        let (asker, _worker) = worker::start(slow, answers).unwrap();
        let mut desk = Desk {
            model: Model::new((120, 40)),
            asker,
            inbox,
            open: 0,
        };
        let effects = start(&mut desk.model);
        desk.carry_out(effects);
        desk.settle();
        desk.keys("3");
        desk.settle();
        desk
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(request) = effect {
                self.open += usize::from(self.asker.ask(request));
            }
        }
    }

    /// Takes in answers until none is awaited; a worker that is stuck fails here.
    fn settle(&mut self) {
        while self.open > 0 {
            let msg = self
                .inbox
                .recv_timeout(Duration::from_secs(60))
                .expect("the worker is stuck");
            self.open -= usize::from(matches!(msg, Msg::Reply(_)));
            let effects = update(&mut self.model, msg);
            self.carry_out(effects);
        }
    }

    fn keys(&mut self, names: &str) {
        for name in names.split_whitespace() {
            let effects = update(&mut self.model, Msg::Key(Key::parse(name).unwrap()));
            self.carry_out(effects);
        }
    }

    fn screen(&self) -> String {
        let (width, height) = self.model.size;
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        view::render(&self.model, &Theme::shipped(Depth::Mono), &mut buf);
        shot::text(&buf)
    }

    /// Goes to the queue that is never done, without waiting for it.
    fn stuck() -> Desk {
        let mut desk = Desk::new();
        desk.keys("esc");
        let at = desk.model.pane().nav.as_ref().unwrap().rows.iter().position(|row| {
            let body = row.filters.first().map(|(_, body)| body.as_str());
            body == Some("discipline")
        });
        for _ in 0..at.unwrap() {
            desk.keys("down");
        }
        assert!(desk.model.pane().current().is_waiting());
        desk
    }
}

#[test]
fn esc_stops_a_slow_list_and_enter_reads_it_again() {
    let mut desk = Desk::stuck();
    desk.keys("esc");
    desk.settle();
    assert!(desk.screen().contains("已停止读取"), "{}", desk.screen());
    desk.keys("tab enter");
    assert!(desk.model.pane().current().is_waiting(), "read again");
    desk.keys("esc");
    desk.settle();
}

#[test]
fn another_filter_takes_the_place_of_a_slow_one() {
    let mut desk = Desk::stuck();
    desk.keys("home");
    desk.settle();
    assert!(desk.screen().contains("YJ-XY-2026-0001"), "{}", desk.screen());
    assert!(!desk.screen().contains("中断"), "{}", desk.screen());
}

#[test]
fn typing_on_finds_while_the_list_is_slow_and_another_pane_opens() {
    let mut desk = Desk::stuck();
    desk.keys("城 建");
    desk.settle();
    assert!(desk.screen().contains("城建局"), "{}", desk.screen());
    let mut desk = Desk::stuck();
    desk.keys("2");
    desk.settle();
    assert!(desk.screen().contains("FX-XY-0001"), "{}", desk.screen());
    // Back there, the list is read again; until then nothing of it is taken for read.
    desk.keys("3");
    assert!(desk.model.pane().current().is_waiting());
    desk.keys("esc");
    desk.settle();
}

/// The real store ends a question in the middle and answers the next one.
#[test]
fn the_office_heeds_the_sign_to_stop() {
    use lianneng::cli::console::OfficeStore;
    use lianneng::domain::{Act, Verb};
    let mut made = support::office::office();
    for n in 0..200 {
        let draft = Act::new(Verb::Draft, vec![])
            .with("unit", "城建局")
            .with("class", "post_duty")
            .with("item", "procurement")
            .with("description", format!("采购环节第{n}种表现"));
        made.act(draft);
    }
    let mut store = OfficeStore::new(made.office, made.operator, None, "演练").unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    store.heed(Arc::clone(&stop));
    let all = ListQuery {
        register: "risk_point".into(),
        filters: vec![("item".into(), "procurement".into())],
    };
    stop.store(true, Ordering::Relaxed);
    let stopped = store.page(&all, &At::Start, 200).unwrap_err();
    assert_eq!(stopped.reason, "已按要求中断");
    stop.store(false, Ordering::Relaxed);
    assert_eq!(store.page(&all, &At::Start, 200).unwrap().rows.len(), 200);
}
